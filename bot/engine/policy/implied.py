"""Results that another one about the same thing already says, so that a reader is told once.

They are left out last, after comparison and treatment: a narrowing from every port to one is then still a narrowing, and what
blocks is never left out for what does not.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable
from typing import TypeAlias

from msgspec.structs import replace

from bot.engine.decisions.binding import own
from bot.engine.model.result import Result
from bot.engine.model.rule import Rule

Place: TypeAlias = tuple[str, str | None, str, str, int, bool]
Thing: TypeAlias = tuple[str, str | None, str, str, bool]
Owners: TypeAlias = Callable[[str], tuple[str, ...]]
DECIDED = frozenset({"fail", "review", "informational"})


def told_once(results: Iterable[Result], rules: Iterable[Rule], beside: Collection[str] = ()) -> tuple[Result, ...]:
    """The results without those whose rule is implied (`implied_by`) by a decided one about the same thing that blocks if they do.

    The one that is told bears the aliases of those that it says as well. `beside`: kinds of results that are told even so.
    """
    found = tuple(results)
    implying = {rule.id: rule.implied_by for rule in rules if rule.implied_by}
    told = _decided(found)
    said: dict[int, list[Result]] = {}
    kept: list[Result] = []
    for result in found:
        by = _told_by(result, implying.get(result.rule, ()), told)
        if by is None or result.kind in beside:
            kept.append(result)
        elif result.kind in DECIDED:
            said.setdefault(id(by), []).append(result)
    return tuple(_with_aliases(result, said.get(id(result), ())) for result in kept)


def _decided(found: Iterable[Result]) -> dict[tuple[str, Thing], Result]:
    """By rule and thing, the one that blocks before the one that does not."""
    told: dict[tuple[str, Thing], Result] = {}
    for result in found:
        key = (result.rule, _thing(result))
        if result.kind in DECIDED and (key not in told or result.blocks > told[key].blocks):
            told[key] = result
    return told


def _with_aliases(result: Result, others: Iterable[Result]) -> Result:
    further = {alias for other in others for alias in other.aliases}
    return replace(result, aliases=tuple(sorted({*result.aliases, *further}))) if further else result


def asked_once(results: Iterable[Result], owners: Owners = lambda _: ()) -> tuple[Result, ...]:
    """One result for one unknown at one place, whatever the number of rules that it leaves open; their ids stand in `also`, but not
    those of advice beside a question. Where others answer for the category (`owners`), or a violation is fixed and a question
    answered, it is two.

    The first that blocks is kept, else the first. A scan keeps them all: it answers rule by rule.
    """
    found = tuple(results)
    groups: dict[tuple[object, ...], list[Result]] = {}
    for result in found:
        if result.kind == "open":
            groups.setdefault(_unknown(result), []).append(result)
    kept = {id(first): _for_all(first, others) for group in groups.values() for first, *others in _apart(group, owners)}
    return tuple(kept.get(id(result), result) for result in found if result.kind != "open" or id(result) in kept)


def _apart(group: list[Result], owners: Owners) -> Iterable[list[Result]]:
    """The group by whose turn it is, of those results that block, else of those that are asked; the others go with the first of them."""
    weight = max(map(_weight, group))
    apart: dict[object, list[Result]] = {}
    for result in group:
        if _weight(result) == weight:
            apart.setdefault((result.treatment, owners(result.category)) if weight else (), []).append(result)
    next(iter(apart.values())).extend(result for result in group if _weight(result) < weight)
    return apart.values()


def _weight(result: Result) -> int:
    return result.blocks + result.asked


def _for_all(first: Result, others: list[Result]) -> Result:
    merged = {*first.merged, *(own(other) for other in others), *(digest for other in others for digest in other.merged)}
    also = tuple(sorted({other.rule for other in others if _weight(other) or not _weight(first)} - {first.rule}))
    return replace(first, also=also, merged=tuple(sorted(merged)))


def _unknown(result: Result) -> tuple[object, ...]:
    return *place(result), result.baseline_state, result.deciding.path, result.deciding.expression, result.deciding.reason


def _told_by(result: Result, by: tuple[str, ...], told: dict[tuple[str, Thing], Result]) -> Result | None:
    """The one that says it and is told itself: the first that is named."""
    others = (told.get((rule, _thing(result))) for rule in by)
    return next((other for other in others if other is not None and (other.blocks >= result.blocks or _answered_too(other, result))), None)


def _answered_too(other: Result, result: Result) -> bool:
    """Whether the answer to one result answers this one as well, which it says: not what is stricter, nor what others decide."""
    says = other.category == result.category and other.treatment in (result.treatment, "violation")
    return says and other.enforced and other.suppression is not None and other.suppression.kind == "decision"


def _thing(result: Result) -> Thing:
    return result.root, result.environment, result.resource, result.subject, result.baseline_state == "absent"


def place(result: Result) -> Place:
    """What a result is about; what is fixed is told apart from what is there."""
    return result.root, result.environment, result.resource, result.file, result.line, result.baseline_state == "absent"
