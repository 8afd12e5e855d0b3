"""Address ranges as numbers: whether several of them together are everything.

Spellings: CIDR of both families, one address, `first-last`, and the words the providers have for everything
(`*`, `Any`, `Internet`: https://learn.microsoft.com/azure/virtual-network/service-tags-overview).
"""

from __future__ import annotations

from collections.abc import Iterable

EVERYTHING = frozenset({"*", "any", "internet", "<nw>/0", "/0"})
BITS = {4: 32, 6: 128}
Range = tuple[int, int, int]  # family, first, last


def covers_everything(texts: Iterable[str]) -> bool:
    """Whether the ranges together hold every IPv4 address or every IPv6 address."""
    found = [item for text in texts if (item := text.strip().lower())]
    if any(item in EVERYTHING for item in found):
        return True
    ranges = [parsed for item in found if (parsed := parse_range(item))]
    return any(_is_whole(sorted(item[1:] for item in ranges if item[0] == family), bits) for family, bits in BITS.items())


def parse_range(text: str) -> Range | None:
    """`10.0.0.0/8`, `::/0`, `10.0.0.1`, `0.0.0.0-255.255.255.255`; None when it is none of these."""
    if "-" in text:
        first, last = (_address(part) for part in text.split("-", 1))
        return (first[0], first[1], last[1]) if first and last and first[0] == last[0] else None
    head, _, length = text.partition("/")
    start = _address(head)
    if start is None or (length and not (length.isdecimal() and len(length) <= 3)):
        return None
    bits = BITS[start[0]]
    size = int(length) if length else bits
    if size > bits:
        return None
    width = 1 << (bits - size)
    first_address = start[1] // width * width
    return start[0], first_address, first_address + width - 1


def _is_whole(ranges: list[tuple[int, int]], bits: int) -> bool:
    reached = 0
    for first, last in ranges:
        if first > reached:
            return False
        reached = max(reached, last + 1)
    return reached >= 1 << bits


def _address(text: str) -> tuple[int, int] | None:
    return _six(text) if ":" in text else _four(text)


def _four(text: str) -> tuple[int, int] | None:
    parts = text.strip().split(".")
    if len(parts) != 4 or not all(part.isdecimal() and len(part) <= 3 and int(part) <= 255 for part in parts):
        return None
    return 4, sum(int(part) << shift for part, shift in zip(parts, (24, 16, 8, 0), strict=True))


def _six(text: str) -> tuple[int, int] | None:
    head, gap, tail = text.strip().partition("::")
    left, right = (part.split(":") if part else [] for part in (head, tail))
    missing = 8 - len(left) - len(right)
    if missing < 0 or (not gap and missing):
        return None
    groups = [*left, *(["0"] * missing), *right]
    if not all(0 < len(group) <= 4 and all(letter in "0123456789abcdef" for letter in group.lower()) for group in groups):
        return None
    return 6, int("".join(group.rjust(4, "0") for group in groups), 16)
