"""A pull request on the stand-in as the publisher meets it, and verdicts on it."""

from __future__ import annotations

from typing import Any

from msgspec.structs import replace

from bot.engine.model.result import Anchor, Result
from bot.engine.model.verdict import Verdict
from bot.github.facts import Account, PullRequest, RepositoryRef
from bot.github.protocols import Standing
from bot.github.publisher import AppPublisher
from bot.report import marker
from bot.report.comments import Held
from bot.report.publication import Publication
from bot.report.publish import Context, notes, publication
from bot.standin.state.pulls import PullRequest as Shown
from tests.github.line import Line
from tests.github.mortal import Mortal
from tests.report import samples
from tests.report.words import words
from tests.standin.conftest import Scene

FILES = frozenset({"main.tf", "new.tf"})
AT_FIVE = replace(samples.OPEN_DATABASE, file="main.tf", line=5, anchor=Anchor("main.tf", 5))
AT_NEW = replace(samples.REPLACED_DATABASE, file="new.tf", line=2, anchor=Anchor("new.tf", 2))
SECOND = replace(samples.SECRET, file="new.tf", line=1, anchor=Anchor("new.tf", 1))


def pull_of(scene: Scene, shown: Shown | None = None) -> PullRequest:
    """The facts the reader would give."""
    pull = shown or scene.pull
    now = scene.standin.clock.moment()
    repository = RepositoryRef(scene.repo.id, scene.repo.full_name, scene.installation.id)
    return PullRequest(
        repository=repository,
        number=pull.number,
        state="open" if pull.is_open else "closed",
        draft=pull.draft,
        title=pull.title,
        body=pull.body or "",
        author=Account(pull.user.id, pull.user.login),
        head_sha=pull.head_sha,
        head_ref=pull.head_ref,
        base_sha=pull.base_sha,
        base_ref=pull.base_ref,
        head_repository=None,
        changed_files=2,
        created_at=now,
    )


def verdict_of(*results: Result) -> Verdict:
    blocking = [item for item in results if item.blocks]
    if any(item.treatment == "violation" for item in blocking):
        return Verdict("violations", "failure", results, samples.COVERAGE)
    if blocking:
        return Verdict("decisions", "action_required", results, samples.COVERAGE)
    return Verdict("clean", "success", results, samples.COVERAGE)


class Bot:
    """The App at work on one pull request: a fresh publisher each time, as after a restart."""

    def __init__(self, line: Line, **fields: Any) -> None:
        self.line, self.scene, self.fields = line, line.scene, fields
        self.made: list[Mortal] = []
        self.resolves = False

    def publisher(self, dies_at: int | None = None) -> AppPublisher:
        self.made.append(Mortal(self.line.gateway, dies_at))
        return AppPublisher(self.made[-1], self.scene.app.id, notes(words()), self.resolves)

    def publication(self, standing: Standing, verdict: Verdict) -> Publication:
        held = tuple(Held(item.key, item.body, item.path) for item in standing.comments)
        context = Context(
            head=standing.head_sha, base="main", held=held, summarised=standing.summary is not None, files=FILES, **self.fields
        )
        return publication(verdict, context, words())

    def review(self, *results: Result, dies_at: int | None = None, attempt: str = "run-1", fresh: bool = False) -> tuple[str, ...]:
        """One review of the head as it is; what was written."""
        made, pull = self.publisher(dies_at), pull_of(self.scene)
        run = made.begin(pull.repository, pull.head_sha, "countersign", attempt, fresh=fresh)
        standing = made.standing(pull)
        return made.publish(pull, self.publication(standing, verdict_of(*results)), run, standing)


def threads(scene: Scene) -> list[tuple[str, int | None, str | None]]:
    """Path, line and minimised of every thread's first comment that is a comment of ours."""
    shown = scene.pull.seen().threads
    return [(one.path, one.line, one.comments[0].minimised) for one in shown if marker.read(one.comments[0].body)]


def look(scene: Scene) -> tuple[Any, ...]:
    """The page without the numbers and edit counts that differ between two ways to the same page."""
    seen = scene.pull.seen()
    return (
        sorted((one.path, one.original_line or 0, one.resolved, _said(one.comments)) for one in seen.threads),
        _said(seen.comments),
        [(run.name, run.status, run.conclusion, run.title, run.summary, run.text) for run in seen.checks],
        [(review.state, review.body) for review in seen.reviews],
    )


def _said(comments: tuple[Any, ...]) -> list[tuple[str, str | None]]:
    return [(one.body, one.minimised) for one in comments]
