"""The declared name that was perhaps meant."""

from __future__ import annotations

from collections.abc import Collection

MAX_TRIED = 100  # of one root: a suggestion helps with a few names, and each costs up to 5 ms
MAX_NAMES = 500
MAX_LENGTH = 100
CUTOFF = 0.75


class Suggestions:
    """Finds near names, for the first faults of a root only."""

    def __init__(self) -> None:
        self.left = MAX_TRIED

    def near(self, name: str, declared: Collection[str]) -> str:
        """The nearest of the declared names; empty when none is near. Of several equally near ones the same each time."""
        if len(name) > MAX_LENGTH or not self.left:
            return ""
        from difflib import get_close_matches  # noqa: PLC0415 - costs 1 ms that only a fault pays

        self.left -= 1
        candidates = [other for other in sorted(declared) if 2 * abs(len(other) - len(name)) <= len(name)]
        return next(iter(get_close_matches(name, candidates[:MAX_NAMES], n=1, cutoff=CUTOFF)), "")
