"""Reading is itself written down: who, as what, what for, which transition, when, before the answer
is given. At a coordinator the log's next leaf says so too."""

import getpass

from discharge_test import admitted
USAGE = 2


def rows(party, *arguments):
    return party.json("access-log", *arguments)["accesses"]


def test_every_reading_is_kept_with_its_reader(story):
    admitted(story)
    coordinator, kommune = story.region.coordinator, story.kommune
    before = len(rows(kommune, story.transition))

    kommune.stafet("transition", "show", story.transition, "--as", "auditor", "--purpose", "audit")
    last = rows(kommune, story.transition)[-1]
    assert (last["role"], last["purpose"], last["asked"]) == ("auditor", "audit", "transition")
    assert last["account"] == getpass.getuser() and last["transition"] == story.transition
    assert len(rows(kommune, story.transition)) == before + 1  # the access log is no course

    message = kommune.json("inbox", "--all")["messages"][-1]["message"]
    kommune.stafet("message", message, "--as", "clinical", "--purpose", "care")
    last = rows(kommune, story.transition)[-1]
    assert (last["message"], last["role"], last["asked"]) == (message, "clinical", "message")

    # A refusal tells nothing of anybody, and neither does the state of the daemon.
    count = len(rows(kommune))
    kommune.stafet("transition", "show", "0" * 32, code=3)
    kommune.stafet("status")
    assert len(rows(kommune)) == count

    # It outlives the daemon, and stands in the coordinator's log as a leaf.
    kommune.stop()
    kommune.start()
    assert len(rows(kommune)) == count
    leaves = coordinator.json("status")["log_size"]
    coordinator.stafet("transition", "show", story.transition, "--as", "auditor",
                       "--purpose", "audit")
    assert coordinator.json("status")["log_size"] == leaves + 1
    last = rows(coordinator, story.transition)[-1]
    assert (last["role"], last["purpose"]) == ("auditor", "audit")
    assert last["reader"] and last["account"] == getpass.getuser()
    table = coordinator.stafet("access-log", story.transition)
    assert "auditor" in table and getpass.getuser() in table


def test_wrong_words_are_refused_before_anything_is_asked(story):
    story.kommune.stafet("status", "--as", "king", code=USAGE)
    story.kommune.stafet("status", "--purpose", "curiosity", code=USAGE)
