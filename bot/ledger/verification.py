"""Whether a repository's record is as it was written: the chain by itself, the rows that it tells of, and what witnesses know of it."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator

from msgspec import Struct

from bot.ledger.alteration import Alteration, Walk
from bot.ledger.chain import Chain
from bot.ledger.database import Database
from bot.ledger.entry import Entry, Head
from bot.ledger.rows import Rows


class Verified(Struct, frozen=True):
    """`entries`: how many; `stubs`: those of them whose content was given up after its time. `older`: rows from before the record began.
    `witnesses`: places that were known from elsewhere."""

    repository_id: int
    entries: int
    stubs: int
    last: Head | None
    older: int
    witnesses: int
    alterations: tuple[Alteration, ...]


class Verification:
    """Reads; changes nothing."""

    def __init__(self, database: Database) -> None:
        self._database, self._chain = database, Chain(database)

    def verify(self, repository_id: int, witnesses: Collection[Head] = ()) -> Verified:
        """One repository. Without a witness nobody can tell that the last entries were removed with their rows, or that all were
        written anew with new digests."""
        walk, rows = Walk(repository_id), Rows(self._database, repository_id)
        named, known = {head.position for head in witnesses}, {}
        found: list[Alteration] = []
        for batch in _batches(self._chain.entries(repository_id)):
            found += walk.along(batch)
            found += rows.compared(batch)
            known.update({entry.position: entry.digest for entry in batch if entry.position in named})
        found += walk.end(witnesses, known)
        found += rows.rest()
        found.sort(key=lambda item: (item.position or 1 << 62, item.key))
        return Verified(repository_id, walk.number, walk.stubs, walk.last, rows.older, len(set(witnesses)), tuple(found))


def _batches(entries: Iterable[Entry], size: int = 500) -> Iterator[list[Entry]]:
    batch: list[Entry] = []
    for entry in entries:
        batch.append(entry)
        if len(batch) == size:
            yield batch
            batch = []
    if batch:
        yield batch
