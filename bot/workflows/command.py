"""One command in a comment, from the comment as it stands now to what it changes, in steps that may each be repeated."""

from __future__ import annotations

import logging
from datetime import UTC

from msgspec import Struct
from msgspec.structs import replace

from bot.engine.decisions.binding import whole
from bot.engine.decisions.command import parse
from bot.engine.decisions.eligibility import refusal
from bot.engine.decisions.question import Asked, Command, Refused
from bot.engine.model.verdict import Verdict
from bot.github.facts import Account, Comment, CommentRef, PullRequest, Work
from bot.github.protocols import Reader
from bot.github.refusal import Refusal
from bot.github.webhook import said_digest
from bot.ledger import Evaluation, Given
from bot.report import answer as texts
from bot.report import marker
from bot.workflows import answers
from bot.workflows.hearing import Answered, Hearing, verdict_of
from bot.workflows.outcome import Outcome
from bot.workflows.page import Looked, Parts

log = logging.getLogger(__name__)


class Said(Struct, frozen=True):
    """A comment that was read: where it stands, on which pull request, what it asks for. `row`: of it in the ledger, so far."""

    ref: CommentRef
    pull: PullRequest
    author: Account
    command: Command
    row: Given


class Commands:
    """The steps. They raise `bot.github.refusal.Refusal`."""

    def __init__(self, parts: Parts, hearing: Hearing) -> None:
        self._parts, self._hearing = parts, hearing

    def answer(self, work: Work, looked: Looked, guid: str) -> Answered | Outcome:
        """What the comment comes to: recorded once, whatever happens to the comment, its author or the change afterwards."""
        assert work.comment is not None
        ref, pull = work.comment, looked.look.pull
        known = self._hearing.known(pull, ref.kind, ref.id, guid)
        if known is not None:
            return known
        reader = self._hearing.reader(pull)
        comment = _reviews_text(reader, pull, ref) if ref.kind == "review" else reader.comment(pull.repository, ref)
        if comment is None:
            return Outcome("the comment is gone")
        author = replace(comment.author, kind="Bot") if comment.through_app else comment.author
        row = replace(answers.given(pull, ref, author, guid), verb=work.reason)
        if edited(comment, ref):
            return self._hearing.refused(row, Refused("edited"))
        longest = self._hearing.governance(looked).days.longest
        found = parse(comment.body, ref.created_at.astimezone(UTC).date(), self._thread(reader, pull, ref), longest)
        if found is None:
            return Outcome("no command")
        if isinstance(found, Refused):
            return self._hearing.refused(row, found)
        return self._followed(Said(ref, pull, author, found, answers.commanded(row, found)), looked, reader)

    def react(self, pull: PullRequest, ref: CommentRef, answered: Answered) -> bool:
        """A reaction to the comment, and the reply where there is one; False where GitHub takes neither, which changes nothing else."""
        publisher = self._parts.installations.publisher(pull.repository.installation_id)
        try:
            publisher.react(pull.repository, ref, "+1" if answered.counts else "confused")
            if answered.text:
                publisher.reply(pull, ref, answered.text)
            if answered.issue:
                publisher.issue(pull.repository, ref, *answered.issue)
        except Refusal as refusal:
            if refusal.passing:
                raise
            log.warning("answer-untold", extra={"reason": refusal.kind})
            return False
        return True

    def _followed(self, said: Said, looked: Looked, reader: Reader) -> Answered | Outcome:
        if said.command.word == "recheck":
            return Answered(counts=True, reviewed=True)
        now, again = self._hearing.now(looked)
        if again is not None:
            return Outcome("not evaluated", again=again)
        if said.command.word == "status":
            return Answered(counts=True, text=texts.status(now, self._parts.words))
        if said.command.word == "explain":
            known = any(item.number == said.command.number for item in now.results)
            return Answered(counts=known, text=texts.explained(now, said.command.number, self._parts.words))
        return self._decided(said, looked, reader, now)

    def _decided(self, said: Said, looked: Looked, reader: Reader, now: Verdict) -> Answered:
        shown = self._hearing.shown(said.pull, said.ref.created_at)
        if shown is None:
            return self._hearing.refused(said.row, Refused("no-verdict"))
        row = replace(said.row, evaluation=shown.id)
        asked = self._asked(said.command, shown, looked)
        if isinstance(asked, Refused):
            return self._hearing.refused(row, asked)
        row = replace(row, handle=asked.number, result=asked.result, bound=asked.bound, told=asked.told)
        against = self._against(said, asked, reader) or self._changed(said.command, asked, now)
        return self._hearing.refused(row, against) if against else self._hearing.recorded(row)

    def _asked(self, command: Command, shown: Evaluation, looked: Looked) -> Asked | Refused:
        """What the command answers, with those who may answer it by the default branch now."""
        assert shown.published_at is not None
        verdict, phrases = verdict_of(shown), self._parts.words.phrases
        in_force = self._hearing.governance(looked)
        if command.word == "break-glass":
            return replace(texts.glass(verdict, shown.head, shown.published_at), owners=in_force.break_glass)
        found = {item.number: item for item in texts.questions(verdict, phrases, shown.head, shown.published_at)}
        if command.number not in found:
            return texts.unknown(verdict, command.number)
        asked = found[command.number]
        return replace(asked, owners=in_force.eligible(asked.category, asked.file), least=in_force.permission(asked.category))

    def _against(self, said: Said, asked: Asked, reader: Reader) -> Refused | None:
        """Why this person may not, as GitHub says it now."""
        person = reader.person(said.pull.repository, said.author, asked.owners)
        return refusal(said.command, asked, person, self._hearing.involved(said.pull, reader))

    def _changed(self, command: Command, asked: Asked, now: Verdict) -> Refused | None:
        if command.word != "break-glass":
            return texts.changed(asked, now, self._parts.words.phrases)
        more = set(whole(now.results).split()) - set(asked.bound.split())
        return Refused("changed-whole") if more else None

    def _thread(self, reader: Reader, pull: PullRequest, ref: CommentRef) -> str:
        """The number of what is asked in the thread of a reply; empty for any other comment."""
        shown = self._hearing.shown(pull, ref.created_at) if ref.thread is not None else None
        key = reader.key_of_thread(pull.repository, ref.thread) if shown and ref.thread else ""
        return next((item.number for item in verdict_of(shown).results if marker.key(item) == key), "") if shown and key else ""


def edited(comment: Comment, ref: CommentRef) -> bool:
    """Whether it was edited since it was written."""
    return comment.updated_at > ref.updated_at or said_digest(comment.body) != ref.digest


def _reviews_text(reader: Reader, pull: PullRequest, ref: CommentRef) -> Comment | None:
    """The text of a review, as a comment; GitHub does not tell when it was edited, so that its text alone has to be the same."""
    found = next((item for item in reader.reviews(pull.repository, pull.number) if item.id == ref.id), None)
    return Comment(found.id, found.author, found.body, ref.created_at, ref.updated_at) if found else None
