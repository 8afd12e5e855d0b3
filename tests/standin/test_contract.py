"""The carried description: compact, without prose, and every endpoint of ours is in it."""

from typing import Any

from bot.standin import contract
from bot.standin.rest import ROUTES

PROSE = {"description", "summary", "example", "examples", "externalDocs"}


def _keywords(schema: Any, *, names: bool = False) -> set[str]:
    """Keys that are keywords, not names of properties or components."""
    if isinstance(schema, list):
        return set().union(*(_keywords(item) for item in schema)) if schema else set()
    if not isinstance(schema, dict):
        return set()
    own = set() if names else set(schema)
    return own.union(*(_keywords(value, names=not names and key in {"properties", "patternProperties"}) for key, value in schema.items()))


def test_every_endpoint_is_described() -> None:
    assert set(contract.document()["operations"]) == set(ROUTES)


def test_there_is_no_prose_and_it_is_small() -> None:
    document = contract.document()
    found: set[str] = set()
    for part in ("components", "payloads", "payload_components"):
        for schema in document[part].values():
            found |= _keywords(schema)
    for described in document["operations"].values():
        found |= _keywords(described.get("body"))
    assert found & PROSE == set()
    assert (contract.HERE / "contract.json.gz").stat().st_size < 400_000


def test_bodies_and_queries_are_held_against_it() -> None:
    name = "POST /repos/{owner}/{repo}/check-runs"
    assert contract.problems(name, "body", {"name": "x", "head_sha": "y"}) == []
    assert contract.problems(name, "body", {"name": "x"}) == [("", '"head_sha" is a required property')]
    assert contract.query_problem("GET /repos/{owner}/{repo}/pulls", {"state": "nope"}) == "state"
    assert contract.query_problem("GET /repos/{owner}/{repo}/pulls", {"state": "all", "unknown": "1"}) is None
