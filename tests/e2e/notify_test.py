"""Stays that people of a hospital tell, by command and over HTTP: what goes out is judged as any
hospital's notification is."""

import json
import subprocess
import uuid
from datetime import datetime, timedelta, timezone

import canary
import pytest
from letters import Stay
from notification import Notification
from rest import Web, bearer, open_web
from wait import until

CITIZEN = ("6109450018", "Asta Maja", "Birkemose")
WORDS = {"given": "Asta Maja", "family": "Birkemose", "cpr": "6109450018",
         "department": "Medicinsk afdeling", "ward": "M2", "municipality": "Nordby Kommune",
         "gp": "Laegerne Nordby"}


def minutes_ago(minutes):
    moment = datetime.now(timezone.utc) - timedelta(minutes=minutes)
    return moment.strftime("%Y-%m-%dT%H:%M:00Z")


class Ward:
    """A hospital without a system that sends, a municipality and a practice."""

    def __init__(self, region):
        self.region = region
        self.hospital = open_web(region.party("Nordby Sygehus", "hospital").sign().approve())
        self.hospital.start()
        region.nodes.append(self.hospital)
        self.hospital.wait_connected()
        self.kommune = region.node("Nordby Kommune", "municipality")
        self.gp = region.node("Laegerne Nordby", "gp")
        region.wait_directory()
        self.nurse = bearer(self.hospital, "nurse", "clinician")

    def notify(self, *arguments, citizen=None, code=0):
        """The command; a new citizen comes over standard input."""
        run = subprocess.run(
            [self.region.programs / "stafet", "notify", *map(str, arguments), "--socket",
             str(self.hospital.socket), "--json"], timeout=30, check=False, capture_output=True,
            input="\n".join(citizen).encode() + b"\n" if citizen else b"")
        assert run.returncode == code, run.stderr
        return json.loads(run.stdout) if code == 0 else run.stderr.decode()

    def received(self, message):
        """As the municipality has it, judged by MedCom's table."""
        def find():
            rows = self.kommune.json("inbox", "--all")["messages"]
            return next((row for row in rows if row["message"] == message), None)
        until(find, 20, "the municipality has it")
        return Notification(self.kommune.stafet("message", message, "--raw"))

    def stay(self, transition):
        return self.kommune.json("transition", "show", transition)["stay"]

    def wait_stay(self, transition, stay):
        until(lambda: self.stay(transition) == stay, 20, f"the stay is {stay}")


@pytest.fixture
def ward(region):
    return Ward(region)


def test_a_whole_stay_by_command(ward):
    began = ward.notify("admit-emergency", "--to", "Nordby Kommune", "--gp", "Laegerne Nordby",
                        "--department", "Akutafdelingen", citizen=CITIZEN)
    transition = began["transition"]
    first = ward.received(began["message"])
    assert first.code == "STAA" and first.report_requested() and not first.follows()
    assert first.citizen() == CITIZEN
    assert first.places() == ["Nordby Sygehus", "Akutafdelingen"]
    assert ward.notify("next", transition)["next"] == [
        "admit-inpatient", "discharge-home", "death"]
    codes, letters = ["STAA"], [first]

    def go_on(*arguments):
        said = ward.notify(arguments[0], transition, *arguments[1:])
        assert said["transition"] == transition
        letter = ward.received(said["message"])
        assert letter.citizen() == CITIZEN and not letter.report_requested()
        # Every letter has its own Provenance and those of all letters before it.
        assert len(letter.provenances) == len(letters) + 1
        codes.append(letter.code)
        letters.append(letter)
        return letter

    go_on("admit-inpatient", "--department", "Medicinsk afdeling", "--ward", "M2")
    go_on("leave-start")
    go_on("leave-end")
    home = go_on("discharge-home")
    assert home.places() == ["Nordby Sygehus", "Medicinsk afdeling", "M2"]
    assert home.encounter["period"]["end"] >= home.encounter["period"]["start"]
    ward.wait_stay(transition, "home")
    # What was looked at may be another by now.
    newest = ward.notify("next", transition)["latest"]["message"]
    older = ward.notify("cancel", transition, "--latest", began["message"], code=5)
    assert "latest: something else was told since" in older and newest in older
    go_on("revise", "--latest", newest, "--department", "Medicinsk afdeling", "--ward", "M3")
    assert letters[-1].follows() == [(home.header["id"], "revision")]
    assert letters[-1].places()[-1] == "M3"
    go_on("cancel")
    assert letters[-1].follows() == [(letters[-2].header["id"], "removal")]
    ward.wait_stay(transition, "in-hospital")
    go_on("death")
    ward.wait_stay(transition, "dead")
    go_on("cancel")
    ward.wait_stay(transition, "in-hospital")
    go_on("discharge-home")
    ward.wait_stay(transition, "home")
    assert codes == ["STAA", "STIN", "STOR", "SLOR", "SLHJ", "RE_SLHJ", "AN_SLHJ", "MORS",
                     "AN_MORS", "SLHJ"]
    # One stay, nothing out of order, and the practice follows it without a letter.
    assert ward.kommune.json("transition", "show", transition)["deviations"] == []
    until(lambda: ward.gp.json("transition", "show", transition)["stay"] == "home", 20,
          "the practice follows")
    canary.assert_absent(ward.region.coordinator.folder, list(CITIZEN))
    canary.assert_absent(ward.hospital.folder, list(CITIZEN))


