"""Courses that do not go straight home, by command line, as the people see them who live them.

The ordinary course stands in discharge_test.py; tests/sim/scenarios has these in one process.
"""

import pytest
from wait import until

FAILED, USAGE, NOT_FOUND, REFUSED = 1, 2, 3, 4


def know_persons(story, *hospitals):
    """A region's hospitals share one key: two stays of a citizen can be seen to be one person's."""
    key = story.region.folder / "region.key"
    story.region.stafet("keys", "pseudonym", key)
    for hospital in hospitals:
        hospital.pseudonym_key = key
        story.region.configure(hospital)


def duty(story, name, party=None):
    """The row of an open duty or clause, as the party sees it."""
    row, = [row for row in story.show(party or story.kommune)["obligations"] if row["open"] and
            name == (row["name"] if row["duty"] == "expectation" else row["duty"])]
    return row


def owes(story, name):
    """(who, by when) of an open duty."""
    row = duty(story, name)
    return row["owner_name"], row["due"]


def next_step(story, party=None):
    """(who, what) comes next, as everybody sees it."""
    steps = set()
    for each in [party] if party else story.everybody():
        row = story.show(each)["next"]
        what = row["name"] if row["duty"] == "expectation" else row["duty"] or row["next"]
        steps.add((row["party_name"], what))
    assert len(steps) == 1, steps
    return steps.pop()


def minute(moment):
    """Of a time that JSON has to the millisecond."""
    return moment[:16]


def test_transfer_between_hospitals(story):
    """Anna is moved from Nordby Sygehus to Sydby Sygehus. No message says so in Denmark: Sydby
    simply admits her. The first course ends there and everybody in it is told where it goes on;
    the bed that the home nurse was asked to put up is still owed, now for Sydby's discharge."""
    sydby = story.join("Sydby Sygehus", "hospital")
    know_persons(story, story.hospital, sydby)
    story.at("Tuesday", "09:00")
    story.send(story.stay.admit, "--gp", "Laegerne Nordby")
    story.letter(story.kommune, "admission-report")
    story.duty(story.hospital, "request", "assistive-devices", "--owner", "municipality",
               "--due", story.text("next Monday", "12:00"))
    first = story.transition

    story.at("Thursday", "10:00")
    story.stay = story.stay.another(sydby)
    story.send(story.stay.admit, "--gp", "Laegerne Nordby", by=sydby)
    second, story.transition = story.transition, first
    story.settle()
    assert second != first
    story.assert_state("closed")
    for party in story.everybody():
        course = story.show(party)["course"]
        assert (course["link"], course["linked"]) == ("continued-in", second), party.name
        assert story.board(party) == [] and story.owed(party) == {}
    story.say(story.hospital, "ready", code=REFUSED)
    sydby.stafet("transition", "show", first, code=NOT_FOUND)

    story.transition = second
    story.hospital.stafet("transition", "show", second, code=NOT_FOUND)
    story.assert_state("open")
    story.assert_holders(medical="Sydby Sygehus", care="Sydby Sygehus", social="Sydby Sygehus")
    assert story.show(story.kommune)["course"]["linked"] == first
    assert owes(story, "assistive-devices") == (
        "Nordby Kommune", story.clock.utc("next Monday", "12:00"))
    who, due = owes(story, "admission-report")
    assert (who, minute(due)) == ("Nordby Kommune", story.clock.utc("Friday", "10:00")[:16])
    assert next_step(story) == ("Nordby Kommune", "admission-report")

    # She goes home from Sydby, and only Sydby is relieved by what the municipality accepts.
    story.letter(story.kommune, "admission-report")
    story.at("Saturday", "11:00")
    notice = story.send(story.stay.discharge, by=sydby)
    story.kommune.stafet("accept", notice)
    story.settle()
    story.assert_holders(medical="Sydby Sygehus", care="Nordby Kommune")
    story.duty(story.kommune, "complete", "assistive-devices")
    assert "assistive-devices" not in story.owed(sydby)
    assert story.board(story.region.coordinator, overdue=True) == []


