"""Server-Sent Events of a real node: to 2,000 clients at once, and to one that comes back."""

import contextlib
import json
import re
import selectors
import time

import pytest

from letters import Stay
from wait import until
from web import Web, status

CLIENTS = 2000


class Listening:
    """A hospital that sends letters, and a municipality whose systems listen."""

    def __init__(self, region, templates):
        self.region, self.templates = region, templates
        self.hospital = region.node("Nordby Sygehus", "hospital")
        self.kommune = region.party("Nordby Kommune", "municipality").sign().approve()
        self.web = Web(self.kommune, f"connections-max = {CLIENTS + 300}")
        self.kommune.start()
        region.nodes.append(self.kommune)
        self.kommune.wait_connected()
        region.wait_directory()
        made = self.kommune.json("token", "create", "listener", "--role", "system-out")
        self.token = made["token"]

    def send(self):
        """One letter, taken by the municipality: its message."""
        stay = Stay(self.templates, self.hospital, self.kommune)
        path = self.region.folder / "letter.json"
        path.write_bytes(stay.admit())
        return json.loads(self.hospital.stafet("send", path, "--wait", 15, "--json"))["message"]

    def follow(self, last=None, token=None):
        """A socket on which events come, after the head."""
        again = f"Last-Event-ID: {last}\r\n" if last is not None else ""
        request = (f"GET /api/v1/events HTTP/1.0\r\nHost: a\r\n{again}"
                   f"Authorization: Bearer {token or self.token}\r\n\r\n").encode()
        while True:
            peer = self.web.dial()
            peer.sendall(request)
            answer = peer.recv(65536)
            if not answer.startswith(b"HTTP/1.1 429"):
                break
            # So many at once are more than a token may ask for in a second.
            peer.close()
            until(lambda: True, 1, "a moment has gone")
        return peer, answer

    def memory_kib(self):
        """Resident memory of the municipality's node."""
        with open(f"/proc/{self.kommune.daemon.process.pid}/status", encoding="ascii") as lines:
            return next(int(line.split()[1]) for line in lines if line.startswith("VmRSS"))


@pytest.fixture
def listening(region, templates):
    return Listening(region, templates)


def read_events(peer, got, seconds, wanted):
    """(id, what) of events until wanted(list) is true; got: what was read already."""
    end = time.monotonic() + seconds
    while True:
        events = [(int(number), what.decode()) for number, what in
                  re.findall(rb"id: (\d+)\nevent: ([a-z-]+)\ndata: [^\n]+\n\n", got)]
        if wanted(events):
            return events
        assert time.monotonic() < end, f"only {events}"
        peer.settimeout(1)
        with contextlib.suppress(TimeoutError):
            piece = peer.recv(65536)
            assert piece, f"the stream ended after {events}"
            got += piece


def test_client_that_comes_back_is_told_everything_once(listening):
    peer, answer = listening.follow()
    assert status(answer) == 200 and b"text/event-stream" in answer
    listening.send()
    first = read_events(peer, answer, 20, lambda events: any(what == "received" for _, what in events))
    peer.close()
    seen = first[-1][0]
    listening.send()
    listening.kommune.kill()
    listening.kommune.daemon.start()
    listening.kommune.wait_connected()
    listening.send()
    peer, answer = listening.follow(last=seen)
    later = read_events(
        peer, answer, 20, lambda events: sum(what == "received" for _, what in events) == 2)
    numbers = [number for number, _ in first + later]
    assert numbers == sorted(set(numbers))
    peer.close()


def test_events_are_for_who_shows_a_token_that_stands(listening):
    bare = listening.web.get("/api/v1/events")
    assert status(bare) == 401 and b"WWW-Authenticate" in bare
    _, answer = listening.follow(token="stafet_" + "A" * 43)
    assert status(answer) == 401
    # An auditor follows courses as it reads them: under its name, written down as an audit.
    auditor = listening.kommune.json("token", "create", "auditor", "--role", "auditor")
    peer, answer = listening.follow(token=auditor["token"])
    assert status(answer) == 200
    peer.close()
    rows = listening.kommune.json("access-log")["accesses"]
    assert ("token:auditor", "auditor", "audit", "feed") in {
        (row["account"], row["role"], row["purpose"], row["asked"]) for row in rows}
    listening.kommune.stafet("token", "revoke", "listener")
    _, answer = listening.follow()
    assert status(answer) == 401


def test_two_thousand_clients_are_told_in_bounded_memory(listening):
    before = listening.memory_kib()
    peers = [listening.follow()[0] for _ in range(CLIENTS)]
    during = listening.memory_kib()
    selector, left = selectors.DefaultSelector(), {}
    for peer in peers:
        peer.setblocking(False)
        selector.register(peer, selectors.EVENT_READ)
        left[peer] = b""
    message = listening.send().encode()
    told, end = [], time.monotonic() + 30
    while left and time.monotonic() < end:
        for key, _ in selector.select(1):
            peer = key.fileobj
            left[peer] += peer.recv(65536)
            if re.search(rb"event: received\ndata: [^\n]*" + message, left[peer]):
                told.append(time.monotonic())
                selector.unregister(peer)
                left.pop(peer)
    assert len(told) == CLIENTS
    # Others are served meanwhile, and the local socket as ever.
    assert status(listening.web.get("/readyz")) == 200
    assert listening.kommune.json("status")["connected"]
    each = (during - before) / CLIENTS
    print(f"{CLIENTS} clients: {each:.1f} KiB each, "
          f"first to last told in {1000 * (told[-1] - told[0]):.0f} ms")
    # A sanitizer's heap is several times what it holds.
    assert each < 150
    for peer in peers:
        peer.close()
