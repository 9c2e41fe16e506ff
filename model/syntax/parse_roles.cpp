// SPDX-License-Identifier: MIT
// parse_roles: roles and their members, and captions.
#include <fmt/format.h>

#include <utility>

#include "model/syntax/parser_internal.hpp"

namespace capstan::model {

namespace {

const std::vector<std::string> member_names = {"param",  "durable", "volatile", "on", "optional",
                                               "action", "op",      "merge",    "fn"};

}  // namespace

ast::Role Parser::role() {
  ast::Role result;
  const std::uint32_t start = begin();
  take();
  result.name = upper_name("the name of the role");
  const Context context(*this, fmt::format("the role `{}`", result.name.text));
  if (at(TokenKind::OpenBracket)) {
    const Bracket bracket = open_bracket("the number of processes", false);
    result.count = expression();
    close_bracket(bracket, TokenKind::CloseBracket);
  } else if (at(TokenKind::OpenParenthesis)) {
    fail("E0101", peek().span, "expected `[` or `{` after the name of the role, found `(`",
         "found instead")
        .helps.push_back(
            fmt::format("write the number of processes in brackets: `{}[3]`", result.name.text));
  }
  recover_at_block();
  if (!is_recovering_ && !at(TokenKind::OpenBrace))
    fail_expected("`{` and the members of the role");
  if (!is_recovering_) role_body(result);
  result.span = span_from(start);
  return result;
}

void Parser::role_body(ast::Role& role) {
  const Bracket bracket = open_bracket(fmt::format("the role `{}`", role.name.text));
  const std::uint32_t outer = indentation(bracket.open.begin);
  std::uint32_t inner = outer;  // of the last member
  while (true) {
    const bool is_inner_declaration = begins_declaration(kind()) && !begins_member(kind()) &&
                                      !at(TokenKind::Protocol) && real().is_first_on_line &&
                                      indentation(begin()) > outer && unclosed_at_ != at_;
    if (!is_inner_declaration && closes_list(bracket, &Parser::begins_member)) return;
    const std::size_t item = at_;
    const std::uint32_t own = indentation(begin());
    if (at_statement()) {
      misplaced_statements(bracket, inner);
    } else if (is_inner_declaration) {
      report("E0115", peek().span, fmt::format("`{}` stands inside of a role", text(peek())),
             "a declaration of the file")
          .helps.push_back("move it before or behind the role");
      declaration_by_keyword();
    } else {
      inner = own;
      member(role);
    }
    if (is_recovering_) {
      recover_in_list(bracket, item,
                      [](const SyntaxToken& token) { return begins_member(token.kind); });
    }
    accept(TokenKind::Semicolon);
  }
}

/// A statement where a member of a role is expected: a name that is assigned or called, or a
/// keyword.
bool Parser::at_statement() const {
  if (!at(TokenKind::Identifier)) return begins_statement(kind());
  return at(TokenKind::Equal, 1) || at(TokenKind::PlusEqual, 1) || at(TokenKind::MinusEqual, 1) ||
         at(TokenKind::OpenParenthesis, 1) || at(TokenKind::OpenBracket, 1) ||
         at(TokenKind::Dot, 1);
}

void Parser::misplaced_statements(const Bracket& role, std::uint32_t members) {
  Diagnostic& diagnostic = report("E0115", peek().span, "a statement stands outside of a block",
                                  "not a member of a role");
  const bool is_deeper = !real().is_first_on_line || indentation(begin()) > members;
  const bool after_block = last().kind == TokenKind::CloseBrace && is_deeper;
  if (!after_block) {
    is_recovering_ = true;
    return;
  }
  // A brace too many has ended the block before this: what follows belongs to it, and so does the
  // next brace.
  diagnostic.secondary.push_back({last().span, "the block before it ends here"});
  diagnostic.helps.push_back("is this brace one too many?");
  ast::Block block;
  statements(block, {last().span, role.what});
}

void Parser::member(ast::Role& role) {
  if (at(TokenKind::Identifier) && at(TokenKind::Colon, 1)) {
    const std::string name(text(peek()));
    fail("E0101", peek().span, fmt::format("expected a member of the role, found `{}:`", name),
         "a name and a type")
        .helps.push_back(fmt::format(
            "a variable begins with `durable` (survives a crash) or `volatile`: `durable {}: ...`",
            name));
    return;
  }
  if (at(TokenKind::Identifier)) is_keyword_misspelt(member_names);
  const TokenKind next = kind();
  if (next == TokenKind::Param) {
    role.params.push_back(param(true));
  } else if (next == TokenKind::Durable || next == TokenKind::Volatile) {
    role.variables.push_back(variable());
  } else if (next == TokenKind::On) {
    on(role);
  } else if (next == TokenKind::Optional || next == TokenKind::Action) {
    role.actions.push_back(action());
  } else if (next == TokenKind::Op) {
    role.operations.push_back(operation());
  } else if (next == TokenKind::Merge) {
    role.merges.push_back(merge());
  } else if (next == TokenKind::Fn) {
    role.functions.push_back(function());
  } else {
    fail_unexpected("a member of the role")
        .notes.push_back(
            "members begin with `param`, `durable`, `volatile`, `on`, `action`, `optional action`, "
            "`op`, `merge` or `fn`");
  }
}

ast::Variable Parser::variable() {
  ast::Variable result;
  const std::uint32_t start = begin();
  result.kind = take().kind == TokenKind::Volatile ? ast::Variable::Kind::Volatile
                                                   : ast::Variable::Kind::Durable;
  if (result.kind == ast::Variable::Kind::Durable && accept_word("unsynced")) {
    result.kind = ast::Variable::Kind::DurableUnsynced;
  }
  result.name = name("the name of the variable");
  const Context context(*this, fmt::format("the variable `{}`", result.name.text));
  if (at(TokenKind::Equal)) {
    fail("E0101", peek().span, "expected `:` and a type after the name of the variable, found `=`",
         "found instead")
        .helps.push_back(fmt::format("give its type: `{}: 0..3 = 0`", result.name.text));
    result.span = span_from(start);
    return result;
  }
  expect(TokenKind::Colon, "and a type after the name of the variable");
  result.type = type();
  expect_assign("and the initial value of the variable");
  result.value = expression();
  result.span = span_from(start);
  return result;
}

void Parser::on(ast::Role& role) {
  const std::uint32_t start = begin();
  take();
  const bool is_block = at(TokenKind::OpenBrace, 1);
  if (at_word("start") || at_word("restart")) {
    on_block(role, start);
  } else if (at(TokenKind::Identifier) && is_block && misspelt({"start", "restart"})) {
    on_block(role, start);
  } else {
    role.handlers.push_back(handler(start));
  }
}

void Parser::on_block(ast::Role& role, std::uint32_t start) {
  ast::StartBlock result;
  result.restart = text(peek()).starts_with('r');
  take();
  const std::string what = result.restart ? "`on restart`" : "`on start`";
  const Context context(*this, what);
  result.block = block(what);
  result.span = span_from(start);
  role.starts.push_back(std::move(result));
}

ast::Handler Parser::handler(std::uint32_t start) {
  ast::Handler result;
  result.message = upper_name("the name of the message");
  const std::string what = fmt::format("the handler `on {}`", result.message.text);
  const Context context(*this, what);
  if (at(TokenKind::OpenBrace)) {
    report("E0101", peek().span, "expected `(` and the names of the message's fields, found `{`",
           "found instead")
        .helps.push_back(fmt::format("write `on {}()`", result.message.text));
  } else {
    result.parameters = parameter_names(fmt::format("the parameters of {}", what));
  }
  result.when = when();
  result.says = says();
  recover_at_block();
  result.block = block(what);
  result.span = span_from(start);
  return result;
}

std::vector<ast::Name> Parser::parameter_names(std::string_view what) {
  std::vector<ast::Name> result;
  if (!at(TokenKind::OpenParenthesis)) {
    fail_expected(fmt::format("`(` and {}", what)).helps.push_back("write `()` if there are none");
    return result;
  }
  const Bracket bracket = open_bracket(std::string(what));
  const auto one = [&] {
    result.push_back(at(TokenKind::Underscore) ? take_name()
                                               : name("the name of a parameter, or `_`"));
    if (at(TokenKind::Colon)) {
      fail("E0101", peek().span, "expected `,` or `)` after the parameter, found `:`",
           "found instead")
          .notes.push_back(
              "parameters have no types here: they have those of the message or the object");
    }
  };
  if (!at(TokenKind::CloseParenthesis) && !at_end_of_item()) comma_list(one);
  close_bracket(bracket, TokenKind::CloseParenthesis);
  return result;
}

ast::ExprPtr Parser::when() {
  if (at(TokenKind::If)) {
    report("E0103", peek().span, "a guard begins with `when`, not with `if`")
        .helps.push_back("write `when`");
    tokens_.tokens[at_].kind = TokenKind::When;
  }
  return accept(TokenKind::When) ? expression() : nullptr;
}

ast::Action Parser::action() {
  ast::Action result;
  const std::uint32_t start = begin();
  result.optional = accept(TokenKind::Optional);
  expect(TokenKind::Action, "after `optional`");
  result.name = name("the name of the action");
  const std::string what = fmt::format("the action `{}`", result.name.text);
  const Context context(*this, what);
  if (at(TokenKind::OpenParenthesis)) {
    const Bracket bracket = open_bracket(fmt::format("the parameters of {}", what));
    if (at(TokenKind::CloseParenthesis)) {
      report("E0101", peek().span, "expected a parameter such as `k in Key`, found `)`",
             "found instead")
          .helps.push_back("leave out the parentheses: an action without parameters has none");
    } else {
      result.has_binders = true;
      result.binders = binders();
    }
    close_bracket(bracket, TokenKind::CloseParenthesis);
  }
  result.when = when();
  result.says = says();
  recover_at_block();
  result.block = block(what);
  result.span = span_from(start);
  return result;
}

ast::Operation Parser::operation() {
  ast::Operation result;
  const std::uint32_t start = begin();
  take();
  result.object = name("the name of the object");
  if (at(TokenKind::OpenBracket)) {
    const Bracket bracket = open_bracket("the key", false);
    result.key = name("a name for the key");
    close_bracket(bracket, TokenKind::CloseBracket);
  }
  if (at(TokenKind::OpenParenthesis)) {
    fail("E0101", peek().span, "expected `.` and the name of the operation, found `(`",
         "found instead")
        .helps.push_back(fmt::format("write the object first: `op x.{}(...)`", result.object.text));
  }
  expect(TokenKind::Dot, "and the name of the operation after the object");
  result.name = name("the name of the operation");
  const std::string what =
      fmt::format("the operation `{}.{}`", result.object.text, result.name.text);
  const Context context(*this, what);
  result.parameters = parameter_names(fmt::format("the parameters of {}", what));
  result.says = says();
  recover_at_block();
  result.block = block(what);
  result.span = span_from(start);
  return result;
}

ast::Merge Parser::merge() {
  ast::Merge result;
  const std::uint32_t start = begin();
  take();
  result.name = name("the name of the merge");
  const std::string what = fmt::format("the merge `{}`", result.name.text);
  const Context context(*this, what);
  if (!at(TokenKind::OpenParenthesis))
    fail_expected(fmt::format("`(` and the parameters of {}", what));
  const Bracket bracket = open_bracket(fmt::format("the parameters of {}", what));
  const auto pair = [&] {
    ast::Merge::Pair item;
    item.theirs = name("the name of the other copy");
    if (!is_recovering_ && !at(TokenKind::For)) {
      fail_expected("`for` and the variable that is merged")
          .notes.push_back(
              "each parameter says which variable it is another copy of, as in `s for stamp`");
    }
    accept(TokenKind::For);
    item.mine = name("the name of the variable");
    result.pairs.push_back(std::move(item));
  };
  comma_list(pair);
  close_bracket(bracket, TokenKind::CloseParenthesis);
  recover_at_block();
  result.block = block(what);
  result.span = span_from(start);
  return result;
}

std::optional<ast::Caption> Parser::says() {
  if (!accept(TokenKind::Says)) return std::nullopt;
  if (!at(TokenKind::String)) {
    fail_expected("a caption in quotes after `says`");
    return std::nullopt;
  }
  ast::Caption result;
  result.span = take().span;
  std::string_view content = source_.text(result.span).substr(1);
  if (content.ends_with('"')) content.remove_suffix(1);
  result.text = content;
  if (source_.text(result.span).starts_with('"')) caption_parts(result);
  return result;
}

/// Splits the text into literal pieces and expressions in braces.
void Parser::caption_parts(ast::Caption& caption) {
  const std::string content = caption.text;
  const auto position = [&](std::size_t offset) {
    return static_cast<std::uint32_t>(caption.span.begin + 1 + offset);
  };
  std::string literal;
  for (std::size_t i = 0; i < content.size();) {
    const char c = content[i];
    if (c != '{' && c != '}') {
      literal += c;
      ++i;
    } else if (i + 1 < content.size() && content[i + 1] == c) {
      literal += c;
      i += 2;
    } else if (c == '}') {
      report("E0117", {position(i), position(i + 1)}, "`}` in a caption closes nothing")
          .helps.push_back("write `}}` for a brace");
      return;
    } else {
      if (!literal.empty()) caption.parts.push_back({std::move(literal), nullptr});
      literal.clear();
      i = caption_expression(caption, i);
      if (i == 0) return;
    }
  }
  if (!literal.empty()) caption.parts.push_back({std::move(literal), nullptr});
}

/// The expression in the brace at `open`; gives where the text goes on, or 0 after an error.
std::size_t Parser::caption_expression(ast::Caption& caption, std::size_t open) {
  const std::uint32_t first = caption.span.begin + 1;
  int depth = 0;
  std::size_t close = open;
  for (; close < caption.text.size(); ++close) {
    if (caption.text[close] == '{') ++depth;
    if (caption.text[close] == '}' && --depth == 0) break;
  }
  const auto begin = static_cast<std::uint32_t>(first + open);
  if (close == caption.text.size()) {
    report("E0117", {begin, begin + 1}, "`{` in a caption is not closed", "opened here")
        .helps.push_back("write `{{` for a brace");
    return 0;
  }
  const Span part{begin + 1, static_cast<std::uint32_t>(first + close)};
  TokenList tokens = lex(source_, part, diagnostics_);
  if (tokens.tokens.size() == 1) {
    report("E0117", {begin, part.end + 1}, "empty braces in a caption")
        .helps.push_back("write an expression between them, or `{{}}` for two braces");
    return 0;
  }
  Parser parser(source_, std::move(tokens), diagnostics_);
  parser.contexts_ = contexts_;
  parser.contexts_.emplace_back("the caption");
  parser.end_text_ = "`}`";
  ast::ExprPtr value = parser.lone_expression(depth_);
  if (value != nullptr) caption.parts.push_back({"", std::move(value)});
  return close + 1;
}

}  // namespace capstan::model
