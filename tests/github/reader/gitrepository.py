"""The stand-in's objects as a repository that git itself reads."""

from __future__ import annotations

from pathlib import Path

from bot.engine.evaluation import needs
from bot.engine.model.snapshot import Snapshot
from bot.engine.supply import complete
from bot.local import clone
from bot.local.git import Repository as Clone
from bot.standin.state.repository import Repository
from tests.changes import NOW, shipped_rules
from tests.local.repositories import init


def local(repo: Repository, base: str, head: str, directory: Path) -> Snapshot:
    """What `countersign review BASE..HEAD` reads in a clone of the repository."""
    if not directory.exists():
        init(directory)
    for oid in repo.store.ids():
        path = directory / ".git" / "objects" / oid[:2] / oid[2:]
        path.parent.mkdir(exist_ok=True)
        if not path.exists():
            path.write_bytes(repo.store.loose(oid))
    with Clone(str(directory)) as opened:
        snapshot, source, _ = clone.committed(opened, clone.endpoints(opened, f"{base}..{head}"), NOW, shipped_rules())
        return complete(snapshot, source, needs)
