"""The line at the end of a check's summary that says how far the repository's record went, and with which digest: whoever can read the
check can tell later whether the record was altered since. GitHub keeps it, and is the witness."""

from __future__ import annotations

from msgspec.structs import replace

from bot.engine.pattern import Pattern
from bot.report.limit import CHECK, fit, size
from bot.report.phrases import Phrases
from bot.report.publication import Publication

# As `check.record` says it. The check is ours, so nothing else ends like that.
LINE = Pattern(r"([1-9][0-9]{0,17}) `([0-9a-f]{64})`\s*\Z")


def recorded(publication: Publication, position: int, digest: str, phrases: Phrases) -> Publication:
    """The publication whose check carries the line."""
    line = f"\n\n{phrases.say('check.record', position=str(position), digest=digest)}\n"
    whole = fit(publication.summary, CHECK - size(line), phrases.say("check.cut"))
    return replace(publication, summary=whole.rstrip() + line)


def read(summary: str) -> tuple[int, str] | None:
    """Position and digest that a check's summary carries."""
    found = LINE.search(summary)
    return (int(found[1]), found[2]) if found else None
