"""Citations of controls: the identifiers that a text names, looked up by framework and edition in the table of controls."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from bot.engine.claims.citations.finding import citations, speaks_of
from bot.engine.claims.citations.met import held
from bot.engine.claims.citations.own import own_citations
from bot.engine.claims.scene import Scene
from bot.engine.claims.text import Sentence, Stated

__all__ = ["citations", "cited", "own_citations", "speaks_of"]


def cited(spoken: Sequence[Sentence], scene: Scene) -> Iterator[Stated]:
    """What the sentences cite: of public frameworks, and of the organisation's own catalogue."""
    yield from held(citations(spoken, scene.facts.controls), scene)
    yield from own_citations(spoken, scene.catalogue)
