"""Issues and what is said in them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from bot.standin.clock import iso
from bot.standin.shape.accounts import label, user
from bot.standin.shape.apps import app

if TYPE_CHECKING:
    from bot.standin.shape.urls import Urls
    from bot.standin.state.issues import Issue, IssueComment, Reaction

CONTENTS = ("+1", "-1", "laugh", "confused", "heart", "hooray", "rocket", "eyes")


def rollup(reactions: list[Reaction], url: str) -> dict[str, Any]:
    counts = {content: sum(reaction.content == content for reaction in reactions) for content in CONTENTS}
    return {"url": f"{url}/reactions", "total_count": len(reactions), **counts}


def reaction(made: Reaction, urls: Urls) -> dict[str, Any]:
    return {
        "id": made.id,
        "node_id": made.node_id,
        "user": user(made.user, urls),
        "content": made.content,
        "created_at": iso(made.created_at),
    }


def _association(issue: Issue) -> str:
    return issue.repository.world.association(issue.user, issue.repository)


def issue(item: Issue, urls: Urls) -> dict[str, Any]:
    repo = item.repository
    api, kind = f"{urls.repo(repo)}/issues/{item.number}", "pull" if item.event == "pull_request" else "issues"
    page = f"{urls.page(repo)}/{kind}/{item.number}"
    out: dict[str, Any] = {
        "url": api,
        "repository_url": urls.repo(repo),
        "labels_url": f"{api}/labels{{/name}}",
        "comments_url": f"{api}/comments",
        "events_url": f"{api}/events",
        "timeline_url": f"{api}/timeline",
        "html_url": page,
        "id": item.issue_id,
        "node_id": item.node_id,
        "number": item.number,
        "title": item.title,
        "user": user(item.user, urls),
        "labels": [label(repo.label(name), urls) for name in item.labels],
        "state": item.state,
        "state_reason": item.state_reason,
        "locked": False,
        "active_lock_reason": None,
        "assignees": [user(person, urls) for person in item.assignees],
        "milestone": None,
        "comments": len(item.comments),
        "created_at": iso(item.created_at),
        "updated_at": iso(item.updated_at),
        "closed_at": iso(item.closed_at),
        "author_association": _association(item),
        "body": item.body,
        "reactions": rollup(item.reactions, api),
        "performed_via_github_app": app(item.app, urls) if item.app else None,
    }
    if urls.older:
        out["assignee"] = None
    if kind == "pull":
        pull = f"{urls.repo(repo)}/pulls/{item.number}"
        links = {"url": pull, "html_url": page, "diff_url": f"{page}.diff", "patch_url": f"{page}.patch", "merged_at": None}
        out |= {"draft": getattr(item, "draft", False), "pull_request": links}
    return out


def issue_comment(comment: IssueComment, urls: Urls) -> dict[str, Any]:
    repo, item = comment.repository, comment.issue
    api, kind = f"{urls.repo(repo)}/issues/comments/{comment.id}", "pull" if item.event == "pull_request" else "issues"
    return {
        "url": api,
        "html_url": f"{urls.page(repo)}/{kind}/{item.number}#issuecomment-{comment.id}",
        "issue_url": f"{urls.repo(repo)}/issues/{item.number}",
        "id": comment.id,
        "node_id": comment.node_id,
        "user": user(comment.user, urls),
        "created_at": iso(comment.created_at),
        "updated_at": iso(comment.updated_at),
        "author_association": repo.world.association(comment.user, repo),
        "body": comment.body,
        "reactions": rollup(comment.reactions, api),
        "performed_via_github_app": app(comment.app, urls) if comment.app else None,
    }
