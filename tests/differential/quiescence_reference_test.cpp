// SPDX-License-Identifier: MIT
// `no acknowledged write lost`: the checker against the slow and obvious way, on generated
// protocols: every pair of a world and the updates that led to it, every world that follows, every
// final read, all orders tried. Every loss found is confirmed by the plain executor and Z3.
//
// CAPSTAN_SEEDS=FIRST:COUNT runs other seeds.
#include <catch2/catch.hpp>
#include <deque>
#include <iostream>
#include <map>
#include <optional>
#include <set>
#include <string>

#include "checker/liveness/quiescence.hpp"
#include "model/system/object.hpp"
#include "model/system/participants.hpp"
#include "reference/brute_force_linearizability.hpp"
#include "runtime/command/confirm_lost_write.hpp"
#include "runtime/execute/replay.hpp"
#include "runtime/execute/world.hpp"
#include "support/protocol_generator.hpp"
#include "support/seeds.hpp"
#include "support/spec_text.hpp"

namespace {

using namespace capstan;
using model::HistoryEvent;
using model::Label;
using runtime::Successor;
using runtime::World;
using Events = std::vector<HistoryEvent>;

constexpr std::size_t kPairsMax = 500;
constexpr std::size_t kReadMax = 1'000;

bool is_quiet_step(const Label& label) {
  using enum Label::Kind;
  return label.kind == Deliver || label.kind == Act || label.kind == Resume ||
         label.kind == GiveUp || label.kind == PassWait;
}

/// What the slow way finds.
struct Truth {
  bool is_lost = false;
  std::uint64_t answers = 0;
};

class Slow {
 public:
  explicit Slow(const model::Protocol& protocol) : protocol_(protocol) {}

  /// nullopt: too many pairs.
  std::optional<Truth> run() {
    std::set<std::pair<std::string, Events>> seen;
    std::deque<std::pair<World, Events>> ahead;
    const auto arrive = [&](const World& world, const Events& events) {
      if (!world.error() && seen.emplace(world.canonical(), events).second)
        ahead.emplace_back(world, events);
    };
    for (const Successor& start : World(protocol_).successors()) arrive(start.world, {});
    while (!ahead.empty()) {
      if (seen.size() > kPairsMax || is_endless_) return std::nullopt;
      const auto [world, events] = std::move(ahead.front());
      ahead.pop_front();
      look(world, events);
      for (const Successor& next : world.successors()) {
        Events more = events;
        for (const HistoryEvent& event : next.events)
          if (!model::is_read_only(object_of(event), event.op)) more.push_back(event);
        arrive(next.world, more);
      }
    }
    return truth_;
  }

 private:
  const model::Object& object_of(const HistoryEvent& event) const {
    return protocol_.objects[static_cast<std::size_t>(event.object)];
  }

  std::vector<std::vector<model::Value>> replicas(const World& world) const {
    std::vector<std::vector<model::Value>> values;
    for (const int process : model::replicas(protocol_))
      values.push_back(world.processes()[static_cast<std::size_t>(process)].variables);
    return values;
  }

  bool is_quiescent(const World& start) {
    const auto [place, added] = quiescent_.try_emplace(start.canonical(), false);
    if (!added) return place->second;
    for (int process = 0; process < protocol_.process_count(); ++process)
      if (start.has_pending_operation(process)) return false;
    for (const Label& label : start.enabled())
      if (label.kind == Label::Kind::Heal || label.kind == Label::Kind::Restart) return false;
    const auto expected = replicas(start);
    std::set<std::string> seen{start.canonical()};
    std::deque<World> ahead{start};
    while (!ahead.empty()) {
      const World world = std::move(ahead.front());
      ahead.pop_front();
      for (const Successor& next : world.successors()) {
        if (!is_quiet_step(next.label)) continue;
        if (next.world.error() || replicas(next.world) != expected) return false;
        if (seen.insert(next.world.canonical()).second) ahead.push_back(next.world);
      }
    }
    return place->second = true;
  }

