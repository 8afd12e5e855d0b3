"""Approving reviews of a record that is lost: those that a check of ours says count, and that still stand on GitHub."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator
from datetime import datetime

from msgspec import Struct

from bot.github.facts import Review
from bot.report.vouched import Vouched
from bot.workflows.taken_back import approves

VERB = "approve"


class Approved(Struct, frozen=True):
    """What a check says one review answers. `review`: None where it does not stand any more, or was of another commit.

    `bounds`: what its answers rest on; `numbers`: the questions."""

    at: datetime
    numbers: tuple[str, ...]
    bounds: tuple[str, ...]
    review: Review | None = None


def approved(vouched: Vouched, head: str, reviews: Iterable[Review]) -> Iterator[Approved]:
    """One for each review that the check of `head` tells of; known by its author and the second in which it was given.

    What its text says and said does not count, so neither does an edit of it.
    """
    asked = {item.number: item.bound for item in vouched.asked}
    told: dict[tuple[int, datetime], list[str]] = defaultdict(list)
    for said in vouched.said:
        if said.verb == VERB and said.number in asked:
            told[said.account, said.at].append(said.number)
    found = tuple(reviews) if told else ()
    for (account, at), numbers in told.items():
        same = (item for item in found if (item.author.id, item.submitted_at, item.head) == (account, at, head))
        standing = next((item for item in same if approves(found, item.id) is not None), None)
        yield Approved(at, tuple(numbers), tuple(sorted({asked[number] for number in numbers})), standing)
