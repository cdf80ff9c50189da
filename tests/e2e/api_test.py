"""What existing systems do over HTTP, on real nodes: a whole discharge, who may ask what, asking
again, and answering what one has seen."""

import described
import pytest
from letters import Stay
from month import month_query
from wait import until
from rest import Web, bearer, open_web

FHIR = "application/fhir+json"
ROLES = ("system-in", "system-out", "clerk", "clinician", "auditor", "operator")

def web_node(region, name, role):
    """An enrolled node with an HTTP face."""
    party = open_web(region.party(name, role).sign().approve())
    party.start()
    region.nodes.append(party)
    return party.wait_connected()


class Trio:
    """A hospital, a municipality and a practice whose systems speak HTTP alone."""

    def __init__(self, region, templates):
        self.hospital = web_node(region, "Nordby Sygehus", "hospital")
        self.kommune = web_node(region, "Nordby Kommune", "municipality")
        self.gp = web_node(region, "Laegerne Nordby", "gp")
        region.wait_directory()
        self.stay = Stay(templates, self.hospital, self.kommune)
        self.epj = bearer(self.hospital, "epj", "system-in", "system-out", "clinician")
        self.eoj = bearer(self.kommune, "eoj", "system-out", "clerk", "clinician")

    def hand_in(self, content, status=202):
        answer = self.epj.ask("POST", "/api/v1/messages?gp=Laegerne%20Nordby", content,
                              Content_Type=FHIR)
        assert answer.status == status, answer.body
        return answer.json()

    def discharged(self):
        self.hand_in(self.stay.admit())
        letter = self.stay.discharge()
        sent = self.hand_in(letter)
        row = self.received(sent["message"])
        return letter, sent, row

    def received(self, message):
        def find():
            rows = self.eoj.get("/api/v1/inbox")["messages"]
            return next((row for row in rows if row["message"] == message), None)
        return until(find, 20, "the municipality has it")

    def settled(self, transition, said):
        """Both have seen that this message was recorded; the hospital's view and the municipality's."""
        def seen():
            views = [web.get(f"/api/v1/transitions/{transition}") for web in (self.epj, self.eoj)]
            return all(said in (event["message"] for event in view["events"])
                       for view in views) and views
        return until(seen, 20, "both have seen what was said")


@pytest.fixture
def trio(region, templates):
    return Trio(region, templates)


def test_a_discharge_over_http(trio, region):
    letter, sent, row = trio.discharged()
    assert sent["answer"] == "stored"
    assert row["offers"] == ["care", "medication"]

    # The letter comes out as it went in, with its type, and who read it is written down.
    content = trio.eoj.ask("GET", f"/api/v1/messages/{sent['message']}/content")
    assert (content.status, content.body) == (200, letter)
    assert content.headers["content-type"] == FHIR
    again = trio.eoj.ask("GET", f"/api/v1/messages/{sent['message']}/content",
                         If_None_Match=content.headers["etag"])
    assert (again.status, again.body) == (304, b"")
    read = [row for row in trio.kommune.json("access-log")["accesses"]
            if row["message"] == sent["message"]]
    assert read and {row["account"] for row in read} == {"token:eoj"}

    # Taken over, accepted, asked and answered.
    trio.eoj.post(f"/api/v1/messages/{sent['message']}/acknowledge", status=204)
    assert trio.eoj.get("/api/v1/inbox?unhandled=true&transition=" + sent["transition"])[
        "messages"] == [row for row in trio.eoj.get("/api/v1/inbox?unhandled=true")["messages"]
                        if row["transition"] == sent["transition"]]
    accepted = trio.eoj.post(f"/api/v1/messages/{sent['message']}/accept", {})
    hospital, _ = trio.settled(sent["transition"], accepted["message"])
    holders = {row["domain"]: row["party_name"] for row in hospital["holders"]}
    assert holders["care"] == holders["medication"] == "Nordby Kommune"
    question = trio.eoj.post(f"/api/v1/transitions/{sent['transition']}/questions",
                             {"to": "hospital", "text": "Hvornaar skiftes forbindingen?"})
    trio.settled(sent["transition"], question["message"])
    asked = trio.epj.ask("GET", f"/api/v1/messages/{question['message']}/content")
    assert asked.body.decode() == "Hvornaar skiftes forbindingen?"
    answer = trio.epj.post(f"/api/v1/messages/{question['message']}/answers",
                           {"by_person": True, "text": "Hver anden dag"})
    trio.settled(sent["transition"], answer["message"])

    # A letter of any type, a picture of it all, and its proof.
    pdf = b"%PDF-1.7\n\x00\xff not really"
    answer = trio.epj.ask(
        "POST", f"/api/v1/transitions/{sent['transition']}/letters?letter=correspondence", pdf,
        Content_Type="application/pdf", Stafet_Contact_Name="Vagten på N3".encode(),
        Stafet_Contact_Telephone="00000002")
    assert answer.status == 202, answer.body
    trio.settled(sent["transition"], answer.json()["message"])
    got = trio.eoj.ask("GET", f"/api/v1/messages/{answer.json()['message']}/content")
    assert (got.body, got.headers["content-type"]) == (pdf, "application/pdf")
    told = trio.eoj.get(f"/api/v1/messages/{answer.json()['message']}")
    assert (told["contact_name"], told["contact_telephone"]) == ("Vagten på N3", "00000002")
    # Whom to call is nothing for a target, which is written into logs on the way.
    answer = trio.epj.ask(
        "POST", f"/api/v1/transitions/{sent['transition']}/letters?letter=correspondence"
        "&contact_name=x", pdf, Content_Type="application/pdf")
    assert answer.status == 400, answer.body
    path = f"/api/v1/transitions/{sent['transition']}/timeline"
    assert trio.eoj.ask("GET", path, Accept="image/svg+xml").body.startswith(b"<svg ")
    assert trio.eoj.get(path + "?format=fhir")["resourceType"] == "Bundle"
    assert trio.eoj.get(path)["lanes"]
    evidence = trio.eoj.ask("GET", f"/api/v1/transitions/{sent['transition']}/evidence")
    (region.folder / "evidence").write_bytes(evidence.body)
    region.stafet("evidence", "verify", region.folder / "evidence")

    # What the command line prints is what HTTP answers.
    def same():
        shown = trio.kommune.json("transition", "show", sent["transition"])
        told = trio.eoj.get(f"/api/v1/transitions/{sent['transition']}")
        return dict(shown, as_of=None) == dict(told, as_of=None)
    until(same, 20, "both say the same")
    region.assert_blind(trio.stay)