def test_over_http_with_what_is_wrong_named_and_nothing_quoted(ward):
    begin = dict(WORDS, activity="admit-inpatient", at=minutes_ago(30))

    def refused(body, status, name, path="/api/v1/notifications"):
        answer = ward.nurse.ask("POST", path, body)
        detail = answer.json()["detail"]
        assert answer.status == status and name in detail, (answer.status, detail)
        assert not any(word in detail for word in CITIZEN)

    for name, value in (("cpr", "6199450018"), ("cpr", "610945-0018"), ("municipality", "Ingen"),
                        ("activity", "discharge-home"), ("at", "2030-01-01T12:00:00Z"),
                        ("municipality", "Laegerne Nordby"), ("given", "")):
        refused(dict(begin, **{name: value}), 422, name)
    refused(dict(begin, department=""), 422, "department")
    refused(dict(begin, extra=1), 422, "extra")
    assert ward.kommune.json("inbox", "--all")["messages"] == []

    # The same key again is the same answer, and one stay.
    key = str(uuid.uuid4())
    said = ward.nurse.post("/api/v1/notifications", begin, Idempotency_Key=key)
    assert ward.nurse.post("/api/v1/notifications", begin, Idempotency_Key=key) == said
    answer = ward.nurse.ask("POST", "/api/v1/notifications", dict(begin, given="Bodil"),
                            Idempotency_Key=key)
    assert answer.status == 422, answer.body
    assert ward.received(said["message"]).code == "STIN"
    path = f"/api/v1/transitions/{said['transition']}/notifications"
    refused(begin, 409, "cpr")

    stay = ward.nurse.get(path)
    assert stay["state"] == "in-hospital" and stay["municipality_name"] == "Nordby Kommune"
    assert stay["next"] == ["admit-emergency", "leave-start", "discharge-home", "death"]
    assert stay["latest"]["activity"] == "admit-inpatient"
    refused({"activity": "leave-end"}, 409, "leave", path)
    refused({"activity": "discharge-home", "at": minutes_ago(600)}, 422, "at:", path)
    refused({"activity": "discharge-home", "report_requested": True}, 422, "report_requested", path)
    refused({"mode": "revise"}, 422, "at:", path)
    refused({"activity": "discharge-home", "cpr": WORDS["cpr"]}, 422, "cpr", path)
    home = ward.nurse.post(path, {"activity": "discharge-home", "at": minutes_ago(5)})
    assert ward.received(home["message"]).code == "SLHJ"
    refused({"activity": "discharge-home"}, 409, "activity", path)
    revised = ward.nurse.post(path, {"mode": "revise", "at": minutes_ago(4)})
    assert ward.received(revised["message"]).code == "RE_SLHJ"
    # Who looked before that is told what is newer, and takes nothing back.
    refused({"mode": "cancel", "latest": home["message"]}, 409, revised["message"], path)
    refused({"mode": "cancel", "latest": "home"}, 422, "latest", path)
    shown = ward.nurse.get(path)["latest"]["message"]
    assert shown == revised["message"]
    cancelled = ward.nurse.post(path, {"mode": "cancel", "latest": shown})
    assert ward.received(cancelled["message"]).code == "AN_SLHJ"
    # Who may hand in a message may do this, and nobody else; a municipality tells of no stay.
    for role in ("clerk", "auditor", "operator", "system-out"):
        other = bearer(ward.hospital, role, role)
        assert other.ask("GET", path).status == 403
        assert other.ask("POST", path, {"mode": "cancel"}).status == 403
        assert other.ask("POST", "/api/v1/notifications", begin).status == 403
    assert Web(ward.hospital.web_port).ask("POST", path, {"mode": "cancel"}).status == 401
    accesses = ward.hospital.json("access-log")["accesses"]
    assert any(row["asked"] == "stay" and row["account"] == "token:nurse" for row in accesses)


