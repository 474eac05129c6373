"""Runs a command and measures it: exit code, last words, time, peak memory."""

import dataclasses
import os
import subprocess
import threading
import time

KEPT_BYTES = 1 << 16  # of what a command writes to stderr


@dataclasses.dataclass
class Outcome:
    code: int  # minus the signal that ended it
    errors: str  # the start of stderr
    error_bytes: int  # all of stderr
    milliseconds: float
    peak_kib: int  # resident; at least what this script itself takes
    cpu_milliseconds: float = 0  # of all threads, user and system
    timed_out: bool = False

    @property
    def line(self):
        """What the user reads first."""
        return self.errors.splitlines()[0] if self.errors else ""


def run(command, timeout=60, cwd=None, stdin=subprocess.DEVNULL, prepare=None):
    """prepare: called in the new process before the command starts."""
    start = time.perf_counter()
    process = subprocess.Popen(
        [str(word) for word in command], cwd=cwd, stdin=stdin, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, preexec_fn=prepare)
    expired = threading.Event()
    timer = threading.Timer(timeout, lambda: (expired.set(), process.kill()))
    timer.start()
    errors = process.stderr.read()
    _, status, usage = os.wait4(process.pid, 0)
    milliseconds = (time.perf_counter() - start) * 1000
    timer.cancel()
    process.stderr.close()
    process.returncode = os.waitstatus_to_exitcode(status)
    text = errors[:KEPT_BYTES].decode(errors="replace")
    cpu_milliseconds = (usage.ru_utime + usage.ru_stime) * 1000
    return Outcome(process.returncode, text, len(errors), milliseconds, usage.ru_maxrss, cpu_milliseconds, expired.is_set())
