"""Versions as digests of code: of the workflows with what they keep between steps, and of what decides."""

from __future__ import annotations

import hashlib
from functools import lru_cache
from pathlib import Path

from bot import __version__

PACKAGE = Path(__file__).parent
# What a step gives is kept in the form these define.
KEPT = ("github/facts.py", "github/protocols.py", "report/publication.py", "ledger/deliveries.py")


@lru_cache(maxsize=1)
def version() -> str:
    """Sixteen hexadecimal digits; unfinished work of another version is begun anew from its delivery."""
    total = hashlib.sha256()
    for path in (*sorted(PACKAGE.glob("*.py")), *(PACKAGE.parent / name for name in KEPT)):
        total.update(path.read_bytes())
    return total.hexdigest()[:16]


@lru_cache(maxsize=1)
def engine() -> str:
    """The program's version and sixteen digits of the code that decides: the same code gives the same verdict on the same snapshot."""
    total, root = hashlib.sha256(), PACKAGE.parent / "engine"
    for path in sorted(root.rglob("*.py")):
        total.update(f"{path.relative_to(root).as_posix()}\n".encode())
        total.update(path.read_bytes())
    return f"{__version__}+{total.hexdigest()[:16]}"
