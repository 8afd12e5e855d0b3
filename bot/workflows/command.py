"""One command in a comment, from the comment as it stands now to what it changes, in steps that may each be repeated."""

from __future__ import annotations

import logging
from datetime import UTC, timedelta

from msgspec import Struct, msgpack
from msgspec.structs import replace

from bot.engine.authorship.identity import of_account
from bot.engine.authorship.index import Index
from bot.engine.decisions.binding import whole
from bot.engine.decisions.command import parse
from bot.engine.decisions.eligibility import refusal
from bot.engine.decisions.question import Asked, Command, Involved, Refused
from bot.engine.model.verdict import Verdict
from bot.github.facts import Account, Comment, CommentRef, PullRequest, Work
from bot.github.protocols import Reader
from bot.github.refusal import Refusal
from bot.github.webhook import said_digest
from bot.ledger import Evaluation, Given
from bot.report import answer as texts
from bot.report import marker
from bot.report.hidden import mask
from bot.report.markdown import code
from bot.report.markdown import text as escaped
from bot.workflows import answers
from bot.workflows.outcome import AGAIN, Outcome
from bot.workflows.page import Judged, Looked, Parts
from bot.workflows.review import Review

REVIEWED_IN = timedelta(days=7)

log = logging.getLogger(__name__)


class Answered(Struct, frozen=True):
    """What a command came to. `counts`: it has effect; `text`: what is replied, empty for nothing. `reviewed`: the pull request is
    evaluated again because of it, and so are those in `also`, where the same is asked. `issue`: title and text of one that is opened.
    """

    counts: bool
    text: str = ""
    reviewed: bool = False
    also: tuple[int, ...] = ()
    issue: tuple[str, str] | None = None


class Said(Struct, frozen=True):
    """A comment that was read: where it stands, on which pull request, what it asks for. `row`: of it in the ledger, so far."""

    ref: CommentRef
    pull: PullRequest
    author: Account
    command: Command
    row: Given


