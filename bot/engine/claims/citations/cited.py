"""What the sentences cite, with what the rules refute among it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from bot.engine.claims.citations.finding import citations
from bot.engine.claims.citations.met import held
from bot.engine.claims.scene import Scene
from bot.engine.claims.text import Sentence, Stated


def cited(spoken: Sequence[Sentence], scene: Scene) -> Iterator[Stated]:
    """Identifiers of public frameworks."""
    yield from held(citations(spoken, scene.facts.controls), scene)
