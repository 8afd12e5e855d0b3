"""Who alone may take a role: `only the CI role can assume it`, `assumable only by the deployer`. Held against who is trusted.

Everybody refutes it. That those who are trusted are the ones that are named is shown by their names, and by nothing else refuted.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence

from msgspec import Struct

from bot.engine.claims.plain import is_above, plainly
from bot.engine.claims.scene import Scene
from bot.engine.claims.text import Sentence, Stated
from bot.engine.claims.words import listed
from bot.engine.model.match import Change, Subject
from bot.engine.model.value import Known, Unknown, Value
from bot.engine.pattern import Pattern

MOST_WORDS = 25
_ALLOWED = listed("can may allowed allow allows only able")
_WHO = r"(?:the |our |a |an )?(?P<{}>[\w][\w -]{{0,40}}?)"
_BY = Pattern(
    rf"\bonly {_WHO.format('first')} (?:can |may |is allowed to |are allowed to |is able to )?assumes?\b"
    rf"|\b(?:only (?:be )?assum(?:ed|able)|assum(?:ed|able) (?:only|solely|exclusively)) by "
    rf"{_WHO.format('second')}(?=[.,;)]|$| and | in | via | through )",
    re.IGNORECASE,
)
_IDLE = listed("role roles user users account accounts service services principal iam aws this that itself its github job jobs")
_PARTS = Pattern(r"[a-z]+|\d+")


class Taken(Struct, frozen=True):
    """`who`: the words that name who alone may take the role."""

    who: frozenset[str]
    said: str


def assumed_by(spoken: Iterable[Sentence], scene: Scene) -> Iterator[Stated]:
    """What is said of who takes a role, and who is trusted."""
    view = scene.views.get("statement")
    there: list[Subject] | None = None
    for sentence in spoken if view is not None else ():
        said = reading(sentence)
        if said is None or view is None:
            continue
        there = [item for model in scene.head for item in view(model) if _trusts(item)] if there is None else there
        found = _found(said, _meant(sentence, there, scene))
        if found is not None and (found[0] or sentence.text.source != "commit" or scene.commits == 1):
            yield _stated(sentence, said, *found)


def reading(sentence: Sentence) -> Taken | None:
    """Who alone is said to take a role; None where that is not said."""
    found = _BY.search(sentence.content)
    if found is None or sentence.text.source == "document" or not plainly(sentence, MOST_WORDS, allowed=_ALLOWED):
        return None
    who = frozenset(_PARTS.findall((found["first"] or found["second"]).lower())) - _IDLE
    return Taken(who, found[0]) if who else None


def _trusts(item: Subject) -> bool:
    kind, effect = item.attributes.get("document"), item.attributes.get("effect")
    return isinstance(kind, Known) and kind.raw == "trust" and isinstance(effect, Known) and effect.raw == "Allow"


def _meant(sentence: Sentence, there: Sequence[Subject], scene: Scene) -> list[Subject]:
    """The trust of the role or document that the comment is at, or of the one that the change makes or alters."""
    text = sentence.text
    if text.source != "code":
        altered = [item for item in there if (item.resource.root, item.resource.address) in scene.touched]
        return altered if len({item.resource.definition for item in altered}) == 1 else []
    return [item for item in there if item.resource.span.path == text.path and _is_at(sentence, item)]


def _is_at(sentence: Sentence, item: Subject) -> bool:
    named = f"{item.resource.type}.{item.resource.name}"
    return sentence.text.block in (named, f"data.{named}") or is_above(sentence.text, item.resource.span)


def _found(said: Taken, meant: Sequence[Subject]) -> tuple[bool, Subject] | None:
    for item in meant:
        everyone, bound = item.attributes.get("everyone"), item.attributes.get("has_condition")
        if isinstance(everyone, Known) and everyone.raw is True and isinstance(bound, Known) and bound.raw is False:
            return False, item
    if meant and all(_is_named(said, item) for item in meant):
        return True, meant[0]
    return None


def _is_named(said: Taken, item: Subject) -> bool:
    """Whether each principal has every word of the name."""
    principals = item.attributes.get("principals")
    inside = principals.raw if isinstance(principals, Known) and isinstance(principals.raw, tuple) else ()
    return bool(inside) and all(said.who <= frozenset(_PARTS.findall(_told(one).lower())) for one in inside)


def _told(value: Value) -> str:
    if isinstance(value, Known):
        return str(value.raw)
    return f"{value.expression} {' '.join(value.refs)}" if isinstance(value, Unknown) else ""


def _stated(sentence: Sentence, said: Taken, holds: bool, item: Subject) -> Stated:  # noqa: FBT001 - the first of a pair
    value = item.attributes.get("principals")
    inside = value.raw if isinstance(value, Known) and isinstance(value.raw, tuple) else ()
    at = next((one.span for one in inside if one.span.line), item.span)
    shown = ", ".join(_told(one).split(" ")[0] for one in inside[:3])
    return Stated(
        sentence,
        "property",
        "supported" if holds else "contradicted",
        said.said,
        f"principals = [{shown}] ({at.path}:{at.line})",
        item.resource.address,
        change=Change("principals", value, value),
        at=at,
    )
