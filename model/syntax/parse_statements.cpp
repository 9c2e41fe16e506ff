// SPDX-License-Identifier: MIT
// parse_statements: blocks and what stands in them.
//
// Two operands never stand side by side, so a name that another word follows is a misspelt keyword.
#include <fmt/format.h>

#include <utility>

#include "model/syntax/parser_internal.hpp"

namespace capstan::model {

namespace {

const std::vector<std::string> statement_names = {"let",  "if",      "for",    "send", "reply",
                                                  "ask",  "wait",    "assert", "sync", "return",
                                                  "fail", "unknown", "next"};

bool is_leave(ast::StatementKind kind) {
  return kind == ast::StatementKind::Return || kind == ast::StatementKind::Fail ||
         kind == ast::StatementKind::Unknown || kind == ast::StatementKind::Next;
}

}  // namespace

ast::Block Parser::block(std::string what) {
  ast::Block result;
  const Nesting nesting(*this);
  if (!nesting.ok()) return result;
  if (!at(TokenKind::OpenBrace)) {
    const bool is_bare = begins_statement(kind());
    Diagnostic& diagnostic = fail_expected(fmt::format("`{{` and the block of {}", what));
    if (is_bare) diagnostic.helps.push_back("statements stand in braces, a single one too");
    return result;
  }
  const Bracket bracket =
      open_bracket(what.starts_with("the") ? "the block of " + what : std::move(what));
  statements(result, bracket);
  return result;
}

void Parser::statements(ast::Block& block, const Bracket& bracket) {
  bool has_left = false;
  bool is_leave_reported = false;
  while (!closes_list(bracket, &Parser::begins_statement)) {
    const std::size_t item = at_;
    if (has_left && !std::exchange(is_leave_reported, true)) after_leave(block.back());
    ast::Statement next = statement();
    if (!has_left) {
      has_left = is_leave(next.kind);
      block.push_back(std::move(next));
    }
    if (is_recovering_) {
      recover_in_list(bracket, item,
                      [](const SyntaxToken& token) { return begins_statement(token.kind); });
    } else {
      accept(TokenKind::Semicolon);
    }
  }
}

/// Reports a statement that cannot be reached, once for each block.
void Parser::after_leave(const ast::Statement& leave) {
  Diagnostic& diagnostic =
      report("E0110", peek().span, "nothing can stand behind a statement that leaves the block",
             "never reached");
  diagnostic.secondary.push_back({leave.span, "leaves the block"});
}

ast::Statement Parser::statement() {
  const std::uint32_t start = begin();
  const bool is_name = at(TokenKind::Identifier) || (at_misused_word() && at(TokenKind::Equal, 1));
  ast::Statement result = is_name ? name_statement() : statement_by_keyword(start);
  result.span = span_from(start);
  return result;
}

ast::Statement Parser::statement_by_keyword(std::uint32_t start) {
  using Kind = ast::StatementKind;
  ast::Statement result;
  const TokenKind next = kind();
  if (next == TokenKind::Let) return let();
  if (next == TokenKind::If) {
    result.kind = Kind::If;
    if_statement(result);
  } else if (next == TokenKind::For) {
    take();
    result.kind = Kind::For;
    result.binders = binders();
    recover_at_block();
    result.block = block("the `for`");
  } else if (next == TokenKind::Send) {
    result.kind = Kind::Send;
    send(result);
  } else if (next == TokenKind::Reply) {
    result.kind = Kind::Reply;
    reply(result);
  } else if (next == TokenKind::Ask) {
    result.kind = Kind::Ask;
    result.ask = std::make_unique<ast::Ask>(ask());
  } else if (next == TokenKind::Wait) {
    result.kind = Kind::WaitUntil;
    wait(result);
  } else if (next == TokenKind::Assert) {
    take();
    result.kind = Kind::Assert;
    result.value = expression();
  } else if (next == TokenKind::Return) {
    result.kind = Kind::Return;
    return_statement(result);
  } else if (accept(TokenKind::Sync)) {
    result.kind = Kind::Sync;
  } else if (accept(TokenKind::Fail)) {
    result.kind = Kind::Fail;
  } else if (accept(TokenKind::Unknown)) {
    result.kind = Kind::Unknown;
  } else if (accept(TokenKind::Next)) {
    result.kind = Kind::Next;
  } else {
    unexpected_statement();
  }
  result.span = span_from(start);
  return result;
}

void Parser::unexpected_statement() {
  if (at(TokenKind::Else)) {
    Diagnostic& diagnostic = fail(
        "E0120", peek().span, "`else` follows neither an `if` nor an `ask`", "belongs to nothing");
    if (last().kind == TokenKind::Semicolon) {
      diagnostic.secondary.push_back({last().span, "ends the statement before it"});
      diagnostic.helps.push_back("leave out the `;`");
    }
    return;
  }
  const bool is_message = at(TokenKind::UpperIdentifier) && at(TokenKind::OpenParenthesis, 1);
  const std::string found(text(peek()));
  const bool is_reserved = is_reserved_word(kind());
  Diagnostic& diagnostic = fail_unexpected("a statement");
  if (is_reserved)
    diagnostic.notes.push_back(fmt::format("`{}` is a reserved word and names nothing", found));
  if (is_message) {
    diagnostic.helps.push_back(fmt::format(
        "write `send {0}(...) to ...`, `reply {0}(...)` or `ask ...: {0}(...)`", found));
  }
  if (found == "state" || found == "durable" || found == "volatile") {
    diagnostic.helps.push_back("name a value of this block with `let`");
  }
}

ast::Statement Parser::let() {
  ast::Statement result;
  result.kind = ast::StatementKind::Let;
  take();
  result.name = name("the name of a value");
  if (at(TokenKind::Colon)) {
    report("E0101", peek().span, "expected `=` after the name, found `:`", "found instead")
        .helps.push_back("leave out the type: `let` takes it from the value");
    take();
    type();
  }
  expect_assign("and a value after the name");
  result.value = value();
  return result;
}

void Parser::if_statement(ast::Statement& statement) {
  take();
  statement.branches.push_back(branch());
  while (!is_recovering_) {
    const bool is_foreign = at_word("elif") || at_word("elsif") || at_word("elseif");
    if (is_foreign) {
      report("E0103", peek().span, fmt::format("unknown word `{}`", text(peek())))
          .helps.push_back("write `else if`");
      take();
      statement.branches.push_back(branch());
    } else if (!accept(TokenKind::Else)) {
      return;
    } else if (accept(TokenKind::If)) {
      statement.branches.push_back(branch());
    } else {
      statement.has_else = true;
      statement.block = else_block();
      return;
    }
  }
}

ast::Block Parser::else_block() {
  if (at(TokenKind::OpenBrace) || !begins_statement(kind())) return block("the `else`");
  const bool is_condition =
      !at(TokenKind::Equal, 1) && !at(TokenKind::PlusEqual, 1) && !at(TokenKind::MinusEqual, 1);
  if (at(TokenKind::Identifier) && is_condition && !at(TokenKind::OpenParenthesis, 1)) {
    report("E0101", peek().span,
           fmt::format("expected `{{` after `else`, found {}", describe(peek())), "found instead")
        .helps.push_back("`else` has no condition: write `else if c { ... }`");
    expression();
    recover_at_block();
    return block("the `else`");
  }
  return unbraced("after `else`");
}

/// One statement where a block is needed: reported, and read as the block that is meant.
ast::Block Parser::unbraced(std::string_view before) {
  const Nesting nesting(*this);
  ast::Block result;
  if (!nesting.ok()) return result;
  report("E0101", peek().span,
         fmt::format("expected `{{` and a block {}, found {}", before, describe(peek())),
         "found instead")
      .helps.push_back("statements stand in braces, a single one too");
  result.push_back(statement());
  if (at(TokenKind::Semicolon) && at(TokenKind::Else, 1)) take();
  return result;
}

ast::Branch Parser::branch() {
  ast::Branch result;
  result.condition = expression();
  if (at(TokenKind::Then)) {
    report("E0118", peek().span, "the statement `if` has a block, not `then`",
           "belongs to `if` as a value")
        .helps.push_back("write the statements in braces: `if c { ... } else { ... }`");
    take();
    if (!at(TokenKind::OpenBrace)) is_recovering_ = true;
  } else if (begins_statement(kind()) && !real().follows_error) {
    result.block = unbraced("after the condition");
    return result;
  } else if (!is_recovering_ && !at(TokenKind::OpenBrace)) {
    fail_expected("`{` and a block after the condition")
        .helps.push_back("write `if c { ... }`: the braces are needed");
  }
  recover_at_block();
  result.block = block("the `if`");
  return result;
}

void Parser::send(ast::Statement& statement) {
  take();
  if (at(TokenKind::OpenParenthesis)) {
    fail("E0101", peek().span, "expected the message after `send`, found `(`", "found instead")
        .helps.push_back("write `send M(...) to p`");
    return;
  }
  statement.message = message_expression("the message to send");
  if (!is_recovering_ && !at(TokenKind::To)) {
    fail_expected("`to` and the receivers after the message");
    return;
  }
  accept(TokenKind::To);
  if (at(TokenKind::All)) {
    report("E0101", peek().span, "expected the receivers after `to`, found `all`", "found instead")
        .helps.push_back("leave it out: `send` to a set of processes sends to each of them");
    take();
  }
  statement.any = accept(TokenKind::Any);
  statement.target = span();
  if (accept(TokenKind::After)) statement.after = expression();
}

void Parser::reply(ast::Statement& statement) {
  take();
  if (at(TokenKind::Ask)) {
    statement.ask = std::make_unique<ast::Ask>(ask());
  } else {
    statement.message = message_expression("the reply");
  }
  if (accept(TokenKind::To)) statement.target = expression();
}

void Parser::wait(ast::Statement& statement) {
  take();
  if (!at_word("until") && !misspelt({"until"})) {
    fail_expected("`until` and a condition after `wait`");
    return;
  }
  take();
  statement.value = expression();
}

void Parser::return_statement(ast::Statement& statement) {
  take();
  const bool next_is_statement =
      real().is_first_on_line &&
      (at(TokenKind::Identifier)
           ? at(TokenKind::Equal, 1) || at(TokenKind::PlusEqual, 1) || at(TokenKind::MinusEqual, 1)
           : begins_statement(kind()) && !at(TokenKind::If) && !at(TokenKind::Ask));
  if (at(TokenKind::CloseBrace) || at(TokenKind::Semicolon) || at(TokenKind::End) ||
      next_is_statement)
    return;
  if (at(TokenKind::UpperIdentifier) && at(TokenKind::OpenParenthesis, 1)) {
    const std::string message(text(peek()));
    report("E0112", peek().span, "a message is not returned", "a message")
        .helps.push_back(fmt::format("a handler answers with `reply {}(...)`", message));
    message_expression("the reply");
    return;
  }
  statement.value = value();
  if (!at(TokenKind::Comma)) return;
  report("E0101", peek().span, "expected the end of the statement, found `,`", "found instead")
      .helps.push_back("several values are a tuple, in parentheses: `return (a, b)`");
  while (accept(TokenKind::Comma)) value();
}

ast::Statement Parser::name_statement() {
  ast::Statement result;
  const bool is_assigned = at(TokenKind::Equal, 1) || at(TokenKind::PlusEqual, 1) ||
                           at(TokenKind::MinusEqual, 1) || at(TokenKind::CloseBrace, 1);
  if ((at_word("while") || at_word("loop") || at_word("repeat")) && !is_assigned) {
    while_statement(result);
    return result;
  }
  if (at(TokenKind::OpenParenthesis, 1)) {
    const std::uint32_t start = begin();
    result.kind = ast::StatementKind::Call;
    result.name = take_name();
    result.args = arguments(fmt::format("the arguments of `{}`", result.name.text));
    const bool goes_on = at(TokenKind::Dot) || at(TokenKind::Bang) || at(TokenKind::Equal) ||
                         at(TokenKind::OpenBracket);
    if (goes_on && !real().is_first_on_line) {
      fail("E0113", span_from(start),
           "the value of a call cannot be changed, and is not a statement", "a value");
    }
    return result;
  }
  switch (kind(1)) {
    case TokenKind::Dot:
    case TokenKind::OpenBracket:
    case TokenKind::Equal:
    case TokenKind::EqualEqual:
    case TokenKind::PlusEqual:
    case TokenKind::MinusEqual:
    case TokenKind::Plus:
    case TokenKind::Minus:
    case TokenKind::Star:
    case TokenKind::Slash:
      assignment(result);
      return result;
    default:
      break;
  }
  if (is_keyword_misspelt(statement_names)) return statement_by_keyword(begin());
  lone_name();
  return result;
}

void Parser::lone_name() {
  const std::string found(text(peek()));
  const bool has_type = at(TokenKind::Colon, 1);
  const bool is_alone =
      real(1).is_first_on_line || at(TokenKind::CloseBrace, 1) || at(TokenKind::Semicolon, 1);
  if (has_type) {
    fail("E0113", peek().span, "a variable is not declared in a block", "a name and a type")
        .helps.push_back(fmt::format(
            "write `let {} = ...`, or declare it in the role with `durable` or `volatile`", found));
  } else if (is_alone) {
    fail("E0113", peek().span, fmt::format("`{}` alone is not a statement", found), "a name")
        .helps.push_back(fmt::format("assign to it (`{0} = ...`) or call it (`{0}()`)", found));
  } else {
    Diagnostic& diagnostic =
        fail("E0113", peek().span,
             fmt::format("no statement begins with `{} {}`", found, text(peek(1))), "begins here");
    diagnostic.notes.push_back(
        "statements are assignments, calls, `let`, `if`, `for`, `send`, `reply`, `ask`, "
        "`wait until`, `assert`, `sync`, `return`, `fail`, `unknown`, `next`");
  }
}

void Parser::assignment(ast::Statement& statement) {
  const std::uint32_t start = begin();
  statement.kind = ast::StatementKind::Assign;
  statement.place = place();
  if (is_recovering_) return;
  const bool is_twice = kind() == kind(1) && (at(TokenKind::Plus) || at(TokenKind::Minus));
  const bool is_combined =
      (at(TokenKind::Star) || at(TokenKind::Slash) || at(TokenKind::Percent)) &&
      at(TokenKind::Equal, 1);
  const std::string changed(source_.text(statement.place.span));
  if (at(TokenKind::PlusEqual) || at(TokenKind::MinusEqual)) {
    statement.op = spelling(take().kind);
  } else if (is_twice || is_combined) {
    const std::string op(text(peek()));
    const Span sign = cover(peek().span, peek(1).span);
    Diagnostic& diagnostic = fail(
        "E0102", sign, fmt::format("`{}` is not an operator of the language", source_.text(sign)));
    diagnostic.helps.push_back(is_twice ? fmt::format("write `{} {}= 1`", changed, op)
                                        : fmt::format("write `{0} = {0} {1} ...`", changed, op));
    return;
  } else if (at(TokenKind::OpenParenthesis)) {
    method_statement(statement, start);
    return;
  } else if (at(TokenKind::Equal) || at(TokenKind::EqualEqual)) {
    expect_assign("and a value");
    statement.op = "=";
  } else {
    fail("E0113", span_from(start), "an expression is not a statement", "changes nothing")
        .notes.push_back(
            "a statement assigns with `=`, `+=` or `-=`, calls, sends, asks or leaves");
    return;
  }
  statement.value = value();
}

/// `s.add(1)`, at the parenthesis.
void Parser::method_statement(const ast::Statement& statement, std::uint32_t start) {
  const ast::Place& written = statement.place;
  const std::string changed(source_.text(written.span));
  Diagnostic& diagnostic =
      fail("E0113", span_from(start), fmt::format("`{}` cannot be called as a statement", changed),
           "not a procedure");
  const bool has_method = !written.steps.empty() && written.steps.back().field.has_value();
  const std::string method = has_method ? written.steps.back().field->text : "";
  const std::string_view place = std::string_view(changed).substr(
      0, changed.size() - std::min(changed.size(), method.size() + 1));
  if (method == "add" || method == "insert" || method == "push" || method == "append") {
    diagnostic.helps.push_back(
        fmt::format("`{0} += {{x}}` adds to a set, `{0} += [x]` to the end of a sequence", place));
  } else if (method == "remove" || method == "delete" || method == "erase") {
    diagnostic.helps.push_back(fmt::format("`{} -= {{x}}` takes from a set", place));
  } else {
    diagnostic.notes.push_back(
        "a procedure or a merge of the own role is called by its bare name; another process is "
        "told with `send` or `ask`");
  }
}

ast::Place Parser::place() {
  ast::Place result;
  const std::uint32_t start = begin();
  result.root = take_name();
  while (true) {
    ast::Place::Step step;
    if (accept(TokenKind::Dot)) {
      step.field = name("the name of a field");
    } else if (at(TokenKind::OpenBracket)) {
      const Bracket bracket = open_bracket("the index", false);
      step.index = expression();
      close_bracket(bracket, TokenKind::CloseBracket);
    } else {
      break;
    }
    result.steps.push_back(std::move(step));
  }
  result.span = span_from(start);
  return result;
}

ast::ExprPtr Parser::value() {
  const std::uint32_t start = begin();
  if (at(TokenKind::Any) && !at_generator(1)) {
    ast::ExprPtr result = node(ast::ExprKind::Any, start);
    take();
    result->operands.push_back(span());
    return finish(std::move(result));
  }
  if (at(TokenKind::Ask)) {
    return ask_expression(start);
  }
  return expression();
}

}  // namespace capstan::model
