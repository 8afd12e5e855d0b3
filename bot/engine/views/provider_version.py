"""What a version constraint on a provider allows.

Syntax: https://developer.hashicorp.com/terraform/language/expressions/version-constraints.
"""

from __future__ import annotations

import re
from collections.abc import Mapping

_CLAUSE = re.compile(r"(~>|<=|<|>=|>|=|!=)?\s*v?(\d+)((?:\.\d+)*)")


def below_major(required: Mapping[str, str], provider: str, major: int) -> bool:
    """Whether the constraint rules out version `major` and everything after it; without a constraint the newest is installed."""
    return any(_stays_below(found[1] or "=", int(found[2]), found[3], major) for found in _CLAUSE.finditer(required.get(provider, "")))


def _stays_below(operator: str, number: int, rest: str, major: int) -> bool:
    if operator in {"=", "<=", "~>"}:
        return number < major
    is_start = not rest.strip(".0")
    return operator == "<" and (number < major or (number == major and is_start))
