"""Lifting of functions over plain data to located values in three states."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any, TypeAlias

from bot.engine.iac.terraform import syntax as s
from bot.engine.iac.terraform.conversions import to_bool, to_number, to_text
from bot.engine.iac.terraform.describe import describe
from bot.engine.iac.terraform.scope import Run, Scope
from bot.engine.iac.terraform.values import failure, known, trace, unknown
from bot.engine.model.span import Span
from bot.engine.model.value import Known, Null, Unknown, Value

Function: TypeAlias = Callable[[list[Value], s.Call, Scope], Value]
_REFUSALS = (ValueError, TypeError, KeyError, IndexError, OverflowError, ZeroDivisionError)


class UnsupportedError(Exception):
    """A use of a function that is not supported."""


def lifted(signature: str, function: Callable[..., Any], optional: int = 0) -> Function:
    """A function of plain data, unknown when an argument has an unknown part.

    `signature`: a letter an argument: t text, n number, i whole number, b bool, a anything, ? anything or null; a `*` repeats
    the last. `optional`: how many of the last may be left out. The function refuses by raising ValueError.
    """
    repeated = signature.endswith("*")
    letters = signature.rstrip("*")

    def apply(args: list[Value], e: s.Call, scope: Scope) -> Value:
        if len(args) < len(letters) - optional - repeated or (len(args) > len(letters) and not repeated):
            return failure(f"{e.name}: wrong number of arguments", e.span, describe(e))
        for arg in args:
            cause = part_unknown(arg, scope.run)
            if cause is not None:
                return unknown(cause, e.span, parts_of(args))
        try:
            plain = [_argument(arg, letters[min(i, len(letters) - 1)], scope.run) for i, arg in enumerate(args)]
            result = function(*plain)
        except _REFUSALS as problem:
            return failure(f"{e.name}: {problem}", e.span, describe(e))
        except UnsupportedError as problem:
            return unsupported(e, parts_of(args), str(problem))
        if isinstance(result, str):
            scope.run.hold_text(len(result))
        return located(result, e.span, parts_of(args))

    return apply


def parts_of(values: Sequence[Value]) -> list[Value]:
    """The values and all that collections among them hold: where a result of the whole came from."""
    found: list[Value] = []
    pending = list(reversed(values))
    while pending:
        value = pending.pop()
        found.append(value)
        if isinstance(value, Known) and isinstance(value.raw, (tuple, dict)):
            pending.extend(value.raw if isinstance(value.raw, tuple) else value.raw.values())
    return found


def unsupported(e: s.Call, args: Sequence[Value], detail: str = "") -> Value:
    """A call that is not understood."""
    origin, refs, sensitive, _ = trace(args)
    return Unknown("function", describe(e), e.span, origin, refs, sensitive, (), detail or e.name)


def _argument(value: Value, letter: str, run: Run) -> Any:
    if letter == "?":
        return bare(value, run)
    if isinstance(value, Null):
        raise TypeError("null")
    if letter == "a":
        return bare(value, run)
    assert isinstance(value, Known)
    raw = {"t": to_text, "n": to_number, "i": _whole, "b": to_bool}[letter](value.raw)
    if raw is None:
        raise ValueError("an argument has the wrong type")
    return raw


def _whole(raw: object) -> int | None:
    number = to_number(raw)
    return int(number) if number is not None and number == int(number) else None


def part_unknown(value: Value, run: Run) -> Unknown | None:
    """The first unknown part, within the budget."""
    if isinstance(value, Unknown):
        return value
    if isinstance(value, Null):
        return None
    raw = value.raw
    if isinstance(raw, (tuple, dict)):
        run.spend(len(raw))
        for part in raw if isinstance(raw, tuple) else raw.values():
            found = part_unknown(part, run)
            if found is not None:
                return found
    return None


def bare(value: Value, run: Run) -> Any:
    """A fully known value as plain data (tuples and dicts)."""
    if not isinstance(value, Known):
        return None
    raw = value.raw
    if isinstance(raw, tuple):
        run.spend(len(raw))
        return tuple([bare(item, run) for item in raw])
    if isinstance(raw, dict):
        run.spend(len(raw))
        return {key: bare(item, run) for key, item in raw.items()}
    return raw


def located(raw: Any, span: Span, sources: Sequence[Value] = ()) -> Value:
    """Plain data as a value at `span`."""
    if raw is None:
        return Null(span)
    if isinstance(raw, (tuple, list)):
        return known(tuple([located(item, span, sources) for item in raw]), span, sources)
    if isinstance(raw, dict):
        return known({str(key): located(item, span, sources) for key, item in raw.items()}, span, sources)
    return known(raw, span, sources)


def sequence(value: Value) -> tuple[Value, ...] | None:
    """The elements of a known list, set or tuple."""
    return value.raw if isinstance(value, Known) and isinstance(value.raw, tuple) else None


def mapping(value: Value) -> dict[str, Value] | None:
    """The elements of a known map or object."""
    return value.raw if isinstance(value, Known) and isinstance(value.raw, dict) else None


def wrong(e: s.Call, detail: str) -> Value:
    """A call whose arguments do not fit."""
    return failure(f"{e.name}: {detail}", e.span, describe(e))


def first_whole_unknown(args: Sequence[Value]) -> Unknown | None:
    """The first argument that is unknown as a whole."""
    for arg in args:
        if isinstance(arg, Unknown):
            return arg
    return None
