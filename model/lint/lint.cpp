// SPDX-License-Identifier: MIT
// lint: names that nobody uses, and statements without an effect.
//
// A name means one thing in a role, so reading is judged by name: a name counts as read wherever it
// stands, but for the place of an assignment. That errs on the side of silence.
#include "model/lint/lint.hpp"

#include <fmt/format.h>

#include <set>
#include <string>
#include <vector>

#include "model/lint/lint_internal.hpp"
#include "model/lint/walk.hpp"

namespace capstan::model {

namespace lint_parts {
namespace {

using Names = std::set<std::string>;

/// All names that a piece of the tree reads, by what they stand for.
class Uses final : public Walk {
 public:
  Names names;      // variables, params, ghosts, locals, invariants
  Names fields;     // behind a dot
  Names functions;  // called, or named by a property
  Names uppers;     // roles, types, messages
  Names sent;
  Names written;  // assigned

 protected:
  void see(const ast::Expr& expr) override {
    using enum ast::ExprKind;
    if (expr.kind == Name) names.insert(expr.name.text);
    if (expr.kind == UpperName || expr.kind == RoleMember) uppers.insert(expr.name.text);
    if (expr.kind == Field) fields.insert(expr.name.text);
    if (expr.kind == Call || expr.kind == Comprehension || expr.kind == MethodCall)
      functions.insert(expr.name.text);
  }
  void see(const ast::Statement& statement) override {
    if (statement.kind == ast::StatementKind::Call) functions.insert(statement.name.text);
    if (statement.kind == ast::StatementKind::Assign) written.insert(statement.place.root.text);
    if (statement.kind == ast::StatementKind::Send) sent.insert(statement.message->name.text);
  }
  void see(const ast::Ask& ask) override { sent.insert(ask.message.name.text); }
  void see(const ast::Type& type) override { uppers.insert(type.name.text); }
  void see(const ast::Merge& merge) override {
    for (const ast::Merge::Pair& pair : merge.pairs) names.insert(pair.mine.text);
  }
  void see(const ast::Property& property) override {
    if (property.name) functions.insert(property.name->text);
  }
  void see(const ast::Object& object) override {
    if (object.key) uppers.insert(object.key->text);
  }
};

class UnusedNames {
 public:
  UnusedNames(const ast::File& file, Diagnostics& diagnostics)
      : file_(file), diagnostics_(diagnostics) {
    all_.file(file);
  }

  void run() {
    messages();
    declarations();
    for (const ast::Role& role : file_.roles) in_role(role);
    for (const ast::Function& function : file_.functions) {
      unused_function(function);
      locals([&](Walk& walk) { walk.function(function); });
    }
    scenarios();
  }

 private:
  Diagnostic& warn(const char* code, Span span, std::string message, std::string label) {
    return diagnostics_.add(code, span, std::move(message), std::move(label));
  }

  void messages() {
    Names handled;
    for (const ast::Role& role : file_.roles)
      for (const ast::Handler& handler : role.handlers) handled.insert(handler.message.text);
    for (const ast::Message& message : file_.messages) {
      const ast::Name& name = message.request.name;
      if (!all_.sent.contains(name.text)) {
        warn("W0601", name.span, fmt::format("nobody sends `{}`", name.text), "never sent")
            .helps.push_back("send it, or take its declaration and its handlers away");
      } else if (!handled.contains(name.text)) {
        warn("W0602", name.span, fmt::format("nobody handles `{}`", name.text), "never handled");
      }
    }
  }

  void declarations() {
    for (const ast::Param& param : file_.params) {
      if (all_.names.contains(param.name.text)) continue;
      warn("W0603", param.name.span, fmt::format("the param `{}` is not used", param.name.text),
           "changes nothing");
    }
    for (const ast::TypeDecl& type : file_.types) {
      if (all_.uppers.contains(type.name.text)) continue;
      warn("W0604", type.name.span, fmt::format("the type `{}` is not used", type.name.text),
           "not used");
    }
    for (const ast::Ghost& ghost : file_.ghosts) {
      if (all_.names.contains(ghost.name.text)) continue;
      warn("W0606", ghost.name.span, fmt::format("no property reads `{}`", ghost.name.text),
           "never read")
          .notes.push_back("a ghost is for properties: what none reads only makes more states");
    }
    for (const ast::Invariant& invariant : file_.invariants) {
      if (all_.names.contains(invariant.name.text)) continue;
      warn("W0608", invariant.name.span,
           fmt::format("no scenario checks `{}`", invariant.name.text), "never checked")
          .helps.push_back(
              fmt::format("write `expect always {}` in a scenario", invariant.name.text));
    }
  }

