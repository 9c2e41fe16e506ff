// SPDX-License-Identifier: MIT
// explanation_types: the codes of types (E03).
#include <array>

#include "model/source/explanation.hpp"

namespace capstan::model::explanations {
namespace {

// clang-format off
constexpr auto table = std::to_array<Explanation>({
    {"E0301",
     "The place wants a value of one type, and this is of another. The message says "
     "where the wanted type comes from.",
     R"(protocol p
role R {
  durable n: 0..3 = 0
  action a { n = true }
}
)",
     "Change the value or the type of the place. A `T` fits a `T?`, not the other way "
     "round."},
    {"E0302",
     "The operator does not work on these types.",
     R"(protocol p
param a = 1 + true
)",
     "The manual lists the operators with their types."},
    {"E0303",
     "The two sides (or the elements, or the branches) have no type in common.",
     R"(protocol p
param a = 1 == true
)",
     "Compare values of one type."},
    {"E0304",
     "The values have no order: sequences and askers can only be equal or not.",
     R"(protocol p
role R {
  durable s: seq of 1..2 up to 2 = []
  action a when s < [1] { s = [] }
}
)",
     "Compare a part that has an order, such as `size(s)`."},
    {"E0305",
     "`none`, `{}` and `[]` take their type from where they stand, and nothing here "
     "tells it.",
     R"(protocol p
role R {
  durable n: 0..3 = 0
  action a { let old = none; n = 1 }
}
)",
     "Use it where a typed place expects it."},
    {"E0306",
     "The call or message has more or fewer arguments than its declaration.",
     R"(protocol p
message M(a: 0..3, b: 0..3)
role R {
  on M(a, b) { }
  action go { send M(1) to self }
}
)",
     "Give one value for each; the label shows the declaration."},
    {"E0307",
     "There is no argument of this name, or it is given twice.",
     R"(protocol p
message M(value: 0..3)
role R {
  on M(v) { }
  action go { send M(vale: 1) to self }
}
)",
     "Take the suggestion."},
    {"E0308",
     "Messages go to processes, and this is none.",
     R"(protocol p
message M()
role R {
  on M() { }
  action a { send M() to 1 }
}
)",
     "Name a process: `R 1`, `sender`, `any R`."},
    {"E0309",
     "`!` and `??` are for values that may be `none`; this one never is.",
     R"(protocol p
param a = 1
param b = a ?? 2
)",
     "Take the operator away."},
    {"E0310",
     "The value may be `none`, which has no fields.",
     R"(protocol p
role R {
  durable t: (n: 0..3, ok: bool)? = none
  durable m: 0..3 = 0
  action a { m = t.n }
}
)",
     "Test it and write `t!.n`; `t!` of `none` is a model error."},
    {"E0311",
     "Only maps and sequences have elements behind `[...]`.",
     R"(protocol p
role R {
  durable n: 0..3 = 0
  action a { n = n[1] }
}
)",
     "Look at the type of what stands before the bracket."},
    {"E0312",
     "The number is outside the type, whatever happens. A time that is written as a number lies at "
     "most 1,000,000,000,000 ticks from the start.",
     R"(protocol p
role R {
  durable n: 0..3 = 0
  action a { n = 7 }
}
)",
     "Change the number, or the bounds of the type."},
    {"E0313",
     "A map has one value for every key of its type, no more and no fewer.",
     R"(protocol p
type K = {a, b}
role R {
  durable m: map K -> bool = {a: true}
}
)",
     "Give every key once, or write `all v`. For gaps use a map to `V?`."},
    {"E0314",
     "Only sets and sequences can be gone through.",
     R"(protocol p
param a = count(true for i in 3)
)",
     "Write a set or a range: `1..3`."},
    {"E0315",
     "An `ask` or a call of a procedure cannot stand where evaluation may be skipped "
     "or repeated: behind `and`, in a comprehension, in a guard.",
     R"(protocol p
message M() -> N(ok: bool)
role R {
  durable n: 0..3 = 0
  on M() { reply N(true) }
  action a { if n == 0 and (ask self: M()).ok { n = 1 } }
}
)",
     "Ask first, with `let`."},
    {"E0316",
     "The value of the ask is used, so its `else` must not go on without one.",
     R"(protocol p
message M() -> N(v: 0..3)
role R {
  durable n: 0..3 = 0
  on M() { reply N(1) }
  action a {
    let r = ask self: M() else { n = 0 }
    n = r.v
  }
}
)",
     "End the block with `return`, `fail`, `unknown` or `next`."},
    {"E0317",
     "A reply belongs to a request, and only there: a one-way message has no reply, a "
     "reply is not sent.",
     R"(protocol p
message M()
role R {
  on M() { reply M() }
  action a { send M() to self }
}
)",
     "Declare `message M() -> N()` and reply `N`, or `send` it."},
    {"E0318",
     "`fail`, `unknown` and `return` of a value belong to operations (or functions), "
     "`next` to the turns of a `for`.",
     R"(protocol p
role R {
  durable n: 0..3 = 0
  action a { next }
}
)",
     "Use `return` to end an action or a handler."},
    {"E0319",
     "Some path through the code ends without the result that is promised.",
     R"(protocol p
object x: register of 1..2 = 1
role C {
  durable n: 1..2 = 1
  op x.read() { if n == 1 { return 1 } }
}
)",
     "Return on every path."},
    {"E0320",
     "`any` stands after `=`, `return`, `ask` or `to`: it makes a branch, and that "
     "must be seen.",
     R"(protocol p
object box {
  op pick() -> int { let n = any {1, 2}; return n }
}
)",
     "Give it a name first: `let p = any R`."},
    {"E0321",
     "A procedure is called where a value is needed, a function where a statement is, "
     "or a merge as something else.",
     R"(protocol p
fn one() = 1
role R {
  action a { one() }
}
)",
     "Use the value, or make the function a procedure with a block."},
    {"E0322",
     "A merge may assign only the variables that it merges; an object's operation only "
     "the object's state, and it may not send.",
     R"(protocol p
role R {
  durable n: 0..3 = 0
  durable m: 0..3 = 0
  merge join(theirs for n) { m = theirs }
  action a { join(1) }
}
)",
     "Assign only what `for` names."},
    {"E0323",
     "Functions, merges and objects run within one step, so they cannot wait.",
     R"(protocol p
role R {
  durable n: 0..3 = 0
  fn f() { wait until n > 0 }
  action a { f() }
}
)",
     "Wait in the handler, action or operation."},
    {"E0324",
     "This type cannot stand here: variables and messages need types with finitely "
     "many values.",
     R"(protocol p
role R {
  durable n: int = 0
}
)",
     "Give bounds: `0..3`."},
    {"E0325",
     "The object has one instance for each key, and none is named; or it has no keys.",
     R"(protocol p
type K = {a, b}
object x[K]: register of 1..2 = 1
role C {
  op x.read() { return 1 }
}
)",
     "Write `op x[k].read()`, or leave the key away."},
    {"E0326",
     "A param is one number, flag or enumerator, so that a scenario can set it.",
     R"(protocol p
param a = {1, 2}
)",
     "Use a `fn` for anything else."},
    {"E0327",
     "How far two clock readings are apart has no bound, and only what is compared can "
     "be checked exactly.",
     R"(protocol p
role R {
  durable since: time = least
  durable n: 0..3 = 0
  action a when now - since in {1} { n = 1 }
}
)",
     "Compare it (`now - since >= 3`), or keep it in a variable of a range type."},
    {"E0328",
     "A `sync` puts on disk what a crash could still undo; plain `durable` variables are on disk "
     "as soon as they are assigned.",
     R"(protocol p
role R {
  durable n: 0..3 = 0
  action a when n < 3 { n += 1; sync }
}
)",
     "Declare what a crash may undo as `durable unsynced`, or leave the `sync` out."},
    {"E0329",
     "Every state holds a value of the type with all its parts, and these are too many: a map has "
     "its element once for each key, a tuple that names a type twice has it twice.",
     R"(protocol p
type Cell = (x: 1..100, y: 1..100)
type Grid = map Cell -> map 1..100 -> bool
role R {
  durable n: 0..3 = 0
  volatile grid: Grid = all all false
}
)",
     "Model fewer fields or keys: two or three show what many do."},
});
// clang-format on

}  // namespace

std::span<const Explanation> types() { return table; }

}  // namespace capstan::model::explanations
