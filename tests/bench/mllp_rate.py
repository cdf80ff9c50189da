"""HL7 v2 messages a second into a real node over MLLP, beside bare appends that are synced.

    STAFET_PROGRAMS=build/release/src/cmd /usr/bin/python3 -B tests/bench/mllp_rate.py [SECONDS]

One sender, with 1 and with 16 messages on the way. Each acknowledgement stands for a commit; the
bound beside it is a file of the same folder that gets 16 kB and fdatasync, in the same run.
"""

import sys
import time

from parties import opened, synced_appends, told

from mllp import END, START, Sender, Visit
from ports import free_port


def send(port, municipality, in_flight, seconds, number):
    """Admissions of new visits: each makes a letter, the dearest kind of message."""
    waits, began = [], time.monotonic()
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
    return waits, time.monotonic() - began, number


def main():
    seconds = float(sys.argv[1]) if len(sys.argv) > 1 else 5.0
    with opened() as region:
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
            bound = synced_appends(region.folder)
            waits, spent, number = send(port, kommune.sor, in_flight, seconds, number)
            print(f"{in_flight:3} on the way: {told(waits, spent, bound)}")


if __name__ == "__main__":
    main()
