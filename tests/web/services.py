"""The whole App over the stand-in, started and stopped as `countersign serve` does."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, TypeVar

from bot.cli.setup import manifest
from bot.cli.supplies import supplies
from bot.github.app import Manner
from bot.settings import Secret, Settings
from bot.standin import Standin
from bot.standin.state.accounts import Organisation
from bot.standin.state.apps import App, Installation
from bot.standin.state.pulls import PullRequest
from bot.standin.state.repository import Repository
from bot.web.service import Service
from tests.settings.keys import KEY

T = TypeVar("T")
OPEN = 'resource "aws_security_group_rule" "db" {{\n  type = "ingress"\n  from_port = 5432\n  to_port = 5432\n  protocol = "tcp"\n'
OPEN += '  security_group_id = "sg-1"\n  cidr_blocks = ["{clients}"]\n}}\n'
WORLD, OFFICE = OPEN.format(clients="0.0.0.0/0"), OPEN.format(clients="10.0.0.0/8")
SUPPLIES = supplies()


class Acme:
    """An organisation with one repository that enforces, and the App of `app.yaml` installed on it, with exactly its permissions."""

    def __init__(self, standin: Standin, place: Path, *, ghes: bool = False) -> None:
        standin.key = KEY
        self.standin, self.place, self.ghes = standin, place, ghes
        self.org: Organisation = standin.organisation("acme")
        self.mona = self.org.member("mona")
        governed = {".github/countersign.yml": "level: enforce\n"}
        self.repo: Repository = self.org.repository("infra", files={"main.tf": OFFICE, **governed})
        self.repo.collaborator(self.mona, "write")
        asked: dict[str, Any] = manifest("")
        permissions, events = asked["default_permissions"], asked["default_events"]
        self.app: App = standin.app(permissions=permissions, events=events, webhook_url="http://127.0.0.1:9/webhook", owner=self.org)
        self.installation: Installation = self.app.install(self.org)

    def settings(self, **changes: Any) -> Settings:
        given: dict[str, Any] = {
            "app_id": self.app.id,
            "private_key": Secret(self.app.pem),
            "webhook_secrets": (Secret(self.app.webhook_secret),),
            "ledger_url": Secret(f"sqlite:///{self.place}/ledger.sqlite"),
            "state_directory": str(self.place),
            "github_url": self.standin.url,
            "api_url": self.standin.api,
            "port": 0,
            "write_spacing": 0.0,
            "poll_seconds": 0.1,
            "grace_seconds": 10.0,
        }
        return Settings(**(given | changes))

    @contextmanager
    def served(self, *, poll: bool = False, **changes: Any) -> Iterator[Service]:
        """Deliveries go to the service while it runs."""
        service = Service(self.settings(**changes), SUPPLIES, poll=poll, manner=Manner(write_spacing=0.0))
        if not poll:
            self.app.webhook_url = f"{service.url}/webhook"
        with service:
            yield service

    def known(self, service: Service) -> None:
        """Waits until the App has seen its installation: what was opened before gets a check and no comments."""
        assert eventually(lambda: service.ledger.deliveries.counts().get("done") and service.workflows.status().oldest_seconds == 0)
        self.standin.clock.advance(2)

    def opened(self, branch: str = "change", text: str = WORLD) -> PullRequest:
        return self.repo.pull_request(branch, files={"main.tf": text}, by=self.mona, message="Change the clients")

    def conclusion(self, pull: PullRequest) -> str | None:
        """Of the one check on the head, once it is completed."""

        def found() -> str | None:
            runs = [run for run in self.standin.runs() if run.head_sha == pull.head_sha]
            return runs[0].conclusion if len(runs) == 1 else None

        return eventually(found)


def eventually(found: Callable[[], T], seconds: float = 20.0) -> T:
    """The first answer that is not empty; the last one when time is up."""
    end = time.monotonic() + seconds
    while not (answer := found()) and time.monotonic() < end:
        time.sleep(0.02)
    return answer
