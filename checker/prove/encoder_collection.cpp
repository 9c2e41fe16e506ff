// SPDX-License-Identifier: MIT
// encoder_collection: sets, maps and comprehensions. A set that a comprehension makes is the
// question "is there a binding that gives this element?"; where the value names the element itself,
// nothing is left to look for.
#include <fmt/format.h>

#include <utility>

#include "checker/prove/encoder.hpp"
#include "model/base/require.hpp"

namespace capstan::checker {

using model::Binder;
using model::ComprehensionKind;
using model::Expr;
using model::ExprKind;
using model::Type;
using model::TypeId;

namespace {

void require_collection(const TermPtr& term, Term::Kind kind) {
  if (term->kind == Term::Kind::Opaque) throw term->reason;
  if (term->kind != kind)
    throw CannotEncode{kind == Term::Kind::Set ? "a sequence" : "this map", {}};
}

/// Slots that the value gives away: `x` itself, or as a part of a tuple.
void solve(const Expr& value, const TermPtr& wanted, std::vector<std::pair<int, TermPtr>>& known) {
  if (value.kind == ExprKind::Local) {
    known.emplace_back(value.slot, wanted);
  } else if (value.kind == ExprKind::MakeTuple && wanted->kind == Term::Kind::Tuple) {
    for (std::size_t i = 0; i < value.operands.size(); ++i)
      solve(*value.operands[i], wanted->parts.at(i), known);
  }
}

TypeId element_of(const model::TypeTable& types, const Expr& collection) {
  return types.at(collection.type).element;
}

}  // namespace

TermPtr Encoder::make_collection(const Expr& expr, const Scene& scene) {
  std::vector<TermPtr> values;
  for (const model::ExprPtr& operand : expr.operands) values.push_back(evaluate(*operand, scene));
  switch (expr.kind) {
    case ExprKind::MakeTuple:
      return tuple_term(std::move(values));
    case ExprKind::ConstantMap:
      return map_term([value = values.at(0)](const TermPtr&) { return value; });
    case ExprKind::MakeMap:
      return make_map(expr, scene);
    case ExprKind::Range:
      return set_term([low = number_of(values[0]), high = number_of(values[1])](const TermPtr& n) {
        return low <= number_of(n) && number_of(n) <= high;
      });
    default:
      break;
  }
  CAPSTAN_REQUIRE(expr.kind == ExprKind::MakeSet, "a kind of collection");
  return set_term([this, values](const TermPtr& element) {
    z3::expr any = universe_.truth(false);
    for (const TermPtr& value : values) any = or_of(any, equal_flat(element, value));
    return any;
  });
}

TermPtr Encoder::make_map(const Expr& expr, const Scene& scene) {
  const TypeId key_type = protocol_.types.at(expr.type).key;
  const Type::Kind kind = protocol_.types.at(key_type).kind;
  const bool has_fixed_keys = kind == Type::Kind::Enumeration || kind == Type::Kind::Bool;
  if (universe_.scope() == Universe::Scope::Every && !has_fixed_keys)
    throw CannotEncode{"a map written out", expr.span};
  const auto keys = protocol_.types.domain(key_type);
  CAPSTAN_REQUIRE(keys && keys->size() == expr.operands.size(), "a map has a value for each key");
  std::vector<std::pair<TermPtr, TermPtr>> entries;
  for (std::size_t i = 0; i < keys->size(); ++i)
    entries.emplace_back(universe_.constant((*keys)[i], key_type),
                         evaluate(*expr.operands[i], scene));
  return map_term([entries](const TermPtr& key) {
    TermPtr result = entries.back().second;
    for (const auto& [each, value] : entries) result = choice(equal_flat(key, each), value, result);
    return result;
  });
}

TermPtr Encoder::on_collections(const Expr& expr, const Scene& scene) {
  const TermPtr a = evaluate(*expr.operands[0], scene);
  const TermPtr b = evaluate(*expr.operands[1], scene);
  if (expr.kind == ExprKind::In || expr.kind == ExprKind::NotIn) {
    require_collection(b, Term::Kind::Set);
    const z3::expr within = b->contains(a);
    return truth_term(expr.kind == ExprKind::In ? within : not_of(within));
  }
  const bool on_maps = expr.kind == ExprKind::PointwiseLessEqual ||
                       expr.kind == ExprKind::PointwiseMax || expr.kind == ExprKind::PointwiseMin;
  require_collection(a, on_maps ? Term::Kind::Map : Term::Kind::Set);
  require_collection(b, on_maps ? Term::Kind::Map : Term::Kind::Set);
  const TypeId type = common_type(protocol_.types, expr.operands[0]->type, expr.operands[1]->type);
  switch (expr.kind) {
    case ExprKind::SubsetEqual:
      return truth_term(universe_.for_all(protocol_.types.at(type).element, [&](const TermPtr& e) {
        return implies_of(a->contains(e), b->contains(e));
      }));
    case ExprKind::PointwiseLessEqual:
      return truth_term(universe_.for_all(protocol_.types.at(type).key, [&](const TermPtr& key) {
        return not_of(less(b->at(key), a->at(key)));
      }));
    case ExprKind::Union:
      return set_term([a, b](const TermPtr& e) { return or_of(a->contains(e), b->contains(e)); });
    case ExprKind::Difference:
      return set_term(
          [a, b](const TermPtr& e) { return and_of(a->contains(e), not_of(b->contains(e))); });
    default: {  // PointwiseMax, PointwiseMin
      const bool largest = expr.kind == ExprKind::PointwiseMax;
      return map_term([a, b, largest](const TermPtr& key) {
        const TermPtr x = a->at(key);
        const TermPtr y = b->at(key);
        return choice(largest ? less(x, y) : less(y, x), y, x);
      });
    }
  }
}

z3::expr Encoder::bound(const std::vector<Binder>& binders, const Expr* where, const Scene& scene,
                        bool for_all, const std::function<z3::expr(const Scene&)>& body) {
  return bound_from(binders, 0, 0, where, scene, for_all, body);
}

z3::expr Encoder::bound_from(const std::vector<Binder>& binders, std::size_t binder,
                             std::size_t slot, const Expr* where, const Scene& scene, bool for_all,
                             const std::function<z3::expr(const Scene&)>& body) {
  if (binder == binders.size()) {
    if (!where) return body(scene);
    const z3::expr holds = truth(*where, scene);
    if (is_false(holds)) return universe_.truth(for_all);
    Scene inner = scene;
    inner.path = and_of(scene.path, holds);
    return for_all ? implies_of(holds, body(inner)) : and_of(holds, body(inner));
  }
  const Binder& current = binders[binder];
  if (slot == current.slots.size())
    return bound_from(binders, binder + 1, 0, where, scene, for_all, body);
  const TermPtr set = evaluate(*current.set, scene);
  require_collection(set, Term::Kind::Set);
  const auto if_within = [&](const z3::expr& within, const TermPtr& element) {
    if (is_false(within)) return universe_.truth(for_all);
    Scene inner = scene;
    inner.locals.at(static_cast<std::size_t>(current.slots[slot])) = element;
    inner.path = and_of(scene.path, within);
    const z3::expr rest = bound_from(binders, binder, slot + 1, where, inner, for_all, body);
    return for_all ? implies_of(within, rest) : and_of(within, rest);
  };
  if (set->is_listed) {
    z3::expr all = universe_.truth(for_all);
    for (const auto& [within, member] : set->members) {
      const z3::expr one = if_within(within, member);
      all = for_all ? and_of(all, one) : or_of(all, one);
    }
    return all;
  }
  const auto inner_body = [&](const TermPtr& each) { return if_within(set->contains(each), each); };
  const TypeId element = element_of(protocol_.types, *current.set);
  return for_all ? universe_.for_all(element, inner_body) : universe_.exists(element, inner_body);
}

z3::expr Encoder::taken_errors() {
  z3::expr any = universe_.truth(false);
  for (const z3::expr& error : std::exchange(errors_, {})) any = or_of(any, error);
  return any;
}

/// Whether evaluating a set, a condition or a value of some binding ends in a model error.
z3::expr Encoder::error_of_some(const model::Comprehension& of, std::size_t binder,
                                std::size_t slot, const Scene& scene) {
  if (binder == of.binders.size()) {
    Scene inner = scene;
    if (of.where) inner.path = and_of(scene.path, truth(*of.where, scene));
    if (!is_false(inner.path)) {
      if (of.key) evaluate(*of.key, inner);
      evaluate(*of.value, inner);
    }
    return taken_errors();
  }
  const Binder& current = of.binders[binder];
  if (slot == current.slots.size()) return error_of_some(of, binder + 1, 0, scene);
  const TermPtr set = evaluate(*current.set, scene);
  require_collection(set, Term::Kind::Set);
  const z3::expr of_set = taken_errors();
  const auto if_within = [&](const z3::expr& within, const TermPtr& element) {
    if (is_false(within)) return universe_.truth(false);
    Scene inner = scene;
    inner.locals.at(static_cast<std::size_t>(current.slots[slot])) = element;
    inner.path = and_of(scene.path, within);
    return and_of(within, error_of_some(of, binder, slot + 1, inner));
  };
  if (!set->is_listed)
    return or_of(of_set, universe_.exists(element_of(protocol_.types, *current.set),
                                          [&](const TermPtr& each) {
                                            return if_within(set->contains(each), each);
                                          }));
  z3::expr some = of_set;
  for (const auto& [within, member] : set->members) some = or_of(some, if_within(within, member));
  return some;
}

/// Some binding ends in a model error: noted as one error, of the whole comprehension. What decides
/// an `every` or a `some` may come before it, so that it is never evaluated: then no error is
/// noted, unless somebody wants to be sure that there is none (`Errors::All`). A proof that assumes
/// that a step meets no error assumes the less.
void Encoder::note_errors_of(const model::Comprehension& of, const Scene& scene) {
  if (muted_ > 0) return;
  std::vector<z3::expr> outer = std::exchange(errors_, {});
  ++depth_;
  z3::expr some = error_of_some(of, 0, 0, scene);
  const bool is_every = of.kind == ComprehensionKind::Every;
  const bool may_stop = is_every || of.kind == ComprehensionKind::Some;
  if (may_stop && !is_false(some) && errors_wanted_ == Errors::Certain) {
    const Muted muted(*this);
    const z3::expr is_decided =
        bound(of.binders, of.where.get(), scene, false, [&](const Scene& inner) {
          const z3::expr holds = truth(*of.value, inner);
          return is_every ? not_of(holds) : holds;
        });
    some = and_of(some, not_of(is_decided));
  }
  --depth_;
  errors_ = std::move(outer);
  if (!is_false(some)) errors_.push_back(some);
}

TermPtr Encoder::comprehension(const Expr& expr, const Scene& scene) {
  const model::Comprehension& of = *expr.comprehension;
  note_errors_of(of, scene);
  const Muted muted(*this);
  const auto holds = [&](const Scene& inner) { return truth(*of.value, inner); };
  switch (of.kind) {
    case ComprehensionKind::Every:
      return truth_term(bound(of.binders, of.where.get(), scene, true, holds));
    case ComprehensionKind::Some:
      return truth_term(bound(of.binders, of.where.get(), scene, false, holds));
    case ComprehensionKind::Set:
      return comprehended_set(expr, scene);
    case ComprehensionKind::Map:
      return comprehended_map(expr, scene);
    case ComprehensionKind::Count:
    case ComprehensionKind::Sum:
      if (universe_.scope() == Universe::Scope::Every)
        throw CannotEncode{of.kind == ComprehensionKind::Sum ? "`sum`" : "`count`", expr.span};
      return counted(of, scene);
    case ComprehensionKind::Max:
    case ComprehensionKind::Min: {
      const TypeId element = of.value->type;
      const TermPtr set = set_term([this, &of, element, scene](const TermPtr& wanted) {
        const Muted inner(*this);
        return is_produced(of, element, wanted, scene);
      });
      --depth_;  // what is asked for is one value, unless something around it is bound
      const TermPtr result = extreme_of(set, element, of.kind == ComprehensionKind::Max,
                                        of.otherwise.get(), expr, scene);
      ++depth_;
      return result;
    }
    case ComprehensionKind::Sequence:
      throw CannotEncode{"a sequence", expr.span};
  }
  CAPSTAN_UNREACHABLE("a kind of comprehension");
}

z3::expr Encoder::is_produced(const model::Comprehension& from, TypeId element,
                              const TermPtr& wanted, const Scene& scene) {
  std::vector<std::pair<int, TermPtr>> known;
  solve(*from.value, wanted, known);
  Scene start = scene;
  std::vector<Binder> rest;
  std::vector<const Binder*> solved;
  for (const Binder& binder : from.binders) {
    const auto value_of = [&](int slot) {
      for (const auto& [each, value] : known)
        if (each == slot) return value;
      return TermPtr{};
    };
    if (binder.slots.size() == 1 && from.binders.size() == 1 && value_of(binder.slots[0])) {
      start.locals.at(static_cast<std::size_t>(binder.slots[0])) = value_of(binder.slots[0]);
      solved.push_back(&binder);
    }
  }
  const auto gives = [&](const Scene& inner) {
    return universe_.equal(evaluate(*from.value, inner), wanted, element);
  };
  if (solved.empty()) return bound(from.binders, from.where.get(), scene, false, gives);
  const TermPtr set = evaluate(*solved[0]->set, scene);
  require_collection(set, Term::Kind::Set);
  z3::expr all = set->contains(start.locals.at(static_cast<std::size_t>(solved[0]->slots[0])));
  if (from.where) all = and_of(all, truth(*from.where, start));
  return and_of(all, gives(start));
}

TermPtr Encoder::comprehended_set(const Expr& expr, const Scene& scene) {
  const model::Comprehension* of = expr.comprehension.get();
  const TypeId element = element_of(protocol_.types, expr);
  return set_term([this, of, element, scene](const TermPtr& wanted) {
    const Muted muted(*this);
    return is_produced(*of, element, wanted, scene);
  });
}

TermPtr Encoder::comprehended_map(const Expr& expr, const Scene& scene) {
  const model::Comprehension* of = expr.comprehension.get();
  const Type& type = protocol_.types.at(expr.type);
  const bool is_plain = of->binders.size() == 1 && of->binders[0].slots.size() == 1 &&
                        of->key->kind == ExprKind::Local &&
                        of->key->slot == of->binders[0].slots[0];
  if (!is_plain) throw CannotEncode{"a map comprehension whose key is computed", expr.span};
  const bool has_gaps = protocol_.types.at(type.element).kind == Type::Kind::Option;
  const auto is_given = [this, of, scene](const TermPtr& key) {
    const TermPtr set = evaluate(*of->binders[0].set, scene);
    require_collection(set, Term::Kind::Set);
    Scene inner = scene;
    inner.locals.at(static_cast<std::size_t>(of->key->slot)) = key;
    return and_of(set->contains(key), of->where ? truth(*of->where, inner) : universe_.truth(true));
  };
  if (!has_gaps) {
    const z3::expr all = universe_.for_all(type.key, is_given);
    --muted_;
    note_error(scene, not_of(all));
    ++muted_;
  }
  return map_term([this, of, scene, is_given, has_gaps](const TermPtr& key) {
    const Muted muted(*this);
    Scene inner = scene;
    inner.locals.at(static_cast<std::size_t>(of->key->slot)) = key;
    const TermPtr value = evaluate(*of->value, inner);
    if (!has_gaps) return value;
    return choice(is_given(key), value, option_term(universe_.truth(false), nullptr));
  });
}

void Encoder::expand(const model::Comprehension& of, std::size_t binder, std::size_t slot,
                     const Scene& scene, const z3::expr& condition,
                     const std::function<void(const Scene&, const z3::expr&)>& body) {
  if (binder == of.binders.size()) {
    const z3::expr holds = of.where ? and_of(condition, truth(*of.where, scene)) : condition;
    if (!is_false(holds)) body(scene, holds);
    return;
  }
  const Binder& current = of.binders[binder];
  if (slot == current.slots.size()) return expand(of, binder + 1, 0, scene, condition, body);
  const TermPtr set = evaluate(*current.set, scene);
  require_collection(set, Term::Kind::Set);
  const auto visit = [&](const z3::expr& is_element, const TermPtr& element) {
    const z3::expr within = and_of(condition, is_element);
    if (is_false(within)) return;
    Scene inner = scene;
    inner.locals.at(static_cast<std::size_t>(current.slots[slot])) = element;
    expand(of, binder, slot + 1, inner, within, body);
  };
  if (set->is_listed) {
    for (const auto& [within, member] : set->members) visit(within, member);
    return;
  }
  universe_.each(element_of(protocol_.types, *current.set),
                 [&](const TermPtr& each) { visit(set->contains(each), each); });
}

TermPtr Encoder::counted(const model::Comprehension& of, const Scene& scene) {
  z3::expr total = universe_.context().int_val(0);
  const z3::expr zero = total;
  expand(of, 0, 0, scene, universe_.truth(true), [&](const Scene& inner, const z3::expr& is_one) {
    if (of.kind == ComprehensionKind::Sum) {
      total = total + z3::ite(is_one, number_of(evaluate(*of.value, inner)), zero);
    } else {
      const z3::expr counts = and_of(is_one, truth(*of.value, inner));
      total = total + z3::ite(counts, universe_.context().int_val(1), zero);
    }
  });
  return number_term(total);
}

TermPtr Encoder::summary(const Expr& expr, const Scene& scene) {
  const TermPtr collection = evaluate(*expr.operands[0], scene);
  const Type& type = protocol_.types.at(expr.operands[0]->type);
  const bool is_map = type.kind == Type::Kind::Map;
  require_collection(collection, is_map ? Term::Kind::Map : Term::Kind::Set);
  if (expr.kind == ExprKind::Max || expr.kind == ExprKind::Min) {
    if (is_map) throw CannotEncode{"`max` or `min` of a map", expr.span};
    const Expr* otherwise = expr.operands.size() > 1 ? expr.operands[1].get() : nullptr;
    return extreme_of(collection, type.element, expr.kind == ExprKind::Max, otherwise, expr, scene);
  }
  const bool is_sum = expr.kind == ExprKind::Sum;
  if (universe_.scope() == Universe::Scope::Every)
    throw CannotEncode{is_sum ? "`sum`" : "`size`", expr.span};
  z3::expr total = universe_.context().int_val(0);
  const z3::expr zero = total;
  if (collection->is_listed && !is_sum) {
    for (const auto& [within, member] : collection->members)
      total = total + z3::ite(within, universe_.context().int_val(1), zero);
    return number_term(total);
  }
  universe_.each(is_map ? type.key : type.element, [&](const TermPtr& each) {
    const TermPtr one = !is_sum ? universe_.number(1) : is_map ? collection->at(each) : each;
    total = total +
            (is_map ? number_of(one) : z3::ite(collection->contains(each), number_of(one), zero));
  });
  return number_term(total);
}

/// The greatest (least) element: without bounds a name for it, and what it is; else picked out.
TermPtr Encoder::extreme_of(const TermPtr& set, TypeId element, bool largest, const Expr* otherwise,
                            const Expr& expr, const Scene& scene) {
  z3::expr has_some = universe_.truth(false);
  TermPtr best;
  if (universe_.can_list(element)) {
    universe_.each(element, [&](const TermPtr& each) {
      const z3::expr within = set->contains(each);
      if (!best) {
        best = each;
      } else {
        const z3::expr better =
            or_of(not_of(has_some), largest ? less(best, each) : less(each, best));
        best = choice(and_of(within, better), each, best);
      }
      has_some = or_of(has_some, within);
    });
  } else {
    if (depth_ > 0) throw CannotEncode{"`max` or `min` inside a comprehension", expr.span};
    has_some = universe_.exists(element, [&](const TermPtr& e) { return set->contains(e); });
    best = universe_.fresh(element, fmt::format("extreme {}", definitions_.size()));
    if (best->kind == Term::Kind::Opaque) throw best->reason;
    const z3::expr is_most = universe_.for_all(element, [&](const TermPtr& e) {
      return implies_of(set->contains(e), not_of(largest ? less(best, e) : less(e, best)));
    });
    define(implies_of(has_some, and_of(set->contains(best), is_most)));
  }
  if (!best) throw CannotEncode{"a type without values", expr.span};
  if (!otherwise) {
    note_error(scene, not_of(has_some));
    return best;
  }
  Scene empty = scene;
  empty.path = and_of(scene.path, not_of(has_some));
  return choice(has_some, best, evaluate(*otherwise, empty));
}

}  // namespace capstan::checker
