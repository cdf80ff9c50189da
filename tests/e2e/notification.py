"""A HospitalNotification judged by MedCom's table of codes, status, activity and deceased (README of
dk-medcom-hospitalnotification), in code that shares nothing with Stafet's reader."""

import json
import re

STRUCTURE = "http://medcomfhir.dk/ig/hospitalnotification/StructureDefinition/"
# code: (activity without its prefix, class, status new and revised, status cancelled)
TABLE = {
    "STAA": ({"admit-emergency"}, {"EMER"}, "in-progress", "entered-in-error"),
    "STIN": ({"admit-inpatient"}, {"IMP"}, "in-progress", "entered-in-error"),
    "STOR": ({"start-leave-inpatient"}, {"IMP"}, "onleave", "in-progress"),
    "SLOR": ({"end-leave-inpatient"}, {"IMP"}, "in-progress", "onleave"),
    "SLHJ": ({"discharge-emergency-home", "discharge-inpatient-home"}, {"EMER", "IMP"}, "finished",
             "in-progress"),
}
ID = re.compile(r"[A-Za-z0-9\-.]{1,64}")


class Notification:
    def __init__(self, content):
        self.bundle = json.loads(content)
        assert (self.bundle["resourceType"], self.bundle["type"]) == ("Bundle", "message")
        self.by_url = {entry["fullUrl"]: entry["resource"] for entry in self.bundle["entry"]}
        self.resources = [entry["resource"] for entry in self.bundle["entry"]]
        assert len(self.by_url) == len(self.resources), "every entry has a fullUrl of its own"
        for each in self.resources:
            assert ID.fullmatch(each["id"]), each["id"]
            assert each["text"]["div"] and each["meta"]["profile"], each["resourceType"]
        self.header = self.resources[0]
        assert self.header["resourceType"] == "MessageHeader", "MessageHeader first"
        assert self.header["eventCoding"]["code"] == "hospital-notification-message"
        self.patient = self._single("Patient")
        self.encounter = self._single("Encounter")
        self.provenances = [each for each in self.resources if each["resourceType"] == "Provenance"]
        self.own = self._own()
        assert self.encounter["period"]["start"]
        assert self.encounter["episodeOfCare"][0]["identifier"]["value"]
        self.code = self._code()

    def _single(self, kind):
        found = [each for each in self.resources if each["resourceType"] == kind]
        assert len(found) == 1, kind
        return found[0]

    def _own(self):
        found = {target["reference"].rsplit("/", 1)[1]: each for each in self.provenances
                 for target in each["target"]}
        assert len(found) == len(self.provenances), "one Provenance a letter"
        for each in self.provenances:
            for entity in each.get("entity", []):
                assert entity["role"] in ("revision", "removal")
        return found[self.header["id"]]

    def follows(self):
        """MessageHeader.id and role of what it follows, corrects or takes back."""
        entities = self.own.get("entity", [])
        return [(each["what"]["reference"].rsplit("/", 1)[1], each["role"]) for each in entities]

    def _code(self):
        activity = self.own["activity"]["coding"][0]["code"]
        status, kind = self.encounter["status"], self.encounter["class"]["code"]
        if "deceasedBoolean" in self.patient:
            assert not activity.startswith(("revise-", "cancel-")), "current activity, unchanged"
            assert (status == "finished") == self.patient["deceasedBoolean"]
            return "MORS" if self.patient["deceasedBoolean"] else "AN_MORS"
        mode = activity.split("-")[0] if activity.startswith(("revise-", "cancel-")) else ""
        base = activity.removeprefix("revise-").removeprefix("cancel-")
        code, row = next((code, row) for code, row in TABLE.items() if base in row[0])
        assert kind in row[1] and status == row[3 if mode == "cancel" else 2], (activity, status)
        assert bool(mode == "cancel") == any(role == "removal" for _, role in self.follows())
        return {"": "", "revise": "RE_", "cancel": "AN_"}[mode] + code

    def report_requested(self):
        return any(each["url"] == STRUCTURE + "medcom-messaging-reportOfAdmissionExtension" and
                   each["valueBoolean"] for each in self.header.get("extension", []))

    def places(self):
        """Hospital, department, ward: what the provider is part of, the largest first."""
        names, at = [], self.encounter["serviceProvider"]
        while at:
            place = next(each for url, each in self.by_url.items()
                         if url.endswith("/" + at["reference"]))
            names.insert(0, place["name"])
            at = place.get("partOf")
        return names

    def citizen(self):
        name = self.patient["name"][0]
        number = next(each["value"] for each in self.patient["identifier"]
                      if each["system"] == "urn:oid:1.2.208.176.1.2")
        return number, " ".join(name["given"]), name["family"]
