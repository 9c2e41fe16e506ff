// SPDX-License-Identifier: MIT
// printer: the file and its declarations, in the order in which they were written.
#include "model/syntax/printer.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

#include "model/base/require.hpp"
#include "model/syntax/printer_internal.hpp"

namespace capstan::model {

namespace printing {

namespace {

using DeclKind = ast::DeclRef::Kind;

std::string signature(const ast::Signature& signature) {
  return fmt::format("{}({})", signature.name.text, fields(signature.fields));
}

std::string message_declaration(const ast::Message& message) {
  std::string result = "message " + signature(message.request);
  if (message.reply) result += " -> " + signature(*message.reply);
  return result;
}

std::string object_op(const ast::ObjectOp& op, std::size_t indent) {
  std::string head = fmt::format("op {}({})", op.name.text, fields(op.fields));
  if (op.result != nullptr) head += " -> " + type(*op.result);
  return with_block(std::move(head), op.block, indent);
}

std::string object(const ast::Object& object) {
  std::string head = "object " + object.name.text;
  if (object.key) head += fmt::format("[{}]", object.key->text);
  if (object.builtin) {
    head += ": " + object.builtin->text;
    if (object.element != nullptr) head += " of " + type(*object.element);
    if (object.initial != nullptr) head += " = " + expression(*object.initial);
    return head;
  }
  head += " {\n";
  for (const ast::ObjectState& state : object.states) {
    head += fmt::format("  state {}: {} = {}\n", state.name.text, type(*state.type),
                        expression(*state.value));
  }
  for (const ast::ObjectOp& op : object.ops) head += fmt::format("  {}\n", object_op(op, 2));
  return head + "}";
}

std::string ghost(const ast::Ghost& ghost) {
  return fmt::format("ghost {}: {} = {}", ghost.name.text, type(*ghost.type),
                     expression(*ghost.value));
}

std::string invariant(const ast::Invariant& invariant) {
  const std::string head = fmt::format("invariant {}:", invariant.name.text);
  const std::string formula = expression(*invariant.value);
  const bool fits = head.size() + 1 + formula.size() <= width_max;
  return head + (fits ? " " : "\n  ") + formula;
}

std::string declaration(const ast::File& file, const ast::DeclRef& declaration) {
  const std::size_t i = declaration.index;
  switch (declaration.kind) {
    case DeclKind::Param:
      return param(file.params[i]);
    case DeclKind::Type:
      return fmt::format("type {} = {}", file.types[i].name.text, type(*file.types[i].type));
    case DeclKind::Ghost:
      return ghost(file.ghosts[i]);
    case DeclKind::Invariant:
      return invariant(file.invariants[i]);
    case DeclKind::Message:
      return message_declaration(file.messages[i]);
    case DeclKind::Object:
      return object(file.objects[i]);
    case DeclKind::Role:
      return role(file.roles[i]);
    case DeclKind::Function:
      return function(file.functions[i], 0);
    case DeclKind::Scenario:
      return scenario(file.scenarios[i]);
    case DeclKind::Card:
      return card(file.cards[i]);
  }
  CAPSTAN_UNREACHABLE("a kind of declaration");
}

}  // namespace

std::string doc_lines(const std::string& doc) {
  if (doc.empty()) return "";
  std::string result;
  for (std::size_t begin = 0; begin <= doc.size();) {
    const std::size_t end = std::min(doc.find('\n', begin), doc.size());
    const std::string line = doc.substr(begin, end - begin);
    result += line.empty() ? "///\n" : fmt::format("/// {}\n", line);
    begin = end + 1;
  }
  return result;
}

std::string param(const ast::Param& param) {
  std::string result = "param " + param.name.text;
  if (param.type != nullptr) result += ": " + type(*param.type);
  if (param.value != nullptr) result += " = " + expression(*param.value);
  return result;
}

std::string function(const ast::Function& function, std::size_t indent) {
  std::string head = fmt::format("fn {}({})", function.name.text, fields(function.parameters));
  if (function.value == nullptr) return with_block(std::move(head), function.block, indent);
  if (function.result != nullptr) head += " -> " + type(*function.result);
  return fmt::format("{} = {}", head, expression(*function.value));
}

}  // namespace printing

std::string print(const ast::File& file) {
  std::string result;
  if (file.version) result += fmt::format("capstan {}\n", *file.version);
  result += printing::doc_lines(file.doc) + fmt::format("protocol {}\n", file.name.text);
  const ast::DeclRef* before = nullptr;
  bool was_long = true;
  for (const ast::DeclRef& next : file.order) {
    const std::string text = printing::declaration(file, next);
    const bool is_long = text.find('\n') != std::string::npos;
    if (before == nullptr || before->kind != next.kind || is_long || was_long) result += '\n';
    result += text + '\n';
    before = &next;
    was_long = is_long;
  }
  return result;
}

std::string print(const ast::Expr& expr) { return printing::value(expr); }
std::string print(const ast::Type& type) { return printing::type(type); }
std::string print(const ast::Property& property) { return printing::property(property); }

}  // namespace capstan::model
