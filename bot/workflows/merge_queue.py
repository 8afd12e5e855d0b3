"""A group of the merge queue: its own head, its own check, no comments.

https://docs.github.com/en/repositories/configuring-branches-and-merges-in-your-repository/configuring-pull-request-merges/managing-a-merge-queue
"""

from __future__ import annotations

import hashlib
import re

from msgspec import msgpack

from bot.confine import Died
from bot.engine.changeset.changes import changes
from bot.engine.model.snapshot import Snapshot
from bot.github.facts import CheckRun, MergeGroup, RepositoryRef, Work
from bot.ledger import Evaluation, Run
from bot.report.publication import Publication
from bot.report.publish import NAME, Context, checked, failed
from bot.report.shared_check import ejected
from bot.workflows import answers
from bot.workflows.evaluating import Judging
from bot.workflows.outcome import Outcome
from bot.workflows.page import Judged, Parts, failure
from bot.workflows.recording import grounds, shown, witnessed
from bot.workflows.review import died
from bot.workflows.taken_back import reconcile
from bot.workflows.terms import Terms, terms
from bot.workflows.trial import Onto, with_trial

# `gh-readonly-queue/{base}/pr-{number}-{sha}` names the last pull request of the group.
NUMBERED = re.compile(r"/pr-(\d{1,9})-[0-9a-f]{40}(?:[0-9a-f]{24})?\Z")


class MergeQueue:
    """The steps for a merge group; they raise `Refusal`."""

    def __init__(self, parts: Parts) -> None:
        self._parts = parts

    def begin(self, work: Work, guid: str) -> CheckRun:
        """The check run in progress on the group's head."""
        repository = _repository(work)
        publisher = self._parts.installations.publisher(work.installation_id)
        known = self._parts.ledger.runs.number(repository.id, work.head_sha, NAME)
        run = publisher.begin(repository, work.head_sha, NAME, guid, known=known)
        place = (repository.id, work.head_sha, NAME, work.installation_id, repository.full_name)
        self._parts.ledger.runs.begun(Run(*place, run.id, guid), self._parts.now())
        return run

    def decide(self, work: Work, guid: str) -> int:
        """The verdict on the group, stored."""
        repository, now = _repository(work), self._parts.now()
        governing = self._parts.installations.reader(work.installation_id).governing(repository, work.base_ref)
        found = terms(repository, governing, self._parts.shipped, self._parts.ledger, now)
        judged, snapshot = self._judged(work, found, governs=work.base_ref == governing.default_branch)
        verdict, check = judged.verdict, self._page(work, judged)
        evaluation = Evaluation(
            guid=guid,
            key=hashlib.sha256(f"{work.base_sha}..{work.head_sha}".encode()).hexdigest(),
            installation_id=work.installation_id,
            repository_id=work.repository_id,
            repository=work.repository,
            number=0,
            head=work.head_sha,
            base=work.base_sha,
            base_ref=work.base_ref,
            check_name=NAME,
            conclusion=check.conclusion,
            snapshot_digest=verdict.snapshot_digest,
            policy_digest=verdict.policy_digest,
            verdict=msgpack.encode(judged),
            check=msgpack.encode(check),
        )
        rested = grounds(self._parts, verdict, found, work.base_sha, snapshot)
        return self._parts.ledger.evaluations.store(evaluation, now, rested)

    def publish(self, work: Work, run: CheckRun, identifier: int) -> Outcome:
        """The check of the group; a failure is told to the pull request that it puts out."""
        ledger, now = self._parts.ledger, self._parts.now()
        evaluation = ledger.evaluations.get(identifier)
        check = msgpack.decode(evaluation.check, type=Publication)
        told = witnessed(self._parts, work.repository_id, identifier, check)
        self._parts.installations.publisher(work.installation_id).complete(_repository(work), run, told, now)
        ledger.runs.completed(work.repository_id, work.head_sha, NAME, now)
        ledger.evaluations.published(identifier, shown(run.id, told, ("check",)), msgpack.encode(check), now)
        if check.conclusion in ("failure", "action_required"):
            self._tell(work, check, evaluation.guid)
        return Outcome("published")

    def _judged(self, work: Work, found: Terms, *, governs: bool) -> tuple[Judged, Snapshot | None]:
        if found.in_force.fault is not None:
            fault = found.in_force.fault
            return failure(self._parts.words.phrases.say(f"notice.{fault.key}", **fault.fields)), None
        group = MergeGroup(_repository(work), work.head_sha, work.head_ref, work.base_sha, work.base_ref)
        reader = self._parts.installations.reader(work.installation_id)
        judging = Judging(self._parts.evaluator)
        try:
            snapshot = reader.merge_group(group, found.empty, judging.needs)
            named = NUMBERED.search(work.head_ref)
            number = int(named[1]) if named else 0
            last = self._parts.ledger.evaluations.last_published(group.repository.id, number)
            reconcile(self._parts, reader, group.repository, number, last.head if last else "")
            snapshot = answers.in_group(self._parts.ledger, group.repository, number, snapshot)
            onto = Onto(group.repository, number, governs=governs)
            snapshot = with_trial(self._parts, onto, snapshot, found.empty)
            verdict = judging.verdict(snapshot)
        except Died as death:
            return died(self._parts, death), None
        return Judged(verdict, tuple(change.path for change in changes(snapshot))), snapshot

    def _page(self, work: Work, judged: Judged) -> Publication:
        context = Context(check_name=NAME, head=work.head_sha, base=work.base_ref, owners=judged.verdict.owners, commands=False)
        if judged.verdict.state == "own-failure":
            return failed("; ".join(judged.verdict.notices), context, self._parts.words)
        return checked(judged.verdict, context, self._parts.words)

    def _tell(self, work: Work, check: Publication, guid: str) -> None:
        """Writes it into the check of the pull request, which keeps its own verdict."""
        found = NUMBERED.search(work.head_ref)
        ledger = self._parts.ledger
        before = ledger.evaluations.last_published(work.repository_id, int(found[1])) if found else None
        if before is None:
            return
        own = msgpack.decode(before.check, type=Publication)
        told = ejected(own, work.head_sha, check.title, self._parts.words.phrases)
        told = witnessed(self._parts, work.repository_id, before.id, told)
        publisher = self._parts.installations.publisher(work.installation_id)
        run = publisher.begin(_repository(work), before.head, before.check_name, guid)
        place = (work.repository_id, before.head, before.check_name)
        ledger.runs.begun(Run(*place, work.installation_id, work.repository, run.id, guid), self._parts.now())
        publisher.complete(_repository(work), run, told, self._parts.now())
        ledger.runs.completed(*place, self._parts.now(), guid)


def _repository(work: Work) -> RepositoryRef:
    return RepositoryRef(work.repository_id, work.repository, work.installation_id)
