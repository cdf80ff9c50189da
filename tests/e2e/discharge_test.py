"""A whole discharge by command line, on three nodes: who has the baton, until when, by which clause.

Read test_from_admission_to_closed as the story it is; the others are what goes wrong in real life.
"""

from letters import Stay
from month import month_options
from story import Story
from wait import until

USAGE, NOT_FOUND, REFUSED = 2, 3, 4
DERIVED = ("expired", "escalated", "window-ended", "passed", "silent", "closed")


def admitted(story):
    """Tuesday morning a citizen is admitted; the hospital asks for the admission report."""
    story.at("Tuesday", "09:00")
    story.send(story.stay.admit, "--gp", "Laegerne Nordby")
    story.letter(story.kommune, "admission-report")
    return story


def planned(story):
    """Wednesday a plan, with the care plan; the municipality can receive the citizen on Friday."""
    story.at("Wednesday", "10:00")
    story.letter(story.hospital, "care-plan")
    story.say(story.hospital, "plan", "--ready", f"{story.text('Friday', '08:00')}/"
              f"{story.text('Friday', '12:00')}", "--discharge", f"{story.text('Friday', '12:00')}/"
              f"{story.text('Friday', '20:00')}", "--confidence", "medium")
    return story


def discharged(story):
    """Friday at two the citizen goes home, as both had agreed."""
    planned(admitted(story))
    story.say(story.kommune, "answer", "accept", "--ready-from", story.text("Friday", "12:00"))
    story.at("Friday", "09:00")
    story.say(story.hospital, "ready")
    story.say(story.hospital, "agree", story.text("Friday", "14:00"))
    story.say(story.kommune, "agree", story.text("Friday", "14:00"))
    story.at("Friday", "14:00")
    story.send(story.stay.discharge)
    return story


def test_from_admission_to_closed(story):
    hospital, kommune, gp = story.hospital, story.kommune, story.gp

    # Tuesday at nine: admitted. The hospital has everything; a report is owed within 24 hours.
    story.at("Tuesday", "09:00")
    story.send(story.stay.admit, "--gp", "Laegerne Nordby")
    story.assert_state("open")
    story.assert_holders(medical="Nordby Sygehus", care="Nordby Sygehus",
                         medication="Nordby Sygehus")
    story.assert_next(f"Nordby Kommune must see to admission-report before "
                      f"{story.text('Wednesday', '09:00')} (clause 2-2).")
    story.letter(kommune, "admission-report")
    assert "admission-report" not in story.owed()

    # Wednesday: the plan, uncertain as plans are. The municipality must answer in a working day.
    planned(story)
    story.assert_state("planning")
    story.assert_next(f"Nordby Kommune must answer the plan before "
                      f"{story.text('Thursday', '10:00')} (clause 2-5).")
    story.say(kommune, "answer", "accept", "--ready-from", story.text("Friday", "12:00"))
    story.assert_state("preparing")

    # Friday at nine the doctor declares her ready; both sides agree on two o'clock.
    story.at("Friday", "09:00")
    story.say(hospital, "ready")
    story.assert_state("ready")
    story.say(hospital, "agree", story.text("Friday", "14:00"))
    assert "Nordby Kommune must confirm the time of discharge" in story.next_line(kommune)
    story.say(kommune, "agree", story.text("Friday", "14:00"))
    story.assert_state("agreed")

    # Friday at two: home. Care and medication are offered; nothing moves by itself.
    story.at("Friday", "14:00")
    notice = story.send(story.stay.discharge)
    story.assert_state("in-transit")
    story.assert_holders(medical="Nordby Sygehus", care="Nordby Sygehus")
    story.assert_next(f"Nordby Kommune must answer the offer of care, medication before "
                      f"{story.text('Friday', '18:00')} (clause 2-7).")
    assert ("next", "Nordby Kommune", "answer-offer") in [
        (what, who, "answer-offer") for what, who, _ in story.board(kommune)]
    assert story.board(kommune, overdue=True) == []

    # Friday at three the citizen is home and the municipality takes over.
    story.at("Friday", "15:00")
    story.say(kommune, "arrived")
    kommune.stafet("accept", notice)
    story.settle()
    story.assert_state("shared")
    story.assert_holders(medical="Nordby Sygehus", care="Nordby Kommune",
                         medication="Nordby Kommune")
    screen = kommune.stafet("transition", "show", story.transition)
    assert f"{story.seen('next Monday', '14:00')}, then gp" in screen, screen
    assert story.deviations() == []

    # The letters: one for the doctor, marked yellow, and a plan for rehabilitation.
    story.letter(hospital, "discharge-letter", "--mark", "yellow", "--to", "gp")
    story.letter(hospital, "rehabilitation-plan")
    kommune.stafet("accept", story.transition)
    story.settle()
    story.assert_holders(rehabilitation="Nordby Kommune")
    assert story.owed(gp) == {"marked-letter-reviewed": "requested",
                              "rehabilitation-start": "requested"}

    # Saturday the home nurse asks; for 72 hours the hospital is the one who answers.
    story.at("Saturday", "10:00")
    question = story.say(kommune, "ask", "hospital", "--answer-by", story.text("Saturday", "12:00"))
    story.assert_next(f"Nordby Sygehus must answer the question before "
                      f"{story.text('Saturday', '12:00')}.")
    hospital.stafet("reply", question)
    story.settle()
    assert "answer" not in story.owed()

    # Monday at two the window ends: the GP, who has signed and was told, has the treatment now.
    story.at("next Monday", "14:05")
    until(lambda: "window-ended" in story.kinds(story.region.coordinator), 10, "the window ended")
    story.settle()
    story.assert_state("follow-up")
    story.assert_holders(medical="Laegerne Nordby", care="Nordby Kommune")
    story.duty(gp, "complete", "gp-review")
    story.duty(kommune, "start", "rehabilitation")
    if "rehabilitation" in story.owed():
        story.duty(kommune, "complete", "rehabilitation")

    # Nobody owes anything: it closes by itself, and nobody has to remember to close it.
    until(lambda: story.show(story.region.coordinator)["state"] == "closed", 10, "it is closed")
    story.settle()
    story.assert_state("closed")
    story.assert_next("nothing, it is closed.")
    for party in story.everybody():
        assert story.board(party, overdue=True) == []
        assert story.deviations(party) == []

    # What was known when can always be told.
    then = story.show(kommune, "--at", story.text("Friday", "14:30"), "--known-by",
                      "Nordby Kommune")
    assert then["state"] == "in-transit"
    assert {row["domain"]: row["party_name"] for row in then["holders"]}["care"] == "Nordby Sygehus"

    # One discharge is too few for a figure: a person could be recognised.
    figures = story.region.coordinator.json(
        "indicators", *friday_month(story),
        "--by", "municipality")
    group, = figures["groups"]
    assert group["name"] == "Nordby Kommune"
    stays = next(row for row in group["figures"] if row["indicator"] == "stays")
    assert (stays["value"], stays["cases"], stays["small"]) == ("<5", None, True)
    story.region.assert_blind(story.stay)


