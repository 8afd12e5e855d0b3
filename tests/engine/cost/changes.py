"""Changes of a root, priced, as a test reads them."""

from __future__ import annotations

from textwrap import dedent

from bot.confine.tables import facts
from bot.engine.cost.difference import cost_change, roots
from bot.engine.cost.estimate import Estimates
from bot.engine.iac.terraform import evaluate
from bot.engine.model.price import MICRO, Amount, CostChange, Price
from bot.engine.model.resource import Model

US = 'provider "aws" {\n  region = "us-east-1"\n}\n'


def models(text: str) -> tuple[Model, ...]:
    return tuple(evaluate("", {"main.tf": dedent(text).encode()}))


def change(before: str, after: str, head: str = US) -> CostChange | None:
    """What the change of one root does; both texts stand below `head`."""
    prices = facts().prices
    assert prices is not None
    (root,) = roots(models(head + dedent(before)), models(head + dedent(after)), {}, prices)
    return cost_change(root)


def price(text: str, head: str = US) -> Price:
    """The price of the last resource of the text."""
    prices = facts().prices
    assert prices is not None
    (model,) = models(head + dedent(text))
    found = Estimates(model, prices).of([item for item in model.resources if item.mode == "managed"][-1])
    assert found is not None
    return found


def usd(amount: Amount | None) -> tuple[float, float] | None:
    """Lowest and highest in dollars, to the cent."""
    return None if amount is None else (round(amount.low / MICRO, 2), round(amount.high / MICRO, 2))