def test_later_on_an_offer(story):
    """Grete is sent home on Tuesday before anybody has planned it, and the municipality can come on
    Wednesday only. It says so of the offer: everybody sees the promise, the hospital holds on, and
    what has not come by Wednesday is missing at the municipality. Who was last heard of when, each
    node says by itself."""
    heard = {row["party_name"]: row["heard"] for row in story.kommune.json("directory")["parties"]}
    assert heard["Laegerne Nordby"] is None, "it has not said anything yet"
    story.at("Tuesday", "09:00")
    story.send(story.stay.admit, "--gp", "Laegerne Nordby")
    story.say(story.kommune, "answer", "later", "--ready-from", story.text("Wednesday", "08:00"),
              code=REFUSED)  # there is no plan to answer
    story.say(story.kommune, "answer", "later", "--offer", "--ready-from",
              story.text("Wednesday", "08:00"), code=USAGE)  # and nothing is offered yet
    story.at("Tuesday", "14:00")
    story.send(story.stay.discharge)
    story.say(story.kommune, "answer", "accept", "--offer", "--ready-from",
              story.text("Wednesday", "08:00"), code=USAGE)
    story.say(story.kommune, "answer", "later", "--offer", "--ready-from",
              story.text("Wednesday", "08:00"))
    story.assert_state("in-transit")
    story.assert_holders(care="Nordby Sygehus", medication="Nordby Sygehus")
    promised = story.clock.utc("Wednesday", "08:00")
    for party in story.everybody():
        offer, = story.show(party)["offers"]
        assert (offer["state"], offer["promised"]) == ("open", promised), party.name
        assert "later, from " in story.next_line(party)
    who, due = owes(story, "promised-answer")
    assert (who, due) == ("Nordby Kommune", promised)

    story.at("Wednesday", "08:05")
    assert duty(story, "promised-answer")["state"] == "expired"
    assert ("next", "Nordby Kommune", "answer-offer") in story.board(story.kommune, overdue=True)
    assert ("alarm", "Nordby Sygehus", "promised-answer") in story.board(story.hospital)
    story.assert_holders(care="Nordby Sygehus")
    story.kommune.stafet("accept", story.transition)
    story.settle()
    story.assert_holders(care="Nordby Kommune", medication="Nordby Kommune")
    assert "promised-answer" not in story.owed()
    for party in (story.hospital, story.kommune):
        heard = {row["party_name"]: row["heard"] for row in party.json("directory")["parties"]}
        assert heard["Nordby Kommune"][:13] == promised[:13], party.name
        assert heard["Nordby Sygehus"] >= story.clock.utc("Tuesday", "14:00"), party.name
    story.kommune.stop()
    story.kommune.start()
    again = {row["party_name"]: row["heard"] for row in story.kommune.json("directory")["parties"]}
    assert again == heard, "over a restart"


DESKS = """\
00000101 weekdays 07-15 Hjemmesygeplejen, dag
00000102 weekends 07-15 Hjemmesygeplejen, weekend
00000103 all 15-23 Hjemmesygeplejen, aften
00000104 all 23-07 Hjemmesygeplejen, nat
"""


def test_whom_to_call_by_the_hour(story):
    """The municipality's desks are in its entry of the directory. Everybody is told the one that is
    answered at that hour, and who is next: by day, in the night, on a Saturday. What a letter about
    this very patient says comes before it, while its time lasts."""
    kommune = story.kommune
    desks = story.region.folder / "desks"
    desks.write_text("00000101 weekdays 07-25 Hjemmesygeplejen\n")
    wrong = kommune.region.stafet("keys", "contacts", kommune.folder / "keys", "--contacts", desks,
                                  code=FAILED)
    assert wrong == ""
    desks.write_text(DESKS)
    kommune.region.stafet("keys", "contacts", kommune.folder / "keys", "--contacts", desks)
    previous, kommune.entry = kommune.entry, kommune.folder / "entry-2.sfe"
    shown = kommune.region.stafet("registrar", "show", kommune.folder / "keys" / "request.sfr")
    assert "00000104         all       23:00-07:00  Hjemmesygeplejen, nat" in shown
    kommune.region.stafet("registrar", "sign", kommune.region.registrar,
                          kommune.folder / "keys" / "request.sfr", "--previous", previous,
                          "-o", kommune.entry, "--yes")
    kommune.approve()
    story.region.wait_directory()

    def called(party, domain="care"):
        row, = [row for row in story.show(party)["contacts"] if row["domain"] == domain]
        return row["telephone"], row["contact"], row["next_telephone"], row["until"], row["source"]

    story.at("Tuesday", "09:00")
    story.send(story.stay.admit, "--gp", "Laegerne Nordby")
    story.send(story.stay.discharge)
    kommune.stafet("accept", story.transition)
    story.settle()
    for party in story.everybody():
        assert called(party) == ("00000101", "Hjemmesygeplejen, dag", "00000103",
                                 story.clock.utc("Tuesday", "15:00"), "hours"), party.name
    screen = story.hospital.stafet("transition", "show", story.transition)
    assert "Hjemmesygeplejen, dag" in screen and "then Hjemmesygeplejen, aften 00000103" in \
        " ".join(screen.split())
    listed = story.hospital.stafet("directory", "Nordby Kommune")
    assert "23:00-07:00" in listed and "call here until" in listed
    row, = story.gp.json("directory", "Nordby Kommune")["parties"]
    assert [desk["now"] for desk in row["contacts"]] == [True, False, False, False]
    assert row["contacts_until"] == story.clock.utc("Tuesday", "15:00")

    # A letter about her names somebody until four o'clock.
    story.letter(kommune, "admission-report", "--contact", "Sygeplejerske paa Havnevej",
                 "--telephone", "00000199", "--contact-until", story.text("Tuesday", "16:00"))
    assert called(story.hospital) == ("00000199", "Sygeplejerske paa Havnevej", None,
                                      story.clock.utc("Tuesday", "16:00"), "letter")
    # The coordinator has read no letter, and the night has come for the others too.
    assert called(story.region.coordinator)[0] == "00000101"
    story.at("Wednesday", "02:00")
    for party in story.everybody():
        assert called(party)[:3] == ("00000104", "Hjemmesygeplejen, nat", "00000101"), party.name
    story.at("Saturday", "07:30")
    assert called(story.hospital)[:3] == ("00000102", "Hjemmesygeplejen, weekend", "00000103")


