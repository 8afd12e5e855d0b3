"""Accounts, teams, labels."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from bot.standin.clock import iso

if TYPE_CHECKING:
    from bot.standin.shape.urls import Urls
    from bot.standin.state.accounts import Account, Organisation, Team
    from bot.standin.state.issues import Label


def user(account: Account, urls: Urls) -> dict[str, Any]:
    api = f"{urls.api}/users/{account.login}"
    return {
        "login": account.login,
        "id": account.id,
        "node_id": account.node_id,
        "avatar_url": f"{urls.html}/avatars/{account.id}",
        "gravatar_id": "",
        "url": api,
        "html_url": f"{urls.html}/{account.login}" if account.app is None else f"{urls.html}/apps/{account.app.slug}",
        "followers_url": f"{api}/followers",
        "following_url": f"{api}/following{{/other_user}}",
        "gists_url": f"{api}/gists{{/gist_id}}",
        "starred_url": f"{api}/starred{{/owner}}{{/repo}}",
        "subscriptions_url": f"{api}/subscriptions",
        "organizations_url": f"{api}/orgs",
        "repos_url": f"{api}/repos",
        "events_url": f"{api}/events{{/privacy}}",
        "received_events_url": f"{api}/received_events",
        "type": account.kind,
        "site_admin": False,
        "user_view_type": "public",
    }


def user_full(account: Account, urls: Urls) -> dict[str, Any]:
    blank = dict.fromkeys(("company", "location", "email", "hireable", "bio", "twitter_username"))
    numbers = {"public_repos": 0, "public_gists": 0, "followers": 0, "following": 0}
    times = {"created_at": iso(account.created_at), "updated_at": iso(account.created_at)}
    return user(account, urls) | {"name": account.name, "blog": "", **blank, **numbers, **times}


def organisation_simple(account: Account, urls: Urls) -> dict[str, Any]:
    api = f"{urls.api}/orgs/{account.login}"
    return {
        "login": account.login,
        "id": account.id,
        "node_id": account.node_id,
        "url": api,
        "repos_url": f"{api}/repos",
        "events_url": f"{api}/events",
        "hooks_url": f"{api}/hooks",
        "issues_url": f"{api}/issues",
        "members_url": f"{api}/members{{/member}}",
        "public_members_url": f"{api}/public_members{{/member}}",
        "avatar_url": f"{urls.html}/avatars/{account.id}",
        "description": None,
    }


def organisation_full(account: Organisation, urls: Urls) -> dict[str, Any]:
    return organisation_simple(account, urls) | {
        "html_url": f"{urls.html}/{account.login}",
        "has_organization_projects": True,
        "has_repository_projects": True,
        "public_repos": 0,
        "public_gists": 0,
        "followers": 0,
        "following": 0,
        "type": "Organization",
        "default_repository_permission": account.base,
        "created_at": iso(account.created_at),
        "updated_at": iso(account.created_at),
        "archived_at": None,
    }


def team(group: Team, urls: Urls) -> dict[str, Any]:
    organisation = group.organisation
    api = f"{urls.api}/organizations/{organisation.id}/team/{group.id}"
    return {
        "name": group.slug,
        "id": group.id,
        "node_id": group.node_id,
        "slug": group.slug,
        "description": None,
        "privacy": "secret" if group.secret else "closed",
        "notification_setting": "notifications_enabled",
        "url": api,
        "html_url": f"{urls.html}/orgs/{organisation.login}/teams/{group.slug}",
        "members_url": f"{api}/members{{/member}}",
        "repositories_url": f"{api}/repos",
        "permission": "pull",
        "parent": None,
        "type": "organization",
        "organization_id": organisation.id,
    }


def team_full(group: Team, urls: Urls) -> dict[str, Any]:
    when = iso(group.organisation.created_at)
    counts = {"members_count": len(group.members), "repos_count": len(group.repositories)}
    return team(group, urls) | {
        "created_at": when,
        "updated_at": when,
        **counts,
        "organization": organisation_full(group.organisation, urls),
    }


def label(made: Label, urls: Urls) -> dict[str, Any]:
    return {
        "id": made.id,
        "node_id": made.node_id,
        "url": f"{urls.repo(made.repository)}/labels/{made.name}",
        "name": made.name,
        "color": made.color,
        "default": False,
        "description": made.description,
    }
