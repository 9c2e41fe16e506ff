// SPDX-License-Identifier: MIT
// comprehensions: `value for names in set where condition`, in braces, in brackets, or as a
// function's argument (D3). Tested by: tests/unit/model/typed, tests/golden/typed
#include <fmt/format.h>

#include "model/base/require.hpp"
#include "model/typed/body.hpp"

namespace capstan::model {

ExprPtr Body::check_comprehension(const ast::Expr& expr, TypeId hint, ComprehensionKind kind) {
  const Scoped scoped(*this);
  const Lazy lazy(*this, "a comprehension");
  ExprPtr result = make_expr(ExprKind::Comprehension, {}, expr.span);
  result->comprehension = std::make_unique<Comprehension>();
  Comprehension& inner = *result->comprehension;
  inner.kind = kind;
  inner.binders = binders(expr.binders.list);
  bool failed = false;
  for (const Binder& binder : inner.binders) failed = failed || is_unknown(binder.set->type);
  if (expr.binders.where) {
    inner.where = condition(*expr.binders.where, "the condition after `where`");
    failed = failed || is_unknown(inner.where->type);
  }
  check_comprehension_value(expr, hint, *result);
  if (failed || is_unknown(inner.value->type) || is_unknown(result->type)) {
    return make_unknown(expr.span);
  }
  return result;
}

void Body::check_comprehension_value(const ast::Expr& expr, TypeId hint, Expr& result) {
  Comprehension& inner = *result.comprehension;
  const ast::Expr& value = *expr.operands[0];
  switch (inner.kind) {
    case ComprehensionKind::Set:
    case ComprehensionKind::Sequence: {
      const bool set = inner.kind == ComprehensionKind::Set;
      const bool shaped = is_kind(types(), hint, set ? Type::Kind::Set : Type::Kind::Sequence);
      inner.value = check(value, shaped ? types().at(hint).element : TypeId{});
      if (is_unknown(inner.value->type)) return;
      result.type =
          set ? set_of(types(), inner.value->type) : sequence_of(types(), inner.value->type);
      return;
    }
    case ComprehensionKind::Map: {
      const bool shaped = is_kind(types(), hint, Type::Kind::Map);
      const Type map = types().at(hint);
      inner.key = shaped ? expect(value, Want{map.key, "the key of this map"}) : check(value);
      inner.value = check(*expr.operands[1], shaped ? map.element : TypeId{});
      if (is_unknown(inner.value->type) || is_unknown(inner.key->type)) return;
      const TypeId key = shaped ? map.key : inner.key->type;
      if (!types().domain(key)) {
        error("E0305", expr.span, "nothing here tells which keys this map has", "of an open type")
            .helps.push_back("store it in a variable, a field or a parameter with a map type");
        return;
      }
      Type made;
      made.kind = Type::Kind::Map;
      made.key = key;
      made.element = inner.value->type;
      const TypeId id = types().add(std::move(made));
      result.type = shaped && fits(types(), id, hint) ? hint : id;
      return;
    }
    case ComprehensionKind::Every:
    case ComprehensionKind::Some:
    case ComprehensionKind::Count:
      inner.value = condition(value, fmt::format("what `{}` counts", expr.name.text));
      result.type = inner.kind == ComprehensionKind::Count ? int_type(types()) : bool_type(types());
      return;
    case ComprehensionKind::Sum:
      inner.value = number(value, "what `sum` adds");
      result.type = int_type(types());
      return;
    case ComprehensionKind::Max:
    case ComprehensionKind::Min: {
      inner.value = check(value, without_option(types(), hint));
      if (is_unknown(inner.value->type)) return;
      if (!has_order(types(), inner.value->type)) {
        error("E0304", inner.value->span,
              fmt::format("`{}` needs an order, and {} has none", expr.name.text,
                          elaboration_.a(inner.value->type)),
              elaboration_.a(inner.value->type));
        return;
      }
      result.type = inner.value->type;
      return;
    }
  }
  CAPSTAN_UNREACHABLE("a kind of comprehension");
}

ExprPtr Body::check_comprehension_call(const ast::Expr& expr, TypeId hint) {
  static const std::map<std::string, ComprehensionKind> kKinds = {
      {"every", ComprehensionKind::Every}, {"some", ComprehensionKind::Some},
      {"count", ComprehensionKind::Count}, {"sum", ComprehensionKind::Sum},
      {"max", ComprehensionKind::Max},     {"min", ComprehensionKind::Min}};
  const std::string& name = expr.name.text;
  const auto kind = kKinds.find(name);
  if (kind == kKinds.end()) {
    Diagnostic& diagnostic =
        error("E0204", expr.name.span, fmt::format("`{}` takes no comprehension", name),
              "not one of them");
    diagnostic.notes.push_back("`every some count sum max min` take `value for x in set`");
    elaboration_.suggest_for(diagnostic, name, {"every", "some", "count", "sum", "max", "min"});
    return make_unknown(expr.span);
  }
  const bool extreme =
      kind->second == ComprehensionKind::Max || kind->second == ComprehensionKind::Min;
  ExprPtr result = check_comprehension(expr, hint, kind->second);
  if (expr.operands.size() < 2 || !expr.operands[1]) return result;
  if (!extreme) {
    error("E0307", expr.operands[1]->span,
          fmt::format("only `max` and `min` have a default, not `{}`", name), "not needed");
    return result;
  }
  const Lazy lazy(*this, "a comprehension");
  ExprPtr otherwise = check(*expr.operands[1], is_unknown(result->type) ? hint : result->type);
  if (is_unknown(result->type) || is_unknown(otherwise->type)) return make_unknown(expr.span);
  const auto joined = join(types(), result->type, otherwise->type);
  if (!joined) {
    error("E0303", otherwise->span,
          fmt::format("the default of `{}` and its elements have no type in common: {} and {}",
                      name, elaboration_.a(otherwise->type), elaboration_.a(result->type)),
          elaboration_.a(otherwise->type));
    return make_unknown(expr.span);
  }
  result->type = fits(types(), otherwise->type, result->type) ? result->type : *joined;
  result->comprehension->otherwise = std::move(otherwise);
  return result;
}

}  // namespace capstan::model
