"""One table: records by name, in pages, so that a look-up reads the header and one page.

8 bytes   `facts 1` and a line feed
32 bytes  SHA-256 of everything that follows
4 bytes   length of the header, little-endian
header    zlib, MessagePack: `Header`
pages     zlib, MessagePack: a map from name to record; `per_page` names each, in the order of `names`
"""

import zlib
from collections.abc import Iterator, Mapping
from functools import lru_cache
from hashlib import sha256
from typing import TypeAlias

import msgspec

Buffer: TypeAlias = bytes | memoryview

MAGIC = b"facts 1\n"
DIGEST = slice(len(MAGIC), len(MAGIC) + 32)
LENGTH = slice(DIGEST.stop, DIGEST.stop + 4)
PER_PAGE = 16


class Header(msgspec.Struct, frozen=True, array_like=True):
    """`source`: where the records come from, `version` and `date` (ISO) of that. `listed`: all names, sorted, a line feed before and
    after each: as one text they are read ten times as fast. `ends`: of each page, counted from the first."""

    source: str
    version: str
    date: str
    listed: str
    ends: tuple[int, ...]
    per_page: int = PER_PAGE


class NotATable(ValueError):  # noqa: N818 - says what is the case
    """The bytes are no table of this form."""


class Table:
    """Read-only. Nothing but the digest is read before the first look-up."""

    def __init__(self, data: Buffer) -> None:
        """Raises `NotATable`."""
        if bytes(data[: len(MAGIC)]) != MAGIC or len(data) < LENGTH.stop:
            raise NotATable("not a table of this form")
        self._data = data
        self._header: Header | None = None
        self._first = LENGTH.stop + int.from_bytes(data[LENGTH], "little")
        self._pages: dict[int, dict[str, msgspec.Raw]] = {}

    @property
    def digest(self) -> str:
        """Of header and pages, in hexadecimal digits, as it stands in the table."""
        return bytes(self._data[DIGEST]).hex()

    @property
    def header(self) -> Header:
        if self._header is None:
            self._header = msgspec.msgpack.decode(zlib.decompress(self._data[LENGTH.stop : self._first]), type=Header)
        return self._header

    @property
    def names(self) -> tuple[str, ...]:
        """All names, sorted."""
        return tuple(self.header.listed.split("\n")[1:-1])

    def record(self, name: str) -> msgspec.Raw | None:
        """The record of a name, still encoded; None when the table has none."""
        at = self._at(name)
        return None if at is None else self._page(at // self.header.per_page)[name]

    def records(self) -> Iterator[tuple[str, msgspec.Raw]]:
        """Every record. Costs as much as the whole table."""
        for number in range(len(self.header.ends)):
            yield from self._page(number).items()

    def _at(self, name: str) -> int | None:
        listed = self.header.listed
        found = listed.find(f"\n{name}\n")
        return None if found < 0 else listed.count("\n", 0, found)

    def _page(self, number: int) -> dict[str, msgspec.Raw]:
        found = self._pages.get(number)
        if found is None:
            ends = self.header.ends
            start, end = self._first + (ends[number - 1] if number else 0), self._first + ends[number]
            found = self._pages[number] = _page_decoder().decode(zlib.decompress(self._data[start:end]))
        return found


def pack(source: str, version: str, date: str, records: Mapping[str, object]) -> bytes:
    """The bytes of a table. Equal records give equal bytes. A name has no line feed and is not empty."""
    names = sorted(records)
    pages = [
        zlib.compress(msgspec.msgpack.encode({name: records[name] for name in names[at : at + PER_PAGE]}), 9)
        for at in range(0, len(names), PER_PAGE)
    ]
    ends = tuple(sum(map(len, pages[: number + 1])) for number in range(len(pages)))
    header = zlib.compress(
        msgspec.msgpack.encode(Header(source, version, date, "".join(["\n", *(f"{name}\n" for name in names)]), ends)), 9
    )
    rest = len(header).to_bytes(4, "little") + header + b"".join(pages)
    return MAGIC + sha256(rest).digest() + rest


@lru_cache(maxsize=1)
def _page_decoder() -> msgspec.msgpack.Decoder[dict[str, msgspec.Raw]]:
    return msgspec.msgpack.Decoder(dict[str, msgspec.Raw])
