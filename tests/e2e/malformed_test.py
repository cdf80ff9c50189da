"""Who may not ask for something hears 401 or 403, however wrong the request is: what is wrong with it (a word,
an id, a body) is for those to hear who may. Every route of both daemons, in each way to be wrong that it has."""

import concurrent.futures

import described
import pytest
from permitted import ROLES
from rest import bearer, open_web
from roles_test import TABLE, Caller, sample, words_of

WRONG = (400, 404, 412, 415, 422)
# It takes no parameters and looks at none: its readers are machines that add their own.
ANY_QUERY = ("/metrics",)


def ways(operation):
    """(what, path, body, headers): each way in which a request of this route can be wrong."""
    path, body, kind = sample(operation)
    typed = {"Content-Type": kind} if kind else {}
    yield "purpose", path, body, {**typed, "Stafet-Purpose": "curiosity"}
    if operation.path not in ANY_QUERY:
        yield "query", f"{path}{'&' if '?' in path else '?'}misspelt=1", body, typed
    if "{id}" in operation.path:
        bad = operation.path.replace("{id}", "no-id").replace("{number}", "nothing")
        yield "id", bad, body, typed
    if operation.method != "GET":
        yield "key", path, body, {**typed, "Idempotency-Key": "k" * 256}
    if kind == "application/json":
        yield "body", path, b'{"misspelt": ', typed
        yield "member", path, b'{"misspelt": 1}', typed
        yield "type", path, body, {"Content-Type": "text/plain"}


def cases(here):
    """(line, method, what, path, body, headers) of what is not for anybody."""
    for operation in described.operations():
        line = TABLE[operation.method, operation.path]
        if line.open or line.door or here not in line.daemons:
            continue
        for what, path, body, headers in ways(operation):
            yield line, operation.method, what, path, body, headers


@pytest.fixture(name="houses")
def make_houses(region):
    coordinator = open_web(region.coordinator)
    coordinator.stop()
    coordinator.daemon = None
    coordinator.start()
    node = open_web(region.party("Nordby Kommune", "municipality"))
    region.nodes.append(node)
    node.sign().approve().start().wait_connected()
    return {"coordinator": coordinator, "node": node}


def check(house, here):
    by_role = {role: Caller(house.web_port, {
        "Authorization": f"Bearer {bearer(house, role, role).token}"}) for role in ROLES}
    nobody = Caller(house.web_port, known=False)
    guessed = Caller(house.web_port, {"Authorization": "Bearer stafet_" + "A" * 43}, known=False)

    def judge(case):
        line, method, what, *sent = case
        told = (line.method, line.path, what)
        for caller in (nobody, guessed):
            status, body = caller.send(method, *sent)
            assert status == 401, (*told, status, body[:300])
        for role in ROLES:
            if role not in line.roles:
                status, body = by_role[role].send(method, *sent)
                assert status == 403, (*told, role, status, body[:300])
                assert words_of(body) == "none of your roles may ask that", (*told, role, body)
                break
        # And who may hears what is wrong: the request was wrong indeed.
        status, body = by_role[line.roles[0]].send(method, *sent)
        assert status in WRONG and words_of(body), (*told, line.roles[0], status, body[:300])
        return 1

    with concurrent.futures.ThreadPoolExecutor(8) as several:
        return sum(several.map(judge, cases(here)))


def test_who_may_not_ask_hears_nothing_of_what_is_wrong(houses):
    assert check(houses["node"], "node") > 200
    assert check(houses["coordinator"], "coordinator") > 20
