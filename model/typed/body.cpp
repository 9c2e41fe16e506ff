// SPDX-License-Identifier: MIT
// body: scope and slots of one body of code, the dispatch over expressions, and the fit of a value
// to its place. Tested by: tests/unit/model/typed, tests/golden/typed
#include "model/typed/body.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "model/base/limits.hpp"
#include "model/base/require.hpp"

namespace capstan::model {
namespace {

/// Parts of invariants, where one names others; one that names two that name two ... has many.
constexpr std::uint64_t kPartsInlinedMax = 1'000'000;

}  // namespace

ExprPtr make_expr(ExprKind kind, TypeId type, Span span) {
  auto expr = std::make_unique<Expr>();
  expr->kind = kind;
  expr->type = type;
  expr->span = span;
  return expr;
}

ExprPtr make_constant(Value value, TypeId type, Span span) {
  ExprPtr expr = make_expr(ExprKind::Constant, type, span);
  expr->value = std::move(value);
  return expr;
}

ExprPtr make_local(int slot, TypeId type, Span span) {
  ExprPtr expr = make_expr(ExprKind::Local, type, span);
  expr->slot = slot;
  return expr;
}

ExprPtr make_unknown(Span span) { return make_expr(ExprKind::Constant, {}, span); }

ExprPtr clone(const Expr& expr) {
  const auto copy = [](const ExprPtr& part) { return part ? clone(*part) : nullptr; };
  ExprPtr result = make_expr(expr.kind, expr.type, expr.span);
  result->value = expr.value;
  result->index = expr.index;
  result->slot = expr.slot;
  for (const ExprPtr& operand : expr.operands) result->operands.push_back(copy(operand));
  if (!expr.comprehension) return result;
  const Comprehension& from = *expr.comprehension;
  result->comprehension = std::make_unique<Comprehension>();
  Comprehension& to = *result->comprehension;
  to.kind = from.kind;
  for (const Binder& binder : from.binders) to.binders.push_back({binder.slots, copy(binder.set)});
  to.where = copy(from.where);
  to.key = copy(from.key);
  to.value = copy(from.value);
  to.otherwise = copy(from.otherwise);
  return result;
}

bool has_unknown(const Expr& expr) {
  bool found = false;
  for_each_node(expr, [&](const Expr& node) { found = found || is_unknown(node.type); });
  return found;
}

Body::Body(Elaboration& elaboration, BodyKind kind, int role)
    : elaboration_(elaboration), kind_(kind), role_(role) {}

int Body::hidden(const std::string& name, TypeId type) {
  frame.slots.push_back({name, type});
  return static_cast<int>(frame.slots.size()) - 1;
}

const Body::Local* Body::find_local(const std::string& name) const {
  const auto found = std::ranges::find(locals_.rbegin(), locals_.rend(), name, &Local::name);
  return found == locals_.rend() ? nullptr : &*found;
}

int Body::declare(const ast::Name& name, TypeId type, int slot) {
  if (slot < 0) {
    slot = hidden(name.text, type);
  } else {
    frame.slots[static_cast<std::size_t>(slot)] = {name.text, type};
  }
  if (const Local* other = find_local(name.text)) {
    Diagnostic& diagnostic =
        error("E0206", name.span, fmt::format("`{}` is already a name in this block", name.text),
              "declared again");
    diagnostic.secondary.push_back({other->span, "first declared here"});
    diagnostic.notes.push_back("no name hides another: a name means one thing within a role");
  } else if (object != nullptr && kind_ == BodyKind::ObjectOp &&
             std::ranges::find(object->states, name.text, &Type::Field::name) !=
                 object->states.end()) {
    error("E0206", name.span,
          fmt::format("`{}` is already a state of the object `{}`", name.text, object->name),
          "declared again");
  } else {
    const bool of_role = kind_ != BodyKind::Property && kind_ != BodyKind::Script;
    elaboration_.refuse_declaration(of_role ? role_ : -1, name);
  }
  locals_.push_back({name.text, slot, name.span});
  return slot;
}

void Body::parameter(const ast::Name& name, TypeId type) {
  if (name.text == "_") {
    hidden("_", type);
  } else {
    declare(name, type);
  }
  ++frame.parameter_count;
}

/// Counts what invariants that name each other come to, written out; true if that is too much.
bool Body::refuse_inlined(Span span) {
  if (elaboration_.invariants_running.empty()) return false;
  poll_limits();
  if (++elaboration_.parts_inlined <= kPartsInlinedMax) return false;
  if (elaboration_.parts_inlined == kPartsInlinedMax + 1)
    error("E0218", span,
          fmt::format("written out, the invariants have more than {} parts", kPartsInlinedMax),
          "too many invariants inside each other")
        .helps.push_back("name an invariant in a scenario rather than in other invariants");
  return true;
}

ExprPtr Body::check(const ast::Expr& expr, TypeId hint) {
  if (refuse_inlined(expr.span)) return make_unknown(expr.span);
  switch (expr.kind) {
    case ast::ExprKind::Integer:
      return make_constant(Value::integer(expr.number), int_type(types()), expr.span);
    case ast::ExprKind::Name:
      return check_name(expr, hint);
    case ast::ExprKind::UpperName:
      return check_upper_name(expr, hint);
    case ast::ExprKind::RoleMember:
      return check_role_member(expr);
    case ast::ExprKind::Call:
      return check_call(expr, hint);
    case ast::ExprKind::Comprehension:
      return check_comprehension_call(expr, hint);
    case ast::ExprKind::MethodCall:
      return check_method_call(expr);
    case ast::ExprKind::Field:
      return check_field(expr);
    case ast::ExprKind::Index:
      return check_index(expr);
    case ast::ExprKind::Force:
      return check_force(expr, hint);
    case ast::ExprKind::Tuple:
      return check_tuple(expr, hint);
    case ast::ExprKind::Parenthesized:
      return check(*expr.operands[0], hint);
    case ast::ExprKind::Ask:
      return ask_value(*expr.ask);
    case ast::ExprKind::Set:
      return check_collection_literal(expr, hint, true);
    case ast::ExprKind::Map:
      return check_map(expr, hint);
    case ast::ExprKind::SetComprehension:
      return check_comprehension(expr, hint, ComprehensionKind::Set);
    case ast::ExprKind::MapComprehension:
      return check_comprehension(expr, hint, ComprehensionKind::Map);
    case ast::ExprKind::Sequence:
      return check_collection_literal(expr, hint, false);
    case ast::ExprKind::SequenceComprehension:
      return check_comprehension(expr, hint, ComprehensionKind::Sequence);
    case ast::ExprKind::Unary:
      return check_unary(expr, hint);
    case ast::ExprKind::Binary:
      return check_binary(expr, hint);
    case ast::ExprKind::If:
      return check_if(expr, hint);
    case ast::ExprKind::Any:
      error("E0320", expr.span, "`any` cannot stand inside an expression", "a choice")
          .helps.push_back("choose first: `let chosen = any ...`");
      return make_unknown(expr.span);
    case ast::ExprKind::Error:
      return make_unknown(expr.span);
  }
  CAPSTAN_UNREACHABLE("a kind of expression");
}

ExprPtr Body::expect(const ast::Expr& expr, const Want& want) {
  ExprPtr result = check(expr, want.type);
  fit(*result, want);
  return result;
}

void Body::fit(Expr& expr, const Want& want) {
  if (is_unknown(expr.type)) return;
  take_as_time(expr, want.type);
  if (!fits(types(), expr.type, want.type)) {
    Diagnostic& diagnostic =
        error("E0301", expr.span,
              fmt::format("{} must be {}, not {}", want.what, elaboration_.a(want.type),
                          elaboration_.a(expr.type)),
              elaboration_.a(expr.type));
    if (want.origin.end > want.origin.begin) {
      diagnostic.secondary.push_back({want.origin, want.origin_text});
    }
    explain_misfit(diagnostic, expr, want.type);
    expr.type = {};
    return;
  }
  if (is_unknown(want.type)) {
    if (is_settled(types(), expr.type)) return;
    error("E0305", expr.span,
          fmt::format("nothing here tells what type {} has", elaboration_.a(expr.type)),
          "of an open type")
        .helps.push_back("store it in a variable, a field or a parameter with a type");
    expr.type = {};
    return;
  }
  expr.type = refuse_outside(expr, want.type, want) ? TypeId{} : want.type;
}

ExprPtr Body::condition(const ast::Expr& expr, const std::string& what) {
  return expect(expr, Want{bool_type(types()), what});
}

ExprPtr Body::guard(const ast::Expr& expr, const std::string& what) {
  const Lazy lazy(*this, "a guard");
  return condition(expr, what);
}

ExprPtr Body::collection(const ast::Expr& expr, const std::string& what) {
  return as_collection(check(expr), what);
}

ExprPtr Body::as_collection(ExprPtr result, const std::string& what) {
  if (is_unknown(result->type)) return result;
  const Span span = result->span;
  if (is_kind(types(), result->type, Type::Kind::Process) && result->kind == ExprKind::Constant) {
    ExprPtr set = make_expr(ExprKind::MakeSet, set_of(types(), result->type), span);
    set->operands.push_back(std::move(result));
    return set;
  }
  if (is_kind(types(), result->type, Type::Kind::Set) ||
      is_kind(types(), result->type, Type::Kind::Sequence)) {
    return result;
  }
  Diagnostic& diagnostic = error(
      "E0314", result->span,
      fmt::format("{} must be a set or a sequence, not {}", what, elaboration_.a(result->type)),
      elaboration_.a(result->type));
  if (is_kind(types(), result->type, Type::Kind::Map)) {
    diagnostic.helps.push_back("go through its keys, and index it: `m[k] for k in Key`");
  }
  if (is_kind(types(), result->type, Type::Kind::Option)) {
    diagnostic.helps.push_back("`!` gives the value of an option, `?? {}` an empty set for `none`");
  }
  return make_unknown(span);
}

std::vector<Binder> Body::binders(const std::vector<ast::Binder>& list, bool first_may_suspend) {
  std::vector<Binder> result;
  for (const ast::Binder& each : list) {
    Binder binder;
    if (first_may_suspend && result.empty()) {
      binder.set = collection(*each.set, "what `for` goes through");
    } else {
      const Lazy lazy(*this, "the set of a `for`");
      binder.set = collection(*each.set, "what `for` goes through");
    }
    const TypeId set = binder.set->type;
    const TypeId element = is_unknown(set) ? set : types().at(set).element;
    for (const ast::Name& name : each.names) binder.slots.push_back(declare(name, element));
    result.push_back(std::move(binder));
  }
  return result;
}

std::vector<Binder> Body::parameter_binders(const std::vector<ast::Binder>& list) {
  const Lazy lazy(*this, "the parameters of an action");
  for (const ast::Binder& each : list) {
    for (const ast::Name& name : each.names) {
      hidden(name.text, {});
      ++frame.parameter_count;
    }
  }
  std::vector<Binder> result;
  int slot = 0;
  for (const ast::Binder& each : list) {
    Binder binder;
    binder.set = collection(*each.set, "what a parameter is taken from");
    const TypeId set = binder.set->type;
    const TypeId element = is_unknown(set) ? set : types().at(set).element;
    for (const ast::Name& name : each.names) binder.slots.push_back(declare(name, element, slot++));
    result.push_back(std::move(binder));
  }
  return result;
}

std::optional<Caption> Body::caption(const ast::Caption& written) {
  const Lazy lazy(*this, "a caption");
  Caption result;
  std::string piece;
  for (const ast::CaptionPart& part : written.parts) {
    if (!part.value) {
      piece += part.text;
      continue;
    }
    result.holes.push_back(expect(*part.value, Want{{}, "a caption's value"}));
    result.pieces.push_back(std::move(piece));
    piece.clear();
  }
  result.pieces.push_back(std::move(piece));
  return result;
}

}  // namespace capstan::model
