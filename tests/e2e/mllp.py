"""A sender of HL7 v2 over MLLP, and the messages it makes up; python3-hl7 reads the answers."""

import socket
import ssl
from datetime import datetime, timedelta, timezone

import hl7

START, END = b"\x0b", b"\x1c\r"
SEPARATORS = "|^~\\&"


class Sender:
    """One connection; everything waits at most `seconds`."""

    def __init__(self, port, tls=None, seconds=20):
        self.socket = socket.create_connection(("127.0.0.1", port), timeout=seconds)
        if tls:
            self.socket = tls.wrap_socket(self.socket, server_hostname="localhost")
        self.held = b""

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.close()

    def close(self):
        self.socket.close()

    def raw(self, content):
        self.socket.sendall(content)

    def send(self, message):
        self.raw(START + message + END)

    def answer(self):
        """The bytes of the next acknowledgement; b"" when the connection has ended."""
        while END not in self.held:
            piece = self.socket.recv(65536)
            if not piece:
                return b""
            self.held += piece
        frame, self.held = self.held.split(END, 1)
        assert frame.startswith(START), frame
        return frame[1:]

    def ask(self, message):
        self.send(message)
        return self.answer()


def read(answer, encoding="utf-8"):
    """The acknowledgement as python3-hl7 understands it: code, control id, (location, code) pairs."""
    message = hl7.parse(answer.decode(encoding))
    assert str(message.segment("MSH")[9]).split("^")[0] == "ACK"
    errors = []
    if b"\rERR" in answer:
        errors = [(str(row[2]), str(row[3][0][0])) for row in message.segments("ERR")]
    return str(message.segment("MSA")[1]), str(message.segment("MSA")[2]), errors


def stamp(moment):
    return moment.astimezone(timezone.utc).strftime("%Y%m%d%H%M%S+0000")


class Visit:
    """One stay of one invented patient, told in ADT messages, each a minute after the one before."""

    def __init__(self, municipality, number="V1", cpr="6109450018", separators=SEPARATORS,
                 charset="UNICODE UTF-8", family="Birkemose", given="Aase"):
        self.number, self.cpr, self.municipality = number, cpr, municipality
        self.separators, self.charset = separators, charset
        self.family, self.given = family, given
        self.moment = datetime.now(timezone.utc).replace(microsecond=0) - timedelta(hours=3)
        self.admitted = self.moment
        self.count = 0

    def message(self, event, patient_class="I", control_id=None, accept="", application="",
                expected=None, dead=False, discharged=False, prior=None, ward="B12", **header):
        """Built by python3-hl7, so that what it sends is read here."""
        self.count += 1
        self.moment += timedelta(minutes=1)
        control_id = control_id or f"{self.number}-{self.count}"
        field, component, repetition, escape, sub = self.separators
        patient = {3: f"77^^^LOK~{self.cpr}^^^CPR&1.2.208.176.1.2&ISO^NNDNK",
                   5: f"{self.family}^{self.given}", 11: f"Vej 1^^By^^8000^^^^{self.municipality}"}
        if dead:
            patient.update({29: stamp(self.moment), 30: "Y"})
        visit = {2: patient_class, 3: f"{ward}^1^1^AUH", 19: f"{self.number}^^^AUH",
                 44: stamp(self.admitted)}
        if discharged:
            visit[45] = stamp(self.moment)
        rows = [("EVN", {2: stamp(self.moment), 6: stamp(self.moment)}), ("PID", patient),
                ("PV1", visit)]
        if expected:
            rows.append(("PV2", {9: expected}))
        if prior:
            rows.append(("MRG", {1: f"{prior}^^^CPR"}))
        head = {3: "EPJ", 4: "AUH", 5: "STAFET", 7: stamp(self.moment),
                9: f"ADT^{event}^ADT_A01", 10: control_id, 11: "P", 12: "2.5",
                15: accept, 16: application, 18: self.charset}
        head.update({int(key[1:]): value for key, value in header.items()})
        text = "MSH" + field + component + repetition + escape + sub + field
        text += self._fields({number - 2: value for number, value in head.items()})
        for name, fields in rows:
            text += "\r" + name + field + self._fields(fields)
        text += "\r"
        encoding = "latin-1" if self.charset == "8859/1" else "utf-8"
        content = text.encode(encoding)
        if self.separators == SEPARATORS:
            assert str(hl7.parse(text).segment("MSH")[10]) == control_id
        return content

    def _fields(self, values):
        usual = str.maketrans(SEPARATORS, self.separators)
        last = max(values)
        return self.separators[0].join(
            str(values.get(number, "")).translate(usual) for number in range(1, last + 1))
