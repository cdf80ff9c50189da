"""The console against those who should not: each role on each page and button, other sites, guessers, who sits
down at another's screen, an organisation's sign-in in front, what others write, and much that happens. One region
for all of it (tests/console/browser). Skipped as console_test.py is."""

import itertools
import json
import subprocess
import threading

import pytest
from console_test import BOUND_S, SCRIPTS, Stage
from console_test import pytestmark  # noqa: F401, for this file as well
from door_test import believe
from front import Front
from local import STATES
from permitted import PEOPLE
from region import Party
from rest import bearer, open_web
from story import AGREEMENT
from wait import until

OK = next(number for number, word in STATES.items() if word == "ok")


MARKUP = "<img src=x onerror=window.stafetRan=1>"
TURNED = "\u202e\u2067gnp.exe"
LONG = "N" * 500


class Crook(Party):
    """A party whose registrars signed whatever it calls itself; what turns text round no key folder takes."""

    def make_keys(self):
        self.region.stafet("keys", "init", self.folder / "keys", "--name", MARKUP + "N" * 60,
                           "--role", self.role, "--support",
                           "<script>window.stafetRan=1</script> 12 34 56 78")
        return self


class Rooms(Stage):
    """A discharge under way, and at each place a person of each role."""

    agreement = AGREEMENT.replace('clause = "2-7"', f'clause = "2-7 {MARKUP}"').replace(
        'clause = "5-1"', f'clause = "5-1"  source = "{MARKUP} {TURNED}"')

    def __init__(self, region, templates):
        open_web(region.coordinator).restart()
        super().__init__(region, templates)
        who = {"given": "Karla", "family": "Hyldebjerg", "cpr": "8112480017"}
        self.transition, self.other = self.handed_in(**who), self.handed_in()
        places = {**{key: self.parties[key] for key in ("hospital", "kommune")},
                  "coordinator": region.coordinator}
        self.told.update(
            transition=self.transition, patient="Karla Hyldebjerg", cpr=who["cpr"],
            people={key: {role: self.person(party, role, role) for role in PEOPLE}
                    for key, party in places.items()})
        self.system = bearer(self.parties["kommune"], "system", "clerk")
        self.questions = 0
        self.asks(self.transition)

    def asks(self, transition):
        """The municipality asks the hospital, by a system of its own."""
        self.system.post(f"/api/v1/transitions/{transition}/questions",
                         {"to": "hospital", "text": "Hvornår skal forbindingen skiftes?"})
        self.questions += transition == self.transition

    def converse(self, script, handlers):
        """Plays a script that says on a line, with a number, what shall happen now."""
        path = self.region.folder / "stage.json"
        path.write_text(json.dumps(self.told))
        with subprocess.Popen(["node", SCRIPTS / script, path], stdin=subprocess.PIPE, text=True,
                              stdout=subprocess.PIPE, stderr=subprocess.STDOUT) as played:
            bound, told = threading.Timer(BOUND_S / 3, played.kill), []
            bound.start()
            for line in played.stdout:
                told.append(line)
                word, _, number = line.strip().partition(" ")
                if word in handlers:
                    answer = handlers[word](*map(int, number.split()))
                    played.stdin.write(json.dumps(answer) + "\n")
                    played.stdin.flush()
            code = played.wait(timeout=20)
            bound.cancel()
        print("".join(told))
        assert code == 0, "".join(told)
        return json.loads(told[-1])


@pytest.fixture(name="rooms", scope="module")
def make_rooms(lasting_region, templates):
    return Rooms(lasting_region, templates)


def test_each_role_sees_what_it_may_do(rooms):
    assert rooms.play("roles.mjs")["tried"] > 30


def test_other_sites_and_guessers_get_nothing(rooms):
    kommune = rooms.parties["kommune"]
    rooms.told["code"] = kommune.json("user", "link", "clinician")["code"]
    assert rooms.play("attacks.mjs")["sites"] == 2


