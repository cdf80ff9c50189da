"""Webhooks of a real node: signed, in order, once; and a receiver that does all that receivers do."""

import base64
import hashlib
import hmac
import json
import queue
import ssl
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest
from clock_test import Clock
from letters import Stay
from wait import until
from web import Authority

WEEKEND_MS = 60 * 3600 * 1000


class Receiver:
    """Answers as told, keeps what it took; the answers in script go before 204."""

    def __init__(self, port=0, certificate=None, host="127.0.0.1"):
        self.taken, self.attempts, self.script = [], [], queue.Queue()
        receiver = self

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def do_POST(self):  # noqa: N802
                body = self.rfile.read(int(self.headers["Content-Length"]))
                receiver.attempts.append((dict(self.headers), body, self.path))
                try:
                    answer = receiver.script.get_nowait()
                except queue.Empty:
                    answer = receiver.take
                answer(self, body)

            def log_message(self, *_):
                pass

        self.server = ThreadingHTTPServer(("127.0.0.1", port), Handler)
        self.server.daemon_threads = True
        self.port = self.server.server_address[1]
        if certificate:
            context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
            context.load_cert_chain(*map(str, certificate))
            self.server.socket = context.wrap_socket(self.server.socket, server_side=True)
        scheme = "https" if certificate else "http"
        self.url = f"{scheme}://{host}:{self.port}/in"
        threading.Thread(target=self.server.serve_forever, daemon=True).start()

    def take(self, handler, body):
        self.taken.append((dict(handler.headers), body))
        handler.send_response(204)
        handler.end_headers()

    def close(self):
        self.server.shutdown()
        self.server.server_close()

    def ids(self):
        return [headers["webhook-id"] for headers, _ in self.taken]

    def messages(self):
        return [json.loads(body)["message"] for _, body in self.taken]


def status(code, **headers):
    def answer(handler, _):
        handler.send_response(code)
        for name, value in headers.items():
            handler.send_header(name.replace("_", "-"), value)
        handler.send_header("Content-Length", "0")
        handler.end_headers()
    return answer


def cut_off(handler, _):
    handler.send_response(200)
    handler.send_header("Content-Length", "1000")
    handler.end_headers()
    handler.wfile.write(b"half")
    handler.close_connection = True


@pytest.fixture
def receiver():
    made = Receiver()
    yield made
    made.close()


@pytest.fixture
def parties(region):
    hospital = region.node("Nordby Sygehus", "hospital")
    kommune = region.party("Nordby Kommune", "municipality").sign().approve()
    clock = Clock(kommune)
    kommune.start().wait_connected()
    region.nodes.append(kommune)
    region.wait_directory()
    return hospital, kommune, clock


def add(kommune, url, events="received"):
    made = kommune.json("hook", "add", url, "--events", events)
    assert made["secret"].startswith("whsec_")
    return made["name"], base64.b64decode(made["secret"][len("whsec_"):])


def send(parties, templates, count):
    hospital, kommune, _ = parties
    sent = []
    for _ in range(count):
        _, reply = hospital.local.send(Stay(templates, hospital, kommune).admit())
        sent.append(reply.message.hex())
        until(lambda: hospital.local.settled(reply.message), 20, "received")
    return sent


def verified(secret, headers, body):
    """Standard Webhooks, by Python's own hmac."""
    told = f"{headers['webhook-id']}.{headers['webhook-timestamp']}.".encode() + body
    wanted = base64.b64encode(hmac.new(secret, told, hashlib.sha256).digest()).decode()
    return headers["webhook-signature"] == f"v1,{wanted}"


def channel(kommune, name):
    return next(row for row in kommune.json("channel", "list")["channels"] if row["name"] == name)


def test_events_are_signed_in_order_and_name_nobody(parties, templates, receiver):
    _, kommune, _ = parties
    name, secret = add(kommune, receiver.url)
    sent = send(parties, templates, 3)
    until(lambda: len(receiver.taken) == 3, 20, "three posts")
    assert receiver.messages() == sent
    assert len(set(receiver.ids())) == 3
    for headers, body in receiver.taken:
        assert headers["Content-Type"] == "application/json"
        assert verified(secret, headers, body)
        assert not verified(secret, headers, body + b" ")
        assert json.loads(body)["what"] == "received"
    until(lambda: channel(kommune, name)["sent"] == 3, 10, "counted")
    assert channel(kommune, name)["queued"] == 0
    kommune.stafet("message", "replay", sent[0])
    until(lambda: len(receiver.taken) == 4, 20, "handed out again")
    assert json.loads(receiver.taken[3][1])["what"] == "replayed"
    assert receiver.messages()[3] == sent[0]
    steps = kommune.json("message", "trace", sent[0])["steps"]
    assert [step["channel"] for step in steps if step["step"] == "handed-out"] == [name, name]
    kommune.stafet("hook", "remove", name)
    kommune.stafet("hook", "show", name, code=3)


