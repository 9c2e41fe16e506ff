// SPDX-License-Identifier: MIT
// local_step: what one process can do next: delta(local state, message or choice) -> outcomes.
//
// From: typed/protocol, lowered by system/program. To: checker/explore/protocol_system, which
// interns states and messages and remembers every answer, so that nothing here needs to be fast. A
// *segment* (SEMANTICS 1.1: the code from an entry to the next ask, wait or end) is atomic. Every
// `any` is a branch: the segment is run again for each sequence of choices. Tested by:
// tests/unit/model/system/local_step_test.cpp; against the independent plain executor in
// tests/differential.
#pragma once

#include <map>
#include <optional>
#include <vector>

#include "model/behaviour/history.hpp"
#include "model/behaviour/trace.hpp"
#include "model/system/evaluate.hpp"
#include "model/system/process_state.hpp"
#include "model/system/program.hpp"
#include "model/typed/protocol.hpp"

namespace capstan::model {

/// One body of code of the protocol: on start, on restart, handler, action, operation.
struct LoweredBody {
  enum class Kind { Start, Restart, Handler, Action, Operation } kind = Kind::Handler;
  int role = 0;
  int index = 0;  // into the role's list of that kind
  const Code* code = nullptr;
  Program program;
};

struct SentMessage {
  MessageInstance message;
  bool merge = false;  // not put if an equal one is in flight
};

/// A ghost assignment to be carried out on the global ghosts, with the environment it reads (locals
/// and variables that it does not read are none, so that equal updates are equal).
struct GhostUpdate {
  const Statement* statement = nullptr;
  int self = -1;
  int sender = -1;
  std::vector<Value> locals;
  std::vector<Value> variables;
  std::optional<std::int64_t> reading;  // set if it may read `now`
};

/// One outcome of one ground step of a process.
struct Outcome {
  Label label;
  ProcessState next;
  std::vector<int> closed_slots;  // asks that closed in this step, before anything was sent
  std::vector<SentMessage> sends;
  std::vector<HistoryEvent> events;
  std::vector<GhostUpdate> ghost_updates;
  int pool = -1;        // Invoke: the pool it takes from
  int guard_step = -1;  // PassWait: the script step whose condition must hold of the whole state
  std::optional<ModelError> error;
  bool ends_operation = false;  // of this process
  int hops = -1;                // where hops are counted: of the operation that it answers
};

class LocalMachine {
 public:
  struct Options {
    bool keep_dead_locals = false;
    /// Replies to asks that are closed stay in flight (slot -1), are delivered, and change nothing;
    /// requests whose asker moved on are still answered. The off switch of dropping them at once.
    /// Has no effect on a protocol that keeps askers in variables or messages, nor in a fifo
    /// network, where a stale reply would hold up what comes behind it.
    bool keep_stale_replies = false;
    /// Count hops, up to this many (system/hops); 0: do not.
    int hops_max = 0;
    TimeMode time;
  };
  LocalMachine(const Protocol& protocol, Options options);

  /// Sets variables and runs all `on start` blocks of the process one after another; every choice
  /// (label.choices) and everything that its clock may show then (label.reading, where that is not
  /// always the same) is an outcome. `parameters`: the values of the role's Parameter variables.
  /// Under TimeMode::Kind::Order readings are places 2, 4, ..., as many as there are processes that
  /// may read one, and somebody else sees to it that they leave no gap.
  std::vector<Outcome> start(int process, const std::vector<Value>& parameters) const;

  /// Outcomes of delivering a message that is not blocked.
  void deliver(int process, const ProcessState& state, const MessageInstance& message,
               std::vector<Outcome>& out) const;
  /// Invocations, actions, resumptions, timeouts of a process that is up.
  void own_steps(int process, const ProcessState& state, std::vector<Outcome>& out) const;
  /// Reads behind all scripts (Label::kFinalRead), one for each object and key; none while an
  /// operation is pending.
  void final_reads(int process, const ProcessState& state, std::vector<Outcome>& out) const;
  /// Every way in which unsynced variables may keep their value or fall back is an outcome
  /// (label.choices: 0 keeps, 1 falls back, for each that differs from what is on disk).
  void crash(int process, const ProcessState& state, std::vector<Outcome>& out) const;
  void restart(int process, const ProcessState& state, std::vector<Outcome>& out) const;
  /// A paused process takes no step.
  Outcome pause(int process, const ProcessState& state) const;
  Outcome unpause(int process, const ProcessState& state) const;

  /// What becomes of a local state or a message when the asks `slots` of `asker` close. nullopt:
  /// the message is deleted.
  ProcessState close_asks(int process, const ProcessState& state, int asker,
                          const std::vector<int>& slots) const;
  std::optional<MessageInstance> close_asks(const MessageInstance& message, int asker,
                                            const std::vector<int>& slots) const;
  /// Bit p: the state or message holds a token of process p, is a reply to it, or serves its
  /// operation (where hops are counted).
  std::uint64_t token_mask(int process, const ProcessState& state) const;
  std::uint64_t token_mask(const MessageInstance& message) const;

