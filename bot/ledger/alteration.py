"""What is wrong with a chain by itself: each entry against its digests, and against the entry before it. No database, no clock."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Literal, TypeAlias

import msgspec
from msgspec import Struct

from bot.ledger.entry import ORIGIN, Entry, Head, digest, sha256

Key: TypeAlias = Literal[
    "content",  # is not what it was
    "digest",  # kind, time, pull request, row or content digest are not what they were
    "previous",  # the entry before is not the one it was made after
    "missing",  # positions that are not there
    "misplaced",  # a position that does not come after the one before
    "emptied",  # the content was taken, and no entry says that its time was over
    "short",  # a witness knows a later entry than the last
    "rewritten",  # a witness knows another digest
    "row-missing",
    "row-differs",
    "row-emptied",
    "row-unrecorded",  # a row that no entry tells of
    "snapshot-missing",
    "snapshot-differs",
]


class Alteration(Struct, frozen=True):
    """One thing that is not as it was recorded. `position`: the entry, 0 where none is left to name. `fields`: for the words."""

    repository_id: int
    position: int
    key: Key
    fields: dict[str, str | int] = {}


class Walk:
    """Goes along one chain and keeps what can only be told at its end. `last`, `number`, `stubs`: place of the last entry, entries, and
    how many of them have no content any more."""

    def __init__(self, repository_id: int) -> None:
        self.repository_id = repository_id
        self.last: Head | None = None
        self.number = 0
        self._through = 0
        self._emptied: list[int] = []

    @property
    def stubs(self) -> int:
        """Entries whose content was given up."""
        return len(self._emptied)

    def along(self, entries: Iterable[Entry]) -> Iterator[Alteration]:
        """What is wrong with each, in order."""
        for entry in entries:
            yield from self._place(entry)
            yield from self._digests(entry)
            self._remember(entry)

    def end(self, witnesses: Iterable[Head], known: dict[int, str]) -> Iterator[Alteration]:
        """What the whole tells. `known`: position → digest, of at least the positions that the witnesses name."""
        for position in self._emptied:
            if position > self._through:
                yield self._found(position, "emptied")
        end = self.last.position if self.last else 0
        for witness in sorted(set(witnesses), key=lambda head: (head.position, head.digest)):
            if witness.position > end:
                yield self._found(witness.position, "short", last=end)
            elif known.get(witness.position, witness.digest) != witness.digest:
                yield self._found(witness.position, "rewritten", witness=witness.digest[:12], stands=known[witness.position][:12])

    def _place(self, entry: Entry) -> Iterator[Alteration]:
        expected = self.last.position + 1 if self.last else 1
        if entry.position > expected:
            yield self._found(expected, "missing", first=expected, last=entry.position - 1)
        elif entry.position < expected:
            yield self._found(entry.position, "misplaced")
        elif entry.previous != (self.last.digest if self.last else ORIGIN):
            yield self._found(entry.position, "previous", before=expected - 1)

    def _digests(self, entry: Entry) -> Iterator[Alteration]:
        if entry.content is not None and sha256(entry.content) != entry.content_digest:
            yield self._found(entry.position, "content")
        elif digest(entry) != entry.digest or entry.repository_id != self.repository_id:
            yield self._found(entry.position, "digest")

    def _remember(self, entry: Entry) -> None:
        self.last = entry.head
        self.number += 1
        if entry.content is None:
            self._emptied.append(entry.position)
        elif entry.kind == "retention":
            self._through = max(self._through, _through(entry))

    def _found(self, position: int, key: Key, **fields: str | int) -> Alteration:
        return Alteration(self.repository_id, position, key, fields)


def _through(entry: Entry) -> int:
    """Up to which position a retention gave up contents; never beyond itself."""
    try:
        through = entry.told.get("through", 0)
    except msgspec.DecodeError:
        return 0
    return min(through, entry.position) if isinstance(through, int) else 0
