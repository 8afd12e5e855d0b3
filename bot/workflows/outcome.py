"""How a piece of work ended, in a form that survives the process."""

from __future__ import annotations

from msgspec import Struct

from bot.github.refusal import Refusal

AGAIN = 60.0


class Outcome(Struct, frozen=True):
    """`word`: what became of it. `again`: seconds after which it is tried again, None when it is over. `failed`: it came to nothing.

    `also`: pull requests of the same repository that have to be looked at because of it.
    """

    word: str
    again: float | None = None
    failed: bool = False
    also: tuple[int, ...] = ()


def refused(refusal: Refusal) -> Outcome:
    """What a refusal means for the work. What is gone or no longer ours is over; what nobody can mend by waiting has failed."""
    told = f"{refusal.kind}: {refusal.message}"
    if refusal.passing:
        return Outcome(told, again=refusal.retry_after or AGAIN)
    return Outcome(told, failed=refusal.kind != "not-found")
