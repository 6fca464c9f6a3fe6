"""Holds the examples in openapi.json, and the reports that our tests keep, against their schemas.
usage: check_examples.py OPENAPI REPORT…
"""

import json
import sys

import jsonschema_rs

document = json.load(open(sys.argv[1], encoding="utf-8"))
wrong = []


def check(what, schema, example):
    whole = {**schema, "components": document["components"]}
    for error in jsonschema_rs.Draft202012Validator(whole).iter_errors(example):
        wrong.append(f"{what}: {'/'.join(map(str, error.instance_path))}: {error.message[:300]}")


checked = 0
for path in document["paths"].values():
    for operation in path.values():
        if not isinstance(operation, dict) or "operationId" not in operation:
            continue
        parts = {"request": operation.get("requestBody", {}), **operation["responses"]}
        for part, said in parts.items():
            for kind, content in said.get("content", {}).items():
                if "example" in content:
                    check(f"{operation['operationId']}, {part}", content["schema"], content["example"])
                    checked += 1
for report in sys.argv[2:]:
    check(report, {"$ref": "#/components/schemas/Report"}, json.load(open(report, encoding="utf-8")))
if wrong or checked < 60:
    print("\n".join(wrong) or f"only {checked} examples", file=sys.stderr)
    sys.exit(1)
print(f"{checked} examples and {len(sys.argv) - 2} reports are as openapi.json describes them")
