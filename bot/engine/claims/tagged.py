"""What is said of tags: that something has them, which ones, and that a provider gives them to all (`default_tags`, `default_labels`)."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence

from msgspec import Struct

from bot.engine.claims.binding import lies_in
from bot.engine.claims.plain import last_line, plainly
from bot.engine.claims.scene import Scene
from bot.engine.claims.text import Sentence, Stated, Text
from bot.engine.claims.vocabulary import PLACES
from bot.engine.claims.words import listed
from bot.engine.model.match import Change
from bot.engine.model.resource import Resource
from bot.engine.model.value import Known, Value
from bot.engine.pattern import Pattern

MOST_WORDS = 25
_ALLOWED = PLACES | listed("default defaults required requires")
_DEFAULT = Pattern(
    r"\b(?:add|adds|added|adding|enable|enables|apply|applies|set|sets|use|uses|with) (?:\w+ ){0,3}default[ _](?:\w+ )?tags\b"
)
_HAS = Pattern(r"\b(?:(?:tagged|labelled|labeled) (?:with|as|for)|tag (?:this|the|all|every)|adds? (?:\w+ ){0,2}tags)\b")
_KEYS = Pattern(r"\b(?:tagged (?:with|as|by)|with tags?|tags?:)\s+((?:`[\w:/.-]{2,60}`(?:,? and |, | & |,)?)+)", re.IGNORECASE)
_KEY = Pattern(r"`([\w:/.-]{2,60})`")
_OTHER_TAGS = ("image", "release", "git tag", "docker", "ecr", "container")
_TAGS = ("tags", "labels", "tags_all")


class Tagged(Struct, frozen=True):
    """`by_provider`: whether a provider gives them. `keys`: which ones are named."""

    by_provider: bool
    keys: tuple[str, ...] = ()


def tagged(spoken: Iterable[Sentence], scene: Scene) -> Iterator[Stated]:
    """What is said of tags, and the tags."""
    for sentence in spoken:
        said = reading(sentence)
        if said is None:
            continue
        found = _by_provider(sentence, scene) if said.by_provider else _own(sentence, said, scene)
        if found is not None:
            yield found


def reading(sentence: Sentence) -> Tagged | None:
    """What the sentence says of tags; None where nothing."""
    if sentence.text.block.startswith(("var.", "output.")):
        return None
    content = sentence.content
    lowered = content.lower()
    if not any(word in lowered for word in ("tag", "label")) or any(word in lowered for word in _OTHER_TAGS):
        return None
    if not plainly(sentence, MOST_WORDS, allowed=_ALLOWED):
        return None
    if _DEFAULT.search(lowered):
        return Tagged(by_provider=True)
    keys = tuple(_KEY.findall(found[1])) if (found := _KEYS.search(content)) else ()
    return Tagged(by_provider=False, keys=keys) if keys or _HAS.search(lowered) else None


def _by_provider(sentence: Sentence, scene: Scene) -> Stated | None:
    places = PLACES.intersection(sentence.content.lower().split())
    roots = {root for root, _ in scene.touched}
    for model in scene.head:
        for item in model.resources:
            value = item.attributes.get("default_tags") or item.attributes.get("default_labels")
            near = item.span.path == sentence.text.path if sentence.text.source == "code" else item.root in roots
            if item.mode == "provider" and near and isinstance(value, Known) and lies_in(item, places) and value.span.line:
                return _stated(sentence, item, "default_tags", value, holds=True)
    return None


def _own(sentence: Sentence, said: Tagged, scene: Scene) -> Stated | None:
    meant = _meant(sentence, scene)
    if len({item.definition for item in meant}) != 1:
        return None
    item = meant[0]
    name, value = next(((name, item.attributes[name]) for name in _TAGS if name in item.attributes), ("", None))
    if not isinstance(value, Known) or not isinstance(value.raw, dict) or not value.raw:
        return None
    missing = [key for key in said.keys if key not in value.raw]
    if missing and (sentence.text.source == "commit" or _is_added_to(item, scene) or value.assumed or (item.calls and value.origin)):
        return None
    return _stated(sentence, item, name, value, holds=not missing)


def _meant(sentence: Sentence, scene: Scene) -> Sequence[Resource]:
    text = sentence.text
    every = [item for model in scene.head for item in model.resources if item.mode == "managed"]
    if text.source == "code":
        return [item for item in every if item.span.path == text.path and f"{item.type}.{item.name}" == text.block and _is_near(text, item)]
    if text.source == "document":
        return []
    return [item for item in every if (item.root, item.address) in scene.touched and any(name in item.attributes for name in _TAGS)]


def _is_near(text: Text, item: Resource) -> bool:
    """Whether a comment stands at the header or at the tags: between other blocks it may speak of those."""
    places = [item.span.line, *(item.attributes[name].span.line for name in _TAGS if name in item.attributes)]
    return any(line in (last_line(text), last_line(text) + 1) for line in places)


def _is_added_to(item: Resource, scene: Scene) -> bool:
    """Whether a provider may give it more tags."""
    providers = [one for model in scene.head if model.root == item.root for one in model.resources if one.mode == "provider"]
    return not providers or any("default_tags" in one.attributes or "default_labels" in one.attributes for one in providers)


def _stated(sentence: Sentence, item: Resource, name: str, value: Known, *, holds: bool) -> Stated:
    keys = ", ".join(_names(value))
    at = value.span if value.span.line else item.span
    return Stated(
        sentence,
        "property",
        "supported" if holds else "contradicted",
        sentence.content,
        f"{name}{f' = {{{keys}}}' if keys else ''} ({at.path}:{at.line})",
        item.address,
        change=Change(name, value, value),
        at=at,
    )


def _names(value: Value) -> Iterator[str]:
    """The keys of a map of tags, or of the blocks that hold one."""
    if isinstance(value, Known) and isinstance(value.raw, tuple):
        for item in value.raw:
            inner = item.raw.get("tags") if isinstance(item, Known) and isinstance(item.raw, dict) else None
            yield from _names(inner) if inner is not None else ()
    elif isinstance(value, Known) and isinstance(value.raw, dict):
        yield from sorted(value.raw)
