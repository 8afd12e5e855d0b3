"""Version constraints: the major version that one names, and whether another one follows from a change of it.

https://developer.hashicorp.com/terraform/language/expressions/version-constraints
"""

from __future__ import annotations

from bot.engine.pattern import Pattern
from bot.engine.views.module_source import has_upper_end

_COMMIT = Pattern(r"(?=.*[a-f])[0-9a-f]{7,64}|\d{12,64}")
_NUMBER = Pattern(r"(?:^|[^\d.])(\d{1,6})(?:\.\d|$|[^\d.])")
_LOWER_ONLY = Pattern(r"\s*(?:!=|<)")


def major_of(constraint: str) -> int | None:
    """The highest major version that it names, bounds from above left out; None where it names none."""
    if _COMMIT.fullmatch(constraint):
        return None
    parts = [part for part in constraint.split(",") if not _LOWER_ONLY.match(part)]
    found = [int(number[1]) for part in parts if (number := _NUMBER.search(part))]
    return max(found, default=None)


def is_other_major(before: str, after: str) -> bool:
    """Whether another major version is meant. Of two constraints without upper end neither says which is taken: the lock file does."""
    old, new = major_of(before), major_of(after)
    return old is not None and new is not None and old != new and (has_upper_end(before) or has_upper_end(after))
