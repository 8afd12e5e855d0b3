"""What a message says a value becomes: `from io1 to io2`, `1.9 -> 1.10`, `bump the irsa module to 5.30.1`.

Shown: the change makes of one argument that value, of the one value the other. Refuted: the one argument that had the first value and
that the sentence names gets a third.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence

from msgspec import Struct

from bot.engine.claims.binding import lies_in
from bot.engine.claims.plain import plainly, unprefixed
from bot.engine.claims.scene import Scene
from bot.engine.claims.text import Sentence, Stated
from bot.engine.claims.units import amounts, counted, unit_of
from bot.engine.claims.values.held import Argument, arguments_of, stated
from bot.engine.claims.vocabulary import ABSTAIN, PLACES
from bot.engine.claims.words import listed, words
from bot.engine.judgment import Difference
from bot.engine.model.resource import Mode
from bot.engine.pattern import Pattern

MOST_WORDS = 45
MOST = 100  # sentences of one change that are held against what it alters
TOLERANCE = 0.005
_MODES: tuple[Mode, ...] = ("managed", "data", "module", "terraform", "variable")
_MESSAGES = frozenset({"title", "body", "commit"})
_UNIT = r"(?:\s?-?(?:[kmgt]i?b|ms|s|secs?|seconds?|mins?|minutes?|h|hours?|d|days?|weeks?|months?|years?)\b)?"
_VALUE = rf"[`'\"]?(?P<{{0}}>(?:[~<>]?=\s?|~>\s?)?[A-Za-z0-9](?:[\w+-]|\.(?=\w))*{_UNIT})[`'\"]?"
_END = r"(?=[\s.,;:)\]]|$)"
_MOVED = Pattern(
    rf"\bfrom\s+{_VALUE.format('one')}\s+(?:up |down |back )?to\s+{_VALUE.format('other')}{_END}"
    rf"|(?<![\w.]){_VALUE.format('left')}\s*(?:->|=>|\u2192)\s*{_VALUE.format('right')}{_END}",
    re.IGNORECASE,
)
_REACHED = Pattern(
    r"\b(?:set|bump|upgrad|updat|increas|rais|reduc|decreas|lower|chang|restor|limit|cap|pin)\w*\b"
    rf"[^;]{{0,80}}?\bto\s+(?:[a-z]+\s)??(?=[`'\"~<>=\s]*[a-z]*\d){_VALUE.format('other')}{_END}",
    re.IGNORECASE,
)
_VERSION = Pattern(r"[~<>=\s]*v?(\d+(?:\.\d+)+)(?:\.x)?|v(\d+)")
_PROSE = frozenset({"description", "comment"})  # what is written there shows nothing
_TELLING = Pattern(r"\d|_|^[A-Z]{3,}$")  # what is no plain word of the language
_PARTS = Pattern(r"[a-z]{2,}")
_IDLE = listed(
    """the and for from with set sets bump bumps bumped upgrade upgrades update updates increase increases raise raises reduce reduces
    decrease decreases lower lowers change changes restore restores limit limits cap caps pin pins new now this that our its all aws google
    azurerm module modules resource resources value values default feat fix chore main to of in on is"""
)
_ALSO: Mapping[str, str] = {"minimum": "min", "maximum": "max", "upper": "max", "lower": "min", "k8s": "kubernetes", "replicas": "replica"}
_ALLOWED = PLACES | listed(
    "default defaults fix fixes fixed support supports allow allows require required needs need used old because since most some before"
)


class Said(Struct, frozen=True):
    """`before`: empty where only the value is told that it becomes. `topic`: words for what has it. `sure`: nothing in it is a doubt."""

    before: str
    after: str
    topic: frozenset[str]
    said: str
    places: tuple[str, ...]
    sure: bool


class Altered(Struct, frozen=True):
    """An argument that the change sets; `was`: the same on the base, None where it was not there."""

    was: Argument | None
    now: Argument


def altered(spoken: Iterable[Sentence], scene: Scene) -> Iterator[Stated]:
    """What is said to become of values, and what the change makes of them."""
    said = [(sentence, item) for sentence in spoken if (item := reading(sentence)) is not None][:MOST]
    if not said:
        return
    there = [item for difference in scene.differing for item in _altered(difference)]
    for sentence, item in said:
        among = [one for one in there if not item.places or any(lies_in(one.now.resource, (place,)) for place in item.places)]
        shown = next((one for one in among if _is_shown(item, one)), None)
        refuted = None if shown is not None or not _may_refute(sentence, item, scene) else _refuted(item, among)
        if (found := shown or refuted) is not None:
            yield stated(sentence, item.said, shown is not None, found.now)


def reading(sentence: Sentence) -> Said | None:
    """What a message says that one value becomes; None where it says nothing of that, of more than one, or in doubt."""
    if sentence.text.source not in _MESSAGES:
        return None
    content = unprefixed(sentence.content)
    found = list(_MOVED.finditer(content)) or list(_REACHED.finditer(content))
    if len(found) != 1 or not plainly(sentence, MOST_WORDS, allowed=_ALLOWED):
        return None
    told = {name: (value or "").strip() for name, value in found[0].groupdict().items()}
    before, after = told.get("one") or told.get("left") or "", told.get("other") or told.get("right") or ""
    if not _TELLING.search(after) or (before and not _TELLING.search(before)):
        return None
    doubts = {word.said for word in words(content)} & (ABSTAIN - PLACES - {"fix", "fixes"})
    places = tuple(dict.fromkeys(word.said for word in words(content) if word.said in PLACES))
    return Said(
        before, after, _topic(sentence.content.replace(found[0][0], _told_of(found[0][0]))), found[0][0].strip(), places, not doubts
    )


def _told_of(said: str) -> str:
    """The words of a form without its values: `bump the irsa module`."""
    return re.split(r"\s+to\s+", said, maxsplit=1)[0] if not re.match(r"from\b", said) else ""


def _topic(content: str) -> frozenset[str]:
    found = (_ALSO.get(word, word.rstrip("s")) for word in _PARTS.findall(content.lower()) if len(word) > 2 and word not in _IDLE)
    return frozenset(found) | {_ALSO[word] for word in _ALSO if word in content.lower().split()}


def _altered(difference: Difference) -> Iterator[Altered]:
    for mode in _MODES:
        for was, now in difference.blocks(mode):
            before = {item.path: item for item in arguments_of(was)} if was is not None else {}
            for item in arguments_of(now):
                old = before.get(item.path)
                if item.name in _PROSE:
                    continue
                if old is None or old.value.raw != item.value.raw:
                    yield Altered(old, item)


def _is_shown(item: Said, one: Altered) -> bool:
    """Whether the change makes the value of this argument, of the one that is told where one is, and the sentence names it."""
    if not _is(item.after, one.now):
        return False
    if item.before:
        is_plain = item.before.isdecimal() and item.after.isdecimal()
        return one.was is not None and _is(item.before, one.was) and (not is_plain or _names(item, one.now))
    if item.after.isdecimal():
        return bool(item.topic & _parts(one.now.path))
    return _names(item, one.now)


def _may_refute(sentence: Sentence, item: Said, scene: Scene) -> bool:
    return item.sure and bool(item.before) and (sentence.text.source != "commit" or scene.commits == 1)


def _refuted(item: Said, among: Sequence[Altered]) -> Altered | None:
    """The one argument that had the value which is told first and that the sentence names; what no other has either is elsewhere."""
    had = [one for one in among if one.was is not None and _is(item.before, one.was) and _names(item, one.now)]
    if len({(one.now.resource.definition, one.now.path) for one in had}) != 1 or not _is_distinct(item.before):
        return None
    return had[0] if _kind(item.after) == _kind(item.before) else None


def _is_distinct(said: str) -> bool:
    """Whether few values are this one: a version in full, a size, an amount with its unit."""
    return said.count(".") > 1 or (not said.isdecimal() and any(sign.isdigit() for sign in said) and any(sign.isalpha() for sign in said))


def _kind(said: str) -> str:
    return re.sub(r"\d+", "0", said.lower())


def _names(item: Said, argument: Argument) -> bool:
    return bool(item.topic & (_parts(argument.path) | _parts(f"{argument.resource.type} {argument.resource.address}")))


def _parts(text: str) -> frozenset[str]:
    return frozenset(part.rstrip("s") for part in _PARTS.findall(text.lower())) - _IDLE


def _is(said: str, argument: Argument) -> bool:
    """Whether an argument has the value: as it is told, as an amount in its unit, or as a version inside of it."""
    raw = argument.value.raw
    if isinstance(raw, bool):
        return False
    if isinstance(raw, int | float):
        return _is_number(said, float(raw), argument)
    text = str(raw)
    if text.lower() in (said.lower(), f"v{said}".lower()):
        return True
    version = _VERSION.fullmatch(said)
    number = next(filter(None, version.groups()), "") if version else ""
    return bool(number) and re.search(rf"(?<![\d.]){re.escape(number)}(?!\d)", text) is not None


def _is_number(said: str, raw: float, argument: Argument) -> bool:
    if said.isdecimal():
        return float(said) == raw
    told = amounts(words(said))
    unit = argument.unit or unit_of(argument.name, f"{argument.resource.type}.")
    if len(told) != 1 or not told[0].values:
        return False
    if unit is None:
        return said.rstrip(" abcdefghijklmnopqrstuvwxyzBGKMT") == f"{raw:g}"
    dimension, found = counted(raw, unit)
    return dimension == told[0].dimension and any(
        abs(one - other) <= TOLERANCE * max(abs(one), abs(other)) for one in told[0].values for other in found
    )
