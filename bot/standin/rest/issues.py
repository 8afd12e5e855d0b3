"""Issues, conversation comments, labels, reactions (CONTRACT 12)."""

from __future__ import annotations

from typing import Any

from bot.standin import shape
from bot.standin.calls import Answer, Call, invalid, not_found
from bot.standin.rest.routing import route
from bot.standin.state.accounts import RANK, role_of
from bot.standin.state.issues import Comment, Issue, IssueComment

ISSUES = "/repos/{owner}/{repo}/issues"
ONE = ISSUES + "/{issue_number}"
COMMENT = ISSUES + "/comments/{comment_id}"
BODY = 65_536
LABELS = ("issues:write", "pull_requests:write")


def check_body(body: str | None, resource: str) -> str:
    """Comment bodies are neither blank nor longer than 65,536 characters."""
    if not (body or "").strip():
        raise invalid(resource, "body", "missing_field")
    if len(body or "") > BODY:
        raise invalid(resource, "body", "custom", f"body is too long (maximum is {BODY} characters)")
    return body or ""


def _issue(call: Call) -> Issue:
    found = call.repo.issues.get(int(call.params["issue_number"]) if call.params["issue_number"].isdigit() else 0)
    if found is None:
        raise not_found()
    return found


@route(f"GET {ISSUES}")
def list_issues(call: Call) -> Answer:
    """Pull requests are issues too, for those who may see them."""
    state, labels = call.query.get("state", "open"), call.query.get("labels")
    wanted = set(labels.split(",")) if labels else set()
    found = [
        issue
        for issue in reversed(call.repo.issues.values())
        if state in {"all", issue.state} and wanted <= set(issue.labels) and call.query.get("creator") in {None, issue.user.login}
    ]
    return call.paged([shape.issue(issue, call.urls) for issue in found])


@route(f"POST {ISSUES}", content=True)
def create_issue(call: Call) -> Answer:
    body = call.body.get("body")
    if body and len(body) > BODY:
        raise invalid("Issue", "body", "custom", f"body is too long (maximum is {BODY} characters)")
    issue = call.repo.issue(str(call.body["title"]), by=call.account, body=body)
    issue.label([item if isinstance(item, str) else item["name"] for item in call.body.get("labels", [])], call.account)
    return Answer(201, shape.issue(issue, call.urls))


@route(f"GET {ONE}", needs=("issues:read", "pull_requests:read"))
def get_issue(call: Call) -> Any:
    return shape.issue(_issue(call), call.urls)


@route(f"PATCH {ONE}", needs=LABELS)
def update_issue(call: Call) -> Any:
    issue, fields = _issue(call), call.body or {}
    issue.title = fields.get("title") or issue.title
    issue.body = fields.get("body", issue.body)
    if fields.get("state") == "closed":
        issue.state_reason = fields.get("state_reason") or "completed"
        issue.close(call.account)
    elif fields.get("state") == "open":
        issue.reopen(call.account)
    if fields.get("labels") is not None:
        _set_labels(call, issue, [item if isinstance(item, str) else item["name"] for item in fields["labels"]])
    issue.touch()
    return shape.issue(issue, call.urls)


@route(f"GET {ONE}/comments")
def list_comments(call: Call) -> Answer:
    since = call.query.get("since", "")
    return call.paged([shown for made in _issue(call).comments if (shown := shape.issue_comment(made, call.urls))["updated_at"] >= since])


@route(f"POST {ONE}/comments", content=True)
def create_comment(call: Call) -> Answer:
    body = check_body(call.body["body"], "IssueComment")
    return Answer(201, shape.issue_comment(_issue(call).comment(call.account, body), call.urls))


@route(f"GET {ISSUES}/comments")
def repository_comments(call: Call) -> Answer:
    comments = [comment for issue in call.repo.issues.values() for comment in issue.comments]
    return call.paged([shape.issue_comment(comment, call.urls) for comment in sorted(comments, key=lambda made: made.id)])


def _comment(call: Call) -> IssueComment:
    wanted = int(call.params["comment_id"])
    found = next((comment for issue in call.repo.issues.values() for comment in issue.comments if comment.id == wanted), None)
    if found is None:
        raise not_found()
    return found


@route(f"GET {COMMENT}")
def get_comment(call: Call) -> Any:
    return shape.issue_comment(_comment(call), call.urls)


