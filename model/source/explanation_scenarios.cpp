// SPDX-License-Identifier: MIT
// explanation_scenarios: the codes of protocols and scenarios (E04, E05).
#include <array>

#include "model/source/explanation.hpp"

namespace capstan::model::explanations {
namespace {

// clang-format off
constexpr auto table = std::to_array<Explanation>({
    {"E0401",
     "More replies are awaited than there are processes to give them: the ask could "
     "never be completed.",
     R"(protocol p
param need = 4
message M() -> N()
role R[3] {
  on M() { reply N() }
  action a { ask need of R: M() }
}
scenario s {
  expect never false
}
)",
     "Lower the quorum, or declare more processes."},
    {"E0402",
     "A role needs at least one process, and all roles together at most 64.",
     R"(protocol p
param n = 0
role R[n] { }
)",
     "Change the number in the brackets."},
    {"E0403",
     "The value at the beginning is outside the declared type.",
     R"(protocol p
param start = 5
role R {
  durable n: 0..3 = start
}
)",
     "Change the value, or the bounds of the type."},
    {"E0404",
     "The lower bound is above the upper one, so the type has no value.",
     R"(protocol p
param top = 1
type T = 3..top
role R {
  durable n: T? = none
}
)",
     "Swap the bounds, or change the param."},
    {"E0405",
     "The value is needed before anything runs, and it cannot be computed.",
     R"(protocol p
param zero = 0
param bad = 1 / zero
)",
     "Look at the note: it says what went wrong."},
    {"E0406",
     "An object begins as `none`, 0 or empty; this type has nothing of the kind.",
     R"(protocol p
type Value = 1..2
object x: register of Value
)",
     "Write `of Value?`, or give the value: `= 1`."},
    {"E0407",
     "The role has fewer processes than the number says; they are counted from 1.",
     R"(protocol p
message M()
role R[2] {
  on M() { }
  action a { send M() to R 3 }
}
)",
     "Use a number from 1 to the count of the role."},
    {"E0408",
     "The values of the type would have to be listed, and there are too many.",
     R"(protocol p
type Big = 1..1_000_000
role R {
  durable n: 0..3 = 0
  action a { n = count(true for b in Big) }
}
)",
     "Make the type smaller: models are about few values."},
    {"E0409",
     "The expression is evaluated before the run, and goes through too many elements.",
     R"(protocol p
param pairs = sum(1 for a, b, c in 1..1000)
)",
     "Write the number, or a formula for it."},
    {"E0501",
     "The scenario sets a param that the protocol does not declare.",
     R"(protocol p
param quorum = 2
role R {
  durable n: bool = quorum == 2
}
scenario s with quorom = 1 {
  expect never false
}
)",
     "Take the suggestion, or declare the param."},
    {"E0502",
     "The value is outside the declared type of the param or argument.",
     R"(protocol p
param level: 0..3 = 1
role R {
  durable n: bool = level == 2
}
scenario s with level = 3 * 3 {
  expect never false
}
)",
     "Choose a value inside the type."},
    {"E0503",
     "A scenario gives a param one value, and this is the second.",
     R"(protocol p
param a = 1
role R {
  durable n: bool = a == 2
}
scenario s with a = 1, a = 2 {
  expect never false
}
)",
     "Take one away; to try several, sweep: `for a in 1..2`."},
    {"E0504",
     "A role's param without a default needs a value in every scenario where its "
     "process does something.",
     R"(protocol p
object x: register of 1..2 = 1
role C {
  param home: 1..2
  op x.read() { return home }
}
scenario s {
  C 1 does read()
  expect linearizable
}
)",
     "Write `each C with home = any`, or give the param a default."},
    {"E0505",
     "Each `fresh` takes a value that no other `fresh` has, and all are taken.",
     R"(protocol p
object x: register of 1..2?
role C {
  durable v: 1..2? = none
  op x.write(w) { v = w }
}
scenario s {
  C 1 does write(fresh), write(fresh), write(fresh)
  expect linearizable
}
)",
     "Give the type more values, or write fewer of them."},
    {"E0506",
     "The script names an operation that the role does not implement.",
     R"(protocol p
object x: register of 1..2 = 1
role C {
  op x.read() { return 1 }
}
scenario s {
  C 1 does write(1)
  expect linearizable
}
)",
     "Add `op x.write(v) { ... }` to the role, or use another operation."},
    {"E0507",
     "Several objects have an operation of this name.",
     R"(protocol p
object x: register of 1..2 = 1
object y: register of 1..2 = 1
role C {
  op x.read() { return 1 }
  op y.read() { return 1 }
}
scenario s {
  C 1 does read()
  expect linearizable
}
)",
     "Name the object: `x.read()`."},
    {"E0508",
     "A process has one script, and this line is the second.",
     R"(protocol p
object x: register of 1..2 = 1
role C {
  op x.read() { return 1 }
}
scenario s {
  C 1 does read()
  C 1 does read()
  expect linearizable
}
)",
     "Join the steps with commas in one line."},
    {"E0509",
     "A limit that keeps scenarios explorable was passed; the message says which.",
     R"(protocol p
object x: counter
role C {
  durable n: 0..3 = 0
  op x.add(k) { n = 0 }
}
scenario s {
  C 1 does any 2 operations
  expect linearizable
}
)",
     "Use smaller types, or write the operations out."},
    {"E0511",
     "`distinct` gives every process of the line another value, and there are not "
     "enough.",
     R"(protocol p
object x: register of 1..2 = 1
role C[3] {
  param home: 1..2
  op x.read() { return home }
}
scenario s {
  each C with home = distinct does read()
  expect linearizable
}
)",
     "Use `any`, or fewer processes."},
    {"E0512",
     "The fault strikes nobody, or its numbers make no sense.",
     R"(protocol p
role R[2] {
  durable n: 0..3 = 0
  action a when n < 3 { n += 1 }
}
scenario s {
  faults { crash R up to 1, at most 0 at once }
  expect always every(r.n <= 3 for r in R)
}
)",
     "Give at least one process and a number from 1 on."},
    {"E0513",
     "`linearizable` judges what clients see of objects, and no object has an "
     "operation here.",
     R"(protocol p
role R {
  durable n: 0..3 = 0
  action a when n < 3 { n += 1 }
}
scenario s {
  expect linearizable
}
)",
     "Declare an object and implement it, or expect something of the state: `always`, "
     "`never`."},
    {"E0514",
     "The clauses after `clocks` contradict each other, or a number among them makes "
     "no sense.",
     R"(protocol p
role R {
  durable since: time = least
  action a when since == least { since = now }
}
scenario s {
  clocks perfect, within 1
  expect never false
}
)",
     "Say one of `perfect`, `free`, `within e`, `drift a per b`; `jump` may be added."},
    {"E0515",
     "Code that this scenario leaves alive reads `now`, so what the clocks show "
     "decides the verdict; it must be said.",
     R"(protocol p
role R {
  durable since: time = least
  action a when since == least { since = now }
}
scenario s {
  expect never false
}
)",
     "Add `clocks perfect`, or `clocks within 1`, or another line of that kind."},
    {"E0516",
     "The delay has no moment at which the message could arrive.",
     R"(protocol p
message M()
role R {
  durable n: 0..3 = 0
  on M() { n = 1 }
  action a when n == 0 { send M() to self }
}
scenario s {
  network delay 3..1
  expect reachable some(r.n == 1 for r in R)
}
)",
     "Put the smaller number of ticks first; delays are not negative."},
    {"E0518",
     "In a `kept` network messages stay after their delivery, and in a `fifo` network only the "
     "first of a queue is delivered: what comes behind would never arrive.",
     R"(protocol p
message M()
role R {
  durable n: 0..3 = 0
  on M() { n = 1 }
  action a when n == 0 { send M() to self }
}
scenario s {
  network fifo
  network kept
  expect reachable some(r.n == 1 for r in R)
}
)",
     "Say one of the two."},
    {"E0517",
     "`regular`, `safe` and `bounded staleness` say which write a read may return the value of, so "
     "they are about registers; the object is of another kind.",
     R"(protocol p
object n: counter
role R {
  durable v: 0..3 = 0
  op n.add(by) { v += by }
  op n.read() { return v }
}
scenario s {
  each R does add(1)
  expect regular
}
)",
     "Name a register, if there is one: `expect regular of x`. `linearizable` judges any object."},
    {"E0519",
     "Whether an acknowledged write is lost is seen by reading at the end, and no role "
     "implements a read.",
     R"(protocol p
object x: register of 1..2?
role R {
  durable v: 1..2? = none
  op x.write(w) { v = w }
}
scenario s {
  each R does write(1)
  expect no acknowledged write lost
}
)",
     "Implement the read of an object, in whichever role asks for it: `op x.read() { ... }`."},
    {"E0520",
     "`available` promises answers to operations, and nobody whom it names has any.",
     R"(protocol p
object x: register of 1..2?
message Get() -> Got(v: 1..2?)
role R {
  durable v: 1..2? = none
  on Get() { reply Got(v) }
}
role C { op x.read() { return (ask R: Get()).v } }
scenario s {
  each C does read()
  expect available to R
}
)",
     "Name those that invoke, all of them or some: `available to C`."},
    {"E0521",
     "`within .. hops` counts the messages that the answer of an operation takes, and there is no "
     "such operation, or no such number.",
     R"(protocol p
object x: register of 1..2?
message Get() -> Got(v: 1..2?)
role R {
  durable v: 1..2? = none
  on Get() { reply Got(v) }
}
role C { op x.read() { return (ask R: Get()).v } }
scenario s {
  each C does read()
  expect write within 2 hops
}
)",
     "Name an operation that some role implements: `read within 2 hops`."},
    {"E0522",
     "`converges on e` compares what `e` is at each process of a role: of the one role in which "
     "all its names are known. In parentheses, `for` says whose it is.",
     R"(protocol p
role Left[2] { durable n: 0..3 = 0; action up when n < 3 { n += 1 } }
role Right[2] { durable n: 0..3 = 0; action up when n < 3 { n += 1 } }
scenario s {
  expect converges on n
}
)",
     "Say which processes are compared: `converges on (p.n for p in Left)`."},
    {"E0524",
     "`semilattice` names a merge of a role, and there is none of that name.",
     R"(protocol p
role R[2] {
  durable n: 0..2 = 0
  merge join(m for n) { n = max(n, m) }
}
scenario s {
  expect semilattice joint
}
)",
     "Name a `merge` of some role: `expect semilattice join`."},
    {"E0525",
     "`bounded staleness k ticks` bounds how long ago what a read returns was overwritten. Ticks "
     "pass only in a scenario that says how long messages take or what clocks show.",
     R"(protocol p
object x: register of 1..2?
message Get() -> Got(v: 1..2?)
role Server {
  durable v: 1..2? = none
  on Get() { reply Got(v) }
}
role Client[2] {
  op x.read() { return (ask any Server: Get()).v }
}
scenario s {
  each Client does read()
  expect bounded staleness 2 ticks
}
)",
     "Say how long messages take (`network delay 0..1`) or what clocks show (`clocks perfect`); or "
     "count values instead of ticks: `expect bounded staleness 2`."},
    {"E0526",
     "`inductive INV given e` is about all values of the params that `e` names, and with them of "
     "those that follow (`param cap = n + 1` follows `n`). One that decides how many processes "
     "there are, the bounds of a type, a script or a fault has one value at each point.",
     R"(protocol p
param n = 2
role R[n] { durable a: 0..2 = 0; action up when a < 2 { a += 1 } }
scenario s {
  expect inductive every(r.a <= 2 for r in R) given n > 0
}
)",
     "Sweep such a param, `for n in 2..4`, and keep `given` for numbers that the code computes "
     "with."},
    {"W0592",
     "Every state was visited, and this part of the spec never did anything: the guard "
     "was never true, or the fault never struck.",
     "",
     "Look at the part: `coverage` in the `--json` report counts how often each was "
     "used."},
});
// clang-format on

}  // namespace

std::span<const Explanation> scenarios() { return table; }

}  // namespace capstan::model::explanations
