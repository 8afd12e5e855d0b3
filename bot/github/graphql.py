"""Errors of GraphQL, which stand inside a 200.

https://docs.github.com/en/graphql/guides/using-graphql-clients#errors
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from bot.github.answer import LIMITED, Answer, redacted
from bot.github.protocols import Answered, FieldError
from bot.github.refusal import Kind, Refusal

# Errors of one field: the others stand.
OF_FIELDS = ("NOT_FOUND", "FORBIDDEN")
KINDS: dict[str, Kind] = {
    "NOT_FOUND": "not-found",
    "FORBIDDEN": "forbidden",
    "INSUFFICIENT_SCOPES": "forbidden",
    "RATE_LIMITED": "rate-limited",
    "RATE_LIMIT": "rate-limited",
    "MAX_NODE_LIMIT_EXCEEDED": "too-large",
    "RESOURCE_LIMITS_EXCEEDED": "too-large",
    "STALE_DATA": "conflict",
    "SERVICE_UNAVAILABLE": "unavailable",
    "INTERNAL": "unavailable",
}
BROKE = ("something went wrong", "timeout", "timed out")


def restated(answer: Answer) -> Answer:
    """An answer that says inside a 200 what REST says by its status, with that status: a limit, or that GitHub broke."""
    if answer.status != 200 or b'"errors"' not in answer.body:
        return answer
    kinds = {_kind(error) for error in _errors(answer.json())}
    if "rate-limited" in kinds:
        return Answer(429, answer.headers, answer.body)
    return Answer(502, answer.headers, answer.body) if "unavailable" in kinds else answer


def answered(answer: Answer) -> Answered:
    """The data, and beside it the errors of single fields. Raises `Refusal` for any other error and for an answer without data."""
    body = answer.json()
    errors = _errors(body)
    other = tuple(error for error in errors if error.kind not in OF_FIELDS or not error.path)
    if other:
        raise refusal_in(other)
    data = body.get("data") if isinstance(body, dict) else None
    if not isinstance(data, dict):
        raise refusal_in(errors) if errors else Refusal("unavailable", "POST /graphql: the answer holds no data", status=answer.status)
    return Answered(data, errors)


def refusal_in(errors: Sequence[FieldError]) -> Refusal:
    """The first error as a refusal, with the sentences of all."""
    said = "; ".join(dict.fromkeys(_sentence(error) for error in errors))
    return Refusal(_kind(errors[0]), redacted(f"POST /graphql: {said}"), status=200)


def _kind(error: FieldError) -> Kind:
    said = error.message.lower()
    if not error.kind and any(words in said for words in LIMITED):
        return "rate-limited"
    broke = not error.kind and any(words in said for words in BROKE)
    return "unavailable" if broke else KINDS.get(error.kind, "invalid")


def _sentence(error: FieldError) -> str:
    place = ".".join(str(step) for step in error.path)
    return " ".join(part for part in (error.kind, f"at {place}:" if place else "", error.message) if part)


def _errors(body: Any) -> tuple[FieldError, ...]:
    found = body.get("errors") if isinstance(body, dict) else None
    return tuple(_read(error) for error in found) if isinstance(found, list) else ()


def _read(error: Any) -> FieldError:
    if not isinstance(error, dict):
        return FieldError("", (), redacted(str(error)))
    path = error.get("path")
    steps = tuple(step for step in path if isinstance(step, str | int)) if isinstance(path, list) else ()
    return FieldError(str(error.get("type") or ""), steps, redacted(str(error.get("message") or "")))
