"""The webhook in a process of its own, as the service has it: who keeps the door, what is kept, and who takes it over."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TypeAlias

from msgspec import msgpack

from bot.github.facts import Work
from bot.github.webhook import Own
from bot.settings import Settings
from bot.web.condition import Part
from bot.web.doorkeeper import Doorkeeper
from bot.web.doorway import Task
from bot.web.inbox import Inbox, Kept
from bot.web.takeover import Outcome, Takeover
from bot.web.webhook import Counted, Told

# GUID, event, digest of the body, what to do: stores all in one transaction; False for what is known or nothing for us.
Take: TypeAlias = Callable[[Sequence[tuple[str, str, str, Work]]], Sequence[bool]]


class Front:
    """Listens from the moment it is made. Raises OSError when it cannot, and sqlite3.Error for an inbox that cannot be used."""

    def __init__(self, settings: Settings, own: Own, take: Take, counted: Counted) -> None:
        self._settings, self._own, self._take, self._counted = settings, own, take, counted
        self._path = inbox_path(settings)
        self._path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        self.inbox = Inbox(self._path)
        try:
            self._keeper = Doorkeeper(settings.address, settings.port, self._told)
        except OSError:
            self.inbox.close()
            raise
        self.url = self._keeper.url
        self._takeover = Takeover(self.inbox, self._store, counted.count)

    def start(self, address: str, port: int) -> None:
        """Starts the door; everything but the webhook is answered at that address."""
        secrets = tuple(secret.reveal() for secret in self._settings.webhook_secrets)
        self._keeper.start(Task(self._own, secrets, str(self._path), (address, port), self._settings.log_level))

    def open(self) -> None:
        """Takes over from now on; waits until the door answers. Raises RuntimeError when it does not."""
        self._takeover.start()
        if not self._keeper.wait():
            raise RuntimeError(f"the door does not open: {self._keeper.condition().detail}")

    def condition(self) -> Part:
        """Whether the door answers."""
        return self._keeper.condition()

    def stop(self, seconds: float) -> None:
        """Ends the door, then takes over what it kept; what is left is taken at the next start."""
        self._keeper.stop(seconds)
        self._takeover.stop(seconds)

    def close(self) -> None:
        """Closes what `start` does not open."""
        self._keeper.stop(0.0)
        self.inbox.close()

    def _told(self, told: Told) -> None:
        self._counted(told)
        if told.outcome == "kept":
            self._takeover.wake()

    def _store(self, kept: Sequence[Kept]) -> Sequence[Outcome]:
        works = [msgpack.decode(item.work, type=Work) for item in kept]
        arrived = [(item.guid, item.event, item.digest, work) for item, work in zip(kept, works, strict=True)]
        return [_outcome(work, new=new) for work, new in zip(works, self._take(arrived), strict=True)]


def _outcome(work: Work, *, new: bool) -> Outcome:
    if new:
        return "stored"
    return "ignored" if work.kind == "ignore" else "known"


def inbox_path(settings: Settings) -> Path:
    """Beside the ledger for SQLite, else in the state directory, where each replica has its own."""
    url = settings.ledger_url.reveal()
    if url.startswith("sqlite:///"):
        return Path(f"{url.removeprefix('sqlite:///').removesuffix('.sqlite')}-inbox.sqlite")
    return Path(settings.state_directory) / f"inbox-{settings.replica}.sqlite"
