"""The workflows on DBOS: what was begun is carried on after a crash, in this process or in another.

https://docs.dbos.dev/python/tutorials/workflow-tutorial
"""

from __future__ import annotations

import logging
import sqlite3
from collections.abc import Callable, Sequence
from contextlib import suppress
from datetime import timedelta
from queue import Empty, SimpleQueue
from threading import Event, Thread
from time import monotonic
from typing import Any, TypeVar

from dbos import DBOS, DBOSConfig, SetWorkflowID
from msgspec import Struct

from bot.github.facts import Work
from bot.ledger.deliveries import Busy, lane
from bot.report.template import prepare
from bot.workflows import shapes
from bot.workflows.lanes import Lanes
from bot.workflows.page import Parts
from bot.workflows.perform import Identity, Performer
from bot.workflows.spread import delivery_of
from bot.workflows.sweep import Sweep
from bot.workflows.version import version

MOST_AT_ONCE = 500
# Of a lane in which another process works.
BUSY_SECONDS = 0.5
# Nothing is begun again under the same name that late: a try is counted in it.
STEPS_KEPT = timedelta(days=7)
PLANS_KEPT = timedelta(days=30)
TIDY_SECONDS, TIDY_MOST = 600.0, 1000
LIVE = ("PENDING", "ENQUEUED", "DELAYED")

log = logging.getLogger(__name__)
T = TypeVar("T")
Watch = Callable[[str, str], None]


class Running(Struct, frozen=True):
    """How the workflows run. `database`: where DBOS keeps them, SQLAlchemy's form. `executor`: the same after each restart of a process.

    `workers`: pieces of work at once in this process. `sweep_seconds`: between two sweeps. `grace_seconds`: for what runs at the end.
    `retention_days`: how long records are kept whole. `snapshot_days`, `snapshot_bytes`: how long, and how much of, what evaluations were
    made from is kept. `version`: of the code, empty for the real one.
    """

    database: str
    executor: str = "single"
    workers: int = 16
    sweep_seconds: float = 60.0
    grace_seconds: float = 25.0
    retention_days: int = 1100
    snapshot_days: int = 90
    snapshot_bytes: int = 2 << 30
    version: str = ""


class Status(Struct, frozen=True):
    """`counts`: state → deliveries. `oldest_seconds`: age of the oldest that waits, 0 when none does."""

    counts: dict[str, int]
    oldest_seconds: float
    running: bool


