"""What tests with the independent client share: enrolled peers and the facts they say."""

import pytest

from stafet_client import directory, schema
from stafet_client.peer import Peer

OK, TRANSIENT_ERROR, FATAL_ERROR = 1, 2, 3
BOUND, UNKNOWN = 1, 2
JSON = "application/fhir+json"
CODES = {"Sydby Sygehus": ("990021000016004", "5790999000024"),
         "Sydby Kommune": ("990041000016009", "5790999000048"),
         "Laegerne Sydby": ("990071000016000", "5790999000079")}


@pytest.fixture
def peers(region):
    """peers(name, role): an enrolled independent party that has said hello."""
    made = []

    def make(name, role, connect=True):
        peer = Peer(name, role, *CODES[name])
        made.append(peer)
        enrol(region, peer)
        if connect:
            assert peer.dial(f"tcp://127.0.0.1:{region.port}"), "the handshake"
            peer.hello()
        return peer

    yield make
    for peer in made:
        peer.close()


def enrol(region, peer):
    """As a person does it: a request file, signed by the registrar, approved at the coordinator."""
    request, entry = (region.folder / f"{peer.party.hex()}.{end}" for end in ("sfr", "sfe"))
    request.write_bytes(peer.request())
    region.stafet("registrar", "show", request)
    region.stafet("registrar", "sign", region.registrar, request, "-o", entry, "--yes")
    region.stafet("registry", "approve", entry, "--socket", region.coordinator.socket)
    peer.trust(region.registrar / "registrar.pub",
               region.coordinator.folder / "keys" / "coordinator.pub")


def parties(peer, municipality, agreement=b"", **fields):
    """The fact that opens a transition."""
    fact = schema.fact.Parties(version=1, pathway=1, active=0b10111, agreement=agreement)
    fact.bindings.add(role=directory.HOSPITAL, state=BOUND, party=peer.party)
    fact.bindings.add(role=directory.MUNICIPALITY, state=BOUND, party=municipality)
    fact.bindings.add(role=directory.GP, state=UNKNOWN)
    return peer.write(fields.pop("transition"), schema.PARTIES, fact, [municipality], **fields)


def stay(peer, municipality, transition, activity, letter, **fields):
    fact = schema.fact.Stay(activity=activity, mode=1, stay_class=2, event_ms=1795000000000)
    return peer.write(transition, schema.STAY, fact, [municipality],
                      {"content_type": JSON, "content": letter.content,
                       "patient": schema.envelope.Patient(cpr=letter.cpr, name=letter.name)},
                      **fields)


class Letter:
    def __init__(self, stay, content):
        self.content, self.cpr = content, stay.cpr
        self.name = f"{stay.given} {stay.family}"


def id_of(party):
    return bytes.fromhex(party.show()["party"])


def answer_to(said):
    """The acknowledgement of a message of ours."""
    return lambda heard: (heard.message.kind == schema.ACKNOWLEDGEMENT
                          and heard.fact().message_id == said.id)
