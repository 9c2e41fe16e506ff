// SPDX-License-Identifier: MIT
// expectations: what a scenario expects; properties that are not supported yet are `Unsupported`,
// with a warning each. Tested by: tests/unit/model/typed, tests/golden/typed
#include <fmt/format.h>

#include <algorithm>
#include <utility>

#include "model/base/file_name.hpp"
#include "model/base/require.hpp"
#include "model/system/object.hpp"
#include "model/typed/scenario.hpp"

namespace capstan::model {
namespace {

/// File names stay short enough to read.
constexpr std::size_t kSlugSizeMax = 60;
/// The states of the monitor are lists of that many values.
constexpr std::int64_t kStalenessMax = 16;
constexpr std::int64_t kStaleTicksMax = 60;

}  // namespace

void ScenarioElaboration::read_expectation(const ast::Expectation& written) {
  Expectation result;
  result.negated = written.negated;
  result.span = written.property.span;
  result.text = elaboration_.text(written.property.span);
  result.slug = slug_of(result.text, kSlugSizeMax);
  if (written.iff) {
    const bool before = std::exchange(elaboration_.notes_fixed, false);
    const auto value =
        elaboration_.constant(*written.iff, bool_type(types()), "the condition after `iff`");
    elaboration_.notes_fixed = before;
    if (value) result.iff = value->truth();
  }
  if (!read_property(written.property, result)) return;
  if (result.kind == PropertyKind::Unsupported) {
    scenario_.has_unsupported = true;
    error("W0590", written.property.span,
          fmt::format("`expect {}{}` is not supported yet and is not judged",
                      written.negated ? "not " : "", result.text),
          "not judged");
  }
  scenario_.expectations.push_back(std::move(result));
}

/// Files of one expectation never overwrite those of another.
void ScenarioElaboration::name_files() {
  std::vector<std::string> slugs, texts;
  for (const Expectation& each : scenario_.expectations) {
    slugs.push_back(each.slug);
    texts.push_back((each.negated ? "not " : "") + each.text);
  }
  make_unique(slugs, texts);
  for (std::size_t i = 0; i < slugs.size(); ++i)
    scenario_.expectations[i].slug = std::move(slugs[i]);
}

/// Whether some role implements an operation that shows what an object holds.
bool ScenarioElaboration::has_final_reads(Span span) {
  const Protocol& protocol = elaboration_.protocol;
  for (const Role& role : protocol.roles) {
    for (const Operation& operation : role.operations) {
      const Object& object = protocol.objects[static_cast<std::size_t>(operation.object)];
      if (is_final_read(object, operation.op)) return true;
    }
  }
  error("E0519", span, "no role implements a read, so nobody can see what is left at the end",
        "nothing to judge")
      .helps.push_back("implement it: `op x.read() { ... }`");
  return false;
}

/// `OPERATION within h hops`: of whatever object has such an operation that some role implements.
bool ScenarioElaboration::read_hops(const ast::Property& written, Expectation& result) {
  result.kind = PropertyKind::WithinHops;
  const Protocol& protocol = elaboration_.protocol;
  std::vector<std::string> names;
  for (const Role& each : protocol.roles) {
    for (const Operation& operation : each.operations) {
      const Object& object = protocol.objects[static_cast<std::size_t>(operation.object)];
      names.push_back(object.ops[static_cast<std::size_t>(operation.op)].name);
      if (names.back() == written.name->text)
        result.operations.emplace_back(operation.object, operation.op);
    }
  }
  if (result.operations.empty()) {
    Diagnostic& diagnostic =
        error("E0521", written.name->span,
              fmt::format("no role implements an operation `{}`", written.name->text),
              "nothing to judge");
    elaboration_.suggest_for(diagnostic, written.name->text, names);
    return false;
  }
  const auto hops = elaboration_.constant_number(*written.first, "the number of hops");
  if (!hops) return false;
  if (*hops < 0 || *hops > 1000) {
    error("E0521", written.first->span, fmt::format("an answer cannot take {} hops", *hops),
          "from 0 to 1000");
    return false;
  }
  result.hops = static_cast<int>(*hops);
  return true;
}

/// `available to all`, `to majority`, or to a process or a set of them, which may depend on the
/// state.
bool ScenarioElaboration::read_audience(const ast::Property& written, Expectation& result) {
  result.kind = PropertyKind::AvailableTo;
  const Protocol& protocol = elaboration_.protocol;
  const auto has_operations = [](const Role& each) { return !each.operations.empty(); };
  if (std::none_of(protocol.roles.begin(), protocol.roles.end(), has_operations)) {
    error("E0520", written.span, "no role implements an operation, so nobody waits for an answer",
          "nothing to judge")
        .helps.push_back("say what has to come: `expect whenever ..., eventually ...`");
    return false;
  }
  if (written.all) return true;
  const bool is_majority =
      written.first->kind == ast::ExprKind::Name && written.first->name.text == "majority";
  if (is_majority) {
    result.audience = Audience::Majority;
    return true;
  }
  result.audience = Audience::Members;
  Body body(elaboration_, BodyKind::Property);
  result.members = body.check(*written.first);
  if (is_unknown(result.members->type)) return false;
  const Type type = types().at(result.members->type);
  const bool is_one = type.kind == Type::Kind::Process;
  const int role = is_one                         ? type.role
                   : type.kind == Type::Kind::Set ? types().at(type.element).role
                                                  : -1;
  const TypeId wanted = set_of(types(), process_type(types(), -1, ""));
  if (!is_one) body.fit(*result.members, Want{wanted, "whom it is available to"});
  if (is_unknown(result.members->type)) return false;
  result.frame = std::move(body.frame);
  if (role < 0 || has_operations(protocol.roles[static_cast<std::size_t>(role)])) return true;
  error("E0520", written.first->span,
        fmt::format("{} implements no operation, so nobody there waits for an answer",
                    protocol.roles[static_cast<std::size_t>(role)].name),
        "no operations")
      .helps.push_back("name those that invoke: `expect available to {Client 1}`");
  return false;
}

/// A merge of any role, by its name; what follows `given` is read where the merge itself stands.
bool ScenarioElaboration::read_semilattice(const ast::Property& written, Expectation& result) {
  const Protocol& protocol = elaboration_.protocol;
  const auto is_meant = [&](const Function& function) {
    return function.is_merge && function.name == written.name->text;
  };
  const auto found = std::ranges::find_if(protocol.functions, is_meant);
  if (found == protocol.functions.end()) {
    Diagnostic& diagnostic =
        error("E0524", written.name->span,
              fmt::format("there is no merge `{}`", written.name->text), "unknown merge");
    std::vector<std::string> names;
    for (const Function& each : protocol.functions)
      if (each.is_merge) names.push_back(each.name);
    elaboration_.suggest_for(diagnostic, written.name->text, names);
    if (names.empty())
      diagnostic.helps.push_back(
          "declare one in a role: `merge join(theirs for mine) { mine = max(mine, theirs) }`");
    return false;
  }
  if (const auto other = std::find_if(found + 1, protocol.functions.end(), is_meant);
      other != protocol.functions.end()) {
    Diagnostic& diagnostic =
        error("E0208", written.name->span,
              fmt::format("several roles have a merge `{}`", found->name), "ambiguous");
    diagnostic.secondary.push_back({found->span, "one"});
    diagnostic.secondary.push_back({other->span, "another"});
    diagnostic.helps.push_back("give them different names");
    return false;
  }
  result.kind = PropertyKind::Semilattice;
  result.merge = static_cast<int>(found - protocol.functions.begin());
  if (!written.first) return true;
  Body body(elaboration_, BodyKind::Merge, found->role);
  const FunctionState& state = elaboration_.function_states[static_cast<std::size_t>(result.merge)];
  for (std::size_t i = 0; i < state.parameters.size(); ++i)
    body.parameter(state.merge->pairs[i].theirs, state.parameters[i].type);
  result.given = body.guard(*written.first, "what follows `given`");
  result.given_frame = std::move(body.frame);
  return true;
}

/// An invariant, and a condition on params: those that it names are any that satisfy it.
bool ScenarioElaboration::read_inductive(const ast::Property& written, Expectation& result) {
  result.kind = PropertyKind::Inductive;
  Body body(elaboration_, BodyKind::Property);
  body.may_see_clocks = true;
  result.condition = body.condition(*written.first, "what `inductive` claims");
  result.frame = std::move(body.frame);
  elaboration_.add_conjuncts(result.condition.get(), result.conjuncts);
  if (!written.second) return true;
  Body given(elaboration_, BodyKind::Constant);
  result.given = given.condition(*written.second, "what follows `given`");
  result.given_frame = std::move(given.frame);
  if (has_unknown(*result.given)) return false;
  const std::set<int> named = params_read(elaboration_.protocol, *result.given);
  result.free_params.assign(named.begin(), named.end());
  if (named.empty()) {
    error("E0526", written.second->span, "what follows `given` names no param", "no param")
        .notes.push_back("the params that `given` names are taken for all values that satisfy it");
    return false;
  }
  result.derived_params = params_that_follow(elaboration_.protocol, named);
  const auto may_be = [&](int index) { return may_be_any(index, named, written.second->span); };
  return std::ranges::all_of(named, may_be) && std::ranges::all_of(result.derived_params, may_be);
}

/// Whether the param, which `given` names or which follows one that it names, decides nothing of
/// what the protocol is made of.
bool ScenarioElaboration::may_be_any(int param, const std::set<int>& named, Span given) {
  const auto fixed = elaboration_.fixed_params.find(param);
  if (fixed == elaboration_.fixed_params.end()) return true;
  const Protocol& protocol = elaboration_.protocol;
  const auto name = [&](int index) {
    return protocol.params[static_cast<std::size_t>(index)].name;
  };
  std::string message =
      fmt::format("`{}` cannot be just any: it decides what the protocol is made of", name(param));
  for (const int each : named) {
    if (std::ranges::count(params_that_follow(protocol, {each}), param) == 0) continue;
    message = fmt::format(
        "`{}` cannot be just any: `{}` follows it, and decides what the protocol is made of",
        name(each), name(param));
  }
  error("E0526", given, message, "one value a point")
      .secondary.push_back({fixed->second, "has to be known here"});
  return false;
}

/// One-way messages and requests, each handled somewhere.
bool ScenarioElaboration::read_commutes(const ast::Property& written, Expectation& result) {
  result.kind = PropertyKind::Commutes;
  for (const ast::Name& name : written.names) {
    const std::vector<int> found = elaboration_.find_messages(name.text);
    const bool is_handled = std::ranges::any_of(found, [&](int message) {
      return !elaboration_.receivers[static_cast<std::size_t>(message)].empty();
    });
    if (!is_handled) {
      Diagnostic& diagnostic =
          error("E0213", name.span,
                found.empty() ? fmt::format("there is no message `{}`", name.text)
                              : fmt::format("nobody handles `{}`, so it has no effect", name.text),
                found.empty() ? "unknown message" : "no handler");
      std::vector<std::string> names;
      for (const Message& each : elaboration_.protocol.messages) names.push_back(each.name);
      if (found.empty()) elaboration_.suggest_for(diagnostic, name.text, names);
      return false;
    }
    for (const int message : found) result.messages.push_back(message);
  }
  return true;
}

/// Whether there is an object to judge; finds the one that is named.
bool ScenarioElaboration::has_objects(const ast::Property& written, Expectation& result) {
  const auto& objects = elaboration_.protocol.objects;
  if (objects.empty()) {
    error("E0513", written.span,
          result.kind == PropertyKind::Linearizable
              ? "there is no object whose operations could be linearizable"
              : fmt::format("`{}` is about registers, and there is no object", result.text),
          "nothing to judge")
        .helps.push_back("declare one: `object x: register of Value?`");
    return false;
  }
  if (!written.name) return true;
  const auto object = elaboration_.find_object(written.name->text);
  if (object) {
    result.object = *object;
    return true;
  }
  Diagnostic& diagnostic =
      error("E0214", written.name->span, fmt::format("there is no object `{}`", written.name->text),
            "unknown object");
  std::vector<std::string> names;
  for (const Object& each : objects) names.push_back(each.name);
  elaboration_.suggest_for(diagnostic, written.name->text, names);
  return false;
}

/// Some models are defined by what a read returns of which write, so for registers only.
bool ScenarioElaboration::is_about_registers(const ast::Property& written,
                                             const Expectation& result) {
  const auto& objects = elaboration_.protocol.objects;
  for (std::size_t i = 0; i < objects.size(); ++i) {
    const bool is_meant = result.object < 0 || result.object == static_cast<int>(i);
    if (!is_meant || objects[i].kind == ObjectKind::Register) continue;
    error("E0517", written.span,
          fmt::format("`{}` is about registers, and `{}` is none", result.text, objects[i].name),
          "not a register")
        .helps.push_back("name a register, as in `regular of x`, or ask for `linearizable`");
    return false;
  }
  return true;
}

bool ScenarioElaboration::read_staleness(const ast::Property& written, Expectation& result) {
  result.kind = PropertyKind::BoundedStaleness;
  const auto value = elaboration_.constant(*written.first, int_type(types()), "the staleness");
  if (!has_objects(written, result) || !is_about_registers(written, result) || !value) return false;
  if (written.ticks) return read_stale_ticks(written, value->number(), result);
  if (value->number() < 1 || value->number() > kStalenessMax) {
    error("E0502", written.first->span,
          fmt::format("a read can return one of 1 to {} newest values, and not of {}",
                      kStalenessMax, value->number()),
          "out of range");
    return false;
  }
  result.staleness = static_cast<int>(value->number());
  return true;
}

/// Ticks pass in a scenario that says what clocks show or how long messages take.
bool ScenarioElaboration::read_stale_ticks(const ast::Property& written, std::int64_t ticks,
                                           Expectation& result) {
  if (ticks < 0 || ticks > kStaleTicksMax) {
    error("E0502", written.first->span,
          fmt::format("a read can be 0 to {} ticks stale, and not {}", kStaleTicksMax, ticks),
          "out of range");
    return false;
  }
  if (!scenario_.clocks && !scenario_.is_timely && written_.circumstances.clocks.empty()) {
    error("E0525", written.span,
          fmt::format("`{}` counts ticks, and no time passes in this scenario", result.text),
          "no ticks")
        .helps.push_back(
            "say how long messages take, as in `network delay 0..1`, or what clocks show, as in "
            "`clocks perfect`; or count values: `bounded staleness 2`");
    return false;
  }
  result.stale_ticks = static_cast<int>(ticks);
  scenario_.counts_ticks = true;
  return true;
}

bool ScenarioElaboration::read_property(const ast::Property& written, Expectation& result) {
  using Kind = ast::Property::Kind;
  const auto condition = [&](PropertyKind kind, const char* what) {
    Body body(elaboration_, BodyKind::Property);
    body.may_see_clocks = true;
    result.kind = kind;
    result.condition = body.condition(*written.first, what);
    result.frame = std::move(body.frame);
    return true;
  };
  const auto whenever = [&] {
    Body body(elaboration_, BodyKind::Property);
    body.may_see_clocks = true;
    result.consequence = body.condition(*written.second, "what has to come after `whenever`");
    result.consequence_frame = std::move(body.frame);
    return condition(PropertyKind::Whenever, "the condition of `whenever`");
  };
  switch (written.kind) {
    case Kind::Linearizable:
      result.kind = PropertyKind::Linearizable;
      return has_objects(written, result);
    case Kind::Regular:
      result.kind = PropertyKind::Regular;
      return has_objects(written, result) && is_about_registers(written, result);
    case Kind::Safe:
      result.kind = PropertyKind::Safe;
      return has_objects(written, result) && is_about_registers(written, result);
    case Kind::BoundedStaleness:
      return read_staleness(written, result);
    case Kind::Always:
      return condition(PropertyKind::Always, "what `always` claims");
    case Kind::Never:
      return condition(PropertyKind::Never, "what `never` denies");
    case Kind::Reachable:
      return condition(PropertyKind::Reachable, "what `reachable` looks for");
    case Kind::Sequential:
    case Kind::Causal:
    case Kind::CausalConvergent:
    case Kind::Pram:
    case Kind::ReadYourWrites:
    case Kind::MonotonicReads:
    case Kind::MonotonicWrites:
    case Kind::WritesFollowReads:
      result.kind = PropertyKind::Unsupported;
      return true;
    case Kind::Inductive:
      return read_inductive(written, result);
    case Kind::WithinHops:
      return read_hops(written, result);
    case Kind::AvailableTo:
      return read_audience(written, result);
    case Kind::Semilattice:
      return read_semilattice(written, result);
    case Kind::Commutes:
      return read_commutes(written, result);
    case Kind::ConvergesOn:
      return read_convergence(written, result);
    case Kind::Eventually:
      return condition(PropertyKind::Eventually, "what `eventually` claims");
    case Kind::EventuallyAlways:
      return condition(PropertyKind::EventuallyAlways, "what `eventually always` claims");
    case Kind::Whenever:
      return whenever();
    case Kind::AcknowledgedWriteLost:
      result.kind = PropertyKind::AcknowledgedWriteLost;
      return has_final_reads(written.span);
    case Kind::NoAcknowledgedWriteLost:
      result.kind = PropertyKind::NoAcknowledgedWriteLost;
      return has_final_reads(written.span);
  }
  CAPSTAN_UNREACHABLE("a kind of property");
}

}  // namespace capstan::model
