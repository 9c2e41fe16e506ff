// SPDX-License-Identifier: MIT
// print_roles: roles, in the order in which their members were written (the tree keeps it in the
// spans).
#include <fmt/format.h>

#include <algorithm>
#include <utility>

#include "model/base/require.hpp"
#include "model/syntax/printer_internal.hpp"

namespace capstan::model::printing {

namespace {

constexpr std::size_t indent = 2;

struct Member {
  std::uint32_t begin;
  int kind;  // members of one kind stand together
  std::string text;
};

std::string names(const std::vector<ast::Name>& list) {
  return joined(list, ", ", [](const ast::Name& name) { return name.text; });
}

std::string variable(const ast::Variable& variable) {
  std::string_view kind;
  switch (variable.kind) {
    case ast::Variable::Kind::Durable:
      kind = "durable";
      break;
    case ast::Variable::Kind::DurableUnsynced:
      kind = "durable unsynced";
      break;
    case ast::Variable::Kind::Volatile:
      kind = "volatile";
      break;
  }
  return fmt::format("{} {}: {} = {}", kind, variable.name.text, type(*variable.type),
                     expression(*variable.value));
}

/// The head with its guard and caption, which get a line of their own if they are long, and the
/// block.
std::string guarded(std::string head, const ast::ExprPtr& when,
                    const std::optional<ast::Caption>& says, const ast::Block& block) {
  std::string ending;
  if (when != nullptr) ending += " when " + expression(*when);
  if (says) ending += fmt::format(" says \"{}\"", says->text);
  if (says && indent + head.size() + ending.size() + 2 > width_max) {
    if (when != nullptr) head += " when " + expression(*when);
    return with_block(
        fmt::format("{}\n{}says \"{}\"", head, std::string(indent + 2, ' '), says->text), block,
        indent);
  }
  return with_block(head + ending, block, indent);
}

std::string action(const ast::Action& action) {
  std::string head =
      fmt::format("{}action {}", action.optional ? "optional " : "", action.name.text);
  if (action.has_binders) head += fmt::format("({})", binders(action.binders));
  return guarded(std::move(head), action.when, action.says, action.block);
}

std::string operation(const ast::Operation& operation) {
  std::string head = "op " + operation.object.text;
  if (operation.key) head += fmt::format("[{}]", operation.key->text);
  head += fmt::format(".{}({})", operation.name.text, names(operation.parameters));
  return guarded(std::move(head), nullptr, operation.says, operation.block);
}

std::string merge(const ast::Merge& merge) {
  const std::string pairs = joined(merge.pairs, ", ", [](const ast::Merge::Pair& pair) {
    return fmt::format("{} for {}", pair.theirs.text, pair.mine.text);
  });
  return with_block(fmt::format("merge {}({})", merge.name.text, pairs), merge.block, indent);
}

std::vector<Member> members(const ast::Role& role) {
  std::vector<Member> result;
  const auto add = [&](const auto& list, int kind, auto print) {
    for (const auto& item : list) result.push_back({item.span.begin, kind, print(item)});
  };
  add(role.params, 0, param);
  add(role.variables, 1, variable);
  add(role.starts, 2, [](const ast::StartBlock& start) {
    return with_block(start.restart ? "on restart" : "on start", start.block, indent);
  });
  add(role.handlers, 3, [](const ast::Handler& handler) {
    return guarded(fmt::format("on {}({})", handler.message.text, names(handler.parameters)),
                   handler.when, handler.says, handler.block);
  });
  add(role.actions, 4, action);
  add(role.operations, 5, operation);
  add(role.merges, 6, merge);
  add(role.functions, 7, [](const ast::Function& item) { return function(item, indent); });
  std::stable_sort(result.begin(), result.end(),
                   [](const Member& a, const Member& b) { return a.begin < b.begin; });
  return result;
}

}  // namespace

std::string role(const ast::Role& role) {
  std::string result = "role " + role.name.text;
  if (role.count != nullptr) result += fmt::format("[{}]", expression(*role.count));
  const std::vector<Member> parts = members(role);
  if (parts.empty()) return result + " { }";
  result += " {\n";
  const Member* before = nullptr;
  for (const Member& part : parts) {
    const auto is_long = [](const Member& member) {
      return member.text.find('\n') != std::string::npos;
    };
    if (before != nullptr && (before->kind != part.kind || is_long(*before) || is_long(part)))
      result += '\n';
    result += spaces(indent) + part.text + '\n';
    before = &part;
  }
  return result + "}";
}

}  // namespace capstan::model::printing
