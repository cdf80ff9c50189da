"""Erasing: what is gone is gone, proofs stay valid, and nobody erases a patient somebody answers for."""

import json
import sqlite3

from discharge_test import admitted, discharged
from wait import until

NOT_FOUND, REFUSED, CONFLICT, USAGE = 3, 4, 5, 2


def closed(story):
    discharged(story)
    story.kommune.stafet("accept", story.transition)
    story.settle()
    story.say(story.kommune, "close", "end-never-came")
    story.settle()
    story.assert_state("closed")
    return story


def columns(path, table, *names):
    with sqlite3.connect(f"file:{path}?mode=ro", uri=True) as store:
        return store.execute(f"SELECT {', '.join(names)} FROM {table}").fetchall()


def erased(party, transition, *arguments, code=0):
    text = party.stafet("erase", transition, *arguments, "--json", code=code)
    return json.loads(text) if code == 0 else None


def test_an_open_transition_is_erased_only_by_mistake_or_order(story):
    admitted(story)
    for party in (story.region.coordinator, story.kommune):
        party.stafet("erase", story.transition, "--ground", "retention", code=CONFLICT)
        party.stafet("erase", story.transition, code=USAGE)
        party.stafet("erase", story.transition, "--ground", "boredom", code=USAGE)
    story.region.coordinator.stafet("erase", story.transition, "--ground", "mistake")


def test_covers_facts_and_keys_go_and_the_log_stays_good(story):
    closed(story)
    coordinator, kommune, hospital = story.region.coordinator, story.kommune, story.hospital
    events = len(story.show(coordinator)["events"])
    before = coordinator.json("log", "status")

    # A preview says what would go, and takes nothing.
    preview = erased(coordinator, story.transition, "--ground", "citizen", "--preview")
    assert not preview["done"]
    assert {row["what"]: row["count"] for row in preview["erased"]}["events"] == events
    assert {row["name"] for row in preview["asked"]} >= {"Nordby Sygehus", "Nordby Kommune"}
    assert len(story.show(coordinator)["events"]) == events

    assert erased(coordinator, story.transition, "--ground", "citizen")["done"]
    coordinator.stafet("transition", "show", story.transition, code=NOT_FOUND)
    coordinator.stafet("erase", story.transition, "--ground", "citizen", code=CONFLICT)
    rows = columns(coordinator.folder / "coordinator.db", "event", "hex(transition)", "cover",
                   "receipt", "r", "message_id", "leaf")
    gone = [row for row in rows if row[0].lower() == story.transition]
    assert len(gone) == events
    for _, cover, receipt, blinding, message, leaf in gone:
        assert cover == receipt == b"" and not any(blinding) and not any(message)
        assert len(leaf) == 42
    # The log goes on over the gap, and everything that is kept of it holds.
    until(lambda: coordinator.json("log", "status")["size"] > before["size"], 15, "a checkpoint")
    assert coordinator.json("log", "verify")["fault"] == ""
    assert kommune.json("log", "verify")["fault"] == ""

    # Each party decides for its own copy: it is asked, and still has it.
    until(lambda: any(what == "erase" for what, _, _ in story.board(kommune)), 10, "it is asked")
    assert len(story.show(kommune)["events"]) == events
    done = {row["what"]: row["count"] for row in
            erased(kommune, story.transition, "--ground", "citizen")["erased"]}
    assert done["content key"] == 1 and done["events"] == events
    assert done["letters received"] >= 2 and done["links to patient and episode"] >= 1
    kommune.stafet("transition", "show", story.transition, code=NOT_FOUND)
    assert not any(what == "erase" for what, _, _ in story.board(kommune))
    assert columns(kommune.folder / "node.db", "content_key", "transition") == []
    assert kommune.json("log", "verify")["fault"] == ""

    # The hospital kept its copy. What it says now is answered, and dropped everywhere.
    hospital.stafet("reopen", story.transition)
    until(lambda: not hospital.json("outbox", "--open")["deliveries"], 10, "it was answered")
    coordinator.stop()
    coordinator.start()
    coordinator.stafet("transition", "show", story.transition, code=NOT_FOUND)


def test_content_at_rest_is_sealed(story):
    """A stolen disk of a node names nobody: letters stand sealed in its store."""
    admitted(story)
    story.region.assert_blind(story.stay)
    # And are read by who may.
    message = story.kommune.json("inbox", "--all")["messages"][0]["message"]
    shown = story.kommune.json("message", message)
    assert shown["cpr"] == story.stay.cpr