def test_what_a_system_began_goes_on_by_hand(ward, templates):
    """A letter of the hospital's own system, then a person's, then the system's again."""
    stay = Stay(templates, ward.hospital, ward.kommune)
    path = ward.region.folder / "letter.json"
    path.write_bytes(stay.admit())
    transition = json.loads(ward.hospital.stafet("send", path, "--json"))["transition"]
    admitted = stay.previous[0]
    home = ward.notify("discharge-home", transition)
    assert home["transition"] == transition
    letter = ward.received(home["message"])
    assert letter.code == "SLHJ" and letter.follows() == [(admitted, "revision")]
    assert letter.citizen() == (stay.cpr, stay.given, stay.family)
    assert letter.encounter["episodeOfCare"][0]["identifier"]["value"] == stay.marks["EPISODE_ID"]
    ward.wait_stay(transition, "home")
    # Nothing else may be told of another's, or of what never was.
    assert "has told of no stay" in ward.notify("next", "0f" * 16, code=3)
    error = ward.notify("leave-start", transition, code=5)
    assert "in-patient" in error
    error = ward.notify("admit-inpatient", transition, code=5)
    assert "a new admission begins a new stay" in error
    error = ward.notify("admit-inpatient", "--to", "Nordby Kommune", code=2,
                        citizen=("0000000000", "Asta", "Birkemose"))
    assert "cpr: " in error and "0000000000" not in error
    assert "three lines" in ward.notify("admit-inpatient", "--to", "Nordby Kommune", code=2)


def test_a_citizen_is_found_by_the_number(ward):
    """By command and over HTTP; the number stands in no file, and every look in the access log."""
    began = ward.notify("admit-inpatient", "--to", "Nordby Kommune", citizen=CITIZEN)
    ward.received(began["message"])

    def find(number, code=0):
        run = subprocess.run(
            [ward.region.programs / "stafet", "transition", "find", "--socket",
             str(ward.kommune.socket), "--json"], timeout=30, check=False, capture_output=True,
            input=number.encode() + b"\n")
        assert run.returncode == code, run.stderr
        assert number not in run.stderr.decode()
        return [row["transition"] for row in json.loads(run.stdout)["transitions"]] \
            if code == 0 else None

    until(lambda: find(CITIZEN[0]) == [began["transition"]], 20, "the municipality finds it")
    assert find("6101900001") == []
    find("610190-0001", code=2)
    web = Web(ward.hospital.web_port, ward.nurse.token)
    found = web.post("/api/v1/transitions/find", {"cpr": CITIZEN[0]}, status=200)
    assert [row["transition"] for row in found["transitions"]] == [began["transition"]]
    web.post("/api/v1/transitions/find", {"cpr": "1"}, status=422)
    looks = [row for row in ward.kommune.json("access-log")["accesses"] if row["asked"] == "find"]
    assert len(looks) >= 2
    for party in (ward.region.coordinator, ward.hospital, ward.kommune):
        canary.assert_absent(party.folder, ["6101900001", "610190-0001"])
