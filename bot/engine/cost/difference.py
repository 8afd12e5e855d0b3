"""What a change does to the monthly cost of each root: resources held against what they were, sums of what is known on both sides.

A resource whose price is not known on one side is in neither sum: to leave it out of one only would show a saving, or a cost, that nobody
knows of.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping

from bot.engine.changeset.moves import moved_address, moves_between
from bot.engine.cost.estimate import Estimates
from bot.engine.cost.rows import Root, Row, total
from bot.engine.facts.prices import Prices
from bot.engine.model.price import CostChange, Priced
from bot.engine.model.resource import Model, Resource

FIRST = "[0]"


def cost_changes(found: Iterable[Root]) -> tuple[CostChange, ...]:
    """What the change does to every root whose prices it touches, in the order of the roots."""
    changes = (cost_change(root) for root in found)
    return tuple(sorted((item for item in changes if item is not None), key=lambda item: (item.root, item.environment or "")))


def roots(base: Iterable[Model], head: Iterable[Model], root_of: Mapping[str, str], prices: Prices) -> Iterator[Root]:
    """Every root and environment of either side. `root_of`: head root → base root of a root that moved."""
    olds = {(model.root, model.environment): model for model in base if model.files}
    left = dict(olds)
    for model in head:
        if model.files:
            root = root_of.get(model.root, model.root)
            former = olds.get((root, model.environment)) or olds.get((root, None))
            left = {key: old for key, old in left.items() if key[0] != root}
            yield Root(former, model, tuple(_rows(former, model, prices)))
    for old in left.values():
        yield Root(old, None, tuple(_rows(old, None, prices)))


def cost_change(root: Root) -> CostChange | None:
    """What it comes to; None where the change touches no price."""
    touched = [row for row in root.rows if row.is_touched]
    if not any(_tells(row) for row in touched):
        return None
    known = [row for row in root.rows if row.is_known]
    return CostChange(
        root=root.model.root,
        environment=root.model.environment,
        before=total(row.was for row in known),
        after=total(row.now for row in known),
        touched=tuple(_priced(row) for row in sorted(touched, key=_dearest) if row.is_known and _tells(row)),
        unknown=tuple(_priced(row) for row in touched if not row.is_known),
        unpriced=sum(1 for row in root.rows if not row.is_known and not row.is_touched),
        left_out=tuple(sorted({name for row in touched for price in (row.was, row.now) if price is not None for name in price.left_out})),
    )


def _tells(row: Row) -> bool:
    """Whether there is anything to say: a price that differs, or one that should be known and is not."""
    if row.is_known:
        return total([row.was]) != total([row.now])
    return any(item.obstacle != "type" for price in (row.was, row.now) if price is not None for item in price.obstacles)


def _priced(row: Row) -> Priced:
    return Priced(row.address, row.was, row.now)


def _dearest(row: Row) -> tuple[int, str]:
    return -abs((total([row.now]) - total([row.was])).high), row.address


def _rows(base: Model | None, head: Model | None, prices: Prices) -> Iterator[Row]:
    moves = moves_between([base] if base else [], [head] if head else [])
    before, after = (Estimates(model, prices) if model else None for model in (base, head))
    olds = {item.address: item for item in _managed(base)}
    news = [(moved_address(item.address, moves), item) for item in _managed(head)]
    there = {address for address, _ in news}
    for address, item in news:
        former = olds.pop(address, None) or _implied(address, olds, there)
        yield Row(item.address, former, item, before.of(former) if before and former else None, after.of(item) if after else None)
    for old in olds.values():
        yield Row(old.address, old, None, before.of(old) if before else None, None)


def _implied(address: str, olds: dict[str, Resource], there: set[str]) -> Resource | None:
    """What Terraform moves by itself: a resource that gets or loses `count`."""
    other = address.removesuffix(FIRST) if address.endswith(FIRST) else f"{address}{FIRST}"
    return olds.pop(other, None) if other not in there else None


def _managed(model: Model | None) -> Iterator[Resource]:
    return (item for item in (model.resources if model else ()) if item.mode == "managed")