  void unused_function(const ast::Function& function) {
    if (all_.functions.contains(function.name.text)) return;
    warn("W0605", function.name.span, fmt::format("nobody calls `{}`", function.name.text),
         "never called");
  }

  void in_role(const ast::Role& role) {
    Uses own;
    own.role(role);
    for (const ast::Param& param : role.params) {
      const bool is_used = own.names.contains(param.name.text) ||
                           all_.fields.contains(param.name.text) || param.name.text == "home";
      if (is_used) continue;
      warn("W0603", param.name.span,
           fmt::format("the param `{}` of `{}` is not used", param.name.text, role.name.text),
           "changes nothing");
    }
    for (const ast::Variable& variable : role.variables) variable_of(role, variable, own);
    for (const ast::Function& function : role.functions) {
      unused_function(function);
      locals([&](Walk& walk) { walk.function(function); });
    }
    for (const ast::Merge& merge : role.merges) {
      if (all_.functions.contains(merge.name.text)) continue;
      warn("W0605", merge.name.span, fmt::format("nobody calls `{}`", merge.name.text),
           "never called");
    }
    for (const ast::StartBlock& start : role.starts)
      locals([&](Walk& walk) { walk.block(start.block); });
    for (const ast::Handler& each : role.handlers) locals([&](Walk& walk) { walk.handler(each); });
    for (const ast::Action& each : role.actions) locals([&](Walk& walk) { walk.action(each); });
    for (const ast::Operation& each : role.operations)
      locals([&](Walk& walk) { walk.operation(each); });
  }

  /// When a process began is no param: it differs from run to run.
  static bool reads_clock(const ast::Variable& variable) {
    Uses initial;
    initial.expr(variable.value);
    return initial.names.contains("now");
  }

  void variable_of(const ast::Role& role, const ast::Variable& variable, const Uses& own) {
    const std::string& name = variable.name.text;
    if (!own.names.contains(name) && !all_.fields.contains(name)) {
      warn("W0606", variable.name.span, fmt::format("nobody reads `{}`", name), "never read")
          .notes.push_back("a variable that is only written makes more states, and nothing else");
    } else if (!own.written.contains(name) && !reads_clock(variable)) {
      warn("W0607", variable.name.span, fmt::format("`{}` never changes", name), "never assigned")
          .helps.push_back(fmt::format("make it a param of `{}`, or a function", role.name.text));
    }
  }

  /// Locals that are never read, and assignments of something to itself.
  template <typename WalkBody>
  void locals(const WalkBody& body) {
    class Lets final : public Walk {
     public:
      std::vector<const ast::Statement*> lets, assignments;

     protected:
      void see(const ast::Statement& statement) override {
        if (statement.kind == ast::StatementKind::Let) lets.push_back(&statement);
        if (statement.kind == ast::StatementKind::Assign) assignments.push_back(&statement);
      }
    };
    Uses uses;
    body(uses);
    Lets lets;
    body(lets);
    for (const ast::Statement* let : lets.lets) {
      if (uses.names.contains(let->name.text)) continue;
      warn("W0609", let->name.span, fmt::format("`{}` is not read", let->name.text), "never read")
          .helps.push_back(let->value->kind == ast::ExprKind::Ask
                               ? "write the `ask` alone"
                               : "take the line away, or use the value");
    }
    for (const ast::Statement* each : lets.assignments) to_itself(*each);
  }

  void to_itself(const ast::Statement& statement) {
    const bool is_plain = statement.op == "=" && statement.place.steps.empty() &&
                          statement.value->kind == ast::ExprKind::Name;
    if (!is_plain || statement.value->name.text != statement.place.root.text) return;
    warn("W0610", statement.span,
         fmt::format("`{}` is assigned to itself", statement.place.root.text), "has no effect");
  }

  void scenarios() {
    for (const ast::Scenario& scenario : file_.scenarios) {
      if (!scenario.expectations.empty()) continue;
      warn("W0611", scenario.name.span, fmt::format("`{}` expects nothing", scenario.name.text),
           "only model errors are found")
          .helps.push_back("add an `expect` line");
    }
  }

  const ast::File& file_;
  Diagnostics& diagnostics_;
  Uses all_;
};

}  // namespace

void unused_names(const ast::File& file, Diagnostics& diagnostics) {
  UnusedNames(file, diagnostics).run();
}

}  // namespace lint_parts

void lint(const ast::File& file, const SourceFile& source, Diagnostics& diagnostics) {
  lint_parts::unused_names(file, diagnostics);
  lint_parts::stale_guards(file, diagnostics);
  lint_parts::dead_guards(file, source, diagnostics);
  lint_parts::repeated_captions(file, source, diagnostics);
  lint_parts::missing_replies(file, diagnostics);
}

}  // namespace capstan::model
