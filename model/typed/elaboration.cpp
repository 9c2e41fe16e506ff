// SPDX-License-Identifier: MIT
// elaboration: what all parts of the type checker use (diagnostics, text), and the collection of
// names. Tested by: tests/unit/model/typed, tests/golden/typed
#include "model/typed/elaboration.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <string_view>

#include "model/source/suggest.hpp"

namespace capstan::model {
namespace {

constexpr std::array<std::string_view, 13> kBuiltinValues = {
    "true",  "false", "none",    "least", "self",     "now", "sender",
    "asker", "it",    "replies", "fresh", "distinct", "rest"};
constexpr std::array<std::string_view, 14> kBuiltinFunctions = {
    "every", "some", "count", "sum",      "max",   "min",  "size",
    "first", "last", "abs",   "majority", "index", "live", "done"};

}  // namespace

bool is_builtin_value(const std::string& name) {
  return std::ranges::find(kBuiltinValues, name) != kBuiltinValues.end();
}

bool is_builtin_function(const std::string& name) {
  return std::ranges::find(kBuiltinFunctions, name) != kBuiltinFunctions.end();
}

Elaboration::Elaboration(const ast::File& ast_file, const SourceFile& source_file,
                         Diagnostics& sink)
    : file(ast_file), source(source_file), diagnostics(sink) {
  protocol.name = file.name.text;
  protocol.doc = file.doc;
  for (const ast::Param& param : file.params)
    declared_.try_emplace(param.name.text, Declared{"a param", param.name.span});
  for (const ast::Ghost& ghost : file.ghosts)
    declared_.try_emplace(ghost.name.text, Declared{"a ghost", ghost.name.span});
  for (const ast::Invariant& invariant : file.invariants)
    declared_.try_emplace(invariant.name.text, Declared{"an invariant", invariant.name.span});
}

Diagnostic& Elaboration::error(const char* code, Span span, std::string message,
                               std::string label) {
  return diagnostics.add(code, span, std::move(message), std::move(label));
}

std::string Elaboration::a(TypeId id) const {
  const Type& type = protocol.types.at(id);
  if (type.kind == Type::Kind::None) return "`none`";
  if (type.kind == Type::Kind::EmptyBraces) return "an empty set";
  if (type.kind == Type::Kind::EmptyBrackets) return "an empty sequence";
  const std::string name = protocol.types.describe(id);
  const char first = name.front();
  const bool vowel = std::string_view("aeiouAEIO").find(first) != std::string_view::npos;
  return fmt::format("{} `{}`", vowel ? "an" : "a", name);
}

std::string Elaboration::text(Span span) const { return source.folded_text(span); }

void Elaboration::suggest_for(Diagnostic& diagnostic, const std::string& wrong,
                              const std::vector<std::string>& candidates) const {
  const std::vector<std::string> near = suggest(wrong, candidates);
  if (near.empty()) return;
  std::string names;
  for (std::size_t i = 0; i < near.size(); ++i) {
    if (i > 0) names += i + 1 == near.size() ? " or " : ", ";
    names += "`" + near[i] + "`";
  }
  diagnostic.helps.push_back(fmt::format("did you mean {}?", names));
}

std::optional<int> Elaboration::find_param(const std::string& name) const {
  return params_by_name_.find(protocol.params, name);
}

std::optional<int> Elaboration::find_role(const std::string& name) const {
  return roles_by_name_.find(protocol.roles, name);
}

std::optional<int> Elaboration::find_ghost(const std::string& name) const {
  return ghosts_by_name_.find(protocol.ghosts, name);
}

std::optional<int> Elaboration::find_object(const std::string& name) const {
  return objects_by_name_.find(protocol.objects, name);
}

std::optional<int> Elaboration::find_invariant(const std::string& name) const {
  return invariants_by_name_.find(protocol.invariants, name);
}

std::optional<int> Elaboration::find_variable(int role, const std::string& name) const {
  if (role < 0) return std::nullopt;
  return variables_by_name_[role].find(protocol.roles[static_cast<std::size_t>(role)].variables,
                                       name);
}

std::optional<int> Elaboration::find_function(int role, const std::string& name) const {
  std::optional<int> found;
  for (const int each : functions_by_name_.find(protocol.functions, name)) {
    const int owner = protocol.functions[static_cast<std::size_t>(each)].role;
    if (owner == role) return each;
    if (owner < 0) found = each;
  }
  return found;
}

std::vector<int> Elaboration::find_messages(const std::string& name) const {
  return messages_by_name_.find(protocol.messages, name);
}

const std::vector<Enumerator>* Elaboration::find_enumerators(const std::string& name) const {
  const auto found = enumerators_.find(name);
  return found == enumerators_.end() ? nullptr : &found->second;
}

const ast::TypeDecl* Elaboration::find_type(const std::string& name) const {
  const auto found = type_states_.find(name);
  return found == type_states_.end() ? nullptr : found->second.declaration;
}

std::optional<Declared> Elaboration::find_declared(int role, const std::string& name) const {
  if (const auto slot = find_variable(role, name)) {
    const Role& owner = protocol.roles[static_cast<std::size_t>(role)];
    const Variable& variable = owner.variables[static_cast<std::size_t>(*slot)];
    const char* what = variable.storage == Storage::Parameter ? "param" : "variable";
    return Declared{fmt::format("a {} of `{}`", what, owner.name), variable.span};
  }
  if (const auto found = declared_.find(name); found != declared_.end()) return found->second;
  if (const auto* found = find_enumerators(name)) {
    return Declared{fmt::format("an enumerator of `{}`", protocol.types.describe((*found)[0].type)),
                    (*found)[0].span};
  }
  return std::nullopt;
}

bool Elaboration::refuse_declaration(int role, const ast::Name& name) {
  if (is_builtin_value(name.text)) {
    error("E0207", name.span, fmt::format("`{}` is built in and cannot be declared", name.text),
          "a built-in name");
    return true;
  }
  const auto declared = find_declared(role, name.text);
  if (!declared || declared->span == name.span) return false;
  Diagnostic& diagnostic =
      error("E0206", name.span, fmt::format("`{}` is already {}", name.text, declared->what),
            "declared again");
  diagnostic.secondary.push_back({declared->span, "first declared here"});
  diagnostic.notes.push_back("no name hides another: a name means one thing within a role");
  return true;
}

std::vector<std::string> Elaboration::value_names(int role) const {
  std::vector<std::string> names;
  if (role >= 0) {
    for (const Variable& variable : protocol.roles[static_cast<std::size_t>(role)].variables) {
      names.push_back(variable.name);
    }
  }
  for (const Param& each : protocol.params) names.push_back(each.name);
  for (const auto& [name, unused] : enumerators_) names.push_back(name);
  for (const char* name : {"true", "false", "none", "least", "now", "self", "sender", "asker"}) {
    names.emplace_back(name);
  }
  return names;
}

std::vector<std::string> Elaboration::upper_names() const {
  std::vector<std::string> names;
  for (const auto& [name, unused] : upper_) names.push_back(name);
  return names;
}

}  // namespace capstan::model