def test_plan_and_readiness_ride_on_the_letters_that_carry_them(story, samples):
    """The hospital's system hands in XDIS21 and XDIS19: nobody types again what they say."""
    def ride(name):
        text = (samples / "stafet-xdis" / name).read_text(encoding="utf-8")
        for old, new in (("7105620019", story.stay.cpr), ("2026-11-24", story.text("Friday", "")),
                         ("2026-11-25", story.text("Friday", ""))):
            text = text.replace(old, new)
        path = story.region.folder / name
        path.write_text(text, encoding="utf-8")
        story.hospital.stafet("send", path, "--wait", 20)
        story.settle()

    admitted(story)
    story.at("Wednesday", "10:00")
    ride("care_plan.xml")
    course = story.show(story.kommune)["course"]
    assert course["plan_version"] == 1
    assert course["hospital_agrees"] == story.clock.utc("Friday", "13:30")
    assert "care-plan" not in story.owed()
    story.assert_state("planning")
    story.say(story.kommune, "answer", "accept", "--ready-from", story.text("Friday", "12:00"))
    story.at("Friday", "11:10")
    ride("readiness.xml")
    story.assert_state("ready")
    assert story.show(story.kommune)["course"]["ready"] == story.clock.utc("Friday", "11:05")
    story.say(story.kommune, "agree", story.text("Friday", "13:30"))
    story.assert_state("agreed")


def test_silence_is_overdue_on_both_boards_and_moves_nothing(story):
    discharged(story)
    story.at("Friday", "18:05")
    until(lambda: "expired" in story.kinds(story.region.coordinator), 10, "the deadline passed")
    story.settle()
    assert story.owed()["care-accepted"] == "expired"
    assert any(who == "Nordby Kommune" for _, who, _ in story.board(story.kommune, overdue=True))
    assert any(what == "alarm" for what, _, _ in story.board(story.hospital, overdue=True))
    assert story.board(story.region.coordinator, overdue=True)
    story.assert_holders(care="Nordby Sygehus", medication="Nordby Sygehus")
    assert story.next_line().endswith("Overdue.")
    # Somebody has it in hand: the alarm is off the hospital's board, the duty is still owed.
    story.duty(story.kommune, "see-alarm", "care-accepted")
    assert not any(what == "alarm" for what, _, _ in story.board(story.hospital, overdue=True))
    story.kommune.stafet("accept", story.transition)
    story.settle()
    story.assert_holders(care="Nordby Kommune")
    assert "care-accepted" not in story.owed()
    assert "late" in story.deviations()


