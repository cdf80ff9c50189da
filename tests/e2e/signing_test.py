"""Agreements among real daemons: proposed by one party, signed by others, ended, and tried."""

import contextlib
import json
import pathlib
import shutil
import sqlite3
import subprocess

import pytest
from letters import Stay
from rest import bearer, open_web
from wait import until

OK, FAILED, USAGE, NOT_FOUND, REFUSED, CONFLICT = range(6)
MIDT = pathlib.Path(__file__).resolve().parents[2] / "deploy/examples/region-midtjylland.agreement"


class Signing:
    """A hospital that proposes the example and a municipality that knows it."""

    def __init__(self, region, templates):
        self.region = region
        self.hospital = region.node("Nordby Sygehus", "hospital")
        self.kommune = region.node("Nordby Kommune", "municipality")
        region.wait_directory()
        self.stay = Stay(templates, self.hospital, self.kommune)
        self.everybody = (self.hospital, self.kommune, region.coordinator)

    def propose(self, path=MIDT):
        said = self.hospital.json("agreement", "propose", path)
        for party in self.everybody:
            until(lambda party=party: self.row(party, said["digest"]), 15,
                  f"{party.name} knows the agreement")
        return said

    def row(self, party, digest):
        rows = party.json("agreement", "list")["agreements"]
        return next((row for row in rows if row["digest"] == digest), None)

    def wait_signed(self, digest, *names):
        """Everybody lists these parties, and no others, as bound."""
        def same(party):
            shown = party.json("agreement", "show", digest)["acceptances"]
            return {row["party_name"] for row in shown if row["until"] is None} == set(names)
        for party in self.everybody:
            until(lambda party=party: same(party), 15, f"{party.name} sees {names}")

    def send(self, content):
        path = self.region.folder / "letter.json"
        path.write_bytes(content)
        return json.loads(self.hospital.stafet("send", path, "--wait", 15, "--json"))


@pytest.fixture
def signing(region, templates):
    return Signing(region, templates)


def test_proposal_is_known_to_all_and_signed_by_its_author_alone(signing):
    said = signing.propose()
    assert (said["name"], said["version"]) == ("region-midtjylland", 1)
    row = signing.row(signing.kommune, said["digest"])
    assert row["proposer_name"] == "Nordby Sygehus"
    assert not row["accepted_here"]
    signing.wait_signed(said["digest"], "Nordby Sygehus")
    assert signing.row(signing.hospital, said["digest"])["accepted_here"]


def test_signatures_come_and_end_and_everybody_sees_them(signing):
    digest = signing.propose()["digest"]
    signing.kommune.stafet("agreement", "accept", "region-midtjylland")
    signing.wait_signed(digest, "Nordby Sygehus", "Nordby Kommune")
    signing.kommune.stafet("agreement", "end", digest[:12])
    signing.wait_signed(digest, "Nordby Sygehus")
    ended = [row for row in signing.hospital.json("agreement", "show", digest)["acceptances"]
             if row["until"]]
    assert [row["party_name"] for row in ended] == ["Nordby Kommune"]


def test_what_is_shown_is_what_was_proposed(signing):
    signing.propose()
    printed = signing.kommune.stafet("agreement", "show", "region-midtjylland 1", "--lang", "en")
    assert printed.startswith("region-midtjylland version 1, proposed by Nordby Sygehus\n")
    assert printed.endswith(signing.region.stafet("agreement", "explain", "--lang", "en", MIDT))
    signing.kommune.stafet("agreement", "show", "nobody-knows-it", code=NOT_FOUND)
    signing.kommune.stafet("agreement", "accept", "nobody-knows-it", code=NOT_FOUND)


def test_other_text_is_tried_against_the_past(signing):
    digest = signing.propose()["digest"]
    signing.kommune.stafet("agreement", "accept", digest)
    signing.wait_signed(digest, "Nordby Sygehus", "Nordby Kommune")
    transition = signing.send(signing.stay.admit())["transition"]
    text = MIDT.read_text(encoding="utf-8")
    same = signing.region.folder / "same.agreement"
    same.write_text(text.replace("version       = 1", "version       = 2"), encoding="utf-8")
    told = signing.hospital.json("agreement", "simulate", same)
    assert (told["transition_count"], told["deadlines"]) == (1, [])
    sooner = signing.region.folder / "sooner.agreement"
    sooner.write_text(text.replace('due       = "24h"', 'due       = "2h"'), encoding="utf-8")
    for party in signing.everybody:
        told = json.loads(signing.region.stafet(
            "agreement", "simulate", sooner, "--against", party.socket, "--json"))
        (row,) = told["deadlines"]
        assert (row["transition"], row["clause"]) == (transition, "admission-report")
        assert row["owner"] == "municipality"
        assert row["would_be_due"] < row["due"]
        assert not row["missed"]
    summary = signing.hospital.stafet("agreement", "simulate", sooner).splitlines()[-1]
    assert summary.startswith("transitions looked at: 1, deadlines that differ: 1, ")


