"""Random cases of zones, holidays and deadlines, answered by Python's own means and checked by C.

    calendar_cases.py CALENDAR_CHECK [SEED [COUNT]]

Local time comes from zoneinfo, holidays from Gauss's Easter rule, and a deadline is counted day by
day through a list of what counts: written from DOMAIN section 7 and the words of the rules, not
from src/core/.
"""

import random
import subprocess
import sys
import time
from datetime import date, datetime, timedelta, timezone
from zoneinfo import ZoneInfo

NEVER = 2**63 - 1
EPOCH = date(1970, 1, 1)
UTC_EPOCH = datetime(1970, 1, 1, tzinfo=timezone.utc)
MINUTE_MS = 60_000
DAY_MS = 86_400_000
ZONES_END_MS = 47847 * DAY_MS  # zones are written out to the end of 2100 (src/os/zone.h)
RULES = ("minutes days working-days reading-hours day-at working-day-at before-discharge"
         " before-discharge-day").split()
ZONES = ("Europe/Copenhagen America/New_York Europe/Dublin Australia/Lord_Howe Pacific/Apia"
         " Asia/Kathmandu Africa/Casablanca America/Nuuk Asia/Gaza Antarctica/Troll"
         " America/Sao_Paulo Asia/Tehran Pacific/Chatham Etc/UTC").split()


def moment(time_ms):
    return UTC_EPOCH + timedelta(milliseconds=time_ms)


def milliseconds(when):
    return (when - UTC_EPOCH) // timedelta(milliseconds=1)


