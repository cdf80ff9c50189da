"""proto/openapi.yaml as what it promises: every answer is checked against it, and requests are made
from it."""

import functools
import json
import pathlib
import re

import jsonschema
import yaml

DOCUMENT = pathlib.Path(__file__).parents[2] / "proto" / "openapi.yaml"
SAMPLES = {"date-time": "2030-01-01T12:00:00Z"}


@functools.cache
def document():
    return yaml.load(DOCUMENT.read_text(encoding="utf-8"),
                     getattr(yaml, "CSafeLoader", yaml.SafeLoader))


def resolve(schema):
    while "$ref" in schema:
        at = document()
        for part in schema["$ref"].removeprefix("#/").split("/"):
            at = at[part]
        schema = at
    return schema


class Operation:
    def __init__(self, method, path, described):
        self.method, self.path, self.described = method.upper(), path, described
        self.roles = [role for each in described["security"] for role in each.get("token", [])]
        self.daemons = described.get("x-stafet-daemons", ["node"])
        self.pattern = re.compile(re.sub(r"\\{\w+\\}", "[^/]+", re.escape(path)))

    def fits(self, method, path):
        return self.method == method and self.pattern.fullmatch(path.split("?")[0])

    def sample(self):
        """A request with everything that must be there: (path, body, content type)."""
        path = self.path.replace("{id}", "0f" * 16).replace("{reference}", "nothing")
        for name in ("name", "page", "of", "file"):
            path = path.replace("{" + name + "}", "nothing")
        asked = [f"{each['name']}={sample(each['schema'])}" for each in
                 map(resolve, self.described.get("parameters", []))
                 if each["in"] == "query" and each.get("required")]
        if self.path.endswith("/indicators"):
            asked = ["from=2028-12-31T23:00:00Z", "to=2029-01-31T23:00:00Z"]
        content = self.described.get("requestBody", {}).get("content", {})
        kind = next(iter(content), "")
        body = None if self.method == "GET" else b""
        if kind == "application/json":
            body = json.dumps(sample(content[kind]["schema"])).encode()
        elif kind:
            body = b"{}"
        return path + ("?" + "&".join(asked) if asked else ""), body, kind


def sample(schema):
    schema = resolve(schema)
    if "allOf" in schema:
        return {name: value for part in schema["allOf"] for name, value in sample(part).items()}
    if "enum" in schema:
        return schema["enum"][0]
    if schema.get("format") in SAMPLES:
        return SAMPLES[schema["format"]]
    kind = schema.get("type")
    if kind == "object":
        return {name: sample(schema["properties"][name]) for name in
                schema.get("required", []) + schema.get("anyOf", [{}])[0].get("required", [])}
    if kind == "array":
        return [sample(schema["items"])]
    return {"boolean": True, "integer": schema.get("minimum", 0)}.get(kind, "0f" * 16)


@functools.cache
def operations():
    return [Operation(method, path, described) for path, item in document()["paths"].items()
            for method, described in item.items()]


@functools.cache
def validator(name):
    return jsonschema.Draft202012Validator(
        {"$ref": f"#/components/schemas/{name}", "components": document()["components"]})


def check(method, path, answer):
    """The answer is one that the document has for this request."""
    found = [each for each in operations() if each.fits(method, path)]
    if not found:
        assert answer.status in (404, 405), (method, path, answer.status)
        return
    # Of two that fit, the one with fewer parameters is meant, as the router has it.
    responses = min(found, key=lambda each: each.path.count("{")).described["responses"]
    described = resolve(responses.get(str(answer.status)) or responses.get("default", {}))
    kind = answer.headers.get("content-type", "").split(";")[0]
    contents = described.get("content", {})
    if not contents:
        assert not answer.body, (method, path, answer.status, answer.body[:200])
        return
    if kind == "application/problem+json":
        contents = resolve(responses["default"])["content"]
    assert kind in contents or "*/*" in contents, (method, path, answer.status, kind)
    schema = contents.get(kind, {}).get("schema", {})
    if "$ref" in schema:
        validator(schema["$ref"].rsplit("/", 1)[1]).validate(json.loads(answer.body))
