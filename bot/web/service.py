"""The App as one process: made of its parts, started and stopped in order.

with Service(settings, supplies) as service:
    service.url
"""

from __future__ import annotations

import logging
import sqlite3
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from types import TracebackType
from typing import Self

from flask import Blueprint
from msgspec import msgpack
from msgspec.structs import replace

from bot.confine import Supervisors
from bot.confine.registry import Brought
from bot.github.app import App, Manner
from bot.github.authentication import AppCredentials
from bot.github.connection import Address
from bot.github.installations import AppInstallations
from bot.github.refusal import Refusal
from bot.github.webhook import Own
from bot.github.workload import Issuer
from bot.ledger import Ledger
from bot.report.publish import notes
from bot.settings import Settings
from bot.web import logs, observation
from bot.web.application import application
from bot.web.condition import Part, Probe
from bot.web.entrance import Entrance
from bot.web.front import Front
from bot.web.logs import Redaction
from bot.web.metrics import Metrics
from bot.web.plans import plans
from bot.web.polling import Polling
from bot.web.server import Server
from bot.web.supplies import Supplies
from bot.web.webhook import Counted
from bot.workflows.durable import Running, Watch, Workflows
from bot.workflows.evaluating import Evaluator
from bot.workflows.page import Parts
from bot.workflows.terms import Shipped
from bot.workflows.uploads import Uploads

# What has arrived is stored in milliseconds; the grace is for reviews.
DOOR_SECONDS = 3.0

log = logging.getLogger(__name__)


class Unusable(Exception):  # noqa: N818 - what the database is, not an error of the caller
    """The database cannot be opened or brought up to date. `detail` holds no password."""

    def __init__(self, detail: str) -> None:
        super().__init__(detail)
        self.detail = detail


def _ledger(settings: Settings) -> Ledger:
    """The record; the directory of an SQLite file is made."""
    url = settings.ledger_url.reveal()
    try:
        if url.startswith("sqlite:///"):
            Path(url.removeprefix("sqlite:///")).parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        return Ledger(url)
    except Exception as error:  # noqa: BLE001 - every driver has its own
        told = str(error.__cause__ or error).partition("\n")[0]
        raise Unusable(f"{type(error).__name__}: {Redaction([settings.ledger_url]).hide(told)}") from None


def _now() -> datetime:
    return datetime.now(UTC)


