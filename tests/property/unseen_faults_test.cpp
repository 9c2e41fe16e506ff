// SPDX-License-Identifier: MIT
// S2 by brute force (PBT 2 of the semantics): over generated protocols, a fault that safety cannot
// see adds no history, whether its steps are taken or not; and those that are seen do so sometimes,
// or the test would show nothing. CAPSTAN_SEEDS=FIRST:COUNT runs other seeds.
#include <catch2/catch.hpp>
#include <iostream>
#include <optional>
#include <set>
#include <string>

#include "checker/explore/explorer.hpp"
#include "checker/explore/protocol_system.hpp"
#include "support/protocol_generator.hpp"
#include "support/seeds.hpp"
#include "support/spec_text.hpp"

namespace {

using namespace capstan;
using Histories = std::set<std::vector<model::HistoryEvent>>;

constexpr std::uint64_t kStatesMax = 6'000;

/// Every history that the scenario can produce; nothing if that takes too many states.
std::optional<Histories> histories_of(const model::Protocol& protocol, bool skip) {
  checker::ProtocolSystem system(protocol,
                                 {.monitors = false, .history = true, .skip_unseen_faults = skip});
  std::set<checker::TrackId> ids;
  checker::ExploreOptions options;
  options.dead_messages = false;
  options.stop_when_found = false;
  options.states_max = kStatesMax;
  options.on_state = [&](const checker::StateView& state) {
    ids.insert(state.tracks[static_cast<std::size_t>(system.history_track())]);
  };
  if (checker::explore(system, {}, options).end != checker::Exploration::End::Complete)
    return std::nullopt;
  Histories histories;
  for (const checker::TrackId id : ids) histories.insert(system.history(id));
  return histories;
}

/// The generated protocol on a network and under faults of our own.
model::Protocol protocol_with(std::uint64_t seed, const std::string& circumstances) {
  std::string text = tests::generate_protocol(seed);
  const auto cut = [&text](const std::string& from, const std::string& to) {
    const std::size_t begin = text.find(from);
    if (begin == std::string::npos) return;
    text.erase(begin, text.find(to, begin) + to.size() - begin);
  };
  cut("faults {\n", "}\n");
  cut("network kept", "\n");
  cut("network fifo", "\n");
  // Of what is in flight, and who is up, no property speaks.
  for (const char* seen : {"expect never some(m.level", "expect reachable every(s.flag and live"})
    cut(seen, "\n");
  text.insert(text.find("expect "), circumstances + "\n");
  return tests::protocol_of(text);
}

struct Case {
  const char* network;
  const char* fault;
  bool is_seen;  // adds histories to some protocol
};

const Case kCases[] = {
    {"", "partition up to 1", false},
    {"", "partition one_way up to 1", false},
    {"", "partition bridging up to 1", false},
    {"", "partition dropping up to 1", false},
    {"", "lose up to 1", false},
    {"", "pause Client up to 1", false},
    {"", "pause Server up to 1", false},
    {"network fifo", "partition up to 1", false},
    {"network fifo", "pause Server up to 1", false},
    {"", "duplicate up to 1", true},
    {"", "crash Server up to 1", true},
    {"", "crash Client up to 1", true},
    {"network fifo", "lose up to 1", true},
    {"network fifo", "partition dropping up to 1", true},
};

}  // namespace

TEST_CASE("faults that safety cannot see add no history, and others do") {
  const tests::Seeds wanted = tests::seeds(40);
  for (const Case& each : kCases) {
    int compared = 0;
    int differ = 0;
    // What is seen is looked for longer, if need be.
    const std::uint64_t end = wanted.first + wanted.count;
    for (std::uint64_t seed = wanted.first;
         seed < end || (each.is_seen && differ == 0 && seed < end + 7 * wanted.count); ++seed) {
      INFO("CAPSTAN_SEEDS=" << seed << ":1, " << each.network << " " << each.fault);
      const std::string network = each.network + std::string("\n");
      const auto without = histories_of(protocol_with(seed, network), false);
      if (!without || without->size() < 2) continue;
      const model::Protocol faulty = protocol_with(seed, network + "faults { " + each.fault + " }");
      const auto with = histories_of(faulty, false);
      if (!with) continue;
      ++compared;
      differ += *with != *without;
      if (!each.is_seen) CHECK(*with == *without);
      // Whatever is skipped of a fault that is seen at times, too.
      CHECK(histories_of(faulty, true) == with);
    }
    std::cout << each.network << " " << each.fault << ": " << compared << " compared, " << differ
              << " differ\n";
    if (wanted.count >= 40) CHECK(compared > 5);
    if (each.is_seen && wanted.count >= 40) CHECK(differ > 0);
  }
}
