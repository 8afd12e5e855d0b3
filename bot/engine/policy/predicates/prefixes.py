"""Who can reach: one prefix or a list of them, in the providers' spellings.

A word that is no address (`VirtualNetwork`, `sg-0a1b`) names something narrower than everything; what looks like an address
and is none, a prefix list (`pl-`), or an address of zeros without a length, from which no packet comes and which many write for
every address, is not decided.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Literal

from bot.engine.model.value import Known, Unknown, Value
from bot.engine.policy.predicates.networks import ALL, BITS, EVERYWHERE, PRIVATE, UNROUTED, Range, is_world, read, text_of, union, within
from bot.engine.policy.predicates.pieces import Pieces, pieces
from bot.engine.policy.predicates.predicate import Args, Check, Decide, Inputs, Partly, Predicate, Raw, no_args, number, scalars

DIGITS = frozenset("0123456789.:/-")
ZEROS = frozenset({"0.0.0.0", "::", "::0"})  # noqa: S104 - nothing is bound to it


def texts(raw: Raw) -> Iterator[str]:
    """Every prefix of a text, of a text with commas, or of a list."""
    return (found for item in scalars(raw) for part in item.split(",") if (found := part.strip().lower()))


def ranges(items: Iterable[str]) -> Iterator[Range | None]:
    """The ranges of prefixes; None for one that cannot be told. Words that name no addresses are left out."""
    for text in items:
        found = ALL if text in EVERYWHERE else (None if text in ZEROS else read(text),)
        if found != (None,) or _undecided(text):
            yield from found


def _undecided(text: str) -> bool:
    return text.startswith("pl-") or text in ZEROS or set(text) <= DIGITS or "/" in text or ":" in text.replace("::", ":0:")


def _world(inputs: Inputs, _: Args) -> bool | None:
    found = tuple(ranges(texts(inputs[0])))
    known = [item for item in found if item is not None]
    return True if is_world(known) else None if None in found or isinstance(inputs[0], dict) else False


def _wider_than(inputs: Inputs, args: Args) -> bool | None:
    found = tuple(ranges(texts(inputs[0])))
    wide = any(item is not None and _is_wider(item, _limits(args)) for item in found)
    return True if wide else None if None in found or isinstance(inputs[0], dict) else False


def _limits(args: Args) -> dict[int, float]:
    """Bits by version; without a number of its own an IPv6 prefix is measured against twice the bits (/24 and /48 are one site)."""
    four = number(args[0]) or 0
    return {4: four, 6: (number(args[1]) or 0) if len(args) > 1 else 2 * four}


def _is_wider(item: Range, limits: dict[int, float]) -> bool:
    addresses = item.last - item.first + 1
    return addresses > 2.0 ** (BITS[item.version] - limits[item.version]) and not within((item,), PRIVATE)


def _cidr_private(inputs: Inputs, _: Args) -> bool | None:
    found = tuple(ranges(texts(inputs[0])))
    if any(item is not None and not within((item,), PRIVATE) for item in found):
        return False
    return None if None in found or not found else True


def _never_world(values: tuple[Value | None, ...], _: Args) -> bool | None:
    """False when the known prefixes and the greatest possible size of the partly known ones cannot be everything."""
    known, sizes = _sizes(values[0]) if isinstance(values[0], Known | Unknown) else (None, None)
    if known is None or sizes is None:
        return None
    if is_world(known):
        return True
    return False if all(sum(sizes) + _share(known, version) < least for version, least in ROUTED.items()) else None


def _sizes(value: Value | None) -> tuple[list[Range] | None, list[float] | None]:
    items = value.raw if isinstance(value, Known) and isinstance(value.raw, tuple) else (value,)
    known: list[Range] = []
    sizes: list[float] = []
    for item in items:
        if isinstance(item, Known):
            found = tuple(ranges(texts(item.raw if isinstance(item.raw, str) else "?/?")))
            if None in found:
                return None, None
            known.extend(one for one in found if one)
        elif isinstance(item, Unknown):
            bits = _length(pieces(item))
            if bits is None:
                return None, None
            sizes.append(2.0**-bits)
    return known, sizes


def _share(ranges: Iterable[Range], version: int) -> float:
    """The part of all addresses of a version that the ranges hold."""
    return sum((item.last - item.first + 1) / (1 << BITS[version]) for item in union(ranges) if item.version == version)


ROUTED = {version: 1 - _share(UNROUTED, version) for version in BITS}


def _length(parts: Pieces) -> int | None:
    """The prefix length of a partly known prefix such as `10.${var.net}.0.0/16` or `${aws_eip.nat.public_ip}/32`."""
    tail = parts[-1] if parts else None
    slash = (tail or "").rpartition("/")
    return int(slash[2]) if slash[1] and slash[2].isascii() and slash[2].isdecimal() and len(slash[2]) <= 3 else None


def _partly_private(values: tuple[Value | None, ...], _: Args) -> bool | None:
    value = values[0]
    found = _leading(pieces(value)) if isinstance(value, Unknown) else None
    if found is None:
        return None
    return True if within((found,), PRIVATE) else None if any(_overlap(found, item) for item in PRIVATE) else False


def _partly_wider(values: tuple[Value | None, ...], args: Args) -> bool | None:
    parts = pieces(values[0]) if isinstance(values[0], Unknown) else ()
    bits, start = _length(parts), _leading(parts)
    if start is not None and within((start,), PRIVATE):
        return False
    limits = _limits(args)
    return False if bits is not None and bits >= max(limits.values()) else None


def _leading(parts: Pieces) -> Range | None:
    """The addresses that a partly known IPv4 prefix lies in: its whole leading octets, where its length is at least as long."""
    head, bits = (parts[0] if parts else None) or "", _length(parts)
    octets = head.split(".")[:-1]
    if not octets or bits is None or bits < 8 * len(octets) or len(octets) > 3:
        return None
    return read(".".join([*octets, *["0"] * (4 - len(octets))]) + f"/{8 * len(octets)}")


def _overlap(one: Range, other: Range) -> bool:
    return one.version == other.version and one.first <= other.last and other.first <= one.last


def _no_wider(head: Inputs, base: Inputs) -> bool:
    new, old = (tuple(ranges(texts(raw))) for raw in (head[0], base[0]))
    if None in new or None in old:
        return set(texts(head[0])) <= set(texts(base[0]))
    words = set(texts(head[0])) - set(texts(base[0]))
    named = all(text in EVERYWHERE or read(text) for text in words)
    return named and within((item for item in new if item), (item for item in old if item))


def settle(raw: Raw) -> Raw:
    """Prefixes as merged ranges, words as they are, sorted."""
    items = tuple(texts(raw))
    found = union(one for text in items for one in (ALL if text in EVERYWHERE else (read(text),)) if one)
    words = {text for text in items if text not in EVERYWHERE and not read(text)}
    return (*map(text_of, found), *sorted(words))


def _bits(args: Args) -> str | None:
    fits = len(args) in (1, 2) and all(isinstance(arg, int) and not isinstance(arg, bool) and 0 < arg <= 128 for arg in args)
    return None if fits else "takes the least number of bits of an IPv4 prefix, and optionally of an IPv6 prefix"


def _predicate(name: str, decide: Decide, check: Check, monotone: Literal["up", "down"], partly: Partly) -> Predicate:
    return Predicate(name, decide, check, monotone=monotone, partly=partly, no_worse=_no_wider, exposure=True, settle=settle)


PREDICATES = (
    _predicate("world", _world, no_args, "up", _never_world),
    _predicate("wider_than", _wider_than, _bits, "up", _partly_wider),
    _predicate("cidr_private", _cidr_private, no_args, "down", _partly_private),
)
