"""Who alone is let in, and by what: `SSH only from 10.0.0.0/8`, `ingress restricted to 443`. Held against what a packet filter allows."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import TypeVar

from msgspec import Struct
from msgspec.structs import replace

from bot.engine.claims.binding import lies_in
from bot.engine.claims.plain import is_above, plainly, unprefixed
from bot.engine.claims.scene import Scene
from bot.engine.claims.text import Sentence, Stated, Text
from bot.engine.claims.vocabulary import PLACES
from bot.engine.claims.words import listed
from bot.engine.model.match import Change, Subject
from bot.engine.model.value import Known, Value
from bot.engine.pattern import Pattern
from bot.engine.policy.predicates.networks import ALL, Range, read

Said = TypeVar("Said")
MOST_WORDS = 20
_ALLOWED = listed("allow allows allowed allowing supports needs")
_NARROWS = Pattern(r"\b(?:only|restricted to|limited to|exclusively|solely|nothing but)\b")
_PREFIX = Pattern(r"(?<![\w.])\d{1,3}(?:\.\d{1,3}){3}(?:/\d{1,2})?(?![\w.])")
_PORT = Pattern(r"\bports? (\d{1,5})(?:(?:,| and|/|, and) (\d{1,5}))?\b|\b(?:tcp|udp)[/ ](\d{1,5})\b")
# `only allows 443 from the VPC`, `80,443 only`: a number that can be nothing but a port.
_BARE = Pattern(
    r"\b(?:allow(?:s|ed|ing)?|opens?|accepts?|only|on|inbound|ingress)(?: only)? (\d{2,5})(?:(?:, ?| and |/)(\d{2,5}))?(?![\w.%-]| ?[\w%])"
    r"|\b(?:allow(?:s|ed|ing)?|opens?|accepts?)(?: only)? (\d{2,5})(?:(?:, ?| and |/)(\d{2,5}))? (?:in )?(?:from|only)\b"
    r"|^(\d{2,5})(?:(?:, ?| and |/)(\d{2,5}))? only\b"
)
_INSIDE = Pattern(
    r"\bfrom (?:within |inside )?(?:the |our |this |its )?(?:own )?"
    r"(?:vpc|vnet|virtual network|(?:private|internal) networks?)\b(?! endpoint)"
)
_OUT = Pattern(r"\b(?:egress|outbound|outgoing|except|not)\b|\bto (?:the )?(?:internet|\d)")
PRIVATE = tuple([found for text in ("10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16", "100.64.0.0/10") if (found := read(text)) is not None])


class Narrowed(Struct, frozen=True):
    """What alone is let in: from these ranges, to these ports; empty where nothing is said of it. `inside`: from a private network."""

    prefixes: tuple[Range, ...]
    ports: frozenset[int]
    said: str
    inside: bool = False


def with_ways_in(
    spoken: Iterable[Sentence], scene: Scene, reading: Callable[[Sentence], Said | None]
) -> Iterator[tuple[Sentence, Said, list[Subject]]]:
    """Each sentence that says something, what it says, and every way in of the head, which is looked for once."""
    view = scene.views.get("ingress")
    there: list[Subject] | None = None
    for sentence in spoken if view is not None else ():
        said = reading(sentence)
        if said is not None and view is not None:
            there = [subject for model in scene.head for subject in view(model)] if there is None else there
            yield sentence, said, there


def narrowed(spoken: Iterable[Sentence], scene: Scene) -> Iterator[Stated]:
    """What is said of the only ways in, and what the ways in are."""
    for sentence, said, there in with_ways_in(spoken, scene, reading):
        found = _found(said, _meant(sentence, there, scene))
        if found is not None:
            holds, subject, name = found
            if holds or sentence.text.source in ("code", "title", "body"):
                yield stated(sentence, said.said, holds=holds, subject=subject, name=name)


def reading(sentence: Sentence) -> Narrowed | None:
    """What the sentence says that alone is let in; None where it says nothing of it."""
    sentence = replace(sentence, content=unprefixed(sentence.content))
    lowered = sentence.content.lower()
    if sentence.text.source == "document" or _NARROWS.search(lowered) is None or _OUT.search(lowered):
        return None
    prefixes = tuple([found for text in _PREFIX.findall(lowered) if (found := read(text)) is not None])
    named = _PORT.findall(lowered) or _BARE.findall(lowered)
    ports = frozenset(int(number) for found in named for number in found if number)
    inside = not prefixes and _INSIDE.search(lowered) is not None
    if not (prefixes or ports) or not plainly(sentence, MOST_WORDS, allowed=_ALLOWED | PLACES):
        return None
    return Narrowed(prefixes, ports, sentence.content, inside)


def _meant(sentence: Sentence, there: Sequence[Subject], scene: Scene) -> list[Subject]:
    """The ways in that a comment stands above, those of its block, or those of the one filter that the change makes or alters."""
    text = sentence.text
    if text.source != "code":
        altered = [item for item in there if (item.resource.root, item.resource.address) in scene.touched]
        places = PLACES.intersection(sentence.content.lower().split())
        altered = [item for item in altered if lies_in(item.resource, places)]
        return altered if len({item.resource.definition for item in altered}) == 1 else []
    own = [item for item in there if item.resource.span.path == text.path and _block(item) == text.block]
    nearest = [item for item in own if item.span != item.resource.span and is_above(text, item.span)]
    return nearest or (own if _is_at_header(text, own) else [])


def _block(item: Subject) -> str:
    return f"{item.resource.type}.{item.resource.name}"


def _is_at_header(text: Text, own: Sequence[Subject]) -> bool:
    return any(is_above(text, item.resource.span) for item in own)


def _found(said: Narrowed, meant: Sequence[Subject]) -> tuple[bool, Subject, str] | None:
    """Whether nothing else is let in, with what shows it; None where it is not all known."""
    shown: tuple[bool, Subject, str] | None = None
    known = True
    for subject in meant:
        for name, holds in (("prefixes", _is_from(said, subject)), ("ports", _is_to(said, subject))):
            if holds is False:
                return False, subject, name
            known = known and (holds is not None or not (said.prefixes or said.inside if name == "prefixes" else said.ports))
            shown = shown or ((True, subject, name) if holds else None)
    return shown if known else None


def _is_from(said: Narrowed, subject: Subject) -> bool | None:
    value = subject.attributes.get("prefixes")
    if not (said.prefixes or said.inside) or not isinstance(value, Known) or not isinstance(value.raw, tuple) or is_given(value, subject):
        return None
    found = [read(item.raw) if isinstance(item, Known) and isinstance(item.raw, str) else None for item in value.raw]
    if not found or any(one is None for one in found):
        return None
    if said.inside:
        return _is_inside([one for one in found if one is not None])
    return all(one is not None and any(_within(one, other) for other in said.prefixes) for one in found)


def _is_inside(found: Sequence[Range]) -> bool | None:
    """Whether ranges are those of private networks; None where one is neither that nor everybody's."""
    if any(one in ALL for one in found):
        return False
    return True if all(any(_within(one, other) for other in PRIVATE) for one in found) else None