def test_rehabilitation_only(story):
    """Erik needs nothing at home but training. The municipality says on the first day that it has
    no case; the hospital's rehabilitation plan then offers training alone. Until the municipality
    has accepted, training is the hospital's; from then on it must begin within seven days."""
    story.at("Tuesday", "09:00")
    story.send(story.stay.admit, "--gp", "Laegerne Nordby")
    story.say(story.kommune, "answer", "no-case")
    story.assert_state("dormant")
    holders = {row["domain"] for row in story.show(story.kommune)["holders"]}
    assert holders == {"medical"}, "without a case nobody is responsible for care at home"
    assert story.owed() == {}
    assert story.board(story.kommune) == []

    story.at("Thursday", "10:00")
    story.letter(story.hospital, "rehabilitation-plan")
    story.assert_holders(rehabilitation="Nordby Sygehus", medical="Nordby Sygehus")
    assert next_step(story) == ("Nordby Kommune", "answer-offer")
    assert "rehabilitation" in story.next_line()
    holders = {row["domain"] for row in story.show(story.kommune)["holders"]}
    assert holders == {"medical", "rehabilitation"}, "training is no case of home care"
    offer, = [row for row in story.show(story.kommune)["offers"] if row["state"] == "open"]
    assert (offer["to_name"], offer["remaining"]) == ("Nordby Kommune", ["rehabilitation"])

    story.kommune.stafet("accept", story.transition)
    story.settle()
    story.assert_holders(rehabilitation="Nordby Kommune", medical="Nordby Sygehus")
    who, due = owes(story, "rehabilitation-start")
    assert (who, minute(due)) == ("Nordby Kommune", story.clock.utc("next Thursday", "10:00")[:16])

    # He goes home on Friday. Nothing else is offered to anybody.
    story.at("Friday", "14:00")
    story.send(story.stay.discharge)
    assert [row for row in story.show(story.kommune)["offers"] if row["state"] == "open"] == []
    assert "care-accepted" not in story.owed()
    story.letter(story.hospital, "discharge-letter", "--to", "gp")

    # Nobody has called him a week later: that is on both boards, and is nobody else's for it.
    story.at("next Thursday", "10:05")
    until(lambda: duty(story, "rehabilitation-start", story.region.coordinator)["state"] ==
          "expired", 10, "the seven days are over")
    story.settle()
    for party, what in ((story.kommune, "next"), (story.hospital, "alarm")):
        assert (what, party.name, "rehabilitation-start") in story.board(party, overdue=True)
    story.assert_holders(rehabilitation="Nordby Kommune", medical="Laegerne Nordby")
    story.duty(story.kommune, "start", "rehabilitation")
    assert story.board(story.region.coordinator, overdue=True) == []


