// SPDX-License-Identifier: MIT
#include "checker/prove/execution.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <iterator>
#include <set>
#include <utility>

#include "model/base/require.hpp"

namespace capstan::checker {

using model::AssignOp;
using model::Block;
using model::Expr;
using model::ExprKind;
using model::Place;
using model::Statement;
using model::StatementKind;
using model::Type;

namespace {

/// Whether some way through the block leaves it other than by falling out at its end.
bool may_leave(const Block& block) {
  return std::any_of(block.begin(), block.end(), [](const Statement& statement) {
    switch (statement.kind) {
      case StatementKind::Ask:
      case StatementKind::WaitUntil:
      case StatementKind::Return:
      case StatementKind::Fail:
      case StatementKind::Unknown:
      case StatementKind::Next:
        return true;
      case StatementKind::If:
      case StatementKind::For:
        return may_leave(statement.body) || may_leave(statement.otherwise);
      default:
        return false;
    }
  });
}

void add_suspensions(const Block& block, bool in_loop, std::vector<const Statement*>& found) {
  for (const Statement& statement : block) {
    const bool suspends =
        statement.kind == StatementKind::Ask || statement.kind == StatementKind::WaitUntil;
    if (suspends && in_loop) throw CannotEncode{"an `ask` or `wait` inside a loop", statement.span};
    if (suspends) found.push_back(&statement);
    const bool is_loop = in_loop || statement.kind == StatementKind::For;
    add_suspensions(statement.body, is_loop, found);
    add_suspensions(statement.otherwise, is_loop, found);
    if (statement.ask) add_suspensions(statement.ask->otherwise, in_loop, found);
  }
}

/// Calls `visit` for every expression of the statement and what is in it.
void for_each_read(const Statement& statement, const std::function<void(const Expr&)>& visit) {
  if (statement.value) visit(*statement.value);
  if (statement.where) visit(*statement.where);
  for (const Place::Step& step : statement.place.steps)
    if (step.index) visit(*step.index);
  for (const model::Binder& binder : statement.binders) visit(*binder.set);
  for (const Statement& inner : statement.body) for_each_read(inner, visit);
  for (const Statement& inner : statement.otherwise) for_each_read(inner, visit);
}

/// Whether each turn of the loop reads and writes these variables at its own key only.
class PointByPoint {
 public:
  PointByPoint(const model::Protocol& protocol, const Statement& loop)
      : protocol_(protocol), slot_(loop.binders.at(0).slots.at(0)) {
    is_ = loop.binders.size() == 1 && loop.binders[0].slots.size() == 1;
    for (const Statement& statement : loop.body) note_written(statement);
    for (const Statement& statement : loop.body)
      for_each_read(statement, [&](const Expr& expr) { look(expr); });
    if (loop.where) look(*loop.where);
  }
  bool holds() const { return is_; }
  const std::set<int>& written() const { return written_; }

 private:
  void note_written(const Statement& statement) {
    switch (statement.kind) {
      case StatementKind::Let:
        return;
      case StatementKind::If:
        for (const Statement& inner : statement.body) note_written(inner);
        for (const Statement& inner : statement.otherwise) note_written(inner);
        return;
      case StatementKind::Assign: {
        const auto& steps = statement.place.steps;
        is_ = is_ && statement.place.root == Place::Root::Variable && !steps.empty() &&
              steps[0].kind == Place::Step::Kind::MapKey && is_key(*steps[0].index);
        written_.insert(statement.place.slot);
        return;
      }
      default:
        is_ = false;
    }
  }
  bool is_key(const Expr& expr) const { return expr.kind == ExprKind::Local && expr.slot == slot_; }
  /// Inside a function that is called slots mean other locals.
  void look(const Expr& expr, bool is_inside_call = false) {
    if (!is_inside_call && expr.kind == ExprKind::MapIndex &&
        expr.operands[0]->kind == ExprKind::Variable && is_key(*expr.operands[1]))
      return;
    if (expr.kind == ExprKind::Variable && written_.contains(expr.slot)) is_ = false;
    if (expr.kind == ExprKind::Call) {  // whatever the function reads, it reads nothing written
      const auto& value = protocol_.functions[static_cast<std::size_t>(expr.index)].value;
      if (value) look(*value, true);
    }
    for (const model::ExprPtr& operand : expr.operands)
      if (operand) look(*operand, is_inside_call);
    if (!expr.comprehension) return;
    for (const model::Binder& binder : expr.comprehension->binders)
      look(*binder.set, is_inside_call);
    for (const model::ExprPtr* part : {&expr.comprehension->where, &expr.comprehension->key,
                                       &expr.comprehension->value, &expr.comprehension->otherwise})
      if (*part) look(**part, is_inside_call);
  }

