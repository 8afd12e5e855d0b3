"""Who somebody is for a repository at this moment, who had a hand in a change, and who is asked to look at it."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, get_args

from msgspec import Struct

from bot.engine.authorship.identity import of_address
from bot.engine.authorship.text import read
from bot.engine.authorship.trailers import addresses, trailers
from bot.engine.decisions.question import Permission, Person
from bot.github.answers import decoded
from bot.github.connection import quoted
from bot.github.facts import Account, Hands, PullRequest, RepositoryRef
from bot.github.protocols import Gateway
from bot.github.refusal import Refusal

# https://docs.github.com/en/rest/pulls/pulls#list-commits-on-a-pull-request
MAX_COMMITS = 250
CO_AUTHORS = frozenset({"co-authored-by", "co-developed-by"})
MOST_LOGINS = 10  # addresses of the old form, which name a login, that are looked up


class _User(Struct, frozen=True):
    id: int


class _Permission(Struct, frozen=True):
    permission: str
    role_name: str = ""
    user: _User | None = None


class _Text(Struct, frozen=True):
    message: str = ""


class _Commit(Struct, frozen=True):
    """`author`, `committer`: the accounts that GitHub links; an empty object or null where it links none."""

    sha: str
    commit: _Text
    author: dict[str, Any] | None = None
    committer: dict[str, Any] | None = None


class _Pull(Struct, frozen=True):
    assignees: list[_User] | None = None
    commits: int | None = None


def person(gateway: Gateway, repository: RepositoryRef, account: Account, owners: Iterable[str]) -> Person:
    """The account's permission, and which of the listed teams (`@org/team`) it is an active member of. No call is made for a bot."""
    if account.kind != "User":
        return Person(account.id, account.login, account.kind, "none")
    found = {owner: _is_member(gateway, owner, account.login) for owner in owners if "/" in owner}
    teams = frozenset(owner for owner, member in found.items() if member)
    unread = frozenset(owner for owner, member in found.items() if member is None)
    return Person(account.id, account.login, account.kind, _permission(gateway, repository, account), teams, unread)


def hands(gateway: Gateway, pull: PullRequest) -> Hands:
    """Who committed, and whose addresses stand in trailers; two calls up to a hundred commits."""
    root = f"/repos/{pull.repository.full_name}/pulls/{pull.number}"
    told = decoded(gateway.get(root), _Pull)
    rows = decoded(gateway.pages(f"{root}/commits", limit=MAX_COMMITS), list[_Commit])
    linked = {int(who["id"]) for row in rows for who in (row.author, row.committer) if who and who.get("id")}
    named, whole = _co_authors(gateway, (row.commit.message for row in rows))
    return Hands(
        committers=frozenset(linked),
        co_authors=named,
        assignees=frozenset(user.id for user in told.assignees or ()),
        shas=tuple(row.sha for row in rows),
        complete=whole and (len(rows) == told.commits if told.commits is not None else len(rows) < MAX_COMMITS),
    )


def request(gateway: Gateway, pull: PullRequest, owner: str) -> bool:
    """Asks an account or a team of the repository's organisation for a review; False where GitHub does not let us ask them.

    https://docs.github.com/en/rest/pulls/review-requests
    """
    organisation, slash, team = owner.removeprefix("@").partition("/")
    if slash and organisation.lower() != pull.repository.full_name.partition("/")[0].lower():
        return False
    body = {"team_reviewers": [team]} if slash else {"reviewers": [organisation]}
    path = f"/repos/{pull.repository.full_name}/pulls/{pull.number}/requested_reviewers"
    try:
        gateway.create(path, body, find=lambda: None)
    except Refusal as refusal:
        if refusal.passing:
            raise
        return False
    return True


def _permission(gateway: Gateway, repository: RepositoryRef, account: Account) -> Permission:
    """`permission` folds maintain into write and triage into read; `role_name` may be a role that the organisation made.

    https://docs.github.com/en/rest/collaborators/collaborators#get-repository-permissions-for-a-user
    """
    try:
        row = decoded(gateway.get(f"/repos/{repository.full_name}/collaborators/{quoted(account.login)}/permission"), _Permission)
    except Refusal as refusal:
        if refusal.kind != "not-found":
            raise
        return "none"
    if row.user is not None and row.user.id != account.id:  # the login is somebody else's by now
        return "none"
    told = row.role_name if row.role_name in get_args(Permission) else row.permission
    return told if told in get_args(Permission) else "none"  # type: ignore[return-value]  # one of them


def _is_member(gateway: Gateway, owner: str, login: str) -> bool | None:
    """None where that cannot be told, because the App may not read the team or there is none of this name: GitHub answers 404 for that, as
    it does for a stranger. Members of child teams are members too; who was only invited is pending.

    https://docs.github.com/en/rest/teams/members#get-team-membership-for-a-user
    """
    organisation, _, team = owner.removeprefix("@").partition("/")
    path = f"/orgs/{quoted(organisation)}/teams/{quoted(team)}"
    membership = _there(gateway, f"{path}/memberships/{quoted(login)}")
    if membership is None:
        return False if _there(gateway, path) is not None else None
    return membership.get("state") == "active"


def _there(gateway: Gateway, path: str) -> dict[str, Any] | None:
    """What stands there; None where nothing does, or we may not see it. Raises `Refusal` for everything else."""
    try:
        found = gateway.get(path)
    except Refusal as refusal:
        if refusal.kind not in ("not-found", "forbidden"):
            raise
        return None
    return found if isinstance(found, dict) else None


def _co_authors(gateway: Gateway, messages: Iterable[str]) -> tuple[frozenset[int], bool]:
    """The accounts behind the addresses, and whether all that name a login could be looked up."""
    found: set[int] = set()
    logins: set[str] = set()
    for message in messages:
        for trailer in trailers(read(message).lines, CO_AUTHORS):
            for who in map(of_address, addresses(trailer.value) if trailer.key in CO_AUTHORS else ()):
                found |= {who.account} if who.account is not None else set()
                logins |= {who.login} if who.account is None and who.login else set()
    known = {_number(gateway, login) for login in sorted(logins)[:MOST_LOGINS]}
    return frozenset(found | known) - {0}, len(logins) <= MOST_LOGINS


def _number(gateway: Gateway, login: str) -> int:
    """0 for nobody's."""
    try:
        return decoded(gateway.get(f"/users/{quoted(login)}"), _User).id
    except Refusal as refusal:
        if refusal.kind != "not-found":
            raise
        return 0
