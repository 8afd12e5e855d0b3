"""Texts: patterns, starts and ends, versions."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import Any

from bot.engine.model.given import is_given
from bot.engine.model.value import Unknown, Value
from bot.engine.pattern import Pattern, compiled
from bot.engine.policy.predicates.pieces import pieces
from bot.engine.policy.predicates.predicate import Args, Inputs, Predicate, Raw, canonical, flat, number

MAX_PATTERN = 500
# How long a text may be for a pattern with so many unbounded repeats: matching costs length ** repeats steps at worst.
MAX_TEXT = {0: 100_000, 1: 20_000, 2: 2_000, 3: 300}


@lru_cache(maxsize=512)
def _pattern(text: str) -> tuple[re.Pattern[str], int]:
    return compiled(text), _examined(text)[1]


@lru_cache(maxsize=512)
def _examined(text: str) -> tuple[str | None, int]:
    """Why the pattern is not safe on every text, and how many unbounded repeats it has at most on one way through it."""
    parsed = _parsed(text)
    return _unsafe(parsed), _unbounded(parsed)


def _parsed(text: str) -> Any:
    return re._parser.parse(text)  # type: ignore[attr-defined]  # noqa: SLF001 - the standard library's own reader of patterns


def _unbounded(parsed: Any) -> int:
    return sum(_count(str(operator), value) for operator, value in parsed)


def _count(operator: str, value: Any) -> int:
    if operator in ("MAX_REPEAT", "MIN_REPEAT", "POSSESSIVE_REPEAT"):
        low, high, body = value
        return _unbounded(body) + (1 if high - low > MAX_BOUNDED else 0)
    if operator == "SUBPATTERN":
        return _unbounded(value[-1])
    if operator == "BRANCH":
        return max(map(_unbounded, value[1]), default=0)
    return 0


MAX_BOUNDED = 16


def _unsafe(parsed: Any, *, repeated: bool = False) -> str | None:
    """Why a pattern may take too long on some text, or is not a plain pattern."""
    for operator, value in parsed:
        found = _unsafe_part(str(operator), value, repeated=repeated)
        if found:
            return found
    return None


def _unsafe_part(operator: str, value: Any, *, repeated: bool) -> str | None:
    if operator in ("MAX_REPEAT", "MIN_REPEAT", "POSSESSIVE_REPEAT"):
        many = value[1] > 1
        return "repeats a repeat" if repeated and many else _unsafe(value[2], repeated=repeated or many)
    if operator == "BRANCH":
        return "repeats a choice" if repeated else next((found for part in value[1] if (found := _unsafe(part))), None)
    if operator == "SUBPATTERN":
        return _unsafe(value[-1], repeated=repeated)
    if operator in ("ASSERT", "ASSERT_NOT", "GROUPREF", "GROUPREF_EXISTS", "ATOMIC_GROUP"):
        return "looks around or back"
    return None


def _matches(inputs: Inputs, args: Args) -> bool | None:
    text = canonical(inputs[0])
    if not isinstance(text, str):
        return None
    pattern, repeats = _pattern(str(args[0]))
    return pattern.fullmatch(text) is not None if len(text) <= MAX_TEXT[repeats] else None


def _one_pattern(args: Args) -> str | None:
    if len(args) != 1 or not isinstance(args[0], str) or len(args[0]) > MAX_PATTERN:
        return "takes one pattern, which has to match the whole text"
    try:
        unsafe, repeats = _examined(args[0])
        compiled(args[0])
    except (re.error, RecursionError, OverflowError) as error:
        return f"takes a pattern; this is none: {error}"
    found = unsafe or ("has more than three unbounded repeats" if repeats > 3 else None)
    return f"takes a pattern that is safe on every text; this one {found}" if found else None


def _starts_with(inputs: Inputs, args: Args) -> bool | None:
    text = canonical(inputs[0])
    return text.startswith(flat(args)) if isinstance(text, str) else None


def _ends_with(inputs: Inputs, args: Args) -> bool | None:
    text = canonical(inputs[0])
    return text.endswith(flat(args)) if isinstance(text, str) else None


def _contains(inputs: Inputs, args: Args) -> bool | None:
    text = canonical(inputs[0])
    return any(part in text for part in flat(args)) if isinstance(text, str) else None


def _partly_starts(values: tuple[Value | None, ...], args: Args) -> bool | None:
    head = _end(values[0], 0)
    return head and _decided(head.startswith(flat(args)), (head.startswith(arg) or arg.startswith(head) for arg in flat(args)))


def _partly_ends(values: tuple[Value | None, ...], args: Args) -> bool | None:
    tail = _end(values[0], -1)
    if tail is None and isinstance(values[0], Unknown) and is_given(values[0]) and all(arg.endswith("*") for arg in flat(args)):
        return False  # no identifier that a provider gives ends in a wildcard
    return tail and _decided(tail.endswith(flat(args)), (tail.endswith(arg) or arg.endswith(tail) for arg in flat(args)))


def _partly_contains(values: tuple[Value | None, ...], args: Args) -> bool | None:
    found = pieces(values[0]) if isinstance(values[0], Unknown) else ()
    return True if any(part and arg in part for part in found for arg in flat(args)) else None


def _end(value: Value | None, at: int) -> Any:
    found = pieces(value) if isinstance(value, Unknown) else ()
    return (found[at] if found else None) or None


def _decided(certain: bool, possible: Any) -> bool | None:  # noqa: FBT001 - a truth value, not a switch
    return True if certain else None if any(possible) else False


_NUMBERS = Pattern(r"\d{1,9}(?:[._]\d{1,9})*")
_OPERATOR = Pattern(r"[<>=~^!]|\|\||,")
FIRST_YEAR = 1990


def version(raw: Raw) -> tuple[int, ...] | None:
    """`1.2`, `TLSv1.2_2021`, `TLS1_2`, `v1.27.3`, `SSLv3` as numbers; SSL is older than every TLS; years after a number are no part."""
    text = canonical(raw)
    if not isinstance(text, str) or len(text) > 100 or _OPERATOR.search(text):
        return None
    found = _NUMBERS.search(text)
    if found is None:
        return None
    numbers = [int(part) for part in re.split(r"[._]", found[0])]
    kept = numbers[:1] + [part for part in numbers[1:] if part < FIRST_YEAR]
    return (0, *kept) if text.lower().startswith("ssl") else tuple(kept)


def _below(raw: Raw, limit: Raw) -> bool | None:
    one, other = version(raw), version(limit)
    if one is None or other is None:
        return None
    width = max(len(one), len(other))
    return _filled(one, width) < _filled(other, width)


def _filled(numbers: tuple[int, ...], width: int) -> tuple[int, ...]:
    return numbers + (0,) * (width - len(numbers))


def _version_below(inputs: Inputs, args: Args) -> bool | None:
    return _below(inputs[0], args[0])


def _not_older(head: Inputs, base: Inputs) -> bool:
    return _below(head[0], base[0]) is False


def _one_version(args: Args) -> str | None:
    fits = len(args) == 1 and (isinstance(args[0], str) or number(args[0]) is not None) and version(args[0]) is not None
    return None if fits else 'takes one version, in quotes ("1.2")'


def _some_texts(args: Args) -> str | None:
    return None if flat(args) and all(isinstance(arg, str | tuple) for arg in args) and all(flat(args)) else "takes at least one text"


PREDICATES = (
    Predicate("matches", _matches, _one_pattern),
    Predicate("starts_with", _starts_with, _some_texts, partly=_partly_starts),
    Predicate("ends_with", _ends_with, _some_texts, partly=_partly_ends),
    Predicate("contains_text", _contains, _some_texts, partly=_partly_contains),
    Predicate("version_below", _version_below, _one_version, no_worse=_not_older),
)
