// SPDX-License-Identifier: MIT
#include "checker/prove/candidate.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <set>
#include <utility>

#include "checker/prove/chain.hpp"
#include "checker/prove/formula_text.hpp"

namespace capstan::checker {
namespace {

/// The cells that a formula looks at.
void add_cells(const z3::expr& formula, std::set<unsigned>& cells, std::set<unsigned>& seen) {
  if (!seen.insert(formula.id()).second) return;
  if (formula.is_var()) cells.insert(Z3_get_index_value(formula.ctx(), formula));
  if (!formula.is_app()) return;
  for (unsigned i = 0; i < formula.num_args(); ++i) add_cells(formula.arg(i), cells, seen);
}

class Candidate {
 public:
  Candidate(const Claim& claim, const std::vector<z3::expr>& conjuncts, z3::context& context,
            Budget& budget)
      : claim_(claim),
        layout_(claim),
        conjuncts_(conjuncts),
        context_(context),
        budget_(budget),
        forms_(step_forms(claim)) {
    for (std::size_t i = 0; i < conjuncts_.size(); ++i) {
      active_.insert(i);
      uses_.push_back(context.bool_const(fmt::format("use {}", i).c_str()));
    }
  }

  std::optional<std::vector<std::string>> run() {
    keep_those_at_start();
    Chain chain(claim_, forms_, context_, Chain::From::AnyState);
    chain.extend([](const StepForm&) { return true; });
    WholeStates& judge = chain.judge().states;
    const WholeState &before = chain.states()[0], &after = chain.states()[1];
    const Readings readings = claim_.reads_clocks ? judge.fresh_readings("after ") : Readings{};
    z3::solver solver(context_, z3::solver::simple());
    for (const Readings& look : chain.readings_before(0, readings))
      solver.add(judge.holds_if_shown(before, look));
    solver.add(judge.are_admissible(after, readings));
    std::map<std::size_t, z3::expr> later;
    for (const std::size_t i : active_) {
      solver.add(implies_of(uses_[i], at(judge, before, i)));
      later.emplace(i, at(judge, after, i));
    }
    const std::vector<z3::expr> goals = judge.parts(after, readings);
    chain.add_to(solver);
    drop_those_not_kept(solver, later);
    std::set<std::size_t> used;
    for (const z3::expr& goal : goals) {
      const std::optional<std::set<std::size_t>> needed = why(solver, goal);
      if (!needed) return std::nullopt;
      used.insert(needed->begin(), needed->end());
      solver.add(goal);
    }
    return texts_of_all(judge, before, closed(std::move(used)));
  }

 private:
  /// The conjunct in a state, for every message that is in flight.
  z3::expr at(WholeStates& states, const WholeState& state, std::size_t conjunct) {
    const z3::expr& formula = conjuncts_[conjunct];
    std::set<unsigned> cells, seen;
    add_cells(formula, cells, seen);
    Slots slots = empty_slots(states);
    const Row row = layout_.row(states, state, slots);
    std::set<int> kinds;
    for (const unsigned cell : cells)
      if (row.at(cell).message >= 0) kinds.insert(row.at(cell).message);
    return for_each_message(states, state, formula, {kinds.begin(), kinds.end()}, slots);
  }

  Slots empty_slots(WholeStates& states) const {
    Slots slots;
    for (const int message : claim_.asked) {
      MessageSlot slot = layout_.any_slot(states, message, "empty");
      slot.is_there = states.setting().universe.truth(false);
      slots.insert_or_assign(message, slot);
    }
    return slots;
  }

  z3::expr for_each_message(WholeStates& states, const WholeState& state, const z3::expr& formula,
                            std::vector<int> kinds, const Slots& slots) const {
    if (kinds.empty()) return filled(formula, layout_.row(states, state, slots));
    const int kind = kinds.back();
    kinds.pop_back();
    Universe& universe = states.setting().universe;
    const z3::expr all = universe.for_all(claim_.message(kind).in_flight, [&](const TermPtr& each) {
      Slots with = slots;
      with.insert_or_assign(kind, MessageSlot{universe.truth(true), each});
      return implies_of(state.in_flight.at(kind)->contains(each),
                        for_each_message(states, state, formula, kinds, with));
    });
    return and_of(for_each_message(states, state, formula, kinds, slots), all);
  }

  static z3::expr filled(z3::expr formula, const Row& row) {
    z3::expr_vector values(formula.ctx());
    for (const RowCell& cell : row) values.push_back(cell.value);
    return formula.substitute(values).simplify();
  }

  void keep_those_at_start() {
    Chain chain(claim_, forms_, context_, Chain::From::Start);
    std::map<std::size_t, z3::expr> goals;
    for (const std::size_t i : active_)
      goals.emplace(i, at(chain.judge().states, chain.states().back(), i));
    z3::solver solver(context_, z3::solver::simple());
    chain.add_to(solver);
    for (const auto& [i, goal] : goals)
      if (!why(solver, goal)) active_.erase(i);
  }

