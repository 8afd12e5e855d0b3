"""Of which subnets something lies in: `workers in the private subnets`, `private subnets only`. Held against what the arguments name.

A subnet is what its author calls it: private or public by the name of what the argument refers to. One that says neither leaves it open.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence

from msgspec import Struct
from msgspec.structs import replace

from bot.engine.claims.plain import plainly, unprefixed
from bot.engine.claims.scene import Scene
from bot.engine.claims.text import Sentence, Stated
from bot.engine.claims.values.sight import Sight
from bot.engine.claims.vocabulary import PLACES
from bot.engine.model.match import Change
from bot.engine.model.resource import Resource
from bot.engine.model.value import Known, Unknown, Value
from bot.engine.pattern import Pattern

MOST_WORDS = 20
_ARGUMENTS = ("subnet_id", "subnet_ids", "subnets", "vpc_zone_identifier", "vnet_subnet_id", "subnetwork", "subnet_mapping")
_LIES = Pattern(
    r"\b(?:in|into|inside|within|uses?|using|onto|on)\s+(?:the |our |its |a |all |only )*(?P<kind>private|public)[ _-]subnets?\b"
    r"|\b(?P<only>private|public)[ _-]subnets? only\b",
    re.IGNORECASE,
)
_KINDS = frozenset({"private", "public"})
_PARTS = Pattern(r"[a-z]+")


class Placed(Struct, frozen=True):
    """`kind`: private or public. `places`: words for the part of the estate that is meant."""

    kind: str
    places: tuple[str, ...]
    said: str


def placed(spoken: Iterable[Sentence], scene: Scene) -> Iterator[Stated]:
    """What is said to lie in which subnets, and which ones it names."""
    sight: Sight | None = None
    for sentence in spoken:
        said = reading(sentence)
        if said is None:
            continue
        sight = sight or Sight(scene)
        found = _found(said, _named(sight.of(sentence.text, said.places)))
        if found is not None and (found[0] or sentence.text.source != "commit" or scene.commits == 1):
            holds, resource, name, value = found
            if holds or sentence.text.source == "code" or sight.is_set(resource, name):
                yield _stated(sentence, said, holds=holds, resource=resource, name=name, value=value)


def reading(sentence: Sentence) -> Placed | None:
    """The one kind of subnets that something is said to lie in; None where both are spoken of, or something may lie there."""
    plain = replace(sentence, content=unprefixed(sentence.content))
    found = list(_LIES.finditer(plain.content))
    if len(found) != 1 or sentence.text.source == "document" or sentence.text.block.startswith(("var.", "output.")):
        return None
    parts = _PARTS.findall(plain.content.lower())
    if len(_KINDS.intersection(parts)) != 1 or not plainly(plain, MOST_WORDS, allowed=PLACES | {"only"}):
        return None
    kind = (found[0]["kind"] or found[0]["only"]).lower()
    return Placed(kind, tuple(part for part in parts if part in PLACES), found[0][0])


def _named(meant: Sequence[Resource]) -> list[tuple[Resource, str, Value, frozenset[str]]]:
    """Each argument for subnets, with the kinds that it names."""
    return [
        (item, name, value, _kinds(value))
        for item in meant
        if item.mode in ("managed", "module")
        for name, value in item.attributes.items()
        if name in _ARGUMENTS
    ]


def _kinds(value: Value) -> frozenset[str]:
    told = [*value.refs, value.expression if isinstance(value, Unknown) else ""]
    inside = value.raw if isinstance(value, Known) and isinstance(value.raw, tuple) else ()
    own = frozenset(part for text in told for part in re.split(r"[^a-z]+", text.lower()) if part in _KINDS)
    return own.union(*(_kinds(item) for item in inside))


def _found(said: Placed, named: Sequence[tuple[Resource, str, Value, frozenset[str]]]) -> tuple[bool, Resource, str, Value] | None:
    """Whether the one block that has such an argument names that kind alone; None where more than one can be meant."""
    if len({item.definition for item, *_ in named}) != 1 or len({kinds for *_, kinds in named}) != 1:
        return None
    item, name, value, kinds = named[0]
    if len(kinds) != 1 or not value.span.line or (item.calls and isinstance(value, Known) and value.origin):
        return None
    return said.kind in kinds, item, name, value


def _stated(sentence: Sentence, said: Placed, *, holds: bool, resource: Resource, name: str, value: Value) -> Stated:
    shown = value.expression if isinstance(value, Unknown) and value.expression else "[" + ", ".join(_refs(value)) + "]"
    return Stated(
        sentence,
        "property",
        "supported" if holds else "contradicted",
        said.said,
        f"{name} = {shown} ({value.span.path}:{value.span.line})",
        resource.address,
        change=Change(name, value, value),
        at=value.span,
    )


def _refs(value: Value) -> list[str]:
    inside = value.raw if isinstance(value, Known) and isinstance(value.raw, tuple) else ()
    return list(dict.fromkeys([*value.refs, *(ref for item in inside for ref in _refs(item))]))[:3]
