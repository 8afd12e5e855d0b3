"""What came in, stored with its entry in the repository's chain, in the transaction of whoever takes it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any, Protocol

import sqlalchemy as sa
from msgspec import Struct

from bot.ledger.chain import append, lock
from bot.ledger.database import prepared
from bot.ledger.entry import Event
from bot.ledger.pushers import noted
from bot.ledger.schema import deliveries as table
from bot.ledger.schema import evaluations

ANEW = 100  # more than anything is tried
REQUIRED = "countersign"  # the check of a branch that is protected; of others it has another name


class Delivery(Struct, frozen=True):
    """`guid`: GitHub's, or one of ours for work that no delivery asked for. `work`: encoded by the caller. `background`: can wait.

    `pusher`: the account that moved the head of the pull request by what is told here, or pushed the commit `head` to a branch; 0: none.
    `digest`: of the body that came, empty for one of ours. What came is recorded in the repository's chain.
    `landed`: for a push to a branch, what of it is to be recorded, where the branch is protected. `default`: it is the default branch.
    """

    guid: str
    event: str
    digest: str
    kind: str
    installation_id: int
    repository_id: int
    number: int | None
    work: bytes
    background: bool = False
    pusher: int = 0
    head: str = ""
    landed: Mapping[str, Any] = {}
    default: bool = False


class Known(Protocol):
    """What is known of a delivery that came before."""

    @property
    def state(self) -> str: ...

    @property
    def tries(self) -> int: ...


STORED = [name for name in Delivery.__struct_fields__ if name in table.c]
KNOWN = prepared(lambda of_guids: sa.select(table.c.guid, table.c.state, table.c.tries).where(table.c.guid.in_(of_guids)))
ENDED = prepared(
    lambda of_digests: sa.select(table.c.digest, table.c.guid).where(table.c.digest.in_(of_digests), table.c.state.in_(("done", "ignored")))
)
CHANGED = prepared(lambda of_guid: sa.update(table).where(table.c.guid == of_guid))
ADDED = sa.insert(table).returning(table.c.id)


class Taking:
    """Several that came, in order, within one transaction: what is known of them is asked for once. What is `ended` came before under
    another name, and is done: the signature covers the body, not the name."""

    def __init__(self, connection: sa.Connection, deliveries: Sequence[Delivery], now: datetime) -> None:
        self._connection, self._deliveries, self._now = connection, deliveries, now
        lock(connection, (item.repository_id for item in deliveries if item.digest))
        self._known: dict[str, Known] = {
            row.guid: row for row in connection.execute(KNOWN, {"of_guids": [item.guid for item in deliveries]})
        }
        self._ended: dict[str, set[str]] = {}
        for row in connection.execute(ENDED, {"of_digests": [item.digest for item in deliveries]}):
            self._ended.setdefault(row.digest, set()).add(row.guid)

    def taken(self) -> tuple[bool, ...]:
        """Of each, whether there is something to do."""
        return tuple(self._take(item) for item in self._deliveries)

    def _take(self, item: Delivery) -> bool:
        if self._ended.get(item.digest, set()) - {item.guid}:
            return False
        known = self._known.get(item.guid)
        new = store(self._connection, item, known, self._now)
        if new:
            self._known[item.guid] = _Row("stored")
        elif known is None:
            self._known[item.guid] = _Row("ignored")
            self._ended.setdefault(item.digest, set()).add(item.guid)
        return new


class _Row(Struct, frozen=True):
    """Of one that came a moment before."""

    state: str
    tries: int = 0


def store(connection: sa.Connection, delivery: Delivery, known: Known | None, now: datetime) -> bool:
    """Whether there is something to do. `known`: its row, where it came before; one that failed begins anew."""
    place = delivery.head if delivery.number is None else delivery.number
    if delivery.pusher and place:
        noted(connection, delivery.repository_id, place, delivery.pusher)
    if known is None:
        ignored = delivery.kind == "ignore"
        fixed = {"tries": 0, "executor": "", "version": "", "reason": "", "received_at": now, "changed_at": now}
        values = {name: getattr(delivery, name) for name in STORED}
        made = connection.execute(ADDED, {**values, **fixed, "state": "ignored" if ignored else "stored"})
        _record(connection, delivery, int(made.scalar_one()), now)
        return not ignored
    if known.state != "failed":
        return False
    tries = (known.tries // ANEW + 1) * ANEW
    again = {"state": "stored", "tries": tries, "changed_at": now, "not_before": None, "work": delivery.work, "pruned_at": None}
    connection.execute(CHANGED, {"of_guid": delivery.guid, **again})
    return True


def _record(connection: sa.Connection, delivery: Delivery, row: int, now: datetime) -> None:
    if not delivery.digest:
        return
    content = {name: getattr(delivery, name) for name in ("guid", "event", "digest", "kind")}
    append(connection, Event(delivery.repository_id, "delivery", content, delivery.number, row), now)
    if delivery.landed and (delivery.default or _required(connection, delivery.repository_id, str(delivery.landed.get("branch")))):
        append(connection, Event(delivery.repository_id, "push", delivery.landed, None, row), now)


def _required(connection: sa.Connection, repository_id: int, branch: str) -> bool:
    """Whether a pull request to that branch was seen to need our check: GitHub is not asked for each push to any branch."""
    here = (evaluations.c.repository_id == repository_id, evaluations.c.base_ref == branch, evaluations.c.check_name == REQUIRED)
    return connection.execute(sa.select(evaluations.c.id).where(*here).limit(1)).scalar() is not None
