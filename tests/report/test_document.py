from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from msgspec.structs import replace

from bot.engine.model.result import Deciding
from bot.report import document
from bot.report.values import undecided
from tests.report import samples

SCHEMA = Path(__file__).parents[2] / "docs/result.schema.json"


def test_published_schema_is_what_the_code_says() -> None:
    assert SCHEMA.read_text() == document.schema(), "run: make schema"


@pytest.mark.parametrize("name", samples.ALL)
def test_documents_hold_what_the_schema_requires_and_nothing_else(name: str) -> None:
    document_ = json.loads(document.render(samples.ALL[name], samples.phrases()))
    assert fits(document_, {"$ref": "#/$defs/ReviewDocument"}, json.loads(SCHEMA.read_text())["$defs"])


RESULT = [
    "id", "fingerprint", "rule", "kind", "severity", "blocks", "baseline_state", "file", "line", "end_line", "resource", "title", "message",
    "aliases", "deciding", "anchor", "suppression",
]  # fmt: skip


def test_keys_of_a_result_are_those_that_were_promised() -> None:
    (first, *_) = json.loads(document.render(samples.BLOCKED, samples.phrases()))["results"]
    assert list(first) == RESULT
    assert list(first["deciding"]) == ["path", "reason", "origin", "value"]


def test_unknown_value_is_named_and_has_a_reason() -> None:
    unknown = json.loads(document.render(samples.NOT_KNOWN, samples.phrases()))["results"][0]["deciding"]
    assert unknown == {"path": "cidr_blocks", "reason": "variable", "origin": [], "unknown": "var.admins"}


@pytest.mark.parametrize(
    ("before", "told"),
    [
        (Deciding("name", "known", "b", before="var.name", before_state="unknown"), '"b" now, and what it was is not known: var.name'),
        (Deciding("name", "absent", before="var.name", before_state="unknown"), "not set now, and what it was is not known: var.name"),
        (Deciding("name", "known", "b"), '"b"'),
    ],
)
def test_an_open_result_whose_value_is_known_says_what_is_not(before: Deciding, told: str) -> None:
    result = replace(samples.NOT_KNOWN.results[0], deciding=before)
    assert undecided(result, samples.phrases()) == f"{result.title}: {told}"


def test_hidden_values_stay_hidden() -> None:
    assert "<hidden>" not in document.render(samples.BLOCKED, samples.phrases())


def test_scan_ends_with_its_coverage() -> None:
    *results, last = [json.loads(line) for line in document.lines(samples.BLOCKED.results, samples.COVERAGE, samples.phrases())]
    assert len(results) == len(samples.BLOCKED.results)
    assert last["coverage"]["files_seen"] == 14


def fits(value: Any, schema: dict[str, Any], known: dict[str, Any]) -> bool:
    """As much of JSON Schema as ours uses."""
    if "$ref" in schema:
        return fits(value, known[schema["$ref"].rpartition("/")[2]], known)
    if "anyOf" in schema:
        return any(fits(value, option, known) for option in schema["anyOf"])
    if "enum" in schema and value not in schema["enum"]:
        return False
    kinds = {"object": dict, "array": list, "string": str, "integer": int, "number": float, "boolean": bool, "null": type(None)}
    if "type" in schema and not isinstance(value, kinds[schema["type"]]):
        return False
    if isinstance(value, dict):
        own, extra = schema.get("properties", {}), schema.get("additionalProperties", True)
        one = [all(name in value for name in option["required"]) for option in schema.get("oneOf", [])]
        return (
            set(schema.get("required", [])) <= set(value)
            and (not one or one.count(True) == 1)
            and (extra is not False or set(value) <= set(own))
            and all(fits(item, own.get(name, extra if isinstance(extra, dict) else {}), known) for name, item in value.items())
        )
    return not isinstance(value, list) or all(fits(item, schema.get("items") or {}, known) for item in value)
