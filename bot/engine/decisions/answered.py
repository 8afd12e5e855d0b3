"""Answers put to the results that they are about. An answer takes the block from its own result and from nothing else."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from datetime import datetime

from msgspec.structs import replace

from bot.engine.decisions.binding import bound
from bot.engine.decisions.holding import REVIEWED, held, single
from bot.engine.model.decision import Decision
from bot.engine.model.result import Result, Suppression


def answered(
    results: Iterable[Result], decisions: tuple[Decision, ...], now: datetime, reviews: frozenset[str] = frozenset()
) -> tuple[Result, ...]:
    """The results, each with what was answered to it. `reviews`: the categories on which an approving review is an answer."""
    found = tuple(results)
    given = list(single(decisions))
    if not given:
        return found
    bounds = {id(result): bound(result) for result in found if result.asked}
    here = frozenset(bounds.values())
    bearing: dict[str, list[Decision]] = defaultdict(list)
    for item in given:
        bearing[item.bound if item.bound in here else item.result].append(item)
    return tuple(
        _answered(result, _heard([*bearing.get(result.id, ()), *bearing.get(bounds[id(result)], ())], result, reviews), now)
        if result.asked
        else result
        for result in found
    )


def _heard(bearing: list[Decision], result: Result, reviews: frozenset[str]) -> list[Decision]:
    return [item for item in bearing if item.verb not in REVIEWED or result.category in reviews]


def _answered(result: Result, bearing: list[Decision], now: datetime) -> Result:
    """`bearing`: what was answered to it; of several things under one id not what was answered to another of them."""
    if not bearing:
        return result
    found = held(result, bearing, now)
    told = replace(result, answer=found.answer, lapsed=found.lapsed, disputes=found.disputes)
    if not found.lifts or found.answer is None or result.suppression is not None:
        return told
    return replace(told, suppression=Suppression("decision", found.answer.ref), blocks=False)
