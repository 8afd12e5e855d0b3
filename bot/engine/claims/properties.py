"""Sentences that say a property of a resource, held against what the rules of the policy find there."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from bot.engine.claims.assertions import Assertion, assertions
from bot.engine.claims.binding import Places, lies_in
from bot.engine.claims.evidence import Found, Judged
from bot.engine.claims.plain import is_above, last_line
from bot.engine.claims.scene import Scene
from bot.engine.claims.statements import BOUND, ONLY, Statements
from bot.engine.claims.text import Sentence, Stated, Text
from bot.engine.claims.vocabulary import PLACES
from bot.engine.model.match import Change
from bot.engine.model.resource import Resource

MOST = 200  # sentences of one change that are held against evidence
MOST_NEAR = 300  # resources of which one can be meant where none is named


def properties(spoken: Iterable[Sentence], scene: Scene) -> Iterator[Stated]:
    """What is said of which resource, and what was found; nothing of what is bound to none."""
    said = [(sentence, item) for sentence in spoken for item in assertions(sentence)][:MOST]
    if not said:
        return
    places, statements = Places(scene.head, scene.touched), Statements(scene.head, scene.views)
    judged = Judged(scene.policy, scene.head, scene.views, frozenset(item.property for _, item in said))
    for sentence, item in said:
        found = _found(sentence.text, item, places, statements, judged)
        if found is not None and (found.status == "supported" or not item.general):
            yield _stated(sentence, item, found)


def _found(text: Text, item: Assertion, places: Places, statements: Statements, judged: Judged) -> Found | None:
    at = statements.at(text) if item.property in BOUND and not item.names else ()
    if at:
        return judged.find(item.property, [subject.resource for subject in at], holds=item.holds, within=at[0].span)
    if item.property in ONLY:
        return None
    if not (item.kinds or item.names or text.source == "code"):
        return _of_what_can(text, item, places.near(text), judged)
    if bound := places.bound(item, text):
        if item.property in BOUND and text.source == "code" and not any(_is_of_whole(text, one) for one in bound):
            return None  # said inside of a policy, and of which part is not plain
        return judged.find(item.property, bound, holds=item.holds)
    found = judged.find(item.property, places.below(item, text), holds=item.holds) if text.source == "document" else None
    return found if found is not None and found.status == "supported" else None


def _is_of_whole(text: Text, resource: Resource) -> bool:
    """Whether a text stands above a block, or is its description."""
    described = resource.attributes.get("description")
    return is_above(text, resource.span) or (described is not None and described.span.line == last_line(text))


def _of_what_can(text: Text, item: Assertion, near: Sequence[Resource], judged: Judged) -> Found | None:
    """What is found where nothing is named and one thing alone can have the property. A document may speak of more than its directory."""
    if len(near) > MOST_NEAR or (item.modifiers and not PLACES.issuperset(item.modifiers)):
        return None
    among = [one for one in near if lies_in(one, item.modifiers)]
    found = [one for resource in among if (one := judged.find(item.property, (resource,), holds=item.holds)) is not None]
    if len({one.resource.definition for one in found}) != 1 or len({one.status for one in found}) != 1:
        return None
    return None if text.source == "document" and found[0].status != "supported" else found[0]


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
