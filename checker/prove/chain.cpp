// SPDX-License-Identifier: MIT
#include "checker/prove/chain.hpp"

#include <fmt/format.h>

#include <map>
#include <utility>

#include "model/base/require.hpp"

namespace capstan::checker {
namespace {

/// What a term consists of: two with the same parts are the same argument of a function.
using Key = std::vector<unsigned>;

void add_parts(const TermPtr& term, Key& key, std::vector<z3::expr>& alive) {
  key.push_back(static_cast<unsigned>(term->kind));
  if (term->scalar) {
    key.push_back(term->scalar->id());
    alive.push_back(*term->scalar);
  }
  if (term->kind == Term::Kind::Opaque) throw term->reason;
  key.push_back(static_cast<unsigned>(term->parts.size()));
  for (const TermPtr& part : term->parts) {
    key.push_back(part ? 1 : 0);
    if (part) add_parts(part, key, alive);
  }
}

/// The function, which computes nothing twice: else every state would ask all before it anew, and
/// each of those the one before it again for every way of taking a step.
template <typename Result>
std::function<Result(const TermPtr&)> remembering(std::function<Result(const TermPtr&)> function) {
  struct Known {
    std::vector<z3::expr> alive;  // whose ids are in the key
    Result result;
  };
  const auto known = std::make_shared<std::map<Key, Known>>();
  return [known, function = std::move(function)](const TermPtr& at) {
    Key key;
    std::vector<z3::expr> alive;
    add_parts(at, key, alive);
    const auto found = known->find(key);
    if (found != known->end()) return found->second.result;
    Result result = function(at);
    known->emplace(std::move(key), Known{std::move(alive), result});
    return result;
  };
}

bool is_atom(const z3::expr& value) { return value.is_numeral() || value.is_const(); }

/// The wanted part of the step that is taken; of steps that leave it alone nothing is said.
template <typename Link, typename Get>
z3::expr chosen(const z3::expr& before, const std::vector<Link>& links, Get get) {
  z3::expr value = before;
  for (const Link& link : links) {
    const z3::expr& after = get(link.after);
    if (!z3::eq(after, before)) value = z3::ite(link.is_taken, after, value);
  }
  return value;
}

template <typename Link, typename Get>
TermPtr chosen_term(const TermPtr& before, const std::vector<Link>& links, Get get) {
  TermPtr value = before;
  for (const Link& link : links) {
    const TermPtr& after = get(link.after);
    if (after != before) value = choice(link.is_taken, after, value);
  }
  return value;
}

}  // namespace

void ChainPart::add_facts(z3::solver& solver) const {
  for (unsigned i = 0; i < setting.universe.known().size(); ++i)
    solver.add(setting.universe.known()[static_cast<int>(i)]);
  for (const z3::expr& fact : states.facts) solver.add(fact);
}

Chain::Chain(const Claim& claim, const std::vector<StepForm>& forms, z3::context& context,
             From from)
    : claim_(claim),
      forms_(forms),
      context_(context),
      judge_(std::make_unique<ChainPart>(claim, context, Universe::Scope::Point, "judge ")) {
  if (from == From::AnyState) {
    states_.push_back(merged(new_part("0 ").states.any(), {}));
    return;
  }
  CAPSTAN_REQUIRE(!forms.empty() && forms[0].kind == StepForm::Kind::Start, "the start is first");
  Link start = make_link(forms[0], -1, "start ");
  facts_.push_back(start.is_taken);
  states_.push_back(start.after);
  links_.emplace_back();
  links_.back().push_back(std::move(start));
  states_.back() = merged(states_.back(), {});
}

ChainPart& Chain::new_part(const std::string& prefix) {
  parts_.push_back(std::make_unique<ChainPart>(claim_, context_, Universe::Scope::Point, prefix));
  return *parts_.back();
}

Chain::Link Chain::make_link(const StepForm& form, int process, const std::string& name) {
  auto part = std::make_unique<ChainPart>(claim_, context_, Universe::Scope::Point, name);
  const bool is_start = form.kind == StepForm::Kind::Start;
  WholeStep step =
      take_step(claim_, part->states, form, process, is_start ? nullptr : &states_.back());
  const z3::expr is_taken = part->setting.universe.any_truth("is taken");
  return {is_taken, std::move(part), std::move(step.assumed), std::move(step.after),
          process,  step.reading};
}

void Chain::extend(const std::function<bool(const StepForm&)>& is_wanted) {
  std::vector<Link> links;
  for (std::size_t i = 0; i < forms_.size(); ++i) {
    if (forms_[i].kind == StepForm::Kind::Start || !is_wanted(forms_[i])) continue;
    for (const int process : forms_[i].processes)
      links.push_back(
          make_link(forms_[i], process, fmt::format("{}.{}.{} ", states_.size(), i, process)));
  }
  z3::expr_vector taken(context_);
  for (const Link& link : links) taken.push_back(link.is_taken);
  facts_.push_back(links.empty() ? context_.bool_val(false) : z3::mk_or(taken));
  if (links.size() > 1) facts_.push_back(z3::atmost(taken, 1));
  states_.push_back(merged(states_.back(), links));
  links_.push_back(std::move(links));
}

z3::expr Chain::named(const z3::expr& value, const std::string& name) {
  if (is_atom(value)) return value;
  const z3::expr constant = context_.constant(name.c_str(), value.get_sort());
  facts_.push_back(constant == value);
  return constant;
}

TermPtr Chain::named(const TermPtr& term, const std::string& name) {
  switch (term->kind) {
    case Term::Kind::Truth:
      return truth_term(named(*term->scalar, name));
    case Term::Kind::Number:
      return number_term(named(*term->scalar, name));
    case Term::Kind::Option:
      return option_term(named(*term->scalar, name + "?"),
                         term->parts[0] ? named(term->parts[0], name + "!") : nullptr);
    case Term::Kind::Time:
      return time_term(named(*term->scalar, name + "?"), named(number_of(term->parts[0]), name));
    case Term::Kind::Tuple: {
      std::vector<TermPtr> parts;
      for (const TermPtr& part : term->parts)
        parts.push_back(named(part, fmt::format("{}.{}", name, parts.size())));
      return tuple_term(std::move(parts));
    }
    case Term::Kind::Set:
      return set_term(remembering<z3::expr>(term->contains));
    case Term::Kind::Map:
      return map_term(remembering<TermPtr>(term->at));
    case Term::Kind::Opaque:
      return term;
  }
  CAPSTAN_UNREACHABLE("a kind of term");
}

/// The state after the link that is taken.
WholeState Chain::merged(const WholeState& before, const std::vector<Link>& links) {
  const std::string state = fmt::format("state {} ", states_.size());
  WholeState after(
      named(chosen(
                before.true_time, links, [](const auto& s) -> auto& { return s.true_time; }),
            state + "true time"));
  for (std::size_t p = 0; p < before.variables.size(); ++p) {
    const std::string process = fmt::format("{}{} ", state, p);
    after.variables.emplace_back();
    for (std::size_t i = 0; i < before.variables[p].size(); ++i)
      after.variables[p].push_back(
          named(chosen_term(
                    before.variables[p][i],
                    links, [&](const auto& s) -> auto& { return s.variables[p][i]; }),
                fmt::format("{}variable {}", process, i)));
    after.is_live.push_back(
        named(chosen(
                  before.is_live[p], links, [&](const auto& s) -> auto& { return s.is_live[p]; }),
              process + "up"));
    after.last.push_back(
        named(chosen(
                  before.last[p], links, [&](const auto& s) -> auto& { return s.last[p]; }),
              process + "last"));
  }
  for (std::size_t i = 0; i < before.ghosts.size(); ++i)
    after.ghosts.push_back(
        named(chosen_term(
                  before.ghosts[i], links, [&](const auto& s) -> auto& { return s.ghosts[i]; }),
              fmt::format("{}ghost {}", state, i)));
  for (const auto& entry : before.in_flight) {
    const int message = entry.first;
    after.in_flight[message] = named(
        chosen_term(
            entry.second, links, [&](const auto& s) -> auto& { return s.in_flight.at(message); }),
        fmt::format("{}in flight {}", state, message));
  }
  return after;
}

std::vector<Readings> Chain::readings_before(std::size_t state, const Readings& given) {
  std::vector<Readings> all{given};
  if (given.empty()) return all;
  const std::size_t first = states_.size() - links_.size();  // 1 but for chains from the start
  for (std::size_t step = 0; step < links_.size(); ++step) {
    if (step + first != state + 1) continue;
    for (const Link& link : links_[step]) {
      if (!link.reading || link.process < 0) continue;
      all.push_back(given);
      all.back().at(static_cast<std::size_t>(link.process)) = *link.reading;
    }
  }
  const WholeState& at = states_[state];
  all.push_back(judge_->states.least_readings(at));
  if (const auto most = judge_->states.greatest_readings(at)) all.push_back(*most);
  return all;
}

/// Says whether they differ; false: that cannot be said, as something has no formula in one only.
bool Chain::differ(const WholeState& a, const WholeState& b, z3::expr& some) {
  Universe& universe = judge_->setting.universe;
  some = universe.truth(false);
  const auto compare = [&](const TermPtr& x, const TermPtr& y, model::TypeId type) {
    using Kind = Term::Kind;
    if (x->kind == Kind::Opaque && y->kind == Kind::Opaque) return true;
    if (x->kind == Kind::Opaque || y->kind == Kind::Opaque) return false;
    some = or_of(some, not_of(universe.equal(x, y, type)));
    return true;
  };
  const auto compare_scalar = [&](const z3::expr& x, const z3::expr& y) {
    if (!z3::eq(x, y)) some = or_of(some, x != y);
  };
  compare_scalar(a.true_time, b.true_time);
  for (std::size_t p = 0; p < a.variables.size(); ++p) {
    const auto& variables = claim_.protocol.role_of(static_cast<int>(p)).variables;
    for (std::size_t i = 0; i < variables.size(); ++i)
      if (!compare(a.variables[p][i], b.variables[p][i], variables[i].type)) return false;
    compare_scalar(a.is_live[p], b.is_live[p]);
    compare_scalar(a.last[p], b.last[p]);
  }
  for (std::size_t i = 0; i < a.ghosts.size(); ++i)
    if (!compare(a.ghosts[i], b.ghosts[i], claim_.protocol.ghosts[i].type)) return false;
  for (const auto& [message, set] : a.in_flight) {
    const TermPtr& other = b.in_flight.at(message);
    if (set == other) continue;
    const model::TypeId type = claim_.message(message).in_flight;
    some = or_of(some, universe.exists(type, [&, mine = set](const TermPtr& each) {
      return mine->contains(each) != other->contains(each);
    }));
  }
  return true;
}

z3::expr Chain::has_no_loop() {
  z3::expr all = context_.bool_val(true);
  z3::expr some = all;
  try {
    for (std::size_t j = 1; j < states_.size(); ++j)
      for (std::size_t i = 0; i < j; ++i) {
        if (!differ(states_[i], states_[j], some)) return context_.bool_val(true);
        all = and_of(all, some);
      }
  } catch (const CannotEncode&) {
    return context_.bool_val(true);
  }
  return all;
}

void Chain::add_to(z3::solver& solver) const {
  for (const z3::expr& fact : facts_) solver.add(fact);
  for (const auto& part : parts_) part->add_facts(solver);
  judge_->add_facts(solver);
  for (const z3::expr& fact : judge_->setting.encoder.definitions()) solver.add(fact);
  for (const std::vector<Link>& links : links_) {
    for (const Link& link : links) {
      link.part->add_facts(solver);
      const Encoder& encoder = link.part->setting.encoder;
      for (const z3::expr& fact : link.assumed) solver.add(implies_of(link.is_taken, fact));
      for (const z3::expr& fact : encoder.definitions())
        solver.add(implies_of(link.is_taken, fact));
      solver.add(implies_of(link.is_taken, encoder.no_error()));
    }
  }
}

}  // namespace capstan::checker
