"""What a predicate is: a pure decision on known raw values, and what the engine needs to lift it to three values.

Raw values are Python's own: str, bool, int, float, None (null), tuple (list, set, blocks) and dict (map, object, block).
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Literal, TypeAlias, Union

from msgspec import Struct

from bot.engine.model.value import Value

Raw: TypeAlias = Union[str, bool, int, float, tuple["Raw", ...], dict[str, "Raw"], None]  # noqa: UP007 - names itself
Args: TypeAlias = tuple[Raw, ...]
Inputs: TypeAlias = tuple[Raw, ...]
Decide: TypeAlias = Callable[[Inputs, Args], bool | None]
Partly: TypeAlias = Callable[[tuple[Value | None, ...], Args], bool | None]
NoWorse: TypeAlias = Callable[[Inputs, Inputs], bool]
Check: TypeAlias = Callable[[Args], str | None]


EVERYTHING = frozenset({"*", "all", "any", "-1"})


def equal(head: Inputs, base: Inputs) -> bool:
    """The order of values that know no better and worse, but for the providers' words for everything."""
    pairs = ((canonical(one), canonical(other)) for one, other in zip(head, base, strict=True))
    return all(one == other or (isinstance(other, str) and other.lower() in EVERYTHING) for one, other in pairs)


class Predicate(Struct, frozen=True):
    """`decide` answers None for a form it does not know. `inputs`: least and greatest number of attributes.

    `check` says what is wrong with arguments, or None. `monotone`: "up" when further elements of a collection can only make
    it true, "down" when they can only make it false: known elements may then decide. `partly` decides on values that are
    partly known or not set, before anything else is tried. `reads_absence`: it decides on values that are not set itself.
    `no_worse` compares head with base where the predicate is true of both. `exposure`: more of the value is worse whatever the
    predicate asks of it, also when it is negated. `settle` is the canonical form of one raw value.
    """

    name: str
    decide: Decide
    check: Check
    inputs: tuple[int, int] = (1, 1)
    monotone: Literal["up", "down", ""] = ""
    partly: Partly | None = None
    reads_absence: bool = False
    no_worse: NoWorse = equal
    exposure: bool = False
    settle: Callable[[Raw], Raw] | None = None


def canonical(raw: Raw) -> Raw:
    """Equal for what the languages convert into each other: `true` and "true", 22 and "22", 1.0 and 1."""
    if isinstance(raw, bool):
        return "true" if raw else "false"
    if isinstance(raw, int):
        return str(raw)
    if isinstance(raw, float):
        return str(int(raw)) if raw.is_integer() else repr(raw)
    if isinstance(raw, tuple):
        return tuple(map(canonical, raw))
    if isinstance(raw, dict):
        return {key: canonical(raw[key]) for key in sorted(raw)}
    return raw


def scalars(raw: Raw) -> Iterator[str]:
    """The scalars of a scalar or of a list of them, as canonical texts; keys of a map. Nested collections yield nothing."""
    items = raw if isinstance(raw, tuple) else tuple(raw) if isinstance(raw, dict) else (raw,)
    return (item for item in map(canonical, items) if isinstance(item, str))


def number(raw: Raw) -> float | None:
    """A number, also when written as a string."""
    if isinstance(raw, bool):
        return None
    if isinstance(raw, int | float):
        return raw
    try:
        found = float(raw) if isinstance(raw, str) and len(raw) <= MAX_DIGITS else None
    except ValueError:
        return None
    return found if found is not None and abs(found) < float("inf") else None


MAX_DIGITS = 32


class ReadArgs(tuple[Raw, ...]):  # noqa: SLOT001 - a tuple has no room for slots
    """Arguments of a leaf of a rule, which many subjects are held against: their texts are made once."""

    texts: tuple[str, ...]


def read_args(args: Args) -> ReadArgs:
    """The arguments with their texts."""
    found = ReadArgs(args)
    found.texts = _texts(args)
    return found


def flat(args: Args) -> tuple[str, ...]:
    """Arguments as canonical texts, a list among them spread."""
    return args.texts if isinstance(args, ReadArgs) else _texts(args)


def _texts(args: Args) -> tuple[str, ...]:
    return tuple(text for arg in args for text in scalars(arg))


def no_args(args: Args) -> str | None:
    return "takes no arguments" if args else None


def some_scalars(args: Args) -> str | None:
    wanted = "takes at least one argument, each a text, a number or true or false"
    return None if flat(args) and all(map(_is_scalar_or_list, args)) else wanted


def one_scalar(args: Args) -> str | None:
    fits = len(args) == 1 and isinstance(args[0], str | bool | int | float)
    return None if fits else "takes one argument: a text, a number or true or false"


def one_number(args: Args) -> str | None:
    return None if len(args) == 1 and number(args[0]) is not None else "takes one number"


def _is_scalar_or_list(arg: Raw) -> bool:
    items = arg if isinstance(arg, tuple) else (arg,)
    return all(isinstance(item, str | bool | int | float) for item in items)