def test_not_ours_names_another_municipality_and_the_hospital_binds_it(story):
    other = story.join("Sydby Kommune", "municipality")
    planned(admitted(story))
    story.say(story.kommune, "answer", "not-ours", code=USAGE)
    story.say(story.kommune, "answer", "not-ours", "--refer-to", "Sydby Kommune")
    course = story.show(story.hospital)["course"]
    assert (course["answer"], course["refer_to_name"]) == ("not-ours", "Sydby Kommune")
    assert story.next_line().startswith("Next: Nordby Sygehus must")
    story.assert_holders(care="Nordby Sygehus")
    story.say(story.hospital, "bind", "municipality", "Sydby Kommune")
    assert story.show(other)["municipality_name"] == "Sydby Kommune"
    assert "Sydby Kommune must answer the plan" in story.next_line(other)


def test_stay_whose_end_never_comes_is_closed_by_hand_and_opened_again(story):
    admitted(story)
    story.at("next Wednesday", "09:00")
    story.say(story.kommune, "close", "end-never-came")
    story.assert_state("closed")
    assert story.show(story.hospital)["holders"] == []
    assert story.board(story.region.coordinator) == []
    story.say(story.hospital, "plan", "--ready", "+1d", "--discharge", "+2d", code=REFUSED)
    story.say(story.hospital, "reopen")
    story.assert_state("open")
    story.assert_holders(medical="Nordby Sygehus", care="Nordby Sygehus")


def test_decided_discharge_whose_letter_is_never_sent_is_found(story):
    admitted(story)
    story.at("Thursday", "09:00")
    story.say(story.hospital, "intent", story.text("Thursday", "15:00"))
    assert story.owed()["send-documents"] == "requested"
    story.at("Thursday", "15:05")
    until(lambda: story.owed(story.region.coordinator)["send-documents"] == "expired", 10,
          "it is late")
    story.settle()
    assert any(who == "Nordby Sygehus" for _, who, _ in story.board(story.hospital, overdue=True))
    story.send(story.stay.discharge)
    assert "send-documents" not in story.owed()


def test_practice_without_a_node_leaves_the_treatment_at_the_hospital(clock, region, templates):
    """The window ends, and nobody can be told: the hospital keeps it and is asked to find somebody."""
    story = Story(clock, region, templates, gp_node=False)
    story.sign_agreement()
    story.at("Tuesday", "09:00")
    story.send(story.stay.admit)
    story.say(story.hospital, "bind", "gp", "not-enrolled")
    screen = story.kommune.stafet("transition", "show", story.transition)
    assert "gp            - (not-enrolled)" in screen, screen
    story.at("Friday", "14:00")
    story.send(story.stay.discharge)
    story.kommune.stafet("accept", story.transition)
    story.settle()
    story.at("next Monday", "14:05")
    until(lambda: "window-ended" in story.kinds(story.region.coordinator), 10, "the window ended")
    story.settle()
    story.assert_holders(medical="Nordby Sygehus", care="Nordby Kommune")
    assert "find-receiver" in story.deviations()
    assert "find-receiver" in story.owed()
    assert ("next", "Nordby Sygehus", "find-receiver") in story.board(story.hospital)


def test_discharge_that_is_cancelled_after_acceptance_gives_everything_back(story):
    discharged(story)
    story.kommune.stafet("accept", story.transition)
    story.settle()
    story.assert_holders(care="Nordby Kommune", medication="Nordby Kommune")
    story.send(story.stay.cancel_discharge)
    story.assert_holders(medical="Nordby Sygehus", care="Nordby Sygehus",
                         medication="Nordby Sygehus")
    assert story.show(story.kommune)["stay"] == "in-hospital"
    assert not {"care-accepted", "discharge-letter"} & set(story.owed())
    windows = story.show(story.kommune)["windows"]
    assert [window["state"] for window in windows] == ["annulled"]


