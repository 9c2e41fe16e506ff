// SPDX-License-Identifier: MIT
#include "checker/liveness/available.hpp"

#include <algorithm>
#include <tuple>
#include <utility>

#include "model/base/limits.hpp"
#include "model/base/require.hpp"
#include "model/system/participants.hpp"

namespace capstan::checker {
namespace {

using model::Expectation;
using model::Label;

/// What a step counts for when counterexamples are compared: faults before operations before steps.
constexpr std::uint64_t kFaultWeight = std::uint64_t{1} << 48U;
constexpr std::uint64_t kOperationWeight = std::uint64_t{1} << 32U;

struct StepMeaning {
  bool is_frozen = false;  // not taken while faults stand as they are
  std::uint64_t weight = 1;
};

StepMeaning meaning_of(const Label& label) {
  switch (label.kind) {
    case Label::Kind::Lose:
    case Label::Kind::Duplicate:
    case Label::Kind::Cut:
    case Label::Kind::Crash:
    case Label::Kind::Jump:
    case Label::Kind::Pause:
      return {true, kFaultWeight + 1};
    case Label::Kind::Heal:
    case Label::Kind::Restart:
    case Label::Kind::Unpause:
      return {true, 1};
    case Label::Kind::Invoke:
      return {false, kOperationWeight + 1};
    case Label::Kind::Start:
    case Label::Kind::Deliver:
    case Label::Kind::Act:
    case Label::Kind::Resume:
    case Label::Kind::GiveUp:
    case Label::Kind::PassWait:
    case Label::Kind::Tick:
      return {};
  }
  CAPSTAN_UNREACHABLE("a kind of label");
}

/// The part of a state that the rule is about.
class Surroundings {
 public:
  Surroundings(const ProtocolSystem& system, StateSpace& space,
               std::span<const std::uint32_t> words)
      : system_(system), space_(space), words_(words), blocked_(space.blocked(words.data())) {}

  LocalId local_id(int process) const {
    return space_.components[words_[static_cast<std::size_t>(process)]].local;
  }
  const model::ProcessState& local(int process) const {
    return system_.local_state(process, local_id(process));
  }
  bool is_pending(int process) const {
    return space_.components[words_[static_cast<std::size_t>(process)]].is_pending;
  }
  bool is_well(int process) const { return !local(process).is_down && !local(process).is_paused; }
  /// Whether nothing that one of them sends the other is stopped on its way.
  bool is_linked(int a, int b) const { return a == b || (!is_cut(a, b) && !is_cut(b, a)); }
  /// Whether a cut stands, or somebody is down or paused.
  bool has_fault() const {
    for (int process = 0; process < system_.process_count(); ++process) {
      if (!is_well(process)) return true;
      if (blocked_ != nullptr && blocked_[process] != 0) return true;
    }
    return false;
  }

 private:
  bool is_cut(int source, int destination) const {
    return blocked_ != nullptr && ((blocked_[destination] >> source) & 1U) != 0 &&
           system_.machine().protocol().is_used_link(source, destination);
  }
  const ProtocolSystem& system_;
  StateSpace& space_;
  std::span<const std::uint32_t> words_;
  const std::uint64_t* blocked_;
};

class AvailabilityCheck {
 public:
  AvailabilityCheck(const ProtocolSystem& system, StateGraph& graph, const FairnessClasses& classes,
                    std::size_t index)
      : system_(system),
        protocol_(system.machine().protocol()),
        graph_(graph),
        classes_(classes),
        index_(static_cast<int>(index)),
        expectation_(protocol_.scenario.expectations[index]) {
    find_servers();
    for (LabelId label = 0; label < system.label_count(); ++label) {
      const StepMeaning meaning = meaning_of(system.label(label));
      steps_.push_back(!meaning.is_frozen);
      weights_.push_back(meaning.weight);
    }
  }

  AvailabilityAnswer run() {
    for (int process = 0; process < protocol_.process_count(); ++process)
      if (!protocol_.role_of(process).operations.empty()) judge(process);
    if (!applies_)
      answer_.untested = "no operation that is owed an answer is ever pending";
    else if (!applies_with_fault_ && can_fault_stand())
      answer_.untested = "no operation that is owed an answer is pending while a fault stands";
    return std::move(answer_);
  }

 private:
  void find_servers() {
    for (const int server : model::servers(protocol_)) {
      const model::Role* const role = &protocol_.role_of(server);
      if (server_roles_.empty() || server_roles_.back() != role) server_roles_.push_back(role);
    }
  }

  bool can_fault_stand() const {
    return std::ranges::any_of(protocol_.scenario.faults, [](const model::Fault& fault) {
      return fault.kind == model::Fault::Kind::Partition ||
             fault.kind == model::Fault::Kind::Crash || fault.kind == model::Fault::Kind::Pause;
    });
  }

  /// Looks for a run on which this process waits for ever, or is refused an answer.
  void judge(int process) {
    const std::vector<bool> owed = owed_states(process);
    std::vector<bool> waits(graph_.state_count());
    for (StateId state = 0; state < graph_.state_count(); ++state)
      waits[state] = owed[state] && around(state).is_pending(process);
    note(waits);
    if (has_any(waits)) offer(find_fair_run(graph_, classes_, query_of(std::move(waits))));
    // Refused at once, or later: apart, as an invocation is one operation more.
    for (const bool at_once : {false, true}) {
      std::vector<bool> refused(graph_.state_count());
      for (StateId state = 0; system_.has_refusals() && state < graph_.state_count(); ++state)
        refused[state] = owed[state] && refusal(state, process, at_once).has_value();
      note(refused);
      if (has_any(refused)) offer(refusing_run(query_of(std::move(refused)), process, at_once));
    }
  }

