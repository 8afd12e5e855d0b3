"""What a version constraint on a provider allows.

Syntax: https://developer.hashicorp.com/terraform/language/expressions/version-constraints.
"""

from __future__ import annotations

import re
from collections.abc import Mapping

from bot.engine.pattern import Pattern

ANY = 1 << 30  # as part of a version: above every other
_CLAUSE = Pattern(r"(~>|<=|<|>=|>|=|!=)?\s*v?(?<!\d)(\d{1,9})(?!\d)((?:\.\d{1,9}(?!\d))*)")


def below_major(required: Mapping[str, str], provider: str, major: int) -> bool:
    """Whether the constraint rules out version `major` and everything after it; without a constraint the newest is installed."""
    return any(_stays_below(found[1] or "=", int(found[2]), found[3], major) for found in _CLAUSE.finditer(required.get(provider, "")))


def _stays_below(operator: str, number: int, rest: str, major: int) -> bool:
    if operator in {"=", "<=", "~>"}:
        return number < major
    is_start = not rest.strip(".0")
    return operator == "<" and (number < major or (number == major and is_start))


def at_most(required: Mapping[str, str], provider: str, version: tuple[int, ...]) -> bool:
    """Whether the constraint rules out everything newer than `version`."""
    return any(_ends_by(found[1] or "=", _numbers(found), version) for found in _CLAUSE.finditer(required.get(provider, "")))


def beyond(required: Mapping[str, str], provider: str, version: tuple[int, ...]) -> bool:
    """Whether the constraint asks for something newer than `version`."""
    clauses = [(found[1] or "=", _numbers(found)) for found in _CLAUSE.finditer(required.get(provider, ""))]
    return any((operator in {"=", "~>", ">="} and least > version) or (operator == ">" and least >= version) for operator, least in clauses)


def _ends_by(operator: str, end: tuple[int, ...], version: tuple[int, ...]) -> bool:
    if operator == "~>":  # the last part but one is the last that stays
        return (*end[: max(1, len(end) - 1)], ANY) <= (*version[: max(1, len(end) - 1)], -1)
    return (operator in {"=", "<="} and end <= version) or (operator == "<" and end <= version)


def _numbers(found: re.Match[str]) -> tuple[int, ...]:
    return tuple(int(part) for part in (found[2] + found[3]).split("."))
