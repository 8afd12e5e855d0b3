"""What a pull request shows for a verdict, given what stands there."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta

from msgspec import Struct, msgpack

from bot.engine.model.verdict import Coverage, Verdict
from bot.github.facts import PullRequest
from bot.github.protocols import Look, Standing
from bot.ledger import Ledger
from bot.report.comments import Held, Words
from bot.report.publication import Publication
from bot.report.publish import Context, Incident, checked, failed, publication
from bot.report.shared_check import Numbered, worst
from bot.workflows.evaluating import Evaluator
from bot.workflows.installations import Installations
from bot.workflows.terms import Shipped

RETRY = 300.0
REMIND = timedelta(hours=48)
# The pull request whose opening made us see the repository was opened a little before.
ARRIVAL = timedelta(minutes=10)


class Parts(Struct, frozen=True):
    """What the workflows are made with. `now`: an aware time. `operator`: who is told of our failures, in a reader's words. `remind`: how
    long a question waits before those who may answer are reminded, and again before others are asked; None: for ever.

    `keeps_snapshots`: whether what an evaluation was made from is kept, so that it can be made again.
    """

    installations: Installations
    ledger: Ledger
    evaluator: Evaluator
    shipped: Shipped
    words: Words
    now: Callable[[], datetime]
    operator: str = "The operator"
    remind: timedelta | None = REMIND
    keeps_snapshots: bool = True


class Looked(Struct, frozen=True):
    """What the first step found. `key`: digest of everything the verdict depends on but the time."""

    look: Look
    check_name: str
    key: str
    at: datetime


class Judged(Struct, frozen=True):
    """A verdict and the files that the change touches, as the ledger keeps them."""

    verdict: Verdict
    files: tuple[str, ...] = ()


def failure(reason: str) -> Judged:
    """The verdict when we failed, in a reader's words."""
    return Judged(Verdict("own-failure", "failure", (), Coverage(), notices=(reason,)))


def page(parts: Parts, looked: Looked, judged: Judged, standing: Standing | None) -> Publication:
    """What this pull request alone would show. `standing` None: not read, which is enough for the check."""
    verdict = judged.verdict
    context = _context(parts, looked, judged, standing)
    if verdict.state != "own-failure":
        return checked(verdict, context, parts.words) if standing is None else publication(verdict, context, parts.words)
    at = parts.now()
    until = f"{at + timedelta(seconds=RETRY):%H:%M} UTC"
    return failed("; ".join(verdict.notices), context, parts.words, Incident(parts.operator, f"{at:%H:%M} UTC", looked.key[:8], until))


def shared(parts: Parts, looked: Looked, own: Publication) -> tuple[Publication, tuple[int, ...]]:
    """With the check of the worst of all open pull requests that have this head, and those of them that have no verdict yet."""
    pull = looked.look.pull
    numbers = tuple(other.number for other in looked.look.sharing)
    found = parts.ledger.evaluations.latest(pull.repository.id, pull.head_sha, numbers)
    others = [Numbered(number, msgpack.decode(item.check, type=Publication)) for number, item in sorted(found.items())]
    return worst(Numbered(pull.number, own), others, parts.words.phrases), tuple(number for number in numbers if number not in found)


def opened_under_us(parts: Parts, pull: PullRequest) -> bool:
    """Whether everything of ours on it stands in this ledger: it was opened when we first saw the repository, or later."""
    return pull.created_at >= _since(parts, pull) - ARRIVAL


def on_first_day(parts: Parts, pull: PullRequest) -> bool:
    """Whether it was opened before us and nobody pushed since."""
    heads = parts.ledger.evaluations.heads(pull.repository.id, pull.number)
    return not opened_under_us(parts, pull) and heads <= {pull.head_sha}


def _since(parts: Parts, pull: PullRequest) -> datetime:
    repository = pull.repository
    return parts.ledger.places.seen(repository.id, repository.installation_id, repository.full_name, parts.now())


def _context(parts: Parts, looked: Looked, judged: Judged, standing: Standing | None) -> Context:
    pull, verdict = looked.look.pull, judged.verdict
    return Context(
        check_name=looked.check_name,
        head=pull.head_sha,
        base=pull.base_ref,
        held=tuple(Held(item.key, item.body, item.path) for item in standing.comments) if standing else (),
        summarised=standing is not None and standing.summary is not None,
        files=frozenset(judged.files),
        draft=pull.draft,
        first_day=on_first_day(parts, pull),
        observing=verdict.state == "observing" and not any(item.commented for item in verdict.results),
        bot=pull.author.kind == "Bot",
        owners=verdict.owners,
        commands=True,
        number=pull.number,
        checks=f"/{pull.repository.full_name}/pull/{pull.number}/checks",
    )
