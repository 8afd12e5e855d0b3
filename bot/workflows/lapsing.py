"""Once a day for each repository: what lapses, gathered from its files and from what people answered, and the issue that lists it."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, date

from bot.engine.policy.inforce import in_force
from bot.engine.policy.waiver import load_waivers
from bot.github.facts import RepositoryRef, Work
from bot.github.protocols import Reader
from bot.github.refusal import Refusal
from bot.ledger import Given, Ledger
from bot.report.lapsing import Due, issue
from bot.workflows.outcome import AGAIN, Outcome
from bot.workflows.page import Parts
from bot.workflows.terms import kept, terms

LIFTING = ("accept", "waive")
SCOPE = "lapsing"


def may_lapse(ledger: Ledger, repository_id: int) -> bool:
    """Whether the ledger knows of anything with a day there, or of the issue: only then GitHub is asked."""
    waivers = kept(ledger, f"repository:{repository_id}").waivers
    stated = waivers is not None and any(data.strip() for data in waivers.files.values())
    return stated or ledger.places.valid(f"{SCOPE}:{repository_id}") is not None or bool(ledger.decisions.dated(repository_id))


class Lapsing:
    """The step. Raises `Refusal`."""

    def __init__(self, parts: Parts) -> None:
        self._parts = parts

    def keep(self, work: Work) -> Outcome:
        """The issue as it has to stand today; safe to repeat."""
        repository = RepositoryRef(work.repository_id, work.repository, work.installation_id)
        reader, now = self._parts.installations.reader(work.installation_id), self._parts.now()
        found = terms(repository, reader.governing(repository), self._parts.shipped, self._parts.ledger, now)
        if found.in_force.fault is not None:
            return Outcome("not governed", again=AGAIN)
        days, today = in_force(found.empty).days, now.astimezone(UTC).date()
        if not days.issue:
            return Outcome("not wanted")
        waivers = load_waivers(found.empty.waivers, found.empty.waivers_path)
        dues = [*self._answers(repository, reader)]
        dues += [Due("waiver", item.expires, item.rule, item.resource or item.path, item.owner, item.reason, item.ref) for item in waivers]
        publisher = self._parts.installations.publisher(work.installation_id)
        try:
            word = publisher.keep_issue(repository, lambda stands: issue(dues, stands, today, self._parts.words, days.told))
        except Refusal as refusal:
            if refusal.passing:
                raise
            return Outcome(f"no issue: {refusal.kind}")
        if word == "opened":
            self._parts.ledger.places.keep(f"{SCOPE}:{repository.id}", word.encode(), now)
        return Outcome(word)

    def _answers(self, repository: RepositoryRef, reader: Reader) -> Iterator[Due]:
        """Answers until a day whose change came in, or still may."""
        last = {(item.number, item.result): item for item in self._parts.ledger.decisions.dated(repository.id)}
        dated = [item for item in last.values() if item.until and item.verb in LIFTING]
        merged = self._parts.ledger.chain.merged(repository.id, {item.number for item in dated})
        for item in dated:
            if item.number in merged or self._counts(repository, item, reader):
                about = self._about(item)
                until, by = date.fromisoformat(item.until), f"@{item.login}"
                yield Due("accept" if item.verb == "accept" else "waive", until, about, item.handle, by, item.reason, pull=item.number)

    def _counts(self, repository: RepositoryRef, item: Given, reader: Reader) -> bool:
        """Not where the pull request was closed without a merge, unless another one that was merged had the same question."""
        look = reader.look(repository, item.number)
        if look is None or look.pull.state == "open" or look.pull.merged:
            return True
        others = self._parts.ledger.questions.asking(repository.id, item.result) - {item.number}
        return bool(self._parts.ledger.chain.merged(repository.id, others))

    def _about(self, item: Given) -> str:
        asked = self._parts.ledger.questions.of(item.repository_id, item.number)
        return next((question.about for question in asked if question.handle == item.handle), "")
