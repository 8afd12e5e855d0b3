"""`POST /webhook`: signature over the raw bytes, then stored, then answered; nothing else happens before the answer.

https://docs.github.com/en/webhooks/using-webhooks/best-practices-for-using-webhooks
"""

from __future__ import annotations

import logging
import re
from collections.abc import Callable
from time import perf_counter

from flask import Blueprint, Response, request
from msgspec import Struct

from bot.github.webhook import Malformed
from bot.web.door import LATER, Arrived, Door
from bot.web.metrics import Metrics

# GitHub sends no payload above 25 MB: https://docs.github.com/en/webhooks/webhook-events-and-payloads#payload-cap
MAX_BODY = 26 * 1024 * 1024
_GUID = re.compile(r"[0-9A-Za-z-]{8,64}\Z")
_SIGNATURE = re.compile(r"sha256=[0-9a-f]{64}\Z")
_EVENT = re.compile(r"[a-z][a-z0-9_]{1,63}\Z")
_TOTAL = "Deliveries that came to the webhook, by event and outcome."
_SECONDS = "From the request's last byte to the answer."

log = logging.getLogger(__name__)


class Told(Struct, frozen=True):
    """What became of one request. `seconds`: from its last byte to the answer. `event`: empty where it was none."""

    outcome: str
    event: str = ""
    seconds: float = 0.0


def webhook(door: Door, tell: Callable[[Told], None]) -> Blueprint:
    """The one address that GitHub posts to. `tell` is told of every request."""
    made = Blueprint("webhook", __name__)

    def post() -> Response:
        started = perf_counter()
        outcome, event, answer = _answer(door)
        tell(Told(outcome, event, perf_counter() - started))
        return answer

    made.add_url_rule("/webhook", view_func=post, methods=["POST"], provide_automatic_options=False)
    return made


class Counted:
    """Counts what is told."""

    def __init__(self, metrics: Metrics) -> None:
        self._metrics = metrics

    def __call__(self, told: Told) -> None:
        if told.outcome not in LATER:
            self.count(told.event, told.outcome)
        self._metrics.observe("webhook_seconds", _SECONDS, told.seconds)

    def count(self, event: str, outcome: str) -> None:
        """One delivery, of which is known what becomes of it."""
        self._metrics.count("deliveries_total", _TOTAL, event=event, outcome=outcome)


def _answer(door: Door) -> tuple[str, str, Response]:
    body = request.get_data(cache=False)
    signature = request.headers.get("X-Hub-Signature-256", "")
    if not (_SIGNATURE.match(signature) and door.verified(body, signature)):
        log.warning("webhook-refused", extra={"bytes": len(body)})
        return "refused", "", plain(401, "")
    try:
        arrived = _arrived(body, signature)
        outcome = door.receive(arrived)
    except Malformed as error:
        log.warning("webhook-malformed", extra={"reason": str(error)})
        return "malformed", "", plain(400, f"{error}\n")
    if outcome not in LATER:  # whoever takes it over knows what becomes of it
        log.info("delivery-received", extra={"delivery": arrived.guid, "github_event": arrived.event, "outcome": outcome})
    return outcome, arrived.event, plain(202, "")


def _arrived(body: bytes, signature: str) -> Arrived:
    guid, event = request.headers.get("X-GitHub-Delivery", ""), request.headers.get("X-GitHub-Event", "")
    if not _GUID.match(guid):
        raise Malformed("X-GitHub-Delivery: a GUID is expected")
    if not _EVENT.match(event):
        raise Malformed("X-GitHub-Event: the name of an event is expected")
    if request.mimetype != "application/json":
        raise Malformed("Content-Type: application/json is expected; choose it in the settings of the App's webhook")
    return Arrived(guid, event, body, signature)


def plain(status: int, text: str, **headers: str) -> Response:
    """A short text."""
    return Response(text, status, headers, content_type="text/plain; charset=utf-8")
