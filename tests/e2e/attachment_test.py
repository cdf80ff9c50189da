"""Attachments through real daemons: handed in in parts, killed in the middle, released when whole, and in
bounded memory. STAFET_ATTACHMENT_MB=100 is the acceptance figure; the ordinary run takes 20."""

import hashlib
import os
import pathlib
import random
import shutil
import sqlite3
import subprocess
import threading

import pytest
from letters import Stay
from local import Declined, Unanswered
from region import seed
from rest import Web, open_web
from wait import until

MEGABYTES = int(os.environ.get("STAFET_ATTACHMENT_MB", "20"))
CHUNK = 65536
PART = 8 * CHUNK
CANARY = b"Fru Aagesen bor paa den invenderede vej 17. "
COMING, WHOLE, BROKEN = 3, 4, 5
FATAL_ERROR, ATTACHMENT_CODE = 3, 17


@pytest.fixture
def parties(region):
    hospital = region.node("Herlev Hospital", "hospital")
    kommune = region.node("Nordby Kommune", "municipality")
    region.wait_directory()
    return hospital, kommune


def content_of(size, chance):
    """Text that would be found anywhere it stood in the clear, and bytes that are never the same."""
    block = CANARY * 100 + chance.randbytes(CHUNK - len(CANARY) * 100 % CHUNK)
    return (block * (size // len(block) + 1))[:size]


def upload(local, content, name="billeder.zip"):
    """A clinical system: parts, and after a break the question how far it is."""
    announced = []

    def go_on():
        try:
            if not announced:
                announced.append(local.ask("upload", name=name, content_type="application/zip",
                                           size=len(content)))
            state = local.ask("upload_part", upload=announced[0].upload)
            while not state.whole:
                part = content[state.offset:state.offset + PART]
                state = local.ask("upload_part", upload=announced[0].upload, offset=state.offset,
                                  content=part)
            return True
        except Unanswered:
            return False

    until(go_on, 120, "the attachment is handed in")
    return announced[0].upload


def attachments(party, message):
    return party.local.ask("message", message=message).attachments


def state_of(party, message):
    """None while the letter is not there, or nobody answers."""
    try:
        rows = attachments(party, message)
    except (Declined, Unanswered):
        return None
    return rows[0].state if rows else None


def moved(party, message):
    try:
        rows = attachments(party, message)
    except (Declined, Unanswered):
        return 0
    return rows[0].moved if rows else 0


def read(party, message, number=0):
    content = b""
    while True:
        part = party.local.ask("attachment", message=message, number=number, offset=len(content))
        content += part.content
        if len(content) >= part.row.size:
            return content, part.row


def sanitized(party):
    maps = pathlib.Path(f"/proc/{party.daemon.process.pid}/maps").read_text()
    return "libasan" in maps or "libclang_rt" in maps


def resident_kib(party):
    status = pathlib.Path(f"/proc/{party.daemon.process.pid}/status").read_text()
    return int(status.split("VmRSS:")[1].split()[0])


class Watch:
    """The largest resident set of each daemon above what it had when the watch began."""

    def __init__(self, *parties):
        self.parties, self.most, self.ending = parties, {}, threading.Event()
        self.idle = {party.name: resident_kib(party) for party in parties}
        self.thread = threading.Thread(target=self._run, daemon=True)

    def __enter__(self):
        self.thread.start()
        return self

    def __exit__(self, *_):
        self.ending.set()
        self.thread.join(10)

    def _run(self):
        while not self.ending.wait(0.02):
            for party in self.parties:
                try:
                    above = resident_kib(party) - self.idle[party.name]
                except (OSError, IndexError):
                    continue            # being killed
                self.most[party.name] = max(above, self.most.get(party.name, 0))


def test_files_go_with_a_letter_by_command_line(parties, templates, tmp_path):
    hospital, kommune = parties
    first, second = tmp_path / "plan.pdf", tmp_path / "billede.jpg"
    first.write_bytes(content_of(200000, random.Random(1)))
    second.write_bytes(b"x")
    letter = tmp_path / "letter.json"
    letter.write_bytes(Stay(templates, hospital, kommune).admit())
    sent = hospital.json("send", letter, "--attach", first, "--attach", second, "--wait", "20")
    assert [row["state"] for row in sent["deliveries"]] == ["ok"]
    shown = kommune.json("message", sent["message"])
    assert [(row["number"], row["name"], row["content_type"], row["size"], row["state"])
            for row in shown["attachments"]] == [
        (0, "plan.pdf", "application/pdf", 200000, "whole"),
        (1, "billede.jpg", "image/jpeg", 1, "whole")]
    assert shown["attachments_here"] == shown["attachments_count"] == 2
    for number, path in enumerate((first, second)):
        out = tmp_path / f"out-{number}"
        kommune.stafet("attachment", sent["message"], "-n", number, "-o", out)
        assert out.read_bytes() == path.read_bytes()
        assert out.stat().st_mode & 0o777 == 0o600
    kommune.stafet("attachment", sent["message"], "-n", "2", "-o", tmp_path / "none", code=3)
    assert not (tmp_path / "none").exists()
    # Its author reads it, too; every reading of an attachment is one event.
    out = tmp_path / "own"
    hospital.stafet("attachment", sent["message"], "-o", out)
    assert out.read_bytes() == first.read_bytes()
    reads = [row for row in kommune.json("access-log")["accesses"] if row["asked"] == "attachment"]
    assert [row["message"] for row in reads] == [sent["message"]] * 2
    steps = kommune.json("message", "trace", sent["message"])["steps"]
    assert [step["detail"] for step in steps if step["step"] == "attachment"] == ["whole"] * 2


# The console's own code, as a page runs it.
PROOF = pathlib.Path(__file__).parents[2] / "src/http/console/source/proof/evidence.js"
VERIFIES = f"""
import {{ readFileSync }} from "node:fs";
import {{ verifyEvidence }} from "{PROOF}";
const report = await verifyEvidence(new Uint8Array(readFileSync(process.argv[1])));
console.log(report.findings.filter((one) => one.severity === "fault").map((one) => one.say).join());
process.exit(report.verified ? 0 : 1);
"""


def test_evidence_of_a_letter_with_an_attachment_holds(region, parties, templates, tmp_path):
    hospital, kommune = parties
    (tmp_path / "plan.pdf").write_bytes(content_of(200000, random.Random(1)))
    (tmp_path / "letter.json").write_bytes(Stay(templates, hospital, kommune).admit())
    sent = hospital.json("send", tmp_path / "letter.json", "--attach", tmp_path / "plan.pdf",
                         "--wait", "20")
    for name, party in (("coordinator", region.coordinator), ("kommune", kommune)):
        path = tmp_path / f"{name}.evidence"
        party.stafet("evidence", "export", sent["transition"], "-o", path)
        subprocess.run([region.programs / "stafet", "evidence", "verify", path],
                       capture_output=True, check=True)
        if shutil.which("node"):
            done = subprocess.run(["node", "--input-type=module", "-e", VERIFIES, path],
                                  capture_output=True, text=True, check=False)
            assert (done.returncode, done.stdout.strip()) == (0, ""), name + done.stderr


def test_killed_in_the_middle_it_arrives_whole_and_in_bounded_memory(region, parties, templates):
    hospital, kommune = parties
    for party in parties:
        open_web(party).restart().wait_connected()
    chance = random.Random(seed())
    content = content_of(MEGABYTES * 1000000, chance)
    victims = {"hospital": hospital, "kommune": kommune, "coordinator": region.coordinator}
    with Watch(hospital, kommune, region.coordinator) as watch:
        killer = threading.Timer(0.3, hospital.kill)
        killer.start()
        restarter = threading.Timer(0.8, hospital.start)
        restarter.start()
        ids = upload(hospital.local, content)
        killer.join()
        restarter.join()
        hospital.wait_connected()
        _, sent = hospital.local.send(Stay(templates, hospital, kommune).admit(), attachments=ids)
        message = sent.message
        for name, party in victims.items():
            watched = kommune if name != "hospital" else hospital
            before = moved(watched, message)
            until(lambda: moved(watched, message) != before or
                  state_of(kommune, message) == WHOLE, 60, f"it goes on before {name} is killed")
            party.kill()
            if state_of(kommune, message) not in (None, WHOLE):
                with pytest.raises(Declined):
                    read(kommune, message)
            party.start()
            for each in parties:
                each.wait_connected()
        until(lambda: state_of(kommune, message) == WHOLE, 120, "the attachment is whole")
        until(lambda: hospital.local.settled(message), 30, "the letter is answered ok")
        token = kommune.json("token", "create", "reader", "--role", "clinician")["token"]
        web = Web(kommune.web_port, token)
        answer = web.ask("GET", f"/api/v1/messages/{message.hex()}/attachments/0")
    assert answer.status == 200
    assert int(answer.headers["content-length"]) == len(content)
    assert hashlib.sha256(answer.body).digest() == hashlib.sha256(content).digest()
    rest = web.ask("GET", f"/api/v1/messages/{message.hex()}/attachments/0?offset={len(content) - 5}")
    assert rest.body == content[-5:]
    print(f"{MEGABYTES} MB, KiB above idle: {watch.most}")
    if not any(sanitized(party) for party in watch.parties):
        assert max(watch.most.values()) < 64 * 1024
    # Chunks are gone where nobody waits for them, and nowhere do they stand in the clear.
    store = sqlite3.connect(f"file:{region.coordinator.folder}/coordinator.db?mode=ro", uri=True)
    assert store.execute("SELECT count(*) FROM chunk").fetchone() == (0,)
    store.close()
    for party in (*parties, region.coordinator):
        for path in party.folder.glob("*.db*"):
            assert CANARY not in path.read_bytes(), path
    transition = kommune.local.ask("message", message=message).row.transition
    kommune.stafet("erase", transition.hex(), "--ground", "mistake")
    store = sqlite3.connect(f"file:{kommune.folder}/node.db?mode=ro", uri=True)
    assert store.execute("SELECT count(*) FROM chunk").fetchone() == (0,)
    store.close()


def test_a_chunk_that_was_changed_is_a_named_fatal_error(region, parties, templates):
    hospital, kommune = parties
    kommune.stop()
    ids = upload(hospital.local, content_of(300000, random.Random(2)))
    _, sent = hospital.local.send(Stay(templates, hospital, kommune).admit(), attachments=ids)
    until(lambda: state_of(hospital, sent.message) == 2, 20, "the coordinator has all of it")
    region.coordinator.stop()
    store = sqlite3.connect(region.coordinator.folder / "coordinator.db")
    (chunk,) = store.execute("SELECT bytes FROM chunk WHERE number = 2").fetchone()
    store.execute("UPDATE chunk SET bytes = ? WHERE number = 2",
                  (chunk[:100] + bytes([chunk[100] ^ 1]) + chunk[101:],))
    store.commit()
    store.close()
    region.coordinator.start()
    kommune.start().wait_connected()
    until(lambda: hospital.local.settled(sent.message, "fatal-error"), 20, "the author is told")
    (row,) = hospital.local.delivery(sent.message).values()
    assert row.code == ATTACHMENT_CODE
    (kept,) = kommune.local.ask("quarantine").rows
    assert (kept.message, kept.code) == (sent.message, ATTACHMENT_CODE)
    with pytest.raises(Declined):
        kommune.local.ask("attachment", message=sent.message)
    assert kommune.local.inbox() == []
    # What was read of it stays where it was read.
    letter = kommune.local.ask("message", message=sent.message)
    assert letter.content and letter.attachments[0].state == BROKEN


def test_what_is_handed_in_over_http_goes_on_after_a_break(parties, templates):
    hospital, kommune = parties
    open_web(hospital).restart().wait_connected()
    token = hospital.json("token", "create", "epj", "--role", "system-in")["token"]
    web = Web(hospital.web_port, token)
    content = content_of(3 * CHUNK + 100, random.Random(3))
    octets = {"Content_Type": "application/octet-stream"}
    made = web.post("/api/v1/attachments", {"name": "a.bin", "size": len(content),
                                            "content_type": "application/octet-stream"}, 201)
    place = f"/api/v1/attachments/{made['upload']}"
    assert (made["offset"], made["whole"]) == (0, False)
    # A part is taken in whole chunks; the answer says how far.
    answer = web.ask("PUT", f"{place}?offset=0", content[:CHUNK + 5], **octets)
    assert (answer.status, answer.json()["offset"]) == (200, CHUNK)
    hospital.kill()
    hospital.start().wait_connected()
    assert web.get(place)["offset"] == CHUNK
    for path, part, status in ((f"{place}?offset=0", content[:CHUNK], 409),
                               (f"{place}?offset={CHUNK}", b"short", 422),
                               (f"{place}?offset={CHUNK}", content, 422),
                               (f"/api/v1/attachments/{'1' * 32}?offset=0", content, 404)):
        assert web.ask("PUT", path, part, **octets).status == status
    letter = Stay(templates, hospital, kommune).admit()
    fhir = {"Content_Type": "application/fhir+json"}
    early = web.ask("POST", f"/api/v1/messages?attachments={made['upload']}", letter, **fhir)
    assert early.status == 409
    answer = web.ask("PUT", f"{place}?offset={CHUNK}", content[CHUNK:], **octets)
    assert answer.json() == {"upload": made["upload"], "size": len(content), "whole": True,
                             "offset": len(content)}
    sent = web.ask("POST", f"/api/v1/messages?attachments={made['upload']}", letter, **fhir)
    assert sent.status == 202
    assert web.ask("DELETE", place).status == 404       # it is the letter's now
    message = bytes.fromhex(sent.json()["message"])
    until(lambda: state_of(kommune, message) == WHOLE, 20, "it is whole")
    assert read(kommune, message)[0] == content