def test_asking_again_is_done_once(trio):
    _, sent, _ = trio.discharged()
    path = f"/api/v1/messages/{sent['message']}/accept"
    first = trio.eoj.post(path, {"domains": ["care"]}, Idempotency_Key="one")
    again = trio.eoj.post(path, {"domains": ["care"]}, Idempotency_Key="one")
    assert first == again
    other = trio.eoj.ask("POST", path, {"domains": ["medication"]}, Idempotency_Key="one")
    assert other.status == 422
    trio.kommune.restart().wait_connected()
    assert trio.eoj.post(path, {"domains": ["care"]}, Idempotency_Key="one") == first
    # Another's key of the same text is another key: this is a second acceptance, and refused.
    colleague = bearer(trio.kommune, "colleague", "clerk")
    assert colleague.ask("POST", path, {"domains": ["care"]}, Idempotency_Key="one").status == 409


def test_a_hand_in_is_known_again(trio):
    letter = trio.stay.admit()
    first = trio.hand_in(letter)
    again = trio.epj.ask("POST", "/api/v1/messages", letter, Content_Type=FHIR)
    assert again.json()["message"] == first["message"]
    assert again.json()["answer"] == "duplicate"
    bad = trio.epj.ask("POST", "/api/v1/messages", b"{}", Content_Type=FHIR)
    assert bad.status in (400, 422) and bad.json()["answer"] == "fatal"
    strange = trio.epj.ask("POST", "/api/v1/messages", b"hello", Content_Type="text/plain")
    assert strange.status in (415, 422)


def test_an_answer_to_what_has_changed_is_not_given(trio):
    _, sent, _ = trio.discharged()
    trio.settled(sent["transition"], sent["message"])
    path = f"/api/v1/transitions/{sent['transition']}"
    seen = trio.eoj.ask("GET", path)
    # Acknowledgements may still come in: sooner or later nothing happens between two questions.
    until(lambda: trio.eoj.ask("GET", path, If_None_Match=trio.eoj.ask(
        "GET", path).headers["etag"]).status == 304, 20, "nothing has happened")
    intent = trio.epj.post(f"{path}/intents", {"expected": "2030-01-01T12:00:00Z"})
    trio.settled(sent["transition"], intent["message"])
    answer = f"/api/v1/messages/{sent['message']}/accept"
    late = trio.eoj.ask("POST", answer, {}, If_Match=seen.headers["etag"])
    assert late.status == 412, late.body
    assert trio.eoj.ask("GET", path, If_None_Match=seen.headers["etag"]).status == 200
    until(lambda: trio.eoj.ask("POST", answer, {}, If_Match=trio.eoj.ask(
        "GET", path).headers["etag"]).status == 202, 20, "the newest state is answered")


