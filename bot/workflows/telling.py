"""Who has to answer is asked for a review: once for each category of a pull request, and never again."""

from __future__ import annotations

from msgspec import msgpack

from bot.engine.model.verdict import Verdict
from bot.ledger import Evaluation
from bot.report import titles
from bot.report.publish import NAME
from bot.workflows.page import Judged, Looked, Parts, on_first_day


class Telling:
    """The step. It raises `Refusal` for what passes; what GitHub does not let us ask holds nothing up."""

    def __init__(self, parts: Parts) -> None:
        self._parts = parts

    def tell(self, looked: Looked, evaluation: int) -> int:
        """How many were asked. A draft, a preview and a pull request from before us ask nobody."""
        pull = looked.look.pull
        if pull.draft or looked.check_name != NAME or on_first_day(self._parts, pull):
            return 0
        verdict = _verdict(self._parts.ledger.evaluations.get(evaluation))
        made = self._parts.ledger.requests.made(pull.repository.id, pull.number)
        asking = dict.fromkeys(item.category for item in titles.decisions(verdict))
        return sum(self._asked(looked, category, verdict.owners.get(category, ())) for category in asking if category not in made)

    def _asked(self, looked: Looked, category: str, owners: tuple[str, ...]) -> int:
        pull = looked.look.pull
        publisher = self._parts.installations.publisher(pull.repository.installation_id)
        others = [owner for owner in owners if owner.removeprefix("@").lower() != pull.author.login.lower()]
        asked = sum(publisher.request(pull, owner) for owner in others)
        if owners:
            self._parts.ledger.requests.make(pull.repository.id, pull.number, category, self._parts.now())
        return asked


def _verdict(evaluation: Evaluation) -> Verdict:
    return msgpack.decode(evaluation.verdict, type=Judged).verdict