  /// What a tick makes of a local state (several ways under drift; none: the horizon is reached)
  /// and of a message.
  struct Ticked {
    ProcessState state;
    int advance = 1;
  };
  std::vector<Ticked> tick(int process, const ProcessState& state) const;
  MessageInstance tick(const MessageInstance& message) const;
  /// The local state and the message with every time but `least` mapped; strictly increasing.
  ProcessState with_times(int process, const ProcessState& state, const TimeMap& map) const;
  MessageInstance with_times(const MessageInstance& message, const TimeMap& map) const;
  /// A label of a step at `process`.
  Label with_times(const Label& label, const TimeMap& map) const;
  /// Whether true time waits for an activation of the process, or for this message (if its link is
  /// open), whatever the clock shows.
  bool forces(int process, const ProcessState& state) const;
  bool forces(int process, const ProcessState& state, const MessageInstance& message) const;
  /// What the clock of the process may show in a segment now: one of these.
  std::vector<std::int64_t> readings(int process, const ProcessState& state) const;
  /// The clock of a process jumps.
  Outcome jump(int process, const ProcessState& state, std::int64_t ticks) const;

  bool has_pending_operation(const ProcessState& state) const;
  const Protocol& protocol() const { return protocol_; }
  const std::vector<LoweredBody>& bodies() const { return bodies_; }
  /// For coverage: which ways an `if` went in any segment so far: 1 true, 2 false, 3 both.
  unsigned branches_taken(const Statement& branch) const {
    const auto found = branches_.find(&branch);
    return found == branches_.end() ? 0 : found->second;
  }

 private:
  friend class Segment;
  /// A reading that is tried for a step. What does not read it is an outcome once, of the first.
  struct Turn {
    Reading reading;
    bool is_first = true;
  };
  void for_each_turn(int process, const ProcessState& state,
                     const std::function<void(Turn&)>& body) const;
  void add(Outcome outcome, const Turn& turn, std::vector<Outcome>& out) const;
  void count_for_waiting(int process, const ProcessState& before, const Chain& chain,
                         Outcome& outcome) const;
  void note_branch(const Statement& branch, bool is_taken) const {
    branches_[&branch] |= is_taken ? 1U : 2U;
  }
  void add_bodies(int role);
  int body_of(int role, LoweredBody::Kind kind, int index) const;
  ProcessState initial(int process, const std::vector<Value>& parameters, Reading& reading) const;
  std::vector<std::int64_t> start_readings(int process) const;
  Value initial_value(int process, const ProcessState& state, const Variable& variable,
                      Reading& reading) const;
  void remember(Outcome& outcome, const Reading& reading) const;
  void run(int process, const ProcessState& state, const Activation& activation, int at,
           const Outcome& base, Turn& turn, std::vector<Outcome>& out) const;
  std::vector<Outcome> run_blocks(int process, const Outcome& base, LoweredBody::Kind kind,
                                  std::size_t count, Reading reading) const;
  void set_volatile(int process, ProcessState& state, Reading& reading) const;
  void fall_back(int process, const Outcome& crashed, std::vector<Outcome>& out) const;
  void deliver_reply(int process, const ProcessState& state, const MessageInstance& message,
                     Turn& turn, std::vector<Outcome>& out) const;
  void complete_ask(int process, Outcome base, const Activation& waiting, const AskData& ask,
                    Turn& turn, std::vector<Outcome>& out) const;
  void deliver_request(int process, const ProcessState& state, const MessageInstance& message,
                       Turn& turn, std::vector<Outcome>& out) const;
  void invocations(int process, const ProcessState& state, std::vector<Outcome>& out) const;
  void invoke(int process, const ProcessState& state, int position, int pool, int object, int op,
              const Input& key, const std::vector<Input>& inputs, std::vector<Outcome>& out) const;
  void invoke_any(int process, const ProcessState& state, const Step& step, int position,
                  std::vector<Outcome>& out) const;
  void actions(int process, const ProcessState& state, Turn& turn, std::vector<Outcome>& out) const;
  void take_action(int process, const ProcessState& state, int index, Turn& turn,
                   std::vector<Outcome>& out) const;
  void resumptions(int process, const ProcessState& state, Turn& turn,
                   std::vector<Outcome>& out) const;
  void resume(int process, const ProcessState& state, std::size_t index, Turn& turn,
              std::vector<Outcome>& out) const;
  void timeouts(int process, const ProcessState& state, Turn& turn,
                std::vector<Outcome>& out) const;
  Value without_tokens(TypeId type, const Value& value, int asker,
                       const std::vector<int>& slots) const;
  std::uint64_t tokens_in(TypeId type, const Value& value) const;
  Token closed_token(int asker) const {
    return options_.keep_stale_replies ? Token{asker, -1} : Token{};
  }
  bool has_asker(TypeId type) const { return has_asker_[type.index]; }
  Environment environment(int process, const ProcessState& state, std::vector<Value>& locals,
                          Reading* reading = nullptr) const;
  bool can_deliver(int process, const ProcessState& state, const MessageInstance& message,
                   std::size_t handler, Reading& reading) const;
  bool can_go_on(int process, const ProcessState& state, const Activation& activation,
                 Reading& reading) const;
  const Statement& statement_of(const Activation& activation) const;
  void map_locals(const LoweredBody& body, std::vector<Value>& locals, const TimeMap& map) const;
  void map_resume(Label& label, const TimeMap& map) const;

  const Protocol& protocol_;
  Options options_;
  std::vector<LoweredBody> bodies_;
  std::vector<Program> functions_;  // of procedures; empty for expression functions
  std::vector<bool> has_asker_;     // by type
  TimesInValues times_;
  mutable std::map<const Statement*, unsigned> branches_;
};

/// Carries out a ghost assignment. Throws ModelError.
void apply_ghost_update(const Protocol& protocol, const GhostUpdate& update,
                        std::vector<Value>& ghosts, TimeRules* rules = nullptr);

}  // namespace capstan::model
