"""The answers of people between the ledger and a verdict: which bear on a change, what results are called, what waits now."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from datetime import date

from msgspec import msgpack
from msgspec.structs import replace

from bot.engine.decisions.binding import bound
from bot.engine.decisions.numbering import allocated, keys
from bot.engine.decisions.question import Command
from bot.engine.model.decision import Decision
from bot.engine.model.result import Result
from bot.engine.model.snapshot import Snapshot
from bot.engine.model.verdict import Verdict, owners_of
from bot.github.facts import Account, CommentRef, PullRequest, RepositoryRef
from bot.ledger import Given, Ledger, Question
from bot.report.phrases import Phrases
from bot.report.template import shortened


def with_answers(ledger: Ledger, pull: PullRequest, snapshot: Snapshot) -> Snapshot:
    """The snapshot with what was answered on this pull request, and on others whose heads its commits contain; and with all numbers."""
    place = (pull.repository.id, pull.number)
    decisions = _bearing(ledger, *place, (commit.sha for commit in snapshot.commits), pull.head_sha)
    return _with(snapshot, decisions, ledger.questions.numbers(*place))


def in_group(ledger: Ledger, repository: RepositoryRef, number: int, snapshot: Snapshot) -> Snapshot:
    """The same for a merge group. `number`: the pull request that GitHub names it after, 0 for none: a squash contains no head."""
    last = ledger.evaluations.last_published(repository.id, number)
    decisions = _bearing(ledger, repository.id, number, (commit.sha for commit in snapshot.commits), last.head if last else "")
    return _with(snapshot, decisions, snapshot.numbers)


def _with(snapshot: Snapshot, decisions: tuple[Decision, ...], numbers: dict[str, str]) -> Snapshot:
    """The same snapshot where it has them already: its verdict may be known."""
    same = snapshot.decisions == decisions and snapshot.numbers == numbers
    return snapshot if same else replace(snapshot, decisions=decisions, numbers=numbers)


def allotted(ledger: Ledger, pull: PullRequest, verdict: Verdict, snapshot: Snapshot) -> Verdict:
    """The verdict with the numbers that its results have from now on; those that are new are taken."""
    wanted = allocated(verdict.results)
    if not wanted or wanted.items() <= snapshot.numbers.items():
        return verdict
    repository = pull.repository
    held = ledger.questions.allocate(repository.id, repository.full_name, pull.number, wanted.items(), snapshot.now)
    named = zip(verdict.results, keys(verdict.results), strict=True)
    return replace(verdict, results=tuple(replace(item, number=held.get(name, "")) for item, name in named))


def key(ledger: Ledger, pull: PullRequest, look: str) -> str:
    """A digest of everything that a verdict depends on but the time. `look`: of everything but the answers."""
    place = (pull.repository.id, pull.number)
    own = ledger.decisions.counting(*place)
    others = ledger.decisions.about(*place, ledger.questions.numbers(*place))
    given = sorted(item.id for item in (*own, *others))
    return hashlib.sha256(msgpack.encode((look, given))).hexdigest() if given else look


def shown(pull: PullRequest, verdict: Verdict, evaluation: int, phrases: Phrases) -> Iterable[Question]:
    """The rows of what GitHub shows now."""
    for item in verdict.results:
        if item.number:
            yield _question(pull, shortened(item, phrases), verdict, evaluation, bound(item))


def given(pull: PullRequest, ref: CommentRef, by: Account, guid: str) -> Given:
    """What a comment gave, before it is known what that is."""
    place = (pull.repository.id, pull.number, ref.kind, ref.id, pull.head_sha, 0)
    return Given(*place, "", "", "", "", by.login, by.id, "", "", ref.created_at, guid)


def commanded(row: Given, command: Command) -> Given:
    """The same with what it asks for."""
    until = command.until.isoformat() if command.until else ""
    return replace(row, verb=command.word, handle=command.number, reason=command.reason, until=until)


def standing(found: Iterable[Given]) -> tuple[Given, ...]:
    """The approving reviews among the answers of a pull request that nobody dismissed, and whose author has not asked for changes since."""
    rows = tuple(found)
    gone = {item.comment_id for item in rows if item.verb == "withdraw" and item.kind == "dismissal"}
    last = {item.account: item.given_at for item in rows if item.verb == "withdraw" and item.kind == "approval"}
    approved = (item for item in rows if item.verb == "approve" and item.comment_id not in gone)
    return tuple(item for item in approved if item.account not in last or last[item.account] < item.given_at)


def _bearing(ledger: Ledger, repository_id: int, number: int, heads: Iterable[str], head: str) -> tuple[Decision, ...]:
    """`head`: of the pull request, the one on which an approving review counts; that it was given on another one is told. It is carried
    nowhere, and neither is a bypass: both are of the one pull request on which they were given."""
    own = ledger.decisions.counting(repository_id, number)
    approved = [item if item.head == head else replace(item, verb="outdated") for item in standing(own)]
    said = (item for item in own if item.verb not in ("approve", "withdraw"))
    carried = (item for item in ledger.decisions.on(repository_id, heads) if item.number != number and item.result)
    found = sorted((*said, *approved, *carried), key=lambda item: (item.given_at, item.comment_id))
    return tuple(_decision(item, number) for item in found)


def _decision(item: Given, number: int) -> Decision:
    return Decision(
        result=item.result,
        bound=item.bound,
        verb=item.verb,  # type: ignore[arg-type]  # one of the verbs, as it was read
        by=item.login,
        account=item.account,
        reason=item.reason,
        at=item.given_at,
        ref=f"#{item.number} by @{item.login}",
        number=item.handle,
        until=date.fromisoformat(item.until) if item.until else None,
        pull=item.number,
        head=item.head,
        carried=item.number != number,
        told=item.told,
    )


def _question(pull: PullRequest, item: Result, verdict: Verdict, evaluation: int, rests_on: str) -> Question:
    return Question(
        pull.repository.id,
        pull.repository.full_name,
        pull.number,
        item.number,
        item.id,
        category=item.category,
        about=item.question or item.title,
        owners=owners_of(verdict.owners, item),
        bound=rests_on,
        evaluation=evaluation,
        asked=item.blocks and item.treatment != "violation",
    )
