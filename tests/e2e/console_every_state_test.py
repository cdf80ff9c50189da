"""Every state of the console by axe (tests/console/browser/every_state.mjs): dialogs, refusals, waits, empty lists,
what goes wrong. One region for all of it. Skipped as console_test.py is."""

import pytest
from console_safety_test import Rooms
from console_test import pytestmark  # noqa: F401, for this file as well


@pytest.fixture(name="rooms", scope="module")
def make_rooms(lasting_region, templates):
    return Rooms(lasting_region, templates)


@pytest.mark.parametrize("part, count", [("door", 15), ("table", 30), ("transition", 35), ("region", 25)])
def test_every_state_is_for_everybody(rooms, part, count):
    assert len(rooms.play("every_state.mjs", part)["seen"]) >= count
