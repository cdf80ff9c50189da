"""`stafet demo`: one command shows the region at work, checks it, and leaves nothing behind."""

import http.client
import json
import os
import pathlib
import re
import subprocess

import pytest

PROGRAM = pathlib.Path(os.environ["STAFET_PROGRAMS"]) / "stafet"
BOUND_S = 240  # keys, ten daemons and twenty seconds of story, on a busy machine with sanitizers


def run(folder, *words):
    return subprocess.run([PROGRAM, "demo", *words], capture_output=True, text=True,
                          timeout=BOUND_S, check=False,
                          env={**os.environ, "TMPDIR": str(folder)})


def left_behind(folder):
    return [path for path in folder.iterdir() if path.name.startswith("stafet-demo-")]


@pytest.fixture(name="told", scope="module")
def run_once(tmp_path_factory):
    folder = tmp_path_factory.mktemp("demo")
    done = run(folder, "--ci", "--json", "--for", "20s", "--seed", "7")
    assert done.returncode == 0, done.stderr
    return done, json.loads(done.stdout), folder


def test_everything_handed_in_is_accounted_for(told):
    _, figures, _ = told
    assert figures["ok"] is True
    assert figures["seed"] == 7
    assert figures["letters"] > 10
    assert figures["acknowledged"] + figures["pending"] == figures["letters"]
    assert figures["acknowledged"] > 0
    assert figures["lost"] == 0
    assert figures["doubled"] == 0
    assert figures["not_taken"] == 0
    assert figures["fatal_seen"] == figures["fatal_expected"] == 1


def test_one_holder_per_domain_is_asked_for_everywhere(told):
    _, figures, _ = told
    assert figures["transitions"] > 5
    # Medical at least, at the coordinator, the hospital and the municipality.
    assert figures["domains_checked"] >= 3 * (figures["transitions"] - 1)
    assert figures["holders_wrong"] == 0


def test_node_is_killed_and_comes_back(told):
    done, figures, _ = told
    assert figures["restarts"] == 1
    assert "is switched off" in done.stderr
    assert "is switched on again" in done.stderr


def test_coordinator_is_scanned_and_blind(told):
    _, figures, _ = told
    assert figures["control_found"] is True
    # Its store, the journal beside it, its log and its configuration.
    assert figures["files_scanned"] >= 3
    assert figures["canaries_found"] == 0


def test_parties_plan_and_ask_besides_letters(told):
    done, figures, _ = told
    assert figures["said"] > 5
    for words in ("  plan  recorded", "  plan-answer  recorded", "  question  recorded"):
        assert words in done.stderr, done.stderr


def test_feed_is_for_people_and_json_for_programs(told):
    done, _, folder = told
    assert done.stdout.count("\n") == 1
    assert "acknowledged" in done.stderr
    assert "\x1b" not in done.stderr
    assert left_behind(folder) == []


def test_links_sign_in_at_the_consoles(tmp_path):
    """A hospital, a municipality and the coordinator have a console, and each link opens it once."""
    with subprocess.Popen([PROGRAM, "demo", "--ci", "--for", "6s"], stdout=subprocess.PIPE, text=True,
                          env={**os.environ, "TMPDIR": str(tmp_path)}) as demo:
        links = []
        for line in demo.stdout:
            if "#enter=" in line:
                links.append(re.search(r"(\d+)/console/#enter=(\S+)", line).groups())
            if len(links) == 3:
                break
        daemons = []
        for port, code in links:
            for status in (200, 401):
                answer = post(int(port), "/console/session", {"code": code})
                assert answer[0] == status, answer
                daemons += [answer[1]["daemon"]] if status == 200 else []
        rest = demo.stdout.read()
        assert demo.wait(BOUND_S) == 0, rest
    assert sorted(daemons) == ["coordinator", "node", "node"]


def post(port, path, body):
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=20)
    connection.request("POST", path, json.dumps(body), {"Content-Type": "application/json"})
    response = connection.getresponse()
    told = (response.status, json.loads(response.read()))
    connection.close()
    return told


def test_what_cannot_be_meant_is_a_usage_error(tmp_path):
    for words in (("--for", "never"), ("--for", "0s"), ("--seed", "x"), ("--what",)):
        done = run(tmp_path, *words)
        assert done.returncode == 2, words
        assert done.stderr
    assert left_behind(tmp_path) == []


def test_folder_that_cannot_be_made_is_said(tmp_path):
    done = run(tmp_path / "not there", "--ci", "--for", "1s")
    assert done.returncode == 1
    assert "temporary folder" in done.stderr
