"""Reviews (CONTRACT 11)."""

from __future__ import annotations

from typing import Any

from bot.standin import shape
from bot.standin.calls import Answer, Call, Refusal, not_found, unprocessable
from bot.standin.rest.issues import BODY
from bot.standin.rest.routing import route
from bot.standin.state import reviews, threads
from bot.standin.state.pulls import PullRequest
from bot.standin.state.reviews import Review
from bot.standin.state.threads import Place

REVIEWS = "/repos/{owner}/{repo}/pulls/{pull_number}/reviews"
ONE = REVIEWS + "/{review_id}"
BATCH = 32


@route(f"GET {REVIEWS}")
def list_reviews(call: Call) -> Answer:
    return call.paged([shape.review(review, call.urls) for review in call.pull().reviews if _visible(call, review)])


def _visible(call: Call, review: Review) -> bool:
    return review.state != "PENDING" or review.user is call.actor.account


def _review(call: Call) -> Review:
    wanted = call.params["review_id"]
    found = next((review for review in call.pull().reviews if str(review.id) == wanted and _visible(call, review)), None)
    if found is None:
        raise not_found()
    return found


@route(f"POST {REVIEWS}", content=True)
def create(call: Call) -> Answer:
    """One comment that cannot stand makes the whole review fail."""
    pull, fields = call.pull(), call.body or {}
    event, body = fields.get("event"), fields.get("body") or ""
    comments = fields.get("comments") or []
    if len(comments) > BATCH:
        raise unprocessable("was submitted too quickly")
    _check_event(call, pull, event, body, bool(comments))
    if reviews.pending(pull, call.account):
        raise unprocessable("User can only have one pending review per pull request")
    commit = own_commit(call, pull, fields.get("commit_id"))
    placed = [(_place(pull, comment, commit), comment["body"]) for comment in comments]
    _check_places(pull, placed, commit)
    return Answer(200, shape.review(reviews.create(pull, call.account, body, commit, event, placed), call.urls))


def _check_event(call: Call, pull: PullRequest, event: str | None, body: str, commented: bool) -> None:  # noqa: FBT001
    if len(body) > BODY:
        raise unprocessable(f"Body is too long (maximum is {BODY} characters)")
    if event in {"APPROVE", "REQUEST_CHANGES"} and pull.user is call.account:
        what = "approve" if event == "APPROVE" else "request changes on"
        raise unprocessable(f"Can not {what} your own pull request")
    if event == "REQUEST_CHANGES" and not body:
        raise unprocessable("Body can't be blank")
    if event == "COMMENT" and not body and not commented:
        raise unprocessable("Body can't be blank")


def own_commit(call: Call, pull: PullRequest, wanted: str | None) -> str:
    """The commit a comment is made on: of this pull request, now or before."""
    if wanted is None:
        return pull.head_sha
    own = {pull.head_sha, *pull.commits, *pull.previous_heads}
    if wanted not in own or not call.repo.store.is_commit(wanted):
        raise Refusal(
            422,
            "Validation Failed",
            [
                {
                    "resource": "PullRequestReview",
                    "field": "commit_id",
                    "code": "custom",
                    "message": "commit_id is not part of the pull request",
                }
            ],
        )
    return wanted


def _place(pull: PullRequest, comment: dict[str, Any], commit: str) -> Place:
    if comment.get("line") is None and comment.get("position") is not None:
        change = threads.change_at(pull.repository.diff(pull.merge_base, commit), comment["path"])
        found = threads.at_position(change, comment["position"]) if change else None
        if found is None:
            raise unprocessable("Position could not be resolved") if change else unprocessable("Path could not be resolved")
        return Place(comment["path"], found[0], found[1])
    if comment.get("line") is None:
        raise unprocessable("Line could not be resolved", "Position could not be resolved")
    return Place(comment["path"], comment["line"], comment.get("side") or "RIGHT", comment.get("start_line"), comment.get("start_side"))


def _check_places(pull: PullRequest, placed: list[tuple[Place, str]], commit: str) -> None:
    refusals = [text for place, _ in placed if (text := reviews.refusal(pull, place, commit))]
    refusals += ["Body can't be blank" for _, body in placed if not body.strip()]
    refusals += [f"Body is too long (maximum is {BODY} characters)" for _, body in placed if len(body) > BODY]
    if refusals:
        raise unprocessable(*dict.fromkeys(refusals))


@route(f"GET {ONE}")
def get(call: Call) -> Any:
    return shape.review(_review(call), call.urls)


@route(f"PUT {ONE}")
def edit(call: Call) -> Any:
    review = _review(call)
    if review.user is not call.account:
        raise Refusal(403, "You can't edit this review.")
    review.edit(call.account, call.body["body"])
    return shape.review(review, call.urls)


@route(f"DELETE {ONE}")
def delete(call: Call) -> Any:
    review = _review(call)
    if review.state != "PENDING":
        raise unprocessable("Can not delete a non-pending pull request review")
    body = shape.review(review, call.urls)
    review.delete()
    return body


@route(f"GET {ONE}/comments")
def comments(call: Call) -> Answer:
    return call.paged([shape.review_comment(comment, call.urls) for comment in _review(call).comments])


@route(f"PUT {ONE}/dismissals")
def dismiss(call: Call) -> Any:
    review = _review(call)
    if review.state not in {"APPROVED", "CHANGES_REQUESTED"}:
        raise unprocessable("Can not dismiss a commented pull request review")
    review.dismiss(call.account)
    return shape.review(review, call.urls)


@route(f"POST {ONE}/events", content=True)
def submit(call: Call) -> Any:
    review, fields = _review(call), call.body
    if review.state != "PENDING":
        raise unprocessable("Can not submit a non-pending pull request review")
    review.body = fields.get("body") or review.body
    _check_event(call, call.pull(), fields["event"], review.body, bool(review.comments))
    return shape.review(review.submit(fields["event"]), call.urls)
