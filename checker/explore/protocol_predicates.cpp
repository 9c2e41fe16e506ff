// SPDX-License-Identifier: MIT
// The part of ProtocolSystem that is about predicates: what they read, and their values in states.
//
// A predicate that reads clocks is judged for every reading that is admissible (model/README,
// time): one for each process that is asked, and the same however often it is asked. What a clock
// shows here is not remembered as its last reading. Cost: an evaluation for each combination of
// readings, once for each combination of what the predicate reads (explore/predicates).
#include <algorithm>
#include <utility>

#include "checker/explore/footprint.hpp"
#include "checker/explore/protocol_system.hpp"
#include "model/base/require.hpp"

namespace capstan::checker {

using model::Fault;
using model::MessageInstance;
using model::Value;

/// A global state for properties. Each clock that is read shows one time until the next `advance`.
class ProtocolSystem::View final : public model::GlobalView {
 public:
  /// `spread`: as in Predicate.
  View(const ProtocolSystem& system, const StateView& state, int spread)
      : system_(system), state_(state), spread_(spread) {
    for (int process = 0; process < system.process_count(); ++process)
      shown_.emplace_back(*this, process);
    if (spread_ > 1) variables_.resize(shown_.size());
  }

  model::Clock* clock(int process) const override {
    return &shown_[static_cast<std::size_t>(process)];
  }
  /// Goes on to the next combination of what the clocks that were read may show; false: none is
  /// left. Which clock is read may depend on what those before it showed, so the last goes first.
  bool advance() const {
    while (!read_.empty()) {
      if (read_.back()->advance()) return true;
      read_.pop_back();
    }
    return false;
  }

  const std::vector<Value>& variables(int process) const override {
    if (spread_ == 1) return at(process).variables;
    std::vector<Value>& spread = variables_[static_cast<std::size_t>(process)];
    if (spread.empty())
      spread = system_.machine_.with_times(process, at(process), spreading()).variables;
    return spread;
  }
  bool is_live(int process) const override { return !at(process).is_down; }
  bool is_done(int process) const override {
    const auto& script = system_.protocol_.scenario.scripts[static_cast<std::size_t>(process)];
    // Pools that are empty are nothing left to do.
    return !system_.machine_.has_pending_operation(at(process)) &&
           std::all_of(script.begin() + at(process).script_position, script.end(),
                       [this](const model::Step& step) {
                         return step.kind == model::Step::Kind::AnyOperations &&
                                system_.pool_left(state_, step.pool) == 0;
                       });
  }
  Value messages_in_flight(int message) const override {
    std::vector<Value> found;
    for (const auto& inbox : state_.inboxes) {
      for (const MessageId id : inbox) {
        const MessageInstance& instance = system_.messages_[id].instance;
        if (instance.message != message || is_stale_reply(instance)) continue;
        std::vector<Value> fields = spread_ == 1
                                        ? instance.fields
                                        : system_.machine_.with_times(instance, spreading()).fields;
        fields.push_back(Value::integer(instance.source));
        fields.push_back(Value::integer(instance.destination));
        found.push_back(Value::tuple(std::move(fields)));
      }
    }
    return Value::set(std::move(found));
  }

 private:
  class Shown final : public model::Clock {
   public:
    Shown(const View& view, int process) : view_(view), process_(process) {}
    std::int64_t now() override {
      if (admissible_.empty()) admissible_ = view_.readings(process_);
      if (!is_read_) view_.read_.push_back(this);
      is_read_ = true;
      return admissible_[position_];
    }
    /// Whether there is a next reading, which it shows from now on; else it is as never read.
    bool advance() {
      is_read_ = ++position_ < admissible_.size();
      if (!is_read_) position_ = 0;
      return is_read_;
    }

   private:
    const View& view_;
    int process_;
    std::vector<std::int64_t> admissible_;
    std::size_t position_ = 0;
    bool is_read_ = false;
  };

  /// With reductions off, replies to asks that are closed are kept: only there, and for nobody.
  bool is_stale_reply(const MessageInstance& instance) const {
    const auto index = static_cast<std::size_t>(instance.message);
    return instance.token.is_stale() && system_.protocol_.messages[index].is_reply;
  }
  const model::ProcessState& at(int process) const {
    const auto index = static_cast<std::size_t>(process);
    return system_.locals_[index][state_.locals[index]].state;
  }
  model::TimeMap spreading() const {
    return [this](std::int64_t place) { return place * spread_; };
  }
  std::vector<std::int64_t> readings(int process) const {
    if (spread_ == 1) return system_.machine_.readings(process, at(process));
    const model::ClockState& clock = at(process).clock;
    std::vector<std::int64_t> places;
    const std::int64_t above_all = 2 * clock.offset + 2;
    for (std::int64_t place = std::max<std::int64_t>(clock.last, 0) * spread_;
         place <= above_all * spread_; ++place)
      places.push_back(place);
    return places;
  }

