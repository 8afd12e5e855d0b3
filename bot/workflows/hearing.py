"""What answers of people have in common, whether a comment or a review gives them: what was shown, what is so now, whose hand the change
bears, and the record."""

from __future__ import annotations

import logging
from datetime import datetime, timedelta

from msgspec import Struct, msgpack
from msgspec.structs import replace

from bot.engine.authorship.identity import of_account
from bot.engine.authorship.index import Index
from bot.engine.decisions.question import Involved, Refused
from bot.engine.model.verdict import Verdict
from bot.engine.policy.precedence import Governance
from bot.github.facts import Account, PullRequest
from bot.github.protocols import Reader
from bot.ledger import Evaluation, Given
from bot.report import answer as texts
from bot.report.comments import Words
from bot.report.hidden import mask
from bot.report.markdown import code
from bot.report.markdown import text as escaped
from bot.workflows import answers
from bot.workflows.outcome import AGAIN
from bot.workflows.page import Judged, Looked, Parts
from bot.workflows.review import Review

REVIEWED_IN = timedelta(days=7)
# An approving review of who is asked nothing anyway is recorded and not talked about.
UNTOLD = frozenset({"bot", "not-owner", "nobody"})

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


class Hearing:
    """Raises `bot.github.refusal.Refusal`."""

    def __init__(self, parts: Parts, review: Review) -> None:
        self._parts, self._review = parts, review

    @property
    def words(self) -> Words:
        """What is said."""
        return self._parts.words

    def reader(self, pull: PullRequest) -> Reader:
        """Of the installation."""
        return self._parts.installations.reader(pull.repository.installation_id)

    def governance(self, looked: Looked) -> Governance:
        """What the default branch and the organisation say now."""
        return self._review.in_force(looked)

    def of(self, pull: PullRequest) -> tuple[Given, ...]:
        """What was answered on the pull request and counts."""
        return self._parts.ledger.decisions.counting(pull.repository.id, pull.number)

    def known(self, pull: PullRequest, kind: str, identifier: int, guid: str) -> Answered | None:
        """What was recorded of it before: by an earlier try of this delivery, or by the same bytes under another GUID."""
        known = self._parts.ledger.decisions.given(pull.repository.id, kind, identifier)
        if known is None:
            return None
        told = self._told(known)
        return told if known.guid == guid else replace(told, reviewed=False, also=())

    def number_of(self, pull: PullRequest, kind: str, identifier: int) -> str:
        """The number that a recorded answer is about; empty for none."""
        known = self._parts.ledger.decisions.given(pull.repository.id, kind, identifier)
        return known.handle if known else ""

    def shown(self, pull: PullRequest, moment: datetime) -> Evaluation | None:
        """What anybody could see at that moment; None where there was no verdict."""
        found = self._parts.ledger.evaluations.shown_before(pull.repository.id, pull.number, moment)
        return None if found is None or verdict_of(found).state == "own-failure" else found

    def now(self, looked: Looked) -> tuple[Verdict, float | None]:
        """The verdict on the pull request as it stands now; the one that is stored where it was made of exactly this. And when to try
        again, where there is none."""
        ledger, pull = self._parts.ledger, looked.look.pull
        known = ledger.evaluations.keyed(pull.repository.id, pull.number, answers.key(ledger, pull, looked.key))
        if known is not None and (known.valid_until is None or known.valid_until > self._parts.now()):
            return verdict_of(known), None
        judged, _ = self._review.judged(looked)
        return judged.verdict, AGAIN if judged.verdict.state == "own-failure" else None

    def involved(self, pull: PullRequest, reader: Reader) -> Involved:
        """Whose hand the change bears, as GitHub says it now."""
        hands = reader.hands(pull)
        return Involved(
            author=pull.author.id,
            pushers=self._parts.ledger.pushers.of(pull.repository.id, pull.number, hands.shas),
            committers=hands.committers,
            co_authors=hands.co_authors,
            prompters=hands.assignees if self._is_agent(pull.author) else frozenset(),
            complete=hands.complete,
        )

    def refused(self, row: Given, why: Refused) -> Answered:
        """Recorded as having no effect."""
        phrases = self.words.phrases
        fields = {name: mask(value, phrases) if isinstance(value, str) else value for name, value in why.fields.items()}
        return self.recorded(replace(row, refused=why.key, fields=fields))

    def recorded(self, row: Given) -> Answered:
        """Recorded, once. What looks like a key is hidden before anything is kept."""
        hidden = replace(row, reason=mask(row.reason, self.words.phrases))
        kept = self._parts.ledger.decisions.record(hidden, self._parts.now())
        log.info("command-answered", extra={"word": kept.verb, "number": kept.number, "refused": kept.refused})
        return self._told(kept)

    def _is_agent(self, author: Account) -> bool:
        """Whether a platform's agent opened it: then the platform assigns the person who set it to work.

        https://docs.github.com/en/copilot/how-tos/use-copilot-agents/coding-agent
        """
        who = of_account(author.login, author.id or None)
        return any(row.role == "writer" for row in Index(self._parts.shipped.signals).identified(who, "account"))

    def _told(self, kept: Given) -> Answered:
        if kept.refused and kept.kind == "approval" and kept.refused in UNTOLD:
            return Answered(counts=False)
        if kept.refused:
            return Answered(counts=False, text=texts.reply(Refused(kept.refused, kept.fields), self.words))
        also = self._parts.ledger.questions.elsewhere(kept.repository_id, kept.number, kept.result) if kept.result else frozenset()
        return Answered(counts=True, reviewed=True, also=tuple(sorted(also)), issue=self._to_review(kept))

    def _to_review(self, kept: Given) -> tuple[str, str] | None:
        """What was bypassed is looked at afterwards, by a day."""
        if kept.verb != "break-glass":
            return None
        phrases = self.words.phrases
        at, by = f"{kept.given_at:%Y-%m-%d %H:%M} UTC", f"{kept.given_at + REVIEWED_IN:%Y-%m-%d}"
        fields = {"number": kept.number, "by": code(f"@{kept.login}"), "at": at, "day": by, "reason": escaped(kept.reason)}
        return phrases.say("answer.bypass.title", **fields), phrases.say("answer.bypass.text", **fields)


def verdict_of(evaluation: Evaluation) -> Verdict:
    """The verdict in it."""
    return msgpack.decode(evaluation.verdict, type=Judged).verdict
