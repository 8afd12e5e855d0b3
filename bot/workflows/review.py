"""One pull request from a look to what it shows, in steps that may each be repeated."""

from __future__ import annotations

import hashlib
import logging
from datetime import datetime, timedelta

from msgspec import Struct, msgpack
from msgspec.structs import replace

from bot.confine import Died
from bot.engine.changeset.changes import changes
from bot.engine.model.notice import Notice
from bot.engine.model.snapshot import Snapshot
from bot.engine.policy.inforce import in_force
from bot.engine.policy.precedence import Governance
from bot.github.facts import CheckRun, PullRequest, RepositoryRef, Work
from bot.github.protocols import SUMMARY, Look, Reader, Standing, Superseded
from bot.ledger import Evaluation, Run
from bot.report.publication import Publication
from bot.report.publish import NAME, PREVIEW
from bot.workflows import answers
from bot.workflows.evaluating import PASSING, Judging
from bot.workflows.outcome import Outcome
from bot.workflows.page import RETRY, Judged, Looked, Parts, failure, opened_under_us, page, shared
from bot.workflows.recording import grounds, shown, witnessed
from bot.workflows.taken_back import reconcile
from bot.workflows.terms import Terms, terms
from bot.workflows.trial import Onto, with_trial
from bot.workflows.uploads import planned

# A look that is younger tells where the head is: https://docs.github.com/en/webhooks/using-webhooks/best-practices-for-using-webhooks
FRESH = timedelta(seconds=10)
# After that what is not shown was deleted.
SETTLED = timedelta(seconds=60)

log = logging.getLogger(__name__)


class Decided(Struct, frozen=True):
    """A stored verdict. `again`: seconds after which it is worth another try, because we failed."""

    evaluation: int
    again: float | None = None


class _Made(Struct, frozen=True):
    """`snapshot`: None where there is no verdict on one."""

    judged: Judged
    again: float | None = None
    snapshot: Snapshot | None = None


