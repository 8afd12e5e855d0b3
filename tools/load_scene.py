"""Many organisations on the stand-in, each with the App on one repository; a postman who notes when what was sent and answered."""

from __future__ import annotations

import http.client
import threading
import time
from collections import deque
from collections.abc import Callable
from typing import Any, NamedTuple, Self
from urllib.parse import urlsplit

from bot.cli.setup import manifest
from bot.standin import Standin
from bot.standin.calls import Actor
from bot.standin.state.accounts import Account
from bot.standin.state.apps import App, Installation
from bot.standin.state.deliveries import Delivery
from bot.standin.state.pulls import PullRequest
from bot.standin.state.repository import Repository

RULE = """
resource "aws_security_group_rule" "db" {{
  type              = "ingress"
  from_port         = 5432
  to_port           = 5432
  protocol          = "tcp"
  security_group_id = "sg-1"
  cidr_blocks       = ["{clients}"]
}}
"""
POLICY = """
data "aws_iam_policy_document" "all" {{
  statement {{
    actions   = ["{actions}"]
    resources = ["*"]
  }}
}}
resource "aws_iam_policy" "all" {{
  policy = data.aws_iam_policy_document.all.json
}}
"""
LOCALS = "locals {{\n  size = {size}\n}}\n"
BASE = {
    ".github/countersign.yml": "version: 1\nlevel: enforce\n",
    "db.tf": RULE.format(clients="10.0.0.0/8"),
    "iam.tf": POLICY.format(actions="s3:GetObject"),
    "sizes.tf": LOCALS.format(size=1),
}
# Three files, two of which get a comment.
CHANGE = {"db.tf": RULE.format(clients="0.0.0.0/0"), "iam.tf": POLICY.format(actions="*"), "sizes.tf": LOCALS.format(size=2)}
IDLE_SECONDS = 10.0
RUNS = "/repos/{owner}/{repo}/check-runs"
RUN = "/repos/{owner}/{repo}/check-runs/{check_run_id}"


class Call(NamedTuple):
    """A request that the stand-in answered. `at`: of the monotonic clock. `holder`: `installation 7`."""

    at: float
    method: str
    template: str
    holder: str


class Timed(Standin):
    """Notes when each request was answered. `answered`: the calls in order."""

    def __init__(self, **given: Any) -> None:
        super().__init__(**given)
        self.answered: list[Call] = []

    def record(self, method: str, template: str, status: int, actor: Actor | None) -> None:
        super().record(method, template, status, actor)
        self.answered.append(Call(time.monotonic(), method, template, actor.holder if actor else "nobody"))


class Tenant(NamedTuple):
    """One installation. `holder`: as its calls name it."""

    repository: Repository
    author: Account
    installation: Installation

    @property
    def holder(self) -> str:
        return f"installation {self.installation.id}"

    def opened(self, branch: str, files: dict[str, str] | None = None) -> PullRequest:
        return self.repository.pull_request(branch, files=files or CHANGE, by=self.author, message="Change the clients")


def tenants(standin: Standin, app: App, number: int) -> list[Tenant]:
    """So many organisations, each with a repository that enforces."""
    made = []
    for index in range(number):
        organisation = standin.organisation(f"team-{index}")
        author = organisation.member(f"author-{index}")
        repository = organisation.repository("infra", files=BASE)
        repository.collaborator(author, "write")
        made.append(Tenant(repository, author, app.install(organisation)))
    return made


def registered(standin: Standin) -> App:
    """The App of app.yaml, with its permissions and events."""
    asked: dict[str, Any] = manifest("")
    hook = f"{standin.url}/nowhere"  # deliveries go through the postman
    return standin.app(permissions=asked["default_permissions"], events=asked["default_events"], webhook_url=hook)


class Sent(NamedTuple):
    """`at` and `answered`: of the monotonic clock; `status` 0: no answer."""

    delivery: Delivery
    at: float
    answered: float
    status: int


class Postman:
    """Sends every delivery as it arises, over connections that are kept, from a few threads. `sent`: what was sent so far."""

    def __init__(self, standin: Standin, url: str, threads: int = 8) -> None:
        self._recorded, self._host = standin.outbox.recorded, urlsplit(url).netloc
        self.sent: list[Sent] = []
        self._waiting: deque[tuple[Delivery, float]] = deque()
        self._ready = threading.Condition()
        self._stopping, self._seen, self._busy = False, 0, 0
        self.paused = False
        bodies: list[Callable[[], None]] = [self._collect, *[self._work] * threads]
        self._threads = [threading.Thread(target=body, daemon=True) for body in bodies]

    def __enter__(self) -> Self:
        for thread in self._threads:
            thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._stopping = True
        with self._ready:
            self._ready.notify_all()
        for thread in self._threads:
            thread.join(12)

    def put(self, delivery: Delivery, at: float = 0.0) -> None:
        """Sends it, not before the moment `at` of the monotonic clock."""
        with self._ready:
            self._waiting.append((delivery, at))
            self._ready.notify()

    def idle(self) -> bool:
        """Whether everything was sent and answered."""
        with self._ready:
            return not self._waiting and not self._busy and self._seen == len(self._recorded)

    def _collect(self) -> None:
        while not self._stopping:
            there = self._seen if self.paused else len(self._recorded)
            for delivery in self._recorded[self._seen : there]:
                if delivery.event != "ping":
                    self.put(delivery)
            self._seen = there
            time.sleep(0.002)

    def _work(self) -> None:
        connection, used = http.client.HTTPConnection(self._host, timeout=10), time.monotonic()
        while True:
            with self._ready:
                while not self._waiting and not self._stopping:
                    self._ready.wait()
                if self._stopping:
                    break
                delivery, at = self._waiting.popleft()
                self._busy += 1
            time.sleep(max(0.0, at - time.monotonic()))
            if time.monotonic() - used > IDLE_SECONDS:
                connection.close()  # the App may have closed it; the next request opens it again
            self.sent.append(_sent(connection, delivery))
            used = time.monotonic()
            with self._ready:
                self._busy -= 1
        connection.close()


def _sent(connection: http.client.HTTPConnection, delivery: Delivery) -> Sent:
    begun = time.monotonic()
    try:
        connection.request("POST", "/webhook", delivery.body, delivery.headers())
        answer = connection.getresponse()
        answer.read()
    except (OSError, http.client.HTTPException):
        connection.close()
        return Sent(delivery, begun, time.monotonic(), 0)
    return Sent(delivery, begun, time.monotonic(), answer.status)
