// SPDX-License-Identifier: MIT
// explanation_syntax: the codes of source and syntax (E00, E01).
#include <array>

#include "model/source/explanation.hpp"

namespace capstan::model::explanations {
namespace {

// clang-format off
constexpr auto table = std::to_array<Explanation>({
    {"E0001",
     "A spec is UTF-8 text, and this file has bytes that are not. Everything behind "
     "such a byte would be guesswork.",
     "protocol p // caf\xE9\n",
     "Save the file as UTF-8; `iconv -f latin1 -t utf-8` converts an old one."},
    {"E0002",
     "No word, number or operator of the language begins with this character.",
     R"(protocol p
param a = 1 # two
)",
     "Take it away. Comments begin with `//`."},
    {"E0003",
     "A caption begins with a double quote and ends with one on the same line.",
     R"(protocol p
role R {
  durable n: 0..3 = 0
  action go says "counts to {n} { n = 1 }
}
)",
     "Close the caption, or break the line behind it."},
    {"E0004",
     "Numbers are kept in 64 bits, and this one needs more.",
     R"(protocol p
param a = 9223372036854775808
)",
     "Models are small: a bound such as `0..3` does."},
    {"E0005",
     "Numbers are written in decimal digits, with `_` between them if wanted. There "
     "are no fractions and no other bases.",
     R"(protocol p
param a = 0x10
)",
     "Write the decimal number; scale fractions to whole ticks or counts."},
    {"E0006",
     "Comments begin with `//` and end with the line; there are none over several "
     "lines.",
     R"(protocol p
/* two
   lines */
)",
     "Put `//` before each line, or `///` for what belongs to the declaration behind "
     "it."},
    {"E0101",
     "The grammar wants something else here; the message says what.",
     R"(protocol p
param a 1
)",
     "Look at the caret: what is missing belongs just before it, or what stands there "
     "does not belong."},
    {"E0102",
     "An operator that other languages have and this one spells differently.",
     R"(protocol p
param a = true && false
)",
     "Write `and`, `or`, `not`, `==`, `!=`; the message names the one that is meant."},
    {"E0103",
     "A word that is nearly one of the language.",
     R"(protocol p
role R {
  durabel n: 0..3 = 0
}
)",
     "Take the suggestion. Names may be anything else, where a name may stand."},
    {"E0104",
     "Comparisons and ranges have two sides: `a < b < c` means nothing here.",
     R"(protocol p
param a = 1
param b = 0 < a < 3
)",
     "Write `0 < a and a < 3`."},
    {"E0105",
     "`=` assigns and declares, `==` compares.",
     R"(protocol p
role R {
  durable n: 0..3 = 0
  action a when n = 1 { n = 2 }
}
)",
     "Write the other one."},
    {"E0106",
     "A bracket is opened and never closed; what follows was read as if it were "
     "inside.",
     R"(protocol p
param a = (1 + 2
param b = 3
)",
     "Close it; the label shows where it was opened."},
    {"E0107",
     "Brackets or expressions are nested so deeply that no reader could follow, and "
     "the parser stops.",
     R"(protocol p
param a = ((((((((((((((((((((((((((((((((((((((((
          ((((((((((((((((((((((((((((((((((((((((
          ((((((((((((((((((((((((((((((((((((((((
          ((((((((((((((((((((((((((((((((((((((((
          ((((((((((((((((((((((((((((((((((((((((
          ((((((((((((((((((((((((((((((((((((((((
          1
          ))))))))))))))))))))))))))))))))))))))))
          ))))))))))))))))))))))))))))))))))))))))
          ))))))))))))))))))))))))))))))))))))))))
          ))))))))))))))))))))))))))))))))))))))))
          ))))))))))))))))))))))))))))))))))))))))
          ))))))))))))))))))))))))))))))))))))))))
)",
     "Give the inner parts names, with `fn` or `let`."},
    {"E0108",
     "Types, roles and messages begin with an upper-case letter, everything else with "
     "a lower-case one: so a reader knows what a name is.",
     R"(protocol p
type value = 1..2
)",
     "Write the name with the other kind of letter, everywhere."},
    {"E0109",
     "This word belongs to the language and cannot be a name.",
     R"(protocol p
param next = 1
)",
     "Take another name; GRAMMAR lists the reserved words, and few are reserved."},
    {"E0110",
     "`return`, `fail`, `unknown` and `next` leave: what stands behind them in the "
     "block never runs.",
     R"(protocol p
role R {
  durable n: 0..3 = 0
  action a { return; n = 1 }
}
)",
     "Put the statement before, or take it away."},
    {"E0111",
     "A bracket is closed that nothing opened.",
     R"(protocol p
role R {
  durable n: 0..3 = 0
}
}
)",
     "Take it away, or open the bracket where it belongs."},
    {"E0112",
     "`ask` and `any` stand after `=`, `return`, `ask` or `to` only, so that a reader "
     "sees where a step may end or branch.",
     R"(protocol p
message M() -> N()
role R {
  durable n: 0..3 = 0
  action a { n = 1 + any {1, 2} }
}
)",
     "Give it a name first: `let k = any {1, 2}`."},
    {"E0113",
     "An expression alone does nothing: only calls, assignments and the statements "
     "with a word of their own stand here.",
     R"(protocol p
role R {
  durable n: 0..3 = 0
  action a { n + 1 }
}
)",
     "Assign it, or take it away."},
    {"E0114",
     "A file is one protocol and says so in its first line (behind `capstan 1`, if "
     "that is there).",
     R"(param a = 1
)",
     "Begin with `protocol NAME`."},
    {"E0115",
     "A declaration stands where this kind of declaration cannot: variables belong to "
     "roles, roles to the file.",
     R"(protocol p
durable n: 0..3 = 0
)",
     "Move it into the role or out of it, as the message says."},
    {"E0116",
     "Behind `expect` stands a property, and this is none that the language knows.",
     R"(protocol p
role R {
  durable n: 0..3 = 0
}
invariant small: every(r.n < 2 for r in R)
scenario s {
  expect small
}
)",
     "Take the suggestion; `capstan doc` and the manual list the properties."},
    {"E0117",
     "In a caption `{...}` is replaced by a value, and `{{` stands for a brace.",
     R"(protocol p
role R {
  durable n: 0..3 = 0
  action a says "n is {n" { n = 1 }
}
)",
     "Close the brace, or double it if a brace is meant."},
    {"E0118",
     "`if` as a value needs both branches (`if c then a else b`); as a statement it "
     "has braces.",
     R"(protocol p
param a = 1
param b = if a == 1 then 2
)",
     "Add the `else`, or use braces."},
    {"E0119",
     "The operator binds differently from what the text suggests, or not at all here.",
     R"(protocol p
param a = true
param b = 1 + not a
)",
     "Put parentheses around what belongs together."},
    {"E0120",
     "This `else` follows no `if` and no `ask`.",
     R"(protocol p
role R {
  durable n: 0..3 = 0
  action a { n = 1 else { n = 2 } }
}
)",
     "Join it to its `if`, or take it away."},
    {"E0121",
     "A second line of a kind of which one is allowed.",
     R"(protocol p
param a = 1
param b = 1
scenario s {
  for a in 1..2
  for b in 1..2
  expect never false
}
)",
     "Join both into one."},
    {"E0122",
     "A `-` subtracts, and no name has one. The file is read as if the name were one word, so "
     "that nothing else is said of it.",
     R"(protocol p
role R { durable write-count: 0..3 = 0 }
)",
     "Write `_` instead. File names have hyphens, names in a spec have none."},
});
// clang-format on

}  // namespace

std::span<const Explanation> syntax() { return table; }

}  // namespace capstan::model::explanations
