"""A door that keeps what comes in, and a running server before it."""

from __future__ import annotations

import hashlib
import hmac
import json
from collections.abc import Iterator
from contextlib import contextmanager
from threading import Event

from bot.github.webhook import Malformed
from bot.web.application import application
from bot.web.condition import Probe
from bot.web.door import Arrived, Outcome
from bot.web.metrics import Metrics
from bot.web.server import Server

SECRET = b"It's a Secret to Everybody"


def signature(body: bytes, secret: bytes = SECRET) -> str:
    return "sha256=" + hmac.new(secret, body, hashlib.sha256).hexdigest()


class Keeping:
    """Stores in memory; `hold` makes it wait in the middle of a request, `broken` makes it fail."""

    def __init__(self) -> None:
        self.kept: list[Arrived] = []
        self.hold, self.entered, self.broken = Event(), Event(), False
        self.hold.set()

    def verified(self, body: bytes, signature_: str) -> bool:
        return hmac.compare_digest(signature(body), signature_)

    def receive(self, arrived: Arrived) -> Outcome:
        if self.broken:
            raise OSError("disk full at ghs_" + "x" * 40)
        self.entered.set()
        self.hold.wait(10)
        try:
            json.loads(arrived.body)
        except ValueError:
            raise Malformed("the body: JSON is expected") from None
        if any(kept.guid == arrived.guid for kept in self.kept):
            return "known"
        self.kept.append(arrived)
        return "stored"


@contextmanager
def serving(door: Keeping, probes: dict[str, Probe] | None = None, metrics: Metrics | None = None) -> Iterator[Server]:
    server = Server(application(door, metrics or Metrics(), probes or {}), "127.0.0.1", 0)
    server.start()
    try:
        yield server
    finally:
        door.hold.set()
        server.stop()
