"""Which ports are open: `22`, `8000-8100`, `*`, lists of them, or a pair of first and last, with an optional protocol."""

from __future__ import annotations

from bisect import bisect_right
from functools import lru_cache
from typing import TypeAlias

from bot.engine.model.value import Known, Unknown, Value
from bot.engine.policy.predicates.predicate import Args, Inputs, Predicate, Raw, canonical, number

Ports: TypeAlias = tuple[int, int]
EVERY: Ports = (0, 65535)
MAX_PARTS = 1000
ALL_WORDS = frozenset({"*", "any", "all", "-1", "-"})

# https://www.iana.org/assignments/service-names-port-numbers
GROUPS: dict[str, tuple[Ports, ...]] = {
    "admin": ((22, 23), (135, 135), (139, 139), (445, 445), (3389, 3389), (5900, 5900), (5985, 5986)),
    "database": (
        (1433, 1434),
        (1521, 1521),
        (2483, 2484),
        (3306, 3306),
        (5432, 5432),
        (5439, 5439),
        (6379, 6379),
        (7000, 7001),
        (9042, 9042),
        (9160, 9160),
        (11211, 11211),
        (27017, 27019),
        (50000, 50000),
    ),
    "internal": (
        (111, 111),
        (2049, 2049),
        (2181, 2181),
        (2375, 2380),
        (4505, 4506),
        (5601, 5601),
        (5672, 5672),
        (6443, 6443),
        (8500, 8500),
        (9090, 9092),
        (9200, 9200),
        (9300, 9300),
        (10250, 10250),
        (10255, 10255),
        (15672, 15672),
    ),
}
PORTLESS = frozenset({"icmp", "icmpv6", "1", "58", "esp", "ah", "gre", "50", "51", "47", "ipip"})


def parse(raw: Raw) -> tuple[Ports, ...] | None:
    """The ranges that a value of one attribute says; None when it says none."""
    if isinstance(raw, tuple):
        parts = tuple(parse(item) for item in raw) if not any(isinstance(item, tuple) for item in raw) else (None,)
        return None if None in parts else tuple(one for found in parts if found for one in found)
    if isinstance(raw, float) and not raw.is_integer():
        return None
    text = canonical(raw)
    items = [part.strip().lower() for part in text.split(",", MAX_PARTS)] if isinstance(text, str) else [""]
    found = [EVERY if item in ALL_WORDS else _range(item) for item in items]
    return None if None in found else tuple(one for one in found if one)


def _range(text: str) -> Ports | None:
    first, dash, last = (part.strip() for part in text.partition("-"))
    low, high = _port(first), _port(last if dash else first)
    return (low, high) if low is not None and high is not None and low <= high else None


def _port(text: str) -> int | None:
    return int(text) if text.isascii() and text.isdecimal() and len(text) <= 5 and int(text) <= EVERY[1] else None


def _wanted(args: Args) -> tuple[Ports, ...] | None:
    items = tuple(item for arg in args for item in (arg if isinstance(arg, tuple) else (arg,)))
    found = [GROUPS.get(item) if isinstance(item, str) and item in GROUPS else parse(item) for item in items]
    return None if None in found or not found else tuple(one for ranges in found if ranges for one in ranges)


@lru_cache(maxsize=256)
def _kept(args: Args) -> tuple[Ports, ...]:
    """The ports of arguments that fit, read once."""
    return _wanted(args) or ()


def _open(inputs: Inputs) -> tuple[Ports, ...] | None:
    """What the inputs open: () for a protocol without ports."""
    if len(inputs) == 1:
        return parse(inputs[0])
    if len(inputs) == 2 and isinstance(inputs[0], int) and isinstance(inputs[1], int):
        return _pair(*inputs)
    if len(inputs) == 2 and (isinstance(inputs[0], tuple) or parse(inputs[1]) is None):
        decided = _of_protocol(inputs[1])
        return decided if decided is not None else parse(inputs[0])
    decided = _of_protocol(inputs[2]) if len(inputs) == 3 else None
    return decided if decided is not None else _pair(inputs[0], inputs[1])


def _of_protocol(raw: Raw) -> tuple[Ports, ...] | None:
    """What the protocol alone decides: every port, or none."""
    text = str(canonical(raw)).lower()
    return (EVERY,) if text in ALL_WORDS else () if text in PORTLESS else None


