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


def months_pass(story, days):
    """All clocks together, while everybody stands still."""
    ahead = int(story.clock.file.read_text()) + days * 86_400_000
    for party in (*story.nodes, story.region.coordinator):
        party.stop()
    story.clock.file.write_text(str(ahead))
    for party in (story.region.coordinator, *story.nodes):
        party.start()
    for node in story.nodes:
        node.wait_connected()


def test_what_is_closed_goes_by_itself_when_its_time_is_over(story):
    closed(story)
    keepers = (story.region.coordinator, story.kommune)
    for party in keepers:
        party.config.write_text(party.config.read_text() + 'retention { closed = "40d" }\n')
    months_pass(story, 30)
    story.assert_state("closed")
    months_pass(story, 12)
    for party in keepers:
        until(lambda party=party: story.transition not in party.stafet("transition", "list"), 30,
              f"{party.name} keeps it no longer")
    # Whose configuration says nothing keeps its copy, and is asked.
    assert story.show(story.hospital)["state"] == "closed"
    until(lambda: any(what == "erase" for what, _, _ in story.board(story.hospital)), 10,
          "the hospital is asked")