def test_deadline_that_passes_is_posted_to_whom_it_concerns_once(story, receiver):
    """The municipality owes an admission report within a day of Tuesday 09:00, and writes none."""
    story.at("Tuesday", "09:00")
    story.send(story.stay.admit, "--gp", "Laegerne Nordby")
    name, secret = add(story.kommune, receiver.url, "expired,alarm")
    story.at("Wednesday", "08:55")
    assert receiver.attempts == []
    story.at("Wednesday", "09:05")

    def posted():
        return [row for row in map(json.loads, (body for _, body in receiver.taken))
                if row["what"] == "expired"]
    until(posted, 20, "the deadline that passed")
    row, = posted()
    assert row["transition"] == story.transition
    assert row["party"] == story.ids[story.kommune]
    assert row["peer"] is None, "the agreement asks for it, and no party"
    assert all(verified(secret, headers, body) for headers, body in receiver.taken)
    until(lambda: channel(story.kommune, name)["queued"] == 0, 10, "nothing waits")
    before = list(receiver.ids())
    story.at("Wednesday", "09:20")
    assert channel(story.kommune, name)["queued"] == 0
    assert [each for each in receiver.ids() if each in before] == before
    assert len(posted()) == 1, "a start tells nothing again"


def test_receiver_that_fails_gets_each_event_once_it_can(parties, templates, receiver):
    _, kommune, _ = parties
    elsewhere = Receiver()
    for answer in (status(500), status(503, Retry_After="1"), cut_off,
                   status(302, Location=elsewhere.url), status(404)):
        receiver.script.put(answer)
    name, secret = add(kommune, receiver.url)
    sent = send(parties, templates, 2)

    def resumed():
        kommune.stafet("hook", "resume", name)
        return len(receiver.taken) == 2
    until(resumed, 60, "both came in the end")
    assert receiver.messages() == sent
    assert elsewhere.attempts == [], "no redirect is followed"
    elsewhere.close()
    first = [headers for headers, _, _ in receiver.attempts[:6]]
    assert len({headers["webhook-id"] for headers in first}) == 1, "the same id each time"
    assert all(verified(secret, headers, body) for headers, body, _ in receiver.attempts)
    until(lambda: channel(kommune, name)["errored"] == 5, 10, "attempts are counted")
    assert channel(kommune, name)["fault"] is None


def test_answer_without_end_is_cut_and_taken_for_what_it_said(parties, templates, receiver):
    _, kommune, _ = parties

    def talk(handler, body):
        receiver.taken.append((dict(handler.headers), body))
        handler.send_response(200)
        handler.send_header("Content-Length", str(1 << 30))
        handler.end_headers()
        try:
            while True:
                handler.wfile.write(b"x" * 65536)
        except OSError:
            handler.close_connection = True
    receiver.script.put(talk)
    name, _ = add(kommune, receiver.url)
    sent = send(parties, templates, 2)
    until(lambda: len(receiver.taken) == 2, 30, "it goes on behind it")
    assert receiver.messages() == sent
    until(lambda: channel(kommune, name)["sent"] == 2, 10, "counted")


def test_receiver_away_for_a_weekend_gets_everything_afterwards_once(parties, templates):
    _, kommune, clock = parties
    gone = Receiver()
    port = gone.port
    gone.close()
    name, _ = add(kommune, gone.url)
    sent = send(parties, templates, 3)
    until(lambda: channel(kommune, name)["fault"] == "unreachable", 20, "it is away")
    kommune.stop()
    clock.set(WEEKEND_MS)
    kommune.start().wait_connected()
    assert channel(kommune, name)["queued"] == 3
    back = Receiver(port)
    kommune.stafet("hook", "resume", name)
    until(lambda: len(back.taken) >= 3, 30, "everything came")
    until(lambda: channel(kommune, name)["queued"] == 0, 10, "nothing waits")
    assert back.messages() == sent
    assert len(set(back.ids())) == 3
    back.close()


