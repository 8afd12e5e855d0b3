"""Pull requests, threads, comments, checks."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from bot.standin.clock import iso
from bot.standin.graphql.context import Context, Problem, connection, field, require
from bot.standin.graphql.objects import GitObject, Ref
from bot.standin.state.checks import CheckRun, CheckSuite
from bot.standin.state.issues import Issue, IssueComment
from bot.standin.state.mergebox import standing
from bot.standin.state.pulls import PullRequest
from bot.standin.state.repository import Repository
from bot.standin.state.reviews import Review
from bot.standin.state.threads import ReviewComment, Thread


def simple(owner: str, **getters: Callable[[Any], Any]) -> None:
    """Fields that need nothing but their parent."""
    for name, getter in getters.items():
        field(owner, name)(lambda one, _, getter=getter, **_more: getter(one))


def _pull(repo: Repository, context: Context, number: int) -> PullRequest:
    require(context, repo, "pull_requests:read")
    found = repo.issues.get(number)
    if not isinstance(found, PullRequest):
        raise Problem("NOT_FOUND", f"Could not resolve to a PullRequest with the number of {number}.")
    return found


@field("Repository", "pullRequest")
def pull_request(repo: Repository, context: Context, number: int) -> PullRequest:
    return _pull(repo, context, number)


@field("Repository", "issueOrPullRequest")
def issue_or_pull(repo: Repository, context: Context, number: int) -> Issue:
    require(context, repo, "pull_requests:read", "issues:read")
    found = repo.issues.get(number)
    if found is None:
        raise Problem("NOT_FOUND", f"Could not resolve to an issue or pull request with the number of {number}.")
    return found


@field("Repository", "pullRequests")
def pull_requests(repo: Repository, context: Context, **arguments: Any) -> Any:
    require(context, repo, "pull_requests:read")
    states, head, base = arguments.get("states"), arguments.get("headRefName"), arguments.get("baseRefName")
    found = [
        pull
        for pull in repo.pulls
        if (states is None or _state(pull) in states) and head in {None, pull.head_ref} and base in {None, pull.base_ref}
    ]
    order = arguments.get("orderBy") or {}
    if order.get("field") == "UPDATED_AT":
        found.sort(key=lambda pull: (pull.updated_at, pull.number))
    if order.get("direction") == "DESC":
        found.reverse()
    return connection("pullRequests", found, **arguments)


@field("Commit", "associatedPullRequests")
def associated(one: GitObject, context: Context, **page: Any) -> Any:
    require(context, one.repository, "pull_requests:read")
    found = [pull for pull in one.repository.pulls if pull.head_repo is one.repository and one.oid in pull.commits]
    return connection("associatedPullRequests", found, **page)


def _state(pull: PullRequest) -> str:
    return "MERGED" if pull.merged else pull.state.upper()


def _decision(pull: PullRequest) -> str | None:
    opinions = set(standing(pull).values())
    if not pull.repository.demands(pull.base_ref).approvals and not opinions:
        return None
    return "CHANGES_REQUESTED" if "CHANGES_REQUESTED" in opinions else "APPROVED" if "APPROVED" in opinions else "REVIEW_REQUIRED"


def _ref(repo: Repository | None, branch: str) -> Ref | None:
    full = f"refs/heads/{branch}"
    return Ref(repo, full) if repo and full in repo.refs else None


def _mergeable(pull: PullRequest) -> str:
    known = pull.mergeable()
    pull.look()
    return "UNKNOWN" if known is None else "MERGEABLE" if known else "CONFLICTING"


simple(
    "PullRequest",
    id=lambda pull: pull.node_id,
    databaseId=lambda pull: pull.id if pull.id < 2**31 else None,
    fullDatabaseId=lambda pull: str(pull.id),
    author=lambda pull: pull.user,
    authorAssociation=lambda pull: pull.repository.world.association(pull.user, pull.repository),
    body=lambda pull: pull.body or "",
    state=_state,
    closed=lambda pull: not pull.is_open,
    isDraft=lambda pull: pull.draft,
    isInMergeQueue=lambda pull: pull.queued,
    isCrossRepository=lambda pull: pull.head_source is not pull.repository,
    headRefName=lambda pull: pull.head_ref,
    headRefOid=lambda pull: pull.head_sha,
    headRef=lambda pull: _ref(pull.head_repo, pull.head_ref),
    headRepository=lambda pull: pull.head_repo,
    headRepositoryOwner=lambda pull: pull.head_owner,
    baseRefName=lambda pull: pull.base_ref,
    baseRefOid=lambda pull: pull.base_tip,
    baseRef=lambda pull: _ref(pull.repository, pull.base_ref),
    mergeable=_mergeable,
    mergeStateStatus=lambda pull: pull.box().state.upper(),
    mergeCommit=lambda pull: GitObject(pull.repository, pull.merge_commit_sha, "commit") if pull.merge_commit_sha else None,
    mergedAt=lambda pull: iso(pull.closed_at) if pull.merged else None,
    createdAt=lambda pull: iso(pull.created_at),
    updatedAt=lambda pull: iso(pull.updated_at),
    reviewDecision=_decision,
    changedFiles=lambda pull: len(pull.changes),
    additions=lambda pull: sum(change.additions for change in pull.changes),
    deletions=lambda pull: sum(change.deletions for change in pull.changes),
)
field("PullRequest", "url")(lambda pull, context: f"{context.urls.page(pull.repository)}/pull/{pull.number}")
simple(
    "Issue", id=lambda one: one.node_id, author=lambda one: one.user, body=lambda one: one.body or "", closed=lambda one: not one.is_open
)
field("Issue", "url")(lambda one, context: f"{context.urls.page(one.repository)}/issues/{one.number}")
simple("Label", id=lambda one: one.node_id)

CHANGES = {"added": "ADDED", "removed": "DELETED", "modified": "MODIFIED", "renamed": "RENAMED"}


def listing(owner: str, name: str, items: Callable[[Any, Context], list[Any]]) -> None:
    """A connection over a list."""
    field(owner, name)(lambda one, context, **page: connection(name, items(one, context), **page))


def _files(pull: PullRequest, _: Context) -> list[Any]:
    return [
        {"path": change.path, "additions": change.additions, "deletions": change.deletions, "changeType": CHANGES[change.status]}
        for change in pull.changes[:3000]
    ]


def _requests(pull: PullRequest, _: Context) -> list[Any]:
    return [{"asCodeOwner": False, "requestedReviewer": one} for one in [*pull.reviewers, *pull.teams]]


def _shown(comments: list[ReviewComment], context: Context) -> list[ReviewComment]:
    return [comment for comment in comments if not comment.pending or comment.user is context.actor.account]


def _threads(pull: PullRequest, context: Context) -> list[Thread]:
    return context.world.faults.listed([thread for thread in pull.threads if _shown(thread.comments, context)])


listing("PullRequest", "files", _files)
listing("PullRequest", "comments", lambda pull, context: context.world.faults.listed(pull.comments))
listing("Issue", "comments", lambda issue, _: issue.comments)
listing("PullRequest", "labels", lambda pull, _: [pull.repository.label(name) for name in pull.labels])
listing("PullRequest", "reviewThreads", _threads)
listing("PullRequest", "reviewRequests", _requests)
listing("PullRequestReviewThread", "comments", lambda thread, context: _shown(thread.comments, context))
listing("PullRequestReview", "comments", lambda review, context: _shown(review.comments, context))


@field("PullRequest")
def commits(pull: PullRequest, _: Context, **page: Any) -> Any:
    found = [{"commit": GitObject(pull.repository, oid, "commit"), "pullRequest": pull} for oid in pull.commits[:250]]
    return connection("commits", found, **page)


@field("PullRequest")
def reviews(pull: PullRequest, context: Context, states: list[str] | None = None, author: str | None = None, **page: Any) -> Any:
    found = [
        review
        for review in pull.reviews
        if (review.state != "PENDING" or review.user is context.actor.account)
        and (states is None or review.state in states)
        and author in {None, review.user.login}
    ]
    return connection("reviews", found, **page)


def _may_resolve(context: Context) -> bool:
    token = context.actor.token
    return token.may("contents", "write") if token else True


simple(
    "PullRequestReviewThread",
    id=lambda thread: thread.node_id,
    path=lambda thread: thread.place.path,
    diffSide=lambda thread: thread.place.side,
    startDiffSide=lambda thread: (thread.place.start_side or thread.place.side) if thread.place.start_line else None,
    startLine=lambda thread: thread.start_line,
    originalLine=lambda thread: thread.place.line,
    originalStartLine=lambda thread: thread.place.start_line,
    isResolved=lambda thread: thread.resolved_by is not None,
    isCollapsed=lambda thread: thread.resolved_by is not None or thread.outdated,
    isOutdated=lambda thread: thread.outdated,
    pullRequest=lambda thread: thread.pull,
    repository=lambda thread: thread.pull.repository,
    resolvedBy=lambda thread: thread.resolved_by if thread.resolved_by and thread.resolved_by.kind == "User" else None,
    subjectType=lambda thread: "FILE" if thread.whole_file else "LINE",
    viewerCanReply=lambda _thread: True,
)
field("PullRequestReviewThread", "viewerCanResolve")(lambda thread, context: not thread.resolved_by and _may_resolve(context))
field("PullRequestReviewThread", "viewerCanUnresolve")(lambda thread, context: bool(thread.resolved_by) and _may_resolve(context))

for _owner in ("IssueComment", "PullRequestReviewComment", "PullRequestReview"):
    simple(
        _owner,
        id=lambda one: one.node_id,
        databaseId=lambda one: one.id if one.id < 2**31 else None,
        fullDatabaseId=lambda one: str(one.id),
        author=lambda one: one.user,
        isMinimized=lambda one: one.minimised is not None,
        minimizedReason=lambda one: one.minimised.lower().replace("_", "-") if one.minimised else None,
        viewerCanMinimize=lambda _one: True,
    )
    field(_owner, "viewerDidAuthor")(lambda one, context: one.user is context.actor.account)
for _owner in ("IssueComment", "PullRequestReviewComment"):
    simple(
        _owner,
        createdAt=lambda one: iso(one.created_at),
        updatedAt=lambda one: iso(one.updated_at),
        lastEditedAt=lambda one: iso(one.updated_at) if one.history else None,
        authorAssociation=lambda one: one.repository.world.association(one.user, one.repository),
    )


@field("IssueComment", "url")
def issue_comment_url(comment: IssueComment, context: Context) -> str:
    kind = "pull" if isinstance(comment.issue, PullRequest) else "issues"
    return f"{context.urls.page(comment.repository)}/{kind}/{comment.issue.number}#issuecomment-{comment.id}"


simple(
    "PullRequestReviewComment",
    path=lambda one: one.thread.place.path,
    line=lambda one: one.thread.line,
    startLine=lambda one: one.thread.start_line,
    originalLine=lambda one: one.thread.place.line,
    originalStartLine=lambda one: one.thread.place.start_line,
    outdated=lambda one: one.thread.outdated,
    diffHunk=lambda one: one.thread.diff_hunk(),
    commit=lambda one: GitObject(one.repository, one.commit_id, "commit"),
    originalCommit=lambda one: GitObject(one.repository, one.thread.commit, "commit"),
    pullRequest=lambda one: one.thread.pull,
    pullRequestReview=lambda one: one.review,
    replyTo=lambda one: one.in_reply_to,
    state=lambda one: "PENDING" if one.pending else "SUBMITTED",
    subjectType=lambda one: "FILE" if one.thread.whole_file else "LINE",
)


@field("PullRequestReviewComment", "url")
def review_comment_url(comment: ReviewComment, context: Context) -> str:
    return f"{context.urls.page(comment.repository)}/pull/{comment.thread.pull.number}#discussion_r{comment.id}"


simple(
    "PullRequestReview",
    commit=lambda one: GitObject(one.pull.repository, one.commit_id, "commit"),
    pullRequest=lambda one: one.pull,
    submittedAt=lambda one: iso(one.submitted_at),
)


@field("PullRequestReview", "url")
def review_url(review: Review, context: Context) -> str:
    return f"{context.urls.page(review.pull.repository)}/pull/{review.pull.number}#pullrequestreview-{review.id}"


simple("App", id=lambda one: one.node_id, databaseId=lambda one: one.id)
simple(
    "CheckSuite",
    id=lambda one: one.node_id,
    databaseId=lambda one: one.id if one.id < 2**31 else None,
    commit=lambda one: GitObject(one.repository, one.head_sha, "commit"),
    conclusion=lambda one: one.conclusion.upper() if one.conclusion else None,
    status=lambda one: one.status.upper(),
)
simple(
    "CheckRun",
    id=lambda one: one.node_id,
    databaseId=lambda one: one.id if one.id < 2**31 else None,
    checkSuite=lambda one: one.suite,
    completedAt=lambda one: iso(one.completed_at),
    startedAt=lambda one: iso(one.started_at),
    conclusion=lambda one: one.conclusion.upper() if one.conclusion else None,
    status=lambda one: one.status.upper(),
    detailsUrl=lambda one: one.details_url,
    externalId=lambda one: one.external_id,
    summary=lambda one: one.output["summary"],
    text=lambda one: one.output["text"],
    title=lambda one: one.output["title"],
)
field("CheckRun", "url")(lambda one, context: f"{context.urls.page(one.repository)}/runs/{one.id}")


@field("Commit", "checkSuites")
def check_suites(one: GitObject, context: Context, filterBy: dict[str, Any] | None = None, **page: Any) -> Any:  # noqa: N803
    require(context, one.repository, "checks:read")
    wanted = filterBy or {}
    found: list[CheckSuite] = [
        suite
        for suite in one.repository.checks.suites.values()
        if suite.head_sha == one.oid
        and wanted.get("appId") in {None, suite.app.id}
        and (wanted.get("checkName") is None or any(run.name == wanted["checkName"] for run in suite.runs))
    ]
    return connection("checkSuites", found, **page)


@field("CheckSuite", "checkRuns")
def check_runs(suite: CheckSuite, _: Context, filterBy: dict[str, Any] | None = None, **page: Any) -> Any:  # noqa: N803
    wanted = filterBy or {}
    runs: list[CheckRun] = suite.runs if wanted.get("checkType") == "ALL" else suite.latest()
    return connection("checkRuns", [run for run in runs if wanted.get("checkName") in {None, run.name}], **page)
