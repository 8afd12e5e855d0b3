"""Check suites, check runs and commit statuses of one repository."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import TYPE_CHECKING, Any

from bot.standin import shape
from bot.standin.state import events
from bot.standin.state.ids import locked

if TYPE_CHECKING:
    from threading import RLock

    from bot.standin.state.accounts import Account
    from bot.standin.state.apps import App
    from bot.standin.state.pulls import PullRequest
    from bot.standin.state.repository import Repository
    from bot.standin.state.rules import RequiredCheck

SATISFY = frozenset({"success", "neutral", "skipped"})
SAME_NAME = 1000
STALE_DAYS, SELECTABLE_DAYS = 14, 7
SKIP = re.compile(r"\n\n\n(?:.*\n)*skip-checks: *true *$")


class CheckSuite:
    """All runs of one App on one commit. `head_branch` None for the head of a fork."""

    def __init__(self, repo: Repository, app: App, sha: str, branch: str | None) -> None:
        self.repository, self.app, self.head_sha, self.head_branch = repo, app, sha, branch
        self.id = repo.world.ids.number()
        self.node_id = repo.world.ids.node(self, self.id)
        self.runs: list[CheckRun] = []
        self.cleared = False
        self.created_at = self.updated_at = repo.world.clock.moment()

    @property
    def status(self) -> str:
        latest = self.latest()
        if not latest or self.cleared:
            return "queued"
        return "completed" if all(run.status == "completed" for run in latest) else "in_progress"

    @property
    def conclusion(self) -> str | None:
        """The worst of the latest runs, None while one is not completed."""
        if self.status != "completed":
            return None
        order = ["failure", "timed_out", "cancelled", "action_required", "stale", "success", "neutral", "skipped"]
        return min((run.conclusion or "stale" for run in self.latest()), key=order.index)

    def latest(self) -> list[CheckRun]:
        return list({run.name: run for run in self.runs}.values())

    @property
    def pull_requests(self) -> list[PullRequest]:
        """Open pull requests with this head, none for forks (CONTRACT 6.16)."""
        pulls = self.repository.pulls
        return [pull for pull in pulls if pull.is_open and pull.head_sha == self.head_sha and pull.head_repo is self.repository]

    @locked
    def rerequest(self, by: Account) -> None:
        """The button that re-runs everything: the suite is queued again, its runs stay as they are."""
        self.cleared = True
        events.emit("check_suite", "rerequested", self.repository, by, lambda urls: {"check_suite": shape.suite(self, urls)}, only=self.app)

    @property
    def lock(self) -> RLock:
        return self.repository.lock


class CheckRun:
    """One run; `output` has title, summary, text; `annotations` only ever grow."""

    def __init__(self, suite: CheckSuite, name: str) -> None:
        self.suite, self.name = suite, name
        world = suite.repository.world
        self.id = world.ids.number()
        self.node_id = world.ids.node(self, self.id)
        self.external_id, self.details_url = "", suite.app.external_url
        self.status, self.conclusion = "queued", None
        self.started_at: datetime | None = world.clock.moment()
        self.completed_at: datetime | None = None
        self.output: dict[str, Any] = {"title": None, "summary": None, "text": None}
        self.annotations: list[dict[str, Any]] = []
        self.actions: list[dict[str, str]] = []

    status: str
    conclusion: str | None

    @property
    def repository(self) -> Repository:
        return self.suite.repository

    @property
    def app(self) -> App:
        return self.suite.app

    @property
    def head_sha(self) -> str:
        return self.suite.head_sha

    @property
    def lock(self) -> RLock:
        return self.suite.lock

    @locked
    def rerequest(self, by: Account) -> None:
        """The suite is queued again; this run is not changed: its App must answer."""
        self.suite.cleared = True
        self._tell("rerequested", by, {})

    @locked
    def press(self, identifier: str, by: Account) -> None:
        """A person presses one of the run's buttons."""
        self._tell("requested_action", by, {"requested_action": {"identifier": identifier}})

    def _tell(self, action: str, by: Account, more: dict[str, Any]) -> None:
        only = self.app if action in {"rerequested", "requested_action"} else None
        events.emit("check_run", action, self.repository, by, lambda urls: {"check_run": shape.run(self, urls), **more}, only=only)

    def apply(self, fields: Mapping[str, Any]) -> None:
        """Set what a create or update request names; the fields are valid already."""
        done = self.status == "completed"
        for name in ("name", "external_id", "details_url", "status", "conclusion"):
            if fields.get(name) is not None:
                setattr(self, name, fields[name])
        now = self.repository.world.clock.moment()
        if fields.get("started_at"):
            self.started_at = _moment(fields["started_at"])
        if fields.get("conclusion") or fields.get("completed_at"):
            self.status = "completed"
            self.completed_at = _moment(fields["completed_at"]) if fields.get("completed_at") else now
        elif fields.get("status") in {"queued", "in_progress"}:
            self.conclusion = self.completed_at = None
        output = fields.get("output") or {}
        self.output |= {key: output[key] for key in ("title", "summary", "text") if key in output}
        self.annotations += output.get("annotations", [])
        self.actions = list(fields.get("actions", self.actions))
        self.suite.cleared, self.suite.updated_at = False, now
        if self.status == "completed" and not done:
            self._completed()

    def _completed(self) -> None:
        bot = self.app.bot
        self._tell("completed", bot, {})
        if self.suite.status == "completed":
            suite = self.suite
            events.emit(
                "check_suite", "completed", self.repository, bot, lambda urls: {"check_suite": shape.suite(suite, urls)}, only=self.app
            )