def hostile_letters(api, transition):
    """What a system may hand in with a letter, each with its content type: accepted or not, never an error."""
    page = f"<html><body onload='window.stafetRan=1'>{MARKUP}<script>window.stafetRan=1</script>"
    bundle = {"resourceType": "Bundle", "type": "message", "entry": [
        {"fullUrl": MARKUP, "resource": {"resourceType": "Organization", "name": MARKUP + LONG, "text": {
            "div": f"<div onclick='window.stafetRan=1' style='width:9999px'>{MARKUP}<svg onload=window.stafetRan=1>"
                   f"<table><tr><td width=9999>{LONG}</table><iframe srcdoc='{page}'></iframe>{TURNED}</div>"}}},
        {"resource": {"resourceType": "Communication", "payload": [
            {"contentString": MARKUP + LONG + TURNED},
            {"contentAttachment": {"title": MARKUP + LONG, "contentType": MARKUP, "url": "javascript:1"}},
            {"contentAttachment": {"title": {"a": 1}, "contentType": ["x"]}}]}},
        None, {"resource": None}, {"resource": {"resourceType": "Communication", "payload": [{}]}}]}
    taken = 0
    for kind, body in (("text/plain", MARKUP.encode() + b" \xff\xfe\xc3\x28\xed\xa0\x80 " + LONG.encode()),
                       ("text/html", page.encode()), ("application/pdf", b"%PDF-1.7 " + page.encode()),
                       ("image/svg+xml", b"<svg xmlns='http://www.w3.org/2000/svg' onload='window.stafetRan=1'/>"),
                       ("application/json", json.dumps(bundle).encode()),
                       ("application/fhir+json", json.dumps(bundle).encode()),
                       ("application/fhir+json", b'{"resourceType":"Bundle","entry":"\xff\xc3"}'),
                       ("application/fhir+xml", b"<Bundle>\xff<script xmlns='http://www.w3.org/1999/xhtml'/>")):
        answer = api.ask("POST", f"/api/v1/transitions/{transition}/letters?letter=care-plan", body,
                         Content_Type=kind, Stafet_Contact_Name=(MARKUP + TURNED).encode(),
                         Stafet_Contact_Telephone=b"<b>12345678</b>")
        assert answer.status in (202, 400, 415, 422), (kind, answer.status, answer.body)
        taken += answer.status == 202
    # What goes with a letter has a name and a type of its author's choice.
    page_bytes = page.encode()
    announced = api.ask("POST", "/api/v1/attachments", json.dumps(
        {"name": "<img src=x onerror=window.stafetRan=1> & co.html", "content_type": "text/html",
         "size": len(page_bytes)}).encode(), Content_Type="application/json")
    assert announced.status in (200, 201), announced.body
    upload = json.loads(announced.body)["upload"]
    assert api.ask("PUT", f"/api/v1/attachments/{upload}?offset=0", page_bytes,
                   Content_Type="application/octet-stream").status == 200
    answer = api.ask("POST", f"/api/v1/transitions/{transition}/letters?letter=care-plan&attachments={upload}",
                     b"See what is attached.", Content_Type="text/plain")
    assert answer.status == 202, answer.body
    taken += 1
    # Messages are read here, and what is no UTF-8 is no message; nothing of it is handed on.
    for kind, body in (("application/fhir+json", b'{"resourceType":"Bundle","id":"\xff"}'),
                       ("application/fhir+xml", b"<Bundle xmlns='http://hl7.org/fhir'><id value='\xff'/></Bundle>"),
                       ("application/hl7-v2", b"MSH|^~\\&|A|B|C|D|20300101||ADT^A01|1|P|2.5|||AL|NE||UNICODE UTF-8\r"
                                              b"PID|||1||\xff\xc3^X\r")):
        answer = api.ask("POST", "/api/v1/messages", body, Content_Type=kind)
        assert 400 <= answer.status < 500, (kind, answer.status, answer.body)
    return taken


def test_what_others_write_is_shown_as_text(rooms):
    region, hospital = rooms.region, rooms.parties["hospital"]
    crook = Crook(region, "Crook", "municipality").make_keys().sign().approve()
    region.wait_directory()
    transition = rooms.handed_in(given=MARKUP + "\"'", family="A" * 500 + TURNED)
    api = bearer(hospital, "epj", "system-in", "clinician")
    api.post(f"/api/v1/transitions/{transition}/parties",
             {"role": "other-municipality", "party": crook.show()["party"]})
    taken = hostile_letters(api, transition)
    assert taken >= 5
    rooms.told.update(hostile=transition, letters=taken)
    assert rooms.play("hostile.mjs")["looked"] > 20


def test_who_goes_away_is_signed_out(rooms):
    rooms.converse("idle.mjs", {"happen?": lambda: rooms.asks(rooms.transition)})


def test_a_thousand_events_and_a_crash(rooms):
    """Of five questions one is in the transition that is shown, so that what is shown grows little."""
    kommune = rooms.parties["kommune"]
    places = itertools.cycle([rooms.other] * 4 + [rooms.transition])

    def cursor():
        return kommune.local.ask("feed", after=0, count_max=1).cursor

    def settled():
        until(lambda: all(row.state == OK for row in kommune.local.outbox() if row.recipient_name),
              60, "all is settled")
        return cursor()

    def more(count):
        end = cursor() + count
        while cursor() < end:
            for _ in range(10):
                rooms.asks(next(places))
        return {"cursor": settled(), "questions": rooms.questions}

    def crash(count):
        begun = cursor()
        for number in range(count):
            if number == count // 2:
                kommune.kill()
                kommune.daemon.start()
            rooms.asks(next(places))
        kommune.wait_connected()
        end = settled()
        kept, after = [], begun
        while rows := kommune.local.ask("feed", after=after, count_max=500).rows:
            kept += [row.cursor for row in rows]
            after = kept[-1]
        return {"cursor": end, "kept": kept, "questions": rooms.questions}

    assert rooms.converse("steady.mjs", {"more": more, "kill": crash})["events"] == 1000


def test_behind_an_organisations_own_sign_in(rooms):
    """The proxy is believed at its address alone, which is not that of the browser."""
    hospital = rooms.parties["hospital"]
    believe(hospital, **{"from": "127.0.0.9"}).wait_connected()
    fronts = {key: Front(hospital.web_port, user, roles, source="127.0.0.9") for key, user, roles in (
        ("clinician", "anna@region.dk", "clinician;APP-42"), ("auditor", "bent@region.dk", "auditor"),
        ("nobody", "carl@region.dk", "system-in"))}
    rooms.told["direct"] = f"http://127.0.0.1:{hospital.web_port}"
    rooms.told["fronts"] = {key: {"url": f"http://127.0.0.1:{front.port}", "user": front.user}
                            for key, front in fronts.items()}
    try:
        assert rooms.play("front.mjs")["fronts"] == 3
    finally:
        for front in fronts.values():
            front.close()
    read = [row for row in hospital.json("access-log")["accesses"]
            if row["account"] == "sso:anna@region.dk"]
    assert {"patient", "transition"} <= {row["asked"] for row in read}
