"""HL7 v2 over MLLP with a real node: python3-hl7 makes what is sent and reads what is answered."""

import socket
import ssl
import subprocess
import threading

import hl7
import pytest
from mllp import END, START, Sender, Visit, read
from ports import free_port
from wait import until


class Ward:
    """A hospital whose node listens for MLLP, and a municipality."""

    def __init__(self, region, section=""):
        self.region, self.port = region, free_port()
        self.hospital = region.party("Nordby Sygehus", "hospital").sign().approve()
        with self.hospital.config.open("a") as config:
            config.write(f'mllp {{ listen = "127.0.0.1:{self.port}" {section} }}\n')
        self.hospital.start()
        region.nodes.append(self.hospital)
        self.hospital.wait_connected()
        self.kommune = region.node("Nordby Kommune", "municipality")
        region.wait_directory()

    def sender(self, **how):
        return Sender(self.port, **how)

    def inbox(self):
        return self.kommune.json("inbox")["messages"]

    def wait_inbox(self, count):
        until(lambda: len(self.inbox()) >= count, 20, f"{count} letters")
        return self.inbox()

    def visit(self, *arguments, **named):
        return Visit(self.kommune.sor, *arguments, **named)

    def events(self):
        return [row.get("fault") for row in self.hospital.daemon.events("frame-refused")]


@pytest.fixture
def ward(region):
    return Ward(region)


def good(answer):
    code, _, errors = read(answer)
    assert (code, errors) == ("AA", []), answer
    return answer


def test_whole_stay_by_mllp(ward):
    visit = ward.visit()
    with ward.sender() as sender:
        good(sender.ask(visit.message("A01")))
        good(sender.ask(visit.message("A21")))
        good(sender.ask(visit.message("A22")))
        good(sender.ask(visit.message("A16", expected="20301224")))
        good(sender.ask(visit.message("A03", discharged=True)))
        good(sender.ask(visit.message("A13")))
        # Only the newest that stands can be taken back: the leave comes before the admission.
        code, _, errors = read(sender.ask(visit.message("A11")))
        assert (code, errors[0][1]) == ("AE", "204")
        for event in ("A53", "A52", "A11"):
            good(sender.ask(visit.message(event)))
    rows = ward.wait_inbox(8)
    told = [(row["activity"], row["mode"]) for row in rows if row["kind"] == "stay"]
    assert told == [
        ("admit-inpatient", "new"), ("leave-start", "new"), ("leave-end", "new"),
        ("discharge-home", "new"), ("discharge-home", "cancel"), ("leave-end", "cancel"),
        ("leave-start", "cancel"), ("admit-inpatient", "cancel")]
    transition = rows[0]["transition"]
    until(lambda: ward.kommune.json("transition", "show", transition)["stay"] == "annulled",
          10, "the stay is annulled")
    assert {row["transition"] for row in rows} == {transition}
    # The municipality gets MedCom's limited data set, and no HL7.
    shown = ward.kommune.stafet("message", rows[0]["message"], "--raw")
    assert "medcom-hospitalNotification-message" in shown
    assert "MSH|" not in shown and "Vej 1" not in shown


def test_same_message_again_gets_the_same_bytes_and_one_letter(ward):
    visit = ward.visit()
    message = visit.message("A01")
    with ward.sender() as sender:
        first = good(sender.ask(message))
        assert sender.ask(message) == first
    with ward.sender() as sender:
        assert sender.ask(message) == first
        changed = message.replace(b"B12", b"C13")
        code, control_id, errors = read(sender.ask(changed))
        assert (code, control_id, errors[0][1]) == ("AE", "V1-1", "205")
    ward.hospital.kill()
    ward.hospital.start()
    with ward.sender() as sender:
        assert sender.ask(message) == first
    # And by hand, for the same node answers both.
    path, answer = ward.region.folder / "adt.hl7", ward.region.folder / "ack.hl7"
    path.write_bytes(message)
    assert "duplicate" in ward.hospital.stafet("send", path, "--ack-out", answer)
    assert answer.read_bytes() == first
    ward.wait_inbox(1)
    assert len(ward.inbox()) == 1