def test_citizen_of_another_region(story):
    """Karl lives in another region, whose municipality has no node here. No neighbour may read his
    letters, so they go to nobody; what he may need is the hospital's, and at the top of its list
    stands that somebody must be found. On Saturday his own municipality joins, is bound, gets the
    newest letter, and takes over. Until then his own hospital was answerable, minute by minute."""
    story.stay.marks.update(RECEIVER_SOR="990051000016007", RECEIVER_GLN="5790999000055",
                            RECEIVER_NAME="Oestby Kommune")
    story.at("Tuesday", "09:00")
    letter = story.region.folder / "letter.json"
    letter.write_bytes(story.stay.admit())
    story.hospital.stafet("send", letter, code=REFUSED)
    story.stay.previous = None
    story.send(story.stay.admit, "--to", "not-enrolled", "--gp", "Laegerne Nordby")
    story.assert_state("open")
    story.assert_holders(medical="Nordby Sygehus", care="Nordby Sygehus", social="Nordby Sygehus")
    story.kommune.stafet("transition", "show", story.transition, code=NOT_FOUND)
    assert story.kommune.json("inbox", "--all")["messages"] == []
    assert "admission-report" not in story.owed(), "nobody is there who could owe it"

    # The hospital's system goes on as it always does; nobody has to say it again.
    story.at("Friday", "14:00")
    story.send(story.stay.discharge)
    story.assert_state("in-transit")
    story.assert_holders(medical="Nordby Sygehus", care="Nordby Sygehus",
                         medication="Nordby Sygehus")
    assert next_step(story, story.hospital) == ("Nordby Sygehus", "find-receiver")
    assert ("next", "Nordby Sygehus", "find-receiver") in story.board(story.hospital)
    assert "care" in story.next_line(story.hospital)
    story.say(story.hospital, "call", "municipality")
    story.assert_holders(care="Nordby Sygehus")

    story.at("Saturday", "10:00")
    oestby = story.join("Oestby Kommune", "municipality")
    story.say(story.hospital, "bind", "municipality", "Oestby Kommune")
    assert "find-receiver" not in story.owed()
    assert next_step(story) == ("Oestby Kommune", "answer-offer")
    newest, = oestby.json("inbox")["messages"]
    assert oestby.stafet("message", newest["message"], "--raw").encode() == letter.read_bytes()
    story.assert_holders(care="Nordby Sygehus")
    oestby.stafet("accept", story.transition)
    story.settle()
    story.assert_holders(medical="Nordby Sygehus", care="Oestby Kommune",
                         medication="Oestby Kommune")
    story.region.assert_blind(story.stay)


def home_on_friday(story):
    """Home on Friday at ten; the municipality has care and medication, the hospital answers for
    the treatment until Monday at ten."""
    story.at("Tuesday", "09:00")
    story.send(story.stay.admit, "--gp", "Laegerne Nordby")
    story.letter(story.kommune, "admission-report")
    story.letter(story.hospital, "care-plan")
    story.at("Friday", "10:00")
    notice = story.send(story.stay.discharge)
    story.kommune.stafet("accept", notice)
    story.settle()
    story.assert_state("shared")
    story.assert_holders(medical="Nordby Sygehus", care="Nordby Kommune")
    window, = story.show(story.kommune)["windows"]
    assert minute(window["until"]) == story.clock.utc("next Monday", "10:00")[:16]


@pytest.mark.parametrize("episode", ["same", "new"])
def test_readmission_inside_the_72_hour_window(story, episode):
    """On Sunday Anna is back at the hospital, which was answerable for her treatment until Monday.
    With her admission the hospital has everything again, the period ends, and the letter about a
    discharge that is over is not asked for. Some hospitals go on with the old episode of care, some
    begin another; nobody at the municipality should notice a difference."""
    know_persons(story, story.hospital)
    home_on_friday(story)
    first = story.transition
    story.at("Sunday", "09:00")
    if episode == "new":
        story.stay = story.stay.another()
    story.send(story.stay.admit, "--gp", "Laegerne Nordby")

    second = story.transition
    assert (second == first) == (episode == "same")
    story.assert_state("open")
    story.assert_holders(medical="Nordby Sygehus", care="Nordby Sygehus",
                         medication="Nordby Sygehus")
    who, due = owes(story, "admission-report")
    assert (who, minute(due)) == ("Nordby Kommune", story.clock.utc("next Monday", "09:00")[:16])
    assert next_step(story) == ("Nordby Kommune", "admission-report")
    assert not {"care-accepted", "discharge-letter"} & set(story.owed())
    story.transition = first
    story.settle()
    for party in story.everybody():
        assert [row["state"] for row in story.show(party)["windows"]] == ["annulled"], party.name
    if episode == "new":
        story.assert_state("closed")
        assert story.show(story.kommune)["course"]["link"] == "continued-in"
        assert story.board(story.kommune) == [] and story.owed() == {}

    # Monday at ten nothing passes to the practice: she lies in hospital.
    story.transition = second
    story.letter(story.kommune, "admission-report")
    story.at("next Monday", "10:05")
    story.assert_holders(medical="Nordby Sygehus", care="Nordby Sygehus")
    assert "window-ended" not in story.kinds(story.region.coordinator)
    assert story.board(story.region.coordinator, overdue=True) == []
