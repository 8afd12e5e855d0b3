"""Users, bots, organisations and teams."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING, Any, Literal

from bot.standin import shape
from bot.standin.git import Person
from bot.standin.state import events
from bot.standin.state.ids import locked

if TYPE_CHECKING:
    from threading import RLock

    from bot.standin.state.apps import App
    from bot.standin.state.repository import Content, Repository
    from bot.standin.world import World

Role = Literal["admin", "maintain", "write", "triage", "read", "none"]
RANK: dict[str, int] = {"none": 0, "read": 1, "triage": 2, "write": 3, "maintain": 4, "admin": 5}
AccountKind = Literal["User", "Organization", "Bot"]


class Account:
    """A user, a bot, or (as `Organisation`) an organisation. `app` is set for the bot of an App."""

    def __init__(self, world: World, login: str, kind: AccountKind, app: App | None = None) -> None:
        self.world, self.login, self.kind, self.app = world, login, kind, app
        self.id = world.ids.small()
        self.node_id = world.ids.node(self, self.id)
        self.name = login
        self.created_at = world.clock.moment()
        self.token = f"ghp_{self.id:036d}"

    @property
    def lock(self) -> RLock:
        return self.world.lock

    @property
    def email(self) -> str:
        return f"{self.id}+{self.login}@users.noreply.github.com"

    def person(self) -> Person:
        return Person(self.name, self.email, int(self.world.clock.now()))

    @locked
    def repository(
        self,
        name: str,
        files: Mapping[str, Content] | None = None,
        *,
        private: bool = True,
        by: Account | None = None,
        default_branch: str = "main",
    ) -> Repository:
        """A new repository with one commit when files are given."""
        repo = self.world.new_repository(self, name, private=private, default_branch=default_branch)
        if files is not None:
            repo.commit(files, message="First commit", by=by or self, branch=default_branch)
        return repo


class Organisation(Account):
    """`members`: login → `admin` (owner) or `member`. `base`: what every member may do on every repository."""

    def __init__(self, world: World, login: str) -> None:
        super().__init__(world, login, "Organization")
        self.members: dict[str, Literal["admin", "member"]] = {}
        self.teams: dict[str, Team] = {}
        self.base: Role = "read"

    @locked
    def member(self, user: Account | str, *, owner: bool = False) -> Account:
        account = self.world.user(user) if isinstance(user, str) else user
        self.members[account.login] = "admin" if owner else "member"
        return account

    @locked
    def team(self, slug: str, members: Iterable[Account] = (), *, secret: bool = False, parent: Team | None = None) -> Team:
        team = Team(self, slug, secret=secret)
        if parent is not None:
            parent.children.append(team)
        self.teams[slug] = team
        for account in members:
            self.member(account)
            team.members.add(account.login)
        return team


class Team:
    """`repositories`: repository id → the role its members have there. `invited`: logins whose membership is pending. `children`: teams
    below it, whose members are its own as well: https://docs.github.com/en/rest/teams/members."""

    def __init__(self, organisation: Organisation, slug: str, *, secret: bool) -> None:
        self.organisation, self.slug, self.secret = organisation, slug, secret
        self.world = organisation.world
        self.id = self.world.ids.small()
        self.node_id = self.world.ids.node(self, self.id)
        self.members: set[str] = set()
        self.invited: set[str] = set()
        self.children: list[Team] = []
        self.repositories: dict[int, Role] = {}

    @property
    def everybody(self) -> set[str]:
        """Logins of its members, those of the teams below it included."""
        return self.members.union(*(team.everybody for team in self.children))

    def add(self, account: Account, by: Account | None = None) -> None:
        self.organisation.member(account)
        self.members.add(account.login)
        self._tell("added", account, by)

    def remove(self, account: Account, by: Account | None = None) -> None:
        self.members.discard(account.login)
        self._tell("removed", account, by)

    def _tell(self, action: str, account: Account, by: Account | None) -> None:
        def build(urls: shape.Urls) -> dict[str, Any]:
            return {"scope": "team", "member": shape.user(account, urls), "team": shape.team(self, urls)}

        events.organisation("membership", action, self.organisation, by or self.organisation, build)

    def allow(self, repo: Repository, role: Role = "write") -> Team:
        self.repositories[repo.id] = role
        return self


def role_of(account: Account, repo: Repository) -> Role:
    """What an account may do on a repository, from everything that grants it something."""
    roles: list[Role] = [repo.collaborators.get(account.login, "none"), "none" if repo.private else "read"]
    owner = repo.owner
    if owner is account:
        roles.append("admin")
    if isinstance(owner, Organisation):
        membership = owner.members.get(account.login)
        roles.append("admin" if membership == "admin" else owner.base if membership else "none")
        roles += [team.repositories.get(repo.id, "none") for team in owner.teams.values() if account.login in team.everybody]
    return max(roles, key=lambda role: RANK[role])


def association(account: Account, repo: Repository) -> str:
    """`author_association`: a relationship, not a permission."""
    if repo.owner is account:
        return "OWNER"
    if isinstance(repo.owner, Organisation) and account.login in repo.owner.members:
        return "MEMBER"
    if account.login in repo.collaborators:
        return "COLLABORATOR"
    return "CONTRIBUTOR" if account.login in repo.contributors else "NONE"
