// SPDX-License-Identifier: MIT
// World: the plain executor. One state of a protocol as a copyable value, and the steps that it can
// take.
//
// From: typed/protocol. To: runtime/execute/replay (every trace that the checker finds),
// tests/reference (an explorer over it). Idea: the second, independent implementation of what a
// step is (SEMANTICS 1 and 2). It walks the typed statement tree with an explicit stack of cursors;
// there is no lowering, no interning, no memory of answers and no reduction, and nothing but
// model/system/{evaluate,object} is shared with the checker. `take` is the only place that knows
// when a step is enabled and what it does: `enabled` proposes labels and keeps those that `take`
// does not refuse.
// Invariant: a reply in flight answers an open ask; tokens of closed asks exist nowhere. Cost: a
// step copies the world. Tested by: tests/unit/runtime/execute_test.cpp, tests/differential.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "model/base/result.hpp"
#include "model/behaviour/trace.hpp"
#include "model/system/evaluate.hpp"
#include "model/system/reasons.hpp"
#include "model/typed/protocol.hpp"

namespace capstan::runtime {

/// A place in a block. Of the body of a `for` also the turns still to come: one value for each of
/// the binders' slots.
struct Cursor {
  const model::Block* block = nullptr;
  std::size_t next = 0;
  const model::Statement* loop = nullptr;
  std::vector<std::vector<model::Value>> turns;
};

/// Code under way: a piece of code of a process, its frame, and where it is.
struct Activation {
  enum class Kind : std::uint8_t {
    Start,
    Restart,
    Handler,
    Action,
    Operation
  } kind = Kind::Handler;
  int index = 0;  // into the role's list of that kind
  const model::Code* code = nullptr;
  std::vector<Cursor> stack;  // innermost last
  std::vector<model::Value> locals;
  int sender = -1;     // of a handler
  model::Token asker;  // of a request's handler: who waits for the reply
  bool has_replied = false;
  model::Value key;                // of an operation
  std::vector<model::Value> args;  // of an operation, for the story only: no part of the state
  // While suspended:
  const model::Statement* waiting = nullptr;  // an Ask or a WaitUntil
  int slot = -1;                              // of the open ask
  std::int64_t quorum = 0;                    // how many replies complete it
  std::vector<model::Value> replies;          // those that count so far, sorted
  std::optional<std::int64_t> deadline;  // of an `else after`: the first time it may be taken at
  // Where hops are counted: the operation that it serves, the messages since its invocation, and
  // what the awaited replies, or the step that made the condition true, have come to.
  model::Chain chain{};
  int awaited_hops = 0;
};

/// The clock of a process. Times are ticks since the start.
struct ProcessClock {
  std::optional<std::int64_t> last;  // the last reading, without jumps, where it bounds later ones
  std::int64_t counted = 0;          // with drift: what it shows, without jumps
  std::int64_t jumped = 0;           // how far its jumps have moved it
  std::vector<bool> deviations;  // with drift: which of the last drift_per - 1 ticks it missed or
                                 // doubled, oldest first; those before the start are left out
};

struct Process {
  ProcessClock clock;
  std::vector<model::Value> variables;
  std::vector<model::Value> on_disk;  // of unsynced variables: what the last `sync` wrote, by slot
  bool is_up = true;
  bool is_paused = false;
  int script_position = 0;
  std::vector<Activation> activations;  // suspended; order has no meaning
};

/// A cut that stands, as its two sides; none stands where they are empty.
struct Cut {
  std::vector<int> group, others;
};

/// What a step does besides changing the world; input to StepRecord and its text.
struct Effects {
  std::optional<std::uint64_t> delivered;
  std::vector<model::MessageCopy> sent;
  std::vector<std::uint64_t> discarded;
  std::vector<std::uint64_t> dropped;
  std::vector<model::HistoryEvent> events;
  std::vector<std::vector<int>> groups;
  // Of the first piece of code that ran from its beginning: for its caption.
  const model::Code* entered = nullptr;
  std::vector<model::Value> locals;
  int sender = -1;
  std::vector<model::Value> ended_args;  // of the operation that ended
  int hops = -1;                         // of the operation that was answered, if they are counted
};

/// A state that no run led to: nothing is suspended or cut, no script has begun, nothing is spent.
struct Placement {
  std::vector<std::vector<model::Value>> variables;  // by process
  std::vector<bool> is_up;                           // by process
  std::vector<model::MessageInstance> in_flight;
  std::vector<model::Value> ghosts;
  std::int64_t true_time = 0;
  std::vector<std::int64_t> last;  // by process: the last reading of clocks that may be off
  /// By process, by variable, what was on disk of those written without `sync`; empty: what they
  /// have now.
  std::vector<std::vector<model::Value>> on_disk{};
};

struct Successor;
struct Sight;
class Chooser;
class WorldView;

class World {
 public:
  /// A world in which nothing has happened: only Start labels are enabled. The protocol must
  /// outlive it.
  explicit World(const model::Protocol& protocol);
  /// The initial state that a Start label leads to.
  static model::Result<World> start(const model::Protocol& protocol, const model::Label& label);

