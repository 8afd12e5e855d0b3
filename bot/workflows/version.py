"""The version of the workflows: a digest of their code and of what they keep between steps."""

from __future__ import annotations

import hashlib
from functools import lru_cache
from pathlib import Path

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
