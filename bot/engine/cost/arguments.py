"""How a price reads arguments: what is not known is told as the reason, and never read as a number."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from fractions import Fraction

from bot.engine.cost.spec import Times, When
from bot.engine.model.price import Reason
from bot.engine.model.value import Known, Null, Unknown, Value
from bot.engine.pattern import Pattern

Body = Mapping[str, Value]
Range = tuple[Fraction, Fraction]
_NUMBER = Pattern(r"\d{1,12}(?:\.\d{1,6})?")
_SLOT = Pattern(r"\{([^{}|]+)(?:\|([^{}]*))?\}")


class NotKnown(Exception):  # noqa: N818 - says what is the case
    """Raised inside one estimate, with why the price is not known."""

    def __init__(self, reason: Reason) -> None:
        self.reason = reason
        super().__init__(reason)


def at(body: Body, path: str, incomplete: Unknown | None = None) -> Value | None:
    """The argument at a dotted path, of blocks in the first one; None when it is not set."""
    value: Value | None = Known(dict(body))
    for step in path.split("."):
        value = _first(value)
        if isinstance(value, Unknown):
            return value
        fields = value.raw if isinstance(value, Known) else None
        value = fields.get(step) if isinstance(fields, dict) else None
    if value is None or isinstance(value, Null):
        return incomplete
    return value


def _first(value: Value | None) -> Value | None:
    while isinstance(value, Known) and isinstance(value.raw, tuple):
        value = next((item for item in value.raw if not isinstance(item, Null)), None)
    return value


def bodies(body: Body, path: str) -> Iterator[Body]:
    """The body of every block at a dotted path; raises `NotKnown` where their number is not known."""
    step, _, rest = path.partition(".")
    value = body.get(step)
    items = value.raw if isinstance(value, Known) and isinstance(value.raw, tuple) else (value,)
    for item in items:
        if isinstance(item, Unknown):
            raise NotKnown(Reason("value", path, item.expression))
        if isinstance(item, Known) and isinstance(item.raw, dict):
            yield from bodies(item.raw, rest) if rest else (item.raw,)


def written(body: Body, path: str, incomplete: Unknown | None = None) -> str | None:
    """The argument as text, of a list its first; None when it is not set. Raises `NotKnown`, also for what is not to be shown."""
    value = _first(at(body, path, incomplete))
    if isinstance(value, Unknown):
        raise NotKnown(Reason("value", path, value.expression))
    if value is not None and value.sensitive:
        raise NotKnown(Reason("value", path))
    if not isinstance(value, Known) or isinstance(value.raw, dict):
        return None
    return str(value.raw).lower() if isinstance(value.raw, bool) else str(value.raw)


def is_set(body: Body, path: str, incomplete: Unknown | None = None) -> bool:
    """Whether the argument is there. Raises `NotKnown`."""
    value = at(body, path, incomplete)
    if isinstance(value, Unknown) and value is incomplete:
        raise NotKnown(Reason("value", path, value.expression))
    return value is not None and not (isinstance(value, Known) and value.raw == ())


def holds(when: When, body: Body, incomplete: Unknown | None = None) -> bool:
    """Whether the condition is so. Raises `NotKnown`."""
    if not when.values:
        return is_set(body, when.path, incomplete)
    text = written(body, when.path, incomplete)
    return (when.default if text is None else text).lower() in {value.lower() for value in when.values}


def factor(times: Times, body: Body, incomplete: Unknown | None = None) -> Range | None:
    """Lowest and highest; None where a number is not set that has no default. Raises `NotKnown`."""
    if times.unless and is_set(body, times.unless, incomplete):
        return Fraction(1), Fraction(1)
    low = _number(times, times.path, body, incomplete)
    high = _number(times, times.upto, body, incomplete) if times.upto else None
    low = high if low is None else low
    if low is None:
        return None
    return (low, low) if high is None else (min(low, high), high)


def _number(times: Times, path: str, body: Body, incomplete: Unknown | None) -> Fraction | None:
    if times.length:
        return _length(times, at(body, path, incomplete))
    text = written(body, path, incomplete)
    if text is None:
        return None if times.default is None or path == times.upto else Fraction(times.default + times.plus)
    if times.values:
        word = text.rpartition("-")[2]
        number = times.values.get(word, times.values.get(""))
        if number is not None:
            return Fraction(number)
    if not _NUMBER.fullmatch(text):
        raise NotKnown(Reason("value", path, text))
    return max(Fraction(0), Fraction(text) / times.per + times.plus)


def _length(times: Times, value: Value | None) -> Fraction | None:
    if isinstance(value, Unknown):
        raise NotKnown(Reason("value", times.path, value.expression))
    items = value.raw if isinstance(value, Known) and isinstance(value.raw, tuple) else None
    if items is None:
        return None if times.default is None else Fraction(times.default)
    return Fraction(len(items))


def filled(name: str, body: Body, incomplete: Unknown | None = None) -> str:
    """A name of the table with its slots filled, in small letters. Raises `NotKnown`."""

    def fill(match: re.Match[str]) -> str:
        text = written(body, match[1], incomplete)
        if text is None and match[2] is None:
            raise NotKnown(Reason("absent", match[1]))
        return match[2] if text is None else text

    return _SLOT.sub(fill, name).lower()
