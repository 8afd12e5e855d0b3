"""`moved` blocks: which address of the base a resource of the head had."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping

from bot.engine.model.resource import Model


def moves_between(base: Iterable[Model], head: Iterable[Model]) -> dict[str, str]:
    """Target → source of every `moved` block that the head adds; one that both sides state has happened before."""
    done = {move for model in base for move in model.moves}
    return {to: source for model in head for source, to in model.moves if (source, to) not in done}


def moved_address(address: str, moves: Mapping[str, str]) -> str:
    """The address that a head address had on the base: the longest `moved` target that it is or lies in, followed through chains.

    Each block moves an address once: after `aws_x.a[0]` became `aws_x.a`, the former address still lies in the target.
    """
    done: set[str] = set()
    while moves:
        names = (name for name in _around(address) if name not in done)
        target = next((name for name in names if _takes(moves.get(name), address[len(name) :])), None)
        if target is None:
            return address
        done.add(target)
        address = moves[target] + address[len(target) :]
    return address


def _around(address: str) -> Iterator[str]:
    """The address and what it lies in, the longest first."""
    yield address
    yield from (address[:end] for end in range(len(address) - 1, 0, -1) if address[end] in ".[")


def _takes(source: str | None, rest: str) -> bool:
    """A source with a key is one instance: its target's other instances were not there."""
    return source is not None and not (source.endswith("]") and rest.startswith("["))
