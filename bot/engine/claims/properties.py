"""Sentences that say a property of a resource, held against what the rules of the policy find there."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from bot.engine.claims.assertions import Assertion, assertions
from bot.engine.claims.binding import Places
from bot.engine.claims.evidence import Found, Judged
from bot.engine.claims.scene import Scene
from bot.engine.claims.text import Sentence, Stated
from bot.engine.model.match import Change

MOST = 200  # sentences of one change that are held against evidence


def properties(spoken: Iterable[Sentence], scene: Scene) -> Iterator[Stated]:
    """What is said of which resource, and what was found; nothing of what is bound to none."""
    said = [(sentence, item) for sentence in spoken for item in assertions(sentence)][:MOST]
    if not said:
        return
    places = Places(scene.head, scene.touched)
    bound = [(sentence, item, meant) for sentence, item in said if (meant := places.bound(item, sentence.text))]
    judged = Judged(scene.policy, scene.head, scene.views, frozenset(item.property for _, item, _ in bound))
    for sentence, item, resources in bound:
        found = judged.find(item.property, resources, holds=item.holds)
        if found is not None:
            yield _stated(sentence, item, found)


def _stated(sentence: Sentence, item: Assertion, found: Found) -> Stated:
    return Stated(
        sentence,
        "property",
        found.status,
        item.said,
        found.by,
        found.resource.address,
        change=Change(found.path, found.value, found.value),
        at=found.span,
    )
