"""How far a change of one resource reaches, as a fact for the person who decides."""

from __future__ import annotations

from bot.engine.decisions.binding import REACHING, digest
from bot.engine.judgment.difference import Difference
from bot.engine.model.notice import Notice
from bot.engine.model.resource import Resource

NAMED = 5


def reach(difference: Difference, resource: Resource) -> tuple[Notice, ...]:
    """How many resources depend on it, and the first of them; nothing where none does."""
    users = difference.reach.of(resource)
    if not users:
        return ()
    more = len(users) - NAMED
    named: dict[str, str | int] = {"n": len(users), "names": ", ".join(users[:NAMED]), "more": max(0, more)}
    return (Notice("reach-more" if more > 0 else "reach", {**named, REACHING: digest(users)}),)