def test_killed_before_the_acknowledgement_is_read(ward):
    visits = [ward.visit(f"V{number}", cpr=f"61094500{number:02d}") for number in range(5)]
    for visit in visits:
        message = visit.message("A01")
        sender = ward.sender()
        sender.send(message)
        ward.hospital.kill()
        sender.close()
        ward.hospital.start()
        with ward.sender() as again:
            answer = good(again.ask(message))
            assert again.ask(message) == answer
    ward.hospital.wait_connected()
    ward.wait_inbox(len(visits))
    assert len(ward.inbox()) == len(visits)


def test_latin_1_and_other_separators(ward):
    danish = ward.visit("V1", charset="8859/1", family="Kærsgård", given="Åse")
    odd = ward.visit("V2", cpr="6109450026", separators="#*+!:")
    with ward.sender() as sender:
        answer = sender.ask(danish.message("A01"))
        assert read(answer, "latin-1")[0] == "AA" and b"8859/1" in answer
        answer = sender.ask(odd.message("A01"))
        assert answer.startswith(b"MSH#*+!:#STAFET##EPJ#AUH#") and b"\rMSA#AA#V2-1\r" in answer
        # Bytes that are not in the character set are not guessed.
        wrong = danish.message("A08", ward="C13").replace(b"8859/1", b"ASCII")
        code, _, errors = read(sender.ask(wrong), "latin-1")
        assert (code, errors[0][0]) == ("AE", "MSH^1^18")
    rows = ward.wait_inbox(2)
    names = [ward.kommune.json("message", row["message"])["patient_name"] for row in rows]
    assert sorted(names) == ["Aase Birkemose", "Åse Kærsgård"]


def test_death_ends_the_stay(ward):
    visit = ward.visit()
    with ward.sender() as sender:
        good(sender.ask(visit.message("A04", patient_class="E")))
        good(sender.ask(visit.message("A03", patient_class="E", dead=True)))
    rows = ward.wait_inbox(2)
    assert [row["activity"] for row in rows] == ["admit-emergency", "death"]


def test_errors_are_told_in_the_mode_that_was_asked_for(ward):
    visit = ward.visit()
    with ward.sender() as sender:
        code, _, errors = read(sender.ask(visit.message("A05")))
        assert (code, errors) == ("AR", [("MSH^1^9^1^2", "201")])
        code, _, errors = read(sender.ask(visit.message("A01", f12="3.9", accept="AL")))
        assert (code, errors) == ("CR", [("MSH^1^12", "203")])
        code, _, errors = read(sender.ask(visit.message("A01", accept="ER", f11="T")))
        assert (code, errors) == ("CR", [("MSH^1^11", "202")])
        nobody = Visit("0751", "V9")
        code, _, errors = read(sender.ask(nobody.message("A01", accept="AL")))
        assert (code, errors) == ("CE", [("PID^1^11^1^9", "204")])
        # Nothing is said where nothing is wanted; the next answer is the next message's.
        sender.send(visit.message("A01", accept="ER", control_id="quiet"))
        code, control_id, _ = read(sender.ask(visit.message("A02", accept="AL")))
        assert (code, control_id) == ("CA", f"V1-{visit.count}")
    ward.wait_inbox(1)


def test_three_in_flight_are_answered_in_order(ward):
    visit = ward.visit()
    messages = [visit.message("A01"), visit.message("A21"), visit.message("A22")]
    with ward.sender() as sender:
        sender.raw(b"".join(START + message + END for message in messages))
        answers = [read(sender.answer()) for _ in messages]
        assert answers == [("AA", f"V1-{number}", []) for number in (1, 2, 3)]
    rows = ward.wait_inbox(3)
    assert [row["activity"] for row in rows] == ["admit-inpatient", "leave-start", "leave-end"]


