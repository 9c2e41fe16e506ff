// SPDX-License-Identifier: MIT
// parse_faults: faults, clocks and networks.
//
// Their words (`partition`, `up`, `within`, ...) are words only here. After `partition` the words
// `up`, `one_way`, `bridging` and `dropping` are never names.
#include <fmt/format.h>

#include <utility>

#include "model/syntax/parser_internal.hpp"

namespace capstan::model {

namespace {

struct FaultWord {
  std::string_view word;
  ast::Fault::Kind kind;
};

constexpr FaultWord fault_words[] = {{"partition", ast::Fault::Kind::Partition},
                                     {"lose", ast::Fault::Kind::Lose},
                                     {"duplicate", ast::Fault::Kind::Duplicate},
                                     {"crash", ast::Fault::Kind::Crash},
                                     {"pause", ast::Fault::Kind::Pause}};

const std::vector<std::string> fault_names = {"partition", "lose", "duplicate", "crash", "pause"};
const std::vector<std::string> clock_names = {"perfect", "free", "within", "drift", "jump"};
const std::vector<std::string> network_names = {"fifo", "kept", "delay"};

}  // namespace

bool Parser::circumstance(ast::Circumstances& circumstances) {
  if (at_word("clocks")) {
    clocks(circumstances);
  } else if (at_word("network")) {
    circumstances.networks.push_back(network());
  } else {
    return false;
  }
  return true;
}

void Parser::clocks(ast::Circumstances& circumstances) {
  const std::uint32_t start = begin();
  take();
  comma_list([&] { circumstances.clocks.push_back(clock()); });
  const Span all = span_from(start);
  circumstances.clocks_span =
      circumstances.clocks_span ? cover(*circumstances.clocks_span, all) : all;
}

ast::Clock Parser::clock() {
  ast::Clock result;
  const std::uint32_t start = begin();
  std::string word(text(real()));
  const bool is_known = at_word("perfect") || at_word("free") || at_word("within") ||
                        at_word("drift") || at_word("jump");
  if (!is_known) {
    const auto meant = misspelt(clock_names);
    if (!meant) {
      fail_expected("`perfect`, `free`, `within`, `drift` or `jump` after `clocks`")
          .notes.push_back(
              "written in full: `within e`, `drift a per b`, `jump up to k by lo..hi`");
      return result;
    }
    word = *meant;
  }
  take();
  if (word == "free") {
    result.kind = ast::Clock::Kind::Free;
  } else if (word == "within") {
    result.kind = ast::Clock::Kind::Within;
    result.first = sum();
  } else if (word == "drift") {
    result.kind = ast::Clock::Kind::Drift;
    result.first = sum();
    expect_word("per", "and a number of ticks");
    result.second = sum();
  } else if (word == "jump") {
    result.kind = ast::Clock::Kind::Jump;
    result.first = up_to("the jumps");
    if (accept_word("by")) result.second = span();
  }
  result.span = span_from(start);
  return result;
}

ast::Network Parser::network() {
  ast::Network result;
  const std::uint32_t start = begin();
  take();
  std::string word(text(real()));
  if (!at_word("fifo") && !at_word("kept") && !at_word("delay")) {
    const auto meant = misspelt(network_names);
    if (!meant) {
      fail_expected("`fifo`, `kept` or `delay` after `network`")
          .notes.push_back(
              "a network without any of them is reliable and unordered, and needs no line");
      return result;
    }
    word = *meant;
  }
  take();
  if (word == "fifo") {
    result.kind = ast::Network::Kind::Fifo;
  } else if (word == "delay") {
    result.kind = ast::Network::Kind::Delay;
    result.delay = span();
  }
  result.span = span_from(start);
  return result;
}

void Parser::faults(ast::Circumstances& circumstances) {
  take();
  if (!is_recovering_ && !at(TokenKind::OpenBrace)) {
    fail_expected("`{` and the faults").helps.push_back("write `faults { ... }`");
    const bool is_only_brace = !real().is_first_on_line && real().kind == TokenKind::Identifier;
    is_recovering_ = !is_only_brace;
    while (at_fault()) {
      circumstances.faults.push_back(fault());
      accept(TokenKind::Semicolon);
    }
    if (!real().is_first_on_line) accept(TokenKind::CloseBrace);
    return;
  }
  const Context context(*this, "the faults");
  const Bracket bracket = open_bracket("the faults");
  const auto begins_fault = [](TokenKind next) { return next == TokenKind::Identifier; };
  item_list(bracket, begins_fault, [&] { circumstances.faults.push_back(fault()); });
}

bool Parser::at_fault() const {
  for (const FaultWord& fault : fault_words) {
    if (at_word(fault.word)) return true;
  }
  return false;
}

ast::Fault Parser::fault() {
  using Kind = ast::Fault::Kind;
  ast::Fault result;
  const std::uint32_t start = begin();
  std::string word(text(real()));
  if (!at_fault()) {
    const auto meant = misspelt(fault_names);
    if (!meant) {
      fail_unexpected("a fault").notes.push_back(
          "faults are `partition`, `lose`, `duplicate`, `crash` and `pause`");
      return result;
    }
    word = *meant;
  }
  take();
  for (const FaultWord& fault : fault_words) {
    if (fault.word == word) result.kind = fault.kind;
  }
  if (result.kind == Kind::Partition) {
    partition(result);
  } else if (result.kind == Kind::Crash || result.kind == Kind::Pause) {
    if (at_word("up") && at(TokenKind::To, 1)) {
      fail("E0101", peek().span, fmt::format("expected the processes after `{}`, found `up`", word),
           "found instead")
          .helps.push_back(fmt::format("say of which role, as in `{} Replica up to 1`", word));
    }
    result.subject = span();
  } else if (at(TokenKind::UpperIdentifier)) {
    result.message = take_name();
  }
  limit(result);
  result.span = span_from(start);
  return result;
}

void Parser::partition(ast::Fault& fault) {
  const bool is_unnamed =
      at_word("up") || at_word("one_way") || at_word("bridging") || at_word("dropping");
  if (!is_unnamed) {
    fault.from = span();
    expect_word("from", "and the other side of the cut");
    fault.to = span();
  }
  if (accept_word("one_way")) {
    fault.one_way = true;
  } else if (accept_word("bridging")) {
    fault.bridging = true;
  }
  fault.dropping = accept_word("dropping");
}

void Parser::limit(ast::Fault& fault) {
  if (!is_recovering_ && !at_word("up")) {
    fail_expected("`up to` and how often")
        .notes.push_back("every fault has a budget, as in `crash Replica up to 1`");
    return;
  }
  fault.limit = up_to("the fault");
  if (!accept(TokenKind::Comma)) return;
  expect_word("at", "`most` and a number after `,`");
  expect_word("most", "and a number after `at`");
  fault.at_once = sum();
  expect_word("at", "`once` after the number");
  expect_word("once", "after `at`");
}

ast::ExprPtr Parser::up_to(std::string_view what) {
  expect_word("up", fmt::format("`to` and the greatest number of {}", what));
  expect(TokenKind::To, "after `up`");
  return sum();
}

}  // namespace capstan::model
