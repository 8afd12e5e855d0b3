"""What a person sees: the page of a pull request as data."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from bot.standin.state.checks import CheckRun
    from bot.standin.state.issues import IssueComment
    from bot.standin.state.mergebox import Box
    from bot.standin.state.pulls import PullRequest
    from bot.standin.state.reviews import Review
    from bot.standin.state.threads import Thread


@dataclass(frozen=True)
class SeenComment:
    id: int
    by: str
    body: str
    minimised: str | None
    edited: int
    reactions: tuple[str, ...]


@dataclass(frozen=True)
class SeenThread:
    """`line` None: outdated, or on the whole file."""

    path: str
    line: int | None
    start_line: int | None
    side: str
    original_line: int | None
    whole_file: bool
    outdated: bool
    resolved: bool
    comments: tuple[SeenComment, ...]


@dataclass(frozen=True)
class SeenRun:
    id: int
    name: str
    app: str
    head_sha: str
    status: str
    conclusion: str | None
    title: str | None
    summary: str | None
    text: str | None
    external_id: str
    actions: tuple[str, ...]
    annotations: int


@dataclass(frozen=True)
class SeenReview:
    by: str
    state: str
    body: str


@dataclass(frozen=True)
class Seen:
    """Pending reviews and deleted comments are not seen."""

    title: str
    state: str
    checks: tuple[SeenRun, ...]
    threads: tuple[SeenThread, ...]
    comments: tuple[SeenComment, ...]
    reviews: tuple[SeenReview, ...]
    requested: tuple[str, ...]
    labels: tuple[str, ...]
    box: Box

    def check(self, name: str) -> SeenRun:
        """The latest run of a name; KeyError when there is none."""
        found = [run for run in self.checks if run.name == name]
        if not found:
            raise KeyError(name)
        return found[-1]

    def as_dict(self) -> dict[str, Any]:
        return asdict(self)


def seen(pull: PullRequest) -> Seen:
    with pull.lock:
        return Seen(
            pull.title,
            "merged" if pull.merged else "draft" if pull.draft and pull.is_open else pull.state,
            tuple(run_seen(run) for run in pull.repository.checks.latest(pull.head_sha)),
            tuple(_thread(thread) for thread in pull.threads if any(not comment.pending for comment in thread.comments)),
            tuple(_comment(comment) for comment in pull.comments),
            tuple(_review(review) for review in pull.reviews if review.state != "PENDING" and (review.body or review.state != "COMMENTED")),
            tuple([person.login for person in pull.reviewers] + [f"{team.organisation.login}/{team.slug}" for team in pull.teams]),
            tuple(pull.labels),
            pull.box(),
        )


def run_seen(run: CheckRun) -> SeenRun:
    return SeenRun(
        run.id,
        run.name,
        run.app.slug,
        run.head_sha,
        run.status,
        run.conclusion,
        run.output["title"],
        run.output["summary"],
        run.output["text"],
        run.external_id,
        tuple(action["identifier"] for action in run.actions),
        len(run.annotations),
    )


def _comment(comment: IssueComment | Any) -> SeenComment:
    reactions = tuple(reaction.content for reaction in comment.reactions)
    return SeenComment(comment.id, comment.user.login, comment.body, comment.minimised, len(comment.history), reactions)


def _review(review: Review) -> SeenReview:
    return SeenReview(review.user.login, review.state, review.body)


def _thread(thread: Thread) -> SeenThread:
    comments = tuple(_comment(comment) for comment in thread.comments if not comment.pending)
    return SeenThread(
        thread.place.path,
        thread.line,
        thread.start_line,
        thread.place.side,
        thread.place.line,
        thread.whole_file,
        thread.outdated,
        thread.resolved_by is not None,
        comments,
    )
