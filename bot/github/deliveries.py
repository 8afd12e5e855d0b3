"""What GitHub sent to the App, as GitHub remembers it: found again when it was lost, read when there is no address to send to.

GitHub never sends a delivery twice by itself; it keeps the list for three days, on an Enterprise Server for seven.
https://docs.github.com/en/webhooks/testing-and-troubleshooting-webhooks/redelivering-webhooks
"""

from __future__ import annotations

from collections.abc import Collection, Iterable
from datetime import datetime, timedelta
from typing import Any

import msgspec
from msgspec import Struct

from bot.github.answers import decoded
from bot.github.gateway import InstallationGateway

LIST = "/app/hook/deliveries"
# How often a delivery is sent in all before it is left to a person: one that we cannot take must not come for ever.
MAX_ATTEMPTS = 5
# After an attempt GitHub, and we, get this long; then twice as long after each further one.
FIRST_WAIT = timedelta(minutes=1)
MAX_LISTED = 20_000


class Attempt(Struct, frozen=True):
    """One attempt to deliver. `guid` is the same for every attempt of a delivery. `status`: `OK`, or a sentence."""

    id: int
    guid: str
    delivered_at: datetime
    event: str
    status: str = ""
    status_code: int = 0
    redelivery: bool = False
    action: str | None = None
    installation_id: int | None = None
    repository_id: int | None = None
    throttled_at: datetime | None = None

    @property
    def arrived(self) -> bool:
        """Whether we answered it with a success."""
        return self.status == "OK" or 200 <= self.status_code < 300


class Delivery(Struct, frozen=True):
    """A delivery with its attempts, newest first."""

    guid: str
    attempts: tuple[Attempt, ...]

    @property
    def newest(self) -> Attempt:
        return self.attempts[0]

    @property
    def arrived(self) -> bool:
        return any(attempt.arrived for attempt in self.attempts)


class Lost(Struct, frozen=True):
    """What did not arrive. `due`: to be sent again now. `waiting`: sent a moment ago. `given_up`: failed too often; a person is told."""

    due: tuple[Delivery, ...] = ()
    waiting: tuple[Delivery, ...] = ()
    given_up: tuple[Delivery, ...] = ()


class Content(Struct, frozen=True):
    """`body`: the payload as JSON; its bytes are not those that GitHub signed. It came over the App's own authentication instead."""

    guid: str
    event: str
    body: bytes


class _Request(Struct):
    payload: dict[str, Any]


class _Full(Struct):
    guid: str
    event: str
    request: _Request


def listed(as_app: InstallationGateway, since: datetime) -> tuple[Attempt, ...]:
    """The attempts since a time, newest first. Who polls overlaps the times and drops GUIDs it has: the list fills up out of order.

    Raises `Refusal`.

    https://docs.github.com/en/rest/apps/webhooks#list-deliveries-for-an-app-webhook
    """
    found: list[Attempt] = []
    for page in as_app.each_page(LIST):
        for attempt in decoded(page, list[Attempt]):
            if attempt.delivered_at < since or len(found) >= MAX_LISTED:
                return tuple(found)
            found.append(attempt)
    return tuple(found)


def grouped(attempts: Iterable[Attempt]) -> tuple[Delivery, ...]:
    """By delivery, the one with the newest attempt first."""
    groups: dict[str, list[Attempt]] = {}
    for attempt in sorted(attempts, key=lambda one: (one.delivered_at, one.id), reverse=True):
        groups.setdefault(attempt.guid, []).append(attempt)
    return tuple(Delivery(guid, tuple(group)) for guid, group in groups.items())


def lost(deliveries: Iterable[Delivery], done: Collection[str], now: datetime) -> Lost:
    """Those of which no attempt arrived and whose work is not done. `done`: GUIDs that we have, in whatever way they came."""
    due: list[Delivery] = []
    waiting: list[Delivery] = []
    given_up: list[Delivery] = []
    for delivery in deliveries:
        if delivery.arrived or delivery.guid in done:
            continue
        tried = len(delivery.attempts)
        soon = now - _last_moment(delivery) < FIRST_WAIT * 2 ** (tried - 1)
        (given_up if tried >= MAX_ATTEMPTS else waiting if soon else due).append(delivery)
    return Lost(tuple(due), tuple(waiting), tuple(given_up))


def content(as_app: InstallationGateway, attempt: Attempt) -> Content:
    """What was, or was to be, delivered. Raises `Refusal`, `not-found` when GitHub has dropped it."""
    found = decoded(as_app.get(f"{LIST}/{attempt.id}"), _Full)
    return Content(found.guid, found.event, msgspec.json.encode(found.request.payload))


def redeliver(as_app: InstallationGateway, delivery: Delivery) -> None:
    """Asks for one more attempt, with the same GUID. Raises `Refusal`."""
    as_app.post(f"{LIST}/{delivery.newest.id}/attempts")


def _last_moment(delivery: Delivery) -> datetime:
    """A throttled attempt is on its way later than it was made."""
    newest = delivery.newest
    return max(newest.delivered_at, newest.throttled_at) if newest.throttled_at else newest.delivered_at
