#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Checks specs that have very many of one thing, and tells time and memory of each.

usage: sizes.py CAPSTAN [COUNT [KIND...]]

Each spec is generated: COUNT (100,000 if not given) scenarios, expectations, handlers, params,
branches of one `if`, and so on. A run is fine if it ends by itself with a verdict, a diagnostic or
`undecided` (exit status 0 to 4) within 20 s and 1 GiB. The exit status is 1 if one is not.
"""

import os
import subprocess
import sys
import tempfile
import time

SECONDS, BYTES = 20, 1 << 30

HEAD = "capstan 1\n\nprotocol sizes\n\n"


def role(body="", step="value += 1"):
    """A role that counts to two, with more in it."""
    return ("role Node {\n  volatile value: 0..9 = 0\n" + body +
            "  action step when value < 2 {\n    " + step + "\n  }\n}\n\n")


def scenario(body="  expect always Node.value <= 2\n", name="whole"):
    return "scenario " + name + " {\n" + body + "}\n"


def repeat(count, each):
    return "".join(each.format(i=i) for i in range(count))


def scenarios(count):
    return HEAD + role() + repeat(
        count, "scenario s{i} {{\n  expect always Node.value <= 2\n}}\n")


def points(count):
    return HEAD + "param k = 1\n" + role() + scenario(
        f"  for k in 1..{count}\n  expect always Node.value <= 2 + k\n")


def expectations(count):
    return HEAD + role() + scenario(repeat(count, "  expect always Node.value <= 2 + {i}\n"))


def unmet(count):
    return HEAD + role() + scenario(repeat(count, "  expect always Node.value + {i} < 0\n"))


def reachable(count):
    return HEAD + role() + scenario(repeat(count, "  expect reachable Node.value + {i} >= 0\n"))


def eventually(count):
    return HEAD + role() + scenario(repeat(count, "  expect eventually Node.value + {i} >= 2\n"))


def inductive(count):
    return HEAD + role() + scenario(repeat(count, "  expect inductive Node.value <= 2 + {i}\n"))


def handlers(count):
    return HEAD + repeat(count, "message M{i}(n: 0..3)\n") + role(
        repeat(count, "  on M{i}(n) {{ value = 1 }}\n")) + scenario()


def params(count):
    return HEAD + repeat(count, "param p{i} = {i}\n") + role() + scenario()


def chained_params(count):
    return HEAD + "param p0 = 1\n" + "".join(
        f"param p{i} = p{i - 1}\n" for i in range(1, count)) + role() + scenario()


def else_ifs(count):
    return HEAD + role(step="if value == 5 { value = 1 }" + repeat(
        count, " else if value == {i} + 7 {{ value = 1 }}") + " else { value += 1 }") + scenario()


def statements(count):
    return HEAD + role(step=repeat(count, "value = {i} % 3\n") +
                       "value = 2") + scenario()


def variables(count):
    return HEAD + role(repeat(count, "  volatile v{i}: 0..1 = 0\n")) + scenario()


def actions(count):
    return HEAD + role(repeat(count, "  action a{i} when value == 5 {{ value = 1 }}\n")) + scenario()


def functions(count):
    return HEAD + repeat(count, "fn f{i}(x: int) -> int = x + {i}\n") + role() + scenario()


def invariants(count):
    return HEAD + repeat(count, "invariant i{i}: Node.value <= 2 + {i}\n") + role() + scenario()


def roles(count):
    return HEAD + role() + repeat(count, "role R{i}[1] {{ volatile a: 0..1 = 0 }}\n") + scenario()


def types(count):
    return HEAD + repeat(count, "type T{i} = 0..{i}\n") + role() + scenario()


def enumerators(count):
    return HEAD + "type Colour = { " + ", ".join(f"c{i}" for i in range(count)) + " }\n" + (
        role() + scenario())


def conjuncts(count):
    return HEAD + role() + scenario("  expect always " + " and ".join(
        f"Node.value <= 2 + {i}" for i in range(count)) + "\n")


def errors(count):
    return HEAD + role(step=repeat(count, "value = w{i}\n")) + scenario()


KINDS = [scenarios, points, expectations, unmet, reachable, eventually, inductive, handlers, params,
         chained_params, else_ifs, statements, variables, actions, functions, invariants, roles, types,
         enumerators, conjuncts, errors]


def run(capstan, path, folder):
    """Exit status, seconds, bytes at most, last line."""
    start = time.monotonic()
    with open(os.path.join(folder, "out.txt"), "wb") as out:
        child = subprocess.Popen([capstan, "check", "--out", os.path.join(folder, "out"), path],
                                 stdout=out, stderr=subprocess.STDOUT)
        deadline = start + 6 * SECONDS
        while True:
            pid, status, usage = os.wait4(child.pid, os.WNOHANG)
            if pid:
                break
            if time.monotonic() > deadline:
                child.kill()
                pid, status, usage = os.wait4(child.pid, 0)
                break
            time.sleep(0.01)
    with open(os.path.join(folder, "out.txt"), "rb") as told:
        text = told.read().decode("utf-8", "replace").strip().splitlines()
    code = os.waitstatus_to_exitcode(status)
    return code, time.monotonic() - start, usage.ru_maxrss * 1024, text[-1] if text else ""


def main():
    capstan = sys.argv[1]
    count = int(sys.argv[2]) if len(sys.argv) > 2 else 100_000
    wanted = sys.argv[3:]
    late = 0
    for kind in KINDS:
        if wanted and kind.__name__ not in wanted:
            continue
        with tempfile.TemporaryDirectory() as folder:
            path = os.path.join(folder, "sizes.cap")
            with open(path, "w", encoding="utf-8") as spec:
                spec.write(kind(count))
            code, seconds, size, last = run(capstan, path, folder)
        is_fine = 0 <= code <= 4 and seconds <= SECONDS and size <= BYTES
        late += not is_fine
        print(f"{'ok  ' if is_fine else 'LATE'} {kind.__name__:<15} {count:>7}  exit {code:>3}  "
              f"{seconds:6.1f} s  {size >> 20:5} MiB  {last[:90]}", flush=True)
    return 1 if late else 0


if __name__ == "__main__":
    sys.exit(main())