class Service:
    """One for each process. `supervisor`: one that was started before the settings were read; `poll`: fetch deliveries instead of
    waiting for them; `apart`: the webhook in a process of its own; `watch`: see `Workflows`. Making it asks GitHub who the App is: raises
    `Refusal`; `Unusable` for the database, and OSError when the address is taken. Nothing runs before `start`.
    """

    def __init__(  # noqa: PLR0913 - the parts that tests replace
        self,
        settings: Settings,
        supplies: Supplies,
        *,
        supervisor: Supervisors | None = None,
        poll: bool = False,
        apart: bool = False,
        manner: Manner | None = None,
        watch: Watch | None = None,
        sweep_seconds: float = 60.0,
    ) -> None:
        self.settings, self._poll, self._apart = settings, poll, apart
        self._ends: list[Callable[[], None]] = []
        try:
            self._make(supplies, supervisor or Supervisors(), manner or self._manner())
            place = (workflows_url(settings), settings.replica, settings.workers)
            kept = (settings.retention_days, settings.snapshot_days, settings.snapshot_megabytes << 20)
            running = Running(*place, sweep_seconds, settings.grace_seconds, *kept)
            self._join(supplies, running, watch)
        except BaseException:
            self._end()
            raise

    def _manner(self) -> Manner:
        """Only one process can use a file of SQLite; those that share a database share the distance between writes."""
        shared = not self.settings.ledger_url.reveal().startswith("sqlite")
        return Manner(write_spacing=self.settings.write_spacing, turn=self._turn if shared else None)

    def _address(self) -> Address:
        return Address(self.settings.api_url, self.settings.ca_bundle, self.settings.proxy.reveal())

    def _turn(self, installation_id: int, spacing: float) -> float:
        """0 where the database cannot say: the process keeps its own distance, and GitHub tells when it is too little."""
        try:
            return self.ledger.turns.take(installation_id, spacing, _now())
        except Exception:
            log.exception("turn-unknown")
            return 0.0

    def _make(self, supplies: Supplies, supervisor: Supervisors, manner: Manner) -> None:
        settings = self.settings
        supervisor.supply(msgpack.encode(Brought(supplies.rules, supplies.compiled)))
        self._ends.append(supervisor.close)
        credentials = AppCredentials(settings.app_id, settings.private_key.reveal().encode())
        self.app = App(credentials, self._address(), manner)
        self._ends.append(self.app.close)
        self.registration = self.app.itself()
        self.ledger = _ledger(settings)
        self._ends.append(self.ledger.close)
        self.supervisor, self.metrics = supervisor, Metrics()
        self.installations = AppInstallations(self.app, settings.app_id, notes(supplies.words))

    def _join(self, supplies: Supplies, running: Running, watch: Watch | None) -> None:
        settings, shipped = self.settings, Shipped(supplies.rules, supplies.compiled, supplies.signals)
        remind = timedelta(hours=settings.remind_hours) if settings.remind_hours else None
        evaluator = Evaluator(self.supervisor, supplies.rules)
        made = Parts(self.installations, self.ledger, evaluator, shipped, supplies.words, _now, remind=remind)
        parts = replace(made, keeps_snapshots=settings.snapshot_days > 0)
        self.workflows = Workflows(parts, running, missed=self._missed, watch=_both(observation.Steps(self.metrics), watch))
        own = Own(settings.app_id, self.registration.slug)
        door = Entrance(own, settings.webhook_secrets, self.ledger.deliveries.replayed, self.workflows.receive)
        self.polling = Polling(self.app.as_app, door, self.ledger.deliveries.known, settings.poll_seconds, _now)
        self.metrics.collect(lambda: observation.ledger_samples(self.ledger, _now))
        self.metrics.collect(lambda: observation.github_samples(self.app))
        self._front = self._entry() if self._apart else None
        place = ("127.0.0.1", 0) if self._front else (settings.address, settings.port)
        self._server = Server(application(door, self.metrics, self._probes(), self._uploads(parts)), *place)

    def _entry(self) -> Front:
        settings, own = self.settings, Own(self.settings.app_id, self.registration.slug)
        try:
            front = Front(settings, own, self.workflows.take, Counted(self.metrics))
        except sqlite3.Error as error:
            raise Unusable(f"{type(error).__name__}: {error}") from None
        self._ends.append(front.close)
        self.metrics.collect(lambda: observation.inbox_samples(front.inbox))
        return front

    def _uploads(self, parts: Parts) -> tuple[Blueprint, ...]:
        """Where runs of GitHub Actions bring plans; nowhere, unless their issuer is named."""
        settings = self.settings
        if not settings.actions_issuer:
            return ()
        issuer = Issuer(settings.actions_issuer, settings.public_url or "countersign", self._address())
        self._ends.append(issuer.close)
        return (plans(issuer.run, Uploads(parts, self.workflows.soon), parts.words.phrases),)

    @property
    def url(self) -> str:
        """Where it answers."""
        return self._front.url if self._front else self._server.url

    def start(self) -> None:
        """Workflows first, so that what comes in is worked on; then the door. A door of its own begins meanwhile."""
        if self._front:
            self._front.start(self._server.address, self._server.port)
        self._ends.append(self.workflows.stop)
        self.workflows.start()
        logs.adopt()
        self._look_at_grants()
        if self._poll:
            self.polling.start()
        self._server.start()
        if self._front:
            self._front.open()
        log.info("started", extra={"url": self.url, "poll": self._poll, "replica": self.settings.replica})

    def stop(self) -> None:
        """Takes nothing more, finishes what runs within the grace, and leaves the rest to the next start."""
        log.info("stopping")
        if self._front:
            self._front.stop(min(DOOR_SECONDS, self.settings.grace_seconds))
        self._server.stop(min(DOOR_SECONDS, self.settings.grace_seconds))
        self.polling.stop(min(DOOR_SECONDS, self.settings.grace_seconds))
        self._end()
        log.info("stopped")

    def __enter__(self) -> Self:
        try:
            self.start()
        except BaseException:
            self.stop()
            raise
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        self.stop()

    def _end(self) -> None:
        """Everything that was begun, the latest first; one that fails leaves none of the others open."""
        while self._ends:
            end = self._ends.pop()
            try:
                end()
            except Exception:
                log.exception("stop-failed")

    def _missed(self) -> int:
        """Once a minute, in one process of all: deliveries that GitHub has and we have not."""
        self._look_at_grants()
        try:
            return 0 if self._poll else self.polling.look()
        except Refusal as refusal:
            log.warning("missed-unknown", extra={"kind": refusal.kind})
            return 0

    def _look_at_grants(self) -> None:
        """Where threads may be resolved. What GitHub does not tell now stays as it was."""
        try:
            self.installations.resolve_where_granted()
        except Refusal as refusal:
            log.warning("grants-unknown", extra={"kind": refusal.kind})

    def _probes(self) -> dict[str, Probe]:
        probes: dict[str, Probe] = {
            "database": lambda: observation.database(self.ledger),
            "queue": lambda: observation.queue(self.ledger.deliveries, _now()),
            "workflows": lambda: Part(self.workflows.status().running),
            "supervisor": lambda: observation.supervisor(self.supervisor),
            "credentials": observation.Credentials(self.app),
        }
        polled: dict[str, Probe] = {"polling": self.polling.condition} if self._poll else {}
        return probes | polled | ({"door": self._front.condition} if self._front else {})


def _both(first: Watch, second: Watch | None) -> Watch:
    def watch(moment: str, step: str) -> None:
        first(moment, step)
        if second is not None:
            second(moment, step)

    return watch


def workflows_url(settings: Settings) -> str:
    """Where the durable workflows are kept: beside the ledger for SQLite, in the same database (a schema of their own) for PostgreSQL."""
    url = settings.ledger_url.reveal()
    return f"{url.removesuffix('.sqlite')}-workflows.sqlite" if url.startswith("sqlite") else url
