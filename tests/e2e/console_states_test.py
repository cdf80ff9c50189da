"""What a node's pages look like when something is open, refused or about to end, and on paper
(tests/console/browser/states.mjs). Skipped as console_test.py is."""

import os

from console_test import make_stage, pytestmark  # noqa: F401, for this file as well
from morning import Morning


def test_every_dialog_is_for_everybody(stage):
    """WCAG 2.1 AA by axe-core, reflow and texts, at three widths in two languages."""
    Morning(stage).lay_out()
    stage.told["watcher"] = stage.person(stage.parties["kommune"], "vera", "auditor")
    folder = os.environ.get("STAFET_SCREENSHOTS")
    assert stage.play("states.mjs", *[folder] if folder else [])["looked"] > 30
