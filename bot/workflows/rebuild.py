"""Answers of a record that is lost, found again on GitHub: in comments that were never edited and reviews that still approve, and that a
check of ours says hold.

A check tells number, result and what an answer rests on by digests, and whose answer of which second holds (`bot.report.vouched`). So it is
known that the answer counted, that its author had the right to it then, and what it was given to. What no check tells is not rebuilt.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from datetime import UTC, datetime
from typing import Literal

from msgspec import Struct
from msgspec.structs import replace

from bot.engine.decisions.command import parse
from bot.engine.decisions.question import Command
from bot.github.facts import Account, RepositoryRef, Review
from bot.github.witness import Checked, Spoken
from bot.ledger import Event, Given, Ledger
from bot.ledger.questions import lost
from bot.report.hidden import mask
from bot.report.phrases import Phrases
from bot.report.record import read as place_of
from bot.report.vouched import Asked, Said, Vouched, read
from bot.workflows.approving import handle
from bot.workflows.rebuild_reviews import VERB, Approved, approved

LONGEST = 366  # it counted then, whatever was the longest
DECIDING = frozenset({"accept", "reject", "reopen", "waive", "dispute", "break-glass"})


class Conversations(Struct, frozen=True):
    """What people said, of a pull request by its number; reviews with the oldest first."""

    comments: Callable[[int], Iterable[Spoken]]
    reviews: Callable[[int], Iterable[Review]]


class Found(Struct, frozen=True):
    """One answer. `rebuilt`: recorded now; `known`: it stands recorded already; the others are not rebuilt: `edited` since, `gone` (a check
    says that it held, and there is no such comment), `withdrawn` (the same of a review that approves), `unvouched` (a comment that no check
    says of that it holds). `login`: empty where only a check tells of it. `handle`: the number it names."""

    outcome: Literal["rebuilt", "known", "edited", "gone", "withdrawn", "unvouched"]
    number: int
    handle: str
    verb: str
    login: str = ""
    at: datetime | None = None


class Rebuilding(Struct, frozen=True):
    """Of one repository. `handles`: numbers that are kept for their results; `unread`: pull requests whose checks are from before this."""

    repository: str
    answers: tuple[Found, ...] = ()
    handles: int = 0
    unread: tuple[int, ...] = ()

    @property
    def whole(self) -> bool:
        """Whether everything that people answered stands recorded."""
        return not self.unread and all(item.outcome in ("rebuilt", "known") for item in self.answers)


def rebuild(
    ledger: Ledger,
    repository: RepositoryRef,
    checks: Iterable[Checked],
    conversations: Conversations,
    phrases: Phrases,
    now: datetime,
) -> Rebuilding:
    """Records what can be found again; safe to repeat."""
    ledger.places.seen(repository.id, repository.installation_id, repository.full_name, now)
    made = _Rebuilder(ledger, repository, phrases, now)
    told: dict[int, tuple[Checked, Vouched]] = {}
    seen: dict[int, None] = {}
    for check in checks:
        vouched = read(check.summary)
        if vouched is not None and vouched.pull == check.number:
            told.setdefault(check.number, (check, vouched))
        seen.setdefault(check.number)
    answers = [
        item
        for check, vouched in told.values()
        for item in (
            *made.of(check, vouched, tuple(conversations.comments(check.number))),
            *made.approved(check, approved(vouched, check.head, conversations.reviews(check.number))),
        )
    ]
    return Rebuilding(repository.full_name, tuple(answers), made.handles, tuple(number for number in seen if number not in told))


class _Rebuilder:
    def __init__(self, ledger: Ledger, repository: RepositoryRef, phrases: Phrases, now: datetime) -> None:
        self._ledger, self._repository, self._phrases, self._now = ledger, repository, phrases, now
        self.handles = 0

    def of(self, check: Checked, vouched: Vouched, comments: tuple[Spoken, ...]) -> Iterator[Found]:
        """Of one pull request."""
        asked = {item.number: item for item in vouched.asked}
        place = (self._repository.id, self._repository.full_name, check.number)
        for item in vouched.asked:
            self.handles += self._ledger.questions.restore(*place, item.number, item.key, self._now)
        used: set[tuple[str, int]] = set()
        for said in vouched.said:
            if said.number in asked and said.verb != VERB:
                yield self._said(check, asked[said.number], said, comments, used)
        yield from self._unvouched(check, comments, used)

    def _said(self, check: Checked, asked: Asked, said: Said, comments: tuple[Spoken, ...], used: set[tuple[str, int]]) -> Found:
        told = (check.number, said.number, said.verb)
        for comment in comments:
            if (comment.author.id, comment.created_at) != (said.account, said.at):
                continue
            command = _command(comment, said.number)
            if command is None or (command.word, command.number) != (said.verb, said.number):
                continue
            used.add((comment.kind, comment.id))
            if comment.updated_at != comment.created_at:
                return Found("edited", *told, comment.author.login, said.at)
            return Found(self._kept(check, self._of_comment(check, asked, comment, command)), *told, comment.author.login, said.at)
        return Found("gone", *told, at=said.at)

    def approved(self, check: Checked, found: Iterable[Approved]) -> Iterator[Found]:
        """Its approving reviews."""
        for item in found:
            told = (check.number, handle(item.numbers), VERB)
            if item.review is None:
                yield Found("withdrawn", *told, at=item.at)
            else:
                yield Found(self._kept(check, self._of_review(check, item, item.review)), *told, item.review.author.login, item.at)

    def _kept(self, check: Checked, row: Given) -> Literal["rebuilt", "known"]:
        """The row says by its delivery that it is rebuilt, and the entry behind it from which check."""
        known = self._ledger.decisions.given(self._repository.id, row.kind, row.comment_id)
        if known is not None and not known.guid.startswith("rebuilt/"):
            return "known"
        kept = self._ledger.decisions.record(row, self._now)
        position, digest = place_of(check.summary) or (0, "")
        told = {"run": check.run, "head": check.head, "comment": f"{row.kind}/{row.comment_id}", "position": position, "digest": digest}
        self._ledger.chain.record([Event(self._repository.id, "rebuilt", told, check.number, kept.id)], self._now)
        return "known" if known is not None else "rebuilt"

    def _of_comment(self, check: Checked, asked: Asked, comment: Spoken, command: Command) -> Given:
        return replace(
            self._given(check, comment.kind, comment.id, comment.author, comment.created_at),
            handle=asked.number,
            result=lost(asked.key),
            bound=asked.bound,
            verb=command.word,
            reason=mask(command.reason, self._phrases),
            until=command.until.isoformat() if command.until else "",
        )

    def _of_review(self, check: Checked, item: Approved, review: Review) -> Given:
        row = self._given(check, "approval", review.id, review.author, review.submitted_at)
        return replace(row, handle=handle(item.numbers), bound=" ".join(item.bounds), verb=VERB)

    def _given(self, check: Checked, kind: str, identifier: int, by: Account, at: datetime) -> Given:
        """What somebody gave, before it is said what that is."""
        place = (self._repository.id, check.number, kind, identifier, check.head, 0)
        return Given(*place, "", "", "", "", by.login, by.id, "", "", at, f"rebuilt/{check.run}")

    def _unvouched(self, check: Checked, comments: tuple[Spoken, ...], used: set[tuple[str, int]]) -> Iterator[Found]:
        """What people answered and no check says of that it holds: refused then, taken back since, or no longer to the facts."""
        for comment in comments:
            command = _command(comment, "")
            if (comment.kind, comment.id) not in used and command is not None and command.word in DECIDING:
                yield Found("unvouched", check.number, command.number, command.word, comment.author.login, comment.created_at)


def _command(comment: Spoken, thread: str) -> Command | None:
    found = parse(comment.body, comment.created_at.astimezone(UTC).date(), thread if comment.kind == "diff" else "", LONGEST)
    return found if isinstance(found, Command) else None