  const model::Protocol& protocol_;
  int slot_;
  bool is_ = true;
  std::set<int> written_;
};

}  // namespace

bool find_chain(const Block& block, const Statement& wanted,
                std::vector<std::pair<const Block*, std::size_t>>& chain) {
  for (std::size_t i = 0; i < block.size(); ++i) {
    chain.emplace_back(&block, i);
    if (&block[i] == &wanted) return true;
    if (find_chain(block[i].body, wanted, chain) || find_chain(block[i].otherwise, wanted, chain))
      return true;
    if (block[i].ask && find_chain(block[i].ask->otherwise, wanted, chain)) return true;
    chain.pop_back();
  }
  return false;
}

std::vector<const Statement*> suspensions(const Block& block) {
  std::vector<const Statement*> found;
  add_suspensions(block, false, found);
  return found;
}

std::vector<Way> Execution::run(const Block& block, const Scene& scene) {
  return from(block, 0, Way{scene});
}

std::vector<Way> Execution::resume(const Block& block, const Statement& at, bool otherwise,
                                   const Scene& scene) {
  std::vector<std::pair<const Block*, std::size_t>> chain;
  CAPSTAN_REQUIRE(find_chain(block, at, chain), "the suspension lies in the block");
  Ways ways;
  if (otherwise) {
    ways = from(at.ask->otherwise, 0, Way{scene});
  } else {
    ways.push_back(Way{scene});
  }
  while (!chain.empty()) {
    const auto [around, index] = chain.back();
    chain.pop_back();
    Ways further;
    for (Way& way : ways) {
      if (way.end != Way::End::Falls) {
        further.push_back(std::move(way));
        continue;
      }
      std::ranges::move(from(*around, index + 1, std::move(way)), std::back_inserter(further));
    }
    ways = std::move(further);
  }
  return ways;
}

Execution::Ways Execution::from(const Block& block, std::size_t index, Way way) {
  Ways open;
  open.push_back(std::move(way));
  Ways done;
  for (; index < block.size() && !open.empty(); ++index) {
    Ways next;
    for (Way& each : open) {
      for (Way& after : statement(block[index], std::move(each))) {
        if (is_false(after.scene.path)) continue;
        (after.end == Way::End::Falls ? next : done).push_back(std::move(after));
      }
    }
    open = std::move(next);
  }
  std::ranges::move(open, std::back_inserter(done));
  return done;
}

/// A value that cannot be encoded is no harm until something looks at it.
TermPtr Execution::lazily(const Expr& expr, const Scene& scene) {
  try {
    return encoder_.evaluate(expr, scene);
  } catch (const CannotEncode& reason) {
    return opaque_term(reason);
  }
}

Execution::Ways Execution::statement(const Statement& statement, Way way) {
  const auto ended = [&](Way::End end) {
    way.end = end;
    way.at = &statement;
    return Ways{std::move(way)};
  };
  switch (statement.kind) {
    case StatementKind::Let:
      way.scene.locals.at(static_cast<std::size_t>(statement.slot)) =
          lazily(*statement.value, way.scene);
      break;
    case StatementKind::Choose:
      choose(statement, way);
      break;
    case StatementKind::Assign:
      assign(statement, way);
      break;
    case StatementKind::Call:
      call(statement, way);
      break;
    case StatementKind::If:
      return branch(statement, std::move(way));
    case StatementKind::For:
      return loop(statement, std::move(way));
    case StatementKind::Send:
    case StatementKind::Reply:
      send(statement, way);
      break;
    case StatementKind::Assert: {
      const z3::expr holds = encoder_.truth(*statement.value, way.scene);
      encoder_.note_error(way.scene, not_of(holds));
      break;
    }
    case StatementKind::Sync:
      break;
    case StatementKind::Ask:
      send(statement, way);
      return ended(Way::End::Suspends);
    case StatementKind::WaitUntil:
      return ended(Way::End::Suspends);
    case StatementKind::Return:
      if (statement.value) way.value = lazily(*statement.value, way.scene);
      return ended(Way::End::Returns);
    case StatementKind::Fail:
    case StatementKind::Unknown:
      return ended(Way::End::Returns);
    case StatementKind::Next:
      throw CannotEncode{"`next`", statement.span};
  }
  Ways ways;
  ways.push_back(std::move(way));
  return ways;
}

Way Execution::joined(Ways ways, const Way& before) {
  CAPSTAN_REQUIRE(!ways.empty(), "some way goes on");
  Way result = std::move(ways.back());
  ways.pop_back();
  const auto join = [](const z3::expr& path, std::vector<TermPtr>& into,
                       const std::vector<TermPtr>& other) {
    for (std::size_t i = 0; i < into.size(); ++i) {
      if (!into[i] || !other[i]) into[i] = nullptr;  // a local of one branch only
      if (into[i]) into[i] = choice(path, other[i], into[i]);
    }
  };
  for (const Way& way : ways) {
    join(way.scene.path, result.scene.locals, way.scene.locals);
    join(way.scene.path, result.scene.variables, way.scene.variables);
    join(way.scene.path, result.scene.ghosts, way.scene.ghosts);
    if (result.value && way.value) result.value = choice(way.scene.path, way.value, result.value);
    for (std::size_t i = before.sent.size(); i < way.sent.size(); ++i)
      result.sent.push_back(way.sent[i]);
    for (std::size_t i = before.chosen.size(); i < way.chosen.size(); ++i)
      result.chosen.push_back(way.chosen[i]);
  }
  result.scene.path = before.scene.path;
  result.end = Way::End::Falls;
  return result;
}

Execution::Ways Execution::branch(const Statement& statement, Way way) {
  const z3::expr condition = encoder_.truth(*statement.value, way.scene);
  const Way before = way;
  const auto taken = [&](const Block& block, const z3::expr& holds) {
    Way inside = before;
    inside.scene.path = and_of(before.scene.path, holds);
    return is_false(inside.scene.path) ? Ways{} : from(block, 0, std::move(inside));
  };
  Ways ways = taken(statement.body, condition);
  std::ranges::move(taken(statement.otherwise, not_of(condition)), std::back_inserter(ways));
  if (ways.size() < 2 || may_leave(statement.body) || may_leave(statement.otherwise)) return ways;
  Ways one;
  one.push_back(joined(std::move(ways), before));
  return one;
}

Execution::Ways Execution::loop(const Statement& statement, Way way) {
  if (may_leave(statement.body)) throw CannotEncode{"a loop that is left", statement.span};
  Ways one;
  one.push_back(encoder_.universe().has_bounds() ? written_out(statement, std::move(way))
                                                 : pointwise(statement, std::move(way)));
  return one;
}

/// The combinations of the binders are settled before the first turn.
Way Execution::written_out(const Statement& statement, Way way) {
  if (statement.binders.size() != 1 || statement.binders[0].slots.size() != 1)
    throw CannotEncode{"a loop over several names", statement.span};
  const model::Binder& binder = statement.binders[0];
  const TermPtr set = encoder_.evaluate(*binder.set, way.scene);
  if (set->kind != Term::Kind::Set) throw CannotEncode{"a loop over a sequence", statement.span};
  const Scene start = way.scene;
  const auto slot = static_cast<std::size_t>(binder.slots[0]);
  const model::TypeId type = encoder_.protocol().types.at(binder.set->type).element;
  encoder_.universe().each(type, [&](const TermPtr& element) {
    Scene first = start;
    first.locals.at(slot) = element;
    z3::expr within = set->contains(element);
    first.path = and_of(start.path, within);
    if (is_false(first.path)) return;
    if (statement.where) within = and_of(within, encoder_.truth(*statement.where, first));
    if (is_false(within)) return;
    const Way before = way;
    Way turn = way;
    turn.scene.path = and_of(way.scene.path, within);
    turn.scene.locals.at(slot) = element;
    Ways ways = from(statement.body, 0, std::move(turn));
    Way skipped = before;
    skipped.scene.path = and_of(before.scene.path, not_of(within));
    if (!is_false(skipped.scene.path)) ways.push_back(std::move(skipped));
    way = joined(std::move(ways), before);
  });
  return way;
}

Way Execution::pointwise(const Statement& statement, Way way) {
  const PointByPoint form(encoder_.protocol(), statement);
  if (!form.holds()) throw CannotEncode{"a loop that does not go point by point", statement.span};
  const model::Binder& binder = statement.binders[0];
  const TermPtr set = encoder_.evaluate(*binder.set, way.scene);
  if (set->kind != Term::Kind::Set) throw CannotEncode{"a loop over a sequence", statement.span};
  const Way before = way;
  Execution inner = *this;
  const auto slot = static_cast<std::size_t>(binder.slots[0]);
  for (const int variable : form.written()) {
    const auto index = static_cast<std::size_t>(variable);
    const TermPtr old = before.scene.variables.at(index);
    if (old->kind == Term::Kind::Opaque) continue;
    way.scene.variables[index] =
        map_term([inner, before, slot, index, old, set, &statement](const TermPtr& key) mutable {
          const Encoder::Muted muted(inner.encoder_);
          Way turn = before;
          turn.scene.locals.at(slot) = key;
          z3::expr within = set->contains(key);
          if (statement.where)
            within = and_of(within, inner.encoder_.truth(*statement.where, turn.scene));
          const Way after = inner.joined(inner.from(statement.body, 0, turn), turn);
          return choice(within, after.scene.variables[index]->at(key), old->at(key));
        });
  }
  return way;
}

void Execution::choose(const Statement& statement, Way& way) {
  const TermPtr set = encoder_.evaluate(*statement.value, way.scene);
  if (set->kind != Term::Kind::Set) throw CannotEncode{"`any` of a sequence", statement.span};
  const TermPtr chosen =
      encoder_.universe().fresh(statement.type, fmt::format("any {}", choice_count_++));
  encoder_.define(implies_of(way.scene.path, set->contains(chosen)));
  way.scene.locals.at(static_cast<std::size_t>(statement.slot)) = chosen;
  way.chosen.emplace_back(chosen, statement.type);
}

/// A value outside the type of the place that it is handed to is a model error.
void Execution::require_type(const TermPtr& value, model::TypeId type, const Scene& scene) {
  if (value->kind == Term::Kind::Opaque) return;
  encoder_.note_error(scene, not_of(encoder_.universe().is_storable(value, type)));
}

void Execution::send(const Statement& statement, Way& way) {
  const model::AskData* ask = statement.ask.get();
  SentTerm sent{&statement, ask ? ask->message : statement.index, {}, nullptr, way.scene.path};
  const auto& fields = encoder_.protocol().messages[static_cast<std::size_t>(sent.message)].fields;
  for (const model::ExprPtr& argument : ask ? ask->args : statement.args) {
    sent.fields.push_back(lazily(*argument, way.scene));
    require_type(sent.fields.back(), fields.at(sent.fields.size() - 1).type, way.scene);
  }
  const Expr* target = ask ? ask->target.get() : statement.target.get();
  if (target) sent.target = lazily(*target, way.scene);
  // Whoever kept the asker knows who that is; nothing here does, each time anew.
  const bool is_asker = statement.kind == StatementKind::Reply && target != nullptr;
  if (is_asker && sent.target->kind == Term::Kind::Opaque)
    sent.target =
        number_term(encoder_.universe().any_number(fmt::format("asker {}", asker_count_++)));
  way.sent.push_back(std::move(sent));
}

void Execution::call(const Statement& statement, Way& way) {
  const model::Function& function =
      encoder_.protocol().functions[static_cast<std::size_t>(statement.index)];
  Way inside = way;
  inside.scene.locals.assign(function.frame.slots.size(), nullptr);
  for (std::size_t i = 0; i < statement.args.size(); ++i) {
    inside.scene.locals[i] = lazily(*statement.args[i], way.scene);
    require_type(inside.scene.locals[i], function.frame.slots[i].type, way.scene);
  }
  const Way before = inside;
  Ways ways = from(function.block, 0, std::move(inside));
  if (ways.empty()) return;
  Way after = ways.size() == 1 ? std::move(ways.front()) : joined(std::move(ways), before);
  const std::vector<TermPtr> locals = std::move(way.scene.locals);
  const TermPtr value = after.value;
  way = std::move(after);
  way.end = Way::End::Falls;
  way.at = nullptr;
  way.value = nullptr;
  way.scene.locals = locals;
  if (statement.slot >= 0) way.scene.locals.at(static_cast<std::size_t>(statement.slot)) = value;
}

void Execution::assign(const Statement& statement, Way& way) {
  const Place& place = statement.place;
  std::vector<TermPtr>& roots =
      place.root == Place::Root::Ghost ? way.scene.ghosts : way.scene.variables;
  TermPtr& root = roots.at(static_cast<std::size_t>(place.slot));
  try {
    root = assigned(place, 0, statement.op, root, encoder_.evaluate(*statement.value, way.scene),
                    way.scene);
  } catch (CannotEncode& reason) {
    if (reason.span == model::Span{}) reason.span = statement.span;
    root = opaque_term(reason);  // no harm until something looks at it
  }
}

TermPtr Execution::assigned(const Place& place, std::size_t step, AssignOp op, const TermPtr& old,
                            const TermPtr& value, const Scene& scene) {
  if (old->kind == Term::Kind::Opaque && (step < place.steps.size() || op != AssignOp::Set))
    throw old->reason;
  if (step == place.steps.size()) {
    TermPtr result = value;
    const bool adds = op == AssignOp::Add;
    if (op != AssignOp::Set && old->kind == Term::Kind::Set) {
      result = set_term([old, value, adds](const TermPtr& element) {
        const z3::expr given = value->contains(element);
        return adds ? or_of(old->contains(element), given)
                    : and_of(old->contains(element), not_of(given));
      });
    } else if (op != AssignOp::Set) {
      const z3::expr a = number_of(old);
      const z3::expr b = number_of(value);
      result = number_term(adds ? a + b : a - b);
    }
    if (result->kind != Term::Kind::Opaque)
      encoder_.note_error(scene, not_of(encoder_.universe().is_storable(result, place.type)));
    return result;
  }
  const Place::Step& at = place.steps[step];
  switch (at.kind) {
    case Place::Step::Kind::Field: {
      const bool is_option = old->kind == Term::Kind::Option;
      if (is_option) encoder_.note_error(scene, not_of(*old->scalar));
      const TermPtr tuple = payload_of(old);
      std::vector<TermPtr> parts = tuple->parts;
      TermPtr& part = parts.at(static_cast<std::size_t>(at.field));
      part = assigned(place, step + 1, op, part, value, scene);
      const TermPtr changed = tuple_term(std::move(parts));
      return is_option ? option_term(*old->scalar, changed) : changed;
    }
    case Place::Step::Kind::MapKey: {
      const TermPtr key = encoder_.evaluate(*at.index, scene);
      if (encoder_.universe().has_bounds()) {
        const model::TypeId key_type = encoder_.protocol().types.at(at.container).key;
        encoder_.note_error(scene, not_of(encoder_.universe().in_domain(key, key_type)));
      }
      const TermPtr element = assigned(place, step + 1, op, old->at(key), value, scene);
      return map_term([old, key, element](const TermPtr& other) {
        return choice(equal_flat(other, key), element, old->at(other));
      });
    }
    case Place::Step::Kind::SequenceIndex:
      throw CannotEncode{"a sequence", place.span};
  }
  CAPSTAN_UNREACHABLE("a kind of step");
}

}  // namespace capstan::checker
