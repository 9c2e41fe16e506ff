// SPDX-License-Identifier: MIT
// parse_declarations: the file, params, types, ghosts, invariants, messages, objects, functions.
#include <fmt/format.h>

#include <utility>

#include "model/base/require.hpp"
#include "model/syntax/parser_internal.hpp"

namespace capstan::model {

namespace {

const std::vector<std::string> declaration_names = {
    "param", "type", "ghost", "invariant", "message", "object", "role", "fn", "scenario", "card"};

}  // namespace

ast::File Parser::file() {
  head();
  while (!at(TokenKind::End)) {
    const std::size_t item = at_;
    declaration();
    if (is_recovering_) recover_at_declaration(item);
  }
  return std::move(file_);
}

void Parser::head() {
  const std::uint32_t first_doc = real().doc;
  if (accept_word("capstan")) {
    if (at(TokenKind::Integer)) {
      file_.version = take().number;
    } else {
      fail_expected("the version of the language after `capstan`");
      recover_at_declaration(at_);
    }
  }
  file_.doc = tokens_.docs[real().doc != 0 ? real().doc : first_doc];
  if (at(TokenKind::Identifier) && misspelt({"protocol"})) {
    take();
    file_.name = name("the name of the protocol");
  } else if (accept(TokenKind::Protocol)) {
    file_.name = name("the name of the protocol");
  } else {
    const Span span = at(TokenKind::End) ? Span{0, 0} : peek().span;
    const bool is_empty = at(TokenKind::End);
    Diagnostic& diagnostic =
        report("E0114", span,
               is_empty ? "the file declares nothing" : "the file does not begin with `protocol`",
               is_empty ? "" : "expected `protocol` and a name before this");
    diagnostic.helps.push_back("begin with `protocol` and a name, such as `protocol lease`");
    if (!begins_declaration(kind())) is_recovering_ = true;
  }
  if (is_recovering_) recover_at_declaration(at_);
}

void Parser::recover_at_declaration(std::size_t item) {
  int open_count = 0;
  for (;; ++at_) {
    const SyntaxToken& token = real();
    if (token.kind == TokenKind::End) break;
    if (token.kind == TokenKind::OpenBrace) ++open_count;
    if (token.kind == TokenKind::CloseBrace && open_count > 0) --open_count;
    const bool outside = open_count == 0 || !begins_member(token.kind);
    if (at_ > item && token.is_first_on_line && begins_declaration(token.kind) && outside) break;
  }
  is_recovering_ = false;
}

void Parser::add(ast::DeclRef::Kind kind, std::size_t index) {
  file_.order.push_back({kind, index});
}

void Parser::declaration() {
  if (declaration_by_keyword()) return;
  if (begins_member(kind())) {
    misplaced_member();
  } else if (at(TokenKind::Each) || at(TokenKind::Expect) || at_word("faults") ||
             at_word("clocks") || at_word("network")) {
    misplaced_items();
  } else if (is_keyword_misspelt(declaration_names)) {
    declaration_by_keyword();
  } else {
    unexpected_declaration();
  }
}

bool Parser::declaration_by_keyword() {
  using Kind = ast::DeclRef::Kind;
  const auto put = [this](Kind where, auto& list, auto&& item) {
    list.push_back(std::forward<decltype(item)>(item));
    add(where, list.size() - 1);
  };
  const TokenKind next = kind();
  if (next == TokenKind::Param) {
    put(Kind::Param, file_.params, param(false));
  } else if (next == TokenKind::Type) {
    put(Kind::Type, file_.types, type_declaration());
  } else if (next == TokenKind::Ghost) {
    put(Kind::Ghost, file_.ghosts, ghost());
  } else if (next == TokenKind::Invariant) {
    put(Kind::Invariant, file_.invariants, invariant());
  } else if (next == TokenKind::Message) {
    put(Kind::Message, file_.messages, message());
  } else if (next == TokenKind::Object) {
    put(Kind::Object, file_.objects, object());
  } else if (next == TokenKind::Role) {
    put(Kind::Role, file_.roles, role());
  } else if (next == TokenKind::Fn) {
    put(Kind::Function, file_.functions, function());
  } else if (next == TokenKind::Scenario) {
    put(Kind::Scenario, file_.scenarios, scenario(tokens_.docs[peek().doc]));
  } else if (next == TokenKind::Card) {
    put(Kind::Card, file_.cards, card());
  } else {
    return false;
  }
  return true;
}

void Parser::misplaced_member() {
  const bool after_role = !file_.order.empty() &&
                          file_.order.back().kind == ast::DeclRef::Kind::Role &&
                          last().kind == TokenKind::CloseBrace;
  const std::string what(text(peek()));
  Diagnostic& diagnostic = report(
      "E0115", peek().span, fmt::format("`{}` stands outside of a role", what), "a part of a role");
  if (!after_role) {
    diagnostic.helps.push_back("put it between the braces of a `role`");
    is_recovering_ = true;
    return;
  }
  // A brace too many has ended the role before this: what follows belongs to it, and so does its
  // last brace.
  ast::Role& role = file_.roles.back();
  const Bracket bracket{role.name.span, "the role"};
  diagnostic.secondary.push_back(
      {last().span, fmt::format("the role `{}` ends here", role.name.text)});
  diagnostic.helps.push_back("is this brace one too many?");
  const Context context(*this, fmt::format("the role `{}`", role.name.text));
  while (begins_member(kind())) {
    const std::size_t item = at_;
    member(role);
    if (is_recovering_)
      recover_in_list(bracket, item,
                      [](const SyntaxToken& token) { return begins_member(token.kind); });
    accept(TokenKind::Semicolon);
  }
  accept(TokenKind::CloseBrace);
}

/// Items behind the brace of a scenario: as above, but without a brace of their own they belong to
/// nothing.
void Parser::misplaced_items() {
  const bool after_scenario = !file_.order.empty() &&
                              file_.order.back().kind == ast::DeclRef::Kind::Scenario &&
                              last().kind == TokenKind::CloseBrace;
  Diagnostic& diagnostic =
      report("E0115", peek().span, fmt::format("`{}` stands outside of a scenario", text(peek())),
             "a part of a scenario");
  if (!after_scenario) {
    is_recovering_ = true;
    return;
  }
  ast::Scenario& scenario = file_.scenarios.back();
  diagnostic.secondary.push_back(
      {last().span, fmt::format("the scenario `{}` ends here", scenario.name.text)});
  diagnostic.helps.push_back("is this brace one too many?");
  const Context context(*this, fmt::format("the scenario `{}`", scenario.name.text));
  while (!is_recovering_ && !at(TokenKind::End) && !at(TokenKind::CloseBrace) &&
         !begins_declaration(kind())) {
    item(scenario);
    accept(TokenKind::Semicolon);
  }
  accept(TokenKind::CloseBrace);
}

void Parser::unexpected_declaration() {
  if (at(TokenKind::CloseBrace)) {
    Diagnostic& diagnostic =
        report("E0111", peek().span, "`}` closes nothing", "one brace too many");
    if (!suspicious_.empty()) {
      const Closed& closed = suspicious_.back();
      diagnostic.secondary.push_back({closed.open, fmt::format("{} begins here", closed.what)});
      diagnostic.secondary.push_back(
          {closed.close, "and ends here, where the indentation differs"});
    }
    take();
  } else if (at(TokenKind::Semicolon)) {
    if (!std::exchange(is_semicolon_reported_, true))
      report("E0101", peek().span, "expected a declaration, found `;`", "found instead")
          .helps.push_back("leave it out, here and elsewhere: nothing stands between declarations");
    take();
  } else if (at(TokenKind::Protocol)) {
    report("E0121", peek().span, "a second `protocol` in one file",
           "one file describes one protocol")
        .secondary.push_back({file_.name.span, "the first one"});
    is_recovering_ = true;
  } else {
    fail_unexpected("a declaration")
        .notes.push_back(
            "declarations begin with `param`, `type`, `ghost`, `invariant`, `message`, `object`, "
            "`role`, `fn`, `scenario` or `card`");
  }
}

ast::Param Parser::param(bool in_role) {
  ast::Param result;
  const std::uint32_t start = begin();
  take();
  result.name = name("the name of the param");
  const Context context(*this, fmt::format("the param `{}`", result.name.text));
  if (accept(TokenKind::Colon)) {
    result.type = type();
  } else if (in_role) {
    fail_expected("`:` and the type after the name of the role's param");
  }
  const bool has_value = at(TokenKind::Equal) || at(TokenKind::EqualEqual);
  if (has_value || !in_role) {
    expect_assign("and the value of the param");
    result.value = expression();
  }
  result.span = span_from(start);
  return result;
}

ast::TypeDecl Parser::type_declaration() {
  ast::TypeDecl result;
  const std::uint32_t start = begin();
  const bool is_enum = text(peek()) == "enum";  // reported; no `=` stands in `enum Color { ... }`
  take();
  result.name = upper_name("the name of the type");
  const Context context(*this, fmt::format("the type `{}`", result.name.text));
  if (!is_enum || !at(TokenKind::OpenBrace)) expect_assign("after the name of the type");
  result.type = type();
  result.span = span_from(start);
  return result;
}

ast::Ghost Parser::ghost() {
  ast::Ghost result;
  const std::uint32_t start = begin();
  take();
  result.name = name("the name of the ghost variable");
  const Context context(*this, fmt::format("the ghost variable `{}`", result.name.text));
  expect(TokenKind::Colon, "and the type after the name of the ghost variable");
  result.type = type();
  expect_assign("and the initial value of the ghost variable");
  result.value = expression();
  result.span = span_from(start);
  return result;
}

ast::Invariant Parser::invariant() {
  ast::Invariant result;
  const std::uint32_t start = begin();
  take();
  result.name = name("the name of the invariant");
  const Context context(*this, fmt::format("the invariant `{}`", result.name.text));
  if (at(TokenKind::Equal)) {
    report("E0101", peek().span, "expected `:` after the name of the invariant, found `=`",
           "found instead")
        .helps.push_back("write `:`");
    take();
  } else {
    expect(TokenKind::Colon, "after the name of the invariant");
  }
  result.value = expression();
  result.span = span_from(start);
  return result;
}

ast::Message Parser::message() {
  ast::Message result;
  const std::uint32_t start = begin();
  take();
  result.request = signature("the name of the message");
  if (accept_arrow()) result.reply = signature("the name of the reply");
  result.span = span_from(start);
  return result;
}

ast::Signature Parser::signature(std::string_view what) {
  ast::Signature result;
  const std::uint32_t start = begin();
  result.name = upper_name(what);
  const Context context(*this, fmt::format("the message `{}`", result.name.text));
  result.fields = fields(fmt::format("the fields of `{}`", result.name.text));
  result.span = span_from(start);
  return result;
}

std::vector<ast::Field> Parser::fields(std::string_view what) {
  std::vector<ast::Field> result;
  if (!at(TokenKind::OpenParenthesis)) {
    fail_expected(fmt::format("`(` and {}", what)).helps.push_back("write `()` if there are none");
    return result;
  }
  const Bracket bracket = open_bracket(std::string(what));
  if (!at(TokenKind::CloseParenthesis) && !at_end_of_item())
    comma_list([&] { result.push_back(field()); });
  close_bracket(bracket, TokenKind::CloseParenthesis);
  return result;
}

/// Whether a type stands where a field should: `(int, bool)`, `message M(Value)`.
bool Parser::at_field_without_name() const {
  using enum TokenKind;
  const bool is_word = at_word("bool") || at_word("int") || at_word("time") || at_word("process");
  if (at(Identifier))
    return (is_word && !at(Colon, 1)) || at(Of, 1) || at(DotDot, 1) || at(Question, 1);
  return at(UpperIdentifier) || at(Integer) || at(Minus) || at(OpenParenthesis) || at(OpenBrace);
}

ast::Field Parser::field() {
  ast::Field result;
  if (at_field_without_name()) {
    const std::uint32_t start = begin();
    result.type = type();
    const Span span = span_from(start);
    fail("E0101", span, "a field has a name, and this is a type alone", "no name")
        .helps.push_back(fmt::format("write `a: {}`, with a name that says what it is",
                                     source_.folded_text(span)));
    return result;
  }
  result.name = name("the name of a field");
  expect(TokenKind::Colon, fmt::format("and a type after the name `{}`", result.name.text));
  result.type = type();
  return result;
}

ast::Object Parser::object() {
  ast::Object result;
  const std::uint32_t start = begin();
  take();
  result.name = name("the name of the object");
  const Context context(*this, fmt::format("the object `{}`", result.name.text));
  if (at(TokenKind::OpenBracket)) {
    const Bracket bracket = open_bracket("the type of the key", false);
    result.key = upper_name("the type of the key");
    close_bracket(bracket, TokenKind::CloseBracket);
  }
  if (accept(TokenKind::Colon)) {
    builtin_object(result);
  } else if (at(TokenKind::OpenBrace)) {
    object_body(result);
  } else {
    fail_expected("`:` or `{` after the name of the object");
  }
  result.span = span_from(start);
  return result;
}

void Parser::builtin_object(ast::Object& object) {
  object.builtin = name("the kind of the object");
  if (accept(TokenKind::Of)) object.element = type();
  if (at(TokenKind::Equal) || at(TokenKind::EqualEqual)) {
    expect_assign("and the initial value");
    object.initial = expression();
  }
}

void Parser::object_body(ast::Object& object) {
  const Bracket bracket = open_bracket(fmt::format("the object `{}`", object.name.text));
  const auto begins_op = [](TokenKind next) { return next == TokenKind::Op; };
  while (!closes_list(bracket, begins_op)) {
    const std::size_t item = at_;
    if (at(TokenKind::Op)) {
      object.ops.push_back(object_op());
    } else if (at_word("state")) {
      object.states.push_back(object_state());
    } else if (misspelt({"state"})) {
      object.states.push_back(object_state());
    } else {
      fail_unexpected("`state` or `op` in the object");
    }
    if (is_recovering_) {
      recover_in_list(bracket, item, [&](const SyntaxToken& token) {
        return token.kind == TokenKind::Op ||
               (token.kind == TokenKind::Identifier && text(token) == "state");
      });
    }
    accept(TokenKind::Semicolon);
  }
}

ast::ObjectState Parser::object_state() {
  ast::ObjectState result;
  const std::uint32_t start = begin();
  take();
  result.name = name("the name of the state");
  expect(TokenKind::Colon, "and the type after the name of the state");
  result.type = type();
  expect_assign("and the initial value of the state");
  result.value = expression();
  result.span = span_from(start);
  return result;
}

ast::ObjectOp Parser::object_op() {
  ast::ObjectOp result;
  const std::uint32_t start = begin();
  take();
  result.name = name("the name of the operation");
  const Context context(*this, fmt::format("the operation `{}`", result.name.text));
  result.fields = fields(fmt::format("the arguments of `{}`", result.name.text));
  if (accept_arrow()) result.result = type();
  recover_at_block();
  result.block = block(fmt::format("the operation `{}`", result.name.text));
  result.span = span_from(start);
  return result;
}

ast::Function Parser::function() {
  ast::Function result;
  const std::uint32_t start = begin();
  take();
  result.name = name("the name of the function");
  const Context context(*this, fmt::format("the function `{}`", result.name.text));
  result.parameters = fields(fmt::format("the parameters of `{}`", result.name.text));
  if (accept_arrow()) result.result = type();
  if (at(TokenKind::Equal) || at(TokenKind::EqualEqual)) {
    expect_assign("and the value of the function");
    result.value = expression();
  } else if (result.result != nullptr && at(TokenKind::OpenBrace)) {
    fail("E0101", peek().span, "expected `=` and the value of the function, found `{`",
         "found instead")
        .helps.push_back("a function with a block has no `->`: its result is what it returns");
    recover_at_block();
    if (!is_recovering_) result.block = block(fmt::format("the function `{}`", result.name.text));
  } else {
    recover_at_block();
    if (!is_recovering_ && !at(TokenKind::OpenBrace)) {
      const bool is_result = at(TokenKind::Colon);
      Diagnostic& diagnostic = fail_expected("`=` and a value, or a block");
      if (is_result)
        diagnostic.helps.push_back(
            "write `->` before the type of the result, as in `fn f() -> int = 1`");
    } else {
      result.block = block(fmt::format("the function `{}`", result.name.text));
    }
  }
  result.span = span_from(start);
  return result;
}

}  // namespace capstan::model
