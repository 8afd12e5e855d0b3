"""The form of a request, held against GitHub's published schemas."""

from __future__ import annotations

from typing import Any

from bot.standin import contract
from bot.standin.calls import Call, Refusal


def check_query(call: Call, operation: str) -> None:
    wrong = contract.query_problem(operation, call.query)
    if wrong is not None:
        raise Refusal(422, "Validation Failed", [{"resource": "Query", "field": wrong, "code": "invalid"}])


def check_body(call: Call, operation: str) -> None:
    """A body that does not fit the schema is a 422 with an error for each violation, and is written down for the test."""
    described = contract.operation(operation)
    if "body" not in described:
        return
    if call.body is None and not described["body_required"]:
        return
    found = contract.problems(operation, "body", {} if call.body is None else call.body)
    if found:
        call.world.refused.append((operation, found))
        raise Refusal(422, "Invalid request.\n\n" + "\n".join(text for _, text in found[:3]), [_error(*problem) for problem in found])


def _error(place: str, text: str) -> dict[str, Any]:
    code = "missing_field" if "required" in text else "invalid"
    return {"resource": "Request", "field": place, "code": code, "message": text}
