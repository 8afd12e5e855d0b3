"""The most or the least that a value may be: `kept for at most 30 days`, `a timeout of no more than 60 seconds`, `at least 2 replicas`.

The value of the argument itself decides; for what scales, that of the argument that bounds it.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence

from msgspec import Struct
from msgspec.structs import replace

from bot.engine.claims.plain import is_order, plainly, unprefixed
from bot.engine.claims.scene import Scene
from bot.engine.claims.text import Sentence, Stated
from bot.engine.claims.units import Amount, amounts, counted, unit_of
from bot.engine.claims.values.held import Argument, arguments_of, is_of, stated
from bot.engine.claims.values.reading import Topic, Wanted
from bot.engine.claims.values.sight import Sight
from bot.engine.claims.vocabulary import PLACES
from bot.engine.claims.words import listed, words
from bot.engine.pattern import Pattern

MOST_WORDS = 30
MOST = 100  # bounds of one change that are held against arguments
TOLERANCE = 0.005
_MOST = r"at most|no more than|not more than|never more than|no longer than|not exceed(?:s|ing)?|capped (?:at|to)"
_LEAST = r"at least|no less than|not less than|no fewer than|never less than"
# These tell of the same, and as often of what a service allows: what is so is shown, and nothing is refuted by them.
_LOOSELY = r"up to|(?:max(?:imum)?|upper limit)(?: of)?|limited to|limit of"
_LOOSELY_LEAST = r"min(?:imum)?(?: of)?"
_TIMED = r"ms|s|secs?|seconds?|mins?|minutes?|h|hours?|d|days?|weeks?|months?|years?|[kmgt]i?b"
_NOUNS = "instances?|machines?|nodes?|replicas?|tasks?|workers?|images|brokers?"
_BOUND = Pattern(
    rf"\b(?:(?P<most>{_MOST})|(?P<least>{_LEAST})|(?P<loosely>{_LOOSELY})|(?P<loosely_least>{_LOOSELY_LEAST}))\s+"
    rf"(?P<number>\d{{1,6}})(?:\s?-?(?:(?P<unit>{_TIMED})|(?P<noun>{_NOUNS})))\b",
    re.IGNORECASE,
)
_TOPICS: tuple[tuple[Topic, str, Pattern[str]], ...] = (
    ("kept", "", Pattern(r"\b(?:retention|retain\w*|kept|keep\w*|stored for|expir\w+|deleted after)\b", re.IGNORECASE)),
    ("amount", "timeout", Pattern(r"\btime-?outs?\b|\b(?:runs?|take|takes|last|lasts)\b", re.IGNORECASE)),
    ("amount", "memory", Pattern(r"\b(?:memory|ram)\b", re.IGNORECASE)),
    ("amount", "storage", Pattern(r"\b(?:storage|disks?|volumes?|file ?systems?)\b", re.IGNORECASE)),
)

_ALLOWED = PLACES | listed("expire expires most")


class Bound(Struct, frozen=True):
    """`wanted`: what has the bound, with the amount. `most`: whether it is the most or the least. `sure`: another value refutes it."""

    wanted: Wanted
    most: bool
    number: int
    sure: bool


def bounded(spoken: Iterable[Sentence], scene: Scene) -> Iterator[Stated]:
    """What is said to be the most or the least, and what the arguments are."""
    said = [(sentence, item) for sentence in spoken if (item := reading(sentence)) is not None][:MOST]
    sight = Sight(scene)
    for sentence, item in said:
        found = _found(sentence, item, sight, scene.commits)
        if found is not None:
            yield stated(sentence, item.wanted.said, *found)


def reading(sentence: Sentence) -> Bound | None:
    """The one bound that a sentence tells; None where it tells none, or leaves open of what."""
    content = unprefixed(sentence.content)
    found = list(_BOUND.finditer(content))
    if len(found) != 1 or is_order(sentence) or sentence.text.block.startswith(("var.", "output.")):
        return None
    rest = content.replace(found[0][0], "").strip(" :,;-")
    if not plainly(replace(sentence, content=rest or "-"), MOST_WORDS, allowed=_ALLOWED):
        return None
    one = found[0]
    amount = next(iter(amounts(words(f"{one['number']} {one['unit']}"))), None) if one["unit"] else None
    topic = _counted(one["noun"], most=bool(one["most"] or one["loosely"])) if one["noun"] else _topic(rest, amount, sentence)
    if topic is None:
        return None
    places = tuple(word.said for word in words(rest) if word.said in PLACES)
    wanted = Wanted(topic[0], topic[1], one["number"], sure=True, said=one[0], amount=amount, places=places, context=rest.lower())
    return Bound(wanted, bool(one["most"] or one["loosely"]), int(one["number"]), bool(one["most"] or one["least"]))


def _topic(content: str, amount: Amount | None, sentence: Sentence) -> tuple[Topic, str] | None:
    if amount is None or not amount.values:
        return None
    fits = [(topic, name) for topic, name, form in _TOPICS if form.search(content) and _measures(name, amount)]
    if not fits and sentence.text.argument is not None and sentence.text.source == "code":
        return ("argument", sentence.text.argument.name)
    return fits[0] if len(fits) == 1 else None


def _measures(name: str, amount: Amount) -> bool:
    return amount.dimension == ("size" if name in ("memory", "storage") else "time")


def _counted(noun: str, *, most: bool) -> tuple[Topic, str]:
    name = noun.lower().rstrip("s")
    return ("count", name) if name in ("image", "broker") else ("bound", "max" if most else "min")


def _found(sentence: Sentence, item: Bound, sight: Sight, commits: int) -> tuple[bool, Argument] | None:
    """Whether the bound is kept, and the argument that shows it; nothing where more than one can be meant."""
    text = sentence.text
    among = [one for block in sight.of(text, item.wanted.places) for one in arguments_of(block) if _is_meant(item, one)]
    beside = text.argument.line if text.argument is not None else 0
    among = [one for one in among if one.value.span.line == beside] or ([] if item.wanted.topic == "argument" else among)
    if text.source not in ("code", "document"):
        among = [one for one in among if sight.is_set(one.resource, one.path)]
    held = [(one, _is_within(item, one)) for one in among]
    if not held or any(within is None for _, within in held):
        return None
    if all(within for _, within in held):
        return True, held[0][0]
    is_one = len({(one.resource.definition, one.path) for one, _ in held}) == 1
    refutes = item.sure and is_one and text.source != "document" and (text.source != "commit" or commits == 1)
    return (False, held[0][0]) if refutes and not any(within for _, within in held) else None


def _is_meant(item: Bound, one: Argument) -> bool:
    if isinstance(one.value.raw, bool) or not isinstance(one.value.raw, int | float):
        return False
    if item.wanted.topic == "argument":
        return one.name == item.wanted.name
    return is_of(item.wanted, one)


def _is_within(item: Bound, one: Argument) -> bool | None:
    """Whether the value is no more, or no less, than is said; None where its unit is another or not known."""
    raw = float(one.value.raw) if isinstance(one.value.raw, int | float) else 0.0
    if item.wanted.amount is None and not item.sure:
        return raw == item.number
    if item.wanted.amount is None:
        return raw <= item.number if item.most else raw >= item.number
    unit = one.unit or unit_of(one.name, f"{one.resource.type}.") or ("d" if item.wanted.topic == "kept" else None)
    if unit is None:
        return None
    dimension, found = counted(raw, unit)
    if dimension != item.wanted.amount.dimension:
        return None
    return _compares(found, item.wanted.amount.values, most=item.most)


def _compares(found: Sequence[float], said: Sequence[float], *, most: bool) -> bool:
    return min(found) <= max(said) * (1 + TOLERANCE) if most else max(found) >= min(said) * (1 - TOLERANCE)