class Zone:
    def __init__(self, name):
        self.info = ZoneInfo(name)

    def offset(self, time_ms):
        return int(moment(time_ms).astimezone(self.info).utcoffset().total_seconds())

    def local(self, time_ms):
        wall = moment(time_ms).astimezone(self.info).replace(tzinfo=None)
        whole = wall.replace(second=0, microsecond=0)
        return ((wall.date() - EPOCH).days, whole.hour * 60 + whole.minute,
                (wall - whole) // timedelta(milliseconds=1))

    def instant(self, day, minute):
        """The first instant that shows this wall clock, else the change that skips it."""
        wall = datetime.combine(EPOCH, datetime.min.time()) + timedelta(days=day, minutes=minute)
        aware = wall.replace(tzinfo=self.info, fold=0)
        back = aware.astimezone(timezone.utc).astimezone(self.info).replace(tzinfo=None)
        if back == wall:
            return milliseconds(aware.astimezone(timezone.utc))
        # Skipped: look for the change between two instants with different offsets.
        middle = milliseconds(wall.replace(tzinfo=timezone.utc))
        low, high = middle - 2 * DAY_MS, middle + 2 * DAY_MS
        before = self.offset(low)
        while high - low > 1:
            half = (low + high) // 2
            low, high = (half, high) if self.offset(half) == before else (low, half)
        return high


def easter(year):
    """Gauss's rule with Lichtenberg's correction."""
    k = year // 100
    m = 15 + (3 * k + 3) // 4 - (8 * k + 13) // 25
    s = 2 - (3 * k + 3) // 4
    a = year % 19
    d = (19 * a + m) % 30
    r = (d + a // 11) // 29
    og = 21 + d - r
    sz = 7 - (year + year // 4 + s) % 7
    oe = 7 - (og - sz) % 7
    return date(year, 3, 1) + timedelta(days=og + oe - 1)


def holidays(year):
    found = {date(year, 1, 1), date(year, 12, 25), date(year, 12, 26)}
    sunday = easter(year)
    distances = [-3, -2, 0, 1, 39, 49, 50]
    if year < 2024:
        distances.append(26)  # Store bededag: the fourth Friday after Easter
    return found | {sunday + timedelta(days=days) for days in distances}


HOLIDAYS = {(day - EPOCH).days for year in range(1960, 2110) for day in holidays(year)}


class Calendar:
    def __init__(self, zone, danish, suspended, reading, daily):
        self.zone, self.danish, self.suspended = zone, danish, suspended
        self.reading, self.daily = reading, daily

    def open(self, day):
        return not any(first <= day <= last for first, last in self.suspended)

    def working(self, day):
        free = self.danish and ((EPOCH + timedelta(days=day)).weekday() >= 5 or day in HOLIDAYS)
        return self.open(day) and not free

    def resume(self, time_ms):
        day = self.zone.local(time_ms)[0]
        if self.open(day):
            return time_ms
        while not self.open(day):
            day += 1
        return self.zone.instant(day, 0)

    def elapse(self, start, amount_ms, counts, first_minute, last_minute, may_end_at_close):
        day = self.zone.local(start)[0]
        while True:
            if counts(day):
                begin = max(start, self.zone.instant(day, first_minute))
                end = (self.zone.instant(day + 1, 0) if last_minute == 1440
                       else self.zone.instant(day, last_minute))
                length = end - begin
                if length > amount_ms or (may_end_at_close and length >= max(amount_ms, 0)):
                    return begin + amount_ms
                amount_ms -= max(length, 0)
            day += 1

    def later(self, day, amount, counts):
        while amount > 0:
            day += 1
            amount -= counts(day)
        return day

    def due(self, parts, base, discharge, planned):
        minute_now = self.zone.local(base)[1]
        rule = None
        for part in parts:
            if part[3] < 0 or minute_now < part[3]:
                rule = part
        if rule is None:
            return NEVER
        name, amount, minute, _ = rule
        if name == "before-discharge":
            return discharge
        if name == "before-discharge-day":
            known = planned if planned != NEVER else discharge
            return known if known == NEVER else self.zone.instant(self.zone.local(known)[0], minute)
        start = self.resume(base)
        day, clock, rest = self.zone.local(start)
        if name == "minutes":
            found = self.elapse(start, amount * MINUTE_MS, self.open, 0, 1440, False)
        elif name == "reading-hours":
            first, last = self.reading if self.reading != (0, 0) else (0, 1440)
            counts = self.open if self.daily else self.working
            found = self.elapse(start, amount * 60 * MINUTE_MS, counts, first, last, True)
        else:
            counts = self.working if "working" in name else self.open
            then = self.later(day, amount, counts)
            if name.endswith("-at"):
                found = self.zone.instant(then, minute)
            else:
                found = start if then == day else self.zone.instant(then, clock) + rest
        return self.resume(found)


def near_change(chance, zone, time_ms):
    """Moves half of the times to a change of the clock in the same year, give or take hours."""
    if chance.random() < 0.5:
        return time_ms
    offset = zone.offset(time_ms)
    for step in range(1, 53):
        later = time_ms + step * 7 * DAY_MS
        if zone.offset(later) != offset:
            low, high = later - 7 * DAY_MS, later
            while high - low > 1:
                half = (low + high) // 2
                low, high = (half, high) if zone.offset(half) == offset else (low, half)
            return high + chance.choice((-1, 0, 1, chance.randint(-DAY_MS, DAY_MS)))
    return time_ms


def random_time(chance, zone):
    return near_change(chance, zone, chance.randrange(0, 47482 * DAY_MS))  # 1970 to 2099


def zone_cases(chance, zone, count):
    for _ in range(count):
        time_ms = random_time(chance, zone)
        yield f"O {time_ms} {zone.offset(time_ms)}"
        yield "L {} {} {} {}".format(time_ms, *zone.local(time_ms))
        day, minute, _ = zone.local(time_ms)
        minute = chance.choice((minute, chance.randrange(1440)))
        yield f"I {day} {minute} {zone.instant(day, minute)}"


def random_part(chance, conditional):
    name = chance.choice(RULES)
    largest = {"minutes": 20000, "days": 60, "working-days": 40, "reading-hours": 300}.get(name, 5)
    amount = chance.choice((0, 1, 1, 2, chance.randint(0, largest)))
    minute = chance.choice((0, 120, 150, 179, 180, 720, 1439, chance.randrange(1440)))
    return name, amount, minute, chance.randrange(1440) if conditional else -1


def deadline_case(chance, zone):
    base = random_time(chance, zone)
    today = zone.local(base)[0]
    suspended = []
    for _ in range(chance.choice((0, 0, 1, 2, 3))):
        first = today + chance.randint(-8, 30)
        suspended.append((first, first + chance.randint(0, 12)))
    first = chance.choice((0, 480, chance.randrange(1400)))
    reading = chance.choice(((0, 0), (480, 900), (first, chance.randint(first + 1, 1439))))
    calendar = Calendar(zone, chance.random() < 0.8, suspended, reading, chance.random() < 0.3)
    parts = [random_part(chance, i > 0 or chance.random() < 0.1)
             for i in range(chance.choice((1, 1, 2, 3)))]
    discharge, planned = (chance.choice((NEVER, base + chance.randint(-20, 20) * DAY_MS
                                         + chance.randrange(DAY_MS))) for _ in range(2))
    due = calendar.due(parts, base, discharge, planned)
    if ZONES_END_MS <= due < NEVER:  # 191 hours, read three minutes a day, are fifteen years
        return deadline_case(chance, zone)
    numbers = [int(calendar.danish), len(suspended)]
    numbers += [number for period in suspended for number in period]
    numbers += [*reading, int(calendar.daily), len(parts)]
    for name, amount, minute, before in parts:
        numbers += [RULES.index(name) + 1, amount, minute, before]
    return " ".join(map(str, ["D", *numbers, base, discharge, planned, due]))


def cases(seed, count):
    chance = random.Random(seed)
    for name in ZONES:
        yield f"Z {name}"
        yield from zone_cases(chance, Zone(name), count // 20)
    yield "Z Europe/Copenhagen"
    for day in range(-3000, ZONES_END_MS // DAY_MS):
        weekday = (EPOCH + timedelta(days=day)).weekday()
        yield f"H {day} {weekday} {int(day in HOLIDAYS)}"
    zone = Zone("Europe/Copenhagen")
    for _ in range(count):
        yield deadline_case(chance, zone)


def main():
    program = sys.argv[1]
    seed = int(sys.argv[2]) if len(sys.argv) > 2 else time.time_ns() % 2**32
    count = int(sys.argv[3]) if len(sys.argv) > 3 else 6000
    print(f"seed {seed}, {count} deadlines", flush=True)
    text = "".join(line + "\n" for line in cases(seed, count))
    return subprocess.run([program], input=text, text=True, check=False).returncode


if __name__ == "__main__":
    sys.exit(main())