def test_who_may_ask_what(trio):
    """Each role tried on every route of the document: 403 exactly where it has no such role."""
    for role in ROLES:
        web = bearer(trio.kommune, f"only-{role}", role)
        for operation in described.operations():
            path, body, kind = operation.sample()
            if path.startswith(("/api/v1/events", "/console/session")):
                continue
            answer = web.ask(operation.method, path, body, **({"Content_Type": kind} if kind else {}))
            may = not operation.roles or role in operation.roles
            # What cannot be made a question is not asked, and no token is judged.
            strange = path.startswith("/fhir/") and answer.status in (400, 404)
            assert strange or (answer.status != 403) == may, (role, operation.method, path,
                                                              answer.status, answer.body)
            assert answer.status != 401 and answer.status < 500, (role, path, answer.body)
    # Nothing was done by asking: the municipality has said nothing.
    assert trio.kommune.json("outbox")["deliveries"] == []
    stranger = Web(trio.kommune.web_port, "stafet_" + "A" * 43)
    assert stranger.ask("GET", "/api/v1/inbox").status == 401
    mistyped = Web(trio.kommune.web_port, "stafet_short").ask("GET", "/api/v1/inbox")
    assert (mistyped.status, "43 characters" in mistyped.json()["detail"]) == (401, True)
    refused = Web(trio.kommune.web_port).ask("GET", "/api/v1/inbox")
    assert refused.status == 401
    assert refused.headers["www-authenticate"] == 'Bearer realm="stafet"'


def test_every_answer_is_as_described(trio):
    """What each route answers about a real discharge; rest.py checks it against the document."""
    _, sent, _ = trio.discharged()
    accepted = trio.eoj.post(f"/api/v1/messages/{sent['message']}/accept")
    trio.settled(sent["transition"], accepted["message"])
    desk = bearer(trio.hospital, "desk", *ROLES)
    made = desk.ask("POST", "/api/v1/hooks", {"url": "http://127.0.0.1:9/", "events": ["late"]})
    names = {"{id}": sent["message"], "{reference}": "test", "{name}": made.json()["name"]}
    asked = 0
    for operation in described.operations():
        path, _, _ = operation.sample()
        # Attachments are read in attachment_test.py, which has some.
        if (operation.method != "GET" or path.startswith("/api/v1/events")
                or "/attachments/" in operation.path):
            continue
        if path.startswith("/api/v1/transitions/"):
            names["{id}"] = sent["transition"]
        elif "{id}" in operation.path:
            names["{id}"] = sent["message"]
        path = operation.path
        for mark, value in names.items():
            path = path.replace(mark, value)
        if path.endswith("/indicators"):
            path += f"?{month_query()}&by=municipality"
        answer = desk.ask("GET", path)
        if path.startswith("/api/") and not path.endswith("acknowledgement"):
            assert answer.status == 200, (path, answer.status, answer.body)
        asked += answer.status == 200
    assert asked > 20
    erased = desk.ask("POST", f"/api/v1/transitions/{sent['transition']}/erase",
                      {"ground": "mistake"})
    assert erased.json()["done"] is False and erased.json()["erased"]


def test_a_revoked_token_opens_nothing(trio):
    assert trio.eoj.ask("GET", "/api/v1/inbox").status == 200
    trio.kommune.stafet("token", "revoke", "eoj")
    assert trio.eoj.ask("GET", "/api/v1/inbox").status == 401
    assert "eoj" not in trio.kommune.stafet("token", "list")
    assert "eoj" in trio.kommune.stafet("token", "list", "--all")


def test_what_is_misspelt_is_named(trio):
    answer = trio.eoj.ask("GET", "/api/v1/inbox?unhandeld=true")
    assert answer.status == 400
    assert "unhandeld" in answer.json()["detail"]
    answer = trio.eoj.ask("POST", f"/api/v1/messages/{'0f' * 16}/accept", {"domain": ["care"]})
    assert answer.status == 422
    assert "'domain'" in answer.json()["detail"]


def test_medcoms_older_letters_are_handed_in_as_what_they_are(trio, samples):
    """XDIS16, 18, 19 and 21 name themselves; what names nothing (PDF) goes into a transition by name."""
    sent = trio.hand_in(trio.stay.admit())
    trio.received(sent["message"])
    letters = {}

    def letter(name):
        content = (samples / "stafet-xdis" / f"{name}.xml").read_bytes()
        return content.replace(b"7105620019", trio.stay.cpr.encode())
    for name in ("care_plan", "readiness", "discharge_report"):
        content = letter(name)
        kind = "text/xml" if name == "readiness" else "application/xml"
        answer = trio.epj.ask("POST", "/api/v1/messages?municipality=Nordby%20Kommune", content,
                              Content_Type=kind)
        assert answer.status == 202, (name, answer.body)
        letters[answer.json()["message"]] = (kind, content)
    back = bearer(trio.kommune, "back", "system-in").ask(
        "POST", "/api/v1/messages?municipality=Nordby%20Sygehus",
        letter("admission_report"), Content_Type="application/xml")
    assert back.status == 202, back.body
    for message, (kind, content) in letters.items():
        row = trio.received(message)
        assert row["content_type"] == kind
        assert trio.eoj.ask("GET", f"/api/v1/messages/{message}/content").body == content
    pdf = trio.epj.ask("POST", "/api/v1/messages", b"%PDF-1.7", Content_Type="application/pdf")
    assert pdf.status in (415, 422), pdf.body
