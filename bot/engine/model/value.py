"""Located values in three states: known, unknown (with the reason) and null.

Every value says where it is written (`span`) and through which places it came (`origin`, nearest first: a variable's
reference has the span of the reference and the origin of the default, tfvars line or module argument that gave it).
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Literal, TypeAlias, Union

from msgspec import Struct
from msgspec.structs import replace

from bot.engine.model.span import NOWHERE, Span

Reason: TypeAlias = Literal[
    "variable",  # a root variable without default that nothing sets
    "module-input",  # the same, in a module that nothing in the tree calls
    "module-source",  # output of a module whose source is not in the tree
    "computed",  # known only after apply
    "data-source",  # read from the provider at plan time
    "environment",  # workspace, provider or machine decides
    "undeclared",  # refers to something the tree does not declare
    "function",  # a function that is not supported
    "expression",  # a construct that is not understood, or operands that do not fit
    "file",  # a file that is not in the tree
    "generated",  # what may be made before Terraform runs
    "not-read",  # a syntax error, or a form that is not read
    "limit",  # a limit of the evaluation was reached
    "cycle",  # refers to itself
    "instances",  # count or for_each is unknown
    "sensitive",  # a plan knows it and hides it
    "switched-off",  # the default of a root's variable leaves it out, and whoever sets the variable makes it
    "module-switch",  # the same, in a module that nothing in the tree calls
    "price",  # the bundled table has no price, or what it depends on is not known
    "table",  # a name that a bundled table does not have, and what is in force may be newer
]

Scalar: TypeAlias = Union[str, bool, int, float]
MAX_ORIGIN = 8
MAX_BRANCHES = 8  # what a reader still takes in; of more, conditions inside conditions, nothing is said
MAX_INTEGER = 2**63
MAX_DECIMAL_BITS = 4096
MAX_NUMBER = 2**63 - 1  # what JSON readers and MessagePack take; a larger one is shown as text


class Known(Struct, frozen=True):
    """A known value. `raw` is a scalar, a tuple (list, set, repeated block) or a dict (map, object, block) of values.

    `refs`: addresses of the resources it was read from. `assumed`: it comes from a variable default that nothing overrides.
    `structure`: for a text that encodes a value (`jsonencode`), that value, whose parts keep their places.
    """

    raw: str | bool | int | float | tuple["Value", ...] | dict[str, "Value"]
    span: Span = NOWHERE
    origin: tuple[Span, ...] = ()
    refs: tuple[str, ...] = ()
    sensitive: bool = False
    assumed: bool = False
    structure: "Value | None" = None


class Unknown(Struct, frozen=True):
    """A value that the tree does not tell. `expression` is the normalised source text of what is missing (`var.cidr`).

    `parts`: for a partly known string, its pieces in order, None where unknown; else empty. `structure`: as in `Known`;
    for a map of which only some keys are certain (`merge` with an unknown map), a known map of those. `branches`: where a condition
    that is not known chooses among known values, those: scalars, null and lists of scalars, two to `MAX_BRANCHES` of them; else empty.
    """

    reason: Reason
    expression: str = ""
    span: Span = NOWHERE
    origin: tuple[Span, ...] = ()
    refs: tuple[str, ...] = ()
    sensitive: bool = False
    parts: tuple[str | None, ...] = ()
    detail: str = ""
    structure: "Value | None" = None
    branches: tuple["Value", ...] = ()


class Undecided(Unknown, frozen=True):
    """What a view cannot tell because a value is not known: neither its pieces nor its form decide it."""


class Null(Struct, frozen=True):
    """The language's null: the argument counts as not set. `assumed` as in `Known`."""

    span: Span = NOWHERE
    origin: tuple[Span, ...] = ()
    refs: tuple[str, ...] = ()
    sensitive: bool = False
    assumed: bool = False


Value: TypeAlias = Union[Known, Unknown, Null]
if TYPE_CHECKING:
    Plain: TypeAlias = Union[str, bool, int, float, list["Plain"], dict[str, "Plain"], None]
else:
    Plain = Any  # msgspec cannot decode an alias that refers to itself


