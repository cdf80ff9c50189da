"""A whole discharge by clicking, in four browsers; then an auditor, in a fifth, proves that very discharge in the
page. Each file that is changed turns the page red, and `stafet evidence verify` names the same. Skipped as
console_test.py is."""

import json
import pathlib
import subprocess

import pytest
from console_test import Stage
from console_test import pytestmark  # noqa: F401, for this file as well
from evidence_test import INTEGRITY
from local import STATES
from log_test import WITNESSES
from region import Region
from rest import open_web
from wait import until

ON_THE_WAY = {number for number, word in STATES.items() if word in ("queued", "sent", "stored")}


@pytest.fixture(name="stage")
def make_stage(folder, programs, daemons, stafet, templates):
    """With all that a proof stands on: two of three registrars sign, a hospital and a municipality witness."""
    region = Region(folder, programs, daemons, stafet, registrars=3)
    with region.coordinator.config.open("a") as config:
        config.write(WITNESSES)
    open_web(region.coordinator)
    made = Stage(region.start(), templates)
    made.told["coordinator"] = {"url": f"http://127.0.0.1:{region.coordinator.web_port}"}
    yield made
    region.close()


def events(party, transition):
    return [{"sequence": row["sequence"], "kind": row["kind"], "author_name": row["author_name"]}
            for row in party.json("transition", "show", transition)["events"]]


def wait_recorded(stage, transition):
    """Nothing is on its way, the practice was told all of it, and enough have cosigned it; the events."""
    coordinator = stage.region.coordinator

    def recorded():
        told = events(stage.parties["gp"], transition)
        quiet = not any(row.state in ON_THE_WAY for party in stage.parties.values()
                        for row in party.local.outbox(only_open=True))
        log = coordinator.json("log", "status")
        whole = not log["unproven_count"] and log["witnessed_size"] >= log["size"] == (
            coordinator.local.ask("status").log_size)
        return quiet and whole and told == events(coordinator, transition) and told
    return until(recorded, 60, "all of it is recorded, told and cosigned")


def audit(stage, transition):
    """What the auditor brings: whom to trust, what the practice has of it, a link to sign in with."""
    region, gp = stage.region, stage.parties["gp"]
    coordinator = region.coordinator
    told = wait_recorded(stage, transition)
    policy, supplied = region.folder / "policy", region.folder / "practice.evidence"
    policy.write_text(coordinator.stafet("log", "policy"))
    gp.stafet("evidence", "export", transition, "-o", supplied)
    coordinator.stafet("user", "create", "vera", "--name", "Vera Revisor", "--role", "auditor",
                       "--no-password")
    stage.told["audit"] = {
        "transition": transition, "events": told, "policy": str(policy), "supplied": str(supplied),
        "folder": str(region.folder), "canaries": stage.stay.canaries(),
        "witnesses": [party.name for party in stage.parties.values()],
        "code": coordinator.json("user", "link", "vera")["code"]}
    return policy, supplied, stage.play("audit.mjs")


def faults(stage, policy, supplied, path, code):
    """Of the same file, by the command line and with the same keys."""
    done = subprocess.run([stage.region.programs / "stafet", "evidence", "verify", path, "--policy", policy,
                           "--receipt", supplied, "--require-proof", "--json"], capture_output=True, text=True,
                          check=False)
    assert done.returncode == code, (path, done.returncode, done.stdout, done.stderr)
    # What cannot be read as evidence has no findings.
    found = json.loads(done.stdout)["findings"] if done.stdout.startswith("{") else [
        {"severity": "fault", "code": "damaged"}]
    return {row["code"] for row in found if row["severity"] == "fault"}


def test_a_whole_discharge_by_clicking_is_proven_and_forgeries_turn_red(stage):
    transition = stage.play("discharge.mjs")["transition"]
    shown = stage.parties["gp"].json("transition", "show", transition)
    holders = {row["domain"]: row["party_name"] for row in shown["holders"]}
    assert (holders["medical"], holders["care"], holders["medication"]) == (
        "Lægerne Nordby", "Sydby Kommune", "Sydby Kommune")
    # Who opened what was written down, with the purpose that the page said.
    rows = stage.parties["other"].json("access-log")["accesses"]
    assert {"patient", "message"} <= {row["asked"] for row in rows}
    assert {row["purpose"] for row in rows if row["asked"] in ("patient", "message")} == {"care"}

    policy, supplied, audited = audit(stage, transition)
    assert faults(stage, policy, supplied, audited["saved"], 0) == set()
    for forged in audited["changed"]:
        found = faults(stage, policy, supplied, forged["path"], INTEGRITY)
        assert forged["code"] in (None, *found), (forged, found)
    for word in stage.stay.canaries():
        assert word.encode() not in pathlib.Path(audited["saved"]).read_bytes()
    stage.region.assert_blind(stage.stay)