  const ProtocolSystem& system_;
  const StateView& state_;
  int spread_;
  mutable std::vector<std::vector<Value>> variables_;  // spread, by process
  mutable std::vector<Shown> shown_;                   // by process
  mutable std::vector<Shown*> read_;                   // in the order in which they were read
};

/// With `member`: whether this process is the value, or in it.
int ProtocolSystem::add_predicate(const model::Expr& condition, const model::Frame& frame,
                                  int member) {
  predicates_.push_back({&condition, frame.slots.size(),
                         footprint_of(protocol_, condition, ghost_track_, fault_track_), member,
                         false, 1});
  return static_cast<int>(predicates_.size()) - 1;
}

/// Room for each clock that may be read, in each gap.
int ProtocolSystem::spread_of(const Predicate& predicate) const {
  if (abstraction_->kind() != TimeAbstraction::Kind::Order) return 1;
  return 1 + static_cast<int>(std::ranges::count_if(
                 predicate.footprint.processes,
                 [this](std::uint16_t process) { return protocol_.role_of(process).reads_clock; }));
}

/// What is claimed or waited for must hold for all that clocks may show; what is denied, looked
/// for, or sets something off, for some.
bool ProtocolSystem::needs_all_readings(model::PropertyKind kind) {
  return kind == model::PropertyKind::Always || kind == model::PropertyKind::Eventually ||
         kind == model::PropertyKind::EventuallyAlways;
}

void ProtocolSystem::add_predicates() {
  for (const model::Expectation& expectation : protocol_.scenario.expectations) {
    const auto add = [&](const model::ExprPtr& formula, const model::Frame& frame, bool needs_all) {
      if (!formula) return -1;
      const int predicate = add_predicate(*formula, frame);
      predicates_.back().needs_all_readings = needs_all;
      if (expectation.reads_clocks) predicates_.back().spread = spread_of(predicates_.back());
      return predicate;
    };
    const bool needs_all = needs_all_readings(expectation.kind);
    expectation_predicates_.push_back(add(expectation.condition, expectation.frame, needs_all));
    consequence_predicates_.push_back(
        add(expectation.consequence, expectation.consequence_frame, true));
  }
  for (std::size_t i = 0; i < protocol_.scenario.expectations.size(); ++i) {
    const model::Expectation& expectation = protocol_.scenario.expectations[i];
    for (int process = 0; expectation.members && process < process_count(); ++process)
      if (!protocol_.role_of(process).operations.empty())
        audience_predicates_[{static_cast<int>(i), process}] =
            add_predicate(*expectation.members, expectation.frame, process);
  }
  for (std::size_t process = 0; process < protocol_.scenario.scripts.size(); ++process) {
    const auto& script = protocol_.scenario.scripts[process];
    for (std::size_t position = 0; position < script.size(); ++position)
      if (script[position].kind == model::Step::Kind::WaitUntil)
        wait_predicates_[{static_cast<int>(process), static_cast<int>(position)}] =
            add_predicate(*script[position].condition, script[position].frame);
  }
  for (std::size_t i = 0; i < protocol_.scenario.faults.size(); ++i) {
    const Fault& fault = protocol_.scenario.faults[i];
    if (!fault.among) continue;
    for (const int process : fault.subjects)
      subject_predicates_[{static_cast<int>(i), process}] =
          add_predicate(*fault.among, fault.among_frame, process);
  }
}

int ProtocolSystem::predicate_of_expectation(int expectation) const {
  return expectation_predicates_[static_cast<std::size_t>(expectation)];
}

int ProtocolSystem::consequence_of_expectation(int expectation) const {
  return consequence_predicates_[static_cast<std::size_t>(expectation)];
}

int ProtocolSystem::predicate_of_audience(int expectation, int process) const {
  const auto found = audience_predicates_.find({expectation, process});
  return found == audience_predicates_.end() ? -1 : found->second;
}

bool ProtocolSystem::evaluate_once(const Predicate& predicate, model::Environment& environment) {
  const Value value = model::evaluate(*predicate.condition, environment);
  if (predicate.member < 0) return value.truth();
  const Value member = Value::integer(predicate.member);
  if (value.kind() != Value::Kind::Set) return value == member;
  return std::ranges::find(value.elements(), member) != value.elements().end();
}

/// A reading that makes the evaluation fail is a model error whatever the others do.
std::optional<bool> ProtocolSystem::holds(int predicate, const StateView& state) {
  const Predicate& what = predicates_[static_cast<std::size_t>(predicate)];
  const View view(*this, state, what.spread);
  model::Reading true_time(0);
  std::vector<Value> locals;
  model::Environment environment;
  environment.protocol = &protocol_;
  environment.locals = &locals;
  environment.global = &view;
  environment.clock = &true_time;
  environment.time_rules = abstraction_.get();
  std::vector<Value> ghosts;
  if (ghost_track_ >= 0) {
    const TrackId id = state.tracks[static_cast<std::size_t>(ghost_track_)];
    ghosts = ghosts_with_times(id, [&what](std::int64_t time) { return time * what.spread; });
    environment.ghosts = &ghosts;
  }
  bool is_some_true = false;
  bool is_some_false = false;
  try {
    do {
      locals.assign(what.slot_count, Value());
      (evaluate_once(what, environment) ? is_some_true : is_some_false) = true;
    } while (view.advance());
  } catch (const model::ModelError& error) {
    predicate_errors_.try_emplace(predicate, error);
    return std::nullopt;
  }
  return what.needs_all_readings ? !is_some_false : is_some_true;
}

}  // namespace capstan::checker
