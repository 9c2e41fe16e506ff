#!/bin/sh
# SPDX-License-Identifier: MIT
#
# Capstan beside SPIN and Rumur on one protocol, whole processes, from the spec text to the verdict: server-coordinated ABD, 3 servers, 2 clients of
# which one reads (630,576 states, 2,219,214 transitions; specs/published/abd_server_coordinated.cap, tests/bench/peers/abd_srv.*).
# Needs Debian's `spin` and `rumur`, and a built binary. Prints wall seconds of each phase; run it on an idle machine.
set -eu
root=$(cd "$(dirname "$0")/../.." && pwd)
binary=${1:-$root/build/release/capstan}
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"

# Prints "NAME  seconds" for a command whose output goes to a log.
timed() {
  name=$1
  shift
  begin=$(date +%s.%N)
  "$@" >"$work/log" 2>&1 || { echo "$name failed"; cat "$work/log"; exit 1; }
  end=$(date +%s.%N)
  printf '%-42s %8.2f s\n' "$name" "$(echo "$end - $begin" | bc)"
}

cp "$root/tests/bench/peers/abd_srv.pml" "$root/tests/bench/peers/abd_srv.m" .
spec=$root/specs/published/abd_server_coordinated.cap
timed "capstan, no reduction" "$binary" check "$spec" --scenario one_reads --no-reduction --no-pictures --out "$work/out"
timed "capstan, as it comes" "$binary" check "$spec" --scenario one_reads --no-pictures --out "$work/out"
timed "spin: generate" spin -DNS=3 -DNC=2 -DNR=1 -a abd_srv.pml
timed "spin: gcc -O2" gcc -O2 -DSAFETY -DNOREDUCE -w -o pan pan.c
timed "spin: search" ./pan -w22 -m100000
grep -E 'states, stored|transitions' "$work/log" || true
sed -i 's/^  R: 2;/  R: 1;/' abd_srv.m
timed "rumur: generate" rumur --deadlock-detection off --output abd_srv.c abd_srv.m
timed "rumur: gcc -O3" gcc -std=c11 -O3 -march=native -w -o abd_srv abd_srv.c -lpthread -mcx16
timed "rumur: search (1 thread)" ./abd_srv