  /// Which conjuncts it follows from; nullopt: it is not known to follow.
  std::optional<std::set<std::size_t>> why(z3::solver& solver, const z3::expr& goal) {
    z3::expr_vector assumed(context_);
    for (const std::size_t i : active_) assumed.push_back(uses_[i]);
    solver.push();
    solver.add(!goal);
    std::optional<std::set<std::size_t>> needed;
    if (budget_.check(solver, assumed) == z3::unsat) {
      needed.emplace();
      const z3::expr_vector core = solver.unsat_core();
      for (const std::size_t i : active_)
        for (unsigned j = 0; j < core.size(); ++j)
          if (z3::eq(core[static_cast<int>(j)], uses_[i])) needed->insert(i);
    }
    solver.pop();
    return needed;
  }

  /// Those left are each kept by a step from a state where all of them are true.
  void drop_those_not_kept(z3::solver& solver, const std::map<std::size_t, z3::expr>& later) {
    for (bool has_changed = true; has_changed;) {
      has_changed = false;
      const std::set<std::size_t> now = active_;
      for (const std::size_t i : now) {
        const auto known = needs_.find(i);
        if (known != needs_.end() && std::ranges::includes(active_, known->second)) continue;
        const auto needed = why(solver, later.at(i));
        if (needed) {
          needs_.insert_or_assign(i, *needed);
          continue;
        }
        needs_.erase(i);
        active_.erase(i);
        has_changed = true;
      }
    }
  }

  /// With all that these need, and those.
  std::set<std::size_t> closed(std::set<std::size_t> used) const {
    std::vector<std::size_t> open(used.begin(), used.end());
    while (!open.empty()) {
      const std::size_t one = open.back();
      open.pop_back();
      for (const std::size_t needed : needs_.at(one))
        if (used.insert(needed).second) open.push_back(needed);
    }
    return used;
  }

  std::vector<std::string> texts_of_all(WholeStates& states, const WholeState& state,
                                        const std::set<std::size_t>& used) const {
    const Row cells = layout_.row(states, state, empty_slots(states));
    std::vector<std::string> texts;
    for (const std::size_t i : used) add_texts(cells, conjuncts_[i], texts);
    return texts;
  }

  /// `every(... for m in Grant)`, and what it says where nothing is in flight.
  void add_texts(const Row& cells, const z3::expr& formula, std::vector<std::string>& texts) const {
    std::set<unsigned> used, seen;
    add_cells(formula, used, seen);
    std::map<int, std::string> letters;
    for (const unsigned cell : used) {
      const int message = cells.at(cell).message;
      if (message >= 0)
        letters.emplace(message, std::string(1, static_cast<char>('m' + letters.size())));
    }
    z3::expr_vector present(context_), absent(context_);
    std::map<std::string, model::TypeId> types;
    for (const RowCell& cell : cells) {
      const std::string name = cell.message < 0 || !letters.contains(cell.message)
                                   ? cell.name
                                   : letters.at(cell.message) + cell.name.substr(1);
      types.emplace(name, cell.type);
      const z3::expr named = context_.constant(name.c_str(), cell.value.get_sort());
      const bool tells = cell.message >= 0 && cell.name == "m in flight";
      present.push_back(tells ? context_.bool_val(true) : named);
      absent.push_back(cell.message >= 0 ? cell.value : named);
    }
    const ValueText value_text = [&](const std::string& name, std::int64_t value) {
      return text_of(types, name, value);
    };
    z3::expr stated = formula;
    const std::string text = formula_text(stated.substitute(present).simplify(), value_text);
    if (letters.empty()) return texts.push_back(text);
    std::string of;
    for (const auto& [message, letter] : letters)
      of += fmt::format("{}{} in {}", of.empty() ? "" : ", ", letter, claim_.message(message).name);
    texts.push_back(fmt::format("every({} for {})", text, of));
    const z3::expr alone = stated.substitute(absent).simplify();
    if (!is_true(alone)) texts.push_back(formula_text(alone, value_text));
  }

  std::string text_of(const std::map<std::string, model::TypeId>& types, const std::string& name,
                      std::int64_t value) const {
    const auto found = types.find(name);
    if (found == types.end() || found->second == model::TypeId{}) return "";
    const model::Value shown = model::Value::integer(value);
    const model::TypeTable& table = claim_.protocol.types;
    return table.contains(found->second, shown) ? table.format(found->second, shown) : "";
  }

  const Claim& claim_;
  Layout layout_;
  const std::vector<z3::expr>& conjuncts_;
  z3::context& context_;
  Budget& budget_;
  std::vector<StepForm> forms_;
  std::set<std::size_t> active_;
  std::vector<z3::expr> uses_;                          // by conjunct
  std::map<std::size_t, std::set<std::size_t>> needs_;  // of those kept: what their proofs used
};

}  // namespace

std::optional<std::vector<std::string>> invariant_of(const Claim& claim,
                                                     const std::vector<z3::expr>& conjuncts,
                                                     z3::context& context, Budget& budget) {
  return Candidate(claim, conjuncts, context, budget).run();
}

}  // namespace capstan::checker
