// SPDX-License-Identifier: MIT
// captions: a caption that computes what its own step assigns (W0614).
//
// A caption is read after the step: where `n += 1` stands below `says "... {n + 1}"`, it counts
// twice. A caption that takes the step back (`{n - 1}`) or names the variable alone is right.
#include <fmt/format.h>

#include <string>
#include <vector>

#include "model/lint/lint_internal.hpp"
#include "model/lint/walk.hpp"

namespace capstan::model::lint_parts {
namespace {

class Assignments final : public Walk {
 public:
  std::vector<const ast::Statement*> list;

 protected:
  void see(const ast::Statement& statement) override {
    if (statement.kind == ast::StatementKind::Assign) list.push_back(&statement);
  }
};

class Reads final : public Walk {
 public:
  explicit Reads(std::string name) : name_(std::move(name)) {}
  bool found = false;

 protected:
  void see(const ast::Expr& expr) override {
    found = found || (expr.kind == ast::ExprKind::Name && expr.name.text == name_);
  }

 private:
  std::string name_;
};

class Captions {
 public:
  Captions(const SourceFile& source, Diagnostics& diagnostics)
      : source_(source), diagnostics_(diagnostics) {}

  void look(const std::optional<ast::Caption>& caption, const ast::Block& block) {
    if (!caption) return;
    Assignments assignments;
    assignments.block(block);
    for (const ast::CaptionPart& part : caption->parts)
      for (const ast::Statement* assignment : assignments.list)
        if (part.value && is_computed_again(*part.value, *assignment)) {
          warn(*part.value, *assignment);
          break;
        }
  }

 private:
  /// Whether the hole is the new value written out, in terms of what is assigned.
  bool is_computed_again(const ast::Expr& hole, const ast::Statement& assignment) const {
    if (hole.kind == ast::ExprKind::Name || !assignment.value) return false;
    const std::string place = source_.folded_text(assignment.place.span);
    const std::string value = source_.folded_text(assignment.value->span);
    const std::string text = source_.folded_text(hole.span);
    if (assignment.op == "=") {
      Reads reads(assignment.place.root.text);
      reads.expr(assignment.value);
      return reads.found && text == value;
    }
    const char sign = assignment.op.front();
    return text == fmt::format("{} {} {}", place, sign, value) ||
           (sign == '+' && text == fmt::format("{} + {}", value, place));
  }

  void warn(const ast::Expr& hole, const ast::Statement& assignment) {
    const std::string place = source_.folded_text(assignment.place.span);
    Diagnostic& diagnostic = diagnostics_.add(
        "W0614", hole.span,
        fmt::format("the caption sees `{}` after this step, which has changed it already", place),
        "counts the change twice");
    diagnostic.secondary.push_back({assignment.span, "changed here"});
    diagnostic.helps.push_back(fmt::format("write `{{{}}}`: the new value", place));
    diagnostic.notes.emplace_back("a caption is filled in with what holds after the step");
  }

  const SourceFile& source_;
  Diagnostics& diagnostics_;
};

}  // namespace

void repeated_captions(const ast::File& file, const SourceFile& source, Diagnostics& diagnostics) {
  Captions captions(source, diagnostics);
  for (const ast::Role& role : file.roles) {
    for (const ast::Handler& each : role.handlers) captions.look(each.says, each.block);
    for (const ast::Action& each : role.actions) captions.look(each.says, each.block);
    for (const ast::Operation& each : role.operations) captions.look(each.says, each.block);
  }
}

}  // namespace capstan::model::lint_parts
