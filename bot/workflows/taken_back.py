"""Approving reviews that no longer stand on GitHub, though nobody told us: looked for wherever one would count."""

from __future__ import annotations

from datetime import datetime

from msgspec.structs import replace

from bot.github.facts import RepositoryRef, Review
from bot.github.protocols import Reader
from bot.ledger import Given
from bot.workflows import answers
from bot.workflows.page import Parts

# What a review says until its author says another one; a comment takes nothing back.
# https://docs.github.com/en/pull-requests/collaborating-with-pull-requests/reviewing-changes-in-pull-requests/about-pull-request-reviews
DECISIVE = frozenset({"APPROVED", "CHANGES_REQUESTED", "DISMISSED"})


def approves(reviews: tuple[Review, ...], identifier: int) -> Review | None:
    """The review, where it approves still and is the last word of its author. `reviews`: of the pull request, the oldest first."""
    found = next((item for item in reviews if item.id == identifier and item.state == "APPROVED"), None)
    last = _last_word(reviews, found.author.id) if found else None
    return found if last is not None and last.state == "APPROVED" else None


def reconcile(parts: Parts, reader: Reader, repository: RepositoryRef, number: int, head: str) -> None:
    """Records the end of those that were given on `head`, would count, and do not stand any more: deliveries may be late, or lost. One call
    where there are any. Raises `Refusal` where GitHub does not answer: what is not known does not pass.
    """
    counting = [item for item in answers.standing(parts.ledger.decisions.counting(repository.id, number)) if item.head == head]
    if not counting:
        return
    reviews = reader.reviews(repository, number)
    for item in counting:
        if approves(reviews, item.comment_id) is None:
            parts.ledger.decisions.record(_ended(item, _last_word(reviews, item.account), parts.now()), parts.now())


def _last_word(reviews: tuple[Review, ...], account: int) -> Review | None:
    return next((item for item in reversed(reviews) if item.author.id == account and item.state in DECISIVE), None)


def _ended(item: Given, last: Review | None, now: datetime) -> Given:
    """Of a dismissal GitHub does not say by whom, nor when."""
    plain = replace(item, id=0, verb="withdraw", handle="", bound="", evaluation=0, guid="")
    if last is not None and last.state == "CHANGES_REQUESTED":
        return replace(plain, comment_id=last.id, login=last.author.login, given_at=last.submitted_at)
    return replace(plain, kind="dismissal", login="ghost", account=0, given_at=now)
