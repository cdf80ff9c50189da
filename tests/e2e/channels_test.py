"""Channels, webhooks and the steps of messages over HTTP, as an operator's tools use them."""

import base64

import pytest
from api_test import Trio
from hook_test import Receiver, verified
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
