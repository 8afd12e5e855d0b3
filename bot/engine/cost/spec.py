"""How the price of a resource type is made up: which names of the table, times how many."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from fractions import Fraction
from typing import TypeAlias

from msgspec import Struct

from bot.engine.model.price import Obstacle

Split = Callable[[str], tuple[tuple[str, Fraction], ...]]


class Times(Struct, frozen=True):
    """A factor: the number at `path`, divided by `per`, and `plus` what always comes beside.

    `upto`: path of the largest number, where it may grow. `values`: text → factor, for what is no number, the empty text for any other.
    `length`: the number of elements is meant. `default`: where it is not set; None when that cannot be reckoned with. `unless`: an argument
    that says it otherwise.
    """

    path: str
    default: int | None = None
    upto: str = ""
    values: Mapping[str, int] = {}
    length: bool = False
    per: int = 1
    plus: int = 0
    unless: str = ""


class When(Struct, frozen=True):
    """Holds where the argument is one of the values; `default` is what it is where it is not set. Without values: where it is set."""

    path: str
    values: tuple[str, ...] = ()
    default: str = ""


Never: TypeAlias = tuple[When, Obstacle]  # where it holds, no price can be known, for this reason


class Part(Struct, frozen=True):
    """One component.

    `name`: in the table, in small letters; `{path}` and `{path|default}` are filled with arguments. `record`: of the table, the type's own
    where it is empty. `when`: all of them hold; `unless`: arguments of which none is set. `each`: a block, every one a component.
    `optional`: no component where a quantity is not set. `split`: name → names and quantities, for a size that is several things.
    """

    name: str
    times: tuple[Times, ...] = ()
    record: str = ""
    when: tuple[When, ...] = ()
    unless: tuple[str, ...] = ()
    each: str = ""
    optional: bool = False
    split: Split | None = None


class Spec(Struct, frozen=True):
    """A resource type. `record`: of the table, the type's own where it is empty. `outer`: factors on every part. `through`: arguments that
    refer to what it is made from; parts are read of both. `never`: what makes the price one that cannot be known. `left_out`: what is paid
    by use beside it. `place`: an argument that refers to what says the region; `anywhere`: the price is the same in every region.
    """

    parts: tuple[Part, ...]
    record: str = ""
    outer: tuple[Times, ...] = ()
    through: tuple[str, ...] = ()
    never: tuple[Never, ...] = ()
    left_out: tuple[str, ...] = ()
    place: str = ""
    anywhere: bool = False


def each(record: str = "", *left_out: str, times: tuple[Times, ...] = ()) -> Spec:
    """A type that costs the same, whatever its arguments."""
    return Spec((Part("each", times),), record, left_out=left_out)
