"""Webhook deliveries: recorded, signed over the raw bytes, sent, listed, sent again."""

from __future__ import annotations

import hashlib
import hmac
import http.client
import json
import threading
import time
import uuid
from collections import deque
from datetime import datetime
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

if TYPE_CHECKING:
    from bot.standin.state.apps import App, Installation
    from bot.standin.state.repository import Repository
    from bot.standin.world import World

CAP_BYTES = 25 * 1024 * 1024


class Delivery:
    """One attempt. A redelivery is a new attempt with the same GUID. `status_code` 0: not answered yet."""

    def __init__(
        self, app: App, event: str, action: str | None, body: bytes, installation: Installation | None, repo: Repository | None
    ) -> None:
        self.app, self.event, self.action, self.body = app, event, action, body
        self.installation_id = installation.id if installation else None
        self.repository_id = repo.id if repo else None
        self.id = app.world.ids.number()
        self.guid = str(uuid.uuid4())
        self.created_at = self.delivered_at = app.world.clock.moment()
        self.redelivery = False
        self.duration = 0.0
        self.status, self.status_code = "PENDING", 0
        self.unlisted = False
        self.throttled_at: datetime | None = None
        self.url = app.webhook_url or ""
        self.response_headers: dict[str, str] = {}
        self.response_body = ""

    def again(self) -> Delivery:
        other = Delivery(self.app, self.event, self.action, self.body, None, None)
        other.guid, other.redelivery = self.guid, True
        other.installation_id, other.repository_id = self.installation_id, self.repository_id
        return other

    def headers(self) -> dict[str, str]:
        secret, app = self.app.webhook_secret.encode(), self.app
        head = {
            "Accept": "*/*",
            "Content-Type": "application/json",
            "User-Agent": "GitHub-Hookshot/5171f1f",
            "X-GitHub-Delivery": self.guid,
            "X-GitHub-Event": self.event,
            "X-GitHub-Hook-ID": str(app.hook_id),
            "X-GitHub-Hook-Installation-Target-ID": str(app.id),
            "X-GitHub-Hook-Installation-Target-Type": "integration",
            "X-Hub-Signature": "sha1=" + hmac.new(secret, self.body, hashlib.sha1).hexdigest(),
            "X-Hub-Signature-256": "sha256=" + hmac.new(secret, self.body, hashlib.sha256).hexdigest(),
        }
        if app.world.ghes:
            head |= {"X-GitHub-Enterprise-Version": "3.17.0", "X-GitHub-Enterprise-Host": "localhost"}
        return head

    def summary(self) -> dict[str, Any]:
        return {
            "guid": self.guid,
            "event": self.event,
            "action": self.action,
            "redelivery": self.redelivery,
            "status": self.status,
            "status_code": self.status_code,
        }


class Outbox:
    """What is recorded and what still has to be sent, oldest first."""

    def __init__(self, world: World) -> None:
        self.world = world
        self.recorded: list[Delivery] = []
        self.by_id: dict[int, Delivery] = {}
        self.timeout = 10.0
        self._waiting: deque[Delivery] = deque()
        self._ready = threading.Condition()
        self._busy = 0
        self._stopping = False
        self._workers: list[threading.Thread] = []

    def add(self, delivery: Delivery) -> None:
        """Record and queue. A body above 25 MB is not sent at all, and not recorded."""
        if len(delivery.body) > CAP_BYTES:
            return
        self.recorded.append(delivery)
        self.by_id[delivery.id] = delivery
        copies = self.world.faults.plan(delivery)
        with self._ready:
            self._waiting.extend([delivery] * copies)
            self._ready.notify()

    def pending(self) -> int:
        with self._ready:
            return len(self._waiting) + self._busy

    def start(self, threads: int) -> None:
        """Send by itself from now on."""
        for _ in range(threads):
            worker = threading.Thread(target=self._work, daemon=True)
            self._workers.append(worker)
            worker.start()

    def stop(self) -> None:
        with self._ready:
            self._stopping = True
            self._ready.notify_all()
        for worker in self._workers:
            worker.join(self.timeout + 1)

    def deliver(self) -> int:
        """Send everything that waits, and what that causes; returns how many were sent."""
        sent = 0
        while (delivery := self._take(wait=False)) is not None:
            self._send_one(delivery)
            sent += 1
        return sent

    def idle(self, seconds: float = 10.0) -> bool:
        """Wait until nothing waits and nothing is on its way."""
        end = time.monotonic() + seconds
        while time.monotonic() < end:
            if not self.pending():
                return True
            time.sleep(0.005)
        return False

    def shuffle(self) -> None:
        with self._ready:
            mixed = list(self._waiting)
            self.world.faults.random.shuffle(mixed)
            self._waiting = deque(mixed)

    def _take(self, *, wait: bool) -> Delivery | None:
        with self._ready:
            while wait and not self._waiting and not self._stopping:
                self._ready.wait()
            if not self._waiting or self._stopping:
                return None
            if self.world.faults.shuffled:
                at = self.world.faults.random.randrange(len(self._waiting))
                self._waiting.rotate(-at)
            self._busy += 1
            return self._waiting.popleft()

    def _work(self) -> None:
        while (delivery := self._take(wait=True)) is not None:
            self._send_one(delivery)

    def _send_one(self, delivery: Delivery) -> None:
        try:
            send(delivery, self.timeout)
        finally:
            with self._ready:
                self._busy -= 1


def send(delivery: Delivery, timeout: float) -> None:
    """Post it and write down what came back; a connection that fails is a failed delivery."""
    started = time.monotonic()
    try:
        code, headers, text = _post(delivery, timeout)
        delivery.status_code, delivery.response_headers, delivery.response_body = code, headers, text
        delivery.status = "OK" if 200 <= code < 300 else f"Invalid HTTP Response: {code}"
    except TimeoutError:
        delivery.status_code, delivery.status = 504, "timed out"
    except OSError:
        delivery.status_code, delivery.status = 502, "failed to connect to host"
    except http.client.HTTPException:
        delivery.status_code, delivery.status = 502, "failed to read the answer"
    delivery.duration = round(time.monotonic() - started, 3)
    delivery.delivered_at = delivery.app.world.clock.moment()


def _post(delivery: Delivery, timeout: float) -> tuple[int, dict[str, str], str]:
    target = urlsplit(delivery.url)
    kind = http.client.HTTPSConnection if target.scheme == "https" else http.client.HTTPConnection
    connection = kind(target.hostname or "", target.port, timeout=timeout)
    try:
        connection.request("POST", (target.path or "/") + (f"?{target.query}" if target.query else ""), delivery.body, delivery.headers())
        answer = connection.getresponse()
        return answer.status, dict(answer.getheaders()), answer.read(65536).decode(errors="replace")
    finally:
        connection.close()


def encode(payload: dict[str, Any]) -> bytes:
    return json.dumps(payload, separators=(",", ":"), ensure_ascii=False).encode()
