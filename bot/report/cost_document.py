"""What a change costs, as a part of the document for programs."""

from __future__ import annotations

from collections.abc import Sequence

from msgspec import Struct

from bot.engine.model.price import CURRENCY, MICRO, Amount, Component, CostChange, Price, Priced
from bot.report.cost import reason
from bot.report.phrases import Phrases


class Sum(Struct, frozen=True):
    """For a month; `low` and `high` differ where the number of machines may, or a price depends on what is not told."""

    low: float
    high: float


class ComponentDocument(Struct, frozen=True):
    """One part. `quantity`: lowest and highest. `monthly` is null where `unknown` says why."""

    name: str
    quantity: tuple[str, str]
    monthly: Sum | None
    unknown: str | None


class PriceDocument(Struct, frozen=True):
    """One resource on one side. `left_out`: what is paid by use and not in it. `as_of`: the day of the oldest price in it."""

    monthly: Sum | None
    components: tuple[ComponentDocument, ...]
    unknown: tuple[str, ...]
    left_out: tuple[str, ...]
    region: str
    as_of: str


class PricedDocument(Struct, frozen=True):
    """A resource whose price the change touches; null: it is not there, or costs nothing, on that side."""

    resource: str
    before: PriceDocument | None
    after: PriceDocument | None


class CostDocument(Struct, frozen=True):
    """One root. `before` and `after` sum up what has a known price on both sides; `unknown` resources are in neither. `unpriced`: how many
    further resources, which the change does not touch, have no known price."""

    root: str
    environment: str | None
    currency: str
    before: Sum
    after: Sum
    resources: tuple[PricedDocument, ...]
    unknown: tuple[PricedDocument, ...]
    unpriced: int


def documents(costs: Sequence[CostChange], phrases: Phrases) -> tuple[CostDocument, ...]:
    """What `review --format json` says of it."""
    return tuple(
        CostDocument(
            root=item.root,
            environment=item.environment,
            currency=CURRENCY,
            before=_sum(item.before),
            after=_sum(item.after),
            resources=tuple(_priced(row, phrases) for row in item.touched),
            unknown=tuple(_priced(row, phrases) for row in item.unknown),
            unpriced=item.unpriced,
        )
        for item in costs
    )


def _sum(found: Amount) -> Sum:
    return Sum(round(found.low / MICRO, 2), round(found.high / MICRO, 2))


def _priced(item: Priced, phrases: Phrases) -> PricedDocument:
    return PricedDocument(item.address, _price(item.before, phrases), _price(item.after, phrases))


def _price(price: Price | None, phrases: Phrases) -> PriceDocument | None:
    if price is None:
        return None
    monthly = _sum(price.monthly) if price.monthly is not None else None
    parts = tuple(_component(part, phrases) for part in price.components)
    return PriceDocument(monthly, parts, tuple(reason(item, phrases) for item in price.obstacles), price.left_out, price.place, price.as_of)


def _component(part: Component, phrases: Phrases) -> ComponentDocument:
    monthly = _sum(part.monthly) if part.monthly is not None else None
    return ComponentDocument(part.name, part.quantity, monthly, reason(part.reason, phrases) if part.reason else None)
