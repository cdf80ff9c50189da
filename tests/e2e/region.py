"""A region of real programs in one folder: made by the commands that a person types."""

import contextlib
import json
import os

import canary
from local import Local
from ports import free_port
from proxy import Proxy
from wait import until

AGREEMENT = """
agreement "test" {
  version   = 1
  time-zone = "Europe/Copenhagen"
  pathway "somatic" {
    handover { on = "stay.discharge-home"  offers = {"care", "medication"}  to = "municipality" }
  }
}
"""

COORDINATOR = """
keys       = "keys"
store      = "coordinator.db"
socket     = "{socket}"
listen     = "tcp://127.0.0.1:{port}"
name       = "test"
region     = "nord"
registrars = {{{registrars}}}
registrar-threshold = {threshold}
agreements = {{"agreement.conf"}}
delivery {{ redeliver = "{redeliver}" }}
"""

NODE = """
keys       = "keys"
store      = "{store}"
socket     = "{socket}"
registrars = {{{registrars}}}
registrar-threshold = {threshold}
{more}
coordinator {{
  endpoint = "tcp://127.0.0.1:{port}"
  public   = "{coordinator}"
}}
contact {{ name = "Vagten" telephone = "00000000" }}
delivery {{ acknowledge-timeout = "{acknowledge}" retry = "1s" stored-timeout = "2s" }}
"""

# Invented codes with right check digits (tests/samples/README.md); the first two receive and send
# MedCom's own samples.
CODES = {
    "Herlev Hospital": ("265161000016000", "5790000209354"),
    "Herlev Kommune": ("953741000016009", "5790001348120"),
    "Nordby Sygehus": ("990011000016008", "5790999000017"),
    "Sydby Sygehus": ("990021000016004", "5790999000024"),
    "Nordby Kommune": ("990031000016002", "5790999000031"),
    "Sydby Kommune": ("990041000016009", "5790999000048"),
    "Oestby Kommune": ("990051000016007", "5790999000055"),
    "Laegerne Nordby": ("990061000016005", "5790999000062"),
    "Lægerne Nordby": ("990061000016005", "5790999000062"),
}


class Party:
    """A key folder with its place in the directory, and the daemon that uses it."""

    def __init__(self, region, name, role):
        self.region, self.name, self.role = region, name, role
        self.sor, self.gln = CODES.get(name, ("", ""))
        self.folder = region.folder / name.lower().replace(" ", "-")
        self.folder.mkdir()
        self.socket = region.folder / f"{self.folder.name[:40]}.sock"
        self.local = Local(self.socket)
        self.entry = self.folder / "entry.sfe"
        self.entry_count = 1
        self.config = self.folder / "stafet.conf"
        self.daemon, self.environment = None, None
        self.pseudonym_key = None

    def make_keys(self):
        codes = ("--sor", self.sor, "--gln", self.gln) if self.sor else ()
        self.region.stafet("keys", "init", self.folder / "keys", "--name", self.name,
                           "--role", self.role, *codes)
        return self

    def sign(self, registrar=None):
        """By one registrar who is named, or by as many of the region's as must."""
        self.region.stafet("registrar", "sign", registrar or self.region.registrar,
                           self.folder / "keys" / "request.sfr", "-o", self.entry, "--yes")
        if not registrar:
            self.region.cosign(self.entry)
        return self

    def approve(self, code=0):
        self.region.stafet("registry", "approve", self.entry,
                           "--socket", self.region.coordinator.socket, code=code)
        return self

    def revoke(self):
        """Every key, from now, in an entry that the coordinator has recorded."""
        self.entry_count += 1
        newest = self.folder / f"entry-{self.entry_count}.sfe"
        self.region.stafet("registrar", "revoke", self.region.registrar, self.entry, "--all",
                           "-o", newest)
        self.region.cosign(newest)
        self.entry = newest
        return self.approve()

    def show(self):
        return json.loads(self.region.stafet("keys", "show", self.folder / "keys", "--json"))

    def stafet(self, *arguments, code=0):
        return self.region.stafet(*arguments, "--socket", self.socket, code=code)

    def json(self, *arguments):
        return json.loads(self.stafet(*arguments, "--json"))

    def start(self):
        if self.daemon is None:
            program = "coordinator" if self.role == "coordinator" else "node"
            self.daemon = self.region.daemons(
                f"{self.folder.name}/daemon", [self.region.programs / f"stafet-{program}",
                                               self.config],
                lambda _: self.local.answers(), self.environment)
        else:
            self.daemon.start()
        return self

    def stop(self):
        self.daemon.stop()

    def kill(self):
        self.daemon.kill()

    def restart(self):
        self.stop()
        return self.start()

    def wait_connected(self, seconds=20):
        until(self.local.connected, seconds, f"{self.name} is connected")
        return self


