// SPDX-License-Identifier: MIT
// declarations: role counts, messages, variables, ghosts and invariants, in the order in which they
// need each other. Tested by: tests/unit/model/typed, tests/golden/typed
#include <fmt/format.h>

#include <algorithm>
#include <utility>

#include "model/base/stack.hpp"
#include "model/typed/body.hpp"
#include "model/typed/usage.hpp"

namespace capstan::model {
namespace {

/// Sets of processes are 64-bit masks in the checker, and one bit is spare.
constexpr std::int64_t kProcessesMax = 63;

bool holds_asker(const TypeTable& types, TypeId id) {
  const Type& type = types.at(id);
  if (type.kind == Type::Kind::Unknown) return false;
  // Parts that a type does not have are the unknown type.
  return type.kind == Type::Kind::Asker || holds_asker(types, type.key) ||
         holds_asker(types, type.element) ||
         std::ranges::any_of(type.fields, [&types](const Type::Field& field) {
           return holds_asker(types, field.type);
         });
}

}  // namespace

void Elaboration::elaborate_declarations() {
  elaborate_params();
  elaborate_role_counts();
  elaborate_types();
  elaborate_messages();
  elaborate_objects();
  elaborate_variables();
  elaborate_bodies();
  elaborate_invariants();
}

void Elaboration::elaborate_role_counts() {
  std::int64_t total = 0;
  for (std::size_t i = 0; i < file.roles.size(); ++i) {
    const ast::Role& declared = file.roles[i];
    Role& role = protocol.roles[i];
    std::int64_t count = 1;
    if (declared.count) {
      const auto number =
          constant_number(*declared.count, fmt::format("the number of `{}`", role.name));
      count = number.value_or(1);
      if (count < 1) {
        error("E0402", declared.count->span,
              fmt::format("a role has at least one process, and `{}` would have {}", role.name,
                          count),
              fmt::format("{} here", count));
        count = 1;
      }
    }
    if (total + count > kProcessesMax) {
      error("E0402", declared.count ? declared.count->span : declared.name.span,
            fmt::format("a protocol has at most {} processes, and this one would have {}",
                        kProcessesMax, total + count),
            fmt::format("{} more", count));
      count = 1;
    }
    role.first_process = static_cast<int>(total);
    role.count = static_cast<int>(count);
    for (int number = 1; number <= role.count; ++number) {
      types().processes().push_back(
          {static_cast<int>(i), number,
           role.single ? role.name : fmt::format("{} {}", role.name, number)});
    }
    total += count;
  }
  roles_known = true;
}

void Elaboration::elaborate_types() {
  for (const ast::TypeDecl& type : file.types) {
    if (!find_role(type.name.text)) named_type(type.name);
  }
}

void Elaboration::elaborate_messages() {
  std::size_t index = 0;
  for (const ast::Message& declared : file.messages) {
    const auto fields = [&](const ast::Signature& signature) {
      return resolve_fields(signature.fields, fmt::format("`{}`", signature.name.text), true);
    };
    protocol.messages[index++].fields = fields(declared.request);
    if (declared.reply) protocol.messages[index++].fields = fields(*declared.reply);
  }
  find_message_roles();
  for (std::size_t i = 0; i < protocol.messages.size(); ++i) elaborate_message(i);
}

void Elaboration::find_message_roles() {
  senders.assign(protocol.messages.size(), {});
  receivers.assign(protocol.messages.size(), {});
  for (std::size_t i = 0; i < file.roles.size(); ++i) {
    const auto role = static_cast<int>(i);
    for (const std::string& name : messages_sent_by(file, file.roles[i])) {
      for (const int sent : find_messages(name))
        senders[static_cast<std::size_t>(sent)].insert(role);
    }
    for (const ast::Handler& handler : file.roles[i].handlers) {
      for (const int handled : find_messages(handler.message.text)) {
        receivers[static_cast<std::size_t>(handled)].insert(role);
      }
    }
  }
  find_role_links();
}

/// Requests go from who sends them to who handles them, replies back; where messages hand askers
/// on, anybody may reply.
void Elaboration::find_role_links() {
  bool hands_askers_on = false;
  for (const Message& message : protocol.messages)
    for (const Type::Field& field : message.fields)
      hands_askers_on = hands_askers_on || holds_asker(types(), field.type);
  for (std::size_t i = 0; i < protocol.messages.size(); ++i) {
    if (protocol.messages[i].is_reply) continue;
    for (const int from : senders[i]) {
      for (const int to : receivers[i]) {
        protocol.role_links.emplace(from, to);
        if (protocol.messages[i].reply >= 0) protocol.role_links.emplace(to, from);
      }
      if (protocol.messages[i].reply < 0 || !hands_askers_on) continue;
      for (std::size_t other = 0; other < file.roles.size(); ++other)
        protocol.role_links.emplace(static_cast<int>(other), from);
    }
  }
}

void Elaboration::elaborate_message(std::size_t index) {
  Message& message = protocol.messages[index];
  const auto request = static_cast<std::size_t>(message.is_reply ? message.request : 0);
  const auto& from = message.is_reply ? receivers[request] : senders[index];
  const auto& to = message.is_reply ? senders[request] : receivers[index];
  const TypeId sender = process_of_roles(*this, from);
  Type in_flight;
  in_flight.kind = Type::Kind::Message;
  in_flight.name = message.name;
  in_flight.fields = message.fields;
  in_flight.fields.push_back({"sender", sender});
  if (message.is_reply) {
    Type tuple;
    tuple.kind = Type::Kind::Tuple;
    tuple.name = message.name;
    tuple.fields = in_flight.fields;
    message.tuple = types().add(std::move(tuple));
  }
  in_flight.fields.push_back({"receiver", process_of_roles(*this, to)});
  message.in_flight = types().add(std::move(in_flight));
  for (const Type::Field& field : message.fields) {
    if (field.name != "sender" && field.name != "receiver") continue;
    error("E0207", message.span,
          fmt::format("the message `{}` cannot have a field `{}`: every message has one already",
                      message.name, field.name),
          "a built-in field");
  }
}

void Elaboration::elaborate_variables() {
  for (std::size_t i = 0; i < file.ghosts.size(); ++i) {
    const ast::Ghost& declared = file.ghosts[i];
    Ghost& ghost = protocol.ghosts[i];
    ghost.type = resolve_stored(*declared.type, fmt::format("`{}`", ghost.name));
    if (is_unknown(ghost.type)) continue;
    const auto value =
        constant(*declared.value, ghost.type, fmt::format("the initial value of `{}`", ghost.name));
    if (!value) continue;
    ghost.initial = *value;
    if (types().contains(ghost.type, *value)) continue;
    error("E0403", declared.value->span,
          fmt::format("`{}` would begin as {}, outside {}", ghost.name,
                      types().format(ghost.type, *value), types().describe(ghost.type)),
          "outside its type")
        .secondary.push_back({declared.type->span, "its type"});
  }
  for (std::size_t i = 0; i < file.roles.size(); ++i) {
    const ast::Role& declared = file.roles[i];
    Role& role = protocol.roles[i];
    std::size_t slot = 0;
    for (const ast::Param& param : declared.params) {
      Variable& variable = role.variables[slot++];
      if (param.type) {
        variable.type = resolve_stored(*param.type, fmt::format("`{}`", variable.name));
        if (holds_time(types(), variable.type)) {
          error("E0324", param.type->span,
                fmt::format("the param `{}` cannot hold a time: a scenario has none to set it to",
                            variable.name),
                "a time");
        }
      }
    }
    for (const ast::Variable& written : declared.variables) {
      Variable& variable = role.variables[slot++];
      variable.type = resolve_stored(*written.type, fmt::format("`{}`", variable.name));
    }
  }
  for (std::size_t i = 0; i < file.roles.size(); ++i) elaborate_initials(i);
}

void Elaboration::elaborate_initials(std::size_t role_index) {
  const ast::Role& declared = file.roles[role_index];
  const auto role = static_cast<int>(role_index);
  std::vector<Variable>& variables = protocol.roles[role_index].variables;
  std::size_t slot = 0;
  const auto elaborate_one = [&](const ast::ExprPtr& value, const ast::TypePtr& type) {
    Variable& variable = variables[slot++];
    if (!value || is_unknown(variable.type)) return;
    Body body(*this, BodyKind::Initial, role);
    if (variable.storage == Storage::Parameter) body.own_slot = static_cast<int>(slot) - 1;
    Want want{variable.type, fmt::format("the initial value of `{}`", variable.name)};
    want.origin = type->span;
    want.origin_text = "its type";
    variable.initial = body.expect(*value, want);
    check_initial(variable, *variable.initial, role);
  };
  for (const ast::Param& param : declared.params) elaborate_one(param.value, param.type);
  for (const ast::Variable& each : declared.variables) elaborate_one(each.value, each.type);
}

void Elaboration::check_initial(const Variable& variable, const Expr& initial, int role_index) {
  const Role& role = protocol.roles[static_cast<std::size_t>(role_index)];
  for (int i = 0; i < role.count; ++i) {
    const int process = role.first_process + i;
    const auto value = known_value(initial, process);
    if (!value || types().contains(variable.type, *value)) continue;
    const std::string& name = types().processes()[static_cast<std::size_t>(process)].name;
    error("E0403", initial.span,
          fmt::format("`{}` of {} would begin as {}, outside {}", variable.name, name,
                      types().format(variable.type, *value), types().describe(variable.type)),
          "outside its type")
        .secondary.push_back({variable.span, "declared here"});
    return;
  }
}

void Elaboration::refuse_circle(const std::string& invariant, Span span) {
  if (circle_reported_) return;
  circle_reported_ = true;
  error("E0217", span, fmt::format("the invariant `{}` is defined by itself", invariant),
        "a circle of definitions");
}

bool Elaboration::refuse_depth(Span span, const std::string& name) {
  if (!is_stack_low()) return false;
  if (std::exchange(depth_reported_, true)) return true;
  error("E0218", span,
        fmt::format("`{}` leans on definitions that lean on others, too many to follow", name),
        "the chain of definitions is too long")
      .helps.push_back("declare first what others use, or use fewer definitions inside each other");
  return true;
}

void Elaboration::elaborate_invariants() {
  for (std::size_t i = 0; i < file.invariants.size(); ++i) {
    Invariant& invariant = protocol.invariants[i];
    Body body(*this, BodyKind::Property);
    body.may_see_clocks = true;  // who uses it checks it again
    invariants_running.insert(static_cast<int>(i));
    invariant.value = body.condition(*file.invariants[i].value,
                                     fmt::format("the invariant `{}`", invariant.name));
    invariants_running.erase(static_cast<int>(i));
    invariant.frame = std::move(body.frame);
  }
}

}  // namespace capstan::model
