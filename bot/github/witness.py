"""What GitHub kept of our checks and of what people said: the summaries of our check runs on the heads of a repository's pull requests, and
the comments there.

https://docs.github.com/en/rest/checks/runs#list-check-runs-for-a-git-reference
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from typing import Any, Literal
from urllib.parse import quote

from msgspec import Struct

from bot.github.answers import decoded
from bot.github.facts import Account
from bot.github.protocols import Gateway

ROOTS: tuple[tuple[Literal["conversation", "diff"], str], ...] = (("conversation", "issues"), ("diff", "pulls"))


class Checked(Struct, frozen=True):
    """One of our check runs on the head of a pull request."""

    number: int
    head: str
    run: int
    summary: str


class Spoken(Struct, frozen=True):
    """A comment as it stands now. `kind`: in the conversation, or at a line of the diff."""

    kind: Literal["conversation", "diff"]
    id: int
    author: Account
    body: str
    created_at: datetime
    updated_at: datetime


class _User(Struct, frozen=True):
    id: int
    login: str


class _Row(Struct, frozen=True):
    id: int
    created_at: datetime
    updated_at: datetime
    body: str | None = None
    user: _User | None = None


def summaries(gateway: Gateway, full_name: str, app_id: int, most: int) -> Iterator[str]:
    """Of every check run of the App on the heads of the pull requests that changed last, open or not; raises `Refusal`."""
    heads = dict.fromkeys(str(pull["head"]["sha"]) for pull in _pulls(gateway, full_name, most))
    for head in heads:
        for run in _runs(gateway, full_name, app_id, head):
            yield _summary(run)


def checked(gateway: Gateway, full_name: str, app_id: int, most: int) -> Iterator[Checked]:
    """The same with their places, the pull requests that changed last first, and of each the newest run first; raises `Refusal`."""
    for pull in _pulls(gateway, full_name, most):
        head = str(pull["head"]["sha"])
        for run in sorted(_runs(gateway, full_name, app_id, head), key=lambda run: -int(run["id"])):
            yield Checked(int(pull["number"]), head, int(run["id"]), _summary(run))


def spoken(gateway: Gateway, full_name: str, number: int) -> Iterator[Spoken]:
    """Every comment of a pull request whose author is still there, by kind; raises `Refusal`."""
    for kind, root in ROOTS:
        for row in decoded(gateway.pages(f"/repos/{full_name}/{root}/{number}/comments"), list[_Row]):
            if row.user is not None:
                yield Spoken(kind, row.id, Account(row.user.id, row.user.login), row.body or "", row.created_at, row.updated_at)


def _pulls(gateway: Gateway, full_name: str, most: int) -> list[Any]:
    listed: dict[str, str | int] = {"state": "all", "sort": "updated", "direction": "desc"}
    return gateway.pages(f"/repos/{full_name}/pulls", listed, limit=most)[:most]


def _runs(gateway: Gateway, full_name: str, app_id: int, head: str) -> list[Any]:
    wanted: dict[str, str | int] = {"app_id": app_id, "filter": "all"}
    return gateway.pages(f"/repos/{full_name}/commits/{quote(head, safe='')}/check-runs", wanted, key="check_runs")


def _summary(run: Any) -> str:
    return str((run.get("output") or {}).get("summary") or "")
