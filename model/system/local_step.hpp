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
};

class LocalMachine {
 public:
  struct Options {
    bool keep_dead_locals = false;
    /// Replies to asks that are closed stay in flight (slot -1), are delivered, and change nothing;
    /// requests whose asker moved on are still answered. The off switch of dropping them at once.
    /// Has no effect on a protocol that keeps askers in variables or messages.
    bool keep_stale_replies = false;
  };
  LocalMachine(const Protocol& protocol, Options options);

  /// Variables at the start. `parameters`: the values of the role's Parameter variables. Throws
  /// ModelError.
  ProcessState initial(int process, const std::vector<Value>& parameters) const;
  /// Runs all `on start` blocks of the process one after another, every choice an outcome
  /// (label.choices).
  std::vector<Outcome> start(int process, const ProcessState& state) const;

  /// Outcomes of delivering a message that is not blocked.
  void deliver(int process, const ProcessState& state, const MessageInstance& message,
               std::vector<Outcome>& out) const;
  /// Invocations, actions, resumptions, timeouts of a process that is up.
  void own_steps(int process, const ProcessState& state, std::vector<Outcome>& out) const;
  Outcome crash(int process, const ProcessState& state) const;
  void restart(int process, const ProcessState& state, std::vector<Outcome>& out) const;

  /// What becomes of a local state or a message when the asks `slots` of `asker` close. nullopt:
  /// the message is deleted.
  ProcessState close_asks(int process, const ProcessState& state, int asker,
                          const std::vector<int>& slots) const;
  std::optional<MessageInstance> close_asks(const MessageInstance& message, int asker,
                                            const std::vector<int>& slots) const;
  /// Bit p: the state or message holds a token of process p, or is a reply to it.
  std::uint64_t token_mask(int process, const ProcessState& state) const;
  std::uint64_t token_mask(const MessageInstance& message) const;

  bool has_pending_operation(const ProcessState& state) const;
  const Protocol& protocol() const { return protocol_; }
  const std::vector<LoweredBody>& bodies() const { return bodies_; }

 private:
  friend class Segment;
  void add_bodies(int role);
  int body_of(int role, LoweredBody::Kind kind, int index) const;
  void run(int process, const ProcessState& state, const Activation& activation, int at,
           const Outcome& base, std::vector<Outcome>& out) const;
  void deliver_reply(int process, const ProcessState& state, const MessageInstance& message,
                     std::vector<Outcome>& out) const;
  void deliver_request(int process, const ProcessState& state, const MessageInstance& message,
                       std::vector<Outcome>& out) const;
  void invocations(int process, const ProcessState& state, std::vector<Outcome>& out) const;
  void invoke(int process, const ProcessState& state, int position, int pool, int object, int op,
              const Input& key, const std::vector<Input>& inputs, std::vector<Outcome>& out) const;
  void invoke_any(int process, const ProcessState& state, const Step& step, int position,
                  std::vector<Outcome>& out) const;
  void actions(int process, const ProcessState& state, std::vector<Outcome>& out) const;
  void resumptions(int process, const ProcessState& state, std::vector<Outcome>& out) const;
  void timeouts(int process, const ProcessState& state, std::vector<Outcome>& out) const;
  Value without_tokens(TypeId type, const Value& value, int asker,
                       const std::vector<int>& slots) const;
  std::uint64_t tokens_in(TypeId type, const Value& value) const;
  Token closed_token(int asker) const {
    return options_.keep_stale_replies ? Token{asker, -1} : Token{};
  }
  bool has_asker(TypeId type) const { return has_asker_[type.index]; }
  Environment environment(int process, const ProcessState& state, std::vector<Value>& locals) const;

  const Protocol& protocol_;
  Options options_;
  std::vector<LoweredBody> bodies_;
  std::vector<Program> functions_;  // of procedures; empty for expression functions
  std::vector<bool> has_asker_;     // by type
};

/// Carries out a ghost assignment. Throws ModelError.
void apply_ghost_update(const Protocol& protocol, const GhostUpdate& update,
                        std::vector<Value>& ghosts);

}  // namespace capstan::model
