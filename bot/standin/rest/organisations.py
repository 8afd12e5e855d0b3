"""Accounts, organisations, teams."""

from __future__ import annotations

from typing import Any

from bot.standin import shape
from bot.standin.calls import Answer, Call, Refusal, not_found
from bot.standin.rest.routing import route
from bot.standin.state.accounts import Organisation, Team

ORG = "/orgs/{org}"
MEMBERS = ("members:read",)
PERMISSIONS = {"admin": "admin", "maintain": "maintain", "write": "push", "triage": "triage", "read": "pull", "none": "pull"}


@route("GET /user", needs=())
def me(call: Call) -> Any:
    if call.actor.user is None:
        raise Refusal(403, "Resource not accessible by integration")
    counts = dict.fromkeys(("total_private_repos", "owned_private_repos", "private_gists", "disk_usage", "collaborators"), 0)
    return shape.user_full(call.actor.user, call.urls) | counts | {"two_factor_authentication": True}


@route("GET /users/{username}", needs=())
def get_user(call: Call) -> Any:
    account = call.world.accounts.get(call.params["username"].lower())
    if account is None:
        raise not_found()
    return shape.user_full(account, call.urls)


def _organisation(call: Call) -> Organisation:
    account = call.world.accounts.get(call.params["org"].lower())
    if not isinstance(account, Organisation):
        raise not_found()
    return account


@route(f"GET {ORG}", needs=())
def get_organisation(call: Call) -> Any:
    return shape.organisation_full(_organisation(call), call.urls)


@route(f"GET {ORG}/members/{{username}}", needs=MEMBERS)
def is_member(call: Call) -> Answer:
    found = _organisation(call).members.get(_login(call))
    if found is None:
        raise not_found()
    return Answer(204)


def _login(call: Call) -> str:
    account = call.world.accounts.get(call.params["username"].lower())
    if account is None:
        raise not_found()
    return account.login


@route(f"GET {ORG}/memberships/{{username}}", needs=MEMBERS)
def membership(call: Call) -> Any:
    organisation, login = _organisation(call), _login(call)
    if login not in organisation.members:
        raise not_found()
    return {
        "url": f"{call.urls.api}/orgs/{organisation.login}/memberships/{login}",
        "state": "active",
        "role": organisation.members[login],
        "organization_url": f"{call.urls.api}/orgs/{organisation.login}",
        "organization": shape.organisation_simple(organisation, call.urls),
        "user": shape.user(call.world.accounts[login.lower()], call.urls),
    }


def _team(call: Call) -> Team:
    found = _organisation(call).teams.get(call.params["team_slug"])
    if found is None:
        raise not_found()
    return found


@route(f"GET {ORG}/teams/{{team_slug}}", needs=MEMBERS)
def get_team(call: Call) -> Any:
    return shape.team_full(_team(call), call.urls)


@route(f"GET {ORG}/teams/{{team_slug}}/members", needs=MEMBERS)
def team_members(call: Call) -> Answer:
    return call.paged([shape.user(call.world.accounts[login.lower()], call.urls) for login in sorted(_team(call).everybody)])


@route(f"GET {ORG}/teams/{{team_slug}}/memberships/{{username}}", needs=MEMBERS)
def team_membership(call: Call) -> Any:
    team, login = _team(call), _login(call)
    if login not in team.everybody | team.invited:
        raise not_found()
    url = f"{call.urls.api}/organizations/{team.organisation.id}/team/{team.id}/memberships/{login}"
    return {"url": url, "role": "member", "state": "active" if login in team.everybody else "pending"}


@route(f"GET {ORG}/teams/{{team_slug}}/repos/{{owner}}/{{repo}}", needs=MEMBERS)
def team_repository(call: Call) -> Any:
    """204 without the media type that asks for the repository."""
    role = _team(call).repositories.get(call.repo.id)
    if role is None:
        raise not_found()
    if "repository" not in call.request.headers.get("accept", ""):
        return Answer(204)
    granted = PERMISSIONS[role]
    order = ["pull", "triage", "push", "maintain", "admin"]
    permissions = {name: order.index(name) <= order.index(granted) for name in order}
    return shape.repository(call.repo, call.urls) | {"permissions": permissions, "role_name": role}


@route("GET /repos/{owner}/{repo}/teams")
def repository_teams(call: Call) -> Answer:
    owner = call.repo.owner
    teams = owner.teams.values() if isinstance(owner, Organisation) else ()
    found = [(team, team.repositories[call.repo.id]) for team in teams if call.repo.id in team.repositories]
    return call.paged([shape.team(team, call.urls) | {"permission": PERMISSIONS[role]} for team, role in found])
