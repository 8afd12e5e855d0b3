"""Commit statuses (CONTRACT 7.11)."""

from __future__ import annotations

from typing import Any

from bot.standin import shape
from bot.standin.calls import Answer, Call, Refusal, invalid
from bot.standin.rest.routing import route

DESCRIPTION, PER_CONTEXT = 140, 1000


@route("POST /repos/{owner}/{repo}/statuses/{sha}", content=True)
def create(call: Call) -> Answer:
    sha, fields = call.params["sha"], call.body
    if not call.repo.store.is_commit(sha):
        raise Refusal(422, f"No commit found for SHA: {sha}")
    if len(fields.get("description") or "") > DESCRIPTION:
        raise invalid("Status", "description", "custom", f"description is too long (maximum is {DESCRIPTION} characters)")
    context = (fields.get("context") or "default").lower()
    if sum(status.sha == sha and status.context.lower() == context for status in call.repo.checks.statuses) >= PER_CONTEXT:
        raise invalid("Status", "context", "custom", "This SHA and context has reached the maximum number of statuses.")
    return Answer(201, shape.status(call.repo.checks.report(sha, call.account, fields), call.urls))


@route("GET /repos/{owner}/{repo}/commits/{ref}/statuses")
def of_commit(call: Call) -> Answer:
    sha = call.commit(call.params["ref"])
    return call.paged([shape.status(status, call.urls) for status in reversed(call.repo.checks.statuses) if status.sha == sha])


@route("GET /repos/{owner}/{repo}/commits/{ref}/status")
def combined(call: Call) -> Any:
    sha = call.commit(call.params["ref"])
    latest = call.repo.checks.statuses_of(sha)
    states = {status.state for status in latest}
    state = "failure" if states & {"error", "failure"} else "pending" if not states or "pending" in states else "success"
    url = f"{call.urls.repo(call.repo)}/commits/{sha}"
    return {
        "state": state,
        "statuses": [shape.status(status, call.urls) for status in latest],
        "sha": sha,
        "total_count": len(latest),
        "repository": shape.repository(call.repo, call.urls),
        "commit_url": url,
        "url": f"{url}/status",
    }
