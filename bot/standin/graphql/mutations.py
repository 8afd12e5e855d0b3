"""Mutations: resolving, minimising, comments, drafts (CONTRACT 11.10)."""

from __future__ import annotations

from typing import Any, TypeVar

from bot.standin.graphql.context import Context, Problem, field, require
from bot.standin.graphql.objects import node
from bot.standin.rest.issues import BODY
from bot.standin.state.issues import Issue, IssueComment
from bot.standin.state.pulls import PullRequest
from bot.standin.state.reviews import Review
from bot.standin.state.threads import ReviewComment, Thread

Input = dict[str, Any]
COMMENTING = ("pull_requests:write", "issues:write")


T = TypeVar("T")


def _node(context: Context, name: str, kind: type[T]) -> T:
    found = node(None, context, name)
    if not isinstance(found, kind):
        raise Problem("NOT_FOUND", f"Could not resolve to a node with the global id of '{name}'")
    return found


def _done(asked: Input, **payload: Any) -> dict[str, Any]:
    return {"clientMutationId": asked.get("clientMutationId"), **payload}


def _body(asked: Input) -> str:
    body = str(asked["body"])
    if not body.strip():
        raise Problem("UNPROCESSABLE", "Body can't be blank")
    if len(body) > BODY:
        raise Problem("UNPROCESSABLE", f"Body is too long (maximum is {BODY} characters)")
    return body


@field("Mutation", "resolveReviewThread")
def resolve(_: Any, context: Context, input: Input) -> Any:  # noqa: A002  # GitHub's name
    """Needs contents: write; with less it is FORBIDDEN inside a 200."""
    thread = _node(context, input["threadId"], Thread)
    require(context, thread.pull.repository, "contents:write")
    thread.resolve(context.account)
    return _done(input, thread=thread)


@field("Mutation", "unresolveReviewThread")
def unresolve(_: Any, context: Context, input: Input) -> Any:  # noqa: A002
    thread = _node(context, input["threadId"], Thread)
    require(context, thread.pull.repository, "contents:write")
    thread.unresolve(context.account)
    return _done(input, thread=thread)


def _minimisable(context: Context, name: str) -> IssueComment | ReviewComment | Review:
    found = node(None, context, name)
    if not isinstance(found, IssueComment | ReviewComment | Review):
        raise Problem("NOT_FOUND", f"Could not resolve to a node with the global id of '{name}'")
    repo = found.pull.repository if isinstance(found, Review) else found.repository
    require(context, repo, *COMMENTING)
    return found


@field("Mutation", "minimizeComment")
def minimise(_: Any, context: Context, input: Input) -> Any:  # noqa: A002
    comment = _minimisable(context, input["subjectId"])
    comment.minimised = input["classifier"]
    return _done(input, minimizedComment=comment)


@field("Mutation", "unminimizeComment")
def unminimise(_: Any, context: Context, input: Input) -> Any:  # noqa: A002
    comment = _minimisable(context, input["subjectId"])
    comment.minimised = None
    return _done(input, unminimizedComment=comment)


@field("Mutation", "addComment")
def add_comment(_: Any, context: Context, input: Input) -> Any:  # noqa: A002
    issue = _node(context, input["subjectId"], Issue)
    require(context, issue.repository, *COMMENTING)
    comment = issue.comment(context.account, _body(input))
    return _done(input, commentEdge={"cursor": comment.node_id, "node": comment}, subject=issue)


@field("Mutation", "updateIssueComment")
def update_comment(_: Any, context: Context, input: Input) -> Any:  # noqa: A002
    comment = _node(context, input["id"], IssueComment)
    require(context, comment.repository, *COMMENTING)
    comment.edit(context.account, _body(input))
    return _done(input, issueComment=comment)


@field("Mutation", "deleteIssueComment")
def delete_comment(_: Any, context: Context, input: Input) -> Any:  # noqa: A002
    comment = _node(context, input["id"], IssueComment)
    require(context, comment.repository, *COMMENTING)
    comment.delete(context.account)
    return _done(input)


@field("Mutation", "updatePullRequestReviewComment")
def update_review_comment(_: Any, context: Context, input: Input) -> Any:  # noqa: A002
    comment = _node(context, input["pullRequestReviewCommentId"], ReviewComment)
    require(context, comment.repository, "pull_requests:write")
    comment.edit(context.account, _body(input))
    return _done(input, pullRequestReviewComment=comment)


@field("Mutation", "deletePullRequestReviewComment")
def delete_review_comment(_: Any, context: Context, input: Input) -> Any:  # noqa: A002
    comment = _node(context, input["id"], ReviewComment)
    require(context, comment.repository, "pull_requests:write")
    review = comment.review
    comment.delete(context.account)
    return _done(input, pullRequestReview=review, pullRequestReviewComment=comment)


@field("Mutation", "convertPullRequestToDraft")
def to_draft(_: Any, context: Context, input: Input) -> Any:  # noqa: A002
    pull = _node(context, input["pullRequestId"], PullRequest)
    require(context, pull.repository, "pull_requests:write")
    pull.to_draft(context.account)
    return _done(input, pullRequest=pull)


@field("Mutation", "markPullRequestReadyForReview")
def ready(_: Any, context: Context, input: Input) -> Any:  # noqa: A002
    pull = _node(context, input["pullRequestId"], PullRequest)
    require(context, pull.repository, "pull_requests:write")
    pull.ready(context.account)
    return _done(input, pullRequest=pull)