  Surroundings around(StateId state) {
    return Surroundings(system_, graph_.space(), graph_.words(state));
  }

  static bool has_any(const std::vector<bool>& states) {
    return std::find(states.begin(), states.end(), true) != states.end();
  }

  /// Notes what is put to the test in these states.
  void note(const std::vector<bool>& states) {
    for (StateId state = 0; state < graph_.state_count() && !applies_with_fault_; ++state) {
      if (!states[state]) continue;
      applies_ = true;
      applies_with_fault_ = around(state).has_fault();
    }
  }

  std::vector<bool> owed_states(int process) {
    std::vector<bool> owed(graph_.state_count());
    for (StateId state = 0; state < graph_.state_count(); ++state)
      owed[state] = is_owed(around(state), state, process);
    return owed;
  }

  FairQuery query_of(std::vector<bool> inside) const {
    FairQuery query;
    query.inside = std::move(inside);
    query.steps = steps_;
    query.weights = weights_;
    return query;
  }

  void offer(std::optional<FairRun> run) {
    if (run && (!answer_.run || effort(*run) < effort(*answer_.run))) answer_.run = std::move(run);
  }

  /// A step from the state in which an operation of the process ends by `fail` or `unknown`, in the
  /// step that invokes it or in a later one, while no fault comes or goes.
  std::optional<LabelId> refusal(StateId state, int process, bool at_once) {
    std::optional<LabelId> found;
    const LocalId local = around(state).local_id(process);
    graph_.for_each_step(state, [&](StateId, LabelSetId set) {
      for (const LabelId label : graph_.labels(set)) {
        const bool invokes = system_.label(label).kind == Label::Kind::Invoke;
        if (!found && invokes == at_once && steps_[label] && is_refusal(process, local, label))
          found = label;
      }
    });
    return found;
  }

  bool is_refusal(int process, LocalId local, LabelId label) const {
    return system_.label(label).process == process && system_.is_refusal(process, local, label);
  }

  std::optional<FairRun> refusing_run(const FairQuery& query, int process, bool at_once) {
    std::optional<FairRun> run = find_way(graph_, classes_, query);
    CAPSTAN_ENSURE(run.has_value(), "every state of the graph can be reached");
    run->labels.push_back(*refusal(run->end, process, at_once));
    return run;
  }

  /// Of two runs the one with less is shown: of the stem, then of all.
  std::pair<std::uint64_t, std::size_t> effort(const FairRun& run) const {
    const std::size_t stem =
        run.loop_start < 0 ? run.labels.size() : static_cast<std::size_t>(run.loop_start);
    std::uint64_t sum = 0;
    for (std::size_t i = 0; i < stem; ++i) sum += weights_[run.labels[i]];
    return {sum, run.labels.size()};
  }

  bool is_owed(const Surroundings& around, StateId state, int process) {
    model::poll_limits();
    if (!around.is_well(process) || !is_member(state, process)) return false;
    const int home = home_of(around.local(process), process);
    if (home != process ? !around.is_well(home) : is_cut_off(around, process)) return false;
    if (expectation_.audience != model::Audience::Majority) return true;
    return std::ranges::all_of(server_roles_, [&](const model::Role* role) {
      int reached = 0;
      for (int i = 0; i < role->count; ++i) {
        const int server = role->first_process + i;
        reached += around.is_well(server) && is_reached(around, process, home, server);
      }
      return reached >= role->count / 2 + 1;
    });
  }

  /// Whether the process or its home has to do with the server, and no cut is between them. A
  /// server with which neither has to do cannot be cut off from them.
  bool is_reached(const Surroundings& around, int process, int home, int server) const {
    const bool is_partner = has_to_do(process, server), is_of_home = has_to_do(home, server);
    if (server == home || (!is_partner && !is_of_home)) return true;
    return (is_partner && around.is_linked(process, server)) ||
           (is_of_home && around.is_linked(home, server));
  }

  bool has_to_do(int a, int b) const {
    return protocol_.is_used_link(a, b) || protocol_.is_used_link(b, a);
  }

  bool is_member(StateId state, int process) {
    const int predicate = system_.predicate_of_audience(index_, process);
    if (predicate < 0) return true;
    const std::optional<bool> value = graph_.holds(predicate, state);
    answer_.is_error = answer_.is_error || !value;
    return value.value_or(false);
  }

  /// Whether walls stand between the process and every server that it has to do with.
  bool is_cut_off(const Surroundings& around, int process) const {
    bool any = false;
    for (const model::Role* role : server_roles_) {
      for (int i = 0; i < role->count; ++i) {
        const int server = role->first_process + i;
        if (!has_to_do(process, server)) continue;
        if (around.is_linked(process, server)) return false;
        any = true;
      }
    }
    return any;
  }

  /// Where the process is at home; itself if it has no home.
  int home_of(const model::ProcessState& local, int process) const {
    const int slot = protocol_.home_slot(protocol_.role_of(process));
    if (slot < 0) return process;
    return static_cast<int>(local.variables[static_cast<std::size_t>(slot)].number());
  }

  const ProtocolSystem& system_;
  const model::Protocol& protocol_;
  StateGraph& graph_;
  const FairnessClasses& classes_;
  int index_;
  const Expectation& expectation_;
  std::vector<const model::Role*> server_roles_;
  std::vector<bool> steps_;
  std::vector<std::uint64_t> weights_;
  bool applies_ = false, applies_with_fault_ = false;
  AvailabilityAnswer answer_;
};

}  // namespace

AvailabilityAnswer judge_available(const ProtocolSystem& system, StateGraph& graph,
                                   const FairnessClasses& classes, std::size_t index) {
  return AvailabilityCheck(system, graph, classes, index).run();
}

}  // namespace capstan::checker
