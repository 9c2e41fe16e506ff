// SPDX-License-Identifier: MIT
// evaluate_collection: tuples, sets, maps and sequences, and comprehensions over them.
//
// Idea: collections are immutable vectors; sets are sorted without duplicates, so union and
// difference are merges. A map holds one value for each key of its key type's domain, in that
// order, so pointwise operators walk two vectors side by side.
// Cost: linear in the collections, and one evaluation of the body for each binding.
// Tested by: tests/unit/model/system/evaluate_test.cpp.
#include "model/system/evaluate_collection.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <iterator>
#include <optional>
#include <utility>

#include "model/base/require.hpp"
#include "model/system/effort.hpp"

namespace capstan::model {
namespace {

/// A range of numbers with more elements than this is a model error, so that a slip cannot eat the
/// memory.
constexpr std::int64_t kRangeSizeLimit = 1'000'000;
/// So many values of a sum or an extreme are kept before they are made one.
constexpr std::size_t kSummarized = 1'000;

std::vector<Value> evaluate_all(const std::vector<ExprPtr>& exprs, Environment& environment) {
  std::vector<Value> values;
  values.reserve(exprs.size());
  for (const ExprPtr& expr : exprs) values.push_back(evaluate(*expr, environment));
  return values;
}

std::size_t domain_size(const TypeTable& types, TypeId key, Span span) {
  const std::optional<std::vector<Value>> domain = types.domain(key);
  if (!domain) throw ModelError{"the map has too many keys", span};
  return domain->size();
}

Value range(const Expr& expr, Environment& environment) {
  const std::int64_t first = evaluate(*expr.operands[0], environment).number();
  const std::int64_t last = evaluate(*expr.operands[1], environment).number();
  std::vector<Value> numbers;
  if (first > last) return Value::set({});
  // The difference may not fit in 64 bits; if so it is surely over the limit.
  std::int64_t distance = 0;
  if (__builtin_sub_overflow(last, first, &distance) || distance >= kRangeSizeLimit) {
    throw ModelError{
        fmt::format("the range {}..{} has more than {} elements", first, last, kRangeSizeLimit),
        expr.span};
  }
  // Counted by the distance: behind the largest number there is none.
  for (std::int64_t i = 0; i <= distance; ++i) numbers.push_back(Value::integer(first + i));
  return Value::set(std::move(numbers));
}

Value slice(const Expr& expr, Environment& environment) {
  const Value sequence = evaluate(*expr.operands[0], environment);
  const std::int64_t first = evaluate(*expr.operands[1], environment).number();
  const std::int64_t last = evaluate(*expr.operands[2], environment).number();
  const std::vector<Value>& elements = sequence.elements();
  const std::int64_t begin = std::max<std::int64_t>(first, 1);
  const std::int64_t end = std::min(last, static_cast<std::int64_t>(elements.size()));
  std::vector<Value> part;
  for (std::int64_t i = begin; i <= end; ++i)
    part.push_back(elements[static_cast<std::size_t>(i - 1)]);
  return Value::sequence(std::move(part));
}

bool is_subset(const Value& a, const Value& b) {
  return std::includes(b.elements().begin(), b.elements().end(), a.elements().begin(),
                       a.elements().end());
}

bool is_pointwise_at_most(const Value& a, const Value& b) {
  CAPSTAN_REQUIRE(a.elements().size() == b.elements().size(),
                  "maps of one type have the same keys");
  return std::equal(a.elements().begin(), a.elements().end(), b.elements().begin(),
                    [](const Value& x, const Value& y) { return x <= y; });
}

Value pointwise(const Value& a, const Value& b, bool take_larger) {
  CAPSTAN_REQUIRE(a.elements().size() == b.elements().size(),
                  "maps of one type have the same keys");
  std::vector<Value> values = a.elements();
  for (std::size_t i = 0; i < values.size(); ++i) {
    const Value& other = b.elements()[i];
    if (take_larger ? values[i] < other : other < values[i]) values[i] = other;
  }
  return Value::map(std::move(values));
}

Value sum_of(const std::vector<Value>& values, Span span) {
  std::int64_t sum = 0;
  for (const Value& value : values) {
    if (__builtin_add_overflow(sum, value.number(), &sum))
      throw ModelError{"a number outgrows 64 bits", span};
  }
  return Value::integer(sum);
}

/// The extreme of `values`; of none the value of `otherwise`, or a model error if that is null.
Value extreme(const std::vector<Value>& values, bool largest, const Expr* otherwise, Span span,
              Environment& environment) {
  if (values.empty()) {
    if (otherwise != nullptr) return evaluate(*otherwise, environment);
    throw ModelError{largest ? "`max` of nothing" : "`min` of nothing", span};
  }
  return largest ? *std::max_element(values.begin(), values.end())
                 : *std::min_element(values.begin(), values.end());
}

/// A map comprehension must give every key, but for maps with gaps, where a key left out is `none`.
/// The last value given to a key counts.
Value map_of(const Expr& expr, const std::vector<std::pair<Value, Value>>& entries,
             Environment& environment) {
  const TypeTable& types = environment.protocol->types;
  const Type& type = types.at(expr.type);
  std::vector<std::optional<Value>> values(domain_size(types, type.key, expr.span));
  for (const auto& [key, value] : entries)
    values[map_position(types, expr.type, key, expr.span)] = value;
  std::vector<Value> result;
  for (std::optional<Value>& value : values) {
    if (!value && types.at(type.element).kind != Type::Kind::Option) {
      throw ModelError{"the map has no value for some of its keys", expr.span};
    }
    result.push_back(value ? std::move(*value) : Value::none());
  }
  return Value::map(std::move(result));
}

/// Every, Some, Count.
Value quantified(const Comprehension& comprehension, Environment& environment) {
  std::int64_t count = 0;
  bool exception_found = false;
  for_each_binding(comprehension.binders, comprehension.where.get(), environment, [&] {
    const bool holds = evaluate(*comprehension.value, environment).truth();
    if (holds) ++count;
    if (!holds) exception_found = true;
    if (comprehension.kind == ComprehensionKind::Some) return !holds;
    if (comprehension.kind == ComprehensionKind::Every) return holds;
    return true;
  });
  if (comprehension.kind == ComprehensionKind::Some) return Value::boolean(count > 0);
  if (comprehension.kind == ComprehensionKind::Every) return Value::boolean(!exception_found);
  return Value::integer(count);
}

/// Binds slots `slot`.. of binder `binder` and all later ones; false if `body` asked to stop.
bool bind_slots(const std::vector<Binder>& binders, std::size_t binder, std::size_t slot,
                const std::vector<Value>* elements, const Expr* where, Environment& environment,
                const std::function<bool()>& body) {
  if (binder == binders.size()) {
    Effort::turn();
    if (where != nullptr && !evaluate(*where, environment).truth()) return true;
    return body();
  }
  const Binder& current = binders[binder];
  if (slot == current.slots.size())
    return bind_slots(binders, binder + 1, 0, nullptr, where, environment, body);
  Value set;
  if (elements == nullptr) {
    set = evaluate(*current.set, environment);
    elements = &set.elements();
  }
  CAPSTAN_REQUIRE(environment.locals != nullptr, "binders need a frame");
  for (const Value& element : *elements) {
    environment.locals->at(static_cast<std::size_t>(current.slots[slot])) = element;
    if (!bind_slots(binders, binder, slot + 1, elements, where, environment, body)) return false;
  }
  return true;
}

}  // namespace

std::size_t map_position(const TypeTable& types, TypeId map_type, const Value& index, Span span) {
  const TypeId key = types.at(map_type).key;
  const std::optional<std::size_t> position = types.key_index(key, index);
  if (!position) {
    throw ModelError{fmt::format("{} is no key of the map: its keys are {}",
                                 types.format(key, index), types.describe(key)),
                     span};
  }
  return *position;
}

std::size_t sequence_position(const Value& sequence, const Value& index, Span span) {
  const std::int64_t number = index.number();
  const auto size = static_cast<std::int64_t>(sequence.elements().size());
  if (number < 1 || number > size) {
    throw ModelError{fmt::format("index {} lies outside a sequence of {}", number, size), span};
  }
  return static_cast<std::size_t>(number - 1);
}

Value joined(const Value& a, const Value& b) {
  Effort::require_elements(a.elements().size() + b.elements().size(), {});
  std::vector<Value> elements = a.elements();
  elements.insert(elements.end(), b.elements().begin(), b.elements().end());
  if (a.kind() == Value::Kind::Sequence) return Value::sequence(std::move(elements));
  return Value::set(std::move(elements));
}

Value without(const Value& a, const Value& b) {
  std::vector<Value> elements;
  std::copy_if(a.elements().begin(), a.elements().end(), std::back_inserter(elements),
               [&](const Value& element) { return !b.contains(element); });
  return Value::set(std::move(elements));
}

Value evaluate_index(const Expr& expr, Environment& environment) {
  if (expr.kind == ExprKind::Slice) return slice(expr, environment);
  const Value collection = evaluate(*expr.operands[0], environment);
  const Value index = evaluate(*expr.operands[1], environment);
  const std::size_t position =
      expr.kind == ExprKind::MapIndex
          ? map_position(environment.protocol->types, expr.operands[0]->type, index, expr.span)
          : sequence_position(collection, index, expr.span);
  return collection.elements().at(position);
}

Value evaluate_collection(const Expr& expr, Environment& environment) {
  if (expr.kind == ExprKind::Range) return range(expr, environment);
  std::vector<Value> values = evaluate_all(expr.operands, environment);
  if (expr.kind == ExprKind::MakeTuple) return Value::tuple(std::move(values));
  if (expr.kind == ExprKind::MakeSet) return Value::set(std::move(values));
  if (expr.kind == ExprKind::MakeSequence) return Value::sequence(std::move(values));
  if (expr.kind == ExprKind::MakeMap) return Value::map(std::move(values));
  CAPSTAN_REQUIRE(expr.kind == ExprKind::ConstantMap, "a kind of collection");
  const TypeTable& types = environment.protocol->types;
  return Value::map(
      std::vector<Value>(domain_size(types, types.at(expr.type).key, expr.span), values.at(0)));
}

Value evaluate_collections(const Expr& expr, Environment& environment) {
  const Value a = evaluate(*expr.operands[0], environment);
  const Value b = evaluate(*expr.operands[1], environment);
  if (expr.kind == ExprKind::In) return Value::boolean(b.contains(a));
  if (expr.kind == ExprKind::NotIn) return Value::boolean(!b.contains(a));
  if (expr.kind == ExprKind::SubsetEqual) return Value::boolean(is_subset(a, b));
  if (expr.kind == ExprKind::PointwiseLessEqual) return Value::boolean(is_pointwise_at_most(a, b));
  if (expr.kind == ExprKind::Difference) return without(a, b);
  if (expr.kind == ExprKind::PointwiseMax) return pointwise(a, b, true);
  if (expr.kind == ExprKind::PointwiseMin) return pointwise(a, b, false);
  return joined(a, b);
}

Value evaluate_summary(const Expr& expr, Environment& environment) {
  const Value collection = evaluate(*expr.operands[0], environment);
  const std::vector<Value>& elements = collection.elements();
  if (expr.kind == ExprKind::Size)
    return Value::integer(static_cast<std::int64_t>(elements.size()));
  if (expr.kind == ExprKind::Sum) return sum_of(elements, expr.span);
  if (expr.kind == ExprKind::Max || expr.kind == ExprKind::Min) {
    const Expr* otherwise = expr.operands.size() > 1 ? expr.operands[1].get() : nullptr;
    return extreme(elements, expr.kind == ExprKind::Max, otherwise, expr.span, environment);
  }
  const bool first = expr.kind == ExprKind::First;
  if (elements.empty())
    throw ModelError{first ? "`first` of nothing" : "`last` of nothing", expr.span};
  return first ? elements.front() : elements.back();
}

Value evaluate_comprehension(const Expr& expr, Environment& environment) {
  const Effort effort(expr.span);
  const Comprehension& comprehension = *expr.comprehension;
  using enum ComprehensionKind;
  if (comprehension.kind == Every || comprehension.kind == Some || comprehension.kind == Count) {
    return quantified(comprehension, environment);
  }
  std::vector<Value> values;
  std::vector<std::pair<Value, Value>> entries;
  for_each_binding(comprehension.binders, comprehension.where.get(), environment, [&] {
    Value value = evaluate(*comprehension.value, environment);
    if (comprehension.kind == Map) {
      entries.emplace_back(evaluate(*comprehension.key, environment), std::move(value));
    } else {
      values.push_back(std::move(value));
      // Of a sum or an extreme only what it comes to so far is needed.
      const bool is_summary =
          comprehension.kind == Sum || comprehension.kind == Max || comprehension.kind == Min;
      if (is_summary && values.size() == kSummarized) {
        Value so_far = comprehension.kind == Sum ? sum_of(values, expr.span)
                                                 : extreme(values, comprehension.kind == Max,
                                                           nullptr, expr.span, environment);
        values.assign(1, std::move(so_far));
      }
    }
    Effort::require_elements(values.size() + entries.size(), expr.span);
    return true;
  });
  if (comprehension.kind == Map) return map_of(expr, entries, environment);
  if (comprehension.kind == Set) return Value::set(std::move(values));
  if (comprehension.kind == Sequence) return Value::sequence(std::move(values));
  if (comprehension.kind == Sum) return sum_of(values, expr.span);
  return extreme(values, comprehension.kind == Max, comprehension.otherwise.get(), expr.span,
                 environment);
}

void for_each_binding(const std::vector<Binder>& binders, const Expr* where,
                      Environment& environment, const std::function<bool()>& body) {
  std::optional<Effort> effort;
  if (!binders.empty()) effort.emplace(binders.front().set->span);
  bind_slots(binders, 0, 0, nullptr, where, environment, body);
}

}  // namespace capstan::model
