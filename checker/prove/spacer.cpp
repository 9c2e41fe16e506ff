// SPDX-License-Identifier: MIT
#include "checker/prove/spacer.hpp"

#include <fmt/format.h>

#include <set>
#include <string>
#include <utility>
#include <vector>

#include "checker/prove/budget.hpp"
#include "checker/prove/candidate.hpp"
#include "checker/prove/chain.hpp"
#include "checker/prove/layout.hpp"
#include "checker/symbolic/interruptible.hpp"
#include "checker/symbolic/z3_context.hpp"
#include "model/base/limits.hpp"

namespace capstan::checker {
namespace {

/// Up to a second each; the clock is far behind.
constexpr unsigned search_steps = 1'500'000;
constexpr Budget::Limits check_limits{3'000'000, 20'000};
constexpr unsigned milliseconds_most = 20'000;
/// More conjuncts than that are not looked through.
constexpr std::size_t conjuncts_most = 200;

/// What a clause is made of: its variables, and whether a clause can say it.
struct Parts {
  std::set<unsigned> seen;
  std::vector<z3::expr> variables;
  bool is_plain = true;

  void add(const z3::expr& formula, const z3::func_decl& relation) {
    if (!seen.insert(formula.id()).second) return;
    if (!formula.is_app()) {
      is_plain = false;
      return;
    }
    const bool is_free = formula.decl().decl_kind() == Z3_OP_UNINTERPRETED;
    if (is_free && formula.num_args() == 0) variables.push_back(formula);
    if (is_free && formula.num_args() > 0 && !z3::eq(formula.decl(), relation)) is_plain = false;
    for (unsigned i = 0; i < formula.num_args(); ++i) add(formula.arg(i), relation);
  }
};

void add_conjuncts(const z3::expr& formula, std::vector<z3::expr>& conjuncts) {
  if (formula.is_and()) {
    for (unsigned i = 0; i < formula.num_args(); ++i) add_conjuncts(formula.arg(i), conjuncts);
  } else if (!formula.is_true()) {
    conjuncts.push_back(formula);
  }
}

class SpacerSearch {
 public:
  explicit SpacerSearch(const Claim& claim)
      : claim_(claim),
        without_messages_(claim),
        layout_(claim),
        engine_(context_),
        relation_(context_),
        bad_(context_.function("bad", z3::sort_vector(context_), context_.bool_sort())) {
    without_messages_.asked.clear();
    z3::params params(context_);
    params.set("engine", context_.str_symbol("spacer"));
    params.set("timeout", model::milliseconds_left(milliseconds_most));
    for (const char* off : {"xform.slice", "xform.inline_linear", "xform.inline_eager"})
      params.set(off, false);
    engine_.set(params);
  }

  Attempt run() {
    const std::vector<StepForm> forms = step_forms(claim_);
    begin(forms.at(0));
    for (const StepForm& form : forms)
      if (form.kind != StepForm::Kind::Start)
        for (const int process : form.processes) step(form, process);
    end();
    const z3::check_result found = searched();
    if (found == z3::sat)
      return failed("Spacer found a way to break it, which may be no run, and so no invariant");
    if (found != z3::unsat) return failed("Spacer found no invariant within its budget");
    std::vector<z3::expr> conjuncts;
    add_conjuncts(engine_.get_cover_delta(-1, relation_), conjuncts);
    return judged(conjuncts);
  }

 private:
  static Attempt failed(std::string text) {
    return {Attempt::Method::Spacer, false, 0, std::move(text), {}};
  }

  /// Where its budget ends Spacer throws.
  z3::check_result searched() {
    z3::expr query = bad_();
    context_.set("rlimit", static_cast<int>(search_steps));
    z3::check_result found = z3::unknown;
    try {
      const Interruptible interruptible(context_);
      found = engine_.query(query);
    } catch (const z3::exception&) {
      found = z3::unknown;
    }
    context_.set("rlimit", 0);
    if (found == z3::unknown) model::poll_limits_now();
    return found;
  }

  Attempt judged(const std::vector<z3::expr>& conjuncts) {
    if (conjuncts.size() > conjuncts_most) return failed("what Spacer found is too long to check");
    Budget budget(check_limits);
    auto invariant = invariant_of(claim_, conjuncts, context_, budget);
    if (!invariant)
      return failed(budget.is_spent() ? "what Spacer found could not be checked within the budget"
                                      : "what Spacer found is not kept by every step with any "
                                        "number of messages in flight");
    const std::size_t count = invariant->size();
    return {Attempt::Method::Spacer, true, 0,
            fmt::format("with an invariant that Spacer found ({} conjunct{}) every step keeps it",
                        count, count == 1 ? "" : "s"),
            std::move(*invariant)};
  }

  z3::expr relation(const Row& row) {
    z3::expr_vector cells(context_);
    z3::sort_vector sorts(context_);
    for (const RowCell& cell : row) {
      cells.push_back(cell.value);
      sorts.push_back(cell.value.get_sort());
    }
    if (!has_relation_) {
      relation_ = context_.function("state", sorts, context_.bool_sort());
      engine_.register_relation(relation_);
      engine_.register_relation(bad_);
      has_relation_ = true;
    }
    return relation_(cells);
  }

  /// Any one of the messages in flight afterwards, or none.
  Row row_after(ChainPart& part, const WholeStep& step, z3::expr_vector& body) {
    Slots slots;
    Universe& universe = part.setting.universe;
    for (const auto& [message, set] : step.after.in_flight) {
      const MessageSlot slot = layout_.any_slot(part.states, message, "next");
      if (!set->is_listed) throw CannotEncode{"messages that cannot be listed", {}};
      z3::expr some = universe.truth(false);
      for (const auto& [is_there, content] : set->members)
        some = or_of(some, and_of(is_there, universe.equal(slot.content, content,
                                                           claim_.message(message).in_flight)));
      body.push_back(implies_of(slot.is_there, some));
      slots.insert_or_assign(message, slot);
    }
    return layout_.row(part.states, step.after, slots);
  }

  void add_facts(const ChainPart& part, z3::expr_vector& body) const {
    const Universe& universe = part.setting.universe;
    for (unsigned i = 0; i < universe.known().size(); ++i) {
      Parts parts;  // what is known of collections, which the layout has made anew, is left out
      const z3::expr fact = universe.known()[static_cast<int>(i)];
      parts.add(fact, relation_);
      if (parts.is_plain) body.push_back(fact);
    }
    for (const z3::expr& fact : part.states.facts) body.push_back(fact);
    for (const z3::expr& fact : part.setting.encoder.definitions()) body.push_back(fact);
    body.push_back(part.setting.encoder.no_error());
  }

  void add_rule(const z3::expr_vector& body, const z3::expr& head) {
    const z3::expr rule = z3::implies(z3::mk_and(body), head);
    Parts parts;
    parts.add(rule, relation_);
    if (!parts.is_plain) return;
    z3::expr_vector variables(context_);
    for (const z3::expr& variable : parts.variables)
      if (!z3::eq(variable, head)) variables.push_back(variable);
    z3::expr closed = variables.empty() ? rule : z3::forall(variables, rule);
    engine_.add_rule(closed, context_.int_symbol(++rule_count_));
  }

  void begin(const StepForm& start) {
    ChainPart part(claim_, context_, Universe::Scope::Few, "");
    const WholeStep step = take_step(claim_, part.states, start, -1);
    z3::expr_vector body(context_);
    for (const z3::expr& fact : step.assumed) body.push_back(fact);
    const z3::expr head = relation(row_after(part, step, body));
    add_facts(part, body);
    add_rule(body, head);
  }

  /// A step that has no formula in these terms is left out.
  void step(const StepForm& form, int process) {
    try {
      ChainPart part(without_messages_, context_, Universe::Scope::Few, "");
      Slots slots;
      const WholeState before = layout_.any(part.states, slots);
      z3::expr_vector body(context_);
      body.push_back(relation(layout_.row(part.states, before, slots)));
      const WholeStep step = take_step(claim_, part.states, form, process, &before);
      for (const z3::expr& fact : step.assumed) body.push_back(fact);
      const z3::expr head = relation(row_after(part, step, body));
      add_facts(part, body);
      add_rule(body, head);
    } catch (const CannotEncode&) {
      return;
    }
  }

  void end() {
    ChainPart part(without_messages_, context_, Universe::Scope::Few, "");
    Slots slots;
    const WholeState state = layout_.any(part.states, slots);
    z3::expr_vector body(context_);
    body.push_back(relation(layout_.row(part.states, state, slots)));
    const Readings readings =
        claim_.reads_clocks ? part.states.fresh_readings("reading of ") : Readings{};
    body.push_back(part.states.are_admissible(state, readings));
    body.push_back(not_of(part.states.holds(state, readings)));
    add_facts(part, body);
    add_rule(body, bad_());
  }

  const Claim& claim_;
  Claim without_messages_;  // whose states are made without: the layout gives them slots
  Layout layout_;
  Z3Context z3_;
  z3::context& context_ = z3_.get();
  z3::fixedpoint engine_;
  z3::func_decl relation_, bad_;
  bool has_relation_ = false;
  int rule_count_ = 0;
};

}  // namespace

Attempt try_spacer(const Claim& claim) { return SpacerSearch(claim).run(); }

}  // namespace capstan::checker
