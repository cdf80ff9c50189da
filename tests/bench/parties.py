"""A region of real programs for a measure that a person starts, and the bound beside it."""

import contextlib
import os
import pathlib
import shutil
import subprocess
import sys
import tempfile
import time

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent.parent / "e2e"))

from daemon import Daemon  # noqa: E402
from region import Region  # noqa: E402


@contextlib.contextmanager
def opened():
    """A region whose coordinator runs; STAFET_PROGRAMS says of which build."""
    programs = pathlib.Path(os.environ["STAFET_PROGRAMS"])
    folder = pathlib.Path(tempfile.mkdtemp(prefix="stafet-rate-"))
    started = []

    def start(name, command, ready, environment=None):
        (folder / name).parent.mkdir(exist_ok=True)
        started.append(Daemon(name, command, folder / f"{name}.log", ready, environment))
        return started[-1].start()

    def stafet(*arguments, code=0):
        done = subprocess.run([programs / "stafet", *map(str, arguments)], capture_output=True,
                              timeout=60, check=False)
        assert done.returncode == code, done.stderr
        return done.stdout.decode()

    try:
        yield Region(folder, programs, start, stafet).start()
    finally:
        for daemon in reversed(started):
            if daemon.running():
                daemon.kill()
        shutil.rmtree(folder)


def synced_appends(folder, seconds=1.0):
    """16 kB and fdatasync, a second: what a disk gives to whoever keeps what it acknowledges."""
    count, until = 0, time.monotonic() + seconds
    with open(folder / "bound", "wb", buffering=0) as file:
        while time.monotonic() < until:
            file.write(b"x" * 16384)
            os.fdatasync(file.fileno())
            count += 1
    return count / seconds


def told(waits, seconds, bound):
    """Rate, median and 99th percentile of so many waits, as one line beside the bound."""
    waits, rate = sorted(waits), len(waits) / seconds
    return (f"{rate:7.0f} a second  p50 {waits[len(waits) // 2] * 1000:6.1f} ms  "
            f"p99 {waits[len(waits) * 99 // 100] * 1000:6.1f} ms  "
            f"{rate / bound:5.2f} of {bound:5.0f} synced appends/s")