def undecided(value: Unknown) -> Undecided:
    """Because of this value; its place and expression are what a reader is shown."""
    return Undecided(value.reason, value.expression, value.span, value.origin, value.refs, value.sensitive, (), value.detail)


def branches_of(values: tuple[Value, ...]) -> tuple[Value, ...]:
    """What a choice among these values may come to, those of choices among them included; () where not all of it is known."""
    found: list[Value] = []
    for value in values:
        own = value.branches if isinstance(value, Unknown) else (value,) if _is_flat(value) else ()
        if not own:
            return ()
        found.extend(own)
    return tuple(found) if len(found) <= MAX_BRANCHES else ()


def or_default(value: Value) -> Value:
    """The value where a default takes the place of null: a condition that may choose null is no choice of known values there."""
    may_be_null = isinstance(value, Unknown) and any(isinstance(item, Null) for item in value.branches)
    return replace(value, branches=()) if may_be_null else value


def _is_flat(value: Value) -> bool:
    """Null, a scalar, or a short list of scalars."""
    if not isinstance(value, Known):
        return isinstance(value, Null)
    if not isinstance(value.raw, tuple):
        return not isinstance(value.raw, dict)
    return len(value.raw) <= MAX_BRANCHES and all(isinstance(item, Known) and not isinstance(item.raw, tuple | dict) for item in value.raw)


def moved_to(value: Value, span: Span) -> Value:
    """The same value read at `span`: its former place becomes the first step of its origin."""
    if value.span == span:
        return value
    origin = value.origin if value.span == NOWHERE else (value.span, *value.origin)[:MAX_ORIGIN]
    return replace(value, span=span, origin=origin)


def is_fully_known(value: Value, whole: set[int] | None = None) -> bool:
    """Whether no part of the value is unknown. Parts that stand in many places are looked at once: a list of two of the list before it,
    thirty times over, has thirty parts and not a thousand million. `whole`: the ids of collections that were found to be, kept by a caller
    who asks of many values made of each other and holds them; those of this one are added."""
    if not isinstance(value, Known) or not isinstance(value.raw, tuple | dict):
        return not isinstance(value, Unknown)
    pending: list[Value] = [value]
    whole = set() if whole is None else whole
    seen: set[int] = set()
    while pending:
        item = pending.pop()
        if isinstance(item, Unknown):
            return False
        if isinstance(item, Known) and isinstance(item.raw, tuple | dict) and id(item.raw) not in seen and id(item.raw) not in whole:
            seen.add(id(item.raw))
            pending.extend(item.raw.values() if isinstance(item.raw, dict) else item.raw)
    whole |= seen
    return True


def plain(value: Value) -> Plain:
    """The value as plain data; an unknown part reads `<unknown: expression>`, a sensitive one `<hidden>`."""
    if value.sensitive:
        return "<hidden>"
    if isinstance(value, Unknown):
        return f"<unknown: {value.expression or value.reason}>"
    if isinstance(value, Null):
        return None
    raw = value.raw
    if isinstance(raw, tuple):
        return [plain(item) for item in raw]
    if isinstance(raw, dict):
        return {key: plain(item) for key, item in raw.items()}
    return str(raw) if isinstance(raw, int) and not -MAX_NUMBER - 1 <= raw <= MAX_NUMBER else raw


def first_unknown(value: Value) -> Unknown | None:
    """The first unknown part in reading order."""
    if isinstance(value, Unknown):
        return value
    if isinstance(value, Null):
        return None
    raw = value.raw
    parts = raw if isinstance(raw, tuple) else tuple(raw.values()) if isinstance(raw, dict) else ()
    return next((found for part in parts if (found := first_unknown(part))), None)


def origins(value: Value) -> tuple[Span, ...]:
    """The places through which the value came, nearest first; of a collection also those of its elements."""
    found = list(value.origin)
    if isinstance(value, Known) and isinstance(value.raw, (tuple, dict)):
        for item in value.raw if isinstance(value.raw, tuple) else value.raw.values():
            found.extend(origins(item))
    return tuple(dict.fromkeys(found))[:MAX_ORIGIN]