class Status:
    """A commit status; `context` is compared without case."""

    def __init__(self, repo: Repository, sha: str, by: Account, fields: Mapping[str, Any]) -> None:
        self.repository, self.sha, self.creator = repo, sha, by
        self.id = repo.world.ids.number()
        self.node_id = repo.world.ids.node(self, self.id)
        self.state: str = fields["state"]
        self.context: str = fields.get("context") or "default"
        self.description: str | None = fields.get("description")
        self.target_url: str | None = fields.get("target_url")
        self.created_at = repo.world.clock.moment()


class Checks:
    """`statuses` newest last; `automatic[app id]` False when the App turned automatic suites off."""

    def __init__(self, repo: Repository) -> None:
        self.repository = repo
        self.suites: dict[tuple[int, str], CheckSuite] = {}
        self.runs: dict[int, CheckRun] = {}
        self.statuses: list[Status] = []
        self.automatic: dict[int, bool] = {}

    def suite(self, app: App, sha: str, branch: str | None = None) -> CheckSuite:
        """The App's suite on a commit, made when there is none."""
        key = (app.id, sha)
        if key not in self.suites:
            known = branch or next((name for name, oid in self.repository.branches().items() if oid == sha), None)
            self.suites[key] = CheckSuite(self.repository, app, sha, known)
        return self.suites[key]

    def pushed(self, sha: str, branch: str, by: Account) -> None:
        """A push makes a suite for each App that may write checks, unless the commit says `skip-checks: true`."""
        if SKIP.search(self.repository.commit_of(sha).message + "\n") or branch.startswith("gh-readonly-queue/"):
            return
        for inst in list(self.repository.world.installations.values()):
            wanted = inst.covers(self.repository) and inst.may("checks", "write") and self.automatic.get(inst.app.id, True)
            if wanted and not inst.suspended_at and (inst.app.id, sha) not in self.suites:
                suite = self.suite(inst.app, sha, branch)
                build = _suite_payload(suite)
                events.emit("check_suite", "requested", self.repository, by, build, only=inst.app)

    def create(self, app: App, fields: Mapping[str, Any]) -> CheckRun:
        suite = self.suite(app, fields["head_sha"])
        run = CheckRun(suite, fields["name"])
        suite.runs.append(run)
        self.runs[run.id] = run
        self._forget_old(suite, run.name)
        events.emit("check_run", "created", self.repository, app.bot, lambda urls: {"check_run": shape.run(run, urls)})
        run.apply(fields)
        return run

    def _forget_old(self, suite: CheckSuite, name: str) -> None:
        same = [run for run in suite.runs if run.name == name]
        for old in same[:-SAME_NAME]:
            suite.runs.remove(old)
            del self.runs[old.id]

    def report(self, sha: str, by: Account, fields: Mapping[str, Any]) -> Status:
        status = Status(self.repository, sha, by, fields)
        self.statuses.append(status)
        events.emit("status", None, self.repository, by, lambda urls: shape.status_event(status, urls))
        return status

    def _age(self) -> None:
        """GitHub gives up on runs that were not completed within 14 days."""
        now = self.repository.world.clock.moment()
        for run in self.runs.values():
            if run.status != "completed" and run.started_at and (now - run.started_at).days >= STALE_DAYS:
                run.status, run.conclusion, run.completed_at = "completed", "stale", now

    def on(self, sha: str) -> list[CheckRun]:
        """Every run on a commit, oldest first."""
        self._age()
        return [run for suite in self.suites.values() if suite.head_sha == sha for run in suite.runs]

    def latest(self, sha: str) -> list[CheckRun]:
        """The latest run of each name and App."""
        self._age()
        return [run for suite in self.suites.values() if suite.head_sha == sha for run in suite.latest()]

    def statuses_of(self, sha: str) -> list[Status]:
        """The latest status of each context."""
        return list({status.context.lower(): status for status in self.statuses if status.sha == sha}.values())

    def selectable(self) -> set[tuple[str, int]]:
        """(name, App id) that the settings offer as required: completed here within seven days."""
        now = self.repository.world.clock.moment()
        return {
            (run.name, run.app.id) for run in self.runs.values() if run.completed_at and (now - run.completed_at).days < SELECTABLE_DAYS
        }

    def missing(self, sha: str, required: Iterable[RequiredCheck]) -> list[str]:
        """Sentences, one for each required check that does not let the merge through."""
        return [sentence for check in sorted(required) if (sentence := self._missing(sha, check))]

    def _missing(self, sha: str, check: RequiredCheck) -> str | None:
        runs = [run for run in self.latest(sha) if run.name == check.context]
        statuses = [status for status in self.statuses_of(sha) if status.context.lower() == check.context.lower()]
        if check.app_id > 0:
            foreign = [run for run in runs if run.app.id != check.app_id]
            runs = [run for run in runs if run.app.id == check.app_id]
            statuses = [status for status in statuses if status.creator.app and status.creator.app.id == check.app_id]
            if foreign and not runs and not statuses:
                return f"{check.context}: was not set by the expected GitHub App"
        if not runs and not statuses:
            return f"{check.context}: Expected — Waiting for status to be reported"
        bad = [run.conclusion or run.status for run in runs if run.conclusion not in SATISFY or run.status != "completed"]
        bad += [status.state for status in statuses if status.state != "success"]
        return f"{check.context}: {bad[0]}" if bad else None


def _suite_payload(suite: CheckSuite) -> events.Build:
    return lambda urls: {"check_suite": shape.suite(suite, urls)}


def _moment(text: str) -> datetime:
    return datetime.fromisoformat(text)
