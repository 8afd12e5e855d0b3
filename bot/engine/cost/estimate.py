"""The monthly price of a resource: every part that is there all month, or why one of them cannot be known.

Prices are list prices on demand; what is paid by use is left out and said. https://aws.amazon.com/pricing/ and its like say how each is
billed; the numbers come from the table.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from fractions import Fraction

from bot.engine.cost.arguments import Body, NotKnown, Range, bodies, factor, filled, holds, is_set
from bot.engine.cost.place import Places
from bot.engine.cost.spec import Part, Spec
from bot.engine.cost.unpriced import costs_nothing, is_paid_by_use
from bot.engine.facts.prices import Prices
from bot.engine.model.price import PROVIDERS, Amount, Component, Price, Reason
from bot.engine.model.resource import Model, Resource
from bot.engine.model.value import Unknown

ONCE: Range = (Fraction(1), Fraction(1))
ANYWHERE = {"aws": "us-east-1", "azurerm": "westeurope", "google": "us-central1"}  # where the table has what costs the same everywhere


def specs(provider: str) -> Mapping[str, Spec]:
    """How the types of a provider are priced: `aws`, `azurerm`, `google`."""
    if provider == "aws":
        from bot.engine.cost import aws  # noqa: PLC0415 - each costs 1 ms that the others save

        return aws.SPECS
    if provider == "azurerm":
        from bot.engine.cost import azure  # noqa: PLC0415

        return azure.SPECS
    from bot.engine.cost import google  # noqa: PLC0415

    return google.SPECS


class Estimates:
    """The prices of one model's resources."""

    def __init__(self, model: Model, prices: Prices) -> None:
        self._places = Places(model)
        self._prices = prices

    def of(self, item: Resource) -> Price | None:
        """What it costs for a month; None for what costs nothing by itself or is of a provider without prices."""
        if item.mode != "managed" or not item.type.startswith(PROVIDERS) or costs_nothing(item.type):
            return None
        if is_paid_by_use(item.type):
            return Price(left_out=("use",))
        spec = specs(item.type.partition("_")[0]).get(item.type)
        if spec is None:
            return Price(reasons=(Reason("type", item.type),))
        try:
            return self._price(item, spec)
        except NotKnown as error:
            return Price(left_out=spec.left_out, reasons=(error.reason,))

    def _price(self, item: Resource, spec: Spec) -> Price:
        if item.exists is not None:
            raise NotKnown(Reason("count", "", item.exists.expression))
        body, incomplete = self._body(item, spec)
        for when, obstacle in spec.never:
            if holds(when, body, incomplete):
                raise NotKnown(Reason(obstacle, when.path))
        outer = _product(ONCE, [factor(times, body, incomplete) or _absent(times.path) for times in spec.outer])
        wanted = [found for part in spec.parts for found in _wanted(part, body, incomplete, outer)]
        if not wanted:
            return Price(left_out=spec.left_out)
        place = ANYWHERE[item.type.partition("_")[0]] if spec.anywhere else self._places.of(item, spec)
        own = spec.record or item.type
        dates = [found.date for part, _, _ in wanted if (found := self._prices.of(part.record or own)) is not None]
        components = tuple(self._component(part.record or own, name, quantity, place) for part, name, quantity in wanted)
        return Price(components, spec.left_out, place="" if spec.anywhere else place, as_of=min(dates, default=""))

    def _body(self, item: Resource, spec: Spec) -> tuple[Body, Unknown | None]:
        """What the parts are read from: the resource, and what it is made from."""
        if not spec.through:
            return item.attributes, item.incomplete
        target = self._places.target(item, spec.through)
        if target is None or target.mode != "managed":
            raise NotKnown(Reason("elsewhere", spec.through[0]))
        return {**item.attributes, **target.attributes}, item.incomplete or target.incomplete

    def _component(self, record: str, name: str, quantity: Range, place: str) -> Component:
        shown = (_decimal(quantity[0]), _decimal(quantity[1]))
        found = self._prices.of(record)
        regions = found.regions if found is not None else {}
        price = regions.get(place, {}).get(name)
        if price is None:
            obstacle = Reason("price", name) if place in regions or not regions else Reason("region", place)
            return Component(name, shown, reason=obstacle)
        return Component(name, shown, Amount(round(quantity[0] * price[0]), round(quantity[1] * price[1])))


def _absent(path: str) -> Range:
    raise NotKnown(Reason("absent", path))


def _wanted(part: Part, body: Body, incomplete: Unknown | None, outer: Range) -> Iterator[tuple[Part, str, Range]]:
    """Names and quantities of a part. Raises `NotKnown`."""
    for inner in bodies(body, part.each) if part.each else (body,):
        gap = None if part.each else incomplete
        if not all(holds(when, inner, gap) for when in part.when) or any(is_set(inner, path, gap) for path in part.unless):
            continue
        factors = [(times, factor(times, inner, gap)) for times in part.times]
        missing = next((times.path for times, found in factors if found is None), None)
        if missing is not None:
            if part.optional:
                continue
            _absent(missing)
        quantity = _product(outer, [found for _, found in factors if found is not None])
        name = filled(part.name, inner, gap)
        for each, number in part.split(name) if part.split else ((name, Fraction(1)),):
            yield part, each, (quantity[0] * number, quantity[1] * number)


def _product(start: Range, factors: list[Range]) -> Range:
    low, high = start
    for least, most in factors:
        low, high = low * least, high * most
    return low, high


def _decimal(number: Fraction) -> str:
    return str(int(number)) if number.denominator == 1 else f"{float(number):.6g}"