class Review:
    """The steps; each may run more than once, and then does what is left. They raise `Refusal`."""

    def __init__(self, parts: Parts) -> None:
        self._parts, self._since = parts, parts.now()

    def look(self, work: Work) -> Looked | Outcome:
        """The pull request as it stands now; an outcome when there is nothing to decide."""
        assert work.number is not None
        reader = self._parts.installations.reader(work.installation_id)
        look = reader.look(RepositoryRef(work.repository_id, work.repository, work.installation_id), work.number)
        if look is None or look.pull.state != "open":
            return Outcome("gone" if look is None else "closed")
        now, pull = self._parts.now(), look.pull
        name = _check_name(reader, pull)
        found = self._terms(look, now)
        key = _key(look, name, found.key, planned(self._parts, reader, pull, in_force(found.empty)).digest)
        if work.comment is None or not work.comment.state:  # else the work itself is what a review says now
            reconcile(self._parts, reader, pull.repository, pull.number, pull.head_sha)
        ledger = self._parts.ledger
        before = ledger.evaluations.last_published(pull.repository.id, pull.number)
        same = before is not None and before.key == answers.key(ledger, pull, key)
        unchanged = same and before is not None and (before.valid_until is None or before.valid_until > now)
        quiet = unchanged and work.trigger in ("delivery", "configuration", "sweep") and not work.reopened
        if quiet and not ledger.runs.in_progress(pull.repository.id, pull.head_sha, name):
            return Outcome("nothing changed")
        return Looked(look, name, key, now)

    def begin(self, looked: Looked, guid: str) -> CheckRun:
        """The check run in progress, before anything slow."""
        ledger, pull = self._parts.ledger, looked.look.pull
        repository = pull.repository
        publisher = self._parts.installations.publisher(repository.installation_id)
        place = (repository.id, pull.head_sha, looked.check_name, repository.installation_id, repository.full_name)
        fresh = ledger.runs.attempt(Run(*place, 0, guid), self._parts.now()) and opened_under_us(self._parts, pull)
        known = 0 if fresh else ledger.runs.number(repository.id, pull.head_sha, looked.check_name)
        run = publisher.begin(repository, pull.head_sha, looked.check_name, guid, fresh=fresh, known=known)
        ledger.runs.begun(Run(*place, run.id, guid), self._parts.now())
        return run

    def decide(self, looked: Looked, guid: str) -> Decided:
        """The verdict, stored together with what the check says."""
        now, pull = self._parts.now(), looked.look.pull
        found = self._terms(looked.look, now)
        made = self._made(looked, found)
        judged, again = made.judged, made.again
        verdict, check = judged.verdict, page(self._parts, looked, judged, None)
        evaluation = Evaluation(
            guid=guid,
            key=answers.key(self._parts.ledger, pull, looked.key) if again is None else "",
            installation_id=pull.repository.installation_id,
            repository_id=pull.repository.id,
            repository=pull.repository.full_name,
            number=pull.number,
            head=pull.head_sha,
            base=verdict.base,
            base_ref=pull.base_ref,
            check_name=looked.check_name,
            conclusion=check.conclusion,
            snapshot_digest=verdict.snapshot_digest,
            policy_digest=verdict.policy_digest,
            verdict=msgpack.encode(judged),
            check=msgpack.encode(check),
            valid_until=verdict.valid_until,
        )
        rested = grounds(self._parts, verdict, found, pull.base_sha, made.snapshot)
        return Decided(self._parts.ledger.evaluations.store(evaluation, now, rested), again)

    def publish(self, looked: Looked, run: CheckRun, decided: Decided) -> Outcome:
        """What the pull request shows. A head that moved gets its check only: comments belong to the newer one."""
        ledger, pull, now = self._parts.ledger, looked.look.pull, self._parts.now()
        evaluation = ledger.evaluations.get(decided.evaluation)
        publisher = self._parts.installations.publisher(pull.repository.installation_id)
        first = self._first(looked, now)
        expected = () if first else self._written(pull, now)
        standing = Standing(pull.head_sha, pull.base_ref, pull.state) if first else publisher.standing(pull, expected)
        own = page(self._parts, looked, msgpack.decode(evaluation.verdict, type=Judged), standing)
        check, undecided = shared(self._parts, looked, own)
        check = witnessed(self._parts, pull.repository.id, evaluation.id, check)
        try:
            written = publisher.publish(pull, check, run, standing)
            word = "published"
        except Superseded:
            publisher.complete(pull.repository, run, check, now)
            written, word = ("check",), "superseded"
        now = self._parts.now()
        ledger.runs.completed(pull.repository.id, pull.head_sha, looked.check_name, now)
        ledger.evaluations.published(evaluation.id, shown(run.id, check, written), msgpack.encode(own), now)
        self._note_questions(looked, evaluation)
        return Outcome(word, again=decided.again, also=undecided)

    def _written(self, pull: PullRequest, now: datetime) -> tuple[str, ...]:
        """The keys of the comments that were published a moment ago: GitHub may not show them yet."""
        last = self._parts.ledger.evaluations.last_published(pull.repository.id, pull.number)
        if last is None or last.published_at is None or now - last.published_at >= SETTLED:
            return ()
        shown = msgpack.decode(last.check, type=Publication)
        return (*(item.key for item in shown.comments), *((SUMMARY,) if shown.summary_comment is not None else ()))

    def _terms(self, look: Look, now: datetime) -> Terms:
        return terms(look.pull.repository, look.governing, self._parts.shipped, self._parts.ledger, now)

    def in_force(self, looked: Looked) -> Governance:
        """What the default branch and the organisation say now."""
        return in_force(self._terms(looked.look, self._parts.now()).empty)

    def judged(self, looked: Looked) -> tuple[Judged, float | None]:
        """The verdict on the pull request as it stands, with what was answered; and when to try again, where we failed."""
        made = self._made(looked, self._terms(looked.look, self._parts.now()))
        return made.judged, made.again

    def _made(self, looked: Looked, found: Terms) -> _Made:
        if found.in_force.fault is not None:
            return _Made(failure(self._told(found.in_force.fault)), RETRY)
        pull = looked.look.pull
        reader = self._parts.installations.reader(pull.repository.installation_id)
        judging = Judging(self._parts.evaluator)
        try:
            snapshot = reader.snapshot(pull, self._planned(reader, looked, found), judging.needs)
            onto = Onto(pull.repository, pull.number, governs=pull.base_ref == pull.repository.default_branch)
            snapshot = with_trial(self._parts, onto, answers.with_answers(self._parts.ledger, pull, snapshot), found.empty)
            verdict = answers.allotted(self._parts.ledger, pull, judging.verdict(snapshot), snapshot)
        except Died as death:
            return _Made(died(self._parts, death), RETRY if death.reason in PASSING else None)
        return _Made(Judged(verdict, tuple(change.path for change in changes(snapshot))), snapshot=snapshot)

    def _note_questions(self, looked: Looked, evaluation: Evaluation) -> None:
        """What waits now. When we failed nothing is known of that, and what waited goes on waiting."""
        pull, verdict = looked.look.pull, msgpack.decode(evaluation.verdict, type=Judged).verdict
        if verdict.state != "own-failure":
            shown = answers.shown(pull, verdict, evaluation.id, self._parts.words.phrases)
            self._parts.ledger.questions.published(pull.repository.id, pull.number, shown)

    def _planned(self, reader: Reader, looked: Looked, found: Terms) -> Snapshot:
        """What is in force, with the plans of this head, and with the answers that are known before its commits are."""
        plans = planned(self._parts, reader, looked.look.pull, in_force(found.empty))
        empty = replace(found.empty, plans=plans.plans, governance=(*found.empty.governance, *plans.notices))
        return answers.with_answers(self._parts.ledger, looked.look.pull, empty)

    def _told(self, fault: Notice) -> str:
        log.error("governing-fault", extra={"fault": fault.key, **fault.fields})
        return self._parts.words.phrases.say(f"notice.{fault.key}", **fault.fields)

    def _first(self, looked: Looked, now: datetime) -> bool:
        """Whether nothing of ours can stand there yet, and the head was seen a moment ago: then nothing is read again.

        A process that died may have written what nobody noted, so what it saw does not tell.
        """
        pull = looked.look.pull
        if looked.at < self._since or now - looked.at >= FRESH or not looked.look.uncommented:
            return False
        return self._parts.ledger.evaluations.last_published(pull.repository.id, pull.number) is None


def died(parts: Parts, death: Died) -> Judged:
    """The verdict when the evaluation died; the operator reads it in the log."""
    log.error("evaluation-died", extra={"reason": death.reason, "detail": death.detail})
    reason = parts.words.phrases.say(f"died.{death.reason}")
    return failure(f"{reason} ({death.detail})" if death.detail else reason)


def _check_name(reader: Reader, pull: PullRequest) -> str:
    required = pull.base_ref == pull.repository.default_branch or reader.protected(pull.repository, pull.base_ref)
    return NAME if required else PREVIEW


def _key(look: Look, name: str, governed: str, planned: str) -> str:
    pull = look.pull
    parts = (pull.repository.id, pull.number, pull.head_sha, pull.base_ref, pull.draft, name, governed, planned)
    return hashlib.sha256(msgpack.encode(parts)).hexdigest()
