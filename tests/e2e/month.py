"""The one period of indicators: a calendar month in Danish time."""

from datetime import datetime, time, timedelta, timezone
from urllib.parse import urlencode
from zoneinfo import ZoneInfo

DENMARK = ZoneInfo("Europe/Copenhagen")


def days_of_month(day):
    """The first and the last day of the month that has the day."""
    first = day.replace(day=1)
    return first, (first + timedelta(days=31)).replace(day=1) - timedelta(days=1)


def month_options(day):
    first, last = days_of_month(day)
    return ["--from", str(first), "--to", str(last)]


def month_query(day=None):
    """That of today when none is given."""
    first, last = days_of_month(day or datetime.now(DENMARK).date())
    begin, end = (datetime.combine(each, time(), DENMARK).astimezone(timezone.utc)
                  .strftime("%Y-%m-%dT%H:%M:%SZ") for each in (first, last + timedelta(days=1)))
    return urlencode({"from": begin, "to": end})
