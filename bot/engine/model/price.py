"""What something costs for a month, or why that cannot be known. Amounts are millionths of a US dollar, so that sums are exact."""

from typing import Literal, TypeAlias

from msgspec import Struct

MICRO = 1_000_000
CURRENCY = "USD"
PROVIDERS = ("aws_", "azurerm_", "google_")  # how the types that have prices begin
Obstacle: TypeAlias = Literal[
    "value",  # an argument that the tree does not tell
    "absent",  # an argument that is not set, and has no default that could be reckoned with
    "count",  # how many there are is not known
    "price",  # the table has no price under this name
    "region",  # the table has no prices for this region
    "no-region",  # which region it is cannot be told
    "spot",  # bought at a price that changes
    "tenancy",  # on hardware of its own
    "licence",  # with a licence whose price the table does not have
    "elsewhere",  # what it is made from is not in the tree
    "type",  # the table has no prices for this resource type
]


class Amount(Struct, frozen=True):
    """For a month; `low` and `high` differ where the number of machines may, or where a price depends on what is not told."""

    low: int = 0
    high: int = 0

    def __add__(self, other: "Amount") -> "Amount":
        return Amount(self.low + other.low, self.high + other.high)

    def __sub__(self, other: "Amount") -> "Amount":
        """What more this is: smallest from smallest, largest from largest."""
        return Amount(self.low - other.low, self.high - other.high)


class Reason(Struct, frozen=True):
    """Why a price is not known. `what`: the argument, name or region; `detail`: the expression that is missing."""

    obstacle: Obstacle
    what: str = ""
    detail: str = ""


class Component(Struct, frozen=True):
    """One part of a price. `name`: as the table has it (`db.m5.large`, `storage gp3`); `quantity`: lowest and highest, as decimals.

    `monthly` is None where `reason` says why.
    """

    name: str
    quantity: tuple[str, str]
    monthly: Amount | None = None
    reason: Reason | None = None


class Price(Struct, frozen=True):
    """One resource's. `left_out`: parts that are paid by use and not in it. `place`: the region that was reckoned with.
    `as_of`: the day (ISO) of the oldest price in it."""

    components: tuple[Component, ...] = ()
    left_out: tuple[str, ...] = ()
    reasons: tuple[Reason, ...] = ()
    place: str = ""
    as_of: str = ""

    @property
    def obstacles(self) -> tuple[Reason, ...]:
        """Why it is not known; empty when it is."""
        return (*self.reasons, *(item.reason for item in self.components if item.reason is not None))

    @property
    def monthly(self) -> Amount | None:
        """All components together; None when one of them is not known: that is never zero."""
        if self.obstacles:
            return None
        total = Amount()
        for item in self.components:
            assert item.monthly is not None
            total += item.monthly
        return total


class Priced(Struct, frozen=True):
    """A resource whose price the change touches. None: it is not there on that side."""

    address: str
    before: Price | None
    after: Price | None


class CostChange(Struct, frozen=True):
    """What the change does to the monthly cost of one root under one environment.

    `before`, `after`: of everything whose price is known on both sides. `touched`: what differs, dearest change first. `unknown`: those of
    it without a known price on one side; they are in neither sum. `unpriced`: how many further resources have no known price.
    """

    root: str
    environment: str | None
    before: Amount
    after: Amount
    touched: tuple[Priced, ...] = ()
    unknown: tuple[Priced, ...] = ()
    unpriced: int = 0
    left_out: tuple[str, ...] = ()
