"""What a reader sees of a sentence's citations."""

from __future__ import annotations

from bot.confine.tables import facts
from bot.engine.claims.citations.finding import citations
from bot.engine.claims.sentences import sentences
from bot.engine.claims.text import Source, Stated, Text
from bot.engine.facts.controls import Controls
from tests.report import samples


def table() -> Controls:
    found = facts().controls
    assert found is not None
    return found


def cited(said: str, block: str = "", source: Source = "code") -> list[Stated]:
    """Everything that the finder says about a text."""
    return list(citations(sentences(Text(source, said, "main.tf", 1, block=block)), table()))


def shown(said: str, block: str = "", source: Source = "code") -> list[str]:
    """One line for each citation: what is cited, its status, and what was found."""
    phrases = samples.phrases()
    return [f"{one.claimed} · {one.status} · {phrases.say(f'claim.{one.key}', **one.fields)}" for one in cited(said, block, source)]
