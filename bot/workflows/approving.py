"""Approving reviews, where the configuration lets them answer: for the one commit on which they were given, until they are taken back."""

from __future__ import annotations

from collections.abc import Iterable

from msgspec import Struct
from msgspec.structs import replace

from bot.engine.decisions.eligibility import unapproved
from bot.engine.decisions.question import Asked, Refused
from bot.engine.model.verdict import Verdict
from bot.engine.policy.precedence import Governance
from bot.github.facts import Account, CommentRef, PullRequest, Review, Work
from bot.ledger import Evaluation, Given
from bot.report import answer as texts
from bot.report import titles
from bot.workflows import answers
from bot.workflows.hearing import Answered, Hearing, verdict_of
from bot.workflows.outcome import Outcome
from bot.workflows.page import Looked, Parts
from bot.workflows.taken_back import approves

MOST_NUMBERS = 20  # characters
NOBODY = Account(0, "ghost", "Unknown")


class Approval(Struct, frozen=True):
    """A review that approves, as it stands now. `row`: of it in the ledger, so far."""

    review: Review
    pull: PullRequest
    row: Given


class Approvals:
    """The step. It raises `bot.github.refusal.Refusal`."""

    def __init__(self, parts: Parts, hearing: Hearing) -> None:
        self._parts, self._hearing = parts, hearing

    def take(self, work: Work, looked: Looked, guid: str) -> Answered | Outcome:
        """What the review comes to: recorded once, also that it was taken back."""
        assert work.comment is not None
        ref = of_review(work.comment)
        if ref.state == "approved":
            known = self._hearing.known(looked.look.pull, ref.kind, ref.id, guid)
            return known or self._approved(ref, looked, guid)
        return self._withdrawn(work, ref, looked.look.pull, guid)

    def _withdrawn(self, work: Work, ref: CommentRef, pull: PullRequest, guid: str) -> Answered | Outcome:
        by, dismissed = work.sender or NOBODY, ref.state == "dismissed"
        known = self._hearing.known(pull, "dismissal" if dismissed else ref.kind, ref.id, guid)
        if known is not None:
            return known
        standing = answers.standing(self._hearing.of(pull))
        if not any(item.comment_id == ref.id if dismissed else item.account == by.id for item in standing):
            return Outcome("nothing to take back")
        row = answers.given(pull, ref, by, guid)
        at, kind = (self._parts.now(), "dismissal") if dismissed else (row.given_at, row.kind)
        return self._hearing.recorded(replace(row, verb="withdraw", kind=kind, given_at=at))

    def _approved(self, ref: CommentRef, looked: Looked, guid: str) -> Answered | Outcome:
        pull, governance = looked.look.pull, self._hearing.governance(looked)
        if not governance.reviews:
            return Outcome("reviews answer nothing here")
        review = approves(self._hearing.reader(pull).reviews(pull.repository, pull.number), ref.id)
        if review is None:
            return Outcome("the review does not stand")
        row = replace(answers.given(pull, ref, review.author, guid), verb="approve", head=review.head)
        now, again = self._hearing.now(looked)
        if again is not None:
            return Outcome("not evaluated", again=again)
        return self._heard(Approval(review, pull, row), now, governance)

    def _heard(self, given: Approval, now: Verdict, governance: Governance) -> Answered | Outcome:
        waiting = self._waiting(given, now, governance)
        if not waiting:
            return Outcome("nothing is asked")
        reader, shown = self._hearing.reader(given.pull), self._hearing.shown(given.pull, given.row.given_at)
        person = reader.person(given.pull.repository, given.review.author, _owners(waiting))
        involved = self._hearing.involved(given.pull, reader)
        seen = self._seen(given, shown)
        unseen = Refused("review-unseen", {"head": given.review.head[:7]})
        heard = [(item, unapproved(item, person, involved) or (None if item.bound in seen else unseen)) for item in waiting]
        covered = [item for item, why in heard if why is None]
        row = replace(given.row, evaluation=shown.id if shown else 0)
        if not covered:
            return self._hearing.refused(row, next(why for _, why in heard if why is not None))
        bounds = " ".join(sorted({item.bound for item in covered}))
        return self._hearing.recorded(replace(row, bound=bounds, handle=handle(item.number for item in covered)))

    def _waiting(self, given: Approval, now: Verdict, governance: Governance) -> tuple[Asked, ...]:
        """What waits now and may be answered so, each with who may. What a command in the same review answers is left to that."""
        open_now = {item.number for item in titles.decisions(now) if item.answer is None and item.category in governance.reviews}
        open_now.discard(self._hearing.number_of(given.pull, "review", given.review.id))
        return tuple(
            replace(item, owners=governance.eligible(item.category, item.file), least=governance.permission(item.category))
            for item in self._questions(now, given.pull.head_sha)
            if item.number in open_now
        )

    def _seen(self, given: Approval, shown: Evaluation | None) -> frozenset[str]:
        """What the questions rested on that stood on GitHub when the review was written; none where they were of another commit than was
        reviewed, or that is not the head any more."""
        if shown is None or not given.review.head == shown.head == given.pull.head_sha:
            return frozenset()
        return frozenset(item.bound for item in self._questions(verdict_of(shown), shown.head))

    def _questions(self, verdict: Verdict, head: str) -> tuple[Asked, ...]:
        return texts.questions(verdict, self._parts.words.phrases, head, self._parts.now())


def of_review(ref: CommentRef) -> CommentRef:
    """The review itself, apart from what its text says."""
    return replace(ref, kind="approval")


def handle(numbers: Iterable[str]) -> str:
    """What the record calls the questions that one review answers: their numbers, where there is room."""
    found = tuple(numbers)
    told = ", ".join(found)
    return told if len(told) <= MOST_NUMBERS else f"{len(found)} questions"


def _owners(asked: tuple[Asked, ...]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(owner for item in asked for owner in item.owners))
