// SPDX-License-Identifier: MIT
// explanation_lint: the codes of lint (W06).
#include <array>

#include "model/source/explanation.hpp"

namespace capstan::model::explanations {
namespace {

// clang-format off
constexpr auto table = std::to_array<Explanation>({
    {"W0601",
     "The message is declared (and perhaps handled), but no code sends or asks it: "
     "what it would do never happens.",
     R"(protocol p
message Push()
role R {
  durable n: 0..3 = 0
  on Push() { n = 1 }
}
scenario s {
  expect never some(r.n > 0 for r in R)
}
)",
     "Send it, or take it away."},
    {"W0602",
     "The message is sent, but nobody has a handler: it stays in flight for ever.",
     R"(protocol p
message Push()
role R {
  durable other: process? = none
  action meet when other == none { other = self }
  action tell when other != none { send Push() to other! }
}
scenario s {
  expect reachable some(r.other != none for r in R)
}
)",
     "Write a handler; `on Push() { }` drops the message visibly."},
    {"W0603",
     "Nothing depends on the param, so setting it in a scenario changes nothing.",
     R"(protocol p
param quorum = 2
role R {
  durable n: 0..3 = 0
  action a when n < 3 { n += 1 }
}
scenario s with quorum = 1 {
  expect always every(r.n <= 3 for r in R)
}
)",
     "Use it, or take it away."},
    {"W0604",
     "Nothing is of this type.",
     R"(protocol p
type Level = 0..3
role R {
  durable n: 0..3 = 0
  action a when n < 3 { n += 1 }
}
scenario s {
  expect always every(r.n <= 3 for r in R)
}
)",
     "Use it, or take it away."},
    {"W0605",
     "No code and no property calls the function.",
     R"(protocol p
role R {
  durable n: 0..3 = 0
  fn small() = n < 2
  action a when n < 3 { n += 1 }
}
scenario s {
  expect always every(r.n <= 3 for r in R)
}
)",
     "Call it, or take it away."},
    {"W0606",
     "The variable is written at most, never read: it makes more states and decides "
     "nothing.",
     R"(protocol p
role R {
  durable n: 0..3 = 0
  durable last: 0..3 = 0
  action a when n < 3 { n += 1; last = 1 }
}
scenario s {
  expect always every(r.n <= 3 for r in R)
}
)",
     "Take it away; what only properties need is a `ghost`."},
    {"W0607",
     "The variable keeps its first value for ever.",
     R"(protocol p
role R {
  durable n: 0..3 = 0
  durable top: 0..3 = 3
  action a when n < top { n += 1 }
}
scenario s {
  expect always every(r.n <= 3 for r in R)
}
)",
     "Assign it somewhere, or make it a param of the role."},
    {"W0608",
     "An invariant is checked only where a scenario says so, and none does.",
     R"(protocol p
role R {
  durable n: 0..3 = 0
  action a when n < 3 { n += 1 }
}
invariant small: every(r.n <= 3 for r in R)
scenario s {
  expect never some(r.n > 3 for r in R)
}
)",
     "Write `expect always small`."},
    {"W0609",
     "The value is given a name, and the name is not used.",
     R"(protocol p
role R {
  durable n: 0..3 = 0
  action a when n < 3 { let old = n; n += 1 }
}
scenario s {
  expect always every(r.n <= 3 for r in R)
}
)",
     "Take the line away; an `ask` can stand alone."},
    {"W0610",
     "A variable is assigned to itself.",
     R"(protocol p
role R {
  durable n: 0..3 = 0
  action a when n < 3 { n = n }
  action b when n < 3 { n += 1 }
}
scenario s {
  expect always every(r.n <= 3 for r in R)
}
)",
     "Assign what was meant."},
    {"W0611",
     "The scenario runs, but nothing is expected of it: only a model error would be "
     "seen.",
     R"(protocol p
role R {
  durable n: 0..3 = 0
  action a when n < 3 { n += 1 }
}
scenario s { }
)",
     "Add `expect ...`."},
    {"W0612",
     "The guard was true when the code began. At an `ask` or a `wait until` it "
     "suspends, and the process runs other code meanwhile; then a variable of the "
     "guard is assigned, though other code may have changed it.",
     R"(protocol p
message M() -> N()
role R {
  durable mode: {idle, busy, over} = idle
  on M() { reply N() }
  action work when mode == idle {
    ask self: M()
    mode = busy
  }
  action stop when mode == idle { mode = over }
}
scenario s {
  expect reachable some(r.mode == over for r in R)
}
)",
     "Test again: `if mode == idle { mode = busy }`."},
    {"W0613",
     "With the params of each scenario put in, the guard is false: what it guards "
     "never happens in any of them.",
     R"(protocol p
param fast = false
role R {
  durable n: 0..3 = 0
  action a when n < 3 { n += 1 }
  action b when fast and n < 3 { n = 3 }
}
scenario s {
  expect always every(r.n <= 3 for r in R)
}
)",
     "Add a scenario with the other value, or take the code away."},
    {"W0614",
     "A caption is filled in with what holds after the step. This one computes the new value from "
     "a variable that the step has set to it already, so it tells a value that never was.",
     R"(protocol p
role R {
  durable n: 0..3 = 0
  action count when n < 3 says "counts to {n + 1}" { n += 1 }
}
scenario s {
  expect always every(r.n <= 3 for r in R)
}
)",
     "Write the variable alone, `{n}`; `{n - 1}` is the value before."},
    {"W0615",
     "The message has a reply, whoever asks waits for it, and this handler ends on some path "
     "without it. The asker then waits for ever, unless its `ask` has an `else`.",
     R"(protocol p
message Put(n: 0..3) -> Done()
role S {
  durable n: 0..3 = 0
  on Put(v) { if v > n { n = v; reply Done() } }
}
role C {
  action put { ask S: Put(2) }
}
scenario s {
  expect never S.n == 1
}
)",
     "Reply on every path, or keep `asker` and answer later. An empty block, or a path that ends "
     "with `return`, drops the request on purpose."},
});
// clang-format on

}  // namespace

std::span<const Explanation> lint() { return table; }

}  // namespace capstan::model::explanations