  void look(const World& world, const Events& events) {
    if (!is_quiescent(world)) return;
    for (int process = 0; process < protocol_.process_count(); ++process)
      for (const model::Operation& operation : protocol_.role_of(process).operations)
        if (model::is_final_read(protocol_.objects[static_cast<std::size_t>(operation.object)],
                                 operation.op))
          for (const model::Value& key : keys_of(operation.object))
            read(world, events, process, operation, key);
  }

  std::vector<model::Value> keys_of(int object) const {
    const model::Object& declared = protocol_.objects[static_cast<std::size_t>(object)];
    if (!declared.has_key) return {model::Value::none()};
    return protocol_.types.domain(declared.key).value();
  }

  void read(World world, const Events& events, int process, const model::Operation& operation,
            const model::Value& key) {
    Label label;
    label.key = key;
    label.kind = Label::Kind::Invoke;
    label.process = process;
    label.object = operation.object;
    label.op = operation.op;
    label.script_position = Label::kFinalRead;
    std::deque<std::pair<World, Events>> ahead;
    std::set<std::string> seen;
    const auto arrive = [&](const World& next, Events more, const Events& happened) {
      for (const HistoryEvent& event : happened)
        if (event.process == process) more.push_back(event);
      if (next.error()) return;
      if (more.back().kind == HistoryEvent::Kind::Invoke) {
        if (seen.insert(next.canonical()).second) ahead.emplace_back(next, more);
      } else if (more.back().kind == HistoryEvent::Kind::Ok) {
        ++truth_.answers;
        if (!tests::is_linearizable(protocol_, more, operation.object)) truth_.is_lost = true;
      }
    };
    // The first segment may choose: all ways of it are tried.
    for (int first = 0; first < 4; ++first) {
      for (int count = 0; count < 2; ++count) {
        World begun = world;
        label.choices.assign(static_cast<std::size_t>(count), first);
        const auto step = begun.apply(label);
        if (step) arrive(begun, events, step.value().events);
      }
    }
    while (!ahead.empty() && !is_endless_) {
      is_endless_ = seen.size() > kReadMax;
      const auto [here, more] = std::move(ahead.front());
      ahead.pop_front();
      for (const Successor& next : here.successors())
        if (is_quiet_step(next.label)) arrive(next.world, more, next.events);
    }
  }

  const model::Protocol& protocol_;
  std::map<std::string, bool> quiescent_;
  bool is_endless_ = false;  // a final read that sets off something without end
  Truth truth_;
};

}  // namespace

TEST_CASE("a lost write is found where the slow way finds one") {
  const tests::Seeds wanted = tests::seeds(200);
  int compared = 0, lost = 0, silent = 0;
  for (const std::uint64_t seed : wanted.all()) {
    std::string text = tests::generate_protocol(seed);
    text.insert(text.rfind('}'), "expect no acknowledged write lost\n");
    INFO("CAPSTAN_SEEDS=" << seed << ":1\n" << text);
    const model::Protocol protocol = tests::protocol_of(text);
    const std::optional<Truth> truth = Slow(protocol).run();
    if (!truth) continue;
    ++compared;
    lost += truth->is_lost;
    silent += truth->answers == 0;
    for (const bool reductions : {true, false}) {
      const checker::LossReport report = checker::find_lost_write(protocol, {}, reductions);
      CHECK(report.is_lost == truth->is_lost);
      CHECK((report.final_answers == 0) == (truth->answers == 0));
      if (!report.trace) continue;
      checker::Evidence evidence;
      evidence.trace = *report.trace;
      const auto run = runtime::replay(protocol, evidence.trace);
      INFO((run ? std::string() : run.failure().message));
      REQUIRE(run.has_value());
      evidence.run = run.value();
      const auto failure = runtime::confirm_lost_write(protocol, evidence);
      INFO((failure ? failure->message : ""));
      CHECK(!failure);
    }
  }
  std::cout << wanted.words() << ": " << compared << " protocols compared, " << lost
            << " lose a write, " << silent << " never answer a final read\n";
  if (wanted.count < 200) return;
  CHECK(compared * 4 > static_cast<int>(wanted.count));
  CHECK(lost > 10);
  CHECK(silent > 0);
}
