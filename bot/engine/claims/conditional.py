"""What is said to be there only on a condition: it has to be counted then.

A comment speaks of the block below it, or of the `count` or argument that it stands at; a message or document of the resource that it
names. `count` and `for_each` give a resource a key, whatever they say; so does the call of a module around it. Where a text names
variables, the condition has to name one of them.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence

from bot.engine.claims.assertions import Assertion
from bot.engine.claims.binding import Places
from bot.engine.claims.kinds import joined
from bot.engine.claims.plain import is_above, unprefixed
from bot.engine.claims.scene import Scene
from bot.engine.claims.subjects import Subject, subject_of
from bot.engine.claims.text import Sentence, Stated
from bot.engine.claims.words import words
from bot.engine.model.match import Change
from bot.engine.model.resource import Resource
from bot.engine.model.span import Span
from bot.engine.pattern import Pattern

_MADE = "(?:created|deployed|provisioned|made)"
_SET = r"(?:[^()]{0,50}\b)?(?:enabled|provided|specified|given|set|configured|requested|[a-z]+_\w+)(?: (?:to|is|=|==) true| is set)?"
_GENERAL = ("var.", "output.", "data.", "provider.")
_SAID = Pattern(
    rf"^(?:.{{0,60}}[-\u2013\u2014:;(,] ?)?(?:is |are )?(?:only (?:ever )?{_MADE} (?:if|when|in|for)\b"
    rf"|{_MADE} (?:conditionally\b|only (?:if|when|in|for)\b)|conditionally (?:created?|deployed?|provisioned?)\b"
    r"|(?:create|deploy|provision) (?:\w+ ){0,4}only (?:if|when|in)\b)",
)
# By these something may be left out, but a part of it may be what is meant: they are only ever shown.
_TOLD = Pattern(
    rf"\((?:conditional|optional|opt-in|only (?:if|when|in|for) [^()]{{1,60}}|(?:if|when) {_SET}|{_MADE} (?:if|when) [^()]{{1,60}}"
    r"|\w+ mode only)\)[.!]?$"
    r"|^(?:optional|conditional)(?:ly)?\b[: ]|\bonly (?:added|enabled|attached|applied|required|needed) (?:if|when|in|for)\b",
)
_DOUBT = Pattern(r"\b(?:todo|should|will|would|not|never|once|was|were)\b|\?$")
_CONDITION = Pattern(r"\b(?:if|when)\b.*$")  # what has to be so may be a denial: `only created if the zone is not given`
_AT_COUNT = Pattern(r"\bonly (?:\w+ ){0,6}(?:if|when|in|for)\b|\bconditional|\boptional|^(?:create|deploy|enable)\b.*\b(?:if|when)\b")
_BESIDE = Pattern(r"^(?:only )?(?:is |are )?(?:only )?(?:set|used|applied|enabled|needed|required) (?:if|when)\b|^only (?:if|when)\b")
_NAME = Pattern(r"[a-z][a-z0-9]*(?:_[a-z0-9]+)+")
_COUNT = Pattern(r"^\s*(?:count|for_each)\s*=\s*(.*)$", re.MULTILINE)
_WHAT = r"(?P<what>[^;:()]{2,60}?)"
_DO = "(?:create|deploy|provision|add|output|make)s?"
_PROSE = tuple(
    Pattern(form, re.IGNORECASE)
    for form in (
        rf"^{_WHAT} (?:is|are) (?:now )?(?:only (?:ever )?{_MADE} (?:if|when)|{_MADE} (?:only (?:if|when)|conditionally))\b",
        rf"^only {_DO} {_WHAT} (?:if|when)\b",
        rf"^{_DO} {_WHAT} (?:conditionally|only (?:if|when))\b",
        rf"^conditionally {_DO} {_WHAT}[.!]?$",
        rf"^makes? {_WHAT} (?:optional|conditional)[.!]?$",
    )
)
_NUMBERED = Pattern(r"\s*(?:#\w+\s*)?\(#\d+\)\s*$")


def conditional(spoken: Iterable[Sentence], scene: Scene) -> Iterator[Stated]:
    """What is said to be made on a condition, and whether it has one."""
    places: Places | None = None
    for sentence in spoken:
        if not is_conditional(sentence):
            continue
        if _is_beside(sentence):
            yield _beside(sentence)
            continue
        places = places or Places(scene.head, scene.touched)
        made = _meant(sentence, scene, places)
        if not made or any(item.incomplete is not None for item in made):
            continue
        counted = [item for item in made if item.address != item.definition or item.exists is not None]
        if len(counted) not in (0, len(made)) or not (counted or is_strict(sentence)):
            continue
        if not counted or _names_it(sentence, made[0], scene):
            yield _stated(sentence, made[0], holds=bool(counted))


def is_conditional(sentence: Sentence) -> bool:
    """Whether the sentence says that what it speaks of is only made on a condition."""
    text = sentence.text
    if sentence.quoted or text.block.startswith(_GENERAL):
        return False
    if text.source != "code":
        return _named(sentence) is not None
    if not text.block:
        return False
    lowered = sentence.content.lower()
    is_said = (_SAID.search(lowered) or _TOLD.search(lowered)) is not None
    return _is_beside(sentence) or (is_said and _DOUBT.search(_CONDITION.sub("", lowered)) is None)


def is_strict(sentence: Sentence) -> bool:
    """Whether it says so of the making of the whole block, and in so many words."""
    text = sentence.text
    return text.source == "code" and not text.block.startswith("module.") and _SAID.search(sentence.content.lower()) is not None


def _is_beside(sentence: Sentence) -> bool:
    """Whether a comment stands at the `count`, or at an argument that a condition decides and whose variable it names."""
    argument, lowered = sentence.text.argument, sentence.content.lower()
    if argument is None or not sentence.text.block or _DOUBT.search(_CONDITION.sub("", lowered)):
        return False
    if argument.name in ("count", "for_each"):
        return _AT_COUNT.search(lowered) is not None
    named = set(_NAME.findall(lowered))
    return "?" in argument.value and _BESIDE.search(lowered) is not None and not named.isdisjoint(_NAME.findall(argument.value))


def _named(sentence: Sentence) -> Subject | None:
    """What a message or document says is made on a condition; None where it says it of no resource."""
    content = _NUMBERED.sub("", unprefixed(sentence.content))
    if content.startswith("|") or _DOUBT.search(_CONDITION.sub("", content.lower())):
        return None
    found = next((match for form in _PROSE if (match := form.search(content))), None)
    meant = subject_of(joined(words(found["what"]))) if found else None
    return meant if meant is not None and (meant.kinds or any("." in name for name in meant.names)) else None


def _meant(sentence: Sentence, scene: Scene, places: Places) -> Sequence[Resource]:
    if sentence.text.source == "code":
        return [item for model in scene.head for item in model.resources if _is_below(sentence, item)]
    meant = _named(sentence)
    if meant is None:
        return ()
    kinds = tuple(dict.fromkeys(kind for kinds in meant.kinds for kind in kinds))
    names, modifiers = tuple(meant.names), tuple(meant.modifiers)
    wanted = Assertion("conditional", holds=True, kinds=kinds, names=names, modifiers=modifiers, every=meant.every, said=sentence.content)
    return places.bound(wanted, sentence.text)


def _is_below(sentence: Sentence, item: Resource) -> bool:
    text = sentence.text
    block = f"module.{item.name}" if item.mode == "module" else f"{item.type}.{item.name}"
    return item.mode in ("managed", "module") and block == text.block and is_above(text, item.span)


def _names_it(sentence: Sentence, item: Resource, scene: Scene) -> bool:
    """Whether the condition is what the text names; one that names nothing, or is written elsewhere, is taken as it is."""
    condition = _CONDITION.search(sentence.content.lower())
    named = set(_NAME.findall(condition[0])) if condition else set()
    written = _written(item, scene)
    return not named or not written or not named.isdisjoint(_NAME.findall(written))


def _written(item: Resource, scene: Scene) -> str:
    """What the block's `count` or `for_each` says; empty where it has none or its text is not at hand."""
    entry = scene.snapshot.head.entries.get(item.span.path) if scene.snapshot else None
    data = scene.snapshot.blobs.get(entry.oid, b"") if scene.snapshot and entry else b""
    block = "\n".join(data.decode("utf-8", "replace").split("\n")[item.span.line :]).partition("\n}")[0]
    found = _COUNT.search(block)
    return found[1].lower() if found else ""


def _beside(sentence: Sentence) -> Stated:
    argument, text = sentence.text.argument, sentence.text
    line = argument.line if argument else text.line
    shown = f"{argument.name} = {argument.value} ({text.path}:{line})" if argument else ""
    at = Span(text.path, line)
    return Stated(sentence, "property", "supported", sentence.content, shown, text.block, change=Change("count", None, None), at=at)


def _stated(sentence: Sentence, item: Resource, *, holds: bool) -> Stated:
    fields: dict[str, str | int] = {"address": item.address, "where": f"{item.span.path}:{item.span.line}"}
    return Stated(
        sentence,
        "property",
        "supported" if holds else "contradicted",
        sentence.content,
        resource=item.address,
        key="property.counted" if holds else "property.not-counted",
        fields=fields,
        change=Change("count", None, None),
        at=item.span,
    )
