"""The local protocol of a daemon (proto/local.proto), for tests that ask often: a command a question
costs a process, and some questions are asked while a daemon is being killed."""

import atexit
import importlib
import pathlib
import shutil
import socket
import struct
import subprocess
import sys
import tempfile

PROTO = pathlib.Path(__file__).resolve().parents[2] / "proto"

# Of proto/README.md, "Numbers", and src/wire/local_row.h.
ACKS = {0: None, 1: "ok", 2: "transient-error", 3: "fatal-error"}
ANSWERS = {1: "stored", 2: "duplicate", 3: "fatal"}
STATES = {1: "queued", 2: "sent", 3: "stored", 4: "taken", 5: "ok", 6: "fatal-error",
          7: "transient-error", 8: "waiting", 9: "ask-person", 10: "undeliverable", 11: "refused"}
DOMAINS = ("medical", "care", "medication", "rehabilitation", "social")
STAY = 4


def _compile():
    folder = tempfile.mkdtemp(prefix="stafet-local-")
    atexit.register(shutil.rmtree, folder, True)
    subprocess.run(["protoc", f"--proto_path={PROTO}", f"--python_out={folder}", "local.proto",
                    "local_channel.proto", "local_people.proto", "local_row.proto",
                    "local_stay.proto"], check=True)
    sys.path.insert(0, folder)
    try:
        return importlib.import_module("local_pb2")
    finally:
        sys.path.remove(folder)


messages = _compile()


class Unanswered(Exception):
    """No daemon there, or it went away before it answered: nobody knows whether it was done."""


class Declined(Exception):
    """The daemon said why nothing was done."""

    def __init__(self, reply):
        super().__init__(reply.text)
        self.error, self.refusal = reply.error, reply.refusal


class Local:
    """Opened for each question, so that it outlives any daemon."""

    def __init__(self, path, seconds=20):
        self.path, self.seconds = str(path), seconds

    def ask(self, kind, /, **fields):
        request = messages.Request()
        part = getattr(request, kind)
        part.SetInParent()
        for name, value in fields.items():
            setattr(part, name, value)
        reply = messages.Reply.FromString(self._exchange(request.SerializeToString()))
        if reply.error:
            raise Declined(reply)
        which = reply.WhichOneof("reply")
        return getattr(reply, which) if which else None

    def _exchange(self, content):
        try:
            with socket.socket(socket.AF_UNIX, socket.SOCK_STREAM) as peer:
                peer.settimeout(self.seconds)
                peer.connect(self.path)
                peer.sendall(struct.pack(">I", len(content)) + content)
                size = struct.unpack(">I", _read(peer, 4))[0]
                return _read(peer, size)
        except OSError as error:
            raise Unanswered(str(error)) from error

    def answers(self):
        try:
            return self.ask("status")
        except Unanswered:
            return None

    def send(self, content, content_type="application/fhir+json", **wishes):
        reply = self.ask("send", content=content, content_type=content_type, **wishes)
        return ANSWERS[reply.answer], reply

    def connected(self):
        status = self.answers()
        return status is not None and status.connected

    def _all(self, kind, **fields):
        """Every row of a listing, page by page."""
        rows, after = [], 0
        while page := self.ask(kind, after=after, count_max=500, **fields).rows:
            rows += page
            after = page[-1].cursor
        return rows

    def inbox(self, **fields):
        return self._all("inbox", **fields)

    def outbox(self, **fields):
        """By cursor; a page of the outbox may end at a millisecond, so ends are asked again."""
        return self._all("outbox", **fields)

    def delivery(self, message):
        """The rows of one message by recipient name."""
        return {row.recipient_name: row for row in self.ask("outbox", message=message).rows}

    def settled(self, message, state="ok"):
        """True when every recipient's row of message says state."""
        rows = self.delivery(message).values()
        return bool(rows) and all(STATES.get(row.state) == state for row in rows)

    def transition(self, transition):
        return self.ask("transition", transition=transition)

    def holders(self, transition):
        """domain to the name of its holder."""
        row = self.transition(transition).row
        return {DOMAINS[holder.domain]: holder.name for holder in row.holders}


def _read(peer, size):
    content = b""
    while len(content) < size:
        part = peer.recv(size - len(content))
        if not part:
            raise OSError("the daemon closed the connection")
        content += part
    return content
