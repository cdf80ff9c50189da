"""Channels, webhooks and the steps of messages over HTTP, as an operator's tools use them."""

import base64
from urllib.parse import quote

import pytest
from api_test import FHIR, Trio
from hook_test import Receiver, status, verified
from rest import bearer
from wait import until


@pytest.fixture
def trio(region, templates):
    return Trio(region, templates)


@pytest.fixture
def receiver():
    made = Receiver()
    yield made
    made.close()


def test_hook_is_made_shown_and_removed(trio, receiver):
    desk = bearer(trio.kommune, "desk", "operator")
    made = desk.ask("POST", "/api/v1/hooks",
                    {"url": receiver.url, "events": ["received", "expired"]})
    assert made.status == 201, made.body
    name, secret = made.json()["name"], made.json()["secret"]
    assert made.headers["cache-control"] == "no-store"
    sent = trio.hand_in(trio.stay.admit())
    until(lambda: receiver.messages() == [sent["message"]], 20, "posted")
    headers, body = receiver.taken[0]
    assert verified(base64.b64decode(secret[len("whsec_"):]), headers, body)
    shown, = desk.get(f"/api/v1/hooks/{name}")["channels"]
    assert (shown["url"], shown["events"]) == (receiver.url, ["received", "expired"])
    assert [row["name"] for row in desk.get("/api/v1/hooks")["channels"]] == [name]
    for path in ("/api/v1/hooks", f"/api/v1/hooks/{name}", "/api/v1/channels"):
        assert secret[len("whsec_"):] not in desk.ask("GET", path).body.decode()
    assert desk.get("/api/v1/channels") == trio.kommune.json("channel", "list")

    assert desk.ask("POST", f"/api/v1/messages/{sent['message']}/replay").json() == {
        "resent": False}
    until(lambda: receiver.messages() == [sent["message"]] * 2, 20, "handed out again")
    trace = desk.get(f"/api/v1/messages/{sent['message']}/trace")
    assert trace == trio.kommune.json("message", "trace", sent["message"])
    assert [step["channel"] for step in trace["steps"] if step["step"] == "handed-out"]

    assert desk.ask("DELETE", f"/api/v1/hooks/{name}").status == 204
    assert desk.ask("DELETE", f"/api/v1/hooks/{name}").status == 404
    assert desk.ask("GET", f"/api/v1/hooks/{name}").status == 404
    assert desk.get("/api/v1/hooks")["channels"] == []


def test_channel_is_paused_and_let_through(trio):
    desk = bearer(trio.hospital, "desk", "operator")
    letter = trio.stay.admit()
    assert desk.ask("POST", "/api/v1/channels/http/pause").status == 204
    shown, = desk.get("/api/v1/channels/http")["channels"]
    assert shown["paused"] is True
    trio.hand_in(letter, status=503)
    assert desk.ask("POST", "/api/v1/channels/http/resume").status == 204
    trio.hand_in(letter)
    # A way in is no hook.
    assert desk.ask("GET", "/api/v1/hooks/http").status == 404
    assert desk.ask("DELETE", "/api/v1/hooks/http").status == 404
    assert desk.ask("POST", "/api/v1/channels/nothing/pause").status == 404


def test_what_no_hook_can_be_is_named(trio):
    desk = bearer(trio.kommune, "desk", "operator")

    def refused(body, status):
        answer = desk.ask("POST", "/api/v1/hooks", body)
        assert answer.status == status, answer.body
        return answer.json()["detail"]
    assert "'events'" in refused({"url": "https://a.example/"}, 422)
    assert "'events'" in refused({"url": "https://a.example/", "events": []}, 422)
    assert "'events'" in refused({"url": "https://a.example/", "events": ["recorded"]}, 422)
    assert "'url'" in refused({"events": ["late"]}, 422)
    assert "https" in refused({"url": "http://a.example/", "events": ["late"]}, 422)
    assert desk.get("/api/v1/hooks")["channels"] == []
    clerk = bearer(trio.kommune, "clerk", "clerk", "system-out")
    assert clerk.ask("GET", "/api/v1/hooks").status == 403


def test_other_ways_to_ask_are_named(trio):
    desk = bearer(trio.hospital, "desk", "operator")
    refused = desk.ask("DELETE", "/api/v1/hooks")
    assert refused.status == 405 and refused.headers["allow"] == "GET, HEAD, POST"
    assert refused.json()["detail"] == "this is asked with GET, HEAD, POST"


def test_what_is_refused_for_good_is_on_a_list_until_somebody_has_it_brought_again(trio, receiver):
    desk = bearer(trio.hospital, "desk", "operator", "auditor")
    made = desk.ask("POST", "/api/v1/hooks", {"url": receiver.url, "responses": True})
    name = made.json()["name"]
    for _ in range(20):
        receiver.script.put(status(400))

    def send(letter, number):
        where = quote(f"{receiver.url}/{number}", safe="")
        answer = trio.epj.ask("POST", f"/fhir/$process-message?async=true&response-url={where}",
                              letter, Content_Type=FHIR)
        assert answer.status == 202, answer.body
        return answer.headers["location"].rsplit("/", 1)[1]
    messages = [send(trio.stay.admit(), 1), send(trio.stay.discharge(), 2)]

    def put_aside():
        # To resume is to try at once.
        assert desk.ask("POST", f"/api/v1/channels/{name}/resume").status == 204
        return len(desk.get("/api/v1/aside")["aside"]) == 2
    until(put_aside, 120, "both were refused ten times")
    assert receiver.taken == []

    first = desk.get("/api/v1/aside?_count=1")
    rest = desk.get(f"/api/v1/aside?after={first['next']}&channel={name}")
    rows = first["aside"] + rest["aside"]
    assert (len(first["aside"]), rest["next"]) == (1, None)
    assert [row["message"] for row in rows] == messages
    assert {(row["channel"], row["refusals"], row["party_name"]) for row in rows} == {
        (name, 10, "Nordby Kommune")}
    assert desk.get("/api/v1/aside?channel=http") == {"aside": [], "next": None}
    assert trio.hospital.json("channel", "aside")["aside"] == rows
    assert any(row["asked"] == "aside" for row in desk.get("/api/v1/access-log")["accesses"])

    def on_board():
        return [(row["name"], row["count"], row["overdue"])
                for row in desk.get("/api/v1/board")["board"] if row["what"] == "put-aside"]
    assert on_board() == [(name, 2, True)]
    told = " ".join(trio.hospital.stafet("board").split())
    assert f"bring again: 2 refused for good at {name}" in told

    path = f"/api/v1/channels/{name}/again"
    assert desk.ask("POST", path, {"message": "0f" * 16}).status == 404
    assert desk.ask("POST", path, {"message": "no id"}).status == 422
    for _ in range(2):  # the same wish, asked twice
        assert desk.ask("POST", path, {"message": messages[1]},
                        Idempotency_Key="one").status == 204
    until(lambda: len(receiver.taken) == 1, 20, "the second was brought")
    assert on_board() == [(name, 1, True)]
    assert desk.ask("POST", path).status == 204
    until(lambda: len(receiver.taken) == 2, 20, "and the other")
    assert [path for _, _, path in receiver.attempts[-2:]] == ["/in/2", "/in/1"]
    assert on_board() == [] and desk.get("/api/v1/aside")["aside"] == []
    assert desk.ask("POST", path).status == 404
