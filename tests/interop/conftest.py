"""Shared by all: where the committed files of our C code and of others are."""

import json
import os
import pathlib
import sys

import pytest
from hypothesis import settings

sys.path.insert(0, os.path.dirname(__file__))
sys.path.insert(0, os.path.join(os.path.dirname(__file__), "..", "e2e"))

# Regions of real programs, for client_test.py.
pytest_plugins = ("programs", "speaking")

# Nothing is written beside the sources; the same cases each run.
settings.register_profile("stafet", database=None, derandomize=True, deadline=None)
settings.load_profile("stafet")

TESTS = pathlib.Path(__file__).resolve().parent.parent


class Golden:
    """envelopes.json with its hexadecimal read, and the files beside it."""

    def __init__(self, folder):
        self.folder = folder
        self.all = _unhexed(json.loads((folder / "envelopes.json").read_text()))
        self.parties = {party["name"]: party for party in self.all["parties"]}

    def file(self, name):
        return (self.folder / name).read_bytes()

    def envelopes(self):
        """(batch, envelope) of every one."""
        return [(batch, one) for batch in self.all["batches"] for one in batch["envelopes"]]


def _unhexed(value, name=""):
    if isinstance(value, dict):
        return {key: _unhexed(part, key) for key, part in value.items()}
    if isinstance(value, list):
        return [_unhexed(part, name) for part in value]
    plain = ("about", "name", "author", "envelope", "cover", "recipients", "signer")
    if isinstance(value, str) and name not in plain:
        return bytes.fromhex(value)
    return value


@pytest.fixture(scope="session")
def golden():
    return Golden(TESTS / "golden")


@pytest.fixture(scope="session")
def vectors():
    return TESTS / "vectors"