def _pair(first: Raw, last: Raw) -> tuple[Ports, ...] | None:
    low, high = number(first), number(last)
    if low == high == -1:
        return (EVERY,)
    if low is None or high is None or low > high or low % 1 or high % 1:
        return None
    return ((int(low), int(high)),)


def _covers(inputs: Inputs, args: Args) -> bool | None:
    found, wanted = _open(inputs), _kept(args)
    return _from_what_is_understood(inputs, wanted) if found is None else _reach(found, wanted)


def _opens_beyond(inputs: Inputs, args: Args) -> bool | None:
    """Whether a port is open that is none of the arguments; no single range of theirs has to hold all that is open."""
    found, named = _open(inputs), _wanted(args)
    if found is None or named is None:
        return None
    rest = _merged(named)
    return any(not any(low <= first and last <= high for low, high in rest) for first, last in found)


def _from_what_is_understood(inputs: Inputs, wanted: tuple[Ports, ...]) -> bool | None:
    """An element that says nothing does not hide the others, nor one end of a range the other."""
    if isinstance(inputs[0], tuple) and len(inputs) <= 2:
        return True if any(_reach(ranges, wanted) for item in inputs[0] if (ranges := parse(item))) else None
    return _beyond(number(inputs[0]), number(inputs[1]), wanted) if len(inputs) > 1 else None


def _reach(found: tuple[Ports, ...], wanted: tuple[Ports, ...]) -> bool:
    return any(low <= last and first <= high for low, high in found for first, last in wanted)


def _known_parts(values: tuple[Value | None, ...], args: Args) -> bool | None:
    """The protocol alone may decide, or a known end of the range that lies beyond every wanted port."""
    raws = tuple(value.raw if isinstance(value, Known) and not isinstance(value.raw, tuple | dict) else None for value in values)
    if len(values) == 3 and raws[2] is not None:
        decided = _of_protocol(raws[2])
        if decided is not None and (decided or _none_set(values[:2])):
            return bool(decided)
    wanted = _kept(args)
    if len(values) < 2 or not all(isinstance(value, Known | Unknown) for value in values[:2]):
        return None
    may_be_all = len(values) == 3 and isinstance(values[2], Unknown)
    return None if may_be_all else _beyond(number(raws[0]), number(raws[1]), wanted)


def _none_set(values: tuple[Value | None, ...]) -> bool:
    return not any(isinstance(value, Known) for value in values)


def _beyond(low: float | None, high: float | None, wanted: tuple[Ports, ...]) -> bool | None:
    if low is not None and low > max(last for _, last in wanted):
        return False
    return False if high is not None and 0 <= high < min(first for first, _ in wanted) else None


def _no_wider(head: Inputs, base: Inputs) -> bool:
    new, old = _open(head), _open(base)
    if new is None or old is None:
        return head == base
    wide = _merged(old)
    starts = [low for low, _ in wide]
    places = ((first, last, bisect_right(starts, first) - 1) for first, last in new)
    return all(at >= 0 and last <= wide[at][1] for _, last, at in places)


def _merged(ranges: tuple[Ports, ...]) -> tuple[Ports, ...]:
    out: list[Ports] = []
    for low, high in sorted(ranges):
        if out and low <= out[-1][1] + 1:
            out[-1] = (out[-1][0], max(out[-1][1], high))
        else:
            out.append((low, high))
    return tuple(out)


def settle(raw: Raw) -> Raw:
    found = parse(raw)
    return canonical(raw) if found is None else tuple(f"{low}-{high}" for low, high in _merged(found))


def _ports(args: Args) -> str | None:
    return "takes ports, ranges of ports (`8000-8100`) or groups: " + ", ".join(GROUPS) if _wanted(args) is None else None


PREDICATES = (
    Predicate(
        "covers_port", _covers, _ports, inputs=(1, 3), monotone="up", partly=_known_parts, no_worse=_no_wider, exposure=True, settle=settle
    ),
    Predicate("opens_other_port", _opens_beyond, _ports, inputs=(1, 3), monotone="up", no_worse=_no_wider, exposure=True, settle=settle),
)
