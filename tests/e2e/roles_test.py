"""Each role on every route of both daemons, with a token and with a session, and who has none, none any more
or a session that is over: allowed or refused as permitted.py says, which nobody made of the program."""

import concurrent.futures
import http.client
import itertools
import json

import described
import pytest
from clock_test import Clock
from permitted import PEOPLE, ROLES, permitted
from rest import Answer, Browser, bearer, open_web

PASSWORD = "tolv tegn og flere til"
IDLE_MS = 15 * 60 * 1000
TABLE = permitted()
# Ids that the document calls text, in the form that they have.
SAMPLES = {"/fhir/Task/{id}": "/fhir/Task/" + "0f" * 16 + "-1",
           "/fhir/AuditEvent/{id}": "/fhir/AuditEvent/" + "0f" * 16 + "-1",
           "/fhir/AuditEvent": "/fhir/AuditEvent?entity:identifier=" + "0f" * 16,
           "/api/v1/messages/{id}/attachments/{number}":
               "/api/v1/messages/" + "0f" * 16 + "/attachments/1"}
# Bodies of which the document cannot say what must be there together.
BODIES = {("POST", "/api/v1/transitions/{id}/notifications"): b'{"activity": "discharge-home"}'}
addresses = itertools.count(2)


def test_every_route_has_a_line():
    """And every line a route: who adds one says who may ask it, in permitted.py."""
    described_keys = {(each.method, each.path): each for each in described.operations()}
    assert set(described_keys) - set(TABLE) == set(), "say in permitted.py who may ask these"
    assert set(TABLE) - set(described_keys) == set(), "permitted.py has lines of no route"
    for key, line in TABLE.items():
        each = described_keys[key]
        assert set(each.roles) == set(line.roles), (key, "proto/openapi.yaml has other roles")
        assert set(each.daemons) == set(line.daemons), (key, "and other daemons")


def sample(operation):
    """A request with everything that must be there, in the form that it has: (path, body, type)."""
    path, body, kind = operation.sample()
    return (SAMPLES.get(operation.path, path), BODIES.get((operation.method, operation.path), body),
            kind)


class Caller:
    """Asks one route, from an address of its own when it has nothing: guesses are counted by address."""

    def __init__(self, port, headers=None, known=True):
        self.port, self.headers, self.known = port, headers or {}, known

    def ask(self, operation):
        path, body, kind = sample(operation)
        return self.send(operation.method, path, body, {"Content-Type": kind} if kind else {})

    def send(self, method, path, body, headers):
        here = None if self.known else (f"127.0.1.{next(addresses) // 10}", 0)
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=20,
                                                source_address=here)
        try:
            connection.request(method, path, body, {**headers, **self.headers})
            answer = connection.getresponse()
            # Events never end; what comes of others is an answer that the document has.
            if answer.getheader("Content-Type", "").startswith("text/event-stream"):
                return answer.status, b""
            answer = Answer(answer)
            described.check(method, path, answer)
            return answer.status, answer.body
        finally:
            connection.close()


def words_of(body):
    """What a refusal says to people: a problem, or FHIR's OperationOutcome."""
    told = json.loads(body)
    return told.get("detail") or told["issue"][0]["diagnostics"]


def tried(caller, here):
    """(operation, status, body) of everything but the door and what is for anybody."""
    lines = [(each, TABLE[each.method, each.path]) for each in described.operations()]
    lines = [(each, line) for each, line in lines if not line.open and not line.door]
    with concurrent.futures.ThreadPoolExecutor(8) as several:
        for (each, line), (status, body) in zip(
                lines, several.map(lambda pair: caller.ask(pair[0]), lines)):
            case = (each.method, each.path, status, body[:300])
            if here in line.daemons:
                yield line, status, body, case
            else:
                assert status in (404, 405), case


def check_role(role, caller, here):
    for line, status, body, case in tried(caller, here):
        if role in line.roles:
            assert status not in (401, 403, 429) and status < 500, (role, *case)
        else:
            assert status == 403, (role, *case)
            assert words_of(body) == "none of your roles may ask that", (role, *case)


def check_nobody(who, caller, here):
    for _, status, body, case in tried(caller, here):
        assert status == 401 and words_of(body), (who, *case)


def session_of(house, name, *roles):
    """Signed in: the fields that a page of this daemon sends."""
    house.region.stafet("user", "create", name, "--role", ",".join(roles), "--socket",
                        house.socket, stdin=PASSWORD.encode() + b"\n")
    browser = Browser(house)
    csrf = browser.sign_in(name, PASSWORD)["csrf"]
    return Caller(house.web_port, {"Stafet-CSRF": csrf, "Cookie": "; ".join(
        f"{key}={value}" for key, value in browser.cookies.items())})


@pytest.fixture(name="houses")
def make_houses(region):
    """The coordinator and a node, both with a door and with a clock that can be set."""
    coordinator = open_web(region.coordinator)
    coordinator.stop()
    coordinator.daemon = None
    node = open_web(region.party("Nordby Kommune", "municipality"))
    clocks = [Clock(coordinator), Clock(node)]
    coordinator.start()
    node.sign().approve().start().wait_connected()
    return {"coordinator": coordinator, "node": node}, clocks


def test_each_role_opens_what_is_written_down(houses):
    houses, clocks = houses
    for here, house in houses.items():
        for role in ROLES:
            made = bearer(house, f"only-{role}", role)
            check_role(role, Caller(house.web_port, {"Authorization": f"Bearer {made.token}"}), here)
        for role in PEOPLE:
            check_role(role, session_of(house, f"a-{role}", role), here)
        # Whom nothing opens: nobody, a token and a person that were revoked.
        check_nobody("nobody", Caller(house.web_port, known=False), here)
        check_nobody("a guessed token", Caller(
            house.web_port, {"Authorization": "Bearer stafet_" + "A" * 43}, known=False), here)
        gone = bearer(house, "gone", *ROLES)
        house.stafet("token", "revoke", "gone")
        check_nobody("a revoked token", Caller(
            house.web_port, {"Authorization": f"Bearer {gone.token}"}, known=False), here)
        person = session_of(house, "gone", *PEOPLE)
        house.stafet("user", "revoke", "gone")
        person.known = False
        check_nobody("a revoked person", person, here)
    late = {here: session_of(house, "late", *PEOPLE) for here, house in houses.items()}
    for house in houses.values():
        house.stop()
    for clock in clocks:
        clock.set(IDLE_MS)
    for here, house in houses.items():
        house.start()
        late[here].known = False
        check_nobody("a session that is over", late[here], here)
