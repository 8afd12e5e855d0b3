"""The App and a stand-in for GitHub on loopback, and the pull request that is played through signed webhooks.

The one product module besides `demo` that knows the stand-in.
"""

from __future__ import annotations

import os
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

from msgspec import Struct

from bot.cli import resources

if TYPE_CHECKING:
    from bot.standin import Standin
    from bot.standin.state.pulls import PullRequest
    from bot.web.service import Service

STAGES = ("after", "fixed", "settled")
CONFIGURATION = {".github/countersign.yml": "version: 1\nlevel: enforce\nowners:\n  fallback: ['@robin']\n"}
SECONDS = 60.0


class Stage(Struct, frozen=True):
    """What the pull request shows after one push. `comments`: path, line (None: outdated or on the file) and body of each that stands."""

    name: str
    conclusion: str
    title: str
    summary: str
    comments: tuple[tuple[str, int | None, str], ...]


class TooSlow(Exception):  # noqa: N818 - said to the person who waits
    """The check was not completed in time."""


class Play:
    """One pull request in three pushes. `stages` yields what a reviewer sees after each."""

    def __init__(self, standin: Standin, service: Service) -> None:
        self.standin, self.service = standin, service
        self.pull: PullRequest | None = None

    @property
    def url(self) -> str:
        """The page of the pull request."""
        return f"{self.standin.url}/acme/orders/pull/{self.pull.number if self.pull else 1}"

    def stages(self) -> Iterator[Stage]:
        """Raises `TooSlow`."""
        organisation = self.standin.organisation("acme")
        author = organisation.member("kim")
        repository = next(iter(organisation.world.repositories.values()))
        for name in STAGES:
            if self.pull is None:
                message = resources.template("demo/message.txt")
                self.pull = repository.pull_request("orders-clients", files=sample(name), by=author, message=message)
            else:
                self.pull.push(sample(name), by=author, message=resources.template(f"demo/{name}.txt"))
            yield self._stage(name)

    def again(self) -> bool:
        """Whether the same deliveries a second time change nothing."""
        before = self._state()
        for delivery in [item for item in self.standin.outbox.recorded if item.event == "pull_request"]:
            self.standin.outbox.add(delivery.again())
        self.standin.outbox.idle(SECONDS)
        self._settled()
        return self._state() == before

    def final_state(self) -> dict[str, Any]:
        """What is left on the stand-in."""
        return self.standin.final_state()

    def _state(self) -> list[Any]:
        state = self.standin.final_state()
        return [state["check_runs"], state["review_comments"], state["issue_comments"]]

    def _stage(self, name: str) -> Stage:
        assert self.pull is not None
        end = time.monotonic() + SECONDS
        while time.monotonic() < end:
            runs = [run for run in self.pull.seen().checks if run.name == "countersign" and run.status == "completed"]
            if runs and self._settled():
                run = runs[-1]
                standing = [thread for thread in self.pull.seen().threads if thread.comments[0].minimised is None]
                comments = tuple((thread.path, thread.line, thread.comments[0].body) for thread in standing)
                return Stage(name, run.conclusion or "", run.title or "", run.summary or "", comments)
            time.sleep(0.05)
        raise TooSlow(name)

    def _settled(self) -> bool:
        """Whether everything that came in is done."""
        end = time.monotonic() + SECONDS
        while time.monotonic() < end:
            if self.standin.outbox.idle(1.0) and self.service.workflows.status().oldest_seconds == 0:
                return True
            time.sleep(0.05)
        return False


@contextmanager
def playing(directory: str) -> Iterator[Play]:
    """Both started, the App installed on a repository that enforces; `directory` keeps the App's state."""
    from bot.cli.setup import manifest
    from bot.cli.supplies import supplies
    from bot.github.app import Manner
    from bot.settings import Secret, Settings
    from bot.standin import Standin
    from bot.web.service import Service

    with Standin.serve(automatic=2) as standin:
        asked: dict[str, Any] = manifest("")
        organisation = standin.organisation("acme")
        hook = f"{standin.url}/nowhere"  # until the service has an address
        app = standin.app(permissions=asked["default_permissions"], events=asked["default_events"], owner=organisation, webhook_url=hook)
        repository = organisation.repository("orders", files=sample("before") | CONFIGURATION)
        for login in ("kim", "robin"):
            repository.collaborator(organisation.member(login), "write")
        repository.protect("main", [("countersign", app.id)])
        settings = Settings(
            app_id=app.id,
            private_key=Secret(app.pem),
            webhook_secrets=(Secret(app.webhook_secret),),
            ledger_url=Secret(f"sqlite:///{directory}/ledger.sqlite"),
            state_directory=directory,
            github_url=standin.url,
            api_url=standin.api,
            port=0,
            write_spacing=0.0,
            grace_seconds=5.0,
        )
        service = Service(settings, supplies(), manner=Manner(write_spacing=0.0))
        app.webhook_url = f"{service.url}/webhook"
        with service:
            app.install(organisation)
            yield Play(standin, service)


def sample(name: str) -> dict[str, str]:
    """The files of one side of the sample change."""
    top = Path(os.path.join(resources.directory("templates"), "demo", name))
    return {path.relative_to(top).as_posix(): path.read_text() for path in sorted(top.rglob("*")) if path.is_file()}