  /// The world in this state.
  static World placed(const model::Protocol& protocol, const Placement& state);

  /// All ground labels, each once, in an order that depends on the state alone.
  std::vector<model::Label> enabled() const;
  /// From now on (before the start) messages and activations count hops: how many messages lie
  /// between the invocation of an operation and what serves it. More than `most` count as that.
  void count_hops(int most) { hops_most_ = most; }
  /// Takes the step. Fails, and changes nothing, if the label is not enabled here; the message says
  /// why.
  model::Result<model::StepRecord> apply(const model::Label& label);
  /// All enabled labels with the worlds that they lead to.
  std::vector<Successor> successors() const;
  /// One of them, where they may be too many to list: each question is answered by `draw`, an index
  /// below what it is given. nullopt if what was drawn is no step.
  std::optional<Successor> drawn_successor(
      const std::function<std::int64_t(std::int64_t)>& draw) const;
  /// Bounds what would be without end in `enabled` and `successors`: ticks beyond this time,
  /// readings of free clocks beyond it, jumps of any size beyond it. `apply` knows no such bound.
  void set_horizon(std::int64_t ticks) { horizon_ = ticks; }
  /// So far that no run gets there.
  static constexpr std::int64_t kNoHorizon = 1'000'000'000;

  /// The bytes of the state without ids of copies and without what the past alone decides: equal
  /// states have equal bytes. Without the network, messages in flight are left out too.
  std::string canonical(bool with_network = true) const;

  /// The world with times relative to its present, in which times older than `horizon` ticks are
  /// told apart only by gaps of up to `gap` (settle.cpp). Cuts, budgets and ids stay. Of a clock
  /// that has drifted, what it has counted counts from the present too.
  World settled(std::int64_t horizon, std::int64_t gap) const;
  /// Whoever is told of each comparison and each sum of times from now on (this world's copies
  /// too); null: nobody. It must outlive them.
  void set_time_rules(model::TimeRules* rules) { time_rules_ = rules; }

  bool has_started() const { return has_started_; }
  /// Set in the sink that a model error leads to (S-11); nothing is enabled there.
  const std::optional<model::ModelError>& error() const { return error_; }
  /// The value of an expression over the whole state that reads no clock; whether such a condition
  /// holds. Throw ModelError.
  model::Value value(const model::Expr& expression, const model::Frame& frame) const;
  bool holds(const model::Expr& condition, const model::Frame& frame) const {
    return value(condition, frame).truth();
  }
  /// Whether a condition, which may read clocks, is `wanted` for some of what they may show now.
  /// Throws ModelError if evaluating it is one for some.
  bool can_look(const model::Expr& condition, const model::Frame& frame, bool wanted) const;
  /// Why it is, for the readings that are found first. It must be so for some. Throws ModelError.
  model::Reasons reasons(const model::Expr& condition, const model::Frame& frame,
                         bool wanted) const;
  bool has_pending_operation(int process) const;
  bool is_done(int process) const;
  bool is_blocked(int source, int destination) const;
  /// Ticks since the start.
  std::int64_t true_time() const { return true_time_; }
  /// What the clock of the process may show now.
  model::Readings readings(int process) const;
  /// Whether what is sent from the one to the other vanishes.
  bool is_dropped(int source, int destination) const;

