"""The resources of a root on both sides, each with its price."""

from __future__ import annotations

from collections.abc import Iterable

from msgspec import Struct

from bot.engine.model.price import Amount, Price
from bot.engine.model.resource import Model, Resource

NOTHING = Amount()


class Row(Struct, frozen=True):
    """One resource on both sides, None where it is not there, each with its price, None where it costs nothing by itself."""

    address: str
    before: Resource | None
    after: Resource | None
    was: Price | None
    now: Price | None

    @property
    def is_touched(self) -> bool:
        """Whether its price differs, or may: what is reckoned with is not the same any more."""
        return self.was != self.now

    @property
    def is_known(self) -> bool:
        """Whether the price is known wherever it is there."""
        return not any(price.obstacles for price in (self.was, self.now) if price is not None)


class Root(Struct, frozen=True):
    """One root under one environment, of which either side may be missing."""

    before: Model | None
    after: Model | None
    rows: tuple[Row, ...]

    @property
    def model(self) -> Model:
        """The head's, else the base's."""
        found = self.after or self.before
        assert found is not None
        return found


def total(prices: Iterable[Price | None]) -> Amount:
    """The sum of known prices; what is not known is not in it."""
    found = NOTHING
    for price in prices:
        found += (price.monthly if price is not None else None) or NOTHING
    return found