class Region:
    """daemons(name, command, ready) starts a daemon, stafet(*arguments, code=0) runs the command.
    A majority of the registrars must sign: registrar does, and as many of the others as must."""

    def __init__(self, folder, programs, daemons, stafet, acknowledge="5s", redeliver="2s",
                 registrars=1):
        self.folder, self.programs = folder, programs
        self.daemons, self.stafet = daemons, stafet
        self.acknowledge, self.redeliver = acknowledge, redeliver
        self.registrar = folder / "registrar"
        self.registrars = [self.registrar, *(folder / f"registrar-{number}"
                                             for number in range(2, registrars + 1))]
        self.threshold = registrars // 2 + 1
        self.port = free_port()
        self.nodes, self.proxies = [], {}
        for registrar in self.registrars:
            stafet("registrar", "init", registrar)
        self.coordinator = self._make_coordinator()

    def _make_coordinator(self):
        party = Party(self, "coordinator", "coordinator").make_keys().sign()
        (party.folder / "agreement.conf").write_text(AGREEMENT)
        party.config.write_text(COORDINATOR.format(
            socket=party.socket, port=self.port, redeliver=self.redeliver,
            **self._trust(self.registrars)))
        return party

    def _trust(self, registrars):
        """Of a configuration: whose signatures count, and how many must be there."""
        return {"registrars": ", ".join(f'"{folder / "registrar.pub"}"' for folder in registrars),
                "threshold": len(registrars) // 2 + 1}

    def cosign(self, entry):
        """What the first registrar signed, by as many more as must."""
        for registrar in self.registrars[1:self.threshold]:
            self.stafet("registrar", "cosign", registrar, entry, "-o", entry, "--yes")

    def start(self):
        self.coordinator.start()
        self.coordinator.approve()
        return self

    def party(self, name, role):
        """Keys and a configuration; not in the directory, not started."""
        party = Party(self, name, role).make_keys()
        self.configure(party)
        return party

    def configure(self, party, port=None, store="node.db", registrar=None, coordinator=None):
        party.config.write_text(NODE.format(
            socket=party.socket, store=store, port=port or self.port,
            **self._trust([registrar] if registrar else self.registrars),
            acknowledge=self.acknowledge,
            more=f'pseudonym-key = "{party.pseudonym_key}"' if party.pseudonym_key else "",
            coordinator=coordinator or self.coordinator.folder / "keys" / "coordinator.pub"))

    def node(self, name, role, through_proxy=False, connected=True):
        """An enrolled node that is running."""
        party = self.party(name, role).sign().approve()
        if through_proxy:
            self.proxies[name] = Proxy(self.port)
            self.configure(party, port=self.proxies[name].port)
        party.start()
        self.nodes.append(party)
        return party.wait_connected() if connected else party

    def proxy(self, party):
        return self.proxies[party.name]

    def wait_directory(self, seconds=20):
        """Every running node has the coordinator's newest directory."""
        def same():
            newest = self.coordinator.local.ask("status").directory_version
            return all(party.local.ask("status").directory_version == newest
                       for party in self.nodes if party.daemon.running())
        until(same, seconds, "every node has the directory")
        return self

    def assert_blind(self, *stays):
        """No file of the coordinator names a patient, its log included, and no file of a node:
        what a node keeps of letters is sealed at rest."""
        words = sorted({word for stay in stays for word in stay.canaries()})
        assert words
        for party in (self.coordinator, *self.nodes):
            canary.assert_absent(party.folder, words)

    def close(self):
        for proxy in self.proxies.values():
            with contextlib.suppress(OSError):
                proxy.close()


def seed():
    """Of this run; STAFET_SEED repeats one."""
    value = int(os.environ.get("STAFET_SEED") or int.from_bytes(os.urandom(4), "big"))
    print(f"STAFET_SEED={value}")
    return value
