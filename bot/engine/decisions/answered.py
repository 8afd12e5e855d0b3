"""Answers put to the results that they are about. An answer takes the block from its own result and from nothing else."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from datetime import datetime

from msgspec.structs import replace

from bot.engine.decisions.binding import bound
from bot.engine.decisions.holding import held
from bot.engine.model.decision import Decision
from bot.engine.model.result import Result, Suppression


def answered(results: Iterable[Result], decisions: tuple[Decision, ...], now: datetime) -> tuple[Result, ...]:
    """The results, each with what was answered to it."""
    found = tuple(results)
    given = [item for item in decisions if item.result]
    if not given:
        return found
    bounds = {id(result): bound(result) for result in found if result.asked}
    here = frozenset(bounds.values())
    bearing: dict[str, list[Decision]] = defaultdict(list)
    for item in given:
        bearing[item.bound if item.bound in here else item.result].append(item)
    return tuple(
        _answered(result, [*bearing.get(result.id, ()), *bearing.get(bounds[id(result)], ())], now) if result.asked else result
        for result in found
    )


def _answered(result: Result, bearing: list[Decision], now: datetime) -> Result:
    """`bearing`: what was answered to it; of several things under one id not what was answered to another of them."""
    if not bearing:
        return result
    found = held(result, bearing, now)
    told = replace(result, answer=found.answer, lapsed=found.lapsed, disputes=found.disputes)
    if not found.lifts or found.answer is None or result.suppression is not None:
        return told
    return replace(told, suppression=Suppression("decision", found.answer.ref), blocks=False)
