"""The App and its installations as GitHub describes them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import msgspec
from msgspec import Struct

from bot.github.answers import decoded
from bot.github.facts import Account


class Registration(Struct, frozen=True):
    """The App. `permissions`: name to `read`, `write` or `admin`, as asked for; `events`: those it subscribes to."""

    id: int = 0
    slug: str = ""
    name: str = ""
    html_url: str = ""
    permissions: Mapping[str, str] = {}
    events: tuple[str, ...] = ()
    installations_count: int | None = None


class Installation(Struct, frozen=True):
    """One installation. `permissions`: as granted, which may lag behind what the App asks for. `all_repositories`: or only chosen ones."""

    id: int
    account: Account
    permissions: Mapping[str, str] = {}
    events: tuple[str, ...] = ()
    all_repositories: bool = True
    suspended: bool = False


class _Account(Struct):
    id: int = 0
    login: str = ""
    type: str = "Unknown"
    slug: str = ""  # an enterprise has one instead of a login


class _Installation(Struct):
    id: int
    account: _Account | None = None
    permissions: dict[str, str] = {}
    events: tuple[str, ...] = ()
    repository_selection: str = "all"
    suspended_at: Any = None


def registration(body: Any) -> Registration:
    """From `GET /app`. Raises `Refusal` when it is not one."""
    return decoded(body, Registration)


def installation(body: Any) -> Installation:
    """From an item of `GET /app/installations`. Raises `Refusal` when it is not one."""
    found = decoded(body, _Installation)
    account = found.account or _Account()
    return Installation(
        found.id,
        msgspec.convert({"id": account.id, "login": account.login or account.slug, "kind": kind_of(account.type)}, Account),
        found.permissions,
        found.events,
        found.repository_selection == "all",
        found.suspended_at is not None,
    )


def kind_of(kind: str) -> str:
    """A type of account as `Account.kind` has it."""
    return kind if kind in ("User", "Bot", "Organization", "Mannequin") else "Unknown"
