"""Comments at lines and files of a diff (CONTRACT 11)."""

from __future__ import annotations

from typing import Any

from bot.standin import shape
from bot.standin.calls import Answer, Call, Refusal, invalid, not_found
from bot.standin.rest import issues
from bot.standin.rest.reviews import own_commit
from bot.standin.rest.routing import route
from bot.standin.state import reviews, threads
from bot.standin.state.pulls import PullRequest
from bot.standin.state.threads import Place, ReviewComment

PULLS = "/repos/{owner}/{repo}/pulls"
COMMENT = PULLS + "/comments/{comment_id}"
OF_PULL = PULLS + "/{pull_number}/comments"
ERROR = "PullRequestReviewComment"


@route(f"GET {OF_PULL}")
def list_comments(call: Call) -> Answer:
    comments = call.pull().review_comments
    newest = call.query.get("direction") == "desc" and "sort" in call.query
    return call.paged([shape.review_comment(comment, call.urls) for comment in (reversed(comments) if newest else comments)])


@route(f"GET {PULLS}/comments")
def repository_comments(call: Call) -> Answer:
    comments = [comment for pull in call.repo.pulls for comment in pull.review_comments]
    return call.paged([shape.review_comment(comment, call.urls) for comment in sorted(comments, key=lambda made: made.id)])


@route(f"POST {OF_PULL}", content=True)
def create(call: Call) -> Answer:
    pull, fields = call.pull(), call.body
    body = issues.check_body(fields["body"], ERROR)
    if fields.get("in_reply_to") is not None:
        return Answer(201, shape.review_comment(_reply(call, pull, fields["in_reply_to"], body), call.urls))
    if reviews.pending(pull, call.account):
        raise Refusal(422, "Validation Failed", [_error("user_id", "User can only have one pending review per pull request")])
    commit = own_commit(call, pull, fields["commit_id"])
    place = _place(pull, fields, commit)
    refusal = reviews.refusal(pull, place, commit)
    if refusal:
        raise Refusal(422, "Validation Failed", [_error(_field(refusal), refusal)])
    return Answer(201, shape.review_comment(reviews.single(pull, call.account, place, body, commit), call.urls))


def _field(refusal: str) -> str:
    if refusal.startswith("Path"):
        return "pull_request_review_thread.path"
    return "pull_request_review_thread.start_line" if "start line" in refusal else "pull_request_review_thread.line"


def _error(field: str, sentence: str) -> dict[str, str]:
    message = sentence.removeprefix("Pull request review thread start line ").removeprefix("Pull request review thread line ")
    return {"resource": ERROR, "field": field, "code": "custom", "message": message}


def _place(pull: PullRequest, fields: dict[str, Any], commit: str) -> Place:
    path, line = fields["path"], fields.get("line")
    if fields.get("subject_type") == "file":
        return Place(path)
    if line is None and fields.get("position") is not None:
        change = threads.change_at(pull.repository.diff(pull.merge_base, commit), path)
        found = threads.at_position(change, fields["position"]) if change else None
        if found is None:
            raise invalid(ERROR, "pull_request_review_thread.position")
        return Place(path, found[0], found[1])
    if line is None:
        raise Refusal(422, "Validation Failed", [_error("pull_request_review_thread.line", "line can't be blank")])
    return Place(path, line, fields.get("side") or "RIGHT", fields.get("start_line"), fields.get("start_side"))


def _reply(call: Call, pull: PullRequest, to: int, body: str) -> ReviewComment:
    """Only a top-level comment can be answered."""
    found = next((comment for comment in pull.review_comments if comment.id == to), None)
    if found is None:
        raise not_found()
    if found.in_reply_to is not None:
        raise Refusal(422, "Validation Failed", [_error("in_reply_to", "Replies to replies are not supported")])
    if reviews.pending(pull, call.account):
        raise Refusal(422, "Validation Failed", [_error("user_id", "User can only have one pending review per pull request")])
    return found.thread.reply(call.account, body)


@route(f"POST {OF_PULL}/{{comment_id}}/replies", content=True)
def reply(call: Call) -> Answer:
    body = issues.check_body(call.body["body"], ERROR)
    return Answer(201, shape.review_comment(_reply(call, call.pull(), int(call.params["comment_id"]), body), call.urls))


def _comment(call: Call) -> ReviewComment:
    wanted = call.params["comment_id"]
    found = next((comment for pull in call.repo.pulls for comment in pull.review_comments if str(comment.id) == wanted), None)
    if found is None:
        raise not_found()
    return found


@route(f"GET {COMMENT}")
def get(call: Call) -> Any:
    return shape.review_comment(_comment(call), call.urls)


@route(f"PATCH {COMMENT}")
def edit(call: Call) -> Any:
    comment = _comment(call)
    issues.may_change(call, comment)
    comment.edit(call.account, issues.check_body(call.body["body"], ERROR))
    return shape.review_comment(comment, call.urls)


@route(f"DELETE {COMMENT}")
def delete(call: Call) -> Answer:
    comment = _comment(call)
    issues.may_change(call, comment)
    comment.delete(call.account)
    return Answer(204)


@route(f"GET {COMMENT}/reactions")
def list_reactions(call: Call) -> Answer:
    return issues.reactions_of(call, _comment(call))


@route(f"POST {COMMENT}/reactions")
def react(call: Call) -> Answer:
    return issues.react(call, _comment(call))


@route(f"DELETE {COMMENT}/reactions/{{reaction_id}}")
def unreact(call: Call) -> Answer:
    return issues.unreact(call, _comment(call))
