"""The App of the scene: everything but the web, over the stand-in. Deliveries go in by hand or through the stand-in's outbox."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import cache
from pathlib import Path
from typing import Any

from bot.cli import output, prepared, resources
from bot.confine import Supervisor
from bot.engine.model.signal import Signals
from bot.github.app import App, Manner
from bot.github.authentication import AppCredentials
from bot.github.connection import Address
from bot.github.facts import Work
from bot.github.installations import AppInstallations
from bot.github.webhook import Own, work
from bot.ledger import Ledger
from bot.report.comments import Words
from bot.report.publish import notes
from bot.workflows import Parts, Shipped
from bot.workflows.evaluating import Evaluator
from bot.workflows.perform import Identity, Performer
from bot.workflows.spread import delivery_of
from bot.workflows.sweep import Sweep
from tests.standin.conftest import Scene

TEMPLATES = ("answer.md.j2", "comment.md.j2", "conversation.md.j2", "fixed.md.j2", "lapsing.md.j2", "lists.md.j2", "summary.md.j2")
OPEN = """
variable "clients" {{
  default = {clients}
}}
resource "aws_security_group_rule" "db" {{
  type              = "ingress"
  from_port         = 5432
  to_port           = 5432
  protocol          = "tcp"
  security_group_id = "sg-1"
  cidr_blocks       = var.clients
}}
"""
WORLD, OFFICE = OPEN.format(clients='["0.0.0.0/0"]'), OPEN.format(clients='["10.0.0.0/8"]')
ENFORCE = {".github/countersign.yml": "version: 1\nlevel: enforce\n"}


@cache
def signals() -> Signals:
    return prepared.signals()


def words() -> Words:
    return Words(output.phrases(), {name: resources.template(name) for name in TEMPLATES})


@dataclass
class Application:
    """`deliver` hands over what the stand-in would send, and performs it and what follows from it."""

    scene: Scene
    app: App
    parts: Parts
    moved: timedelta = timedelta(0)
    seen: int = 0

    def deliver(self, *, twice: bool = False) -> list[str]:
        """Every delivery that waits in the stand-in; what became of each."""
        outbox = self.scene.standin.outbox
        made = [item for item in outbox.recorded[self.seen :] if item.event != "ping"]
        self.seen = len(outbox.recorded)
        words_of: list[str] = []
        for item in made * (2 if twice else 1):
            self.receive(item.guid, item.event, item.body)
        words_of += self.perform()
        return words_of

    def receive(self, guid: str, event: str, body: bytes) -> Work:
        found = work(event, body, Own(self.scene.app.id, self.scene.app.slug))
        stored = delivery_of(guid, event, found, digest=hashlib.sha256(body).hexdigest())
        self.parts.ledger.deliveries.store(stored, self.parts.now())
        return found

    def perform(self) -> list[str]:
        """Everything that is stored, also what can wait, until nothing is left."""
        performer = Performer(self.parts, Identity("test", "v1"))
        enqueued: list[str] = []
        sweep = Sweep(self.parts, "test", enqueued.append)
        done: list[str] = []
        while True:
            now = self.parts.now()
            enqueued.extend(item.guid for item in self.parts.ledger.deliveries.release(now, stale=now, dead=()))
            sweep.background()
            if not enqueued:
                return done
            done += [performer.perform(guid, plain, plain) for guid in dict.fromkeys(enqueued)]
            enqueued.clear()

    def swept(self) -> list[str]:
        """What a sweep takes up because its time has come, performed; what became of each."""
        performer = Performer(self.parts, Identity("test", "v1"))
        ended: list[str] = []
        sweep = Sweep(self.parts, "test", ended.append)
        sweep.expired()
        sweep.overdue()
        return [performer.perform(guid, plain, plain) for guid in ended]

    def told(self) -> list[str]:
        """What a day's sweep takes up about what lapses, performed; what became of each."""
        Sweep(self.parts, "test", lambda _guid: None).lapsing()
        return self.perform()

    def check(self, pull: Any, name: str = "countersign") -> tuple[str, str | None, str | None]:
        """Status, conclusion and title of the one run of this name on the head."""
        runs = [run for run in self.scene.standin.runs() if run.name == name and run.head_sha == pull.head_sha]
        assert len(runs) == 1, runs
        return runs[0].status, runs[0].conclusion, runs[0].title


def plain(name: str, function: Any, *arguments: Any) -> Any:  # noqa: ARG001 - the name is for those who keep results
    return function(*arguments)


def application(scene: Scene, directory: Path, supervisor: Supervisor, api: str = "") -> Application:
    """Close `app` and `parts.ledger` after use. `api`: another way to the stand-in than its own address."""
    address = Address(api or scene.standin.api, timeout=2.0)
    app = App(AppCredentials(scene.app.id, scene.app.pem.encode()), address, Manner(write_spacing=0.0))
    said = words()
    made: Application

    def now() -> datetime:
        return datetime.now(UTC) + made.moved

    parts = Parts(
        installations=AppInstallations(app, scene.app.id, notes(said)),
        ledger=Ledger(f"sqlite:///{directory}/ledger.sqlite"),
        evaluator=Evaluator(supervisor),
        shipped=Shipped(resources.rules(), prepared.policy(), signals()),
        words=said,
        now=now,
    )
    made = Application(scene, app, parts)
    return made
