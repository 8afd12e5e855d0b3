"""View `budget`: a root, or what bears certain labels in it, that costs more than before, and more than a budget's lower band.

Fields: `over_lower`, `over_upper` (by how many dollars a month; unknown where a price that is not known could make it so; negative
or zero: within; not set where the budget has no such band), `budget`, `root`, `before`, `after`, `lower`, `upper` (dollars).
Where machines may grow in number, the least counts against the upper band, the most against the lower one.
"""

from __future__ import annotations

from collections.abc import Iterator

from msgspec import Struct

from bot.engine.cost.rows import Root, Row, total
from bot.engine.judgment.subjects import subject
from bot.engine.model.budget import Budget
from bot.engine.model.match import Cause, Change, Subject
from bot.engine.model.notice import Notice
from bot.engine.model.price import MICRO, Amount
from bot.engine.model.resource import Model, Resource
from bot.engine.model.value import Known, Unknown
from bot.engine.views.labels import borne

FIELDS = ("over_lower", "over_upper", "budget", "root", "before", "after", "lower", "upper")
NAMED = 3


class Costs(Struct, frozen=True):
    """One root with its prices, and the budgets that are for it."""

    root: Root
    budgets: tuple[Budget, ...]

    @property
    def head(self) -> Model:
        """What results belong to."""
        return self.root.model


class Selected(Struct, frozen=True):
    """What counts against a budget: rows with a known price, and changed ones without or that may bear the labels."""

    known: tuple[Row, ...]
    unknown: tuple[Row, ...]

    @property
    def before(self) -> Amount:
        return total(row.was for row in self.known)

    @property
    def after(self) -> Amount:
        return total(row.now for row in self.known)


def budgets(costs: Costs) -> Iterator[Subject]:
    """A fact for each budget that the change brings the root nearer to, or over."""
    for budget in costs.budgets if costs.root.after is not None else ():
        chosen = _selected(costs.root, budget)
        if chosen.after.high > chosen.before.high or chosen.after.low > chosen.before.low or chosen.unknown:
            dearest = max((row for row in (*chosen.known, *chosen.unknown) if row.is_touched), key=_rise, default=None)
            if dearest is not None and dearest.after is not None:
                yield from _fact(costs, budget, chosen, dearest.after)


def _fact(costs: Costs, budget: Budget, chosen: Selected, item: Resource) -> Iterator[Subject]:
    lower, upper = budget.bands
    missing = _missing(chosen.unknown, item)
    over_lower = None if lower is None else _over(chosen.after.high - lower, missing)
    over_upper = None if upper is None else _over(chosen.after.low - upper, missing if lower is None else None)
    root = costs.root.model.root or "."
    change = Change(
        f"monthly cost of {called}" if (called := _called(budget)) else "monthly cost",
        Known(_dollars(chosen.before.low)),
        Known(_dollars(chosen.after.low), item.span),
    )
    cause = Cause(change, key=("budget", root, change.path), facts=tuple(_told(budget, chosen)))
    numbers = {"before": chosen.before.low, "after": chosen.after.high, "lower": lower, "upper": upper}
    said = {name: Known(_dollars(value)) for name, value in numbers.items() if value is not None}
    yield subject(
        "budget", item, item.span, cause, over_lower=over_lower, over_upper=over_upper, budget=budget.name or root, root=root, **said
    )


def _called(budget: Budget) -> str:
    """What tells two budgets of one root apart, wherever they are written."""
    return budget.name or ", ".join([*budget.roots, *(f"{name}={value}" for name, value in sorted(budget.labels.items()))])


def _over(micros: int, missing: Unknown | None) -> Known | Unknown:
    """By how much; what is not known could make it so where it is not."""
    return missing if missing is not None and micros <= 0 else Known(-(-micros // MICRO))


def _missing(rows: tuple[Row, ...], item: Resource) -> Unknown | None:
    if not rows:
        return None
    names = ", ".join(row.address for row in rows[:NAMED])
    return Unknown("price", names, item.span)


def _told(budget: Budget, chosen: Selected) -> Iterator[Notice]:
    for band in ("upper", "lower"):
        limit = budget.bands[1 if band == "upper" else 0]
        if limit is not None and chosen.after.high > limit:
            key = "budget-crossed" if chosen.before.high <= limit else "budget-exceeded-before"
            yield Notice(key, {"before": _dollars(chosen.before.high), "limit": _dollars(limit)})
            break
    if chosen.after.low != chosen.after.high:
        yield Notice("budget-range", {"least": _dollars(chosen.after.low), "most": _dollars(chosen.after.high)})
    if chosen.unknown:
        names = ", ".join(row.address for row in chosen.unknown[:NAMED])
        yield Notice("budget-unknown", {"n": len(chosen.unknown), "names": names})


def _selected(root: Root, budget: Budget) -> Selected:
    known: list[Row] = []
    unknown: list[Row] = []
    marks = {side: borne(model, budget.labels) for side, model in (("was", root.before), ("now", root.after)) if model is not None}
    for row in root.rows:
        there = {side: marks[side](item) for side, item in (("was", row.before), ("now", row.after)) if item is not None}
        was = row.was if there.get("was") else None
        now = row.now if there.get("now") else None
        unsure = any(answer is None for answer in there.values())
        if was is None and now is None and not unsure:
            continue
        if row.is_known and not unsure:
            known.append(Row(row.address, row.before, row.after, was, now))
        elif row.is_touched and row.now is not None:
            unknown.append(row)
    return Selected(tuple(known), tuple(unknown))


def _rise(row: Row) -> tuple[int, str]:
    return (total([row.now]) - total([row.was])).high, row.address


def _dollars(micros: int) -> int:
    return round(micros / MICRO)