def test_killed_node_posts_again_under_the_same_id_or_not_at_all(parties, templates, receiver):
    hospital, kommune, _ = parties
    name, _ = add(kommune, receiver.url)
    sent = []
    for _ in range(4):
        _, reply = hospital.local.send(Stay(templates, hospital, kommune).admit())
        sent.append(reply.message.hex())
        until(lambda: len(receiver.attempts) > 0, 20, "posting")
        kommune.kill()
        kommune.start().wait_connected()
    until(lambda: set(sent) <= set(receiver.messages()), 60, "none is left out")
    until(lambda: channel(kommune, name)["queued"] == 0, 20, "nothing waits")
    by_id = {}
    for identity, message in zip(receiver.ids(), receiver.messages()):
        assert by_id.setdefault(identity, message) == message, "an id is one event's"
    assert sorted(by_id.values()) == sorted(sent), "each event once, by its id"


def test_paused_channels_hold_up_and_lose_nothing(parties, templates, receiver):
    hospital, kommune, _ = parties
    name, _ = add(kommune, receiver.url)
    kommune.stafet("channel", "pause", name)
    sent = send(parties, templates, 2)
    assert channel(kommune, name)["queued"] == 2
    assert receiver.attempts == []
    kommune.stafet("channel", "resume", name)
    until(lambda: receiver.messages() == sent, 20, "what waited came")
    hospital.stafet("channel", "pause", "local")
    letter = hospital.folder / "letter.json"
    letter.write_bytes(Stay(templates, hospital, kommune).admit())
    hospital.stafet("send", letter, code=6)
    hospital.stafet("channel", "resume", "local")
    hospital.stafet("send", letter)


def test_certificate_of_a_receiver_holds_or_nothing_is_posted(region, templates):
    """The node trusts one authority: what another has signed, or what is another's name, gets nothing."""
    trusted, stranger = Authority(region.folder), Authority(region.folder, "stranger")
    own = trusted.sign("receiver", "serverAuth")
    receivers = {"good": Receiver(certificate=own),
                 "stranger": Receiver(certificate=stranger.sign("other", "serverAuth")),
                 "name": Receiver(certificate=own, host="localhost")}
    hospital = region.node("Nordby Sygehus", "hospital")
    kommune = region.party("Nordby Kommune", "municipality").sign().approve()
    with kommune.config.open("a") as config:
        config.write(f'hook {{ authority = "{trusted.certificate}" }}\n')
    kommune.start().wait_connected()
    region.nodes.append(kommune)
    region.wait_directory()
    hooks = {what: add(kommune, made.url) for what, made in receivers.items()}
    sent = send((hospital, kommune, None), templates, 2)
    until(lambda: receivers["good"].messages() == sent, 20, "the good one has both")
    name, secret = hooks["good"]
    assert all(verified(secret, headers, body) for headers, body in receivers["good"].taken)
    until(lambda: channel(kommune, name)["sent"] == 2, 10, "counted")
    assert channel(kommune, name)["fault"] is None
    for what in ("stranger", "name"):
        name, _ = hooks[what]
        until(lambda: channel(kommune, name)["errored"] > 0, 20, f"{what}: tried")
        row = channel(kommune, name)
        assert (row["fault"], row["sent"], row["queued"]) == ("untrusted", 0, 2), what
        assert "is        untrusted" in kommune.stafet("hook", "show", name)
        assert receivers[what].attempts == [], "nothing was told to who is not trusted"
    for made in receivers.values():
        made.close()


def test_receiver_that_never_answers_is_left_and_told_again(parties, templates, receiver):
    """15 seconds are the node's own (src/cmd/node.c); the next attempt has the same id."""
    _, kommune, _ = parties
    answered = threading.Event()
    receiver.script.put(lambda handler, _: answered.wait(60))
    name, _ = add(kommune, receiver.url)
    sent = send(parties, templates, 1)
    until(lambda: channel(kommune, name)["fault"] == "timeout", 40, "its time is over")
    assert "is        timeout" in kommune.stafet("hook", "show", name)
    kommune.stafet("hook", "resume", name)
    until(lambda: receiver.messages() == sent, 20, "told again")
    answered.set()
    assert len({headers["webhook-id"] for headers, _, _ in receiver.attempts}) == 1
    until(lambda: channel(kommune, name)["fault"] is None, 10, "it went well")
    assert channel(kommune, name)["errored"] == 1
