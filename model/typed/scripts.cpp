// SPDX-License-Identifier: MIT
// scripts: the steps of each process (D19), with `fresh` and `any` replaced by values, and pools of
// operations. Tested by: tests/unit/model/typed, tests/golden/typed
#include <fmt/format.h>

#include <algorithm>

#include "model/typed/scenario.hpp"

namespace capstan::model {
namespace {

/// Each value of an `any` input is a branch.
constexpr std::size_t kInputValuesMax = 10'000;

}  // namespace

void ScenarioElaboration::read_scripts() {
  scenario_.scripts.resize(types().processes().size());
  for (const Subject& subject : subjects_) {
    if (subject.written->steps.empty()) continue;
    for (const int process : subject.processes) {
      if (scenario_.scripts[static_cast<std::size_t>(process)].empty()) continue;
      error("E0508", subject.written->role.span,
            fmt::format("{} has a script already", process_name(process)), "a second script")
          .helps.push_back("put all steps of a process on one line, one after another");
      return;
    }
    // Processes before steps: `fresh` takes its values in the order of lines, processes and steps
    // (D19).
    for (const int process : subject.processes) {
      Subject one = subject;
      one.processes = {process};
      for (const ast::Step& step : subject.written->steps) {
        if (step.kind != ast::Step::Kind::AnyOperations) read_step(one, step);
        if (step.kind == ast::Step::Kind::AnyOperations) read_pool(one, step);
      }
    }
    // One pool for the whole line: the steps of its processes were given one each.
    std::map<std::uint32_t, int> pool_of_step;
    for (const int process : subject.processes) {
      for (Step& step : scenario_.scripts[static_cast<std::size_t>(process)]) {
        if (step.kind != Step::Kind::AnyOperations) continue;
        const auto [pool, is_new] =
            pool_of_step.emplace(step.span.begin, static_cast<int>(scenario_.pools.size()));
        if (is_new) scenario_.pools.push_back({step.pool});
        step.pool = pool->second;
      }
    }
  }
}

void ScenarioElaboration::read_step(const Subject& subject, const ast::Step& written) {
  if (written.kind == ast::Step::Kind::Operation) return read_operation(subject, written);
  Body body(elaboration_, BodyKind::Script);
  Step step;
  step.kind = Step::Kind::WaitUntil;
  step.span = written.span;
  step.condition = body.condition(*written.value, "what `wait until` waits for");
  step.frame = std::move(body.frame);
  scenario_.scripts[static_cast<std::size_t>(subject.processes[0])].push_back(std::move(step));
}

void ScenarioElaboration::read_pool(const Subject& subject, const ast::Step& written) {
  Step step;
  step.kind = Step::Kind::AnyOperations;
  step.span = written.span;
  const auto size = elaboration_.constant_number(*written.value, "the number of operations");
  if (!size) return;
  if (*size < 0 || *size > 1000) {
    error("E0509", written.value->span, fmt::format("a pool cannot have {} operations", *size),
          "from 0 to 1000");
    return;
  }
  const Role& owner = role(subject.role);
  if (owner.operations.empty()) {
    error("E0506", written.span, fmt::format("`{}` implements no operation", owner.name),
          "nothing to choose from");
    return;
  }
  for (const Operation& operation : owner.operations) {
    const Object& object =
        elaboration_.protocol.objects[static_cast<std::size_t>(operation.object)];
    const ObjectOp& op = object.ops[static_cast<std::size_t>(operation.op)];
    for (const Type::Field& parameter : op.parameters) {
      if (is_unknown(parameter.type) || types().domain(parameter.type, kInputValuesMax)) continue;
      error("E0509", written.span,
            fmt::format("any operation would be any `{}.{}`, and `{}` has no end of values",
                        object.name, op.name, parameter.name),
            "infinitely many operations")
          .notes.push_back(
              fmt::format("`{}` is {}", parameter.name, elaboration_.a(parameter.type)));
      return;
    }
  }
  step.pool = static_cast<int>(*size);  // its size until the line's pool is made
  scenario_.scripts[static_cast<std::size_t>(subject.processes[0])].push_back(std::move(step));
}

const Operation* ScenarioElaboration::find_operation(const Subject& subject,
                                                     const ast::Step& written) {
  const Role& owner = role(subject.role);
  const auto& objects = elaboration_.protocol.objects;
  if (written.object && !elaboration_.find_object(written.object->text)) {
    Diagnostic& diagnostic =
        error("E0214", written.object->span,
              fmt::format("there is no object `{}`", written.object->text), "unknown object");
    std::vector<std::string> names;
    for (const Object& each : objects) names.push_back(each.name);
    elaboration_.suggest_for(diagnostic, written.object->text, names);
    return nullptr;
  }
  std::vector<const Operation*> found;
  std::vector<std::string> names;
  for (const Operation& operation : owner.operations) {
    const Object& object = objects[static_cast<std::size_t>(operation.object)];
    if (written.object && object.name != written.object->text) continue;
    const ObjectOp& op = object.ops[static_cast<std::size_t>(operation.op)];
    names.push_back(op.name);
    if (op.name == written.name.text) found.push_back(&operation);
  }
  if (found.size() == 1) return found[0];
  if (found.empty()) {
    const auto& declared =
        elaboration_.file.roles[static_cast<std::size_t>(subject.role)].operations;
    const bool was_wrong = std::ranges::any_of(declared, [&](const ast::Operation& operation) {
      return operation.name.text == written.name.text &&
             (!written.object || operation.object.text == written.object->text);
    });
    if (was_wrong) return nullptr;  // reported where it is declared
    Diagnostic& diagnostic =
        error("E0506", written.name.span,
              fmt::format("`{}` implements no operation `{}`", owner.name, written.name.text),
              "unknown operation");
    diagnostic.secondary.push_back({owner.span, "declared here"});
    elaboration_.suggest_for(diagnostic, written.name.text, names);
    return nullptr;
  }
  Diagnostic& diagnostic =
      error("E0507", written.name.span,
            fmt::format("`{}` implements `{}` of several objects", owner.name, written.name.text),
            "of which object?");
  for (const Operation* operation : found) {
    diagnostic.helps.push_back(
        fmt::format("write `{}.{}(...)`", objects[static_cast<std::size_t>(operation->object)].name,
                    written.name.text));
  }
  return nullptr;
}

bool ScenarioElaboration::read_key(const ast::Step& written, const Object& object, Step& step) {
  if (object.has_key != (written.key != nullptr)) {
    error("E0325", written.object ? written.object->span : written.name.span,
          object.has_key ? fmt::format("there is one `{}` for each key: name the key", object.name)
                         : fmt::format("there is only one `{}`, without keys", object.name),
          object.has_key ? fmt::format("as in `{}[key].{}(...)`", object.name, written.name.text)
                         : "has a key here")
        .secondary.push_back({object.span, "declared here"});
    return false;
  }
  if (!object.has_key || is_unknown(object.key)) return true;
  const auto key =
      elaboration_.constant(*written.key, object.key, fmt::format("the key of `{}`", object.name));
  if (!key) return false;
  if (!types().contains(object.key, *key)) {
    error("E0502", written.key->span,
          fmt::format("the key {} is outside {}", types().format(object.key, *key),
                      types().describe(object.key)),
          "outside its type");
    return false;
  }
  step.key.values = {*key};
  return true;
}

void ScenarioElaboration::read_operation(const Subject& subject, const ast::Step& written) {
  const Operation* operation = find_operation(subject, written);
  if (operation == nullptr) return;
  const Object& object = elaboration_.protocol.objects[static_cast<std::size_t>(operation->object)];
  const ObjectOp& op = object.ops[static_cast<std::size_t>(operation->op)];
  Step step;
  step.object = operation->object;
  step.op = operation->op;
  step.span = written.span;
  if (!read_key(written, object, step)) return;
  if (written.inputs.size() != op.parameters.size()) {
    error("E0306", written.name.span,
          fmt::format("`{}.{}` takes {} argument{}, and gets {}", object.name, op.name,
                      op.parameters.size(), op.parameters.size() == 1 ? "" : "s",
                      written.inputs.size()),
          fmt::format("{} here", written.inputs.size()))
        .secondary.push_back({object.span, "declared here"});
    return;
  }
  for (std::size_t i = 0; i < written.inputs.size(); ++i) {
    if (writes_nothing(*written.inputs[i], object, op.parameters[i])) return;
    if (!read_input(*written.inputs[i], op.parameters[i], step)) return;
  }
  scenario_.scripts[static_cast<std::size_t>(subject.processes[0])].push_back(std::move(step));
}

/// Refuses `write(none)`: what a register of an option begins as is never written.
bool ScenarioElaboration::writes_nothing(const ast::Expr& input, const Object& object,
                                         const Type::Field& parameter) {
  const bool is_none = input.kind == ast::ExprKind::Name && input.name.text == "none";
  if (!is_none || is_unknown(parameter.type) || is_unknown(object.element) ||
      types().at(object.element).kind != Type::Kind::Option ||
      types().at(parameter.type).kind == Type::Kind::Option)
    return false;
  error("E0301", input.span, "`none` cannot be written", "not a value to write")
      .notes.push_back(fmt::format(
          "`none` is what `{}` holds before the first write: `{}` is {}, and only `read` gives {}",
          object.name, parameter.name, elaboration_.a(parameter.type),
          elaboration_.a(object.element)));
  return true;
}

bool ScenarioElaboration::read_input(const ast::Expr& input, const Type::Field& parameter,
                                     Step& step) {
  if (is_unknown(parameter.type)) return false;
  if (input.kind == ast::ExprKind::Any) {
    auto domain = types().domain(parameter.type, kInputValuesMax);
    if (!domain) {
      error("E0509", input.span,
            fmt::format("`any`: {} has more than {} values", elaboration_.a(parameter.type),
                        kInputValuesMax),
            "too many");
      return false;
    }
    step.inputs.push_back({std::move(*domain)});
    return true;
  }
  if (input.kind == ast::ExprKind::Name && input.name.text == "fresh") {
    const auto value = next_fresh(input, parameter);
    if (value) step.inputs.push_back({{*value}});
    return value.has_value();
  }
  const auto value =
      elaboration_.constant(input, parameter.type, fmt::format("argument `{}`", parameter.name));
  if (!value) return false;
  if (!types().contains(parameter.type, *value)) {
    error("E0502", input.span,
          fmt::format("{} is outside {}", types().format(parameter.type, *value),
                      types().describe(parameter.type)),
          "outside its type");
    return false;
  }
  step.inputs.push_back({{*value}});
  return true;
}

std::optional<Value> ScenarioElaboration::next_fresh(const ast::Expr& input,
                                                     const Type::Field& parameter) {
  const TypeId type = without_option(types(), parameter.type);
  const auto domain = types().domain(type, kInputValuesMax);
  if (!domain) {
    error("E0509", input.span,
          fmt::format("`fresh`: {} has more than {} values", elaboration_.a(type), kInputValuesMax),
          "no list of values to take from");
    return std::nullopt;
  }
  const std::size_t position = fresh_taken_[type.index]++;
  if (position < domain->size()) return (*domain)[position];
  if (position > domain->size()) return std::nullopt;  // reported already
  Diagnostic& diagnostic =
      error("E0505", input.span,
            fmt::format("there is no fresh value left: {} has {} value{}", elaboration_.a(type),
                        domain->size(), domain->size() == 1 ? "" : "s"),
            "one too many");
  diagnostic.notes.push_back("each `fresh` of each process takes a value of its own");
  diagnostic.helps.push_back(
      fmt::format("give `{}` more values, or write fewer of them", types().describe(type)));
  return std::nullopt;
}

}  // namespace capstan::model
