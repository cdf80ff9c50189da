"""Agreements on the command line, without a daemon: check and explain."""

import json
import pathlib
import re
import subprocess

import pytest

ROOT = pathlib.Path(__file__).resolve().parents[2]
EXAMPLES = sorted((ROOT / "deploy" / "examples").glob("*.agreement"))
EXPLANATIONS = ROOT / "tests" / "unit" / "audit" / "explanations"


def digest_of(printed):
    return printed.splitlines()[2]


@pytest.mark.parametrize("example", EXAMPLES, ids=lambda path: path.stem)
def test_example_is_checked_and_has_a_digest(stafet, example):
    printed = stafet("agreement", "check", example)
    assert re.fullmatch(rf"ok\n{example.stem} version 1\n[0-9a-f]{{64}}\n", printed)
    told = json.loads(stafet("agreement", "check", "--json", example))
    assert told == {"name": example.stem, "version": 1, "digest": digest_of(printed)}


def test_both_regions_are_among_the_examples():
    names = {path.stem for path in EXAMPLES}
    assert {"region-midtjylland", "region-hovedstaden", "handover"} <= names


@pytest.mark.parametrize("language", ["da", "en"])
@pytest.mark.parametrize("name", ["region-midtjylland", "region-hovedstaden"])
def test_example_is_explained_as_the_golden_text(stafet, name, language):
    printed = stafet("agreement", "explain", "--lang", language, ROOT / f"deploy/examples/{name}.agreement")
    assert printed == (EXPLANATIONS / f"{name}.{language}.txt").read_text(encoding="utf-8")


def test_explain_is_danish_when_nothing_is_said(stafet):
    path = ROOT / "deploy/examples/handover.agreement"
    assert stafet("agreement", "explain", path) == stafet("agreement", "explain", "--lang=da", path)
    assert "Indtil kommunen siger ja, bliver ansvaret" in stafet("agreement", "explain", path)


def test_digest_follows_what_is_said_not_how_it_is_written(stafet):
    text = (ROOT / "deploy/examples/handover.agreement").read_text(encoding="utf-8")
    before = digest_of(stafet("agreement", "check", "-", stdin=text.encode()))
    commented = "# another remark\n" + text.replace('silence = "stays"', "").replace("\t", " ")
    assert digest_of(stafet("agreement", "check", "-", stdin=commented.encode())) == before
    changed = text.replace('"care", "medication"', '"care"')
    assert digest_of(stafet("agreement", "check", "-", stdin=changed.encode())) != before


def test_what_is_wrong_is_named_with_file_and_line(folder, programs):
    path = folder / "wrong.agreement"
    path.write_text('agreement "a" {\nversion = 1\ntime-zone = "Europe/Copenhagen"\n'
                    'pathway "somatic" {\nexpectation "e" {\nclause = 1\narises-on = "stay.home"\n'
                    '} } }\n', encoding="utf-8")
    done = subprocess.run([programs / "stafet", "agreement", "check", path], capture_output=True,
                          timeout=60, check=False)
    assert done.returncode == 1
    assert done.stdout == b""
    assert f"stafet: {path}:7: 'arises-on' must be a fact".encode() in done.stderr


@pytest.mark.parametrize("arguments, code", [
    (("check", "/nowhere.agreement"), 3),
    (("check",), 2),
    (("explain", "--lang", "sv", EXAMPLES[0]), 2),
    (("sing", EXAMPLES[0]), 2),
    (("list", "--socket", "/nowhere.sock"), 6),
    (("propose", "--socket", "/nowhere.sock", EXAMPLES[0]), 6),
    (("simulate", "--against", "/nowhere.sock", EXAMPLES[0]), 6),
])
def test_exit_codes_are_those_of_every_command(stafet, arguments, code):
    stafet("agreement", *arguments, code=code)


def test_unknown_time_zone_is_an_error(stafet):
    text = b'agreement "a" { version = 1 time-zone = "Europe/Nowhere" pathway "somatic" { } }'
    stafet("agreement", "check", "-", stdin=text, code=1)
