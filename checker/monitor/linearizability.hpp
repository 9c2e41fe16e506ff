// SPDX-License-Identifier: MIT
// linearizability: the on-the-fly monitor of one object and one key.
//
// From: checker/explore (the history events of each step). To: checker/check (a violation). A
// monitor state is who is pending with which operation, and the set of *configurations*: the
// object's state,
// and for each pending operation whether it has been linearized and with which result (Lowe,
// "Testing for linearizability", 2017, just-in-time linearization). States are interned, steps
// memoised, so a step costs a look-up.
//
// Why it is exact. Invariant: the configurations are exactly those that some order of the
// operations so far can lead to, where every answered operation is in the order with its answer,
// and operations still pending are in it only if they come before an answered one in it (the last
// element of the order is an answered operation). An order that explains a whole history, cut after
// its last operation that was answered so far, is such an order: so if the history has an
// explanation, no prefix's set is empty; and a configuration of the whole history *is* an
// explanation (operations not linearized are left out, as pending ones may be), so a non-empty set
// at the end means linearizable. On a response of c only orders ending in c have to be added (just
// in time): an operation placed after c can still be placed before a later response. Real time
// holds because a step only ever appends operations that are invoked and not answered.
//
// `Fail` deletes c from the history: the configurations in which c is not linearized are exactly
// those of the history without c. `Info` leaves c pending for ever under no name, as the client
// goes on in a new session; if c is linearized already its result does not matter.
//
// Two sound and complete savings: an info operation that can never change the object is dropped
// (leaving it out explains as much as placing it), and a configuration is dropped if another
// differs only in having more info operations left (it can do all that the first can).
//
// *Bounded staleness k* (Aiyer, Alvisi, Bazzi, DISC 2005: k-atomicity) is linearizability of a
// register whose reads may return any of the k newest values: its state is the list of these, and a
// read has several answers, each a configuration of its own. k = 1 is linearizability.
//
// Cost of a new step: configurations x orders of the pending operations; configurations are
// exponential in pending operations only. The object may be any that model::apply knows. Not
// thread-safe: one monitor a thread.
// Tested by: tests/unit/checker/monitor_test.cpp, tests/differential/linearizability_test.cpp
// (brute force and Z3 agree)
#pragma once

#include <compare>
#include <cstdint>
#include <map>
#include <unordered_map>
#include <utility>
#include <vector>

#include "checker/monitor/monitor.hpp"
#include "model/behaviour/history.hpp"
#include "model/system/object.hpp"
#include "model/typed/protocol.hpp"

namespace capstan::checker {

class LinearizabilityMonitor final : public Monitor {
 public:
  /// `protocol` must outlive the monitor. `newest` > 1: of a register, bounded staleness.
  LinearizabilityMonitor(const model::Protocol& protocol, int object, model::Value key,
                         int newest = 1);

  std::uint32_t initial() const override { return kInitial; }
  std::uint32_t intern(const std::vector<model::HistoryEvent>& events) override;
  /// An array access when known.
  std::uint32_t step(std::uint32_t state, std::uint32_t event_list) override;
  using Monitor::step;
  std::uint64_t hash(std::uint32_t state) const override { return hashes_[state]; }

  /// How many monitor states were found, kViolated and the initial one included.
  std::size_t state_count() const { return contents_.size(); }
  /// How many configurations a state holds (0 only for kViolated).
  std::size_t configuration_count(std::uint32_t state) const {
    return contents_[state].configurations.size();
  }

 private:
  static constexpr std::uint32_t kInitial = 1;
  static constexpr std::uint32_t kUnknown = 0xffffffffU;
  static constexpr std::uint32_t kNotLinearized = 0;

  /// An operation with its arguments.
  struct Call {
    int op = -1;
    std::vector<model::Value> args;
    friend auto operator<=>(const Call&, const Call&) = default;
    friend bool operator==(const Call&, const Call&) = default;
  };
  struct Event {
    model::HistoryEvent::Kind kind = model::HistoryEvent::Kind::Invoke;
    int process = -1;
    std::uint32_t what = 0;  // Invoke: id of the Call; Ok: id of the result
    friend auto operator<=>(const Event&, const Event&) = default;
    friend bool operator==(const Event&, const Event&) = default;
  };
  struct Pending {
    int process = -1;
    std::uint32_t call = 0;
    friend auto operator<=>(const Pending&, const Pending&) = default;
    friend bool operator==(const Pending&, const Pending&) = default;
  };
  struct Configuration {
    std::uint32_t object_state = 0;     // id of the value
    std::vector<std::uint32_t> status;  // for each Pending: kNotLinearized, or 1 + id of its result
    std::vector<std::uint32_t> left;    // calls of info operations that are not linearized, sorted
    friend auto operator<=>(const Configuration&, const Configuration&) = default;
    friend bool operator==(const Configuration&, const Configuration&) = default;
  };
  struct Content {
    std::vector<Pending> pending;               // sorted by process
    std::vector<Configuration> configurations;  // sorted, each once
    friend auto operator<=>(const Content&, const Content&) = default;
    friend bool operator==(const Content&, const Content&) = default;
  };
  struct Answer {
    std::uint32_t object_state = 0;
    std::uint32_t result = 0;
  };

  std::uint32_t value_id(const model::Value& value);
  std::uint32_t call_id(Call call);
  std::uint32_t content_id(Content content);
  std::uint64_t content_hash(const Content& content) const;
  /// What the object may answer; more than one answer with bounded staleness only.
  const std::vector<Answer>& apply(std::uint32_t object_state, std::uint32_t call);
  Answer answer(const model::Value& state, const Call& call);
  std::vector<Answer> stale_answers(const std::vector<model::Value>& newest, const Call& call);

  std::uint32_t take(std::uint32_t state, const Event& event);
  Content invoked(const Content& before, int process, std::uint32_t call) const;
  Content answered(const Content& before, std::size_t which, std::uint32_t result);
  Content failed(const Content& before, std::size_t which) const;
  Content unknown(const Content& before, std::size_t which) const;
  std::vector<Configuration> linearize(const Content& before, const Configuration& start,
                                       std::size_t which, std::uint32_t result);
  static void normalise(Content& content);

  const model::Protocol& protocol_;
  int object_;
  model::Value key_;
  std::size_t newest_;

  std::map<model::Value, std::uint32_t> value_ids_;
  std::vector<model::Value> values_;
  std::vector<std::uint64_t> value_hashes_;
  std::map<Call, std::uint32_t> call_ids_;
  std::vector<Call> calls_;
  std::vector<std::uint64_t> call_hashes_;
  std::vector<bool> call_is_read_only_;
  std::unordered_map<std::uint64_t, std::vector<Answer>> answers_;  // (object state, call)

  std::map<Content, std::uint32_t> content_ids_;
  std::vector<Content> contents_;
  std::vector<std::uint64_t> hashes_;

  std::map<std::vector<Event>, std::uint32_t> list_ids_;
  std::vector<std::vector<Event>> lists_;
  std::vector<std::vector<std::uint32_t>> next_;  // [list][state], kUnknown where not computed
};

}  // namespace capstan::checker
