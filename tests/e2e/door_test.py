"""Who may come in: tokens of the coordinator, and what they open there."""

import described
import pytest
from letters import Stay
from rest import Web, bearer, open_web

ROLES = ("system-in", "system-out", "clerk", "clinician", "auditor", "operator")


@pytest.fixture
def coordinator(region):
    """The region's coordinator, with an HTTP face."""
    open_web(region.coordinator).restart()
    return region.coordinator


def test_a_coordinators_tokens(coordinator):
    """Each role tried on every route of the document: what the coordinator has opens to its roles,
    and what a node alone has is not found."""
    for role in ROLES:
        web = bearer(coordinator, f"only-{role}", role)
        for operation in described.operations():
            path, body, kind = operation.sample()
            if path == "/api/v1/events":
                continue
            answer = web.ask(operation.method, path, body, **({"Content_Type": kind} if kind else {}))
            case = (role, operation.method, path, answer.status, answer.body)
            if "coordinator" not in operation.daemons:
                assert answer.status in (404, 405), case
                continue
            may = not operation.roles or role in operation.roles
            assert (answer.status != 403) == may, case
            assert answer.status != 401 and answer.status < 500, case
    assert Web(coordinator.web_port).ask("GET", "/api/v1/board").status == 401
    assert Web(coordinator.web_port, "stafet_" + "A" * 43).ask("GET", "/metrics").status == 401


def test_reading_at_the_coordinator(coordinator, region, templates):
    """A real discharge as the region sees it, and who read it is written down."""
    hospital = region.node("Nordby Sygehus", "hospital")
    kommune = region.node("Nordby Kommune", "municipality")
    region.wait_directory()
    letter = region.folder / "letter.json"
    letter.write_bytes(Stay(templates, hospital, kommune).admit())
    sent = hospital.json("send", letter, "--wait", 15)
    watch = bearer(coordinator, "watch", "system-out", "clinician", "auditor", "operator")
    rows = watch.get("/api/v1/transitions")["transitions"]
    assert [row["transition"] for row in rows] == [sent["transition"]]
    path = f"/api/v1/transitions/{sent['transition']}"
    assert watch.get(path)["events"]
    assert watch.get(path + "/timeline")["lanes"]
    (region.folder / "evidence").write_bytes(watch.ask("GET", path + "/evidence").body)
    region.stafet("evidence", "verify", region.folder / "evidence")
    assert watch.get(f"/api/v1/messages/{sent['message']}/proof")
    log = watch.get("/api/v1/log?verify=true")
    assert (log["verified"], log["fault"]) == (True, "")
    assert len(watch.get("/api/v1/directory")["parties"]) == 3
    assert watch.get("/api/v1/status")["program"] == "coordinator"
    assert watch.get("/api/v1/indicators?from=2020-01-01T00:00:00Z&to=2040-01-01T00:00:00Z")
    agreement = watch.get("/api/v1/agreements")["agreements"][0]
    words = watch.ask("GET", f"/api/v1/agreements/{agreement['name']}/explanation?language=en")
    assert words.headers["content-type"].startswith("text/plain") and b"version 1" in words.body
    assert b"stafet_info" in watch.ask("GET", "/metrics").body
    read = [row for row in watch.get("/api/v1/access-log")["accesses"]
            if row["account"] == "token:watch"]
    assert {"transitions", "transition", "evidence"} <= {row["asked"] for row in read}
    coordinator.stafet("token", "revoke", "watch")
    assert watch.ask("GET", path).status == 401
