// SPDX-License-Identifier: MIT
// explanation_names: the codes of names (E02).
#include <array>

#include "model/source/explanation.hpp"

namespace capstan::model::explanations {
namespace {

// clang-format off
constexpr auto table = std::to_array<Explanation>({
    {"E0201",
     "No variable, param, local or enumerator has this name here. Names of a role are "
     "seen in that role only, and `let` counts from its line on.",
     R"(protocol p
role R {
  durable count_of: 0..3 = 0
  action a { count_of = cont_of }
}
)",
     "Take the suggestion, or declare the name."},
    {"E0202",
     "No role, type or message has this name.",
     R"(protocol p
type Value = 1..2
role R {
  durable v: Valu? = none
}
)",
     "Take the suggestion, or declare it."},
    {"E0203",
     "The value has no field (or the process no variable) of this name.",
     R"(protocol p
message Get() -> Got(value: 1..2)
role R {
  durable n: 0..3 = 0
  on Get() { reply Got(1) }
  action a { n = (ask self: Get()).val }
}
)",
     "Take the suggestion; the note lists the fields."},
    {"E0204",
     "No function, merge or built-in function has this name.",
     R"(protocol p
param a = majorty(3)
)",
     "Take the suggestion, or declare the function."},
    {"E0205",
     "Two declarations of one kind have the same name.",
     R"(protocol p
type Value = 1..2
type Value = 1..3
)",
     "Rename or remove one."},
    {"E0206",
     "A local would hide a name that already means something here. A name means one "
     "thing in a role, so that no reader has to ask which.",
     R"(protocol p
role R {
  durable n: 0..3 = 0
  action a { let n = 1 }
}
)",
     "Take another name for the local."},
    {"E0207",
     "Names such as `self`, `now` and `none` belong to the language and cannot be "
     "declared again.",
     R"(protocol p
param none = 1
)",
     "Take another name."},
    {"E0208",
     "The name belongs to several types, and nothing here tells which is meant.",
     R"(protocol p
type Light = {red, green}
type Wine = {red, white}
role R {
  durable n: bool = red == red
}
)",
     "Use it where a type is expected, or rename one."},
    {"E0209",
     "The name has a meaning only in other places: `sender` in a handler, `it` behind "
     "`where`, `replies` in an `else`.",
     R"(protocol p
role R {
  durable s: process? = none
  action a { s = sender }
}
)",
     "Move it there, or keep the value in a variable."},
    {"E0210",
     "A process knows its own variables and what it is told, and nothing else. Only "
     "properties look at everything.",
     R"(protocol p
role R[2] {
  durable n: 0..3 = 0
  action a { n = (R 2).n }
}
)",
     "Ask the other process for it."},
    {"E0211",
     "A ghost is what handlers note down for properties. A protocol that reads one "
     "would use what no process knows.",
     R"(protocol p
ghost g: 0..3 = 0
role R {
  durable n: 0..3 = 0
  action a { n = g }
}
)",
     "Keep the value in a variable of the role."},
    {"E0212",
     "Only variables and ghosts can be assigned: not params, locals or constants.",
     R"(protocol p
param a = 1
role R {
  action go { a = 2 }
}
)",
     "Declare a variable, `durable` or `volatile`."},
    {"E0213",
     "No message has this name.",
     R"(protocol p
message Store()
role R {
  on Store() { }
  action a { send Stor() to self }
}
)",
     "Take the suggestion, or declare the message."},
    {"E0214",
     "No object, or no operation of it, has this name.",
     R"(protocol p
object x: register of 1..2 = 1
role C {
  op x.raed() { return 1 }
}
)",
     "Take the suggestion; the note lists what there is."},
    {"E0215",
     "No role has this name.",
     R"(protocol p
role Client { }
scenario s {
  each Clint with home = any
  expect never false
}
)",
     "Take the suggestion."},
    {"E0216",
     "Functions do not call themselves, directly or by way of others: a step must end.",
     R"(protocol p
fn f(n: 0..3) -> int = f(n)
)",
     "Use a comprehension (`sum`, `max`, `every`), or a `for`."},
    {"E0217",
     "The definition needs its own value.",
     R"(protocol p
param a = b
param b = a
)",
     "Give one of them a value of its own."},
    {"E0218",
     "Definitions that name others, which name others again, are followed all the way down, and "
     "an invariant that names another twice holds it twice. Here that is too much to write out.",
     R"(protocol p
role R { durable n: 0..3 = 0 }
invariant a: R.n < 3
invariant b: a and a and a and a
invariant c: b and b and b and b
invariant d: c and c and c and c
invariant e: d and d and d and d
invariant f: e and e and e and e
invariant g: f and f and f and f
invariant h: g and g and g and g
invariant i: h and h and h and h
invariant j: i and i and i and i
invariant k: j and j and j and j
)",
     "Name each invariant once, in the scenarios that check it."},
    {"E0219",
     "`live` and `done` look at the whole system, so only properties and scripts may "
     "use them.",
     R"(protocol p
role R {
  durable n: bool = false
  action a { n = live(self) }
}
)",
     "A process cannot know it; suspect by a timeout instead (`else`)."},
    {"E0220",
     "In a property every variable belongs to some process, and this one is not named.",
     R"(protocol p
role R[2] {
  durable n: 0..3 = 0
}
invariant small: n < 2
scenario s {
  expect always small
}
)",
     "Say whose: `every(r.n < 2 for r in R)`."},
    {"E0221",
     "The message goes to a role that has no handler for it and would stay in flight "
     "for ever.",
     R"(protocol p
message M()
role A { }
role B {
  on M() { }
  action go { send M() to A }
}
)",
     "Write the handler, or send to the other role. `on M() { }` drops the message "
     "visibly."},
});
// clang-format on

}  // namespace

std::span<const Explanation> names() { return table; }

}  // namespace capstan::model::explanations
