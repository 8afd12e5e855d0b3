"""Apps, their installations and the tokens these are given."""

from __future__ import annotations

import secrets
from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import TYPE_CHECKING

from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat

from bot.standin.state import events
from bot.standin.state.accounts import Account
from bot.standin.state.ids import locked

if TYPE_CHECKING:
    from threading import RLock

    from bot.standin.state.repository import Repository
    from bot.standin.world import World

LEVEL = {"none": 0, "read": 1, "write": 2, "admin": 3}
TOKEN_SECONDS = 3600


class App:
    """A registered App. `webhook_url` None or `hook_active` False: GitHub records no deliveries."""

    def __init__(
        self,
        world: World,
        name: str,
        owner: Account,
        permissions: Mapping[str, str],
        subscribed: Iterable[str],
        webhook_url: str | None,
    ) -> None:
        self.world, self.name, self.owner = world, name, owner
        self.slug = name.lower().replace(" ", "-")
        self.id = world.ids.small()
        self.node_id = world.ids.node(self, self.id)
        self.client_id = f"Iv23{secrets.token_hex(8)}"
        self.client_secret = secrets.token_hex(20)
        self.webhook_secret = secrets.token_hex(20)
        self.permissions = {"metadata": "read", **permissions}
        self.events = tuple(subscribed)
        self.webhook_url, self.hook_active = webhook_url, webhook_url is not None
        self.hook_id = world.ids.small()
        self.external_url = f"https://{self.slug}.example"
        self.description: str | None = None
        self.setup_url: str | None = None
        self.public = False
        self.created_at = world.clock.moment()
        self.installations: dict[int, Installation] = {}
        self.bot = Account(world, f"{self.slug}[bot]", "Bot", self)
        world.accounts[self.bot.login.lower()] = self.bot
        key = world.key or rsa.generate_private_key(public_exponent=65537, key_size=2048)
        self.public_key = key.public_key()
        self.pem = key.private_bytes(Encoding.PEM, PrivateFormat.TraditionalOpenSSL, NoEncryption()).decode()

    @property
    def lock(self) -> RLock:
        return self.world.lock

    @locked
    def install(self, account: Account, repositories: Iterable[Repository] | None = None, by: Account | None = None) -> Installation:
        """On all repositories of an account, or on those given. Delivers `installation.created`."""
        installation = Installation(self, account, None if repositories is None else {repo.id for repo in repositories})
        self.installations[installation.id] = installation
        self.world.installations[installation.id] = installation
        events.installation(installation, "created", by or account)
        return installation

    @locked
    def ask(self, permissions: Mapping[str, str], subscribed: Iterable[str] | None = None) -> None:
        """Change what the App asks for. Each installation keeps the old set until it accepts."""
        self.permissions = {"metadata": "read", **permissions}
        self.events = self.events if subscribed is None else tuple(subscribed)
        for installation in self.installations.values():
            narrowed = {name: level for name, level in installation.permissions.items() if name in self.permissions}
            installation.permissions = narrowed

    @locked
    def ping(self) -> None:
        """The delivery that follows the making of a webhook."""
        events.ping(self)


class Installation:
    """`selected`: ids of the repositories chosen, None for all of the account."""

    def __init__(self, app: App, account: Account, selected: set[int] | None) -> None:
        self.app, self.account, self.selected, self.world = app, account, selected, app.world
        self.id = self.world.ids.small()
        self.permissions: dict[str, str] = dict(app.permissions)
        self.events = app.events
        self.created_at = self.updated_at = self.world.clock.moment()
        self.suspended_at: datetime | None = None
        self.suspended_by: Account | None = None
        self.deleted = False

    @property
    def lock(self) -> RLock:
        return self.world.lock

    @property
    def pending(self) -> dict[str, str]:
        """Permissions the App asks for and the account has not granted yet."""
        return {name: level for name, level in self.app.permissions.items() if LEVEL[level] > LEVEL[self.permissions.get(name, "none")]}

    def covers(self, repo: Repository) -> bool:
        return not self.deleted and repo.owner is self.account and (self.selected is None or repo.id in self.selected)

    def may(self, permission: str, level: str = "read") -> bool:
        return LEVEL[self.permissions.get(permission, "none")] >= LEVEL[level]

    def repositories(self) -> list[Repository]:
        return [repo for repo in self.world.repositories.values() if self.covers(repo)]

    @locked
    def accept(self, by: Account | None = None) -> None:
        self.permissions, self.events = dict(self.app.permissions), self.app.events
        events.installation(self, "new_permissions_accepted", by or self.account)

    @locked
    def suspend(self, by: Account | None = None) -> None:
        self.suspended_at, self.suspended_by = self.world.clock.moment(), by or self.account
        events.installation(self, "suspend", by or self.account)

    @locked
    def unsuspend(self, by: Account | None = None) -> None:
        self.suspended_at = self.suspended_by = None
        events.installation(self, "unsuspend", by or self.account)

    @locked
    def delete(self, by: Account | None = None) -> None:
        events.installation(self, "deleted", by or self.account)
        self.deleted = True
        self.app.installations.pop(self.id, None)
        self.world.installations.pop(self.id, None)
        self.world.tokens = {text: token for text, token in self.world.tokens.items() if token.installation is not self}

    @locked
    def select(self, add: Iterable[Repository] = (), remove: Iterable[Repository] = (), by: Account | None = None) -> None:
        """Change the chosen repositories. Delivers `installation_repositories`."""
        added, removed = list(add), list(remove)
        chosen = self.selected if self.selected is not None else {repo.id for repo in self.repositories()}
        self.selected = (chosen | {repo.id for repo in added}) - {repo.id for repo in removed}
        for action, repos in (("added", added), ("removed", removed)):
            if repos:
                events.installation_repositories(self, action, repos, by or self.account)


class Token:
    """An installation token; `repository_ids` None: all that the installation covers."""

    def __init__(self, installation: Installation, permissions: dict[str, str], repository_ids: set[int] | None) -> None:
        self.installation, self.permissions, self.repository_ids = installation, permissions, repository_ids
        self.text = token_text(installation.app.id)
        self.expires_at = installation.world.clock.after(TOKEN_SECONDS)

    def covers(self, repo: Repository) -> bool:
        return self.installation.covers(repo) and (self.repository_ids is None or repo.id in self.repository_ids)

    def may(self, permission: str, level: str) -> bool:
        granted = min(
            self.permissions.get(permission, "none"), self.installation.permissions.get(permission, "none"), key=LEVEL.__getitem__
        )
        return LEVEL[granted] >= LEVEL[level]


def token_text(app_id: int) -> str:
    """The form since April 2026: `ghs_<app>_<header>.<claims>.<signature>`, about 520 characters."""
    return f"ghs_{app_id}_{secrets.token_urlsafe(27)}.{secrets.token_urlsafe(210)}.{secrets.token_urlsafe(140)}"
