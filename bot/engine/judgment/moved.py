"""What only moved: how many resources have another address, and how many of their values differ."""

from __future__ import annotations

from collections.abc import Iterable

from bot.engine.judgment.difference import Difference
from bot.engine.model.notice import Notice


def moved(differences: Iterable[Difference]) -> tuple[Notice, ...]:
    """A notice where something moved; under several environments a resource is counted once."""
    resources: set[tuple[str, str]] = set()
    values: set[tuple[str, str, str]] = set()
    for difference in differences:
        root = difference.head.root
        for pair in difference.pairs:
            if pair.after.address != pair.before.address:
                resources.add((root, pair.after.address))
                values.update((root, pair.after.address, change.path) for change in difference.changes(pair))
    if not resources:
        return ()
    return (Notice("moved-changed" if values else "moved", {"n": len(resources), "values": len(values)}),)
