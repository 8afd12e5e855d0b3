"""Who has to answer is asked for a review: once for each category of a pull request, and never again. Where nobody answers they are
reminded once, and then whoever answers for every category is asked.
"""

from __future__ import annotations

from datetime import datetime

from msgspec import msgpack

from bot.engine.model.result import Result
from bot.engine.model.verdict import Verdict, owners_of
from bot.github.facts import PullRequest
from bot.ledger import Evaluation, Requested
from bot.report import titles
from bot.report.publish import NAME
from bot.workflows.page import Judged, Looked, Parts, on_first_day
from bot.workflows.review import Review


class Telling:
    """The step. It raises `Refusal` for what passes; what GitHub does not let us ask holds nothing up."""

    def __init__(self, parts: Parts, review: Review) -> None:
        self._parts, self._review = parts, review

    def tell(self, looked: Looked, evaluation: int) -> int:
        """How many were told. A draft, a preview and a pull request from before us ask nobody."""
        pull = looked.look.pull
        if pull.draft or looked.check_name != NAME or on_first_day(self._parts, pull):
            return 0
        verdict = _verdict(self._parts.ledger.evaluations.get(evaluation))
        waiting: dict[str, list[Result]] = {}
        for item in titles.decisions(verdict):
            waiting.setdefault(item.category, []).append(item)
        made = self._parts.ledger.requests.made(pull.repository.id, pull.number) if waiting else {}
        return sum(self._told(looked, verdict, found, made.get(category)) for category, found in waiting.items())

    def _told(self, looked: Looked, verdict: Verdict, waiting: list[Result], made: Requested | None) -> int:
        pull, category = looked.look.pull, waiting[0].category
        owners = tuple(dict.fromkeys(owner for item in waiting for owner in owners_of(verdict.owners, item)))
        if made is None:
            return self._requested(pull, category, owners) if owners else 0
        if not self._is_due(made):
            return 0
        if made.reminded_at is None:
            return self._reminded(pull, made, owners, waiting)
        return self._fallen(looked, made, owners)

    def _requested(self, pull: PullRequest, category: str, owners: tuple[str, ...]) -> int:
        asked = self._asked(pull, owners)
        place = (pull.repository.id, pull.number, category, pull.repository.installation_id, pull.repository.full_name)
        self._parts.ledger.requests.make(Requested(*place, self._parts.now()))
        return asked

    def _reminded(self, pull: PullRequest, made: Requested, owners: tuple[str, ...], waiting: list[Result]) -> int:
        """One comment that names them, and so reaches them."""
        say = self._parts.words.phrases.say
        numbers = ", ".join(item.number for item in waiting)
        since = f"{made.requested_at:%Y-%m-%d %H:%M} UTC"
        text = say("answer.reminder", n=len(waiting), owners=" ".join(_others(pull, owners)), numbers=numbers, since=since)
        told = self._parts.installations.publisher(pull.repository.installation_id).remind(pull, made.category, made.requested_at, text)
        self._parts.ledger.requests.reached(made, "reminded_at", self._parts.now())
        return int(told)

    def _fallen(self, looked: Looked, made: Requested, owners: tuple[str, ...]) -> int:
        pull = looked.look.pull
        others = tuple(owner for owner in self._review.in_force(looked).fallback if owner not in owners)
        asked = self._asked(pull, others)
        self._parts.ledger.requests.reached(made, "fallen_at", self._parts.now())
        return asked

    def _asked(self, pull: PullRequest, owners: tuple[str, ...]) -> int:
        publisher = self._parts.installations.publisher(pull.repository.installation_id)
        return sum(publisher.request(pull, owner) for owner in _others(pull, owners))

    def _is_due(self, made: Requested) -> bool:
        if self._parts.remind is None or made.fallen_at is not None:
            return False
        last: datetime = made.reminded_at or made.requested_at
        return self._parts.now() - last >= self._parts.remind


def _others(pull: PullRequest, owners: tuple[str, ...]) -> tuple[str, ...]:
    """An author is not asked about their own change."""
    return tuple(owner for owner in owners if owner.removeprefix("@").lower() != pull.author.login.lower())


def _verdict(evaluation: Evaluation) -> Verdict:
    return msgpack.decode(evaluation.verdict, type=Judged).verdict
