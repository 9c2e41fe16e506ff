// SPDX-License-Identifier: MIT
// object: the built-in objects of D17, and an interpreter for the operations that a spec writes
// out.
//
// State of the built-in ones: register and cas_register the value, counter a number, set a set,
// queue and log a sequence (front first),
// lock whether it is held. A written-out operation never suspends, sends or chooses, so walking its
// block is all there is to it.
// Tested by: tests/unit/model/system/object_test.cpp.
#include "model/system/object.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <optional>
#include <string_view>
#include <utility>

#include "model/base/require.hpp"
#include "model/system/evaluate_collection.hpp"
#include "model/system/reasons.hpp"

namespace capstan::model {
namespace {

using Arguments = std::vector<Value>;

std::int64_t shifted(std::int64_t count, std::int64_t by) {
  std::int64_t result = 0;
  if (__builtin_add_overflow(count, by, &result)) throw ModelError{"a number outgrows 64 bits", {}};
  return result;
}

ObjectAnswer apply_register(const Value& state, std::string_view op, const Arguments& args) {
  if (op == "read") return {state, state};
  if (op == "write") return {args.at(0), Value::none()};
  CAPSTAN_REQUIRE(op == "cas", "an operation of a register");
  const bool done = state == args.at(0);
  return {done ? args.at(1) : state, Value::boolean(done)};
}

ObjectAnswer apply_counter(const Value& state, std::string_view op, const Arguments& args) {
  if (op == "read") return {state, state};
  if (op == "increment") return {Value::integer(shifted(state.number(), 1)), Value::none()};
  if (op == "decrement") return {Value::integer(shifted(state.number(), -1)), Value::none()};
  CAPSTAN_REQUIRE(op == "add", "an operation of a counter");
  return {Value::integer(shifted(state.number(), args.at(0).number())), Value::none()};
}

ObjectAnswer apply_set(const Value& state, std::string_view op, const Arguments& args) {
  if (op == "read") return {state, state};
  if (op == "contains") return {state, Value::boolean(state.contains(args.at(0)))};
  if (op == "add") return {joined(state, Value::set({args.at(0)})), Value::none()};
  CAPSTAN_REQUIRE(op == "remove", "an operation of a set");
  return {without(state, Value::set({args.at(0)})), Value::none()};
}

ObjectAnswer apply_sequence(const Value& state, std::string_view op, const Arguments& args) {
  if (op == "read") return {state, state};
  if (op == "enqueue" || op == "append")
    return {joined(state, Value::sequence({args.at(0)})), Value::none()};
  CAPSTAN_REQUIRE(op == "dequeue", "an operation of a queue or log");
  const Arguments& elements = state.elements();
  if (elements.empty()) return {state, Value::none()};
  return {Value::sequence({elements.begin() + 1, elements.end()}), elements.front()};
}

ObjectAnswer apply_lock(const Value& state, std::string_view op) {
  const bool held = !state.is_none() && state.truth();
  if (op == "acquire") return {Value::boolean(true), Value::boolean(!held)};
  CAPSTAN_REQUIRE(op == "release", "an operation of a lock");
  return {Value::boolean(false), Value::boolean(held)};
}

/// Runs the blocks of one written-out operation and of the procedures that it calls.
class WrittenOperation {
 public:
  WrittenOperation(const Protocol& protocol, std::vector<Value> states)
      : states_(std::move(states)) {
    environment_.protocol = &protocol;
    environment_.variables = &states_;
  }

  /// What the body of code returns; none if it reaches its end.
  Value run(const Frame& frame, const Block& block, const Arguments& args) {
    std::vector<Value> locals(frame.slots.size());
    std::copy(args.begin(), args.end(), locals.begin());
    std::vector<Value>* outer = std::exchange(environment_.locals, &locals);
    Value result;
    walk(block, result);
    environment_.locals = outer;
    return result;
  }
  const std::vector<Value>& states() const { return states_; }

 private:
  enum class Flow { Goes, NextTurn, Leaves };

  Flow walk(const Block& block, Value& result) {
    for (const Statement& statement : block) {
      const Flow flow = step(statement, result);
      if (flow != Flow::Goes) return flow;
    }
    return Flow::Goes;
  }

  Value value_of(const ExprPtr& expr) { return evaluate(*expr, environment_); }
  Value& local(int slot) { return environment_.locals->at(static_cast<std::size_t>(slot)); }

