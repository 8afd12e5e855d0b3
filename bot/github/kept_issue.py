"""One issue of ours in a repository, found again and kept as it has to stand.

https://docs.github.com/en/rest/issues/issues
"""

from __future__ import annotations

from collections.abc import Callable

from msgspec import Struct

from bot.github.answers import decoded
from bot.github.facts import RepositoryRef
from bot.github.protocols import Gateway, Kept
from bot.github.publisher_plan import same
from bot.report.lapsing import Stands, is_ours


class _User(Struct, frozen=True):
    login: str


class _Row(Struct, frozen=True):
    number: int
    title: str
    state: str
    body: str | None = None
    user: _User | None = None
    pull_request: dict[str, object] | None = None


def keep(gateway: Gateway, repository: RepositoryRef, own: str, wanted: Callable[[Stands | None], Stands | None]) -> Kept:
    """`wanted`: from how it stands (None: there is none) to how it has to stand (None: as it is). `own`: our login, without which
    nothing is found and nothing written. Raises `Refusal`."""
    if not own:
        return "unchanged"
    root = f"/repos/{repository.full_name}/issues"
    there = _there(gateway, root, own)
    stands = Stands(there.title, there.body or "", there.state == "open") if there else None
    found = wanted(stands)
    if found is None:
        return "unchanged"
    if there is None:
        gateway.create(root, {"title": found.title, "body": found.body}, find=lambda: _there(gateway, root, own))
        return "opened"
    if stands is not None and (stands.title, stands.open) == (found.title, found.open) and same(stands.body, found.body):
        return "unchanged"
    changes = {"title": found.title, "body": found.body, "state": "open" if found.open else "closed"}
    gateway.update(f"{root}/{there.number}", changes)
    return "changed"


def _there(gateway: Gateway, root: str, own: str) -> _Row | None:
    """Ours, the oldest of several. The author is compared: a marker is easily pasted."""
    rows = decoded(gateway.pages(root, {"state": "all", "creator": own, "per_page": 100}), list[_Row])
    ours = [row for row in rows if row.user and row.user.login.lower() == own.lower() and row.pull_request is None]
    return min((row for row in ours if is_ours(row.body or "")), key=lambda row: row.number, default=None)
