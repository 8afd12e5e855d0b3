"""What the text says and what was found, for a reader: words from the catalogue, values of the change masked."""

from __future__ import annotations

from collections.abc import Sequence

from msgspec import Struct

from bot.engine.model.verdict import Claim
from bot.report.hidden import mask
from bot.report.phrases import Phrases

MOST = 20
SUPPORTED = 3  # what is as it says is counted, and some of it shown


class Listed(Struct, frozen=True):
    """`rows`: what is shown, the worst first. `supported`: how many more are as they say; `more`: how many others are left out."""

    rows: tuple[Claim, ...]
    supported: int = 0
    more: int = 0


def listed(claims: Sequence[Claim]) -> Listed:
    """Everything that is not as it says as far as there is room, then some of what is."""
    open_ones = [claim for claim in claims if claim.status != "supported"]
    held = [claim for claim in claims if claim.status == "supported"]
    room = SUPPORTED if all(claim.about == "property" for claim in held[:SUPPORTED]) else 0
    shown = held[: min(room, max(0, MOST - len(open_ones)))]
    return Listed((*open_ones[:MOST], *shown), len(held) - len(shown), max(0, len(open_ones) - MOST))


def found(claim: Claim, phrases: Phrases) -> str:
    """What was found: the status in a word, and what shows it."""
    status = phrases.say(f"claim.status.{claim.status}")
    shown = said(claim, phrases)
    if claim.about == "instruction":
        return shown
    where = mask(", ".join(filter(None, (claim.resource, shown))), phrases) if not claim.key else shown
    return phrases.say("claim.found", status=status, what=where) if where else status


def said(claim: Claim, phrases: Phrases) -> str:
    """What shows it: a value with its place, or a sentence of the catalogue."""
    return phrases.say(f"claim.{claim.key}", **claim.fields) if claim.key else mask(claim.by or "", phrases)


def place(claim: Claim) -> str:
    """Where it is said."""
    return f"{claim.place['path']}:{claim.place['line']}" if "path" in claim.place else str(claim.place["source"])
