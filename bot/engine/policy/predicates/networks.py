"""Address prefixes as ranges of numbers. Host bits are ignored, as routers do: `0.0.2.0/0` is everything."""

from __future__ import annotations

from collections.abc import Iterable

from msgspec import Struct

BITS = {4: 32, 6: 128}
MAX_TEXT = 100
EVERYWHERE = frozenset({"*", "any", "internet"})


class Range(Struct, frozen=True, order=True):
    """All addresses of one version from `first` to `last`."""

    version: int
    first: int
    last: int


ALL = (Range(4, 0, (1 << 32) - 1), Range(6, 0, (1 << 128) - 1))


def read(text: str) -> Range | None:
    """`10.0.0.0/8`, `::/0`, one address, or `10.0.0.1-10.0.0.9`; None when it is none of these."""
    if len(text) > MAX_TEXT:
        return None
    if "-" in text:
        return _between(*text.split("-", 1))
    head, slash, length = text.partition("/")
    version, start = _address(head)
    if start is None or (slash and not (length.isascii() and length.isdecimal() and len(length) <= 3)):
        return None
    bits = int(length) if slash else BITS[version]
    if bits > BITS[version]:
        return None
    size = 1 << (BITS[version] - bits)
    first = start // size * size
    return Range(version, first, first + size - 1)


def _between(low: str, high: str) -> Range | None:
    (version, first), (other, last) = _address(low.strip()), _address(high.strip())
    return Range(version, first, last) if first is not None and last is not None and version == other and first <= last else None


def _address(text: str) -> tuple[int, int | None]:
    return (6, _six(text)) if ":" in text else (4, _four(text))


def _four(text: str) -> int | None:
    parts = text.split(".")
    if len(parts) != 4 or not all(part.isascii() and part.isdecimal() and len(part) <= 3 and int(part) <= 255 for part in parts):
        return None
    return int.from_bytes(bytes(map(int, parts)))


def _six(text: str) -> int | None:
    head, gap, tail = text.partition("::")
    left, right = (part.split(":") if part else [] for part in (head, tail))
    if (right or left) and "." in (right or left)[-1]:
        four = _four((right or left).pop())
        if four is None:
            return None
        (right if gap and tail else left).extend((f"{four >> 16:x}", f"{four & 0xFFFF:x}"))
    missing = 8 - len(left) - len(right)
    if missing < (1 if gap else 0) or (missing and not gap):
        return None
    groups = [*left, *["0"] * missing, *right]
    if not all(0 < len(group) <= 4 and all(digit in "0123456789abcdefABCDEF" for digit in group) for group in groups):
        return None
    return int("".join(group.rjust(4, "0") for group in groups), 16)


def union(ranges: Iterable[Range]) -> tuple[Range, ...]:
    """The same addresses in the fewest ranges, in order."""
    out: list[Range] = []
    for item in sorted(ranges):
        last = out[-1] if out else None
        if last and last.version == item.version and item.first <= last.last + 1:
            out[-1] = Range(last.version, last.first, max(last.last, item.last))
        else:
            out.append(item)
    return tuple(out)


def within(inner: Iterable[Range], outer: Iterable[Range]) -> bool:
    """Whether every address of `inner` is one of `outer`."""
    wide = iter(union(outer))
    current = next(wide, None)
    for item in union(inner):
        while current is not None and (current.version, current.last) < (item.version, item.last):
            current = next(wide, None)
        if current is None or current.version != item.version or item.first < current.first:
            return False
    return True


def _ranges(*texts: str) -> tuple[Range, ...]:
    return union(found for text in texts if (found := read(text)))


# https://www.iana.org/assignments/iana-ipv4-special-registry and iana-ipv6-special-registry
PRIVATE = _ranges(
    "10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16", "100.64.0.0/10", "127.0.0.0/8", "169.254.0.0/16", "fc00::/7", "fe80::/10", "::1/128"
)
# What no packet from the Internet comes from; of IPv6 only 2000::/3 is handed out (https://www.rfc-editor.org/rfc/rfc4291).
_RESERVED = _ranges("0.0.0.0/8", "192.0.0.0/24", "192.0.2.0/24", "198.18.0.0/15", "198.51.100.0/24", "203.0.113.0/24", "224.0.0.0/3")
UNROUTED = union((*PRIVATE, *_RESERVED, Range(6, 0, (1 << 125) - 1), Range(6, 1 << 126, (1 << 128) - 1)))


LEAST = {4: 1 << 31, 6: 1 << 125}  # fewer addresses are certainly not everything that is routed


def is_world(ranges: Iterable[Range]) -> bool:
    """Whether the ranges together hold every address of a version that the Internet uses."""
    found = tuple(ranges)
    if any(item in ALL for item in found):
        return True
    if all(sum(item.last - item.first + 1 for item in found if item.version == version) < least for version, least in LEAST.items()):
        return False
    return any(item in ALL for item in union((*found, *UNROUTED)))


def text_of(item: Range) -> str:
    """A range as numbers: stable, for fingerprints."""
    return f"{item.version}:{item.first:x}-{item.last:x}"
