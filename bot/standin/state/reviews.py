"""Reviews: pending until submitted; comments are validated against the diff before anything is stored."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import TYPE_CHECKING, Any

from bot.standin import shape
from bot.standin.git import FileChange
from bot.standin.state import events, threads
from bot.standin.state.ids import locked

if TYPE_CHECKING:
    from threading import RLock

    from bot.standin.state.accounts import Account
    from bot.standin.state.pulls import PullRequest

STATES = {"APPROVE": "APPROVED", "REQUEST_CHANGES": "CHANGES_REQUESTED", "COMMENT": "COMMENTED"}


class Review:
    """`shell`: the review GitHub makes around a single comment or reply; it is announced like any other."""

    def __init__(self, pull: PullRequest, by: Account, body: str, commit: str) -> None:
        self.pull, self.user, self.body, self.commit_id = pull, by, body, commit
        self.id = pull.repository.world.ids.number()
        self.node_id = pull.repository.world.ids.node(self, self.id)
        self.state = "PENDING"
        self.submitted_at: datetime | None = None
        self.minimised: str | None = None

    @property
    def lock(self) -> RLock:
        return self.pull.lock

    @property
    def comments(self) -> list[threads.ReviewComment]:
        return [comment for thread in self.pull.threads for comment in thread.comments if comment.review is self]

    @locked
    def submit(self, event: str) -> Review:
        self.state, self.submitted_at = STATES[event], self.pull.repository.world.clock.moment()
        if self.state != "COMMENTED":
            self.pull.reviewers = [person for person in self.pull.reviewers if person is not self.user]
        self.pull.touch()
        self.tell("submitted", self.user)
        for comment in self.comments:
            comment.tell("created", self.user, {})
        return self

    @locked
    def dismiss(self, by: Account) -> None:
        self.state = "DISMISSED"
        self.tell("dismissed", by)

    @locked
    def edit(self, by: Account, body: str) -> None:
        before, self.body = self.body, body
        self.tell("edited", by, {"changes": {"body": {"from": before}}})

    @locked
    def delete(self) -> None:
        """Only a pending review can go; its comments go with it."""
        for comment in self.comments:
            comment.thread.comments.remove(comment)
        self.pull.threads = [thread for thread in self.pull.threads if thread.comments]
        self.pull.reviews.remove(self)

    def tell(self, action: str, by: Account, more: dict[str, Any] | None = None) -> None:
        def build(urls: shape.Urls) -> dict[str, Any]:
            return {
                "review": shape.review(self, urls, event=True),
                "pull_request": shape.pull(self.pull, urls, simple=True),
                **(more or {}),
            }

        events.emit("pull_request_review", action, self.pull.repository, by, build)


def pending(pull: PullRequest, by: Account) -> Review | None:
    return next((review for review in pull.reviews if review.user is by and review.state == "PENDING"), None)


def create(
    pull: PullRequest, by: Account, body: str, commit: str, event: str | None, comments: Sequence[tuple[threads.Place, str]]
) -> Review:
    """The places are valid already. Without an event the review stays pending: nobody else sees it."""
    review = Review(pull, by, body, commit)
    pull.reviews.append(review)
    for place, text in comments:
        _open(pull, by, place, text, commit, review)
    return review.submit(event) if event else review


def single(pull: PullRequest, by: Account, place: threads.Place, body: str, commit: str) -> threads.ReviewComment:
    """One comment outside a review."""
    review = Review(pull, by, "", commit)
    pull.reviews.append(review)
    comment = _open(pull, by, place, body, commit, review)
    review.submit("COMMENT")
    return comment


def _open(pull: PullRequest, by: Account, place: threads.Place, body: str, commit: str, review: Review) -> threads.ReviewComment:
    thread = threads.Thread(pull, place, commit)
    pull.threads.append(thread)
    comment = threads.ReviewComment(thread, by, body, review)
    thread.comments.append(comment)
    return comment


def refusal(pull: PullRequest, place: threads.Place, commit: str) -> str | None:
    """GitHub's words when a comment cannot stand where it is put, None when it can."""
    change = threads.change_at(pull.repository.diff(pull.merge_base, commit), place.path)
    if change is None:
        return "Path could not be resolved"
    if place.line is None:
        return None
    return _misplaced(change, place)


def _misplaced(change: FileChange, place: threads.Place) -> str | None:
    end = threads.hunk_at(change, place.side, place.line or 0)
    if end is None:
        return "Pull request review thread line must be part of the diff"
    if place.start_line is None:
        return None
    side = place.start_side or place.side
    start = threads.hunk_at(change, side, place.start_line)
    if start is None:
        return "Pull request review thread start line must be part of the diff"
    if start is not end:
        return "Pull request review thread start line must be part of the same hunk as the line"
    if side == place.side and place.start_line >= (place.line or 0):
        return "Pull request review thread start line must precede the end line"
    return None
