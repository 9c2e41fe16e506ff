#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""How far checks run over `--time`: tests/specs/limits, each too large in another phase.

Prints a line for each spec: wall seconds, CPU seconds, the phase that the limit ended, and whether
it is the one that the spec is made for. On a machine that is shared the wall clock tells of the
others too.

    tests/bench/limits.py [BINARY] [SECONDS]
"""
import pathlib
import re
import resource
import subprocess
import sys
import tempfile
import time

ROOT = pathlib.Path(__file__).resolve().parents[2]
BINARY = sys.argv[1] if len(sys.argv) > 1 else str(ROOT / "build/release/capstan")
SECONDS = float(sys.argv[2]) if len(sys.argv) > 2 else 5


def check(path, folder):
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    begin = time.monotonic()
    done = subprocess.run(
        [BINARY, "check", str(path), "--time", f"{SECONDS:g}s", "--out", folder],
        capture_output=True, text=True, check=False)
    wall = time.monotonic() - begin
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    cpu = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    return done, wall, cpu


def main():
    late = wrong = 0
    with tempfile.TemporaryDirectory() as folder:
        for path in sorted((ROOT / "tests/specs/limits").glob("*.cap")):
            text = path.read_text()
            wanted = re.findall(r"^// phase: (.*)$", text, re.M)
            status = int(re.search(r"^// status: (\d+)$", text, re.M).group(1))
            done, wall, cpu = check(path, folder)
            said = " ".join(done.stdout.split())
            found = re.search(r"was reached in (the [a-z ]*?)(?: after|;|$| \d| not| the | unm)", said)
            phase = next((one for one in wanted if f"was reached in {one}" in said or
                          (one[0].isupper() and one in said)), None)
            shown = phase or (found.group(1) if found else "no limit told")
            is_late = wall > SECONDS + max(1.0, 0.05 * SECONDS)
            is_wrong = phase is None or done.returncode != status
            late += is_late
            wrong += is_wrong
            print(f"{path.stem:26} {wall:6.2f} s wall {cpu:6.2f} s CPU  exit {done.returncode}  {shown}"
                  f"{'  LATE' if is_late else ''}{'  UNEXPECTED' if is_wrong else ''}", flush=True)
    print(f"{late} late, {wrong} unexpected")
    return 1 if late or wrong else 0


if __name__ == "__main__":
    sys.exit(main())
