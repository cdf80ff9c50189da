"""Holds proto/openapi.yaml equal to the table of routes: paths, methods, operations, summaries, who may,
query parameters and members of bodies. Given: the program that prints the table, and the document."""

import json
import re
import subprocess
import sys

import jsonschema
import yaml


def routes(program):
    lines = subprocess.run([program], capture_output=True, check=True, timeout=20).stdout
    return [json.loads(line) for line in lines.splitlines()]


def of_document(document):
    """(method, path) to the operation."""
    return {(method, path): operation for path, item in document["paths"].items()
            for method, operation in item.items()}


def resolve(document, schema):
    while "$ref" in schema:
        at = document
        for part in schema["$ref"].removeprefix("#/").split("/"):
            at = at[part]
        schema = at
    return schema


def words_of_body(document, operation):
    """Members of a JSON body; "*" for content that is kept as it is; "" without a body."""
    content = operation.get("requestBody", {}).get("content", {})
    if not content:
        return set()
    if set(content) != {"application/json"}:
        return {"*"}
    schema = resolve(document, content["application/json"]["schema"])
    parts = [resolve(document, part) for part in schema.get("allOf", [schema])]
    assert schema.get("additionalProperties") is False or \
        schema.get("unevaluatedProperties") is False, operation["operationId"]
    return {name for part in parts for name in part.get("properties", {})}


def compare(document, table):
    faults = []
    documented = of_document(document)
    known = {(route["method"], route["path"]): route for route in table}
    for key in sorted(set(known) - set(documented)):
        faults.append(f"{key} is a route and not in the document")
    for key in sorted(set(documented) - set(known)):
        faults.append(f"{key} is in the document and no route")
    for key in sorted(set(known) & set(documented)):
        route, operation = known[key], documented[key]
        roles = [] if route["anybody"] else [{"token": route["roles"]}]
        if route["browser"]:
            roles = [{"session": []}, {}]
        parameters = [resolve(document, each) for each in operation.get("parameters", [])]
        same = [("operationId", operation["operationId"], route["operation"]),
                ("summary", operation["summary"], route["summary"]),
                ("security", operation["security"], roles),
                ("daemons", operation.get("x-stafet-daemons", ["node"]), route["daemons"]),
                ("parameters of the path",
                 [each["name"] for each in parameters if each["in"] == "path"],
                 re.findall(r"{(\w+)}", route["path"]))]
        if route["path"].startswith("/api/"):
            same += [("query", {each["name"] for each in parameters if each["in"] == "query"},
                      set(route["query"].split())),
                     ("body", words_of_body(document, operation), set(route["body"].split()))]
        faults += [f"{key} {what}: {said} in the document, {meant} in the table"
                   for what, said, meant in same if said != meant]
    return faults


def check_schemas(document):
    """Every schema is one, and every reference leads somewhere."""
    for schema in document["components"]["schemas"].values():
        jsonschema.Draft202012Validator.check_schema(schema)
    for found in re.findall(r"#/[\w/-]+", json.dumps(document)):
        resolve(document, {"$ref": found})


def main(program, path):
    with open(path, encoding="utf-8") as file:
        document = yaml.safe_load(file)
    assert document["openapi"].startswith("3.1.")
    check_schemas(document)
    table = routes(program)
    names = [route["operation"] for route in table]
    assert len(set(names)) == len(names), "an operation stands twice"
    faults = compare(document, table)
    # The comparison finds what it is there for: a route less is a fault.
    assert compare(document, table[1:]), "a route that is missing was not found"
    for fault in faults:
        print(fault)
    return 1 if faults else 0


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
