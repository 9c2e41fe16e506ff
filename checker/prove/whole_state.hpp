// SPDX-License-Identifier: MIT
// whole_state: a state of the whole protocol as terms: any state, and the initial one.
//
// Every process has a value for each variable, clocks have shown something, and of each message
// that the claim asks for any set may be in flight (Scope::Few: up to `few_messages`). What claims
// cannot see, suspended activations, scripts, cuts, is no part of it: any of it may be there.
// From: typed/protocol, prove/encoder. To: prove/whole_step, prove/inductive. Throws CannotEncode.
// Tested by: tests/unit/checker/prove/inductive_test.cpp
#pragma once

#include <map>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "checker/prove/omissions.hpp"
#include "checker/prove/question.hpp"

namespace capstan::checker {

/// How many messages of a kind are in flight where they are listed.
inline constexpr int few_messages = 2;

/// What of the protocol matters to a claim over all states.
struct Claim {
  Claim(const model::Protocol& protocol, const model::Expectation& expectation,
        Omissions omitted = {});

  const model::Protocol& protocol;
  const model::Expectation& expectation;
  std::set<int> asked;        // messages in flight of which the state tells
  bool reads_clocks = false;  // functions that it calls of processes may read `now`
  bool reads_true_time = false;
  std::vector<bool> may_crash;    // by process
  std::vector<bool> may_be_lost;  // by message: on its own, or because a partition drops it
  Omissions omitted;              // for tests alone

  bool omits(Duty duty) const { return omitted.contains(duty); }
  /// Has the state tell of all messages that have a formula, and not only of those asked for.
  void tell_of_all_messages();
  const model::Message& message(int index) const {
    return protocol.messages[static_cast<std::size_t>(index)];
  }
  const std::string& process_name(int process) const {
    return protocol.types.processes()[static_cast<std::size_t>(process)].name;
  }
  /// "Grant(3) from Server to Client 1".
  std::string message_text(int message, const model::Value& content) const;
  /// Whose messages in flight are of this type.
  int message_of(model::TypeId in_flight) const;
  /// Whether this part of it does.
  bool reads_clock(const model::Expr& part) const;
  /// The processes of a role.
  std::vector<int> members(int role) const;
  /// Throws CannotEncode where clocks are of a kind that has no formula here.
  void require_clocks() const;
};

/// Slots that a message in flight may fill.
struct MessageSlot {
  z3::expr is_there;
  TermPtr content;  // fields, sender, receiver
};

struct WholeState {
  std::vector<std::vector<TermPtr>> variables{};    // by process
  std::map<int, TermPtr> in_flight{};               // by message asked for
  std::map<int, std::vector<MessageSlot>> slots{};  // Scope::Few: what `in_flight` lists
  std::vector<z3::expr> is_live{};                  // by process
  std::vector<TermPtr> ghosts{};
  z3::expr true_time;
  std::vector<z3::expr> last{};  // by process: no later reading is before this one

  explicit WholeState(const z3::expr& time) : true_time(time) {}
};

/// One reading a process.
using Readings = std::vector<z3::expr>;

class WholeStates {
 public:
  /// Free params are any that satisfy what is given, or any at all: `facts` says so, and what
  /// clocks may show.
  enum class Given { Assumed, Ignored };
  WholeStates(const Claim& claim, Setting& setting, Given given = Given::Assumed);

  WholeState any();
  /// With variables at their initial values; what `on start` does is up to the caller.
  WholeState at_start();
  /// The initial value of a variable, of a process with these role params. `now` null: reading the
  /// clock is not encoded.
  TermPtr initial_value(int process, std::size_t slot, const std::vector<TermPtr>& variables,
                        const TermPtr& now);
  /// What clocks show at the start; null where that is not always the same.
  TermPtr now_at_start() const;

  /// The claim in this state, where clocks show this.
  z3::expr holds(const WholeState& state, const Readings& readings);
  /// Its conjuncts, to be shown, those that read clocks last: what they rest on is then known.
  std::vector<z3::expr> parts(const WholeState& state, const Readings& readings);
  z3::expr is_admissible(const WholeState& state, int process, const z3::expr& reading) const;
  z3::expr are_admissible(const WholeState& state, const Readings& readings) const;
  /// That the claim is true of this state, at these readings if clocks may show them.
  z3::expr holds_if_shown(const WholeState& state, const Readings& readings);
  Readings fresh_readings(const std::string& prefix);
  /// The least that clocks may show, and the greatest; free clocks know none.
  Readings least_readings(const WholeState& state) const;
  std::optional<Readings> greatest_readings(const WholeState& state) const;
  bool has_clocks() const { return claim_.protocol.scenario.clocks.has_value(); }

  std::vector<z3::expr> facts;  // of params, role params and clocks
  std::vector<TermPtr> params;  // by param: free ones, and what follows them, as terms; else null
  std::vector<z3::expr> small;  // numbers that are best small, where they are shown
  Setting& setting() const { return setting_; }

  /// The scene in which properties are evaluated.
  Scene scene(const WholeState& state, const Readings& readings, std::size_t slots) const;
  /// Numbers and times inside the term are best small.
  void prefer_small(const TermPtr& term);

 private:
  void choose_params(Given given);
  void derive_params();
  void choose_role_params();
  TermPtr messages(int message, WholeState& state);
  z3::expr time_constant(const std::string& name);

  const Claim& claim_;
  Setting& setting_;
  std::vector<std::vector<TermPtr>> role_params_;  // by process: its Parameter variables
  std::optional<z3::expr> skew_;                   // of clocks `within`
};

}  // namespace capstan::checker
