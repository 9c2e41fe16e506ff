// SPDX-License-Identifier: MIT
// roles: functions, merges, handlers, actions, operations and start blocks.
// Tested by: tests/unit/model/typed, tests/golden/typed
#include <fmt/format.h>

#include <algorithm>
#include <utility>

#include "model/typed/body.hpp"

namespace capstan::model {
namespace {

/// How many calls may stand inside each other, one function calling the next.
constexpr int kCallsInside = 100;

}  // namespace

void Elaboration::elaborate_signature(int index) {
  FunctionState& state = function_states[static_cast<std::size_t>(index)];
  Function& function = protocol.functions[static_cast<std::size_t>(index)];
  if (state.has_signature) return;
  state.has_signature = true;
  if (state.function != nullptr) {
    state.parameters =
        resolve_fields(state.function->parameters, fmt::format("`{}`", function.name), false);
    return;
  }
  const Role& role = protocol.roles[static_cast<std::size_t>(function.role)];
  for (const ast::Merge::Pair& pair : state.merge->pairs) {
    const auto slot = find_variable(function.role, pair.mine.text);
    TypeId type;
    if (slot && role.variables[static_cast<std::size_t>(*slot)].storage != Storage::Parameter) {
      type = role.variables[static_cast<std::size_t>(*slot)].type;
      function.merged_slots.push_back(*slot);
    } else {
      Diagnostic& diagnostic =
          error("E0201", pair.mine.span,
                fmt::format("`{}` has no variable `{}` to merge", role.name, pair.mine.text),
                "unknown variable");
      std::vector<std::string> names;
      for (const Variable& variable : role.variables) names.push_back(variable.name);
      suggest_for(diagnostic, pair.mine.text, names);
      function.merged_slots.push_back(-1);
    }
    state.parameters.push_back({pair.theirs.text, type});
  }
}

/// Remembers that the function being elaborated calls this one. What goes through code follows
/// calls, so that they must not be too many inside each other.
void Elaboration::note_call(int index, Span use) {
  if (running_functions_.empty()) return;
  const auto at = [&](int function) -> FunctionState& {
    return function_states[static_cast<std::size_t>(function)];
  };
  FunctionState& caller = at(running_functions_.back());
  caller.depth = std::max(caller.depth, at(index).depth + 1);
  if (caller.depth <= kCallsInside || std::exchange(depth_reported_, true)) return;
  error("E0218", use,
        fmt::format("more than {} functions call each other here, one inside the other",
                    kCallsInside),
        "the last of them")
      .helps.push_back("write some of these functions as one");
}

void Elaboration::elaborate_function(int index, Span use) {
  FunctionState& state = function_states[static_cast<std::size_t>(index)];
  if (state.progress == Progress::Done) return note_call(index, use);
  if (refuse_depth(use, protocol.functions[static_cast<std::size_t>(index)].name))
    return elaborate_signature(index);  // of an unknown type
  const Function& function = protocol.functions[static_cast<std::size_t>(index)];
  if (state.progress == Progress::Running) {
    error("E0216", use, fmt::format("`{}` calls itself", function.name), "a circle of calls")
        .secondary.push_back({function.span, "declared here"});
    return;
  }
  state.progress = Progress::Running;
  running_functions_.push_back(index);
  elaborate_signature(index);
  if (state.merge != nullptr) {
    elaborate_merge(index);
  } else {
    elaborate_plain_function(index);
  }
  running_functions_.pop_back();
  state.progress = Progress::Done;
  note_call(index, use);
}

void Elaboration::elaborate_merge(int index) {
  FunctionState& state = function_states[static_cast<std::size_t>(index)];
  Function& function = protocol.functions[static_cast<std::size_t>(index)];
  Body body(*this, BodyKind::Merge, function.role);
  body.merged_slots = function.merged_slots;
  for (std::size_t i = 0; i < state.parameters.size(); ++i) {
    body.parameter(state.merge->pairs[i].theirs, state.parameters[i].type);
  }
  function.block = body.block(state.merge->block);
  function.frame = std::move(body.frame);
}

void Elaboration::elaborate_plain_function(int index) {
  FunctionState& state = function_states[static_cast<std::size_t>(index)];
  Function& function = protocol.functions[static_cast<std::size_t>(index)];
  const ast::Function& written = *state.function;
  Body body(*this, BodyKind::Function, function.role);
  body.function = &state;
  for (std::size_t i = 0; i < state.parameters.size(); ++i) {
    body.parameter(written.parameters[i].name, state.parameters[i].type);
  }
  if (written.value) {
    Want want{{}, fmt::format("the value of `{}`", function.name)};
    if (written.result) {
      want.type = resolve(*written.result);
      want.origin = written.result->span;
      want.origin_text = "declared here";
    }
    function.value = body.expect(*written.value, want);
    function.result = written.result && !is_unknown(want.type) ? want.type : function.value->type;
    function.has_result = true;
    function.frame = std::move(body.frame);
    return;
  }
  function.block = body.block(written.block);
  function.frame = std::move(body.frame);
  if (!body.returned()) return;
  function.has_result = true;
  function.result = *body.returned();
  if (body.returns_nothing() || falls_through(function.block)) {
    error("E0319", written.name.span,
          fmt::format("`{}` returns a value on some paths and none on others", function.name),
          "may end without `return`");
  }
}

void Elaboration::elaborate_bodies() {
  for (std::size_t i = 0; i < function_states.size(); ++i) {
    elaborate_function(static_cast<int>(i), protocol.functions[i].span);
  }
  for (std::size_t i = 0; i < file.objects.size(); ++i) {
    if (!file.objects[i].builtin) elaborate_written_code(file.objects[i], protocol.objects[i]);
  }
  for (std::size_t i = 0; i < file.roles.size(); ++i) elaborate_role_code(i);
}

void Elaboration::elaborate_role_code(std::size_t role_index) {
  const ast::Role& declared = file.roles[role_index];
  const auto role = static_cast<int>(role_index);
  for (const ast::StartBlock& start : declared.starts) {
    Body body(*this, BodyKind::Start, role);
    Code code;
    code.span = start.span;
    code.block = body.block(start.block);
    mark_live_slots(code.block);
    code.frame = std::move(body.frame);
    Role& owner = protocol.roles[role_index];
    (start.restart ? owner.on_restart : owner.on_start).push_back(std::move(code));
  }
  for (const ast::Handler& handler : declared.handlers) elaborate_handler(role, handler);
  std::map<std::string, Span> names;
  for (const ast::Action& action : declared.actions) {
    const auto [other, is_new] = names.emplace(action.name.text, action.name.span);
    if (!is_new) {
      error("E0205", action.name.span,
            fmt::format("`{}` has two actions `{}`", declared.name.text, action.name.text),
            "declared again")
          .secondary.push_back({other->second, "first declared here"});
    }
    elaborate_action(role, action);
  }
  for (const ast::Operation& operation : declared.operations) elaborate_operation(role, operation);
}

/// A handler's or an action's, once its parameters are known to the body.
template <typename Written>
Code Elaboration::guarded_code(const Written& written, Body& body) {
  Code code;
  code.span = written.span;
  if (written.when) code.guard = body.guard(*written.when, "the guard");
  add_conjuncts(code.guard.get(), code.conjuncts);
  code.block = body.block(written.block);
  if (written.says) code.says = body.caption(*written.says);
  mark_live_slots(code.block);
  code.frame = std::move(body.frame);
  return code;
}

void Elaboration::elaborate_handler(int role, const ast::Handler& handler) {
  const std::vector<int> found = find_messages(handler.message.text);
  if (found.empty() || protocol.messages[static_cast<std::size_t>(found[0])].is_reply) {
    Diagnostic& diagnostic =
        error("E0213", handler.message.span,
              found.empty() ? fmt::format("there is no message `{}`", handler.message.text)
                            : fmt::format("`{}` is a reply: it goes to the `ask` that waits for it",
                                          handler.message.text),
              found.empty() ? "unknown message" : "not handled");
    std::vector<std::string> names;
    for (const Message& message : protocol.messages) {
      if (!message.is_reply) names.push_back(message.name);
    }
    if (found.empty()) suggest_for(diagnostic, handler.message.text, names);
    return;
  }
  const Message& message = protocol.messages[static_cast<std::size_t>(found[0])];
  if (handler.parameters.size() != message.fields.size()) {
    Diagnostic& diagnostic =
        error("E0306", handler.message.span,
              fmt::format("`{}` has {} field{}, and this handler names {}", message.name,
                          message.fields.size(), message.fields.size() == 1 ? "" : "s",
                          handler.parameters.size()),
              fmt::format("{} parameter{}", handler.parameters.size(),
                          handler.parameters.size() == 1 ? "" : "s"));
    diagnostic.secondary.push_back({message.span, "declared here"});
    diagnostic.helps.push_back("`_` stands for a field that is not wanted");
    return;
  }
  Handler result;
  result.message = found[0];
  Body body(*this, BodyKind::Handler, role);
  body.message = found[0];
  for (std::size_t i = 0; i < message.fields.size(); ++i) {
    body.parameter(handler.parameters[i], message.fields[i].type);
  }
  result.code = guarded_code(handler, body);
  protocol.roles[static_cast<std::size_t>(role)].handlers.push_back(std::move(result));
}

void Elaboration::add_conjuncts(const Expr* condition, std::vector<std::string>& texts) const {
  if (condition == nullptr) return;
  if (condition->kind != ExprKind::And) {
    texts.push_back(text(condition->span));
    return;
  }
  for (const ExprPtr& operand : condition->operands) add_conjuncts(operand.get(), texts);
}

void Elaboration::elaborate_action(int role, const ast::Action& action) {
  Action result;
  result.name = action.name.text;
  result.optional = action.optional;
  Body body(*this, BodyKind::Action, role);
  if (action.has_binders) {
    result.binders = body.parameter_binders(action.binders.list);
    if (action.binders.where) {
      result.binders_where = body.guard(*action.binders.where, "the condition after `where`");
    }
    body.refuse_clock_in_parameters(result);
  }
  result.code = guarded_code(action, body);
  protocol.roles[static_cast<std::size_t>(role)].actions.push_back(std::move(result));
}

bool Elaboration::find_operation(const ast::Operation& written, Operation& result) {
  const auto object = find_object(written.object.text);
  if (!object) {
    Diagnostic& diagnostic =
        error("E0214", written.object.span,
              fmt::format("there is no object `{}`", written.object.text), "unknown object");
    std::vector<std::string> names;
    for (const Object& each : protocol.objects) names.push_back(each.name);
    suggest_for(diagnostic, written.object.text, names);
    return false;
  }
  const Object& found = protocol.objects[static_cast<std::size_t>(*object)];
  result.object = *object;
  for (std::size_t i = 0; i < found.ops.size(); ++i) {
    if (found.ops[i].name == written.name.text) result.op = static_cast<int>(i);
  }
  if (result.op < 0) {
    Diagnostic& diagnostic =
        error("E0214", written.name.span,
              fmt::format("the object `{}` has no operation `{}`", found.name, written.name.text),
              "unknown operation");
    diagnostic.secondary.push_back({found.span, "declared here"});
    std::vector<std::string> names;
    std::string list;
    for (const ObjectOp& op : found.ops) {
      names.push_back(op.name);
      list += (list.empty() ? "`" : ", `") + op.name + "`";
    }
    suggest_for(diagnostic, written.name.text, names);
    if (!names.empty()) diagnostic.notes.push_back("it has " + list);
    return false;
  }
  if (found.has_key == written.key.has_value()) return true;
  error("E0325", written.object.span,
        found.has_key ? fmt::format("there is one `{}` for each key: name the key", found.name)
                      : fmt::format("there is only one `{}`, without keys", found.name),
        found.has_key ? fmt::format("as in `op {}[key].{}(...)`", found.name, written.name.text)
                      : "no key here")
      .secondary.push_back({found.span, "declared here"});
  return false;
}

void Elaboration::operation_parameters(const ast::Operation& written, Operation& result,
                                       Body& body) {
  const Object& object = protocol.objects[static_cast<std::size_t>(result.object)];
  const ObjectOp& op = object.ops[static_cast<std::size_t>(result.op)];
  if (written.parameters.size() != op.parameters.size()) {
    error("E0306", written.name.span,
          fmt::format("`{}.{}` takes {} argument{}, and this names {}", object.name, op.name,
                      op.parameters.size(), op.parameters.size() == 1 ? "" : "s",
                      written.parameters.size()),
          fmt::format("{} parameter{}", written.parameters.size(),
                      written.parameters.size() == 1 ? "" : "s"))
        .secondary.push_back({object.span, "declared here"});
  }
  if (written.key) {
    result.key_slot = 0;
    body.parameter(*written.key, object.key);
  }
  for (std::size_t i = 0; i < written.parameters.size(); ++i) {
    body.parameter(written.parameters[i],
                   i < op.parameters.size() ? op.parameters[i].type : TypeId{});
  }
}

void Elaboration::elaborate_operation(int role, const ast::Operation& written) {
  Operation result;
  if (!find_operation(written, result)) return;
  Role& owner = protocol.roles[static_cast<std::size_t>(role)];
  for (const Operation& other : owner.operations) {
    if (other.object != result.object || other.op != result.op) continue;
    error("E0205", written.name.span,
          fmt::format("`{}` implements `{}.{}` twice", owner.name, written.object.text,
                      written.name.text),
          "again")
        .secondary.push_back({other.code.span, "first here"});
    return;
  }
  Body body(*this, BodyKind::Operation, role);
  body.object = &protocol.objects[static_cast<std::size_t>(result.object)];
  body.operation = &body.object->ops[static_cast<std::size_t>(result.op)];
  operation_parameters(written, result, body);
  result.code.span = written.span;
  result.code.block = body.block(written.block);
  if (written.says) result.code.says = body.caption(*written.says);
  if (body.operation->has_result && falls_through(result.code.block)) {
    error("E0319", written.name.span,
          fmt::format("`{}.{}` must return {}, and this may end without", body.object->name,
                      body.operation->name, a(body.operation->result)),
          "may end without `return`")
        .helps.push_back("`fail` says that it had no effect, `unknown` that it may have");
  }
  mark_live_slots(result.code.block);
  result.code.frame = std::move(body.frame);
  owner.operations.push_back(std::move(result));
}

}  // namespace capstan::model