def test_what_is_no_frame_is_skipped_and_told(ward):
    visit = ward.visit()
    with ward.sender() as sender:
        sender.raw(b"GET / HTTP/1.1\r\n\r\n")
        good(sender.ask(visit.message("A01")))
        # Half a message, then another: the half one is nobody's.
        sender.raw(START + visit.message("A21")[:40])
        good(sender.ask(visit.message("A21")))
        sender.raw(START + b"x" * 300000 + END)
        good(sender.ask(visit.message("A22")))
        code, _, errors = read(sender.ask(b"hello"))
        assert (code, errors) == ("AE", [("MSH^1", "100")])
        # One byte at a time.
        for byte in START + visit.message("A21") + END:
            sender.raw(bytes([byte]))
        good(sender.answer())
    assert ward.events() == [
        "mllp-garbage", "mllp-broken-frame", "mllp-too-large"]
    with ward.sender() as sender:
        sender.raw(START + visit.message("A03")[:60])
    with ward.sender() as sender:
        # Who has sent and shut that side still gets its answer.
        sender.send(visit.message("A22"))
        sender.socket.shutdown(socket.SHUT_WR)
        good(sender.answer())
        assert sender.answer() == b""
    ward.wait_inbox(5)


def certificates(folder):
    """An authority, a server and a client of it, one of its servers that has no business here, and
    a stranger; made by openssl."""

    def run(*arguments):
        subprocess.run(("openssl", *map(str, arguments)), check=True, capture_output=True,
                       timeout=60, cwd=folder)

    new = ("req", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes")
    for name in ("authority", "stranger"):
        run(*new, "-x509", "-days", 2, "-subj", f"/CN={name}", "-keyout", f"{name}.key", "-out",
            f"{name}.pem")
    for name, purpose in (("localhost", None), ("epj", "clientAuth"), ("portal", "serverAuth")):
        asked = ("-addext", f"extendedKeyUsage={purpose}") if purpose else ()
        run(*new, "-subj", f"/CN={name}", "-addext", f"subjectAltName=DNS:{name}", *asked,
            "-keyout", f"{name}.key", "-out", f"{name}.csr")
        run("x509", "-req", "-in", f"{name}.csr", "-CA", "authority.pem", "-CAkey",
            "authority.key", "-CAcreateserial", "-days", 2, "-copy_extensions", "copyall", "-out",
            f"{name}.pem")


def client(folder, certificate=None, version=None):
    context = ssl.create_default_context(cafile=str(folder / "authority.pem"))
    if certificate:
        context.load_cert_chain(folder / f"{certificate}.pem", folder / f"{certificate}.key")
    if version:
        context.maximum_version = version
    return context


def test_tls_wants_a_certificate_of_the_authority(region, folder):
    certificates(folder)
    ward = Ward(region, f'certificate = "{folder}/localhost.pem" key = "{folder}/localhost.key" '
                        f'client-authority = "{folder}/authority.pem"')
    visit = ward.visit()
    message = visit.message("A01")
    with ward.sender(tls=client(folder, "epj")) as sender:
        assert sender.socket.version() == "TLSv1.3"
        first = good(sender.ask(message))
        assert sender.ask(message) == first
    # A server's certificate of the same authority hands nothing in.
    for how in ({}, {"certificate": "stranger"}, {"certificate": "portal"},
                {"certificate": "epj", "version": ssl.TLSVersion.TLSv1_2}):
        with pytest.raises((ssl.SSLError, ConnectionError)):
            with ward.sender(tls=client(folder, **how)) as sender:
                sender.send(message)
                assert sender.answer() == b"", "an answer to who has shown nothing"
                raise ConnectionError("ended")
    with ward.sender() as sender:  # no TLS at all
        sender.send(message)
        try:
            assert read_nothing(sender)
        except ConnectionError:
            pass
    until(lambda: "mllp-handshake" in ward.events(), 10, "the log says so")
    ward.wait_inbox(1)


def read_nothing(sender):
    """Nothing that is an acknowledgement comes back."""
    while True:
        piece = sender.socket.recv(4096)
        if not piece:
            return True
        assert b"MSA" not in piece


def test_other_addresses_need_client_certificates(region, folder):
    certificates(folder)
    hospital = region.party("Nordby Sygehus", "hospital").sign().approve()
    with hospital.config.open("a") as config:
        config.write(f'mllp {{ listen = "0.0.0.0:{free_port()}" certificate = "{folder}/localhost.pem" '
                     f'key = "{folder}/localhost.key" }}\n')
    done = subprocess.run([region.programs / "stafet-node", hospital.config], timeout=30,
                          capture_output=True, check=False)
    assert done.returncode == 1 and b"needs a certificate" in done.stderr
    (folder / "localhost.key").chmod(0o644)
    done = subprocess.run([region.programs / "stafet-node", hospital.config], timeout=30,
                          capture_output=True, check=False)
    assert done.returncode == 1 and b"everybody can reach this key" in done.stderr


class Listener:
    """The sender's own MLLP port: takes application acknowledgements as told, else with CA."""

    def __init__(self, tls=None):
        self.taken, self.script, self.tls = [], [], tls
        self.socket = socket.create_server(("127.0.0.1", 0))
        self.port = self.socket.getsockname()[1]
        threading.Thread(target=self._serve, daemon=True).start()

    def _serve(self):
        while True:
            try:
                peer, _ = self.socket.accept()
            except OSError:
                return
            threading.Thread(target=self._hear, args=(peer,), daemon=True).start()

    def _hear(self, peer):
        peer.settimeout(30)
        held = b""
        try:
            with (self.tls.wrap_socket(peer, server_side=True) if self.tls else peer) as heard:
                while piece := heard.recv(65536):
                    held += piece
                    while END in held:
                        frame, held = held.split(END, 1)
                        if not self._take(heard, frame[len(START):]):
                            return
        except OSError:
            pass

    def _take(self, peer, message):
        self.taken.append(message)
        code = self.script.pop(0) if self.script else "CA"
        if code is None:
            return False
        head = hl7.parse(message.decode()).segment("MSH")
        peer.sendall(START + f"MSH|^~\\&|EPJ|AUH|||20261120||ACK|X{len(self.taken)}|P|2.5\r"
                     f"MSA|{code}|{head[10]}\r".encode() + END)
        return True

    def close(self):
        self.socket.close()


@pytest.fixture
def listener():
    made = Listener()
    yield made
    made.close()


def test_what_a_listener_refuses_for_good_is_put_aside(region, listener):
    """Ten times no: the next one goes out, and a person has the first one sent again."""
    ward = Ward(region, f'reply-to = "127.0.0.1:{listener.port}"')
    listener.script += ["CR"] * 10
    visit = ward.visit()
    with ward.sender() as sender:
        for event in ("A01", "A02"):
            message = visit.message(event, accept="AL", application="AL")
            assert read(sender.ask(message))[0] == "CA"
    until(lambda: listener.taken, 20, "the first one comes")

    def gone_on():
        ward.hospital.stafet("channel", "resume", "mllp-out")  # nobody wants to wait for minutes
        return len(listener.taken) > 10
    until(gone_on, 60, "the next one goes out")
    first = listener.taken[0]
    assert set(listener.taken[:10]) == {first} and listener.taken[10] != first

    def row():
        return ward.hospital.json("channel", "show", "mllp-out")["channels"][0]
    until(lambda: (row()["sent"], row()["queued"], row()["aside"]) == (1, 0, 1), 20, "counted")
    ward.hospital.restart()
    aside, = ward.hospital.json("channel", "aside", "mllp-out")["aside"]
    assert (aside["channel"], aside["refusals"]) == ("mllp-out", 10)
    assert "aside     1" in ward.hospital.stafet("channel", "show", "mllp-out")
    ward.hospital.stafet("channel", "again", "mllp-out", aside["message"])
    until(lambda: len(listener.taken) == 12, 20, "it comes again")
    assert listener.taken[11] == first
    until(lambda: (row()["sent"], row()["aside"]) == (2, 0), 20, "it was taken")
    ward.hospital.stafet("channel", "again", "mllp-out", code=3)


def test_application_acknowledgements_come_to_the_sender_until_it_takes_them(region, listener):
    """MSH-16: CA at once; what the municipality says as a message of its own, also after a crash."""
    ward = Ward(region, f'reply-to = "127.0.0.1:{listener.port}"')
    ward.kommune.stop()
    visit = ward.visit()
    with ward.sender() as sender:
        code, admitted, _ = read(sender.ask(visit.message("A01", accept="AL", application="AL")))
        assert code == "CA"
        # Not accepted: nothing comes later.
        assert read(sender.ask(visit.message("A99", accept="AL", application="AL")))[0] == "CR"
        # Only errors are asked for, there are none; then one that nobody else gets.
        assert read(sender.ask(visit.message("A21", accept="AL", application="ER")))[0] == "CA"
        _, moved, _ = read(sender.ask(visit.message("A02", accept="AL", application="SU")))
    until(lambda: len(listener.taken) == 1, 20, "what nobody else gets is done")
    assert read(listener.taken[0]) == ("AA", moved, [])

    def settled(count):
        row, = [row for row in ward.hospital.json("channel", "list")["channels"]
                if row["name"] == "mllp-out"]
        return row if (row["queued"], row["sent"]) == (0, count) else None
    until(lambda: settled(1), 20, "that it is taken is kept")
    listener.script += [None, "CE"]
    ward.hospital.kill()
    ward.hospital.restart()
    ward.kommune.start()
    until(lambda: len(listener.taken) == 4, 40, "a broken line, a refusal, then taken")
    assert len(set(listener.taken[1:])) == 1, "the same bytes each time"
    assert read(listener.taken[1]) == ("AA", admitted, [])
    head = hl7.parse(listener.taken[1].decode()).segment("MSH")
    assert (str(head[15]), str(head[16])) == ("AL", "NE")

    row = until(lambda: settled(2), 20, "counted")
    assert (row["kind"], row["sent"], row["errored"], row["fault"]) == ("mllp-out", 2, 2, None)
    with ward.sender() as sender:
        assert read(sender.ask(visit.message("A22", accept="AL", application="SU")))[0] == "CA"
    until(lambda: len(listener.taken) == 5, 20, "the next one")


def test_application_acknowledgements_go_to_whom_the_authority_names_alone(region, folder):
    certificates(folder)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(folder / "epj.pem", folder / "epj.key")
    context.load_verify_locations(folder / "authority.pem")
    context.verify_mode = ssl.CERT_REQUIRED
    listener = Listener(context)
    files = (f'certificate = "{folder}/localhost.pem" key = "{folder}/localhost.key" '
             f'client-authority = "{folder}/authority.pem"')
    ward = Ward(region, f'{files} reply-to = "127.0.0.1:{listener.port}" reply-name = "other"')

    def fault():
        return next((row["fault"] for row in ward.hospital.json("channel", "list")["channels"]
                     if row["name"] == "mllp-out"), None)
    visit = ward.visit()
    with ward.sender(tls=client(folder, "epj")) as sender:
        assert read(sender.ask(visit.message("A01", accept="AL", application="AL")))[0] == "CA"
    until(lambda: fault() == "untrusted", 20, "a certificate of another name is none")
    assert listener.taken == []
    ward.hospital.stop()
    text = ward.hospital.config.read_text()
    ward.hospital.config.write_text(text.replace('"other"', '"epj"'))
    ward.hospital.start()
    until(lambda: len(listener.taken) == 1, 30, "of the right name it is")
    until(lambda: fault() is None, 10, "taken")
    listener.close()
