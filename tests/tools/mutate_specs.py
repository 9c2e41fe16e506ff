#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""mutate_specs.py BINARY COUNT [--seed N] FOLDER...: the tools over specs and traces that were changed at random.

A change exchanges, removes, repeats or replaces tokens, by tokens of the same file or by numbers at the ends of what is
possible; a trace has fields of its JSON changed likewise. Most changed specs are wrong and must be told so; the others
are explored with small limits. Ends with status 1 if a run ended by a signal, with a sanitizer's report or with exit
status 70; each such input is kept and named. The same seed gives the same changes.
"""
import argparse
import json
import random
import re
import shutil
import sys

from tool_runs import Runs, specs_below

TOKEN = re.compile(r'//[^\n]*|"(?:\\.|[^"\\\n])*"|\w+|[ \t]+|\n|[-=<>!.?+]{2,3}|.', re.S)
STRANGE = ["0", "1", "-1", "2", "63", "64", "65", "4294967296", "9223372036854775807",
           "-9223372036854775807", "4611686018427387904", "none", "self", "{}", "[]", "least", "now"]


def changed_text(text, dice):
    """One to three changes of tokens."""
    tokens = TOKEN.findall(text)
    places = [i for i, token in enumerate(tokens) if token.strip() and not token.startswith("//")]
    numbers = [i for i in places if tokens[i].isdigit()]
    for _ in range(dice.choice((1, 1, 1, 2, 3))):
        at, other = dice.choice(places), dice.choice(places)
        kind = dice.randrange(8)
        if kind == 0:
            tokens[at], tokens[other] = tokens[other], tokens[at]
        elif kind == 1:
            tokens[at] = ""
        elif kind == 2:
            tokens[at] = tokens[at] + " " + tokens[at]
        elif kind == 3:
            tokens[at] = tokens[other]
        elif kind == 4 and numbers:
            tokens[dice.choice(numbers)] = dice.choice(STRANGE)
        elif kind == 5:
            tokens[at] = dice.choice(STRANGE)
        elif kind == 6:  # a name by another: often well-typed
            names = [i for i in places if tokens[i][:1].isalpha()]
            if names:
                tokens[dice.choice(names)] = tokens[dice.choice(names)]
        else:  # a line elsewhere
            lines = "".join(tokens).split("\n")
            lines.insert(dice.randrange(len(lines)), lines[dice.randrange(len(lines))])
            return "\n".join(lines)
    return "".join(tokens)


def changed_json(value, dice):
    """One change somewhere in a tree of JSON."""
    paths = []

    def walk(node, path):
        paths.append(path)
        items = node.items() if isinstance(node, dict) else enumerate(node) if isinstance(
            node, list) else ()
        for key, inner in items:
            walk(inner, path + [key])

    walk(value, [])
    path = dice.choice(paths[1:] or paths)
    if not path:
        return value
    parent = value
    for key in path[:-1]:
        parent = parent[key]
    kind = dice.randrange(4)
    if kind == 0:
        del parent[path[-1]]
    elif kind == 1:
        parent[path[-1]] = dice.choice(
            [0, -1, 1, 2, 64, 2**31, 2**63 - 1, -2**63, 2**64 - 1, 1e300, "", "x", None, [], {}, True])
    elif kind == 2 and isinstance(parent, list):
        parent.insert(dice.randrange(len(parent)), parent[path[-1]])
    else:
        source = dice.choice(paths)
        node = value
        for key in source:
            node = node[key]
        parent[path[-1]] = json.loads(json.dumps(node))
    return value


def keep_if_bad(runs, before, path, number):
    """Names the input of a run that ended badly."""
    if len(runs.bad) == before:
        return
    kept = runs.folder / ("bad_%06d_%s" % (number, path.name))
    shutil.copyfile(path, kept)
    print("kept as %s" % kept, flush=True)


def one_spec(runs, original, number, dice):
    """The tools over one changed spec, and over the traces that it gives."""
    path = runs.folder / original.name
    path.write_text(changed_text(original.read_text(), dice))
    before = len(runs.bad)
    out = runs.folder / "out"
    switches = dice.choice(([], [], ["--no-reduction"], ["--exact"], ["--shortest"], ["--full"],
                            ["--horizon", "3"]))
    status = runs.run("check", path.name, "--states", "2000", "--time", "2s", "--no-pictures", "--out",
                      out, *switches)
    if status == 2:
        runs.run(dice.choice(("lint", "fmt")), path.name)
    else:
        runs.run("lint", path.name)
        runs.run("simulate", path.name, "--runs", "5", "--steps", "100", "--no-pictures", "--out", out)
        for trace in sorted(out.rglob("*.trace.json"))[:6]:
            runs.run("replay", trace)
            for _ in range(3):
                changed = runs.folder / "changed.json"
                changed.write_text(json.dumps(changed_json(json.loads(trace.read_text()), dice)))
                at = len(runs.bad)
                runs.run("replay", changed, "--spec", path)
                keep_if_bad(runs, at, changed, number)
        runs.run("fmt", path.name)
    keep_if_bad(runs, before, path, number)
    shutil.rmtree(out, ignore_errors=True)
    path.unlink()


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("binary")
    parser.add_argument("count", type=int)
    parser.add_argument("folders", nargs="+")
    parser.add_argument("--seed", type=int, default=1)
    arguments = parser.parse_args()
    runs = Runs(arguments.binary, patience=300)
    specs = specs_below(arguments.folders)
    for number in range(arguments.count):
        dice = random.Random(arguments.seed * 1_000_003 + number)
        one_spec(runs, dice.choice(specs), number, dice)
    return runs.finish()


if __name__ == "__main__":
    sys.exit(main())
