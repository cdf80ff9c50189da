"""What a person types: keys, enrolment, send, inbox, accept, refuse, withdraw, show; exit codes."""

import json
import re
import stat

import pytest
from letters import Stay
from wait import until

OK, FAILED, USAGE, NOT_FOUND, REFUSED, CONFLICT, UNREACHABLE, INTEGRITY = range(8)


class Pair:
    """A hospital, a municipality and a stay between them."""

    def __init__(self, region, templates):
        self.region = region
        self.hospital = region.node("Nordby Sygehus", "hospital")
        self.kommune = region.node("Nordby Kommune", "municipality")
        region.wait_directory()
        self.stay = Stay(templates, self.hospital, self.kommune)
        self.everybody = (self.hospital, self.kommune, region.coordinator)

    def send(self, content):
        path = self.region.folder / "letter.json"
        path.write_bytes(content)
        return json.loads(self.hospital.stafet("send", path, "--wait", 15, "--json"))

    def discharged(self):
        self.send(self.stay.admit())
        return self.send(self.stay.discharge())

    def wait_holders(self, transition, **wanted):
        """Every one of the three says so, in what it prints."""
        for party in self.everybody:
            def agrees(party=party):
                holders = {row["domain"]: row["party_name"] for row in
                           party.json("transition", "show", transition)["holders"]}
                return all(holders.get(domain) == name for domain, name in wanted.items())
            until(agrees, 10, f"{party.name} sees {wanted}")


@pytest.fixture
def pair(region, templates):
    return Pair(region, templates)


def test_letter_is_sent_seen_and_accepted_and_all_three_see_the_new_holder(pair):
    sent = pair.discharged()
    assert sent["answer"] == "stored"
    assert [row["state"] for row in sent["deliveries"]] == ["ok"]
    rows = pair.kommune.json("inbox")["messages"]
    row = next(row for row in rows if row["message"] == sent["message"])
    assert (row["activity"], row["author_name"]) == ("discharge-home", "Nordby Sygehus")
    assert row["offers"] == ["care", "medication"]
    pair.wait_holders(sent["transition"], care="Nordby Sygehus", medical="Nordby Sygehus")
    said = json.loads(pair.kommune.stafet("accept", sent["message"], "--json"))
    assert said["domains"] == ["care", "medication"]
    pair.wait_holders(sent["transition"], care="Nordby Kommune", medication="Nordby Kommune",
                      medical="Nordby Sygehus")
    pair.kommune.stafet("accept", sent["message"], code=REFUSED)
    pair.region.assert_blind(pair.stay)


def test_domain_of_two_is_accepted_and_the_other_refused_with_a_direction(pair):
    sent = pair.discharged()
    pair.kommune.stafet("refuse", sent["message"], code=USAGE)
    pair.kommune.stafet("accept", sent["message"], "--domains", "care")
    pair.wait_holders(sent["transition"], care="Nordby Kommune", medication="Nordby Sygehus")
    show = pair.hospital.json("transition", "show", sent["transition"])
    assert [offer["state"] for offer in show["offers"]] != ["open"] or (
        show["offers"][0]["remaining"] == ["medication"])


def test_refusal_names_a_direction_and_leaves_the_holder(pair):
    sent = pair.discharged()
    pair.kommune.stafet("refuse", sent["message"], "--refer-to", "other-municipality", "--not-ours")
    until(lambda: not pair.hospital.json("transition", "show", sent["transition"])["open_offers"],
          10, "the offer is closed")
    pair.wait_holders(sent["transition"], care="Nordby Sygehus", medication="Nordby Sygehus")


def test_acceptance_asked_back_holds_until_another_accepts(pair):
    sent = pair.discharged()
    accepted = json.loads(pair.kommune.stafet("accept", sent["message"], "--json"))
    pair.wait_holders(sent["transition"], care="Nordby Kommune")
    pair.kommune.stafet("withdraw", accepted["message"])
    def asked():
        return pair.hospital.json("transition", "show", sent["transition"])["open_offers"] >= 1
    until(asked, 10, "the hospital is asked to take it back")
    pair.wait_holders(sent["transition"], care="Nordby Kommune")
    pair.hospital.stafet("accept", sent["transition"])
    pair.wait_holders(sent["transition"], care="Nordby Sygehus", medication="Nordby Sygehus")


def test_offer_by_hand_and_taken_back(pair):
    sent = pair.send(pair.stay.admit())
    offered = json.loads(pair.hospital.stafet("offer", sent["transition"], "--domains", "social",
                                              "--to", "municipality", "--json"))
    until(lambda: pair.kommune.json("transition", "show", sent["transition"])["open_offers"] == 1,
          10, "the offer has come")
    pair.hospital.stafet("withdraw", offered["message"])
    until(lambda: pair.kommune.json("transition", "show", sent["transition"])["open_offers"] == 0,
          10, "and is gone")
    pair.kommune.stafet("accept", offered["message"], code=REFUSED)


