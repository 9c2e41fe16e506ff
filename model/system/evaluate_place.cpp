// SPDX-License-Identifier: MIT
// evaluate_place: assignment to a variable or a part of it (D5), and the check of values against
// types (D2).
//
// Values are immutable, so an assignment at depth rebuilds the path from the part to the root and
// shares the rest. Only the part that is
// assigned is checked: the rest was checked when it was stored. Tested by:
// tests/unit/model/system/evaluate_test.cpp.
#include <fmt/format.h>

#include <algorithm>
#include <utility>

#include "model/base/require.hpp"
#include "model/system/evaluate.hpp"
#include "model/system/evaluate_collection.hpp"

namespace capstan::model {
namespace {

/// The bounds of a range are more telling than its name; of other types the name is.
std::string describe_bounds(const TypeTable& types, TypeId id) {
  const Type& type = types.at(id);
  if (type.kind == Type::Kind::Range) return fmt::format("{}..{}", type.low, type.high);
  return types.describe(id);
}

std::string root_name(const Place& place, const Environment& environment) {
  const auto slot = static_cast<std::size_t>(place.slot);
  if (place.root == Place::Root::Ghost) return environment.protocol->ghosts.at(slot).name;
  if (environment.self >= 0)
    return environment.protocol->role_of(environment.self).variables.at(slot).name;
  return fmt::format("state {}", place.slot + 1);  // in an object's own code
}

Value combined(AssignOp op, const Value& old, const Value& value, Span span) {
  if (op == AssignOp::Set) return value;
  if (old.kind() == Value::Kind::Set || old.kind() == Value::Kind::Sequence) {
    return op == AssignOp::Add ? joined(old, value) : without(old, value);
  }
  if (old.is_none() || value.is_none()) throw ModelError{"arithmetic on `none`", span};
  std::int64_t result = 0;
  const bool overflow = op == AssignOp::Add
                            ? __builtin_add_overflow(old.number(), value.number(), &result)
                            : __builtin_sub_overflow(old.number(), value.number(), &result);
  if (overflow) throw ModelError{"a number outgrows 64 bits", span};
  return Value::integer(result);
}

Value with_element(const Value& container, std::size_t position, Value element) {
  std::vector<Value> elements = container.elements();
  elements.at(position) = std::move(element);
  return container.with_elements(std::move(elements));
}

class Assignment {
 public:
  Assignment(const Place& place, AssignOp op, const Value& value, Environment& environment)
      : place_(place),
        op_(op),
        value_(value),
        environment_(environment),
        name_(root_name(place, environment)) {}

  /// The new value of what stands at step `depth` of the place, whose old value is `old`.
  Value run(std::size_t depth, const Value& old) {
    if (depth == place_.steps.size()) {
      Value result = combined(op_, old, value_, place_.span);
      require_in_type(environment_.protocol->types, place_.type, result, "`" + name_ + "`",
                      place_.span);
      return result;
    }
    if (old.is_none())
      throw ModelError{fmt::format("`{}` is `none` and has no parts", name_), place_.span};
    const std::size_t position = position_of(place_.steps[depth], old);
    Value element = run(depth + 1, old.elements().at(position));
    return with_element(old, position, std::move(element));
  }

 private:
  std::size_t position_of(const Place::Step& step, const Value& container) {
    const TypeTable& types = environment_.protocol->types;
    if (step.kind == Place::Step::Kind::Field) {
      name_ += "." + types.at(step.container).fields.at(static_cast<std::size_t>(step.field)).name;
      return static_cast<std::size_t>(step.field);
    }
    const Value index = evaluate(*step.index, environment_);
    name_ += "[" + types.format(step.index->type, index) + "]";
    return step.kind == Place::Step::Kind::MapKey
               ? map_position(types, step.container, index, step.index->span)
               : sequence_position(container, index, step.index->span);
  }

  const Place& place_;
  AssignOp op_;
  const Value& value_;
  Environment& environment_;
  std::string name_;  // of the part reached so far, for messages
};

}  // namespace

Value assign(const Place& place, AssignOp op, Value root, const Value& value,
             Environment& environment) {
  return Assignment(place, op, value, environment).run(0, root);
}

void require_in_type(const TypeTable& types, TypeId type, const Value& value,
                     const std::string& what, Span span) {
  if (types.contains(type, value)) return;
  throw ModelError{fmt::format("{} would be {}, outside {}", what, types.format(type, value),
                               describe_bounds(types, type)),
                   span};
}

}  // namespace capstan::model
