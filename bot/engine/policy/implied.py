"""Results that another one at the same place already says, so that a reader is told once.

They are left out last, after comparison and treatment: a narrowing from every port to one is then still a narrowing, and what
blocks is never left out for what does not.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import TypeAlias

from msgspec.structs import replace

from bot.engine.model.result import Result
from bot.engine.model.rule import Rule

Place: TypeAlias = tuple[str, str | None, str, str, int, bool]
DECIDED = frozenset({"fail", "review", "informational"})


def told_once(results: Iterable[Result], rules: Iterable[Rule]) -> tuple[Result, ...]:
    """The results without those whose rule is implied (`implied_by`) by a decided one at the same place that blocks if they do."""
    found = tuple(results)
    implying = {rule.id: rule.implied_by for rule in rules if rule.implied_by}
    told: dict[tuple[str, Place], bool] = {}
    for result in found:
        if result.kind in DECIDED:
            key = (result.rule, place(result))
            told[key] = told.get(key, False) or result.blocks
    return tuple(result for result in found if not _is_told(result, implying.get(result.rule, ()), told))


def asked_once(results: Iterable[Result]) -> tuple[Result, ...]:
    """One result for one unknown at one place, whatever the number of rules that it leaves open; their ids stand in `also`.

    The one that blocks is kept, else the first. A scan keeps them all: it answers rule by rule.
    """
    found = tuple(results)
    groups: dict[tuple[object, ...], list[Result]] = {}
    for result in found:
        if result.kind == "open":
            groups.setdefault(_unknown(result), []).append(result)
    kept: dict[int, Result] = {}
    for group in groups.values():
        first = next((result for result in group if result.blocks), group[0])
        kept[id(first)] = replace(first, also=tuple(sorted({other.rule for other in group} - {first.rule})))
    return tuple(kept.get(id(result), result) for result in found if result.kind != "open" or id(result) in kept)


def _unknown(result: Result) -> tuple[object, ...]:
    return *place(result), result.baseline_state, result.deciding.path, result.deciding.expression, result.deciding.reason


def _is_told(result: Result, by: tuple[str, ...], told: dict[tuple[str, Place], bool]) -> bool:
    others = (told.get((rule, place(result))) for rule in by)
    return any(blocks is not None and blocks >= result.blocks for blocks in others)


def place(result: Result) -> Place:
    """What a result is about; what is fixed is told apart from what is there."""
    return result.root, result.environment, result.resource, result.file, result.line, result.baseline_state == "absent"