def test_what_a_party_did_not_know_yet_can_be_told(story):
    """A plan reaches the municipality when its node is back; what it knew stays told."""
    admitted(story)
    coordinator = story.region.coordinator

    def plan_known(*options):
        return story.show(coordinator, *options)["course"]["plan_version"]

    story.kommune.stop()
    story.hospital.stafet("plan", story.transition, "--ready", "+1d", "--discharge", "+2d")
    until(lambda: plan_known() == 1, 10, "the plan is recorded")
    assert plan_known("--known-by", "Nordby Kommune") == 0
    assert plan_known("--known-by", "Laegerne Nordby") == 1
    before = coordinator.json("status")["now"]
    story.kommune.start().wait_connected()
    story.settle()
    assert plan_known("--known-by", "Nordby Kommune") == 1
    assert plan_known("--known-by", "Nordby Kommune", "--at", before) == 0
    assert plan_known("--at", before) == 1
    assert story.show(story.kommune, "--at", before)["course"]["plan_version"] == 1
    own = story.show(story.kommune, "--at", before, "--known-by", "Nordby Kommune")
    assert own["course"]["plan_version"] == 0, "its node knows when it came"
    screen = coordinator.stafet("transition", "show", story.transition, "--known-by",
                                "Nordby Kommune", "--at", before)
    assert "as known by Nordby Kommune, up to event" in screen
    story.region.stafet("transition", "show", story.transition, "--known-by", "Nobody",
                        "--socket", coordinator.socket, code=NOT_FOUND)


def test_coordinator_that_restarts_fires_what_is_due_once(story):
    discharged(story)
    story.at("Friday", "18:05")
    until(lambda: "expired" in story.kinds(story.region.coordinator), 10, "the deadline passed")
    story.settle()
    derived = [kind for kind in story.kinds() if kind in DERIVED]
    for _ in range(2):
        story.region.coordinator.restart()
        for node in story.nodes:
            node.wait_connected()
        story.settle()
    story.region.coordinator.kill()
    story.region.coordinator.start()
    for node in story.nodes:
        node.wait_connected()
    story.settle()
    assert [kind for kind in story.kinds() if kind in DERIVED] == derived
    for node in story.nodes:
        assert story.kinds(node) == story.kinds(story.region.coordinator)


def friday_month(story):
    return month_options(story.clock.moment("Friday", "12:00").date())


def figures(story, *options):
    """indicator to figure, of the month of the story's Friday, for all together."""
    groups = story.region.coordinator.json("indicators", *friday_month(story), *options)["groups"]
    return {row["indicator"]: row for row in groups[0]["figures"]} if groups else {}


def test_five_discharges_are_a_figure_and_four_are_none(story, templates, monkeypatch):
    story.at("Tuesday", "09:00")
    stays = [Stay(templates, story.hospital, story.kommune) for _ in range(5)]
    for stay in stays:
        story.stay = stay
        story.send(stay.admit)
    story.at("Friday", "14:00")
    for count, stay in enumerate(stays, 1):
        story.stay = stay
        story.send(stay.discharge)
        stays_figure = figures(story)["stays"]
        assert stays_figure["value"] == ("5" if count == 5 else "<5")
        assert stays_figure["small"] == (count < 5)
    assert figures(story)["plan-before-discharge"]["value"] == "0.0"
    for words in (["--by", "municipality"], ["--by", "planning-area"], ["--by", "pathway"]):
        assert figures(story, *words)["stays"]["value"] == "5"
    lines = story.region.coordinator.stafet(
        "indicators", *friday_month(story), "--csv").split("\n")
    assert any(line.startswith('"all",stays,5,stays,5,"') for line in lines), lines
    screen = story.region.coordinator.stafet(
        "indicators", "--from", "2020-01-01", "--to", "2020-01-31")
    assert screen.startswith("no discharges in this period")
    # Nothing but one whole month: of two periods that overlap the difference would be small.
    for first, last in (("2026-02-30", "2026-03-01"), ("2026-02-01", "2026-02-27"),
                        ("2026-02-01", "2026-03-31"), ("2026-02-02", "2026-02-28")):
        story.region.coordinator.stafet("indicators", "--from", first, "--to", last, code=USAGE)
    # The months are Denmark's, whatever zone the machine has.
    with monkeypatch.context() as elsewhere:
        elsewhere.setenv("TZ", "UTC")
        assert figures(story)["stays"]["value"] == "5"
        shown = story.region.coordinator.json("indicators", "--from", "2026-11-01", "--to", "2026-11-30")
    assert (shown["from"], shown["to"]) == ("2026-10-31T23:00:00.000Z", "2026-11-30T23:00:00.000Z")
