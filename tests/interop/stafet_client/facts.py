"""Facts as proto/fact.proto and proto/README.md describe them: what each must and may say."""

import re

from . import schema
from .schema import Malformed

TIME_MS_END = 253402300800000             # the year 10000
DOMAINS = 0b11111


def numbers(word):
    """The numbers of one row of proto/README.md, "Numbers"."""
    for line in (schema.PROTO / "README.md").read_text().splitlines():
        cells = [cell.strip() for cell in line.strip("|").split("|")]
        if len(cells) == 2 and cells[0].strip("`") == word:
            return {int(part.split(":")[-1].split()[0]) for part in re.split("[,;]", cells[1])}
    raise LookupError(f"proto/README.md has no numbers of {word}")


def code(word, optional=False):
    known = numbers(word) | ({0} if optional else set())
    return lambda value: value in known


def size(*sizes):
    return lambda value: len(value) in sizes and (len(value) != 16 or any(value))


def time(value):
    return 0 < value < TIME_MS_END


def time_or_none(value):
    return 0 <= value < TIME_MS_END


def domains(value):
    return value & ~DOMAINS == 0


def version(value):
    return value > 0


def counted(value):
    return value < 1 << 63


def anything(_):
    return True


def each(check, at_most):
    """A repeated field, where no value stands twice."""
    return lambda values: (len(values) <= at_most and all(map(check, values))
                           and len(set(values)) == len(values))


def interval(value):
    """Two times in order, or nothing at all."""
    if not (value.from_ms or value.until_ms or value.confidence):
        return True
    return (time(value.from_ms) and time(value.until_ms) and value.from_ms <= value.until_ms
            and code("Interval.confidence", True)(value.confidence))


def bindings(values):
    roles = [one.role for one in values]
    return len(roles) == len(set(roles)) <= 32 and all(
        role(one.role) and one.state in (1, 2, 3) and size(16 if one.state == 1 else 0)(one.party)
        for one in values)


def carried(values):
    return len(values) <= 16 and all(
        ID(one.subject) and code("duty")(one.duty) and role(one.owner)
        and time_or_none(one.due_ms) for one in values)


role, role_or_none = code("role"), code("role", True)
ID, ID_OR_NONE, DIGEST, DIGEST_OR_NONE = size(16), size(0, 16), size(32), size(0, 32)
AGREEMENT = {"agreement": lambda value: DIGEST(value) and any(value), "on_behalf": each(ID, 32)}
DERIVED = {"subject": ID_OR_NONE, "clause": anything, "due_ms": time_or_none, "level": anything,
           "domains": domains, "to": ID_OR_NONE, "link": code("Derived.link", True),
           "other": ID_OR_NONE, "carried": carried}
STATEMENT = {"subject": ID_OR_NONE, "reader": ID_OR_NONE,
             "role": code("Statement.role", True), "purpose": code("Statement.purpose", True),
             "request": anything, "ground": code("Statement.ground", True),
             "until_sequence": counted, "head": DIGEST_OR_NONE, "code": anything, "size": counted}

RULES = {
    schema.PARTIES: {"version": version, "pathway": code("Parties.pathway"),
                     "agreement": DIGEST_OR_NONE, "active": domains, "person": ID_OR_NONE,
                     "bindings": bindings},
    schema.INTENT: {"expected_ms": time},
    schema.ASSESSMENT: {"code": code("Assessment.code")},
    schema.STAY: {"activity": code("Stay.activity"), "mode": code("Stay.mode"),
                  "stay_class": code("Stay.stay_class"), "event_ms": time_or_none,
                  "report_requested": anything},
    schema.PLAN: {"version": version, "ready": interval, "discharge": interval},
    schema.PLAN_ANSWER: {"code": code("PlanAnswer.code"), "ready_from_ms": time_or_none,
                         "reason": code("PlanAnswer.reason", True), "refer_to_role": role_or_none,
                         "refer_to_party": ID_OR_NONE},
    schema.READY: {"ready_ms": time, "duties_done": anything},
    schema.READY_WITHDRAWN: {},
    schema.AGREE: {"discharge_ms": time},
    schema.OFFER: {"domains": domains, "to": role},
    schema.ACCEPT: {"domains": domains, "by_person": anything},
    schema.REFUSE: {"refer_to_role": role_or_none, "refer_to_party": ID_OR_NONE,
                    "not_ours": anything},
    schema.WITHDRAW: {"domains": domains},
    schema.AGREEMENT_PROPOSE: AGREEMENT,
    schema.AGREEMENT_ACCEPT: AGREEMENT,
    schema.AGREEMENT_END: AGREEMENT,
    schema.ARRIVED: {"arrived_ms": time},
    schema.LETTER: {"code": code("Letter.code"), "mark": code("Letter.mark", True)},
    schema.OBLIGATION: {"action": code("Obligation.action"), "subject": ID_OR_NONE,
                        "clause": anything, "duty": code("duty", True), "due_ms": time_or_none,
                        "owner": role_or_none, "refer_to_role": role_or_none,
                        "refer_to_party": ID_OR_NONE, "hold_until_ms": time_or_none,
                        "treatment": role_or_none, "payer": role_or_none},
    schema.QUESTION: {"to": role, "answer_by_ms": time_or_none},
    schema.ANSWER: {"by_person": anything},
    schema.WINDOW: {"action": code("Window.action"), "until_ms": time_or_none},
    schema.DISPUTE: {"code": code("Dispute.code")},
    schema.RESOLVE: {},
    schema.FALLBACK: {"with": role, "at_ms": time},
    schema.CLOSE: {"code": code("Close.code")},
    schema.REOPEN: {},
    schema.ACKNOWLEDGEMENT: {"message_id": ID, "content_id": DIGEST,
                             "body_commitment": DIGEST_OR_NONE,
                             "ack": code("Acknowledgement.ack"), "code": lambda it: it < 65536},
    **dict.fromkeys(range(schema.EXPIRED, schema.LINKED), DERIVED),
    schema.LINKED: {**DERIVED, "subject": ID, "link": code("Derived.link"), "other": ID},
    schema.ACCESS: {**STATEMENT, "reader": ID, "role": code("Statement.role"),
                    "purpose": code("Statement.purpose"), "request": version},
    schema.ERASED: {**STATEMENT, "subject": ID, "ground": code("Statement.ground"),
                    "until_sequence": lambda value: value and counted(value),
                    "head": lambda value: DIGEST(value) and any(value)},
    schema.ALARM: {**STATEMENT, "code": version},
}


def read(kind, content):
    """The fact of that kind, or Malformed with the name of the field."""
    fact = schema.read_strictly(schema.FACTS[kind], content)
    for name, check in RULES[kind].items():
        if not check(getattr(fact, name)):
            raise Malformed(f"{fact.DESCRIPTOR.name}.{name}")
    return fact
