// SPDX-License-Identifier: MIT
// collect: the names that a file declares, before anything is elaborated.
//
// Fills the lists of Protocol with names only, so that positions in them are final; finds what is
// declared twice. Tested by: tests/golden/typed
#include <fmt/format.h>

#include <algorithm>
#include <set>
#include <string>

#include "model/typed/elaboration.hpp"

namespace capstan::model {
namespace {

Storage storage_of(ast::Variable::Kind kind) {
  switch (kind) {
    case ast::Variable::Kind::Durable:
      return Storage::Durable;
    case ast::Variable::Kind::DurableUnsynced:
      return Storage::Unsynced;
    case ast::Variable::Kind::Volatile:
      return Storage::Volatile;
  }
  CAPSTAN_UNREACHABLE("a kind of variable");
}

}  // namespace

void Elaboration::collect_names() {
  collect_enumerators();
  for (const ast::Role& role : file.roles) collect_upper(role.name, "role");
  for (const ast::TypeDecl& type : file.types) {
    collect_upper(type.name, "type");
    type_states_.emplace(type.name.text, TypeState{&type, Progress::Untouched, {}});
  }
  for (const ast::Param& declared : file.params) {
    if (refuse_declaration(-1, declared.name)) continue;
    Param param;
    param.name = declared.name.text;
    param.span = declared.name.span;
    protocol.params.push_back(std::move(param));
    param_states.push_back({&declared, nullptr, std::nullopt, Progress::Untouched});
  }
  collect_roles();
  collect_messages();
  for (const ast::Ghost& declared : file.ghosts) {
    refuse_declaration(-1, declared.name);
    protocol.ghosts.push_back({declared.name.text, {}, {}, declared.name.span});
  }
  for (const ast::Object& declared : file.objects) {
    if (const auto other = find_object(declared.name.text)) {
      error("E0205", declared.name.span,
            fmt::format("there are two objects `{}`", declared.name.text), "declared again")
          .secondary.push_back(
              {protocol.objects[static_cast<std::size_t>(*other)].span, "first declared here"});
    }
    Object object;
    object.name = declared.name.text;
    object.span = declared.name.span;
    protocol.objects.push_back(std::move(object));
  }
  for (const ast::Invariant& declared : file.invariants) {
    refuse_declaration(-1, declared.name);
    Invariant invariant;
    invariant.name = declared.name.text;
    invariant.span = declared.name.span;
    protocol.invariants.push_back(std::move(invariant));
  }
  collect_functions();
}

void Elaboration::collect_upper(const ast::Name& name, const std::string& what) {
  const auto [found, is_new] = upper_.emplace(name.text, name.span);
  if (is_new || found->second == name.span) return;
  Diagnostic& diagnostic =
      error("E0205", name.span, fmt::format("`{}` is declared twice", name.text),
            fmt::format("a {} of the same name", what));
  diagnostic.secondary.push_back({found->second, "first declared here"});
  diagnostic.notes.push_back("roles, types and messages share their names");
}

void Elaboration::collect_enumerators_of(const ast::Type& type, const std::string& name) {
  if (type.kind == ast::TypeKind::Enumeration) {
    Type enumeration;
    enumeration.kind = Type::Kind::Enumeration;
    enumeration.name = name;
    for (const ast::Name& each : type.enumerators) enumeration.enumerators.push_back(each.text);
    const TypeId id = types().add(enumeration);
    std::set<std::string> seen;
    for (std::size_t i = 0; i < type.enumerators.size(); ++i) {
      const ast::Name& each = type.enumerators[i];
      if (!seen.insert(each.text).second) {
        error("E0205", each.span, fmt::format("`{}` stands twice in one enumeration", each.text),
              "again");
        continue;
      }
      if (is_builtin_value(each.text)) {
        refuse_declaration(-1, each);
        continue;
      }
      std::vector<Enumerator>& all = enumerators_[each.text];
      const bool known =
          std::ranges::any_of(all, [&](const Enumerator& other) { return other.type == id; });
      if (!known) all.push_back({id, static_cast<std::int64_t>(i), each.span});
    }
  }
  if (type.key) collect_enumerators_of(*type.key, "");
  if (type.element) collect_enumerators_of(*type.element, "");
  for (const ast::Field& field : type.fields) {
    if (field.type) collect_enumerators_of(*field.type, "");
  }
}

void Elaboration::collect_enumerators() {
  const auto take = [&](const ast::TypePtr& type) {
    if (type) collect_enumerators_of(*type, "");
  };
  const auto take_fields = [&](const std::vector<ast::Field>& fields) {
    for (const ast::Field& field : fields) take(field.type);
  };
  for (const ast::TypeDecl& type : file.types) {
    if (type.type) collect_enumerators_of(*type.type, type.name.text);
  }
  for (const ast::Param& param : file.params) take(param.type);
  for (const ast::Ghost& ghost : file.ghosts) take(ghost.type);
  for (const ast::Message& message : file.messages) {
    take_fields(message.request.fields);
    if (message.reply) take_fields(message.reply->fields);
  }
  for (const ast::Object& object : file.objects) {
    take(object.element);
    for (const ast::ObjectState& state : object.states) take(state.type);
    for (const ast::ObjectOp& op : object.ops) {
      take_fields(op.fields);
      take(op.result);
    }
  }
  for (const ast::Function& function : file.functions) take_fields(function.parameters);
  for (const ast::Role& role : file.roles) {
    for (const ast::Param& param : role.params) take(param.type);
    for (const ast::Variable& variable : role.variables) take(variable.type);
    for (const ast::Function& function : role.functions) take_fields(function.parameters);
  }
}

void Elaboration::collect_messages() {
  std::set<std::string> replies;
  for (const ast::Message& declared : file.messages) {
    collect_upper(declared.request.name, "message");
    Message request;
    request.name = declared.request.name.text;
    request.span = declared.request.name.span;
    protocol.messages.push_back(request);
    if (!declared.reply) continue;
    const auto index = static_cast<int>(protocol.messages.size()) - 1;
    protocol.messages.back().reply = index + 1;
    Message reply;  // several requests may be answered by a reply of one name: each has its own
    reply.name = declared.reply->name.text;
    reply.span = declared.reply->name.span;
    reply.is_reply = true;
    reply.request = index;
    protocol.messages.push_back(reply);
    if (replies.insert(reply.name).second) collect_upper(declared.reply->name, "reply");
  }
}

void Elaboration::collect_roles() {
  for (std::size_t i = 0; i < file.roles.size(); ++i) {
    const ast::Role& declared = file.roles[i];
    Role role;
    role.name = declared.name.text;
    role.span = declared.name.span;
    role.single = declared.count == nullptr;
    protocol.roles.push_back(std::move(role));
    const auto index = static_cast<int>(i);
    for (const ast::Param& param : declared.params) {
      refuse_declaration(index, param.name);
      Variable variable;
      variable.name = param.name.text;
      variable.storage = Storage::Parameter;
      variable.span = param.name.span;
      protocol.roles[i].variables.push_back(std::move(variable));
    }
    for (const ast::Variable& each : declared.variables) {
      refuse_declaration(index, each.name);
      Variable variable;
      variable.name = each.name.text;
      variable.storage = storage_of(each.kind);
      variable.span = each.name.span;
      protocol.roles[i].variables.push_back(std::move(variable));
    }
  }
}

void Elaboration::collect_functions() {
  const auto add = [&](const ast::Name& name, int role, const FunctionState& state) {
    const auto other = find_function(role, name.text);
    if (is_builtin_function(name.text)) {
      error("E0207", name.span,
            fmt::format("`{}` is a built-in function and cannot be declared", name.text),
            "a built-in name");
    } else if (other) {
      error("E0205", name.span, fmt::format("the function `{}` is declared twice", name.text),
            "declared again")
          .secondary.push_back(
              {protocol.functions[static_cast<std::size_t>(*other)].span, "first declared here"});
    }
    Function function;
    function.name = name.text;
    function.role = role;
    function.is_merge = state.merge != nullptr;
    function.span = name.span;
    protocol.functions.push_back(std::move(function));
    function_states.push_back(state);
  };
  for (const ast::Function& function : file.functions) {
    add(function.name, -1, {&function, nullptr});
  }
  for (std::size_t i = 0; i < file.roles.size(); ++i) {
    const auto role = static_cast<int>(i);
    for (const ast::Function& function : file.roles[i].functions) {
      add(function.name, role, {&function, nullptr});
    }
    for (const ast::Merge& merge : file.roles[i].merges) {
      add(merge.name, role, {nullptr, &merge});
    }
  }
}

}  // namespace capstan::model