  const model::Protocol& protocol() const { return *protocol_; }
  const std::vector<Process>& processes() const { return processes_; }
  const std::vector<model::MessageCopy>& in_flight() const { return in_flight_; }
  const std::vector<model::Value>& ghosts() const { return ghosts_; }

 private:
  friend class Interpreter;

  std::optional<Successor> successor(const model::Label& proposal, Chooser& chooser) const;
  /// For a look at this world; the view, and the world, must outlive it.
  Sight sight(const WorldView& view) const;

  // steps.cpp: what each kind of label does. They throw NotEnabled or ModelError and may leave a
  // half-changed world.
  void take(const model::Label& label, Chooser& chooser, Effects& effects);
  void take_start(const model::Label& label, Chooser& chooser, Effects& effects);
  void take_invoke(const model::Label& label, Chooser& chooser, Effects& effects);
  void take_final_read(const model::Label& label, Chooser& chooser, Effects& effects);
  void begin_operation(const model::Label& label, Chooser& chooser, Effects& effects);
  void take_delivery(const model::Label& label, bool keep, Chooser& chooser, Effects& effects);
  void take_reply(const model::MessageInstance& message, Chooser& chooser, Effects& effects);
  void take_action(const model::Label& label, Chooser& chooser, Effects& effects);
  void take_resumption(const model::Label& label, Chooser& chooser, Effects& effects);
  void take_give_up(const model::Label& label, Chooser& chooser, Effects& effects);
  void take_pass_wait(const model::Label& label);
  void take_step(const model::Label& label, Chooser& chooser, Effects& effects);
  void take_loss(const model::Label& label, Effects& effects);
  void take_cut(const model::Label& label, Effects& effects);
  void take_heal(const model::Label& label);
  void take_crash(const model::Label& label, Chooser& chooser, Effects& effects);
  void take_restart(const model::Label& label, Chooser& chooser, Effects& effects);
  void take_pause(const model::Label& label);
  void take_unpause(const model::Label& label);

  // time.cpp
  void take_tick(Chooser& chooser);
  void take_jump(const model::Label& label);
  void propose_time(std::vector<model::Label>& out) const;
  void require_nothing_due() const;
  bool must_arrive(const model::MessageInstance& message) const;
  bool must_go_on(int process, const Activation& activation) const;
  /// Old enough, and nothing is in its way.
  bool can_arrive(const model::MessageInstance& message) const;
  void remember_reading(int process, std::int64_t time);
  void forget_reading(ProcessClock& clock) const;
  void move_clock(ProcessClock& clock, int advance) const;
  bool reads_clock(int process) const;

  // settle.cpp
  void map_times(const std::function<std::int64_t(std::int64_t)>& map);

  // proposals.cpp: labels that may be enabled, without choices.
  std::vector<model::Label> proposals() const;
  void propose_starts(std::vector<model::Label>& out) const;
  void propose_invocations(int process, std::vector<model::Label>& out) const;
  void propose_actions(int process, std::vector<model::Label>& out) const;
  void propose_activations(int process, std::vector<model::Label>& out) const;
  void propose_messages(std::vector<model::Label>& out) const;
  void propose_losses(std::size_t position, std::vector<model::Label>& out) const;
  void propose_faults(std::vector<model::Label>& out) const;
  void propose_cuts(int fault, std::vector<model::Label>& out) const;
  void propose_splits(const std::vector<int>& processes, bool one_way, model::Label label,
                      std::vector<model::Label>& out) const;
  std::vector<std::pair<int, int>> links_cut(const model::Label& label) const;