  Flow step(const Statement& statement, Value& result) {
    using enum StatementKind;
    switch (statement.kind) {
      case Let:
        local(statement.slot) = value_of(statement.value);
        return Flow::Goes;
      case Assign:
        assign_state(statement);
        return Flow::Goes;
      case If:
        return walk(value_of(statement.value).truth() ? statement.body : statement.otherwise,
                    result);
      case For:
        return loop(statement, result);
      case Call:
        call(statement);
        return Flow::Goes;
      case Assert:
        if (!value_of(statement.value).truth())
          fail_assertion(*statement.value, statement.span, environment_);
        return Flow::Goes;
      case Return:
        if (statement.value) result = value_of(statement.value);
        return Flow::Leaves;
      case Next:
        return Flow::NextTurn;
      case Choose:
      case Send:
      case Reply:
      case Ask:
      case WaitUntil:
      case Sync:
      case Fail:
      case Unknown:
        break;
    }
    CAPSTAN_UNREACHABLE("an object's operation only computes");
  }

  void assign_state(const Statement& statement) {
    CAPSTAN_REQUIRE(statement.place.root == Place::Root::Variable,
                    "an object's code assigns its own states");
    const auto slot = static_cast<std::size_t>(statement.place.slot);
    const Value value = value_of(statement.value);
    states_.at(slot) = assign(statement.place, statement.op, states_.at(slot), value, environment_);
  }

  /// The turns are fixed when the loop is entered, as in a role's code.
  Flow loop(const Statement& statement, Value& result) {
    std::vector<int> slots;
    for (const Binder& binder : statement.binders)
      slots.insert(slots.end(), binder.slots.begin(), binder.slots.end());
    std::vector<std::vector<Value>> turns;
    for_each_binding(statement.binders, statement.where.get(), environment_, [&] {
      std::vector<Value>& turn = turns.emplace_back();
      for (const int slot : slots) turn.push_back(local(slot));
      return true;
    });
    for (const std::vector<Value>& turn : turns) {
      for (std::size_t i = 0; i < slots.size(); ++i) local(slots[i]) = turn[i];
      if (walk(statement.body, result) == Flow::Leaves) return Flow::Leaves;
    }
    return Flow::Goes;
  }

  void call(const Statement& statement) {
    const Function& function =
        environment_.protocol->functions.at(static_cast<std::size_t>(statement.index));
    Arguments args;
    for (const ExprPtr& arg : statement.args) args.push_back(value_of(arg));
    const Value result = run(function.frame, function.block, args);
    if (statement.slot >= 0) local(statement.slot) = result;
  }

  std::vector<Value> states_;
  Environment environment_;
};

ObjectAnswer apply_written(const Protocol& protocol, const ObjectOp& op, const Value& state,
                           const Arguments& args) {
  WrittenOperation operation(protocol, state.elements());
  Value result = operation.run(op.frame, op.block, args);
  if (op.has_result)
    require_in_type(protocol.types, op.result, result, fmt::format("the result of `{}`", op.name),
                    {});
  return {Value::tuple(operation.states()), std::move(result)};
}

/// Calls count as assignments: procedures are rare here, and the answer may be too careful.
bool assigns(const Block& block) {
  return std::any_of(block.begin(), block.end(), [](const Statement& statement) {
    return statement.kind == StatementKind::Assign || statement.kind == StatementKind::Call ||
           assigns(statement.body) || assigns(statement.otherwise);
  });
}

ObjectAnswer apply_builtin(const Object& object, const Value& state, const ObjectOp& op,
                           const Arguments& args) {
  using enum ObjectKind;
  switch (object.kind) {
    case Register:
    case CasRegister:
      return apply_register(state, op.name, args);
    case Counter:
      return apply_counter(state, op.name, args);
    case Set:
      return apply_set(state, op.name, args);
    case Queue:
    case Log:
      return apply_sequence(state, op.name, args);
    case Lock:
      return apply_lock(state, op.name);
    case Written:
      break;
  }
  CAPSTAN_UNREACHABLE("written-out objects have their own code");
}

}  // namespace

ObjectAnswer apply(const Protocol& protocol, int object, const Value& state, int op,
                   const std::vector<Value>& args) {
  const Object& declared = protocol.objects.at(static_cast<std::size_t>(object));
  const ObjectOp& operation = declared.ops.at(static_cast<std::size_t>(op));
  if (declared.kind == ObjectKind::Written) return apply_written(protocol, operation, state, args);
  ObjectAnswer answer = apply_builtin(declared, state, operation, args);
  if (!operation.has_result) answer.result = Value::none();
  return answer;
}

bool is_read_only(const Object& object, int op) {
  const ObjectOp& operation = object.ops.at(static_cast<std::size_t>(op));
  if (object.kind == ObjectKind::Written) return !assigns(operation.block);
  return operation.name == "read" || operation.name == "contains";
}

bool is_final_read(const Object& object, int op) {
  const ObjectOp& operation = object.ops.at(static_cast<std::size_t>(op));
  if (object.kind == ObjectKind::Queue) return operation.name == "dequeue";
  if (object.kind == ObjectKind::Lock) return operation.name == "acquire";
  return operation.has_result && is_read_only(object, op);
}

}  // namespace capstan::model
