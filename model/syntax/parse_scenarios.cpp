// SPDX-License-Identifier: MIT
// parse_scenarios: scenarios, cards, who does what.
#include <fmt/format.h>

#include <utility>

#include "model/syntax/parser_internal.hpp"

namespace capstan::model {

namespace {

const std::vector<std::string> item_names = {"each",    "faults", "clocks",
                                             "network", "for",    "expect"};

bool begins_item(TokenKind kind) {
  return kind == TokenKind::Each || kind == TokenKind::UpperIdentifier || kind == TokenKind::For ||
         kind == TokenKind::Expect || kind == TokenKind::Under || kind == TokenKind::Identifier;
}

}  // namespace

ast::Scenario Parser::scenario(std::string doc) {
  ast::Scenario result;
  result.doc = std::move(doc);
  const std::uint32_t start = begin();
  take();
  result.name = name("the name of the scenario");
  const std::string what = fmt::format("the scenario `{}`", result.name.text);
  const Context context(*this, what);
  if (accept(TokenKind::With)) result.settings = settings();
  recover_at_block();
  if (!is_recovering_ && !at(TokenKind::OpenBrace))
    fail_expected("`{` and the items of the scenario");
  if (!is_recovering_) item_list(open_bracket(what), begins_item, [&] { item(result); });
  result.span = span_from(start);
  return result;
}

void Parser::item(ast::Scenario& scenario) {
  if (at(TokenKind::For)) {
    sweep(scenario);
  } else if (at(TokenKind::Expect)) {
    scenario.expectations.push_back(expectation());
  } else if (!setup(scenario.circumstances)) {
    if (const auto word = misspelt(item_names)) {
      for (const TokenKind reserved : reserved_words()) {
        if (spelling(reserved) == *word) tokens_.tokens[at_].kind = reserved;
      }
      if (is_reserved_word(kind())) return item(scenario);
      if (*word == "faults") return faults(scenario.circumstances);
      if (*word == "clocks") return clocks(scenario.circumstances);
      scenario.circumstances.networks.push_back(network());
      return;
    }
    unexpected_item("the scenario");
  }
}

void Parser::unexpected_item(std::string_view where) {
  if (at(TokenKind::UpperIdentifier)) {
    const std::string role(text(peek()));
    take();
    fail_expected(fmt::format("the number of a process after `{}`", role))
        .helps.push_back(fmt::format("write `each {0}` for all of them, `{0} 1` for one", role));
    return;
  }
  const bool is_fault = at_fault();
  const std::string found(text(peek()));
  const bool is_step = at(TokenKind::Identifier) && at(TokenKind::OpenParenthesis, 1);
  const bool follows_property = at(TokenKind::OpenParenthesis);
  Diagnostic& diagnostic = fail_unexpected(fmt::format("an item of {}", where));
  if (is_step) diagnostic.helps.push_back("put a comma between the steps of a script");
  if (follows_property)
    diagnostic.helps.push_back("properties have no parentheses: `linearizable of x`");
  if (is_fault) diagnostic.helps.push_back(fmt::format("write `faults {{ {} ... }}`", found));
  diagnostic.notes.push_back(
      "items are `each Role does ...`, `Role 1 does ...`, `faults { }`, `clocks`, `network`, `for` "
      "and `expect`");
}

void Parser::sweep(ast::Scenario& scenario) {
  const Span word = take().span;
  if (!scenario.sweep.empty()) {
    report("E0121", word, "a second `for` in one scenario", "another sweep")
        .helps.push_back("put all params of the sweep behind one `for`, with commas between them");
  }
  ast::Binders swept = binders();
  for (ast::Binder& binder : swept.list) scenario.sweep.push_back(std::move(binder));
  if (swept.where != nullptr) scenario.sweep_where = std::move(swept.where);
}

/// A subject, or a circumstance; false if neither begins here.
bool Parser::setup(ast::Circumstances& circumstances) {
  // A role with one process is named without a number.
  const bool is_process =
      at(TokenKind::UpperIdentifier) &&
      (at(TokenKind::Integer, 1) || at(TokenKind::Does, 1) || at(TokenKind::With, 1));
  if (at(TokenKind::Each) || is_process) {
    circumstances.subjects.push_back(subject());
  } else if (at_word("faults")) {
    faults(circumstances);
  } else {
    return circumstance(circumstances);
  }
  return true;
}

std::vector<ast::Setting> Parser::settings() {
  std::vector<ast::Setting> result;
  comma_list([&] {
    ast::Setting setting;
    setting.name = name("the name of a param");
    expect_assign("and a value after the name of the param");
    setting.value = input();
    result.push_back(std::move(setting));
  });
  return result;
}

ast::ExprPtr Parser::input() {
  if (!at(TokenKind::Any)) return expression();
  ast::ExprPtr result = node(ast::ExprKind::Any, begin());
  take();
  result->operands.push_back(nullptr);
  return finish(std::move(result));
}

ast::Subject Parser::subject() {
  ast::Subject result;
  const std::uint32_t start = begin();
  result.each = accept(TokenKind::Each);
  result.role = upper_name("the name of a role");
  if (!result.each) {
    if (at(TokenKind::Integer)) result.number = take().number;
    result.is_alone = last().kind != TokenKind::Integer;
  } else if (at(TokenKind::Integer)) {
    fail("E0101", peek().span,
         fmt::format("expected `with` or `does` after `each {}`, found {}", result.role.text,
                     describe(peek())),
         "found instead")
        .helps.push_back(fmt::format("leave out `each` to name one process: `{} {}`",
                                     result.role.text, text(real())));
  }
  if (accept(TokenKind::With)) result.settings = settings();
  const bool is_misspelt =
      at(TokenKind::Identifier) && !real().is_first_on_line && misspelt({"does"});
  if (is_misspelt) tokens_.tokens[at_].kind = TokenKind::Does;
  if (accept(TokenKind::Does)) comma_list([&] { result.steps.push_back(step()); });
  result.span = span_from(start);
  return result;
}

ast::Step Parser::step() {
  ast::Step result;
  const std::uint32_t start = begin();
  if (accept(TokenKind::Any)) {
    result.kind = ast::Step::Kind::AnyOperations;
    result.value = sum();
    if (!is_recovering_ && at_word("operation")) {
      tokens_.tokens[at_].kind = TokenKind::Identifier;
      take();  // `any 1 operation` says the same
    } else {
      expect_word("operations", "after `any` and a number");
    }
  } else if (accept(TokenKind::Wait)) {
    result.kind = ast::Step::Kind::WaitUntil;
    expect_word("until", "and a condition after `wait`");
    result.value = expression();
  } else {
    operation_step(result);
  }
  result.span = span_from(start);
  return result;
}

void Parser::operation_step(ast::Step& step) {
  if (!is_recovering_ && !at(TokenKind::Identifier)) {
    fail_expected("an operation, `any n operations` or `wait until`");
    return;
  }
  step.name = take_name();
  if (at(TokenKind::OpenBracket)) {
    const Bracket bracket = open_bracket("the key", false);
    step.key = expression();
    close_bracket(bracket, TokenKind::CloseBracket);
    if (!is_recovering_ && !at(TokenKind::Dot))
      fail_expected("`.` and the name of an operation after the object");
  }
  if (accept(TokenKind::Dot)) {
    step.object = std::move(step.name);
    step.name = name("the name of the operation");
  }
  if (!is_recovering_ && !at(TokenKind::OpenParenthesis)) {
    fail_expected(fmt::format("`(` and the arguments of `{}`", step.name.text))
        .helps.push_back(fmt::format("write `{}()` if it has none", step.name.text));
    return;
  }
  const Bracket bracket = open_bracket(fmt::format("the arguments of `{}`", step.name.text));
  if (!at(TokenKind::CloseParenthesis) && !at_end_of_item())
    comma_list([&] { step.inputs.push_back(input()); });
  close_bracket(bracket, TokenKind::CloseParenthesis);
}

ast::Card Parser::card() {
  ast::Card result;
  const std::uint32_t start = begin();
  take();
  const Context context(*this, "the card");
  if (accept(TokenKind::With)) result.settings = settings();
  recover_at_block();
  if (!is_recovering_ && !at(TokenKind::OpenBrace))
    fail_expected("`{` and the workload of the card");
  if (!is_recovering_) {
    item_list(open_bracket("the card"), begins_item, [&] {
      if (at(TokenKind::Under)) {
        result.cases.push_back(card_case());
      } else if (!result.cases.empty()) {
        fail_unexpected("`under` or `}` behind the first `under` of the card");
      } else if (at(TokenKind::Expect)) {
        fail("E0115", peek().span, "`expect` stands in a card", "belongs to a scenario")
            .notes.push_back("a card finds out which properties hold and expects none");
      } else if (!setup(result.circumstances)) {
        unexpected_item("the card");
      }
    });
  }
  result.span = span_from(start);
  return result;
}

ast::CardCase Parser::card_case() {
  ast::CardCase result;
  const std::uint32_t start = begin();
  take();
  result.name = name("the name of the circumstances");
  const std::string what = fmt::format("`under {}`", result.name.text);
  const Context context(*this, what);
  if (!is_recovering_ && !at(TokenKind::OpenBrace)) fail_expected("`{` and the circumstances");
  if (!is_recovering_) {
    item_list(open_bracket(what), begins_item, [&] {
      if (at_fault()) {
        result.circumstances.faults.push_back(fault());
      } else if (!circumstance(result.circumstances)) {
        fail_unexpected("a fault, `clocks` or `network`");
      }
    });
  }
  result.span = span_from(start);
  return result;
}

}  // namespace capstan::model
