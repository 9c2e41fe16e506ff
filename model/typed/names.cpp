// SPDX-License-Identifier: MIT
// names: what a name in an expression stands for, by the scopes of the language: block, role,
// protocol, built in. Tested by: tests/unit/model/typed, tests/golden/typed
#include <fmt/format.h>

#include "model/typed/body.hpp"

namespace capstan::model {
namespace {

/// A finite type's name is the set of its values; a larger one is hardly meant.
constexpr std::size_t kTypeValuesMax = 100'000;
/// How many invariants may name each other, one inside the other.
constexpr std::size_t kInvariantsInside = 100;

ExprPtr make_variable(ExprKind kind, const Variable& variable, int slot, Span span) {
  ExprPtr result = make_expr(kind, variable.type, span);
  result->slot = slot;
  return result;
}

bool reads_role(BodyKind kind) {
  return kind != BodyKind::Constant && kind != BodyKind::Property && kind != BodyKind::Script &&
         kind != BodyKind::ObjectOp;
}

}  // namespace

TypeId process_of_roles(Elaboration& elaboration, const std::set<int>& roles) {
  if (roles.size() != 1) return process_type(elaboration.types(), -1, "");
  const int role = *roles.begin();
  const std::string& name = elaboration.protocol.roles[static_cast<std::size_t>(role)].name;
  return process_type(elaboration.types(), role, name);
}

ExprPtr Body::check_name(const ast::Expr& expr, TypeId hint) {
  const std::string& name = expr.name.text;
  if (const Local* local = find_local(name)) {
    slots_read_.insert(local->slot);
    return make_local(local->slot, frame.slots[static_cast<std::size_t>(local->slot)].type,
                      expr.span);
  }
  if (is_builtin_value(name)) return check_builtin_name(expr, hint);
  if (kind_ == BodyKind::ObjectOp) {
    for (std::size_t i = 0; i < object->states.size(); ++i) {
      if (object->states[i].name != name) continue;
      ExprPtr result = make_expr(ExprKind::Variable, object->states[i].type, expr.span);
      result->slot = static_cast<int>(i);
      return result;
    }
  }
  if (reads_role(kind_)) {
    if (const auto slot = elaboration_.find_variable(role_, name)) {
      return check_variable(expr, *slot);
    }
  }
  if (speaker.role >= 0) {
    if (const auto slot = elaboration_.find_variable(speaker.role, name))
      return other_variable(speaker.role, *slot, speaking_process(expr.span), expr.span);
  }
  if (const auto index = elaboration_.find_param(name)) {
    const Param& param = elaboration_.param(*index);
    ExprPtr result = make_expr(ExprKind::Param, param.type, expr.span);
    result->index = *index;
    result->value = param.value;
    return result;
  }
  if (const auto slot = elaboration_.find_ghost(name)) return check_ghost(expr, *slot);
  if (const auto* found = elaboration_.find_enumerators(name)) {
    return check_enumerator(expr, *found, hint);
  }
  if (const auto index = elaboration_.find_invariant(name)) return check_invariant(expr, *index);
  return unknown_name(expr);
}

ExprPtr Body::check_variable(const ast::Expr& expr, int slot) {
  const Role& role = elaboration_.protocol.roles[static_cast<std::size_t>(role_)];
  const Variable& variable = role.variables[static_cast<std::size_t>(slot)];
  if (kind_ == BodyKind::Initial && variable.storage != Storage::Parameter) {
    error("E0209", expr.span,
          fmt::format("the initial value of a variable cannot depend on the variable `{}`",
                      variable.name),
          "has no value yet")
        .notes.push_back("an initial value may use params, the role's params and `self`");
    return make_unknown(expr.span);
  }
  if (slot >= own_slot) {
    error("E0209", expr.span,
          fmt::format("the default of a param can use only the params before it, not `{}`",
                      variable.name),
          "has no value yet")
        .secondary.push_back({variable.span, "declared here"});
    return make_unknown(expr.span);
  }
  return make_variable(ExprKind::Variable, variable, slot, expr.span);
}

ExprPtr Body::check_ghost(const ast::Expr& expr, int slot) {
  const Ghost& ghost = elaboration_.protocol.ghosts[static_cast<std::size_t>(slot)];
  if (kind_ != BodyKind::Property && kind_ != BodyKind::Script && !ghosts_visible_) {
    Diagnostic& diagnostic =
        error("E0211", expr.span, fmt::format("the ghost `{}` cannot be read here", ghost.name),
              "a ghost");
    diagnostic.secondary.push_back({ghost.span, "declared here"});
    diagnostic.notes.push_back(
        "only properties and the updates of ghosts read a ghost: "
        "the protocol runs as if there were none");
    return make_unknown(expr.span);
  }
  ExprPtr result = make_expr(ExprKind::Ghost, ghost.type, expr.span);
  result->index = slot;
  result->slot = slot;
  return result;
}

ExprPtr Body::check_invariant(const ast::Expr& expr, int index) {
  if (kind_ != BodyKind::Property) {
    error("E0209", expr.span,
          fmt::format("the invariant `{}` can be read by properties only", expr.name.text),
          "sees the whole state");
    return make_unknown(expr.span);
  }
  if (elaboration_.invariants_running.size() >= kInvariantsInside) {
    error("E0218", expr.span,
          fmt::format("more than {} invariants stand inside each other here", kInvariantsInside),
          "the last of them")
        .helps.push_back("write some of these invariants as one");
    return make_unknown(expr.span);
  }
  if (!elaboration_.invariants_running.insert(index).second) {
    elaboration_.refuse_circle(expr.name.text, expr.span);
    return make_unknown(expr.span);
  }
  // Elaborated in this frame, but in its own scope: its binders hide nothing here.
  std::vector<Local> outside;
  outside.swap(locals_);
  const ast::Invariant& invariant = elaboration_.file.invariants[static_cast<std::size_t>(index)];
  ExprPtr result = condition(*invariant.value, fmt::format("the invariant `{}`", expr.name.text));
  outside.swap(locals_);
  elaboration_.invariants_running.erase(index);
  return result;
}

ExprPtr Body::check_enumerator(const ast::Expr& expr, const std::vector<Enumerator>& found,
                               TypeId hint) {
  const TypeId wanted = without_option(types(), hint);
  const Enumerator* chosen = found.size() == 1 ? &found[0] : nullptr;
  for (const Enumerator& each : found) {
    if (each.type == wanted) chosen = &each;
  }
  if (chosen != nullptr) {
    return make_constant(Value::integer(chosen->position), chosen->type, expr.span);
  }
  Diagnostic& diagnostic =
      error("E0208", expr.span,
            fmt::format("`{}` is a value of {} types, and nothing here tells which", expr.name.text,
                        found.size()),
            "ambiguous");
  for (const Enumerator& each : found) {
    diagnostic.secondary.push_back(
        {each.span, fmt::format("in `{}`", types().describe(each.type))});
  }
  return make_unknown(expr.span);
}

ExprPtr Body::unknown_name(const ast::Expr& expr) {
  const std::string& name = expr.name.text;
  const int role = reads_role(kind_) ? role_ : -1;
  std::vector<std::string> owners;
  for (const Role& each : elaboration_.protocol.roles) {
    for (const Variable& variable : each.variables) {
      if (variable.name == name) owners.push_back(each.name);
    }
  }
  if (!owners.empty()) {
    Diagnostic& diagnostic = error(
        "E0220", expr.span,
        fmt::format("`{}` is a variable of `{}`, and this is not code of one", name, owners[0]),
        "whose?");
    if (kind_ == BodyKind::Property || kind_ == BodyKind::Script) {
      diagnostic.helps.push_back(
          fmt::format("name the process: `every(p.{} ... for p in {})`", name, owners[0]));
    } else if (kind_ == BodyKind::Constant) {
      diagnostic.notes.push_back("this is evaluated before the run: only params are known");
    } else {
      diagnostic.notes.push_back("a process cannot look into another: ask it");
    }
    return make_unknown(expr.span);
  }
  Diagnostic& diagnostic =
      error("E0201", expr.span, fmt::format("there is no `{}` here", name), "unknown name");
  if (elaboration_.find_function(role, name) || is_builtin_function(name)) {
    diagnostic.helps.push_back(fmt::format("`{}` is a function: write `{}(...)`", name, name));
    return make_unknown(expr.span);
  }
  if (name == "null" || name == "nil" || name == "undefined" || name == "nothing") {
    diagnostic.helps.push_back("write `none`");
    return make_unknown(expr.span);
  }
  std::vector<std::string> candidates;
  for (const Local& local : locals_) candidates.push_back(local.name);
  for (const std::string& each : elaboration_.value_names(role)) candidates.push_back(each);
  if (kind_ == BodyKind::Property) {
    for (const ast::Invariant& each : elaboration_.file.invariants) {
      candidates.push_back(each.name.text);
    }
    for (const ast::Ghost& each : elaboration_.file.ghosts) candidates.push_back(each.name.text);
  }
  elaboration_.suggest_for(diagnostic, name, candidates);
  return make_unknown(expr.span);
}

ExprPtr Body::check_builtin_name(const ast::Expr& expr, TypeId hint) {
  const std::string& name = expr.name.text;
  if (name == "true" || name == "false") {
    return make_constant(Value::boolean(name == "true"), bool_type(types()), expr.span);
  }
  if (name == "none") {
    const bool tells = is_kind(types(), hint, Type::Kind::Option);
    return make_constant(Value::none(), tells ? hint : kind_type(types(), Type::Kind::None),
                         expr.span);
  }
  if (name == "self") return check_self(expr);
  if (name == "sender") return check_sender(expr);
  if (name == "asker") return check_asker(expr);
  if (name == "now") return check_now(expr);
  if (name == "least") {
    return make_constant(Value::integer(kLeastTime), kind_type(types(), Type::Kind::Time),
                         expr.span);
  }
  std::string where = "in a named cut, as in `partition {Node 1} from rest`";
  if (name == "it") where = "in the `where` of an `ask`, where it is the reply being judged";
  if (name == "replies") where = "in the `else` of an `ask`, where it is the replies so far";
  if (name == "fresh") where = "as an argument in a script";
  if (name == "distinct") where = "in the `with` of a scenario's process line";
  error("E0209", expr.span, fmt::format("`{}` means nothing here", name), "out of place")
      .notes.push_back(fmt::format("`{}` stands {}", name, where));
  return make_unknown(expr.span);
}

ExprPtr Body::check_self(const ast::Expr& expr) {
  if (speaker.role >= 0) return speaking_process(expr.span);
  if (!reads_role(kind_) || role_ < 0) {
    error("E0209", expr.span, "`self` means nothing here: this is not code of a role",
          "no process of its own");
    return make_unknown(expr.span);
  }
  const Role& role = elaboration_.protocol.roles[static_cast<std::size_t>(role_)];
  return make_expr(ExprKind::Self, process_type(types(), role_, role.name), expr.span);
}

ExprPtr Body::check_sender(const ast::Expr& expr) {
  if (kind_ != BodyKind::Handler || message < 0) {
    error("E0209", expr.span, "`sender` means nothing here: no message is being handled",
          "out of place")
        .helps.push_back("pass the sender of a message to a function as an argument");
    return make_unknown(expr.span);
  }
  const auto& roles = elaboration_.senders[static_cast<std::size_t>(message)];
  return make_expr(ExprKind::Sender, process_of_roles(elaboration_, roles), expr.span);
}

ExprPtr Body::check_asker(const ast::Expr& expr) {
  const bool handles = kind_ == BodyKind::Handler && message >= 0;
  if (!handles || elaboration_.protocol.messages[static_cast<std::size_t>(message)].reply < 0) {
    error("E0209", expr.span,
          handles ? "`asker` means nothing here: nobody waits for an answer to this message"
                  : "`asker` means nothing here: no message is being handled",
          "out of place");
    return make_unknown(expr.span);
  }
  const Message& handled = elaboration_.protocol.messages[static_cast<std::size_t>(message)];
  Type asker;
  asker.kind = Type::Kind::Asker;
  asker.name = "asker of " + handled.name;
  asker.message = message;
  return make_expr(ExprKind::AskerToken, types().add(std::move(asker)), expr.span);
}

ExprPtr Body::check_upper_name(const ast::Expr& expr, TypeId hint) {
  const std::string& name = expr.name.text;
  if (const auto role = elaboration_.find_role(name)) return check_role_name(expr, *role, hint);
  if (elaboration_.find_type(name) != nullptr) return check_type_name(expr);
  const std::vector<int> messages = elaboration_.find_messages(name);
  if (!messages.empty()) return check_in_flight(expr, messages);
  Diagnostic& diagnostic =
      error("E0202", expr.span, fmt::format("there is no `{}`", name), "no role, type or message");
  if (name == "True" || name == "TRUE" || name == "False" || name == "FALSE")
    diagnostic.helps.push_back(name[0] == 'T' ? "write `true`" : "write `false`");
  else if (name == "None" || name == "Null" || name == "NULL" || name == "Nil" || name == "NIL")
    diagnostic.helps.push_back("write `none`");
  else
    elaboration_.suggest_for(diagnostic, name, elaboration_.upper_names());
  return make_unknown(expr.span);
}

ExprPtr Body::check_role_name(const ast::Expr& expr, int role, TypeId hint) {
  const Role& found = elaboration_.protocol.roles[static_cast<std::size_t>(role)];
  if (!elaboration_.roles_known) {
    error("E0209", expr.span,
          fmt::format("a param or a bound cannot depend on the processes of `{}`", found.name),
          "not numbered yet");
    return make_unknown(expr.span);
  }
  const TypeId process = process_type(types(), role, found.name);
  if (found.single && !is_kind(types(), hint, Type::Kind::Set)) {
    return make_constant(Value::integer(found.first_process), process, expr.span);
  }
  std::vector<Value> members;
  for (int i = 0; i < found.count; ++i) members.push_back(Value::integer(found.first_process + i));
  return make_constant(Value::set(std::move(members)), set_of(types(), process), expr.span);
}

ExprPtr Body::check_type_name(const ast::Expr& expr) {
  const TypeId type = elaboration_.named_type(expr.name);
  if (is_unknown(type)) return make_unknown(expr.span);
  auto values = types().domain(type, kTypeValuesMax);
  if (!values) {
    error("E0408", expr.span,
          fmt::format("`{}` has too many values to list them as a set", expr.name.text),
          fmt::format("more than {} values", kTypeValuesMax));
    return make_unknown(expr.span);
  }
  return make_constant(Value::set(std::move(*values)), set_of(types(), type), expr.span);
}

ExprPtr Body::check_in_flight(const ast::Expr& expr, const std::vector<int>& messages) {
  if (kind_ != BodyKind::Property && kind_ != BodyKind::Script) {
    error("E0210", expr.span,
          fmt::format("a protocol cannot look into the network for `{}`", expr.name.text),
          "a message's name is the set of those in flight")
        .notes.push_back("only properties see the messages in flight");
    return make_unknown(expr.span);
  }
  ExprPtr result;
  for (const int index : messages) {  // replies of one name to several requests: all of them
    const Message& each = elaboration_.protocol.messages[static_cast<std::size_t>(index)];
    ExprPtr part =
        make_expr(ExprKind::MessagesInFlight, set_of(types(), each.in_flight), expr.span);
    part->index = index;
    if (!result) {
      result = std::move(part);
      continue;
    }
    const auto joined = join(types(), result->type, part->type);
    if (!joined) {
      error("E0208", expr.span,
            fmt::format("several replies are called `{}`, with different fields", expr.name.text),
            "ambiguous");
      return make_unknown(expr.span);
    }
    ExprPtr both = make_expr(ExprKind::Union, *joined, expr.span);
    both->operands.push_back(std::move(result));
    both->operands.push_back(std::move(part));
    result = std::move(both);
  }
  return result;
}

ExprPtr Body::check_role_member(const ast::Expr& expr) {
  const auto role = elaboration_.find_role(expr.name.text);
  if (!role) {
    Diagnostic& diagnostic = error(
        "E0215", expr.span, fmt::format("there is no role `{}`", expr.name.text), "unknown role");
    std::vector<std::string> names;
    for (const Role& each : elaboration_.protocol.roles) names.push_back(each.name);
    elaboration_.suggest_for(diagnostic, expr.name.text, names);
    return make_unknown(expr.span);
  }
  const Role& found = elaboration_.protocol.roles[static_cast<std::size_t>(*role)];
  if (!elaboration_.roles_known) {
    error("E0209", expr.span, "a param or a bound cannot depend on a process", "not numbered yet");
    return make_unknown(expr.span);
  }
  if (expr.number < 1 || expr.number > found.count) {
    error("E0407", expr.span,
          fmt::format("there is no `{} {}`: `{}` has {} process{}", found.name, expr.number,
                      found.name, found.count, found.count == 1 ? "" : "es"),
          "no such process")
        .secondary.push_back({found.span, "declared here"});
    return make_unknown(expr.span);
  }
  return make_constant(Value::integer(found.first_process + expr.number - 1),
                       process_type(types(), *role, found.name), expr.span);
}

}  // namespace capstan::model
