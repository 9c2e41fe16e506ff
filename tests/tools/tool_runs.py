# SPDX-License-Identifier: MIT
"""Runs of the binary, of which none may end by a signal or with exit status 70."""
import os
import pathlib
import subprocess
import tempfile

REPORTS = ("AddressSanitizer", "LeakSanitizer", "runtime error:", "contract failed", "Assertion ")


class Runs:
    """Runs commands in a folder of their own, and keeps those that ended badly."""

    def __init__(self, binary, patience):
        self.binary = os.path.abspath(binary)
        self.patience = patience  # seconds for one run
        self.folder = pathlib.Path(tempfile.mkdtemp(prefix="capstan_runs_"))
        self.count = 0
        self.bad = []
        self.statuses = {}

    def run(self, *words):
        """The exit status; None if the run did not end."""
        self.count += 1
        command = [self.binary, *map(str, words)]
        try:
            done = subprocess.run(command, cwd=self.folder, stdin=subprocess.DEVNULL,
                                  capture_output=True, timeout=self.patience)
        except subprocess.TimeoutExpired:
            self._bad(command, "did not end in %d s" % self.patience, "")
            return None
        self.output = done.stdout.decode("utf-8", "replace")
        self.errors = done.stderr.decode("utf-8", "replace")
        self.statuses[done.returncode] = self.statuses.get(done.returncode, 0) + 1
        is_bad = done.returncode not in (0, 1, 2, 3, 4)
        if is_bad or any(text in self.errors for text in REPORTS):
            self._bad(command, "exit status %d" % done.returncode, self.errors)
        return done.returncode

    def _bad(self, command, what, errors):
        self.bad.append((command, what, errors))
        print("%s: %s\n%s" % (what, " ".join(command), errors[-3000:]), flush=True)

    def finish(self):
        """Prints the figures; 1 if a run ended badly."""
        print("%d runs, %d bad; exit statuses %s" %
              (self.count, len(self.bad), dict(sorted(self.statuses.items()))))
        return 1 if self.bad else 0


def specs_below(folders):
    """All .cap files, in order."""
    return sorted(path for folder in folders for path in
                  ([pathlib.Path(folder)] if folder.endswith(".cap")
                   else pathlib.Path(folder).rglob("*.cap")))
