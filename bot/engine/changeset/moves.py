"""`moved` blocks: which address of the base a resource of the head had."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from bot.engine.model.resource import Model


def moves_between(base: Iterable[Model], head: Iterable[Model]) -> dict[str, str]:
    """Target → source of every `moved` block that the head adds; one that both sides state has happened before."""
    done = {move for model in base for move in model.moves}
    return {to: source for model in head for source, to in model.moves if (source, to) not in done}


def moved_address(address: str, moves: Mapping[str, str]) -> str:
    """The address that a head address had on the base: the longest `moved` target that it is or lies in, followed through chains."""
    for _ in range(len(moves) + 1):
        target = max((to for to in moves if address == to or address.startswith((f"{to}.", f"{to}["))), key=len, default=None)
        if target is None:
            return address
        address = moves[target] + address[len(target) :]
    return address
