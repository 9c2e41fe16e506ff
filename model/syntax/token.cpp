// SPDX-License-Identifier: MIT
// token: the spelling of each kind, in one table.
#include "model/syntax/token.hpp"

#include <array>
#include <cstddef>

#include "model/base/require.hpp"

namespace capstan::model {

namespace {

// clang-format off
constexpr auto spellings = std::to_array<std::string_view>({
    "action", "after", "all", "and", "any", "ask", "assert", "but", "card", "does", "durable",
    "each", "else", "expect", "fail", "fn", "for", "ghost", "if", "iff", "implies", "in",
    "invariant", "let", "merge", "message", "next", "not", "object", "of", "on", "op", "optional",
    "or", "param", "protocol", "reply", "return", "role", "says", "scenario", "send", "sync",
    "then", "to", "type", "under", "unknown", "volatile", "wait", "when", "where", "with",
    "..", "->", "==", "!=", "<=", ">=", "+=", "-=", "??", "+",
    "-", "*", "/", "%", "<", ">", "=", "(", ")", "{", "}",
    "[", "]", ",", ";", ":", ".", "!", "?",
    "=>",
});
// clang-format on

constexpr auto reserved_count = static_cast<std::size_t>(TokenKind::With) + 1;

static_assert(spellings.size() == static_cast<std::size_t>(TokenKind::Identifier));
static_assert(spellings[static_cast<std::size_t>(TokenKind::With)] == "with");
static_assert(spellings[static_cast<std::size_t>(TokenKind::Question)] == "?");

}  // namespace

std::string_view spelling(TokenKind kind) {
  const auto index = static_cast<std::size_t>(kind);
  return index < spellings.size() ? spellings[index] : std::string_view();
}

bool is_reserved_word(TokenKind kind) { return static_cast<std::size_t>(kind) < reserved_count; }

std::vector<TokenKind> reserved_words() {
  std::vector<TokenKind> kinds;
  for (std::size_t i = 0; i < reserved_count; ++i) kinds.push_back(static_cast<TokenKind>(i));
  return kinds;
}

}  // namespace capstan::model
