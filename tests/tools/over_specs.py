#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""over_specs.py BINARY [--states N] [--time T] FOLDER...: every tool over every spec, with small limits.

`check` (as it comes and with each switch), `replay` of what it wrote, `simulate`, `lint`, `fmt`, and `doc` of every
code. Ends with status 1 if a run ended by a signal, with a sanitizer's report or with exit status 70.
"""
import argparse
import re
import shutil
import sys

from tool_runs import Runs, specs_below

SWITCHES = ([], ["--no-reduction"], ["--exact"], ["--shortest"], ["--full"], ["--horizon", "3"],
            ["--no-attempts"])


def tools_over(runs, spec, limits, switches):
    """Every tool over one spec."""
    spec = spec.resolve()
    copy = runs.folder / spec.name
    shutil.copyfile(spec, copy)
    for number, switch in enumerate(switches):
        out = runs.folder / "out" / spec.stem / str(number)
        pictures = [] if number == 0 else ["--no-pictures"]
        runs.run("check", copy.name, "--out", out, "--json", out / "report.json", *limits, *switch,
                 *pictures)
        for trace in sorted(out.rglob("*.trace.json")):
            runs.run("replay", trace)
        shutil.rmtree(out, ignore_errors=True)
    runs.run("simulate", copy.name, "--runs", "20", "--steps", "200", "--out", runs.folder / "sim",
             "--no-pictures")
    runs.run("lint", copy.name)
    runs.run("fmt", "--check", copy.name)
    runs.run("fmt", copy.name)
    copy.unlink()


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("binary")
    parser.add_argument("folders", nargs="+")
    parser.add_argument("--states", default="2000")
    parser.add_argument("--time", default="10s")
    parser.add_argument("--first-switches", type=int, default=len(SWITCHES))
    arguments = parser.parse_args()
    runs = Runs(arguments.binary, patience=600)
    runs.run("doc")
    for code in sorted(set(re.findall(r"\b[EW]\d{4}\b", runs.output))):
        runs.run("doc", code)
    for spec in specs_below(arguments.folders):
        tools_over(runs, spec, ["--states", arguments.states, "--time", arguments.time],
                   SWITCHES[:arguments.first_switches])
    return runs.finish()


if __name__ == "__main__":
    sys.exit(main())
