"""Who may what, per endpoint (CONTRACT 3.4, 15)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bot.standin import contract
from bot.standin.calls import Call, Refusal, not_found
from bot.standin.state.accounts import RANK, role_of

if TYPE_CHECKING:
    from bot.standin.rest.routing import Route
    from bot.standin.state.repository import Repository

FORBIDDEN = "Resource not accessible by integration"
READERS_MAY = frozenset({"issues", "pull_requests"})


def needs(route: Route) -> tuple[str, ...]:
    """Any of these is enough; `jwt`: the App itself; empty: anyone."""
    if route.needs is not None:
        return route.needs
    listed = contract.operation(route.operation).get("needs", [])
    return ("jwt",) if any("JWT" in name for name in listed) else tuple(listed)


def authorise(call: Call, route: Route) -> None:
    """Sets the call's repository; raises what GitHub answers otherwise."""
    wanted = needs(route)
    if wanted == ("jwt",):
        if call.actor.app is None:
            raise Refusal(401, "A JSON web token could not be decoded")
        return
    if call.actor.app is not None and wanted:
        raise Refusal(403, FORBIDDEN)
    if call.world.private_mode and call.actor.account is None and call.actor.app is None and wanted:
        raise Refusal(401, "Requires authentication")
    repo = _repository(call)
    if repo is not None:
        call.use(repo)
    if call.actor.token:
        _check_token(call, wanted, repo)
    elif call.actor.user and repo is not None:
        _check_user(call, wanted, repo)
    elif wanted and call.request.method != "GET":
        raise Refusal(401, "Requires authentication")


def _repository(call: Call) -> Repository | None:
    if not {"owner", "repo"} <= call.params.keys() or not (call.template.startswith("/repos/") or "/repos/" in call.template):
        return None
    owner, name = call.params["owner"], call.params["repo"]
    repo = call.world.find_repository(owner, name)
    if repo is None or not _visible(call, repo):
        raise not_found()
    if name.lower() != repo.name.lower() and call.template.startswith("/repos/"):
        moved = f"{call.urls.api}/repositories/{repo.id}" + call.request.path[len(f"/repos/{owner}/{name}") :]
        raise Refusal(301 if call.request.method == "GET" else 307, "Moved Permanently", headers={"Location": moved})
    return repo


def _visible(call: Call, repo: Repository) -> bool:
    if not repo.private:
        return True
    if call.actor.token:
        return call.actor.token.covers(repo)
    return call.actor.user is not None and role_of(call.actor.user, repo) != "none"


def _check_token(call: Call, wanted: tuple[str, ...], repo: Repository | None) -> None:
    token = call.actor.token
    if token is None or not wanted:
        return
    reading = call.request.method == "GET"
    if repo is not None and not token.covers(repo) and not (reading and not repo.private):
        raise Refusal(403, FORBIDDEN, headers=accepted(wanted))
    if repo is not None and not repo.private and reading and not token.covers(repo):
        return
    if not any(token.may(*name.split(":")) for name in wanted):
        raise Refusal(403, FORBIDDEN, headers=accepted(wanted))


def accepted(wanted: tuple[str, ...]) -> dict[str, str]:
    return {"X-Accepted-GitHub-Permissions": "; ".join(name.replace(":", "=") for name in wanted)}


def _check_user(call: Call, wanted: tuple[str, ...], repo: Repository) -> None:
    role = role_of(call.actor.user, repo) if call.actor.user else "none"
    least = min((_least(call, name) for name in wanted), key=RANK.__getitem__, default="none")
    if any(name.startswith("checks:write") for name in wanted):
        raise Refusal(403, "You must authenticate via a GitHub App.")
    if RANK[role] < RANK[least]:
        raise Refusal(403, "Must have admin rights to Repository." if least == "admin" else "Must have write access to repository")


def _least(call: Call, need: str) -> str:
    name, level = need.split(":")
    if name == "administration" and level == "write":
        return "admin"
    if name in READERS_MAY and not call.template.endswith(("/labels", "/requested_reviewers", "/labels/{name}")):
        return "read"
    return "read" if level == "read" else "triage" if name in READERS_MAY else "write"
