"""The declared name that was perhaps meant."""

from __future__ import annotations

from collections.abc import Collection

MAX_NAMES = 500
MAX_LENGTH = 100
CUTOFF = 0.75


def similar(name: str, declared: Collection[str]) -> str:
    """The nearest of the declared names; empty when none is near. Of several equally near ones the first by name."""
    from difflib import get_close_matches  # noqa: PLC0415 - costs 1 ms that only a fault pays

    if len(name) > MAX_LENGTH:
        return ""
    near = [other for other in sorted(declared) if 2 * abs(len(other) - len(name)) <= len(name)][:MAX_NAMES]
    return next(iter(get_close_matches(name, near, n=1, cutoff=CUTOFF)), "")