def _is_to(said: Narrowed, subject: Subject) -> bool | None:
    low, high = (subject.attributes.get(name) for name in ("from_port", "to_port"))
    if not said.ports or not isinstance(low, Known) or not isinstance(high, Known) or is_given(low, subject) or is_given(high, subject):
        return None
    return low.raw == high.raw and low.raw in said.ports


def _within(one: Range, other: Range) -> bool:
    return one.version == other.version and other.first <= one.first and one.last <= other.last


def is_given(value: Value, subject: Subject) -> bool:
    """Whether a caller or a default may decide it."""
    inside = value.raw if isinstance(value, Known) and isinstance(value.raw, tuple) else ()
    own = isinstance(value, Known) and (value.assumed or bool(subject.resource.calls and value.origin))
    return own or any(is_given(item, subject) for item in inside)


def stated(sentence: Sentence, said: str, *, holds: bool, subject: Subject, name: str) -> Stated:
    """What was found, by the ranges or ports of a way in."""
    value = subject.attributes["prefixes" if name == "prefixes" else "ports"]
    at = value.span if value.span.line else subject.span
    shown = _shown(value)
    return Stated(
        sentence,
        "property",
        "supported" if holds else "contradicted",
        said,
        f"{name} = {shown} ({at.path}:{at.line})",
        subject.resource.address,
        change=Change(name, value, value),
        at=at,
    )


def _shown(value: Value) -> str:
    if isinstance(value, Known) and isinstance(value.raw, tuple):
        return "[" + ", ".join(f'"{item.raw}"' for item in value.raw if isinstance(item, Known)) + "]"
    return str(value.raw) if isinstance(value, Known) else ""
