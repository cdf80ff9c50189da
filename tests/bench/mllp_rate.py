"""HL7 v2 messages a second into a real node over MLLP, beside bare appends that are synced.

    STAFET_PROGRAMS=build/release/src/cmd /usr/bin/python3 -B tests/bench/mllp_rate.py [SECONDS]

One sender, with 1 and with 16 messages on the way. Each acknowledgement stands for a commit; the
bound beside it is a file of the same folder that gets 16 kB and fdatasync, in the same run.
"""

import os
import pathlib
import shutil
import subprocess
import sys
import tempfile
import time

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent.parent / "e2e"))

from daemon import Daemon  # noqa: E402
from mllp import END, START, Sender, Visit  # noqa: E402
from ports import free_port  # noqa: E402
from region import Region  # noqa: E402


def synced_appends(folder, seconds):
    count, until = 0, time.monotonic() + seconds
    with open(folder / "bound", "wb", buffering=0) as file:
        while time.monotonic() < until:
            file.write(b"x" * 16384)
            os.fdatasync(file.fileno())
            count += 1
    return count / seconds


def rate(port, municipality, in_flight, seconds, number):
    """Admissions of new visits: each makes a letter, the dearest kind of message."""
    waits, done, began = [], 0, time.monotonic()
    with Sender(port) as sender:
        while time.monotonic() - began < seconds:
            batch = b""
            for _ in range(in_flight):
                number += 1
                visit = Visit(municipality, f"B{number}", cpr=f"61{number % 12 + 1:02d}45{number % 10000:04d}")
                batch += START + visit.message("A01") + END
            sent = time.monotonic()
            sender.raw(batch)
            for _ in range(in_flight):
                assert b"MSA|AA|" in sender.answer()
                waits.append(time.monotonic() - sent)
            done += in_flight
    waits.sort()
    spent = time.monotonic() - began
    return done / spent, waits[len(waits) // 2], waits[len(waits) * 99 // 100], number


def main():
    seconds = float(sys.argv[1]) if len(sys.argv) > 1 else 5.0
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
        region = Region(folder, programs, start, stafet).start()
        port = free_port()
        hospital = region.party("Nordby Sygehus", "hospital").sign().approve()
        with hospital.config.open("a") as config:
            config.write(f'mllp {{ listen = "127.0.0.1:{port}" }}\n')
        hospital.start()
        region.nodes.append(hospital)
        hospital.wait_connected()
        kommune = region.node("Nordby Kommune", "municipality")
        region.wait_directory()
        number = 0
        for in_flight in (1, 16):
            bound = synced_appends(folder, 1.0)
            per_second, middle, late, number = rate(port, kommune.sor, in_flight, seconds, number)
            print(f"{in_flight:3} on the way: {per_second:7.0f} messages/s  p50 {middle * 1000:6.1f} "
                  f"ms  p99 {late * 1000:6.1f} ms  {per_second / bound:5.2f} of {bound:5.0f} "
                  "synced appends/s")
    finally:
        for daemon in reversed(started):
            if daemon.running():
                daemon.kill()
        shutil.rmtree(folder)


if __name__ == "__main__":
    main()
