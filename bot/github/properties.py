"""The custom properties of a repository, by which an organisation's configuration chooses."""

from __future__ import annotations

import time
from typing import Any

from msgspec import Struct

from bot.github.answers import decoded
from bot.github.bounded import Kept
from bot.github.protocols import Gateway
from bot.github.refusal import Refusal

MAX_AGE = 600.0  # seconds; GitHub tells Apps nothing when a value changes


class Properties(Struct, frozen=True):
    """Name → value; several values are joined by commas. `refused`: why they could not be read. `until`: of the monotonic clock."""

    values: dict[str, str]
    refused: str
    until: float


class _Value(Struct, frozen=True):
    property_name: str
    value: str | list[str] | None = None


def properties(gateway: Gateway, repository: str, number: int, cache: Kept[int, Properties]) -> Properties:
    """Those of repository `number`, asked for at most every ten minutes (https://docs.github.com/rest/repos/custom-properties)."""
    known = cache.get(number)
    if known is None or known.until < time.monotonic():
        known = _read(gateway, repository)
        cache.put(number, known)
    return known


def _read(gateway: Gateway, repository: str) -> Properties:
    until = time.monotonic() + MAX_AGE
    try:
        answer: Any = gateway.get(f"/repos/{repository}/properties/values")
    except Refusal as refusal:
        if refusal.passing:
            raise
        # An Enterprise Server that is older than custom properties answers 404.
        return Properties({}, "" if refusal.kind == "not-found" else refusal.kind, until)
    found = {item.property_name: item.value for item in decoded(answer, list[_Value])}
    return Properties({name: _text(value) for name, value in found.items() if value is not None}, "", until)


def _text(value: str | list[str]) -> str:
    return value if isinstance(value, str) else ",".join(value)
