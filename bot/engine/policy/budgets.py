"""Which budgets are for which root."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING

from bot.engine.model.budget import Budget
from bot.engine.policy.globs import matches

if TYPE_CHECKING:
    from bot.engine.cost.rows import Root
    from bot.engine.judgment.budget import Costs


def budgeted(roots: Iterable[Root], budgets: tuple[Budget, ...]) -> Iterator[Costs]:
    """The roots for which there is a budget, with those."""
    from bot.engine.judgment.budget import Costs  # noqa: PLC0415 - without a budget nothing is held against one

    for root in roots:
        wanted = tuple(budget for budget in budgets if is_for(budget, root.model.root))
        if wanted:
            yield Costs(root, wanted)


def is_for(budget: Budget, directory: str) -> bool:
    """Whether a budget is for a root; the top of the tree is `.`."""
    return not budget.roots or any(matches(glob.strip("/"), directory or ".", parts=True) for glob in budget.roots)
