"""What a change costs, in words: a line for each root, and a row for each resource. Amounts are list prices, so they are rounded."""

from __future__ import annotations

from collections.abc import Sequence

from bot.engine.model.price import CURRENCY, MICRO, Amount, CostChange, Price, Priced, Reason
from bot.report.clean import line
from bot.report.hidden import mask
from bot.report.phrases import Phrases

SMALL = 10 * MICRO  # below it, cents are shown


def said(item: CostChange, phrases: Phrases) -> str:
    """`+ 412 USD a month (from 88 to 500); 3 resources without a known price`."""
    change = _signed(item.after - item.before, phrases)
    sums = phrases.say("cost.sums", change=change, currency=CURRENCY, before=amount(item.before), after=amount(item.after))
    parts = [sums if item.before != item.after or item.touched else ""]
    parts.append(phrases.say("cost.unknown", n=len(item.unknown)) if item.unknown else "")
    return "; ".join(filter(None, parts))


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
    """Resource, before, after."""
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
    if price is None:
        return phrases.say("cost.none")
    if price.monthly is None:
        return phrases.say("cost.not-known", reason=reason(price.obstacles[0], phrases))
    return amount(price.monthly)


def _signed(found: Amount, phrases: Phrases) -> str:
    low, high = sorted((found.low, found.high))
    if low < 0 < high:
        return phrases.say("cost.either", less=_number(-low), more=_number(high))
    return f"- {amount(Amount(-high, -low))}" if low < 0 else f"+ {amount(Amount(low, high))}"


def _number(micros: int) -> str:
    return f"{micros / MICRO:,.2f}" if abs(micros) < SMALL and micros % MICRO else f"{round(micros / MICRO):,}"
