// SPDX-License-Identifier: MIT
// engine_rate: how many states and transitions a second the engine explores, on client-coordinated
// ABD.
//
// Usage: engine_rate [SCRIPTS] [options], e.g. `engine_rate WR/R`. Options: exact, dead, nomonitor,
// bug=N, seconds=N. Rates are per second of user CPU time, so that other work on the machine
// disturbs them little; run it several times.
#include <sys/resource.h>

#include <cstdio>
#include <cstdlib>
#include <string>

#include "checker/explore/explorer.hpp"
#include "tests/support/abd_components.hpp"

namespace {

double user_seconds() {
  rusage usage{};
  getrusage(RUSAGE_SELF, &usage);
  return static_cast<double>(usage.ru_utime.tv_sec) +
         static_cast<double>(usage.ru_utime.tv_usec) * 1e-6;
}

double system_seconds() {
  rusage usage{};
  getrusage(RUSAGE_SELF, &usage);
  return static_cast<double>(usage.ru_stime.tv_sec) +
         static_cast<double>(usage.ru_stime.tv_usec) * 1e-6;
}

}  // namespace

int main(int argument_count, char** arguments) {
  using namespace capstan;
  tests::AbdOptions abd;
  checker::ExploreOptions options;
  options.dead_messages = false;
  std::string scripts = argument_count > 1 ? arguments[1] : "WR/R";
  for (std::size_t at = 0; at != std::string::npos;) {
    const std::size_t slash = scripts.find('/', at);
    abd.scripts.push_back(scripts.substr(at, slash == std::string::npos ? slash : slash - at));
    at = slash == std::string::npos ? slash : slash + 1;
  }
  for (int i = 2; i < argument_count; ++i) {
    const std::string option = arguments[i];
    if (option == "exact") options.exact = true;
    if (option == "dead") options.dead_messages = true;
    if (option == "nomonitor") abd.monitor = false;
    if (option.starts_with("bug=")) abd.bug = std::atoi(option.c_str() + 4);
    if (option.starts_with("seconds=")) options.seconds_max = std::atof(option.c_str() + 8);
  }
  tests::AbdComponents system(abd);
  std::vector<checker::Goal> goals;
  if (abd.monitor) goals.push_back({checker::Goal::Kind::TrackViolated, 0});
  const double before = user_seconds();
  const checker::Exploration result = checker::explore(system, goals, options);
  const double user = user_seconds() - before;
  const auto states = static_cast<double>(result.states);
  const auto transitions = static_cast<double>(result.transitions);
  std::printf("%-9s states %llu transitions %llu depth %u monitors %zu%s\n", scripts.c_str(),
              static_cast<unsigned long long>(result.states),
              static_cast<unsigned long long>(result.transitions), result.depth,
              system.monitor_count(), !goals.empty() && result.found[0] ? " VIOLATED" : "");
  std::printf(
      "  user %.2f s, system %.2f s, wall %.2f s, %.2f M states/s, %.1f M transitions/s, %.1f ns a "
      "transition\n",
      user, system_seconds(), result.seconds, states / user * 1e-6, transitions / user * 1e-6,
      user / transitions * 1e9);
  std::printf(
      "  memory %.1f MiB, %.1f bytes a state, %llu components, %llu questions, %u repeats\n",
      static_cast<double>(result.memory_bytes) / 1048576.0,
      static_cast<double>(result.memory_bytes) / states,
      static_cast<unsigned long long>(result.components),
      static_cast<unsigned long long>(result.system_questions), result.dead_repeats);
  return 0;
}