@route(f"PATCH {COMMENT}")
def edit_comment(call: Call) -> Any:
    comment = _comment(call)
    may_change(call, comment)
    comment.edit(call.account, check_body(call.body["body"], "IssueComment"))
    return shape.issue_comment(comment, call.urls)


@route(f"DELETE {COMMENT}")
def delete_comment(call: Call) -> Answer:
    comment = _comment(call)
    may_change(call, comment)
    comment.delete(call.account)
    return Answer(204)


def may_change(call: Call, comment: Comment) -> None:
    """Own comments; others' for whoever may write (an App by its permission)."""
    if call.actor.user and comment.user is not call.actor.user and RANK[role_of(call.actor.user, call.repo)] < RANK["write"]:
        raise not_found()


def reactions_of(call: Call, comment: Comment | Issue) -> Answer:
    wanted = call.query.get("content")
    return call.paged([shape.reaction(made, call.urls) for made in comment.reactions if wanted in {None, made.content}])


def react(call: Call, comment: Comment) -> Answer:
    made, new = comment.react(call.account, call.body["content"])
    return Answer(201 if new else 200, shape.reaction(made, call.urls))


def unreact(call: Call, comment: Comment) -> Answer:
    wanted = int(call.params["reaction_id"])
    if all(made.id != wanted for made in comment.reactions):
        raise not_found()
    comment.reactions = [made for made in comment.reactions if made.id != wanted]
    return Answer(204)


@route(f"GET {COMMENT}/reactions")
def list_reactions(call: Call) -> Answer:
    return reactions_of(call, _comment(call))


@route(f"POST {COMMENT}/reactions", needs=("issues:write", "pull_requests:write"))
def create_reaction(call: Call) -> Answer:
    return react(call, _comment(call))


@route(f"DELETE {COMMENT}/reactions/{{reaction_id}}", needs=("issues:write", "pull_requests:write"))
def delete_reaction(call: Call) -> Answer:
    return unreact(call, _comment(call))


@route(f"GET {ONE}/labels")
def issue_labels(call: Call) -> Answer:
    return call.paged(_labels(call, _issue(call)))


def _labels(call: Call, issue: Issue) -> list[dict[str, Any]]:
    return [shape.label(call.repo.label(name), call.urls) for name in issue.labels]


def _named(call: Call) -> list[str]:
    body = call.body
    items = body.get("labels", []) if isinstance(body, dict) else body if isinstance(body, list) else [body] if body else []
    return [item if isinstance(item, str) else item["name"] for item in items]


@route(f"POST {ONE}/labels", content=True)
def add_labels(call: Call) -> Any:
    issue = _issue(call)
    issue.label(_named(call), call.account)
    return _labels(call, issue)


def _set_labels(call: Call, issue: Issue, names: list[str]) -> None:
    issue.unlabel([name for name in list(issue.labels) if name not in names], call.account)
    issue.label(names, call.account)


@route(f"PUT {ONE}/labels")
def set_labels(call: Call) -> Any:
    issue = _issue(call)
    _set_labels(call, issue, _named(call))
    return _labels(call, issue)


@route(f"DELETE {ONE}/labels")
def clear_labels(call: Call) -> Answer:
    issue = _issue(call)
    issue.unlabel(list(issue.labels), call.account)
    return Answer(204)


@route(f"DELETE {ONE}/labels/{{name}}", needs=LABELS)
def remove_label(call: Call) -> Any:
    issue = _issue(call)
    if call.params["name"] not in issue.labels:
        raise not_found()
    issue.unlabel([call.params["name"]], call.account)
    return _labels(call, issue)


@route("GET /repos/{owner}/{repo}/labels", needs=("issues:read", "pull_requests:read"))
def labels(call: Call) -> Answer:
    return call.paged([shape.label(made, call.urls) for made in call.repo.labels.values()])


@route("POST /repos/{owner}/{repo}/labels", needs=LABELS, content=True)
def create_label(call: Call) -> Answer:
    if call.body["name"].lower() in call.repo.labels:
        raise invalid("Label", "name", "already_exists")
    made = call.repo.label(call.body["name"], call.body.get("color", "ededed"), call.body.get("description"))
    return Answer(201, shape.label(made, call.urls))


@route("GET /repos/{owner}/{repo}/labels/{name}", needs=("issues:read", "pull_requests:read"))
def get_label(call: Call) -> Any:
    found = call.repo.labels.get(call.params["name"].lower())
    if found is None:
        raise not_found()
    return shape.label(found, call.urls)