def test_other_text_is_tried_over_http_as_by_the_command(region, templates):
    hospital = open_web(region.party("Nordby Sygehus", "hospital").sign().approve()).start()
    region.nodes.append(hospital)
    hospital.wait_connected()
    kommune = region.node("Nordby Kommune", "municipality")
    region.wait_directory()
    stay = Stay(templates, hospital, kommune)
    digest = hospital.json("agreement", "propose", MIDT)["digest"]
    until(lambda: kommune.json("agreement", "list")["agreements"], 15, "it is known")
    kommune.stafet("agreement", "accept", digest)
    until(lambda: len(hospital.json("agreement", "show", digest)["acceptances"]) == 2, 15, "signed")
    _, reply = hospital.local.send(stay.admit())
    until(lambda: hospital.local.settled(reply.message), 20, "received")
    text = MIDT.read_text(encoding="utf-8")
    sooner = region.folder / "sooner.agreement"
    sooner.write_text(text.replace('due       = "24h"', 'due       = "2h"')
                      .replace("version       = 1", "version       = 2"), encoding="utf-8")
    other = hospital.json("agreement", "propose", sooner)["digest"]
    signed = until(lambda: hospital.local.ask("agreement", reference=other).signed_form, 15,
                   "its signed form")
    desk = bearer(hospital, "desk", "auditor")
    path = "/api/v1/agreements/simulate"
    told = desk.ask("POST", path, signed, Content_Type="application/octet-stream")
    assert told.status == 200, told.body
    (row,) = told.json()["deadlines"]
    assert (row["clause"], row["transition"]) == ("admission-report", reply.transition.hex())
    assert row["would_be_due"] < row["due"]
    assert without_time(told.json()) == without_time(hospital.json("agreement", "simulate", sooner))
    assert desk.ask("POST", path, b"no agreement",
                    Content_Type="application/octet-stream").status == 400
    assert desk.ask("POST", path, {"a": 1}).status == 415


def without_time(told):
    return {key: value for key, value in told.items() if key != "as_of"}


def test_past_is_read_from_a_store_as_through_the_socket(signing, programs):
    """Beside a daemon that runs, and of one that rests; nothing of the store is changed."""
    digest = signing.propose()["digest"]
    signing.kommune.stafet("agreement", "accept", digest)
    signing.wait_signed(digest, "Nordby Sygehus", "Nordby Kommune")
    signing.send(signing.stay.admit())
    text = MIDT.read_text(encoding="utf-8")
    sooner = signing.region.folder / "sooner.agreement"
    sooner.write_text(text.replace('due       = "24h"', 'due       = "2h"'), encoding="utf-8")

    def simulate(against, code=0):
        done = subprocess.run([programs / "stafet", "agreement", "simulate", sooner, "--json",
                               "--against", against], capture_output=True, timeout=60, check=False)
        assert done.returncode == code, done.stderr
        return json.loads(done.stdout) if code == 0 else done.stderr.decode()

    stores = {party: party.folder / f"{party.role if party.role == 'coordinator' else 'node'}.db"
              for party in signing.everybody}
    told = {}
    for party, store in stores.items():
        told[party] = simulate(party.socket)
        assert len(told[party]["deadlines"]) == 1
        running = simulate(store)
        assert without_time(running) == without_time(told[party])
        assert simulate(party.socket)["as_of"] >= running["as_of"] > "2000"
    signing.send(signing.stay.leave())
    for party, store in stores.items():
        party.stop()
        resting = store.read_bytes()
        assert without_time(simulate(store)) == without_time(told[party])
        assert store.read_bytes() == resting
        copy = signing.region.folder / f"copy-of-{store.name}"
        shutil.copy(store, copy)
        assert simulate(copy) == simulate(store)
        with contextlib.closing(sqlite3.connect(copy)) as changed:
            changed.execute("PRAGMA user_version = 1000")
        assert "schema version 1000 was written by a newer program" in simulate(copy, 1)
        with contextlib.closing(sqlite3.connect(copy)) as changed:
            changed.execute("PRAGMA application_id = 1")
        assert "the store of neither a coordinator nor a node" in simulate(copy, 1)
    assert "the store of neither a coordinator nor a node" in simulate(sooner, 1)
    signing.region.coordinator.start()