def test_listings_answer_in_words_and_in_json(pair):
    sent = pair.discharged()
    message, transition = sent["message"], sent["transition"]
    pair.kommune.stafet("handled", message)
    assert message not in [row["message"] for row in pair.kommune.json("inbox")["messages"]]
    assert message in [row["message"] for row in pair.kommune.json("inbox", "--all")["messages"]]
    for party in pair.everybody:
        for words in (["transition", "list"], ["transition", "show", transition], ["status"],
                      ["directory"], ["outbox"]):
            text = party.stafet(*words)
            assert text.strip()
            party.json(*words)
            assert not any(canary in text for canary in pair.stay.canaries())
    shown = pair.kommune.json("message", message)
    assert shown["cpr"] == pair.stay.cpr
    assert json.loads(shown["content"])["resourceType"] == "Bundle"
    assert json.loads(pair.hospital.stafet("acknowledgement", message))["type"] == "message"
    pair.region.coordinator.stafet("message", message, code=FAILED)


def test_every_exit_code_is_the_documented_one(pair):
    region, hospital = pair.region, pair.hospital
    wrong = region.folder / "wrong.json"
    wrong.write_text("{}")
    hospital.stafet("send", wrong, code=REFUSED)
    hospital.stafet("send", region.folder / "absent.json", code=NOT_FOUND)
    hospital.stafet("send", code=USAGE)
    hospital.stafet("send", wrong, "--no-such-option", code=USAGE)
    region.stafet("no-such-command", code=USAGE)
    hospital.stafet("transition", "show", "0" * 31 + "1", code=NOT_FOUND)
    region.stafet("status", "--socket", region.folder / "nobody.sock", code=UNREACHABLE)
    region.stafet("keys", "init", hospital.folder / "keys", "--name", "Again", "--role", "hospital",
                  code=CONFLICT)
    region.stafet("keys", "show", region.folder / "nowhere", code=NOT_FOUND)
    spoilt = region.folder / "spoilt.sfr"
    request = bytearray((hospital.folder / "keys" / "request.sfr").read_bytes())
    request[len(request) // 2] ^= 1
    spoilt.write_bytes(request)
    region.stafet("registrar", "sign", region.registrar, spoilt, "-o", region.folder / "no.sfe",
                  "--yes", code=INTEGRITY)


def test_recipient_that_is_away_is_told_of_and_waited_for(pair):
    pair.kommune.stop()
    path = pair.region.folder / "letter.json"
    path.write_bytes(pair.stay.admit())
    sent = json.loads(pair.hospital.stafet("send", path, "--wait", 1, "--json", code=UNREACHABLE))
    assert sent["answer"] == "stored"
    pair.kommune.start()
    until(lambda: pair.hospital.local.settled(bytes.fromhex(sent["message"])), 15, "ok at last")


@pytest.mark.parametrize("program", ["node", "coordinator"])
def test_configuration_errors_name_file_and_line(region, programs, program):
    import subprocess
    if program == "node":
        good = region.party("Nordby Sygehus", "hospital").config
    else:
        good = region.coordinator.config

    def check(text):
        path = good.parent / "try.conf"
        path.write_text(text)
        done = subprocess.run([programs / f"stafet-{program}", "--check-config", path],
                              capture_output=True, text=True, timeout=20, check=False)
        return done.returncode, done.stderr + done.stdout, path

    text = good.read_text()
    code, output, path = check(text)
    assert code == OK, output
    lines = text.splitlines()
    line = next(number for number, line in enumerate(lines, 1) if line.startswith("socket"))
    for change in ('sokcet = "x"', 'socket = "x', "socket = {", 'socket-mode = "0777"'):
        wrong = lines[:line - 1] + [change] + lines[line:]
        code, output, path = check("\n".join(wrong) + "\n")
        assert code == FAILED, f"{change}: {output}"
        assert re.search(rf"{re.escape(str(path))}:\d+: \S", output), f"{change}: {output}"
    code, output, path = check(text.replace('socket ', 'sokcet ', 1))
    assert f"{path}:{line}: " in output and "sokcet" in output
    code, output, path = check("\n".join(text.splitlines()[:line - 1]))
    assert code == FAILED and str(path) in output
    done = subprocess.run([programs / f"stafet-{program}", good.parent / "absent.conf"],
                          capture_output=True, text=True, timeout=20, check=False)
    assert done.returncode != OK and "absent.conf" in done.stderr


def test_keys_that_others_can_read_are_refused(region, programs):
    import subprocess
    party = region.party("Nordby Sygehus", "hospital").sign().approve()
    key = party.folder / "keys" / "identity.key"
    assert stat.S_IMODE(key.stat().st_mode) == 0o600
    key.chmod(0o644)
    done = subprocess.run([programs / "stafet-node", party.config], capture_output=True, text=True,
                          timeout=20, check=False)
    assert done.returncode == FAILED
    assert "identity.key" in done.stderr
    key.chmod(0o600)
    party.start().wait_connected()


def test_log_says_no_more_than_its_level(region):
    party = region.party("Nordby Sygehus", "hospital").sign().approve()
    text = party.config.read_text()
    party.config.write_text(text + 'log { level = "error" }\n')
    party.start().wait_connected().stop()
    assert '"started"' not in party.daemon.log_path.read_text()
    party.config.write_text(text)
    party.start().stop()
    assert '"started"' in party.daemon.log_path.read_text()
