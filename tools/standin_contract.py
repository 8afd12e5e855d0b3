"""Make bot/standin/contract/contract.json.gz from GitHub's published descriptions.

    python tools/standin_contract.py DIRECTORY

DIRECTORY holds openapi.subset.json, webhooks.openapi.subset.json and permissions.json. Only the endpoints that the stand-in
answers and the payloads it sends are kept, and of these only what validates: no descriptions, summaries or examples.
"""

import gzip
import json
import sys
from pathlib import Path
from typing import Any

from bot.standin.rest import ROUTES

TARGET = Path(__file__).parent.parent / "bot" / "standin" / "contract" / "contract.json.gz"
PROSE = frozenset({"description", "summary", "title", "example", "examples", "externalDocs", "xml", "deprecated", "default", "readOnly"})
Schema = dict[str, Any]
# The list of installations is described as if an account were a user and an enterprise at once; the single one is right.
CORRECTED = {"GET /app/installations": {"items": {"$ref": "#/components/schemas/installation"}, "type": "array"}}


def compact(schema: Any, *, names: bool = False) -> Any:
    """JSON Schema without prose; `nullable` as a type. `names`: the keys are names of properties, not keywords."""
    if isinstance(schema, list):
        return [compact(item) for item in schema]
    if not isinstance(schema, dict):
        return schema
    kept = {key: value for key, value in schema.items() if names or (key not in PROSE and not key.startswith("x-"))}
    out = {key: compact(value, names=key in {"properties", "patternProperties"} and not names) for key, value in kept.items()}
    return _nullable(out) if not names and out.pop("nullable", False) is True else out


def _nullable(schema: Schema) -> Schema:
    if not isinstance(schema.get("type"), str):
        return {"anyOf": [schema, {"type": "null"}]}
    choices = {"enum": [*schema["enum"], None]} if "enum" in schema and None not in schema["enum"] else {}
    return schema | {"type": [schema["type"], "null"]} | choices


def references(schema: Any) -> set[str]:
    if isinstance(schema, list):
        return set().union(*map(references, schema)) if schema else set()
    if not isinstance(schema, dict):
        return set()
    own = {schema["$ref"].rsplit("/", 1)[-1]} if isinstance(schema.get("$ref"), str) else set()
    return own.union(*map(references, schema.values())) if schema else own


def closure(start: Any, known: Schema) -> Schema:
    """Every component that the start reaches, compact."""
    found: Schema = {}
    waiting = references(start)
    while waiting:
        name = waiting.pop()
        if name not in found and name in known:
            found[name] = compact(known[name])
            waiting |= references(found[name])
    return found


def operation(document: Schema, method: str, template: str, permissions: Schema) -> Schema | None:
    described = document["paths"].get(template, {}).get(method.lower())
    if described is None:
        return None
    out: Schema = {"query": {}, "responses": {}}
    for parameter in described.get("parameters", []):
        if "$ref" in parameter:
            parameter = document["components"]["parameters"][parameter["$ref"].rsplit("/", 1)[-1]]  # noqa: PLW2901
        if parameter["in"] == "query":
            out["query"][parameter["name"]] = compact(parameter["schema"]) | ({"required": True} if parameter.get("required") else {})
    body = described.get("requestBody")
    if body:
        out["body"] = compact(next(iter(body["content"].values()))["schema"])
        out["body_required"] = bool(body.get("required"))
    for status, answer in described["responses"].items():
        if "$ref" in answer:
            answer = document["components"]["responses"][answer["$ref"].rsplit("/", 1)[-1]]  # noqa: PLW2901
        schema = answer.get("content", {}).get("application/json", {}).get("schema")
        if schema and status.startswith("2"):
            out["responses"][status] = CORRECTED.get(f"{method} {template}") or compact(schema)
    any_of = permissions.get(f"{method} {template}", {}).get("any_of")
    return out | {"needs": sorted(set(any_of))} if any_of else out


def build(source: Path) -> Schema:
    document = json.loads((source / "openapi.subset.json").read_text())
    hooks = json.loads((source / "webhooks.openapi.subset.json").read_text())
    permissions = json.loads((source / "permissions.json").read_text())["operations"]
    operations = {}
    for name, route in sorted(ROUTES.items()):
        found = operation(document, route.method, route.template, permissions)
        if found is None:
            print(f"not described: {name}")
        else:
            operations[name] = found
    payloads = {
        name: compact(hook["post"]["requestBody"]["content"]["application/json"]["schema"])
        for name, hook in sorted(hooks["webhooks"].items())
        if not name.startswith(("deployment", "workflow"))
    }
    return {
        "operations": operations,
        "components": closure(operations, document["components"]["schemas"]),
        "payloads": payloads,
        "payload_components": closure(payloads, hooks["components"]["schemas"]),
    }


def main() -> None:
    data = json.dumps(build(Path(sys.argv[1])), separators=(",", ":"), sort_keys=True).encode()
    with TARGET.open("wb") as raw, gzip.GzipFile(fileobj=raw, mode="wb", mtime=0, filename="") as out:
        out.write(data)
    print(f"{len(data)} bytes, {TARGET.stat().st_size} compressed")


if __name__ == "__main__":
    main()