  // world.cpp: the network and other parts.
  model::Environment environment(int process, std::vector<model::Value>& locals) const;
  std::vector<model::Value> initial_variables(int process,
                                              const std::vector<model::Value>& parameters,
                                              model::Clock& clock) const;
  model::Value initial_value(int process, const model::Variable& variable,
                             const std::vector<model::Value>& parameters,
                             model::Clock& clock) const;
  void set_volatile(int process, model::Clock& clock);
  /// The position of the message, or of the `copy`-th equal one behind it; in_flight_.size() if
  /// there is none.
  std::size_t find_in_flight(const model::MessageInstance& message, int copy = 0) const;
  bool is_first_of_its_queue(std::size_t position) const;
  void append_network(std::string& bytes) const;
  void remove_replaced(const model::MessageInstance& request, Effects& effects);
  void put(const model::MessageInstance& message, bool merge, Effects& effects);
  void close_ask(int process, int slot, Effects& effects);
  void end_chain(int client);
  /// Of each suspended activation whether it waits for a condition, and that holds.
  std::vector<bool> met_conditions(int process) const;
  model::Value forget(model::TypeId type, const model::Value& value, model::Token token) const;
  void use_budget(const model::Label& label, model::Fault::Kind kind, int message);
  void sync(int process);
  void lose_what_is_unsynced(int process, Chooser& chooser);
  /// Throws NotEnabled unless the clause strikes the process in this state.
  void require_strike(const model::Label& label, model::Fault::Kind kind) const;
  bool blocks(std::size_t clause, const Cut& cut, int source, int destination) const;
  int side_of_home(int process) const;
  int free_slot(int process) const;
  bool is_network_kept() const { return protocol_->scenario.network_kept; }
  Process& at(int process) { return processes_[static_cast<std::size_t>(process)]; }
  const Process& at(int process) const { return processes_[static_cast<std::size_t>(process)]; }

  const model::Protocol* protocol_;
  std::shared_ptr<const std::vector<bool>>
      holds_asker_;  // by type: whether values of it may hold tokens
  bool has_started_ = false;
  int hops_most_ = 0;  // 0: nobody counts
  std::optional<model::ModelError> error_;
  std::vector<Process> processes_;
  std::vector<model::MessageCopy>
      in_flight_;  // in order of id; with `network kept` no two are equal
  std::uint64_t next_id_ = 1;
  std::int64_t true_time_ = 0;
  int jumps_left_ = 0;
  std::int64_t horizon_ = 20;
  model::TimeRules* time_rules_ = nullptr;
  std::vector<Cut> cuts_;     // by clause
  std::vector<int> budgets_;  // by clause: strikes left
  std::vector<int> pools_;    // operations left
  std::vector<model::Value> ghosts_;
};

struct Successor {
  model::Label label;
  World world;
  std::vector<model::HistoryEvent> events;
  int hops = -1;  // as in StepRecord
};

/// All Start labels: parameter choices times what `on start` blocks choose.
std::vector<model::Label> initial_labels(const model::Protocol& protocol);

/// Those of this kind as properties see them: a set of (fields, sender, receiver).
model::Value messages_among(const std::vector<model::MessageCopy>& in_flight, int message);

/// The whole state as properties see it.
class WorldView final : public model::GlobalView {
 public:
  explicit WorldView(const World& world) : world_(world) {}
  const std::vector<model::Value>& variables(int process) const override;
  model::Value messages_in_flight(int message) const override;
  bool is_live(int process) const override;
  bool is_done(int process) const override { return world_.is_done(process); }

 private:
  const World& world_;
};

}  // namespace capstan::runtime
