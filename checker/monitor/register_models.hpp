// SPDX-License-Identifier: MIT
// register_models: the monitors of *regular* and *safe* registers (Lamport, "On interprocess
// communication", 1986; with several writers: Shao, Welch, Pierce, Lee, "Multiwriter consistency
// conditions for shared memory registers", 2011).
//
// From: monitor/monitor (make_monitor). Both are linearizability of parts of the history, so both
// are a LinearizabilityMonitor that is told of part of it.
//
// Regular (an order of the writes for each read, which may differ): for each read, the history of
// all writes and of this read alone is linearizable. So there is a state of the writes alone, and
// one more for each pending read, which goes its own way from the read's invocation to its answer,
// and on from there until all writes have ended that were pending then: if one of them ends as
// never done, nobody may have read it.
//
// Safe: reads during which some write is pending may return anything (also a value that nobody
// wrote); the writes and the other reads are linearizable. Whether a read overlaps a write is known
// when it is answered; until then it is withheld. No write begins or ends during a read that
// overlaps none, so telling its invocation only then leaves the order of everything else alone. A
// write whose outcome stays unknown is pending for ever, and so overlaps all later reads. One that
// fails was under way all the same: what a read returned meanwhile is no one's promise.
//
// Cost: that of the linearizability monitor, and a look-up in a map for each step.
// Tested by: tests/differential/register_models_test.cpp (the definitions, by trying all orders)
#pragma once

#include <map>
#include <optional>
#include <utility>
#include <vector>

#include "checker/monitor/linearizability.hpp"
#include "checker/monitor/numbered_monitor.hpp"

namespace capstan::checker {

/// A state of what both have in common: one of the writes, and something about each read.
struct RegisterState {
  struct Read {
    int process = -1;
    std::uint32_t about = 0;
    friend auto operator<=>(const Read&, const Read&) = default;
    friend bool operator==(const Read&, const Read&) = default;
  };
  /// A read that is answered, and might turn out to have read what was never written.
  struct Answered {
    std::uint32_t about = 0;
    std::vector<int> writers;  // whose writes were pending then, and are
    friend auto operator<=>(const Answered&, const Answered&) = default;
    friend bool operator==(const Answered&, const Answered&) = default;
  };
  std::uint32_t writes = Monitor::kViolated;  // of the inner monitor
  std::vector<int> writers;                   // with a pending write, sorted
  bool has_unknown_write = false;             // one that is pending for ever
  std::vector<Read> reads;                    // pending, by process
  std::vector<Answered> answered;             // sorted, each once
  friend auto operator<=>(const RegisterState&, const RegisterState&) = default;
  friend bool operator==(const RegisterState&, const RegisterState&) = default;
};

class RegisterMonitor : public NumberedMonitor<RegisterState> {
 protected:
  using State = RegisterState;
  using Read = RegisterState::Read;
  using Answered = RegisterState::Answered;

  RegisterMonitor(const model::Protocol& protocol, int object, const model::Value& key);

  /// What there is to say about a read that begins in this state; and once something else happens.
  virtual std::uint32_t begun(const State& state, const model::HistoryEvent& event) = 0;
  virtual std::uint32_t gone_on(const State& state, std::uint32_t about,
                                const model::HistoryEvent& event) = 0;
  /// What the read's answer does to the rest; `writes` becomes kViolated if nothing explains it.
  virtual void answer(State& state, std::uint32_t about, const model::HistoryEvent& event) = 0;
  /// What `about` adds to a hash.
  virtual std::uint64_t hash_about(std::uint32_t about) const = 0;

  LinearizabilityMonitor& inner() { return inner_; }
  const LinearizabilityMonitor& inner() const { return inner_; }

 private:
  bool is_read(const model::HistoryEvent& event) const;
  State take(State state, const model::HistoryEvent& event) override;
  bool is_violated(const State& state) const override { return state.writes == kViolated; }
  std::uint64_t hash_of_state(const State& state) const override;
  void take_read(State& state, const model::HistoryEvent& event);
  void take_write(State& state, const model::HistoryEvent& event);
  void follow_answered(State& state, const model::HistoryEvent& event);

  LinearizabilityMonitor inner_;
};

class RegularMonitor final : public RegisterMonitor {
 public:
  RegularMonitor(const model::Protocol& protocol, int object, const model::Value& key);

 private:
  // About a read: the inner monitor's state that knows it.
  std::uint32_t begun(const State& state, const model::HistoryEvent& event) override;
  std::uint32_t gone_on(const State& state, std::uint32_t about,
                        const model::HistoryEvent& event) override;
  void answer(State& state, std::uint32_t about, const model::HistoryEvent& event) override;
  std::uint64_t hash_about(std::uint32_t about) const override { return inner().hash(about); }
};

class SafeMonitor final : public RegisterMonitor {
 public:
  SafeMonitor(const model::Protocol& protocol, int object, const model::Value& key);

 private:
  // About a read: 1 if some write was pending while it was, else 0.
  std::uint32_t begun(const State& state, const model::HistoryEvent& event) override;
  std::uint32_t gone_on(const State& state, std::uint32_t about,
                        const model::HistoryEvent& event) override;
  void answer(State& state, std::uint32_t about, const model::HistoryEvent& event) override;
  std::uint64_t hash_about(std::uint32_t about) const override { return about; }
};

}  // namespace capstan::checker
