"""How large a rented size is, from its name: what makes two names of one provider comparable, and nothing more.

https://docs.aws.amazon.com/ec2/latest/instancetypes/instance-type-names.html, https://learn.microsoft.com/azure/virtual-machines/vm-naming-conventions,
https://cloud.google.com/compute/docs/machine-resource: sizes of a family double; Azure and Google write the number of processors.
"""

from __future__ import annotations

import re

from bot.engine.pattern import Pattern

WORDS = {"nano": 0.125, "micro": 0.25, "small": 0.5, "medium": 1.0, "large": 2.0, "xlarge": 4.0}
METAL = 96.0
_AWS = Pattern(
    r"(?:[a-z0-9-]+\.)+(?:(\d{1,6})?(nano|micro|small|medium|large|xlarge)|metal(?:-(\d{1,6})xl)?)(?:\.(?:search|elasticsearch))?"
)
_AZURE = Pattern(r"standard_[a-z]+?(\d{1,6})[a-z0-9_-]*", re.IGNORECASE)
_GOOGLE = Pattern(r"(?:db-)?[a-z]\d[a-z]?-[a-z]+-(\d{1,6})[a-z-]*|db-(?:custom|perf-optimized-n)-(\d{1,6})(?:-\d+)?", re.IGNORECASE)
_SHARED = {"f1-micro": 0.2, "g1-small": 0.5, "e2-micro": 0.25, "e2-small": 0.5, "e2-medium": 1.0, "db-f1-micro": 0.2, "db-g1-small": 0.5}


def weight(size: str) -> float | None:
    """Roughly the number of processors; None for a name of another form."""
    if size in _SHARED:
        return _SHARED[size]
    if found := _AWS.fullmatch(size):
        if found[2] is None:
            return 4.0 * int(found[3]) if found[3] else METAL
        return WORDS[found[2]] * int(found[1] or 1)
    found = _AZURE.fullmatch(size) or _GOOGLE.fullmatch(size)
    return float(next(int(part) for part in found.groups() if part)) if found else None
