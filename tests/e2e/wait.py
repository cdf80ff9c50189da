"""Waiting for a condition, with a bound. The one place where a test lets time pass."""

import select
import time

STEP_SECONDS = 0.02


class TooLate(AssertionError):
    """The condition did not come true within its bound."""


def until(condition, seconds, what):
    """Returns the first true value of condition(); past the bound raises TooLate, naming what."""
    end = time.monotonic() + seconds
    while True:
        value = condition()
        if value:
            return value
        if time.monotonic() >= end:
            raise TooLate(f"not within {seconds} s: {what}")
        select.select([], [], [], STEP_SECONDS)


def holds(condition, seconds, what):
    """Watches that condition() stays true for so long: for what must not happen."""
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        assert condition(), f"held no longer: {what}"
        select.select([], [], [], STEP_SECONDS)
