"""Evidence → grade. Conflicts are decided by this order and nothing else:

1. an account or address of an automation → `automation`, with what a tool left beside it shown as well;
2. a writer that is proved or declared → `ai-declared`, every tool named, none preferred;
3. only suggestions that somebody accepted → `ai-partial`;
4. hints from two places or more → `ai-suspected`; one hint is shown and grades nothing;
5. an automation that the table does not list → `automation`;
6. else → `no-evidence`.
"""

from __future__ import annotations

from collections.abc import Iterable

from bot.engine.authorship.evidence import Match
from bot.engine.model.authorship import Grade

RANK: dict[Grade, int] = {"no-evidence": 0, "automation": 0, "ai-suspected": 1, "ai-partial": 2, "ai-declared": 3}
MOST_HINTS = 2


def graded(found: Iterable[Match]) -> tuple[Grade, tuple[str, ...]]:
    """The grade, and the tools that the evidence for it names, in the order found."""
    matches = list(found)
    automation = [item for item in matches if item.evidence.role == "automation"]
    writers = [item for item in matches if item.evidence.role == "writer"]
    declared = [item for item in writers if item.declares]
    partial = [item for item in matches if item.evidence.role == "partial"]
    if any(item.evidence.strength != "hint" for item in automation):
        return "automation", _tools([*automation, *declared, *partial])
    if declared:
        return "ai-declared", _tools([*declared, *partial])
    if partial:
        return "ai-partial", _tools(partial)
    if len({item.evidence.place for item in writers}) >= MOST_HINTS:
        return "ai-suspected", _tools(writers)
    return ("automation", _tools(automation)) if automation else ("no-evidence", ())


def _tools(found: Iterable[Match]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(item.tool for item in found if item.tool))
