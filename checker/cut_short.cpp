// SPDX-License-Identifier: MIT
#include "checker/cut_short.hpp"

#include <fmt/format.h>

#include <string_view>
#include <utility>

#include "model/base/require.hpp"

namespace capstan::checker {
namespace {

/// What helps where time or memory ends a phase, besides more of it.
constexpr std::pair<std::string_view, const char*> kHelps[] = {
    {phase::kExploration,
     "`capstan simulate` looks at random runs of what is too large to explore"},
    {phase::kMinimal, "--shortest does without it"},
    {phase::kGraph, "it keeps every step: fewer operations or faults make it smaller"},
    {phase::kHops, "--property leaves it out"},
    {phase::kQuiescence, "--property leaves it out"},
    {phase::kFinalReads, "fewer operations leave less to read"},
    {phase::kAttempts, "--no-attempts does without them"},
    {phase::kCoverage, "it explores everything: without --coverage a check may end sooner"},
    {phase::kAudit, "without --audit a check needs far less"},
    {phase::kPictures, "--no-pictures draws none"},
};

std::string help_for(std::string_view phase) {
  for (const auto& [name, help] : kHelps)
    if (name == phase) return help;
  return "";
}

}  // namespace

bool is_lack_of_memory(const std::system_error& error) {
  return error.code() == std::errc::not_enough_memory ||
         error.code() == std::errc::resource_unavailable_try_again;
}

Exploration::End end_of(model::LimitKind kind) {
  switch (kind) {
    case model::LimitKind::Time:
      return Exploration::End::TimeLimit;
    case model::LimitKind::Memory:
      return Exploration::End::MemoryLimit;
    case model::LimitKind::Interrupted:
      return Exploration::End::Interrupted;
  }
  CAPSTAN_UNREACHABLE("a kind of limit");
}

std::optional<model::LimitKind> limit_of(Exploration::End end) {
  switch (end) {
    case Exploration::End::TimeLimit:
      return model::LimitKind::Time;
    case Exploration::End::MemoryLimit:
      return model::LimitKind::Memory;
    case Exploration::End::Interrupted:
      return model::LimitKind::Interrupted;
    case Exploration::End::Complete:
    case Exploration::End::GoalsFound:
    case Exploration::End::StatesLimit:
      return std::nullopt;
  }
  CAPSTAN_UNREACHABLE("a way to end");
}

std::string limit_words(const model::LimitReached& reached, const ExploreOptions& options) {
  model::LimitReached told = reached;
  if (options.seconds_max > 0) told.seconds = options.seconds_max;
  if (options.memory_bytes_max != 0) told.memory_bytes = options.memory_bytes_max;
  if (told.kind == model::LimitKind::Memory && told.memory_bytes == 0)
    return fmt::format("memory ran out{}{}", told.phase.empty() ? "" : " in ", told.phase);
  return model::limit_text(told);
}

std::string cut_short_text(const model::LimitReached& reached, const ExploreOptions& options,
                           const std::string& done, const TimeAbstraction* time) {
  std::string text = limit_words(reached, options) + done;
  const bool has_restarted = time != nullptr && time->restarts() > 0;
  if (has_restarted)
    text += fmt::format(
        "; before that it began again {} time{}, with larger constants of time each time ({:.1f} "
        "s)",
        time->restarts(), time->restarts() == 1 ? "" : "s", time->seconds_given_up());
  if (reached.kind == model::LimitKind::Interrupted) return text;
  if (has_restarted && time->is_exact())
    return text + "; --horizon N explores N ticks, and never begins again";
  const std::string help = help_for(reached.phase);
  return help.empty() ? text : text + "; " + help;
}

}  // namespace capstan::checker
