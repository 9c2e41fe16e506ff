// SPDX-License-Identifier: MIT
#include "runtime/command/confirm_error.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <set>
#include <utility>
#include <vector>

#include "checker/symbolic/history_formula.hpp"
#include "model/system/object.hpp"
#include "runtime/execute/world.hpp"

namespace capstan::runtime {
namespace {

using model::ModelError;
using model::Value;

/// Looks for the error in the state that a run ends in.
class StateSearch {
 public:
  StateSearch(const model::Protocol& protocol, const model::Trace& trace,
              const std::string& message)
      : protocol_(protocol),
        message_(message),
        when_(trace.labels.size() > 1 ? "In the last state" : "At the start"),
        world_(protocol) {
    std::int64_t latest = 0;
    for (const model::Label& label : trace.labels) {
      if (!world_.apply(label)) break;
      latest = std::max(latest, world_.true_time() + label.reading.value_or(0));
    }
    world_.set_horizon(std::max<std::int64_t>(20, latest + protocol.process_count() + 1));
  }

  std::optional<FoundError> find() {
    properties();
    scripts();
    faults();
    return std::move(found_);
  }

 private:
  template <typename Body>
  void attempt(const std::string& where, const Body& body) {
    if (found_) return;
    try {
      body();
    } catch (const ModelError& error) {
      if (message_.empty() || error.message == message_)
        found_ = FoundError{error, fmt::format("{}, {} is a model error", when_, where)};
    }
  }

  void properties() {
    for (const model::Expectation& expectation : protocol_.scenario.expectations) {
      attempt(fmt::format("evaluating `{}`", expectation.text), [&] {
        if (expectation.condition) world_.can_look(*expectation.condition, expectation.frame, true);
        if (expectation.consequence)
          world_.can_look(*expectation.consequence, expectation.consequence_frame, true);
        if (expectation.members) world_.value(*expectation.members, expectation.frame);
      });
    }
  }

  /// A script whose next step waits; pools may be left at any time.
  void scripts() {
    for (int process = 0; process < protocol_.process_count(); ++process) {
      const auto& script = protocol_.scenario.scripts[static_cast<std::size_t>(process)];
      const int begin = world_.processes()[static_cast<std::size_t>(process)].script_position;
      const auto next = std::find_if(
          script.begin() + begin, script.end(),
          [](const model::Step& step) { return step.kind != model::Step::Kind::AnyOperations; });
      if (next == script.end() || next->kind != model::Step::Kind::WaitUntil) continue;
      const std::string& name = protocol_.types.processes()[static_cast<std::size_t>(process)].name;
      attempt(fmt::format("evaluating what the script of {} waits for", name),
              [&] { world_.value(*next->condition, next->frame); });
    }
  }

  void faults() {
    for (const model::Fault& fault : protocol_.scenario.faults)
      if (fault.among)
        attempt(fmt::format("evaluating whom `{}` may strike", fault.text),
                [&] { world_.value(*fault.among, fault.among_frame); });
  }

  const model::Protocol& protocol_;
  const std::string& message_;
  std::string when_;
  World world_;
  std::optional<FoundError> found_;
};

/// Looks for an order of one object's operations, kept by real time and explaining their answers,
/// in which the next operation is a model error: objects must be total.
class ObjectSearch {
 public:
  ObjectSearch(const model::Protocol& protocol, const model::History& history,
               const checker::HistoryPart& part, const std::string& message)
      : protocol_(protocol), history_(history), part_(part), message_(message) {}

  std::optional<FoundError> find() {
    go_on(protocol_.objects[static_cast<std::size_t>(part_.object)].initial);
    return std::move(found_);
  }

 private:
  const model::HistoryOperation& at(int i) const { return history_[static_cast<std::size_t>(i)]; }

  bool may_be_next(int i) const {
    const auto is_placed = [this](int other) {
      return std::find(order_.begin(), order_.end(), other) != order_.end();
    };
    return !is_placed(i) &&
           std::all_of(part_.operations.begin(), part_.operations.end(), [&](int other) {
             return is_placed(other) || !checker::is_before(at(other), at(i));
           });
  }

  void go_on(const Value& state) {
    std::vector<int> placed = order_;
    std::sort(placed.begin(), placed.end());
    if (!seen_.emplace(std::move(placed), state).second) return;
    for (const int i : part_.operations) {
      if (found_ || !may_be_next(i)) continue;
      order_.push_back(i);
      try_next(i, state);
      order_.pop_back();
    }
  }

  void try_next(int i, const Value& state) {
    try {
      const model::ObjectAnswer answer =
          model::apply(protocol_, part_.object, state, at(i).op, at(i).args);
      const model::Object& object = protocol_.objects[static_cast<std::size_t>(part_.object)];
      const bool has_result = object.ops[static_cast<std::size_t>(at(i).op)].has_result;
      if (at(i).is_pending() || !has_result || answer.result == at(i).result) go_on(answer.state);
    } catch (const ModelError& error) {
      if (message_.empty() || error.message == message_) found_ = FoundError{error, where()};
    }
  }

  /// "Asking the object `stack` for push(1), pop() in this order is a model error"
  std::string where() const {
    const model::Object& object = protocol_.objects[static_cast<std::size_t>(part_.object)];
    std::string name = object.name;
    if (object.has_key) name += "[" + protocol_.types.format(object.key, part_.key) + "]";
    std::vector<std::string> calls;
    for (const int i : order_) calls.push_back(call(object, at(i)));
    return fmt::format("Asking the object `{}` for {}{} is a model error", name,
                       fmt::join(calls, ", "), calls.size() == 1 ? "" : " in this order");
  }

  std::string call(const model::Object& object, const model::HistoryOperation& operation) const {
    const model::ObjectOp& op = object.ops[static_cast<std::size_t>(operation.op)];
    std::vector<std::string> args;
    for (std::size_t k = 0; k < operation.args.size(); ++k)
      args.push_back(protocol_.types.format(op.parameters[k].type, operation.args[k]));
    return fmt::format("{}({})", op.name, fmt::join(args, ", "));
  }

  const model::Protocol& protocol_;
  const model::History& history_;
  const checker::HistoryPart& part_;
  const std::string& message_;
  std::vector<int> order_;
  std::set<std::pair<std::vector<int>, Value>> seen_;
  std::optional<FoundError> found_;
};

}  // namespace

std::optional<FoundError> find_error(const model::Protocol& protocol, const model::Trace& trace,
                                     const model::Run& run, const std::string& message) {
  const model::StepRecord& last = run.steps.back();
  if (last.error)
    return FoundError{{*last.error, last.error_span}, "The last step ends in a model error"};
  if (auto found = StateSearch(protocol, trace, message).find()) return found;
  for (const checker::HistoryPart& part : checker::parts_of(protocol, run.history))
    if (auto found = ObjectSearch(protocol, run.history, part, message).find()) return found;
  return std::nullopt;
}

}  // namespace capstan::runtime
