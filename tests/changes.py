"""Builds snapshots from plain texts, so that a test reads like the change it is about."""

from __future__ import annotations

import difflib
import hashlib
from collections.abc import Mapping
from datetime import UTC, datetime
from functools import cache
from pathlib import Path

from bot.engine.evaluation import evaluate, scan
from bot.engine.facts import Facts
from bot.engine.facts.facts import STATEFUL
from bot.engine.model.result import Result
from bot.engine.model.snapshot import Entry, Snapshot, Tree
from bot.engine.model.verdict import Verdict

RULES = Path(__file__).parent.parent / "rules"
KEEPS_DATA = Facts({STATEFUL: (Path(__file__).parent.parent / "bot/facts/stateful.table").read_bytes()})
NOW = datetime(2026, 11, 24, 12, tzinfo=UTC)
Files = Mapping[str, str | bytes]


def oid(data: bytes) -> str:
    """The id git gives a blob."""
    return hashlib.sha1(b"blob %d\0" % len(data) + data, usedforsecurity=False).hexdigest()


def shipped_rules() -> dict[str, bytes]:
    """The rule files of the repository, as the command line passes them in."""
    return dict(_shipped_rules())


@cache
def _shipped_rules() -> dict[str, bytes]:
    return {str(path.relative_to(RULES)): path.read_bytes().partition(b"\nexamples:")[0] for path in sorted(RULES.rglob("*.yaml"))}


def snapshot(before: Files, after: Files, **fields: object) -> Snapshot:
    """A snapshot of two trees with the shipped rules; `fields` set anything else."""
    base, head = _bytes(before), _bytes(after)
    given: dict[str, object] = {
        "base": Tree("base", {path: Entry(oid(data)) for path, data in base.items()}),
        "head": Tree("head", {path: Entry(oid(data)) for path, data in head.items()}),
        "blobs": {oid(data): data for data in (*base.values(), *head.values())},
        "policy": shipped_rules(),
        "now": NOW,
        "patch": patch(before, after).encode(),
    }
    return Snapshot(**(given | fields))  # type: ignore[arg-type]  # the fields of a test are its own


def review(before: Files, after: Files, **fields: object) -> Verdict:
    """The verdict on the change from `before` to `after`, the providers' schemas not being known."""
    return evaluate(snapshot(before, after, **fields), KEEPS_DATA)


def scanned(files: Files, **fields: object) -> tuple[Result, ...]:
    """Every result of one tree."""
    return scan(snapshot({}, files, **fields))[0]


def patch(before: Files, after: Files) -> str:
    """The unified diff of two trees with three lines of context."""
    old, new = _bytes(before), _bytes(after)
    return "".join(line for path in sorted(old.keys() | new.keys()) for line in _file_diff(path, old.get(path), new.get(path)))


def _file_diff(path: str, old: bytes | None, new: bytes | None) -> list[str]:
    before, after = ((data or b"").decode("utf-8", "replace").splitlines(keepends=True) for data in (old, new))
    from_file, to_file = ("/dev/null" if data is None else f"{side}/{path}" for side, data in (("a", old), ("b", new)))
    return [line if line.endswith("\n") else f"{line}\n" for line in difflib.unified_diff(before, after, from_file, to_file)]


def _bytes(files: Files) -> dict[str, bytes]:
    return {path: text.encode() if isinstance(text, str) else text for path, text in files.items()}
