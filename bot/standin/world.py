"""Everything the stand-in holds, found by name or number."""

from __future__ import annotations

import secrets
import threading
from collections import Counter
from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING, Any

from bot.standin import contract
from bot.standin.clock import Clock
from bot.standin.faults import Faults
from bot.standin.limits import Limits
from bot.standin.manifests import Manifests
from bot.standin.shape.urls import Urls
from bot.standin.state import accounts, apps, repository
from bot.standin.state.deliveries import Outbox
from bot.standin.state.ids import Ids, locked

if TYPE_CHECKING:
    from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey

    from bot.standin.calls import Actor
    from bot.standin.state.accounts import Account, Organisation
    from bot.standin.state.apps import App, Installation, Token
    from bot.standin.state.pulls import PullRequest
    from bot.standin.state.repository import Repository


class Log:
    """What happened, for a test to look at.

    `calls`: (method, template or path, status, caller) of every request, in order. `unsupported`: endpoints and GraphQL fields that
    are not there. `refused`: requests that did not fit the published schema. `untrue` (strict only): our own answers and payloads
    that did not. `crashes`: faults of the stand-in itself, answered with 500.
    """

    def __init__(self) -> None:
        self.calls: list[tuple[str, str, int, str]] = []
        self.unsupported: list[str] = []
        self.refused: list[tuple[str, list[tuple[str, str]]]] = []
        self.untrue: list[str] = []
        self.crashes: list[str] = []


class World(Log):
    """`ghes`: addresses under /api/v3 in payloads. `strict`: hold own answers and payloads against the published schemas too."""

    def __init__(self, *, ghes: bool = False, strict: bool = False) -> None:
        super().__init__()
        self.ghes, self.strict = ghes, strict
        self.lock = threading.RLock()
        self.clock, self.ids, self.limits, self.faults = Clock(), Ids(), Limits(), Faults()
        self.limits.enabled = not ghes
        self.private_mode = False
        self.key: RSAPrivateKey | None = None
        self.accounts: dict[str, Account] = {}
        self.apps: dict[int, App] = {}
        self.installations: dict[int, Installation] = {}
        self.repositories: dict[int, Repository] = {}
        self.tokens: dict[str, Token] = {}
        self.outbox = Outbox(self)
        self.manifests = Manifests(self)
        self.tree_limits = (100_000, 7 * 1024 * 1024)
        self.url = "http://127.0.0.1:0"
        self._names: dict[str, int] = {}
        self._lent: dict[str, tuple[bytes, float]] = {}

    def urls(self) -> Urls:
        return Urls(f"{self.url}/api/v3" if self.ghes else self.url, self.url)

    # Making

    @locked
    def user(self, login: str, *, name: str | None = None) -> Account:
        """The user of this name, made when there is none."""
        known = self.accounts.get(login.lower())
        if known is None:
            known = accounts.Account(self, login, "User")
            known.name = name or login
            self.accounts[login.lower()] = known
        return known

    @locked
    def bot(self, login: str) -> Account:
        """A bot account that is not an App of ours: `renovate[bot]`."""
        if login.lower() not in self.accounts:
            self.accounts[login.lower()] = accounts.Account(self, login, "Bot")
        return self.accounts[login.lower()]

    @locked
    def organisation(self, login: str) -> Organisation:
        known = self.accounts.get(login.lower())
        if not isinstance(known, accounts.Organisation):
            known = accounts.Organisation(self, login)
            self.accounts[login.lower()] = known
        return known

    @locked
    def app(
        self,
        name: str = "countersign",
        *,
        permissions: Mapping[str, str] | None = None,
        events: Iterable[str] = (),
        webhook_url: str | None = None,
        owner: Account | None = None,
    ) -> App:
        made = apps.App(self, name, owner or self.user("operator"), permissions or {}, events, webhook_url)
        self.apps[made.id] = made
        return made

    def new_repository(self, owner: Account, name: str, *, private: bool, default_branch: str) -> Repository:
        made = repository.Repository(self, owner, name, private=private, default_branch=default_branch)
        self.add_repository(made)
        return made

    def add_repository(self, repo: Repository) -> None:
        self.repositories[repo.id] = repo
        self._names[repo.full_name.lower()] = repo.id

    def rename(self, repo: Repository, name: str) -> None:
        repo.name = name
        self._names[repo.full_name.lower()] = repo.id

    def forget(self, repo: Repository) -> None:
        self.repositories.pop(repo.id, None)

    # Finding

    def find_repository(self, owner: str, name: str) -> Repository | None:
        """By its present name, or one that redirects to it."""
        return self.repositories.get(self._names.get(f"{owner}/{name}".lower(), 0))

    def pulls_from(self, repo: Repository, branch: str) -> list[PullRequest]:
        """Open pull requests, in any repository of the network, whose head is that branch."""
        network = [other for other in self.repositories.values() if other.store is repo.store]
        return [pull for other in network for pull in other.pulls if pull.is_open and pull.head_source is repo and pull.head_ref == branch]

    def by_email(self, email: str) -> Account | None:
        """The account GitHub links a commit to."""
        number, plus, _ = email.partition("+")
        known = self.accounts.values()
        return next((account for account in known if account.email == email or (plus and str(account.id) == number)), None)

    def association(self, account: Account, repo: Repository) -> str:
        return accounts.association(account, repo)

    # Watching

    def lend(self, data: bytes, seconds: float) -> str:
        """A short-lived address for bytes."""
        code = secrets.token_hex(16)
        self._lent[code] = (data, self.clock.now() + seconds)
        return code

    def lent(self, code: str) -> bytes | None:
        data, until = self._lent.get(code, (b"", 0.0))
        return data if until > self.clock.now() else None

    def record(self, method: str, template: str, status: int, actor: Actor | None) -> None:
        self.calls.append((method, template, status, actor.holder if actor else "nobody"))

    def payloads_seen(self, event: str, action: str | None, payload: dict[str, Any]) -> None:
        """In strict mode every payload is held against the published webhook schema."""
        if self.strict:
            name = f"{event}-{action}".replace("_", "-") if action else event.replace("_", "-")
            found = contract.problems(name, "payload", payload)
            self.untrue += [f"{name} {place}: {text}" for place, text in found if not contract.known_difference(place, text)]

    def counted(self) -> Counter[str]:
        """Calls by `METHOD template`."""
        return Counter(f"{method} {template}" for method, template, _, _ in self.calls)
