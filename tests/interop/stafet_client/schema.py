"""The messages of proto/, compiled by protoc when asked for, and a strict reader for signed ones."""

import atexit
import importlib
import pathlib
import shutil
import subprocess
import sys
import tempfile

from google.protobuf.descriptor import FieldDescriptor
from google.protobuf.message import DecodeError

PROTO = pathlib.Path(__file__).resolve().parents[3] / "proto"
NAMES = ("envelope", "fact", "frame", "directory", "agreement", "epoch")

VARINT, FIXED64, LENGTH, FIXED32 = 0, 1, 2, 5
TEXT_KINDS = (FieldDescriptor.TYPE_STRING, FieldDescriptor.TYPE_BYTES, FieldDescriptor.TYPE_MESSAGE)


class Malformed(ValueError):
    """Signed bytes that are not in the one form that is allowed."""


def _compile():
    folder = tempfile.mkdtemp(prefix="stafet-proto-")
    atexit.register(shutil.rmtree, folder, True)
    subprocess.run(["protoc", f"--proto_path={PROTO}", f"--python_out={folder}",
                    *(f"{name}.proto" for name in NAMES)], check=True, cwd=PROTO)
    sys.path.insert(0, folder)
    try:
        return [importlib.import_module(f"{name}_pb2") for name in NAMES]
    finally:
        sys.path.remove(folder)


envelope, fact, frame, directory, agreement, epoch = _compile()

# Message.kind (proto/README.md, "Numbers") and the message of fact.proto that it names.
(PARTIES, INTENT, ASSESSMENT, STAY, PLAN, PLAN_ANSWER, READY, READY_WITHDRAWN, AGREE, OFFER, ACCEPT,
 REFUSE, WITHDRAW, AGREEMENT_PROPOSE, AGREEMENT_ACCEPT, AGREEMENT_END, ARRIVED, LETTER, OBLIGATION,
 QUESTION, ANSWER, WINDOW, DISPUTE, RESOLVE, FALLBACK, CLOSE, REOPEN,
 ACKNOWLEDGEMENT) = range(1, 29)
EXPIRED, ESCALATED, WINDOW_ENDED, PASSED, SILENT, CLOSED, LINKED = range(64, 71)
ACCESS, ERASED, ALARM = range(96, 99)
FACTS = {
    PARTIES: fact.Parties, INTENT: fact.Intent, ASSESSMENT: fact.Assessment, STAY: fact.Stay,
    PLAN: fact.Plan, PLAN_ANSWER: fact.PlanAnswer, READY: fact.Ready,
    READY_WITHDRAWN: fact.ReadyWithdrawn, AGREE: fact.Agree, OFFER: fact.Offer,
    ACCEPT: fact.Accept, REFUSE: fact.Refuse, WITHDRAW: fact.Withdraw,
    AGREEMENT_PROPOSE: fact.AgreementFact, AGREEMENT_ACCEPT: fact.AgreementFact,
    AGREEMENT_END: fact.AgreementFact, ARRIVED: fact.Arrived, LETTER: fact.Letter,
    OBLIGATION: fact.Obligation, QUESTION: fact.Question, ANSWER: fact.Answer,
    WINDOW: fact.Window, DISPUTE: fact.Dispute, RESOLVE: fact.Resolve, FALLBACK: fact.Fallback,
    CLOSE: fact.Close, REOPEN: fact.Reopen, ACKNOWLEDGEMENT: fact.Acknowledgement,
    **dict.fromkeys(range(EXPIRED, LINKED + 1), fact.Derived),
    **dict.fromkeys((ACCESS, ERASED, ALARM), fact.Statement)}


def read(kind, content):
    """Not strict: what is not signed, where later versions may add fields."""
    try:
        return kind.FromString(content)
    except DecodeError as error:
        raise Malformed(f"{kind.DESCRIPTOR.name}: {error}") from error


def read_strictly(kind, content):
    """Refuses unknown fields, a second value of a singular field, bad UTF-8 and U+0000."""
    _walk(kind.DESCRIPTOR, content)
    return read(kind, content)


def _walk(descriptor, content):
    seen, place = set(), 0
    while place < len(content):
        tag, place = _varint(content, place)
        number, form = tag >> 3, tag & 7
        field = descriptor.fields_by_number.get(number)
        if field is None:
            raise Malformed(f"{descriptor.name} has no field {number}")
        repeated = field.label == FieldDescriptor.LABEL_REPEATED
        if number in seen and not repeated:
            raise Malformed(f"{descriptor.name}.{field.name} stands twice")
        seen.add(number)
        packed = repeated and form == LENGTH and field.type not in TEXT_KINDS
        if form != _form(field) and not packed:
            raise Malformed(f"{descriptor.name}.{field.name} is of another type")
        value, place = _value(content, place, form)
        _check(descriptor, field, value)


def _form(field):
    return LENGTH if field.type in TEXT_KINDS else VARINT


def _check(descriptor, field, value):
    if field.type == FieldDescriptor.TYPE_MESSAGE:
        _walk(field.message_type, value)
    elif field.type == FieldDescriptor.TYPE_STRING:
        try:
            text = value.decode("utf-8")
        except UnicodeDecodeError as error:
            raise Malformed(f"{descriptor.name}.{field.name} is not UTF-8") from error
        if "\0" in text:
            raise Malformed(f"{descriptor.name}.{field.name} has a zero byte")


def _varint(content, place):
    value = 0
    for count in range(10):
        if place >= len(content):
            raise Malformed("ends inside a number")
        byte = content[place]
        place += 1
        value |= (byte & 0x7F) << (7 * count)
        if not byte & 0x80:
            if value >> 64:
                break
            return value, place
    raise Malformed("a number of more than 64 bits")


def _value(content, place, form):
    if form == VARINT:
        return _varint(content, place)
    if form == LENGTH:
        size, place = _varint(content, place)
    else:
        size = {FIXED64: 8, FIXED32: 4}.get(form)
        if size is None:
            raise Malformed("groups are not used")
    if size > len(content) - place:
        raise Malformed("ends inside a field")
    return content[place:place + size], place + size
