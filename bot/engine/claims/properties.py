"""Sentences that say a property of a resource, held against what the rules of the policy find there."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from bot.engine.claims.assertions import Assertion, assertions
from bot.engine.claims.binding import Places
from bot.engine.claims.evidence import Found, Judged
from bot.engine.claims.scene import Scene
from bot.engine.claims.statements import BOUND, ONLY, Statements
from bot.engine.claims.text import Sentence, Stated, Text
from bot.engine.model.match import Change
from bot.engine.model.resource import Resource
from bot.engine.model.span import Span

MOST = 200  # sentences of one change that are held against evidence


def properties(spoken: Iterable[Sentence], scene: Scene) -> Iterator[Stated]:
    """What is said of which resource, and what was found; nothing of what is bound to none."""
    said = [(sentence, item) for sentence in spoken for item in assertions(sentence)][:MOST]
    if not said:
        return
    places, statements = Places(scene.head, scene.touched), Statements(scene.head, scene.views)
    bound = [(sentence, item, *meant) for sentence, item in said if (meant := _meant(sentence.text, item, places, statements))]
    judged = Judged(scene.policy, scene.head, scene.views, frozenset(item.property for _, item, _, _ in bound))
    for sentence, item, resources, within in bound:
        found = judged.find(item.property, resources, holds=item.holds, within=within)
        if found is not None:
            yield _stated(sentence, item, found)


def _meant(text: Text, item: Assertion, places: Places, statements: Statements) -> tuple[tuple[Resource, ...], Span | None] | None:
    """The resources that are spoken of, and the statement of them where only that is."""
    at = statements.at(text) if item.property in BOUND and not item.names else ()
    if at:
        return tuple([subject.resource for subject in at]), at[0].span
    resources = () if item.property in ONLY or text.block.startswith("data.") else places.bound(item, text)
    return (resources, None) if resources else None


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
