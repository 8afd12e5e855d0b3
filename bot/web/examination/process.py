"""This process and its machine: settings, confinement, database, queue."""

from __future__ import annotations

import os
from collections.abc import Iterator, Sequence
from contextlib import closing
from datetime import datetime
from pathlib import Path

from bot.confine import Layer
from bot.ledger import Database
from bot.ledger.deliveries import Deliveries
from bot.settings import Note
from bot.web import observation
from bot.web.condition import Part
from bot.web.examination.examine import Unasked
from bot.web.examination.finding import Finding, done, todo

# Without the first no file is out of reach, without one of the second no connection.
FILES, NETWORK = ("landlock", "seccomp"), ("seccomp", "network-namespace")


def settings(notes: Sequence[Note]) -> Iterator[Finding]:
    """What works and should be mended."""
    if not notes:
        yield done("settings", "settings-right")
    for note in notes:
        yield todo("settings", f"note-{note.key}", note.where, **note.fields)


def confinement(layers: Sequence[Layer]) -> Iterator[Finding]:
    """Whether a child that evaluates a pull request can reach files or the network, and which other layers this machine lacks."""
    active = {layer.name for layer in layers if layer.active}
    lacking = [f"{layer.name} ({layer.detail})" if layer.detail else layer.name for layer in layers if not layer.active]
    open_to = [name for name, closers in (("files", FILES), ("network", NETWORK)) if active.isdisjoint(closers)]
    for name in open_to:
        yield todo("confinement", f"confinement-{name}-open", names=", ".join(lacking))
    if not open_to and lacking:
        yield done("confinement", "confinement-partly", active=", ".join(sorted(active)), names=", ".join(lacking))
    elif not open_to:
        yield done("confinement", "confinement-right", active=", ".join(sorted(active)))


def database(url: str) -> Iterator[Finding]:
    """Writable and up to date; makes nothing: an SQLite file that is not there is made at the first start."""
    path = Path(url.removeprefix("sqlite:///")) if url.startswith("sqlite:///") else None
    if path is not None and not path.exists():
        parent = next(place for place in path.parents if place.exists())
        able = os.access(parent, os.W_OK | os.X_OK) and parent.is_dir()
        yield done("database", "database-new") if able else todo("database", "database-wrong", detail=f"{parent} cannot be written to")
        return
    with closing(Database(url)) as opened:
        try:
            if not opened.current():
                yield done("database", "database-old")
                return
            opened.probe()
        except Exception as error:  # noqa: BLE001 - every driver has its own, and their texts may hold a password
            yield todo("database", "database-wrong", detail=type(error).__name__)
            return
        yield done("database", "database-right")


def queue(url: str, now: datetime) -> Iterator[Finding]:
    """What came in and is not done. A database that cannot be asked is told of by `database`."""
    if url.startswith("sqlite:///") and not Path(url.removeprefix("sqlite:///")).exists():
        yield done("queue", "queue-right", detail="nothing waits")
        return
    with closing(Database(url)) as opened:
        try:
            condition = observation.queue(Deliveries(opened), now) if opened.current() else Part(ok=True, detail="nothing waits")
        except Exception:  # noqa: BLE001 - see `database`
            raise Unasked("database") from None
    make = done if condition.ok else todo
    yield make("queue", "queue-right" if condition.ok else "queue-wrong", detail=condition.detail)
