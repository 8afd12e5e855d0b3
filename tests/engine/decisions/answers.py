"""Answers to results of a verdict, as the ledger would hand them back."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

from bot.engine.decisions.binding import bound
from bot.engine.model.decision import Decision, Verb
from bot.engine.model.result import Result

NOON = datetime(2026, 11, 24, 12, tzinfo=UTC)


def answer(result: Result, verb: Verb = "accept", by: str = "ada", minutes: int = 0, until: date | None = None) -> Decision:
    """The answer of a person to the result as it stands."""
    at = NOON + timedelta(minutes=minutes)
    return Decision(result.id, bound(result), verb, by, len(by), "it was agreed", at, f"#12 by @{by}", result.number, until, 12, "head")