class Commands:
    """The steps. They raise `bot.github.refusal.Refusal`."""

    def __init__(self, parts: Parts, review: Review) -> None:
        self._parts, self._review = parts, review

    def answer(self, work: Work, looked: Looked, guid: str) -> Answered | Outcome:
        """What the comment comes to: recorded once, whatever happens to the comment, its author or the change afterwards."""
        assert work.comment is not None
        ref, pull = work.comment, looked.look.pull
        known = self._parts.ledger.decisions.given(pull.repository.id, ref.kind, ref.id)
        if known is not None:  # by an earlier try of this delivery, or by the same bytes under another GUID
            told = self._told(known)
            return told if known.guid == guid else replace(told, reviewed=False, also=())
        reader = self._parts.installations.reader(work.installation_id)
        comment = reader.comment(pull.repository, ref)
        if comment is None:
            return Outcome("the comment is gone")
        author = replace(comment.author, kind="Bot") if comment.through_app else comment.author
        row = replace(answers.given(pull, ref, author, guid), verb=work.reason)
        if edited(comment, ref):
            return self._refused(row, Refused("edited"))
        longest = self._review.in_force(looked).days.longest
        found = parse(comment.body, ref.created_at.astimezone(UTC).date(), self._thread(reader, pull, ref), longest)
        if found is None:
            return Outcome("no command")
        if isinstance(found, Refused):
            return self._refused(row, found)
        return self._followed(Said(ref, pull, author, found, answers.commanded(row, found)), looked, reader)

    def react(self, work: Work, looked: Looked, answered: Answered) -> bool:
        """A reaction to the comment, and the reply where there is one; False where GitHub takes neither, which changes nothing else."""
        assert work.comment is not None
        publisher = self._parts.installations.publisher(work.installation_id)
        try:
            publisher.react(looked.look.pull.repository, work.comment, "+1" if answered.counts else "confused")
            if answered.text:
                publisher.reply(looked.look.pull, work.comment, answered.text)
            if answered.issue:
                publisher.issue(looked.look.pull.repository, work.comment, *answered.issue)
        except Refusal as refusal:
            if refusal.passing:
                raise
            log.warning("answer-untold", extra={"reason": refusal.kind})
            return False
        return True

    def _followed(self, said: Said, looked: Looked, reader: Reader) -> Answered | Outcome:
        if said.command.word == "recheck":
            return Answered(counts=True, reviewed=True)
        now, again = self._now(looked)
        if again is not None:
            return Outcome("not evaluated", again=again)
        if said.command.word == "status":
            return Answered(counts=True, text=texts.status(now, self._parts.words))
        if said.command.word == "explain":
            known = any(item.number == said.command.number for item in now.results)
            return Answered(counts=known, text=texts.explained(now, said.command.number, self._parts.words))
        return self._decided(said, looked, reader, now)

    def _decided(self, said: Said, looked: Looked, reader: Reader, now: Verdict) -> Answered:
        shown = self._shown(said.pull, said.ref)
        if shown is None:
            return self._refused(said.row, Refused("no-verdict"))
        row = replace(said.row, evaluation=shown.id)
        asked = self._asked(said.command, shown, looked)
        if isinstance(asked, Refused):
            return self._refused(row, asked)
        row = replace(row, handle=asked.number, result=asked.result, bound=asked.bound, told=asked.told)
        against = self._against(said, asked, reader) or self._changed(said.command, asked, now)
        return self._refused(row, against) if against else self._recorded(row)

    def _shown(self, pull: PullRequest, ref: CommentRef) -> Evaluation | None:
        """What the person who wrote the comment could see; None where there was no verdict."""
        found = self._parts.ledger.evaluations.shown_before(pull.repository.id, pull.number, ref.created_at)
        return None if found is None or _verdict(found).state == "own-failure" else found

    def _asked(self, command: Command, shown: Evaluation, looked: Looked) -> Asked | Refused:
        """What the command answers, with those who may answer it by the default branch now."""
        assert shown.published_at is not None
        verdict, phrases = _verdict(shown), self._parts.words.phrases
        in_force = self._review.in_force(looked)
        if command.word == "break-glass":
            return replace(texts.glass(verdict, shown.head, shown.published_at), owners=in_force.break_glass)
        found = {item.number: item for item in texts.questions(verdict, phrases, shown.head, shown.published_at)}
        if command.number not in found:
            return texts.unknown(verdict, command.number)
        asked = found[command.number]
        return replace(asked, owners=in_force.eligible(asked.category), least=in_force.permission(asked.category))

    def _against(self, said: Said, asked: Asked, reader: Reader) -> Refused | None:
        """Why this person may not, as GitHub says it now."""
        person = reader.person(said.pull.repository, said.author, asked.owners)
        return refusal(said.command, asked, person, self._involved(said.pull, reader))

    def _involved(self, pull: PullRequest, reader: Reader) -> Involved:
        hands = reader.hands(pull)
        return Involved(
            author=pull.author.id,
            pushers=self._parts.ledger.pushers.of(pull.repository.id, pull.number, hands.shas),
            committers=hands.committers,
            co_authors=hands.co_authors,
            prompters=hands.assignees if self._is_agent(pull.author) else frozenset(),
            complete=hands.complete,
        )

    def _is_agent(self, author: Account) -> bool:
        """Whether a platform's agent opened it: then the platform assigns the person who set it to work.

        https://docs.github.com/en/copilot/how-tos/use-copilot-agents/coding-agent
        """
        who = of_account(author.login, author.id or None)
        return any(row.role == "writer" for row in Index(self._parts.shipped.signals).identified(who, "account"))

    def _changed(self, command: Command, asked: Asked, now: Verdict) -> Refused | None:
        if command.word != "break-glass":
            return texts.changed(asked, now, self._parts.words.phrases)
        more = set(whole(now.results).split()) - set(asked.bound.split())
        return Refused("changed-whole") if more else None

    def _now(self, looked: Looked) -> tuple[Verdict, float | None]:
        """The verdict on the pull request as it stands now; the one that is stored where it was made of exactly this."""
        ledger, pull = self._parts.ledger, looked.look.pull
        known = ledger.evaluations.keyed(pull.repository.id, pull.number, answers.key(ledger, pull, looked.key))
        if known is not None and (known.valid_until is None or known.valid_until > self._parts.now()):
            return _verdict(known), None
        judged, _ = self._review.judged(looked)
        return judged.verdict, AGAIN if judged.verdict.state == "own-failure" else None

    def _thread(self, reader: Reader, pull: PullRequest, ref: CommentRef) -> str:
        """The number of what is asked in the thread of a reply; empty for any other comment."""
        shown = self._shown(pull, ref) if ref.thread is not None else None
        key = reader.key_of_thread(pull.repository, ref.thread) if shown and ref.thread else ""
        return next((item.number for item in _verdict(shown).results if marker.key(item) == key), "") if shown and key else ""

    def _refused(self, row: Given, why: Refused) -> Answered:
        phrases = self._parts.words.phrases
        fields = {name: mask(value, phrases) if isinstance(value, str) else value for name, value in why.fields.items()}
        return self._recorded(replace(row, refused=why.key, fields=fields))

    def _recorded(self, row: Given) -> Answered:
        """What looks like a key is hidden before anything is kept."""
        hidden = replace(row, reason=mask(row.reason, self._parts.words.phrases))
        kept = self._parts.ledger.decisions.record(hidden, self._parts.now())
        log.info("command-answered", extra={"word": kept.verb, "number": kept.number, "refused": kept.refused})
        return self._told(kept)

    def _told(self, kept: Given) -> Answered:
        if kept.refused:
            return Answered(counts=False, text=texts.reply(Refused(kept.refused, kept.fields), self._parts.words))
        also = self._parts.ledger.questions.elsewhere(kept.repository_id, kept.number, kept.result)
        return Answered(counts=True, reviewed=True, also=tuple(sorted(also)), issue=self._to_review(kept))

    def _to_review(self, kept: Given) -> tuple[str, str] | None:
        """What was bypassed is looked at afterwards, by a day."""
        if kept.verb != "break-glass":
            return None
        phrases = self._parts.words.phrases
        at, by = f"{kept.given_at:%Y-%m-%d %H:%M} UTC", f"{kept.given_at + REVIEWED_IN:%Y-%m-%d}"
        fields = {"number": kept.number, "by": code(f"@{kept.login}"), "at": at, "day": by, "reason": escaped(kept.reason)}
        return phrases.say("answer.bypass.title", **fields), phrases.say("answer.bypass.text", **fields)


def edited(comment: Comment, ref: CommentRef) -> bool:
    """Whether it was edited since it was written."""
    return comment.updated_at > ref.updated_at or said_digest(comment.body) != ref.digest


def _verdict(evaluation: Evaluation) -> Verdict:
    return msgpack.decode(evaluation.verdict, type=Judged).verdict
