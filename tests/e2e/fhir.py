"""A FHIR client that shares no code with Stafet: Python's http.client, json and ElementTree."""

import http.client
import json
import xml.etree.ElementTree as ElementTree

from ports import free_port

JSON, XML = "application/fhir+json", "application/fhir+xml"
SPACE = "{http://hl7.org/fhir}"
# FHIR R4 value sets issue-severity and issue-type.
SEVERITIES = {"fatal", "error", "warning", "information"}
TYPES = set("invalid structure required value invariant security login unknown expired forbidden "
            "suppressed processing not-supported duplicate multiple-matches not-found deleted "
            "too-long code-invalid extension too-costly business-rule conflict transient "
            "lock-error no-store exception timeout incomplete throttled informational".split())


class Answer:
    def __init__(self, response):
        self.status = response.status
        self.headers = {name.lower(): value for name, value in response.getheaders()}
        self.body = response.read()
        self.type = self.headers.get("content-type", "")


class Fhir:
    """One connection a request."""

    def __init__(self, port, token=None):
        self.port, self.token = port, token

    def ask(self, method, path, body=None, **headers):
        sent = {name.replace("_", "-"): value for name, value in headers.items()}
        if self.token:
            sent.setdefault("Authorization", f"Bearer {self.token}")
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=20)
        try:
            connection.request(method, path, body, sent)
            return Answer(connection.getresponse())
        finally:
            connection.close()

    def get(self, path, accept=JSON, **headers):
        return self.ask("GET", path, Accept=accept, **headers)

    def post(self, content, kind=JSON, query="", **headers):
        return self.ask("POST", f"/fhir/$process-message{query}", content, Content_Type=kind,
                        **headers)


def open_fhir(region, name, role):
    """An enrolled node with an HTTP face, and clients with tokens of its own."""
    party = region.party(name, role).sign().approve()
    party.http_port = free_port()
    party.config.write_text(party.config.read_text() +
                            f'\nhttp {{ listen = "127.0.0.1:{party.http_port}" }}\n')
    party.start()
    region.nodes.append(party)
    party.wait_connected()
    return party


def bearer(party, name, *roles):
    made = party.json("token", "create", name, "--role", ",".join(roles))
    return Fhir(party.http_port, made["token"])


def read(answer):
    """The resource as one tree of dictionaries and lists, whichever syntax it is in: a primitive is
    its text, and everything in XML a list."""
    if answer.type.startswith(XML):
        root = ElementTree.fromstring(answer.body)
        assert root.tag.startswith(SPACE), root.tag
        return {"resourceType": root.tag.removeprefix(SPACE), **_of_element(root)}
    assert answer.type.startswith(JSON), (answer.status, answer.type, answer.body)
    return _of_json(json.loads(answer.body))


def _of_element(element):
    found = {}
    for child in element:
        name = child.tag.removeprefix(SPACE)
        value = child.get("value")
        inner = child[0] if len(child) else child
        if value is None and inner.tag.removeprefix(SPACE)[0].isupper():
            value = {"resourceType": inner.tag.removeprefix(SPACE), **_of_element(inner)}
        elif value is None:
            value = _of_element(child)
        found.setdefault(name, []).append(value)
    return found


def _of_json(value):
    if isinstance(value, dict):
        return {name: [_of_json(value[name])] if not isinstance(value[name], list)
                else _of_json(value[name]) for name in value if name != "resourceType"} | (
                    {"resourceType": value["resourceType"]} if "resourceType" in value else {})
    if isinstance(value, list):
        assert value, "FHIR has no empty arrays"
        return [_of_json(each) for each in value]
    if isinstance(value, bool):
        return "true" if value else "false"
    return str(value)


def one(tree, *path):
    """The single value at the path."""
    for name in path:
        values = tree[name]
        assert len(values) == 1, (path, values)
        tree = values[0]
    return tree


def outcome(answer):
    """Issues of an OperationOutcome, which must be a right one."""
    tree = read(answer)
    assert tree["resourceType"] == "OperationOutcome", tree
    issues = []
    for issue in tree["issue"]:
        assert one(issue, "severity") in SEVERITIES and one(issue, "code") in TYPES
        coding = one(issue, "details", "coding") if "details" in issue else None
        assert coding is None or one(coding, "system").startswith("http")
        issues.append((one(issue, "severity"), one(issue, "code"),
                       one(coding, "code") if coding else None, one(issue, "diagnostics")))
    return issues


class Acknowledgement:
    """A MedCom Acknowledgement: what the message says, and by which names."""

    def __init__(self, answer):
        tree = read(answer)
        assert tree["resourceType"] == "Bundle" and one(tree, "type") == "message"
        resources = [one(entry, "resource") for entry in tree["entry"]]
        header = resources[0]
        assert header["resourceType"] == "MessageHeader", "MessageHeader first"
        assert one(header, "eventCoding", "code") == "acknowledgement-message"
        self.id, self.header, self.at = one(tree, "id"), one(header, "id"), one(tree, "timestamp")
        self.of = one(header, "response", "identifier")
        self.code = one(header, "response", "code")
        self.issues = [one(issue, "details", "coding", "code")
                       for each in resources if each["resourceType"] == "OperationOutcome"
                       for issue in each["issue"]]
        # Invariant medcom-acknowledgement-1.
        assert self.code == "ok" or self.issues
