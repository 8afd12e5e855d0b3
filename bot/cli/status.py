"""Exit codes, and which of them a verdict means."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from bot.engine.model.verdict import State, Verdict

CLEAN, VIOLATIONS, OPEN, NOT_EVALUATED, USAGE, INTERRUPTED = 0, 1, 2, 3, 64, 130

_OF_STATE: dict[State, int] = {
    "violations": VIOLATIONS,
    "decisions": OPEN,
    "bypassed": CLEAN,
    "decided": CLEAN,
    "not-known": CLEAN,
    "clean": CLEAN,
    "no-infrastructure": CLEAN,
    "observing": CLEAN,
    "own-failure": NOT_EVALUATED,
}


def exit_code(verdict: Verdict) -> int:
    """0 clean, 1 violations, 2 open decisions, 3 not evaluated."""
    return _OF_STATE[verdict.state]
