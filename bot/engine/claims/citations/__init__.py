"""Citations of controls: the identifiers that a text names, looked up by framework and edition in the table of controls."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from bot.engine.claims.citations.finding import citations, speaks_of
from bot.engine.claims.citations.met import held
from bot.engine.claims.citations.own import own_citations
from bot.engine.claims.scene import Scene
from bot.engine.claims.text import Sentence, Stated, Text
from bot.engine.pattern import Pattern

__all__ = ["citations", "cited", "may_cite", "own_citations", "speaks_of"]
_OWN = Pattern(r"[a-z][-_.]\d")


def may_cite(_: Text, lowered: str) -> bool:
    """Whether a control can be named in these words."""
    return speaks_of(lowered) or ("-" in lowered and _OWN.search(lowered) is not None)


def cited(spoken: Sequence[Sentence], scene: Scene) -> Iterator[Stated]:
    """What the sentences cite: of public frameworks, and of the organisation's own catalogue."""
    yield from held(citations(spoken, scene.facts.controls), scene)
    yield from own_citations(spoken, scene.catalogue)
