"""What the door has answered and the ledger does not have yet: a small file of its own, so that no answer waits for the ledger.

SQLite has one writer at a time, and whoever writes to the ledger holds it for as long as Python takes between two statements: with many
reviews at work that is up to a second. Here every write is one statement, held for as long as SQLite itself takes.
https://www.sqlite.org/wal.html
"""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Sequence
from pathlib import Path
from threading import Lock
from time import monotonic, sleep
from typing import TypeVar

from msgspec import Struct

# Beyond this nobody takes anything over, and GitHub keeps the rest for us.
MOST = 200_000
BUSY_SECONDS = 5.0
# SQLite's own steps grow to a tenth of a second: https://www.sqlite.org/c3ref/busy_timeout.html
STEP = 0.0005
_MADE = """CREATE TABLE IF NOT EXISTS inbox (
    id INTEGER PRIMARY KEY AUTOINCREMENT, guid TEXT NOT NULL, event TEXT NOT NULL, digest TEXT NOT NULL, work BLOB NOT NULL)"""
_DEPTH = "SELECT ifnull(max(id) - min(id) + 1, 0) FROM inbox"
_PRAGMAS = ("journal_mode=WAL", "synchronous=NORMAL")

T = TypeVar("T")


class Kept(Struct, frozen=True):
    """One delivery. `id`: its place; never given twice. `digest`: of the body; `work`: a `bot.github.facts.Work`, encoded."""

    id: int
    guid: str
    event: str
    digest: str
    work: bytes


class Full(Exception):  # noqa: N818 - what the file is
    """Nothing was taken over for long."""


class Inbox:
    """The file at `path`, made where it is not there. Safe to share between threads; several processes may have it open.

    `answers`: whoever uses it has no time to wait for the disk; those who take over bring there what was written.
    """

    def __init__(self, path: Path, *, answers: bool = False) -> None:
        self._lock = Lock()
        self._connection = sqlite3.connect(path, timeout=0, isolation_level=None, check_same_thread=False)
        pragmas = (*_PRAGMAS, "wal_autocheckpoint=0") if answers else _PRAGMAS
        for statement in (*(f"PRAGMA {pragma}" for pragma in pragmas), _MADE):
            self._patiently(lambda statement=statement: self._connection.execute(statement).fetchall())  # type: ignore[misc]

    def close(self) -> None:
        """Closes the file; what is in it stays."""
        with self._lock:
            self._connection.close()

    def keep(self, guid: str, event: str, digest: str, work: bytes) -> None:
        """Adds one; it survives the end of the process. Raises `Full`."""
        if self.depth() >= MOST:
            raise Full
        row = (guid, event, digest, work)
        self._patiently(lambda: self._connection.execute("INSERT INTO inbox (guid, event, digest, work) VALUES (?, ?, ?, ?)", row))

    def depth(self) -> int:
        """How many wait at most."""
        return int(self._patiently(lambda: self._connection.execute(_DEPTH).fetchone())[0])

    def first(self, after: int, limit: int) -> tuple[Kept, ...]:
        """Those behind the place `after`, in order."""
        asked = "SELECT id, guid, event, digest, work FROM inbox WHERE id > ? ORDER BY id LIMIT ?"
        return tuple(Kept(*row) for row in self._patiently(lambda: self._connection.execute(asked, (after, limit)).fetchall()))

    def taken(self, ids: Sequence[int]) -> None:
        """Forgets those that the ledger has."""
        places = ",".join("?" * len(ids))
        self._patiently(lambda: self._connection.execute(f"DELETE FROM inbox WHERE id IN ({places})", tuple(ids)))  # noqa: S608 - marks only

    def _patiently(self, ask: Callable[[], T]) -> T:
        """Raises what SQLite raises, of a file that is busy only after a while."""
        end = monotonic() + BUSY_SECONDS
        while True:
            try:
                with self._lock:
                    return ask()
            except sqlite3.OperationalError as error:
                if error.sqlite_errorcode & 0xFF != sqlite3.SQLITE_BUSY or monotonic() >= end:
                    raise
            sleep(STEP)