class Workflows:
    """One for each process. `watch` is told before and after each step: ("before", "publish")."""

    def __init__(
        self, parts: Parts, running: Running, *, missed: Callable[[], int] | None = None, watch: Watch = lambda _moment, _step: None
    ) -> None:
        self._parts, self._running, self._watch = parts, running, watch
        self._identity = Identity(running.executor, running.version or version())
        self._sweep = Sweep(parts, running.executor, self.soon, missed)
        self._waiting: SimpleQueue[str] = SimpleQueue()
        self._lanes = Lanes(running.workers)
        self._performer = Performer(parts, self._identity, self._waiting.put)
        self._ended = Event()
        self._tidied = float("-inf")
        self._threads: list[Thread] = []

    def start(self) -> None:
        """Launches DBOS, which carries on what this executor had begun, and takes up the rest."""
        shapes.learn()
        prepare(self._parts.words.templates.values())
        DBOS(config=_configuration(self._running, self._identity))
        DBOS.listen_queues([])  # what waits is in the ledger; DBOS looks at a queue of its own ten times a second, 5 ms each

        @DBOS.workflow(name="perform", max_recovery_attempts=5)
        def perform(guid: str) -> str:
            try:
                return self._performer.perform(guid, self._step, self._part)
            finally:
                self._lanes.done(guid)

        self._perform = perform
        self._restore()
        DBOS.launch()
        self._sweep.alive()
        self._take_up()
        for name, body in (("dispatch", self._dispatch), ("lanes", self._beginning), ("sweep", self._sweeping)):
            thread = Thread(target=body, name=name, daemon=True)
            thread.start()
            self._threads.append(thread)

    def stop(self) -> None:
        """Begins nothing more, lets what runs end within the grace; the rest is carried on at the next start."""
        end = monotonic() + self._running.grace_seconds
        self._ended.set()
        self._lanes.wake()
        for thread in self._threads:
            thread.join(timeout=max(0.0, end - monotonic()))
        DBOS.destroy(destroy_registry=True, workflow_completion_timeout_sec=max(0, round(end - monotonic())))
        self._sweep.gone()

    def receive(self, guid: str, event: str, digest: str, work: Work) -> bool:
        """Stores it in one transaction; False when it is known. It is begun soon after."""
        if not self._parts.ledger.deliveries.store(delivery_of(guid, event, work, digest=digest), self._parts.now()):
            return False
        self.soon(guid)
        return True

    def take(self, arrived: Sequence[tuple[str, str, str, Work]]) -> tuple[bool, ...]:
        """As `receive`, all in one transaction; what came before under another name, and is done, is known."""
        made = [delivery_of(guid, event, work, digest=digest) for guid, event, digest, work in arrived]
        stored = self._parts.ledger.deliveries.take(made, self._parts.now())
        for item, new in zip(made, stored, strict=True):
            if new:
                self.soon(item.guid)
        return stored

    def soon(self, guid: str) -> None:
        """Begins what is stored under this name without waiting for the sweep."""
        self._waiting.put(guid)

    def status(self) -> Status:
        """For health and metrics."""
        deliveries = self._parts.ledger.deliveries
        oldest = deliveries.oldest()
        age = (self._parts.now() - oldest).total_seconds() if oldest else 0.0
        return Status(deliveries.counts(), max(age, 0.0), all(thread.is_alive() for thread in self._threads) and not self._ended.is_set())

    def sweep(self) -> bool:
        """One sweep now, unless another process is at it."""
        return self._sweep.once()

    def tidy(self) -> int:
        """Makes stubs of records beyond their time; forgets old plans, and the steps of finished work, which nobody resumes. How many."""
        now = self._parts.now()
        old = DBOS.list_workflows(
            status=["SUCCESS", "ERROR", "CANCELLED", "MAX_RECOVERY_ATTEMPTS_EXCEEDED"],
            completed_before=(now - STEPS_KEPT).isoformat(),
            limit=TIDY_MOST,
            load_input=False,
            load_output=False,
        )
        if old:
            DBOS.delete_workflows([status.workflow_id for status in old])
        running, ledger = self._running, self._parts.ledger
        forgotten = ledger.plans.forget(now - PLANS_KEPT)
        forgotten += ledger.snapshots.prune(now - timedelta(days=running.snapshot_days), running.snapshot_bytes, now)
        return len(old) + forgotten + ledger.retention.prune(now - timedelta(days=running.retention_days), now)

    def _step(self, name: str, function: Callable[..., T], *arguments: Any) -> T:
        return DBOS.run_step({"name": name}, function, *arguments)

    def _part(self, name: str, function: Callable[..., T], *arguments: Any) -> T:
        self._watch("before", name)
        found = function(*arguments)
        self._watch("after", name)
        return found

    def _restore(self) -> None:
        """What this executor began under other code is begun anew: its kept steps may have another form."""
        self._parts.ledger.deliveries.restore(self._running.executor, self._identity.version, self._parts.now())

    def _take_up(self) -> None:
        """What was stored before this process began."""
        now = self._parts.now()
        for item in self._parts.ledger.deliveries.release(now, stale=now, dead=()):
            self.soon(item.guid)

    def _dispatch(self) -> None:
        """Each to its lane."""
        while not self._ended.is_set():
            guids = self._stored()
            try:
                for item in self._parts.ledger.deliveries.leading(guids) if guids else ():
                    self._lanes.put(item.guid, lane(item.installation_id, item.repository_id))
            except Exception:
                log.exception("enqueue-failed", extra={"deliveries": guids})  # the sweep finds them

    def _stored(self) -> tuple[str, ...]:
        """What was stored since the last time, after waiting a little for the first."""
        found: list[str] = []
        with suppress(Empty):
            found.append(self._waiting.get(timeout=0.2))
            while len(found) < MOST_AT_ONCE:
                found.append(self._waiting.get_nowait())
        return tuple(found)

    def _beginning(self) -> None:
        while not self._ended.is_set():
            guid = self._lanes.next(1.0)
            if guid is None or self._ended.is_set():
                continue
            try:
                self._begin(guid)
            except Busy:
                self._lanes.put_off(guid, BUSY_SECONDS)
            except Exception:
                log.exception("begin-failed", extra={"delivery": guid})  # the sweep finds it
                self._lanes.done(guid)

    def _begin(self, guid: str) -> None:
        """Claimed first: a workflow's name, which starts once, is spent on work that is this process's. Where it dies in between, the
        sweep finds work without a workflow."""
        claimed = self._parts.ledger.deliveries.begin(guid, *self._identity.words, self._parts.now(), alone=True)
        if claimed is None:
            self._lanes.done(guid)
            return
        with SetWorkflowID(f"{guid}.{claimed.tries}.{self._identity.version}"):
            DBOS.start_workflow(self._perform, guid)

    def _sweeping(self) -> None:
        while not self._ended.is_set():
            try:
                self._sweep.alive()
                self._stranded()
                self._sweep.once()
                if monotonic() - self._tidied >= TIDY_SECONDS:
                    self._tidied = monotonic()
                    self.tidy()
            except Exception:
                log.exception("sweep-failed")
            self._ended.wait(self._running.sweep_seconds)

    def _stranded(self) -> None:
        """Work of this process whose workflow ended without an end: it failed in a way that no step could tell."""
        for item in self._parts.ledger.deliveries.working(self._running.executor):
            status = DBOS.get_workflow_status(f"{item.guid}.{item.tries - 1}.{self._identity.version}")
            if status is None or status.status not in LIVE:
                self._parts.ledger.deliveries.postpone(item.guid, 0.0, "the workflow ended", self._parts.now())


class _Shared(sqlite3.Connection):
    """A connection to the workflows' file that lets others read while one writes, as the ledger's do: in SQLite's own mode each step
    of each review waits for the disk, and everybody for it. https://www.sqlite.org/wal.html
    """

    def __init__(self, *given: Any, **named: Any) -> None:
        super().__init__(*given, **named)
        for pragma in ("busy_timeout=30000", "journal_mode=WAL", "synchronous=NORMAL"):
            self.execute(f"PRAGMA {pragma}").close()


def _configuration(running: Running, identity: Identity) -> DBOSConfig:
    return {
        "db_engine_kwargs": {"connect_args": {"factory": _Shared}} if running.database.startswith("sqlite") else {},
        "name": "countersign",
        "system_database_url": running.database,
        "executor_id": identity.executor,
        "application_version": identity.version,
        "enable_otlp": False,
        "log_level": "WARNING",
        "console_log_level": "WARNING",
        "notification_listener_polling_interval_sec": 1.0,
    }
