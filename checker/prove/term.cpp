// SPDX-License-Identifier: MIT
#include "checker/prove/term.hpp"

#include <optional>
#include <utility>

#include "model/base/require.hpp"

namespace capstan::checker {
namespace {

std::shared_ptr<z3::expr> kept(const z3::expr& expr) { return std::make_shared<z3::expr>(expr); }

const char* name_of(Term::Kind kind) {
  switch (kind) {
    case Term::Kind::Truth:
      return "a truth value";
    case Term::Kind::Number:
      return "a number";
    case Term::Kind::Option:
      return "an option";
    case Term::Kind::Time:
      return "a time";
    case Term::Kind::Tuple:
      return "a tuple";
    case Term::Kind::Set:
      return "a set inside another value";
    case Term::Kind::Map:
      return "a map inside another value";
    case Term::Kind::Opaque:
      return "this";
  }
  CAPSTAN_UNREACHABLE("a kind of term");
}

[[noreturn]] void refuse(const TermPtr& term) {
  if (term->kind == Term::Kind::Opaque) throw term->reason;
  throw CannotEncode{name_of(term->kind), {}};
}

z3::expr false_in(const TermPtr& term) { return term->scalar->ctx().bool_val(false); }

/// Whether `none` is all that the term can be.
bool is_bare_none(const TermPtr& term) {
  return term->kind == Term::Kind::Option && !term->parts[0];
}

TermPtr choice_of_options(const z3::expr& condition, const TermPtr& then,
                          const TermPtr& otherwise) {
  const TermPtr a = as_option(then, condition.ctx());
  const TermPtr b = as_option(otherwise, condition.ctx());
  const z3::expr is_some = z3::ite(condition, *a->scalar, *b->scalar);
  if (!a->parts[0] || !b->parts[0])
    return option_term(is_some, a->parts[0] ? a->parts[0] : b->parts[0]);
  return option_term(is_some, choice(condition, a->parts[0], b->parts[0]));
}

z3::expr equal_options(const TermPtr& a, const TermPtr& b) {
  if (is_bare_none(a)) return not_of(*b->scalar);
  if (is_bare_none(b)) return not_of(*a->scalar);
  const z3::expr both = and_of(*a->scalar, *b->scalar);
  const z3::expr neither = and_of(not_of(*a->scalar), not_of(*b->scalar));
  if (is_false(both)) return neither;
  return or_of(neither, and_of(both, equal_flat(a->parts[0], b->parts[0])));
}

z3::expr less_options(const TermPtr& a, const TermPtr& b) {
  const z3::expr first_is_none = and_of(not_of(*a->scalar), *b->scalar);
  const z3::expr both = and_of(*a->scalar, *b->scalar);
  if (is_bare_none(a) || is_bare_none(b) || is_false(both)) return first_is_none;
  return or_of(first_is_none, and_of(both, less(a->parts[0], b->parts[0])));
}

/// Of an option and what may be one, and of two times, what comparing options says; nullopt of
/// anything else.
std::optional<z3::expr> by_options(const TermPtr& a, const TermPtr& b,
                                   z3::expr (*compare)(const TermPtr&, const TermPtr&)) {
  if (a->kind == Term::Kind::Opaque) refuse(a);
  if (b->kind == Term::Kind::Opaque) refuse(b);
  if (a->kind == Term::Kind::Option && b->kind != Term::Kind::Option)
    return compare(a, as_option(b, a->scalar->ctx()));
  if (b->kind == Term::Kind::Option) return compare(as_option(a, b->scalar->ctx()), b);
  if (a->kind == Term::Kind::Time && b->kind == Term::Kind::Time) return compare(a, b);
  return std::nullopt;
}

}  // namespace

TermPtr truth_term(const z3::expr& truth) {
  return std::make_shared<Term>(Term{.kind = Term::Kind::Truth, .scalar = kept(truth)});
}
TermPtr number_term(const z3::expr& number) {
  return std::make_shared<Term>(Term{.kind = Term::Kind::Number, .scalar = kept(number)});
}
TermPtr option_term(const z3::expr& is_some, TermPtr value) {
  Term term{.kind = Term::Kind::Option, .scalar = kept(is_some)};
  if (value && value->kind == Term::Kind::Option) {  // an option of an option has one `none`
    const z3::expr has_inner = and_of(is_some, *value->scalar);
    return option_term(has_inner, value->parts[0]);
  }
  term.parts.push_back(std::move(value));
  return std::make_shared<Term>(std::move(term));
}
TermPtr time_term(const z3::expr& is_real, const z3::expr& number) {
  return std::make_shared<Term>(
      Term{.kind = Term::Kind::Time, .scalar = kept(is_real), .parts = {number_term(number)}});
}
TermPtr tuple_term(std::vector<TermPtr> parts) {
  return std::make_shared<Term>(Term{.kind = Term::Kind::Tuple, .parts = std::move(parts)});
}
TermPtr set_term(std::function<z3::expr(const TermPtr&)> contains) {
  return std::make_shared<Term>(Term{.kind = Term::Kind::Set, .contains = std::move(contains)});
}
TermPtr listed_term(std::function<z3::expr(const TermPtr&)> contains,
                    std::vector<std::pair<z3::expr, TermPtr>> members) {
  return std::make_shared<Term>(Term{.kind = Term::Kind::Set,
                                     .contains = std::move(contains),
                                     .members = std::move(members),
                                     .is_listed = true});
}
TermPtr map_term(std::function<TermPtr(const TermPtr&)> at) {
  return std::make_shared<Term>(Term{.kind = Term::Kind::Map, .at = std::move(at)});
}
TermPtr opaque_term(CannotEncode reason) {
  return std::make_shared<Term>(Term{.kind = Term::Kind::Opaque, .reason = std::move(reason)});
}

z3::expr truth_of(const TermPtr& term) {
  if (term->kind != Term::Kind::Truth) refuse(term);
  return *term->scalar;
}

z3::expr number_of(const TermPtr& term) {
  if (term->kind == Term::Kind::Option && term->parts[0]) return number_of(term->parts[0]);
  if (term->kind != Term::Kind::Number) refuse(term);
  return *term->scalar;
}

TermPtr as_option(const TermPtr& term, z3::context& context) {
  if (term->kind == Term::Kind::Option) return term;
  if (term->kind == Term::Kind::Opaque) refuse(term);
  return option_term(context.bool_val(true), term);
}

TermPtr payload_of(const TermPtr& term) {
  if (term->kind != Term::Kind::Option) return term;
  if (!term->parts[0]) throw CannotEncode{"the value of `none`", {}};
  return term->parts[0];
}

bool is_true(const z3::expr& truth) { return truth.is_true(); }
bool is_false(const z3::expr& truth) { return truth.is_false(); }

z3::expr not_of(const z3::expr& a) {
  if (is_true(a)) return a.ctx().bool_val(false);
  if (is_false(a)) return a.ctx().bool_val(true);
  return !a;
}
z3::expr and_of(const z3::expr& a, const z3::expr& b) {
  if (is_false(a) || is_true(b)) return a;
  if (is_false(b) || is_true(a)) return b;
  return a && b;
}
z3::expr or_of(const z3::expr& a, const z3::expr& b) {
  if (is_true(a) || is_false(b)) return a;
  if (is_true(b) || is_false(a)) return b;
  return a || b;
}
z3::expr implies_of(const z3::expr& a, const z3::expr& b) { return or_of(not_of(a), b); }

TermPtr choice(const z3::expr& condition, const TermPtr& then, const TermPtr& otherwise) {
  if (is_true(condition) || then == otherwise) return then;
  if (is_false(condition)) return otherwise;
  if (then->kind == Term::Kind::Opaque) return then;
  if (otherwise->kind == Term::Kind::Opaque) return otherwise;
  if (then->kind == Term::Kind::Option || otherwise->kind == Term::Kind::Option)
    return choice_of_options(condition, then, otherwise);
  CAPSTAN_REQUIRE(then->kind == otherwise->kind, "both sides of a choice have one type");
  switch (then->kind) {
    case Term::Kind::Truth:
      return truth_term(z3::ite(condition, *then->scalar, *otherwise->scalar));
    case Term::Kind::Number:
      return number_term(z3::ite(condition, *then->scalar, *otherwise->scalar));
    case Term::Kind::Time:
      return time_term(
          z3::ite(condition, *then->scalar, *otherwise->scalar),
          z3::ite(condition, number_of(then->parts[0]), number_of(otherwise->parts[0])));
    case Term::Kind::Tuple: {
      std::vector<TermPtr> parts;
      for (std::size_t i = 0; i < then->parts.size(); ++i)
        parts.push_back(choice(condition, then->parts[i], otherwise->parts.at(i)));
      return tuple_term(std::move(parts));
    }
    case Term::Kind::Set:
      return set_term([condition, then, otherwise](const TermPtr& element) {
        return or_of(and_of(condition, then->contains(element)),
                     and_of(not_of(condition), otherwise->contains(element)));
      });
    case Term::Kind::Map:
      return map_term([condition, then, otherwise](const TermPtr& key) {
        return choice(condition, then->at(key), otherwise->at(key));
      });
    case Term::Kind::Option:
    case Term::Kind::Opaque:
      break;
  }
  CAPSTAN_UNREACHABLE("a kind of term");
}

z3::expr equal_flat(const TermPtr& a, const TermPtr& b) {
  if (const auto result = by_options(a, b, equal_options)) return *result;
  switch (a->kind) {
    case Term::Kind::Truth: {
      const z3::expr x = truth_of(a);
      const z3::expr y = truth_of(b);
      if (is_true(x) || is_false(x)) return is_true(x) ? y : not_of(y);
      if (is_true(y) || is_false(y)) return is_true(y) ? x : not_of(x);
      return x == y;
    }
    case Term::Kind::Number: {
      const z3::expr x = number_of(a);
      const z3::expr y = number_of(b);
      if (z3::eq(x, y)) return x.ctx().bool_val(true);
      if (x.is_numeral() && y.is_numeral()) return x.ctx().bool_val(false);
      return x == y;
    }
    case Term::Kind::Tuple: {
      if (b->kind != Term::Kind::Tuple || a->parts.empty()) refuse(b);
      z3::expr all = equal_flat(a->parts[0], b->parts.at(0));
      for (std::size_t i = 1; i < a->parts.size(); ++i)
        all = and_of(all, equal_flat(a->parts[i], b->parts.at(i)));
      return all;
    }
    case Term::Kind::Set:
    case Term::Kind::Map:
    case Term::Kind::Option:
    case Term::Kind::Time:
    case Term::Kind::Opaque:
      break;
  }
  refuse(a);
}

z3::expr less(const TermPtr& a, const TermPtr& b) {
  if (const auto result = by_options(a, b, less_options)) return *result;
  switch (a->kind) {
    case Term::Kind::Truth:
      return and_of(not_of(truth_of(a)), truth_of(b));
    case Term::Kind::Number: {
      const z3::expr x = number_of(a);
      return z3::eq(x, number_of(b)) ? false_in(a) : x < number_of(b);
    }
    case Term::Kind::Tuple: {
      if (b->kind != Term::Kind::Tuple || a->parts.empty()) refuse(b);
      std::size_t i = a->parts.size() - 1;
      z3::expr result = less(a->parts[i], b->parts.at(i));
      while (i-- > 0)
        result = or_of(less(a->parts[i], b->parts[i]),
                       and_of(equal_flat(a->parts[i], b->parts[i]), result));
      return result;
    }
    case Term::Kind::Set:
    case Term::Kind::Map:
    case Term::Kind::Option:
    case Term::Kind::Time:
    case Term::Kind::Opaque:
      break;
  }
  refuse(a);
}

}  // namespace capstan::checker
