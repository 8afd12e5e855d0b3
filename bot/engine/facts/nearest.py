"""The name that was perhaps meant, and how surely."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from typing import Literal, TypeAlias

from msgspec import Struct

Strength: TypeAlias = Literal["strong", "weak"]

CUTOFF = 0.8
MAX_LENGTH = 100
EDITS = ((4, 0), (9, 1))  # names shorter than so many characters may differ by so many edits
MOST_EDITS = 2
FILLERS = frozenset({"enable", "enabled", "is"})


class Near(Struct, frozen=True):
    """`strong`: a slip of the pen, or the same words otherwise arranged. `weak`: some words in common; fit for a suggestion."""

    name: str
    strength: Strength


def nearest(name: str, names: Collection[str]) -> Near | None:
    """The nearest of the names; of several equally near ones the first by name. Digits tell versions apart and never differ."""
    if len(name) > MAX_LENGTH:
        return None
    near = min(((edits(name, other), other) for other in names if _digits(other) == _digits(name)), default=(MOST_EDITS + 1, ""))
    if near[0] <= allowed(name):
        return Near(near[1], "strong")
    words = _words(name)
    same = sorted(other for other in names if _words(other) == words) if words else []
    if same:
        return Near(same[0], "strong")
    return _weak(name, names)


def _weak(name: str, names: Collection[str]) -> Near | None:
    """All words of the name and more, all but one of them, else a similar text."""
    words = name.split("_")
    longer = [other for other in names if len(words) > 1 and _is_among(words, other.split("_"))]
    shorter = [other for other in names if other.count("_") == len(words) - 2 > 0 and _is_among(other.split("_"), words)]
    if found := longer or shorter:
        return Near(min(found, key=lambda other: (len(other), other)), "weak")
    from difflib import get_close_matches  # noqa: PLC0415 - costs 1 ms that only a fault pays

    likely = [other for other in sorted(names) if 2 * abs(len(other) - len(name)) <= len(name)]
    return next((Near(other, "weak") for other in get_close_matches(name, likely, n=1, cutoff=CUTOFF)), None)


def _is_among(words: list[str], others: Iterable[str]) -> bool:
    """Whether the words stand among the others in their order."""
    rest = iter(others)
    return all(word in rest for word in words)


def allowed(name: str) -> int:
    """By how many edits a slip of the pen may differ from what was meant."""
    return next((number for length, number in EDITS if len(name) < length), MOST_EDITS)


def edits(one: str, other: str, limit: int = MOST_EDITS) -> int:
    """Characters to insert, delete, change or swap with the next; `limit` + 1 where it takes more."""
    return next((number for number in range(limit + 1) if _within(one, other, number)), limit + 1)


def _within(one: str, other: str, limit: int) -> bool:
    if abs(len(one) - len(other)) > limit:
        return False
    at = next((index for index, (a, b) in enumerate(zip(one, other, strict=False)) if a != b), min(len(one), len(other)))
    a, b = one[at:], other[at:]
    if not (a and b):
        return len(a) + len(b) <= limit
    if not limit:
        return False
    swapped = a[:2] == b[1::-1] and _within(a[2:], b[2:], limit - 1)
    return swapped or _within(a[1:], b[1:], limit - 1) or _within(a[1:], b, limit - 1) or _within(a, b[1:], limit - 1)


def _digits(text: str) -> str:
    return "".join([character for character in text if character.isdigit()])


def _words(name: str) -> tuple[str, ...]:
    return tuple(sorted(word.removesuffix("s") for word in name.split("_") if word not in FILLERS))
