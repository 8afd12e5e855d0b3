"""What a change costs, in words: a line for each root, and a row for each resource. Amounts are list prices, so they are rounded.

Only prices that differ are a section. Where none does, the prices that are not known are one line: no rule rests on them unless a
budget is configured, and then the budget's rule says that it is not verified.
"""

from __future__ import annotations

from collections.abc import Sequence

from bot.engine.model.price import CURRENCY, MICRO, Amount, CostChange, Price, Priced, Reason
from bot.report.clean import line
from bot.report.hidden import mask
from bot.report.phrases import Phrases

SMALL = 10 * MICRO  # below it, cents are shown


def differing(costs: Sequence[CostChange]) -> tuple[CostChange, ...]:
    """Those with a price that is known and differs."""
    return tuple(item for item in costs if item.touched)


def unpriced(costs: Sequence[CostChange], phrases: Phrases) -> str:
    """Of the others, in one line: `Price not known: 3 resources, first aws_instance.a (no prices for eu-west-3)`. Empty without any."""
    return _first_unknown("cost.unpriced", [row for item in costs if not item.touched for row in item.unknown], phrases)


def said(item: CostChange, phrases: Phrases) -> str:
    """`+ 412 USD a month (from 88 to 500); not known for 3 resources, first aws_instance.a (no prices for eu-west-3)`."""
    change = _signed(item.after - item.before, phrases)
    sums = phrases.say("cost.sums", change=change, currency=CURRENCY, before=amount(item.before), after=amount(item.after))
    return "; ".join(filter(None, (sums, _first_unknown("cost.unknown", item.unknown, phrases))))


def _first_unknown(key: str, rows: Sequence[Priced], phrases: Phrases) -> str:
    if not rows:
        return ""
    why = next(reason(price.obstacles[0], phrases) for price in (rows[0].after, rows[0].before) if price is not None and price.obstacles)
    return phrases.say(key, n=len(rows), name=line(rows[0].address), reason=why)


def where(item: CostChange, phrases: Phrases) -> str:
    """The root, and the environment where there is one."""
    name = item.root or "."
    return line(phrases.say("cost.environment", root=name, name=item.environment) if item.environment else name)


def footnote(costs: Sequence[CostChange], phrases: Phrases) -> str:
    """What the amounts are, and what is not in them."""
    left_out = sorted({name for item in costs for name in item.left_out})
    days = [price.as_of for item in costs for row in item.touched for price in (row.before, row.after) if price is not None and price.as_of]
    parts = [phrases.say("cost.list-prices", oldest=min(days))] if days else []
    names = ", ".join(phrases.say(f"cost.by-use.{name}") for name in left_out)
    return " ".join([*parts, *([phrases.say("cost.left-out", names=names)] if names else [])])


def row(item: Priced, phrases: Phrases) -> tuple[str, str, str]:
    """Resource, before, after: of one whose price is known."""
    return line(item.address), _side(item.before, phrases), _side(item.after, phrases)


def amount(found: Amount) -> str:
    """In dollars, whole ones where that is enough; a range with its two ends."""
    low, high = _number(found.low), _number(found.high)
    return low if low == high else f"{low}-{high}"


def reason(item: Reason, phrases: Phrases) -> str:
    """Why a price is not known."""
    key = "value-named" if item.obstacle == "value" and item.detail else item.obstacle
    return mask(phrases.say(f"cost.reason.{key}", what=line(item.what), detail=line(item.detail)), phrases)


def _side(price: Price | None, phrases: Phrases) -> str:
    return phrases.say("cost.none") if price is None or price.monthly is None else amount(price.monthly)


def _signed(found: Amount, phrases: Phrases) -> str:
    low, high = sorted((found.low, found.high))
    if low < 0 < high:
        return phrases.say("cost.either", less=_number(-low), more=_number(high))
    return f"- {amount(Amount(-high, -low))}" if low < 0 else f"+ {amount(Amount(low, high))}"


def _number(micros: int) -> str:
    return f"{micros / MICRO:,.2f}" if abs(micros) < SMALL and micros % MICRO else f"{round(micros / MICRO):,}"
