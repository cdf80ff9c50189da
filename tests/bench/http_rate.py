"""HospitalNotifications of 14 kB over HTTP into a real node, until the recipient's Acknowledgement is
in hand, beside bare appends that are synced; and what idle connections cost.

    STAFET_PROGRAMS=build/release/src/cmd /usr/bin/python3 -B tests/bench/http_rate.py [SECONDS]

1 and 16 clients, each on a connection and with a token of its own: POST /fhir/$process-message (202),
the event `acknowledged` on a stream, GET of $acknowledgement (200). `stored` is up to the 202 alone.
The bound is a file of the same folder that gets 16 kB and fdatasync, in the same run: three stores
commit on the way of each letter. Then 1,000 connections that have asked once and are kept open.
"""

import http.client
import json
import os
import pathlib
import sys
import threading
import time

from parties import opened, synced_appends, told

from fhir import JSON
from letters import Stay
from web import Web, hear, status

SIZE = 14_000
IDLE = 1000
PATIENCE_S = 30
TEMPLATES = pathlib.Path(__file__).resolve().parents[1] / "samples" / "templates"


class Acknowledged:
    """The hospital's stream of events: who waits for a message is woken when it is acknowledged."""

    def __init__(self, port, token):
        self.condition, self.messages = threading.Condition(), set()
        connection = http.client.HTTPConnection("127.0.0.1", port)
        connection.request("GET", "/api/v1/events", headers={"Authorization": f"Bearer {token}"})
        self.stream = connection.getresponse()
        assert self.stream.status == 200, self.stream.read()
        threading.Thread(target=self._read, daemon=True).start()

    def _read(self):
        what = b""
        while line := self.stream.readline():
            if line.startswith(b"event: "):
                what = line[7:].strip()
            elif line.startswith(b"data: ") and what == b"acknowledged":
                with self.condition:
                    self.messages.add(json.loads(line[6:])["message"])
                    self.condition.notify_all()

    def wait(self, message):
        with self.condition:
            assert self.condition.wait_for(lambda: message in self.messages, PATIENCE_S), message
            self.messages.discard(message)


class Client(threading.Thread):
    """Hands in one letter after the other until the time is over."""

    def __init__(self, pair, token, until):
        super().__init__()
        self.pair, self.until = pair, until
        self.headers = {"Authorization": f"Bearer {token}", "Content-Type": JSON, "Accept": JSON}
        self.connection = http.client.HTTPConnection("127.0.0.1", pair.port, timeout=PATIENCE_S)
        self.stored, self.whole, self.failure = [], [], None

    def ask(self, method, path, body=None):
        self.connection.request(method, path, body, self.headers)
        answer = self.connection.getresponse()
        return answer, answer.read()

    def hand_in(self):
        letter = self.pair.letter()
        began = time.monotonic()
        answer, body = self.ask("POST", "/fhir/$process-message", letter)
        assert answer.status == 202, body
        self.stored.append(time.monotonic() - began)
        location = answer.headers["Location"]
        self.pair.acknowledged.wait(location.rpartition("/")[2])
        answer, body = self.ask("GET", f"{location}/$acknowledgement")
        assert answer.status == 200 and b'"acknowledgement-message"' in body, body
        self.whole.append(time.monotonic() - began)

    def run(self):
        try:
            while time.monotonic() < self.until:
                self.hand_in()
        except (AssertionError, OSError, http.client.HTTPException) as failure:
            self.failure = failure


class Pair:
    """A hospital with HTTP, and the municipality that its letters go to."""

    def __init__(self, region):
        self.region = region
        self.hospital = region.party("Nordby Sygehus", "hospital").sign().approve()
        self.web = Web(self.hospital, f"connections-max = {IDLE + 100}")
        self.port = self.web.port
        self.hospital.start()
        region.nodes.append(self.hospital)
        self.hospital.wait_connected()
        self.kommune = region.node("Nordby Kommune", "municipality")
        region.wait_directory()
        self.acknowledged = Acknowledged(self.port, self.token("events"))

    def token(self, name):
        return self.hospital.json("token", "create", name, "--role", "system-in,system-out")["token"]

    def letter(self):
        """Of a new stay; white space brings it to the size of MedCom's own samples."""
        text = Stay(TEMPLATES, self.hospital, self.kommune).admit()
        return json.dumps(json.loads(text), ensure_ascii=False, indent=4).encode().ljust(SIZE)

    def measure(self, clients, seconds):
        tokens = [self.token(f"epj-{clients}-{number}") for number in range(clients)]
        began = time.monotonic()
        threads = [Client(self, token, began + seconds) for token in tokens]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        spent = time.monotonic() - began
        for thread in threads:
            if thread.failure:
                raise thread.failure
        return ([wait for thread in threads for wait in thread.stored],
                [wait for thread in threads for wait in thread.whole], spent)

    def memory(self):
        """Resident KiB, and CPU seconds, of the hospital's node."""
        process = self.hospital.daemon.process.pid
        with open(f"/proc/{process}/status", encoding="ascii") as lines:
            return next(int(line.split()[1]) for line in lines if line.startswith("VmRSS"))

    def cpu(self):
        with open(f"/proc/{self.hospital.daemon.process.pid}/stat", encoding="ascii") as line:
            fields = line.read().rpartition(")")[2].split()
        return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def idle(pair):
    """Connections that were asked on once, and stay."""
    before, peers = pair.memory(), []
    try:
        for _ in range(IDLE):
            peers.append(pair.web.dial())
            peers[-1].sendall(b"GET /healthz HTTP/1.1\r\nHost: a\r\n\r\n")
            assert status(hear(peers[-1])) == 200
        after = pair.memory()
        print(f"{IDLE} connections kept open: {(after - before) / 1024:.1f} MiB more than "
              f"{before / 1024:.1f}, {(after - before) / IDLE:.1f} KiB each")
    finally:
        for peer in peers:
            peer.close()


def main():
    seconds = float(sys.argv[1]) if len(sys.argv) > 1 else 5.0
    with opened() as region:
        pair = Pair(region)
        print(f"letters of {len(pair.letter()):,} bytes")
        idle(pair)
        for clients in (1, 16):
            bound, cpu = synced_appends(region.folder), pair.cpu()
            stored, whole, spent = pair.measure(clients, seconds)
            print(f"{clients:3} clients, acknowledged: {told(whole, spent, bound)}")
            print(f"{clients:3} clients, stored (202): {told(stored, spent, bound)}; "
                  f"{(pair.cpu() - cpu) / len(whole) * 1000:.1f} ms of CPU a letter at the node")


if __name__ == "__main__":
    main()
