"""Check runs, suites, annotations, statuses."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from bot.standin.clock import iso
from bot.standin.shape.accounts import user
from bot.standin.shape.apps import app
from bot.standin.shape.commits import commit, simple_commit
from bot.standin.shape.repositories import repository

if TYPE_CHECKING:
    from bot.standin.shape.urls import Urls
    from bot.standin.state.checks import CheckRun, CheckSuite, Status
    from bot.standin.state.pulls import PullRequest


def _pull(pull: PullRequest, urls: Urls) -> dict[str, Any]:
    repo = {"id": pull.repository.id, "url": urls.repo(pull.repository), "name": pull.repository.name}
    return {
        "url": f"{urls.repo(pull.repository)}/pulls/{pull.number}",
        "id": pull.id,
        "number": pull.number,
        "head": {"ref": pull.head_ref, "sha": pull.head_sha, "repo": repo},
        "base": {"ref": pull.base_ref, "sha": pull.base_sha, "repo": repo},
    }


def run(made: CheckRun, urls: Urls) -> dict[str, Any]:
    api, suite_ = f"{urls.repo(made.repository)}/check-runs/{made.id}", made.suite
    output = {**made.output, "annotations_count": len(made.annotations), "annotations_url": f"{api}/annotations"}
    pulls = [_pull(pull, urls) for pull in suite_.pull_requests]
    return {
        "id": made.id,
        "name": made.name,
        "node_id": made.node_id,
        "head_sha": made.head_sha,
        "external_id": made.external_id,
        "url": api,
        "html_url": f"{urls.page(made.repository)}/runs/{made.id}",
        "details_url": made.details_url,
        "status": made.status,
        "conclusion": made.conclusion,
        "started_at": iso(made.started_at),
        "completed_at": iso(made.completed_at),
        "output": output,
        "check_suite": {
            "id": suite_.id,
            "node_id": suite_.node_id,
            "head_branch": suite_.head_branch,
            "head_sha": suite_.head_sha,
            "status": suite_.status,
            "conclusion": suite_.conclusion,
            "url": f"{urls.repo(made.repository)}/check-suites/{suite_.id}",
            "before": None,
            "after": suite_.head_sha,
            "pull_requests": pulls,
            "app": app(made.app, urls),
            "created_at": iso(suite_.created_at),
            "updated_at": iso(suite_.updated_at),
        },
        "app": app(made.app, urls),
        "pull_requests": pulls,
    }


def suite(made: CheckSuite, urls: Urls, *, embedded: bool = True) -> dict[str, Any]:
    api = f"{urls.repo(made.repository)}/check-suites/{made.id}"
    out: dict[str, Any] = {
        "id": made.id,
        "node_id": made.node_id,
        "head_branch": made.head_branch,
        "head_sha": made.head_sha,
        "status": made.status,
        "conclusion": made.conclusion,
        "url": api,
        "before": "0" * 40,
        "after": made.head_sha,
        "pull_requests": [_pull(pull, urls) for pull in made.pull_requests],
        "app": app(made.app, urls),
        "created_at": iso(made.created_at),
        "updated_at": iso(made.updated_at),
        "rerequestable": True,
        "runs_rerequestable": True,
        "latest_check_runs_count": len(made.latest()),
        "check_runs_url": f"{api}/check-runs",
        "head_commit": simple_commit(made.repository, made.head_sha),
    }
    return out if embedded else out | {"repository": repository(made.repository, urls)}


def annotation(made: dict[str, Any], run_: CheckRun, urls: Urls) -> dict[str, Any]:
    blank = dict.fromkeys(("start_column", "end_column", "title", "raw_details"))
    href = f"{urls.repo(run_.repository)}/contents/{made['path']}?ref={run_.head_sha}"
    return {**blank, **made, "blob_href": href}


def status(made: Status, urls: Urls) -> dict[str, Any]:
    return {
        "url": f"{urls.repo(made.repository)}/statuses/{made.sha}",
        "avatar_url": f"{urls.html}/avatars/{made.creator.id}",
        "id": made.id,
        "node_id": made.node_id,
        "state": made.state,
        "description": made.description,
        "target_url": made.target_url,
        "context": made.context,
        "created_at": iso(made.created_at),
        "updated_at": iso(made.created_at),
        "creator": user(made.creator, urls),
    }


def status_event(made: Status, urls: Urls) -> dict[str, Any]:
    branches = [
        {"name": name, "commit": {"sha": oid, "url": f"{urls.repo(made.repository)}/commits/{oid}"}, "protected": False}
        for name, oid in made.repository.branches().items()
        if oid == made.sha
    ]
    return status(made, urls) | {
        "sha": made.sha,
        "name": made.repository.full_name,
        "commit": commit(made.repository, made.sha, urls),
        "branches": branches,
    }
