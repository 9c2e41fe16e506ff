// SPDX-License-Identifier: MIT
// scenario: the processes of each line, and the values of role params (D20): one value, `any` or
// `distinct`. Tested by: tests/unit/model/typed, tests/golden/typed
#include "model/typed/scenario.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "model/base/file_name.hpp"
#include "model/system/effort.hpp"
#include "model/system/evaluate.hpp"

namespace capstan::model {
namespace {

/// Every choice of role params is an initial state of its own.
constexpr std::size_t kParameterChoicesMax = 10'000;
/// Each is judged by itself.
constexpr std::size_t kExpectationsMax = 10'000;
constexpr std::size_t kValueNameSizeMax = 40;

}  // namespace

ScenarioElaboration::ScenarioElaboration(Elaboration& elaboration, const ast::Scenario& written)
    : elaboration_(elaboration), written_(written), scenario_(elaboration.protocol.scenario) {}

void ScenarioElaboration::elaborate(const std::vector<std::pair<std::string, Value>>& sweep) {
  scenario_.name = written_.name.text;
  scenario_.doc = written_.doc;
  scenario_.span = written_.span;
  for (const auto& [name, value] : sweep) {
    const auto index = elaboration_.find_param(name);
    if (!index) continue;
    scenario_.point.emplace_back(name, value);
    scenario_.point_suffix += fmt::format(
        ".{}-{}", name,
        word_or_slug(types().format(elaboration_.param(*index).type, value), kValueNameSizeMax));
  }
  find_subjects();
  read_parameters();
  read_scripts();
  read_circumstances();
  read_expectations();
  name_files();
  check_time();
}

void ScenarioElaboration::read_expectations() {
  const auto& all = written_.expectations;
  if (all.size() > kExpectationsMax) {
    error("E0509", all[kExpectationsMax].span,
          fmt::format("`{}` has more than {} expectations", written_.name.text, kExpectationsMax),
          "too many")
        .helps.push_back("write several scenarios");
    return;
  }
  for (const ast::Expectation& each : all) read_expectation(each);
}

void ScenarioElaboration::find_subjects() {
  for (const ast::Subject& written : written_.circumstances.subjects) {
    const auto found = elaboration_.find_role(written.role.text);
    if (!found) {
      Diagnostic& diagnostic =
          error("E0215", written.role.span, fmt::format("there is no role `{}`", written.role.text),
                "unknown role");
      std::vector<std::string> names;
      for (const Role& each : elaboration_.protocol.roles) names.push_back(each.name);
      elaboration_.suggest_for(diagnostic, written.role.text, names);
      continue;
    }
    const Role& owner = role(*found);
    Subject subject;
    subject.written = &written;
    subject.role = *found;
    if (written.each) {
      for (int i = 0; i < owner.count; ++i) subject.processes.push_back(owner.first_process + i);
    } else if (written.is_alone && owner.count != 1) {
      error("E0407", written.role.span,
            fmt::format("`{0}` has {1} processes, and this names none of them", owner.name,
                        owner.count),
            "which one?")
          .helps.push_back(
              fmt::format("write `each {0}` for all of them, `{0} 1` for one", owner.name));
      continue;
    } else if (written.is_alone) {
      subject.processes.push_back(owner.first_process);
    } else if (written.number < 1 || written.number > owner.count) {
      error("E0407", written.role.span,
            fmt::format("there is no `{} {}`: `{}` has {} process{}", owner.name, written.number,
                        owner.name, owner.count, owner.count == 1 ? "" : "es"),
            "no such process")
          .secondary.push_back({owner.span, "declared here"});
      continue;
    } else {
      subject.processes.push_back(owner.first_process + static_cast<int>(written.number) - 1);
    }
    subjects_.push_back(std::move(subject));
  }
}

void ScenarioElaboration::read_parameters() {
  for (const Subject& subject : subjects_) {
    for (const ast::Setting& setting : subject.written->settings) read_setting(subject, setting);
  }
  require_parameters();
  if (!elaboration_.diagnostics.has_errors()) expand_parameters();
}

bool ScenarioElaboration::is_set(int process, int slot) const {
  return settings_.contains({process, slot});
}

bool ScenarioElaboration::takes_part(int process) const {
  const Role& owner = elaboration_.protocol.role_of(process);
  if (!owner.handlers.empty() || !owner.actions.empty() || !owner.on_start.empty()) return true;
  return std::ranges::any_of(subjects_, [&](const Subject& subject) {
    return std::ranges::find(subject.processes, process) != subject.processes.end();
  });
}

void ScenarioElaboration::read_setting(const Subject& subject, const ast::Setting& setting) {
  const Role& owner = role(subject.role);
  const auto slot = elaboration_.find_variable(subject.role, setting.name.text);
  if (!slot || owner.variables[static_cast<std::size_t>(*slot)].storage != Storage::Parameter) {
    Diagnostic& diagnostic = error(
        "E0501", setting.name.span,
        slot ? fmt::format("`{}` of `{}` is a variable, not a param", setting.name.text, owner.name)
             : fmt::format("`{}` has no param `{}`", owner.name, setting.name.text),
        slot ? "not set by scenarios" : "unknown param");
    std::vector<std::string> names;
    for (const Variable& variable : owner.variables) {
      if (variable.storage == Storage::Parameter) names.push_back(variable.name);
    }
    if (!slot) elaboration_.suggest_for(diagnostic, setting.name.text, names);
    return;
  }
  const Variable& variable = owner.variables[static_cast<std::size_t>(*slot)];
  for (const int process : subject.processes) {
    if (!is_set(process, *slot)) continue;
    error("E0503", setting.name.span,
          fmt::format("`{}` of {} is set twice", variable.name, process_name(process)),
          "set again");
    return;
  }
  for (const int process : subject.processes) settings_.insert({process, *slot});
  if (is_unknown(variable.type)) return;
  const ast::Expr& value = *setting.value;
  if (value.kind == ast::ExprKind::Name && value.name.text == "distinct") {
    return add_distinct(subject, setting, *slot);
  }
  if (value.kind != ast::ExprKind::Any) {
    const auto one =
        elaboration_.constant(value, variable.type, fmt::format("the param `{}`", variable.name));
    if (!one) return;
    if (!types().contains(variable.type, *one)) {
      error("E0502", value.span,
            fmt::format("`{}` would be {}, outside {}", variable.name,
                        types().format(variable.type, *one), types().describe(variable.type)),
            "outside its type");
      return;
    }
    const std::size_t count = subject.processes.size();
    choices_.push_back({subject.processes, *slot, {std::vector<Value>(count, *one)}});
    return;
  }
  const auto domain = types().domain(variable.type, kParameterChoicesMax);
  if (!domain) {
    error("E0509", value.span,
          fmt::format("`any`: {} has more than {} values", elaboration_.a(variable.type),
                      kParameterChoicesMax),
          "too many");
    return;
  }
  for (const int process : subject.processes) {
    Choice choice{{process}, *slot, {}};
    for (const Value& each : *domain) choice.alternatives.push_back({each});
    choices_.push_back(std::move(choice));
  }
}

void ScenarioElaboration::add_distinct(const Subject& subject, const ast::Setting& setting,
                                       int slot) {
  const Variable& variable = role(subject.role).variables[static_cast<std::size_t>(slot)];
  const auto domain = types().domain(variable.type, kParameterChoicesMax);
  const std::size_t count = subject.processes.size();
  if (domain && domain->size() < count) {
    error(
        "E0511", setting.value->span,
        fmt::format("{} processes cannot all differ: {} has only {} value{}", count,
                    elaboration_.a(variable.type), domain->size(), domain->size() == 1 ? "" : "s"),
        "not enough values");
    return;
  }
  std::size_t total = 1;
  for (std::size_t i = 0; domain && i < count; ++i) {
    total = std::min(total * (domain->size() - i), kParameterChoicesMax + 1);
  }
  if (!domain || total > kParameterChoicesMax) {
    error("E0509", setting.value->span,
          fmt::format("`distinct` would give more than {} assignments", kParameterChoicesMax),
          "too many");
    return;
  }
  Choice choice{subject.processes, slot, {{}}};
  for (std::size_t i = 0; i < count; ++i) {
    std::vector<std::vector<Value>> longer;
    for (const std::vector<Value>& prefix : choice.alternatives) {
      for (const Value& value : *domain) {
        if (std::ranges::find(prefix, value) != prefix.end()) continue;
        longer.push_back(prefix);
        longer.back().push_back(value);
      }
    }
    choice.alternatives = std::move(longer);
  }
  choices_.push_back(std::move(choice));
}

void ScenarioElaboration::require_parameters() {
  for (std::size_t i = 0; i < elaboration_.protocol.roles.size(); ++i) {
    const Role& owner = elaboration_.protocol.roles[i];
    for (std::size_t slot = 0; slot < owner.variables.size(); ++slot) {
      const Variable& variable = owner.variables[slot];
      if (variable.storage != Storage::Parameter || variable.initial) continue;
      for (int n = 0; n < owner.count; ++n) {
        const int process = owner.first_process + n;
        if (is_set(process, static_cast<int>(slot)) || !takes_part(process)) continue;
        const bool one_line = std::ranges::any_of(subjects_, [&](const Subject& subject) {
          return subject.role == static_cast<int>(i) && subject.written->each;
        });
        Diagnostic& diagnostic = error("E0504", written_.name.span,
                                       fmt::format("the param `{}` of {} has no value here",
                                                   variable.name, process_name(process)),
                                       "does not set it");
        diagnostic.secondary.push_back({variable.span, "declared without a default"});
        diagnostic.helps.push_back(
            fmt::format("set it on the line of {}: `{} with {} = ...`, to a value, to `any` or to "
                        "`distinct`",
                        process_name(process),
                        one_line ? "each " + owner.name : process_name(process), variable.name));
        break;
      }
    }
  }
}

bool ScenarioElaboration::fill_parameters(std::vector<std::vector<Value>>& values) {
  Protocol& protocol = elaboration_.protocol;
  for (std::size_t process = 0; process < values.size(); ++process) {
    const Role& owner = protocol.role_of(static_cast<int>(process));
    for (std::size_t slot = 0; slot < values[process].size(); ++slot) {
      const Variable& variable = owner.variables[slot];
      if (is_set(static_cast<int>(process), static_cast<int>(slot))) continue;
      if (!variable.initial) {  // of a process that does nothing: any value will do
        const auto domain = types().domain(variable.type, kParameterChoicesMax);
        if (domain && !domain->empty()) values[process][slot] = domain->front();
        continue;
      }
      std::vector<Value> locals(static_cast<std::size_t>(slots_used(*variable.initial)));
      Environment environment;
      environment.protocol = &protocol;
      environment.locals = &locals;
      environment.variables = &values[process];
      environment.self = static_cast<int>(process);
      try {
        values[process][slot] = evaluate(*variable.initial, environment);
      } catch (const ModelError& failure) {
        error("E0405", failure.span, fmt::format("this has no value: {}", failure.message),
              "evaluated before the run");
        return false;
      } catch (const TooLong& failure) {
        error("E0409", failure.span,
              fmt::format("this takes too long to evaluate: {}", failure.message),
              "evaluated before the run");
        return false;
      }
    }
  }
  return true;
}

void ScenarioElaboration::expand_parameters() {
  const Protocol& protocol = elaboration_.protocol;
  std::vector<std::vector<Value>> empty(protocol.types.processes().size());
  for (std::size_t process = 0; process < empty.size(); ++process) {
    const Role& owner = protocol.role_of(static_cast<int>(process));
    const auto count = std::ranges::count(owner.variables, Storage::Parameter, &Variable::storage);
    empty[process].resize(static_cast<std::size_t>(count));
  }
  std::vector<std::vector<std::vector<Value>>> all{empty};
  for (const Choice& choice : choices_) {
    if (all.size() * choice.alternatives.size() > kParameterChoicesMax) {
      error("E0509", written_.name.span,
            fmt::format("the role params of this scenario have more than {} assignments",
                        kParameterChoicesMax),
            "too many");
      return;
    }
    std::vector<std::vector<std::vector<Value>>> longer;
    for (const auto& before : all) {
      for (const std::vector<Value>& alternative : choice.alternatives) {
        longer.push_back(before);
        for (std::size_t i = 0; i < choice.processes.size(); ++i) {
          const auto process = static_cast<std::size_t>(choice.processes[i]);
          longer.back()[process][static_cast<std::size_t>(choice.slot)] = alternative[i];
        }
      }
    }
    all = std::move(longer);
  }
  for (auto& values : all) {
    if (!fill_parameters(values)) return;
  }
  scenario_.parameter_choices = std::move(all);
}

}  // namespace capstan::model
