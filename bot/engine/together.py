"""One cause, one question: what several rules ask about one changed value is asked once, where it is the same people's to answer.

A location that changes is asked about because what is kept there is deleted, and because it would lie elsewhere: whoever answers for both
answers once, and is told both. Where others answer for the second they are asked by themselves: nobody's question is answered by others.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from typing import get_args

from msgspec.structs import replace

from bot.engine.decisions.binding import own
from bot.engine.model.notice import Notice
from bot.engine.model.result import Result
from bot.engine.model.rule import Category
from bot.engine.results import SEVERITIES, Caused
from bot.engine.verdict import Terms, settled

CATEGORIES: tuple[str, ...] = get_args(Category)


def together(found: Iterable[Caused], terms: Terms) -> tuple[Caused, ...]:
    """The results in their order, those that are asked with another one left out. Before they are merged by cause and answered."""
    items = tuple(found)
    groups: dict[tuple[object, ...], list[Caused]] = defaultdict(list)
    for item in items:
        if item.changed and item.result.kind == "review" and item.result.asked:
            groups[_value(item.result)].append(item)
    kept: dict[int, Caused | None] = {}
    for group in groups.values():
        for turn in _turns(group, terms):
            first, *others = sorted(turn, key=lambda item: _weight(item.result))
            kept |= {id(first): _for_all(first, others)} | dict.fromkeys(map(id, others))
    return tuple(one for item in items if (one := kept.get(id(item), item)) is not None)


def _value(result: Result) -> tuple[object, ...]:
    """The value of which they are asked: of one resource, at one place of the head or of the base."""
    return result.root, result.environment, result.resource, result.subject, result.side


def _turns(group: list[Caused], terms: Terms) -> Iterable[list[Caused]]:
    """The group by whose turn it is, of what weighs the same; what a waiver lifts is lifted alone."""
    if len(group) == 1:
        return ()
    rules = {rule.id: rule for rule in terms.policy.rules.named({item.result.rule for item in group})}
    turns: dict[object, list[Caused]] = defaultdict(list)
    for item in group:
        found = settled(item.result, rules[item.result.rule], terms)
        if found is not None and found.treatment == "judgment" and found.suppression is None:
            turns[found.level, terms.governance.asked(found.category, found.file)].append(item)
    return tuple(turn for turn in turns.values() if len(turn) > 1)


def _weight(result: Result) -> tuple[int, int, str]:
    return SEVERITIES.index(result.severity), CATEGORIES.index(result.category), result.rule


def _for_all(first: Caused, others: list[Caused]) -> Caused:
    """The first, which tells what the others ask; an answer rests on all of them."""
    result = first.result
    told = tuple(Notice("asked-too", {"text": other.result.question or other.result.title}) for other in others)
    return replace(
        first,
        result=replace(
            result,
            facts=(*result.facts, *told),
            also=tuple(sorted({*result.also, *(other.result.rule for other in others)})),
            aliases=tuple(sorted({*result.aliases, *(alias for other in others for alias in other.result.aliases)})),
            merged=tuple(sorted({*result.merged, *(own(other.result) for other in others)})),
        ),
    )
