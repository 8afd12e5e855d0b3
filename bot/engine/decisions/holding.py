"""Which recorded answers hold for what is found now, and which no longer do, and why."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import UTC, datetime

from msgspec import Struct
from msgspec.structs import replace

from bot.engine.decisions.binding import bound, whole
from bot.engine.model.decision import Decision, Lapsed
from bot.engine.model.result import Result

ANSWERS = frozenset({"accept", "reject", "reopen", "waive", "approve"})
LIFTING = frozenset({"accept", "waive", "approve"})
REVIEWED = frozenset({"approve", "outdated"})  # said by a review, of several results at once
FITS = {"accept": "judgment", "reject": "judgment", "waive": "violation", "approve": "judgment"}


class Held(Struct, frozen=True):
    """What was answered to one result. `answer`: what holds (accept, reject, waive, approve); `lapsed`: the last that does not hold any
    more, where nothing holds. `disputes`: of accounts that say the violation is none, each once."""

    answer: Decision | None = None
    lapsed: Lapsed | None = None
    disputes: tuple[Decision, ...] = ()

    @property
    def lifts(self) -> bool:
        """Whether it keeps the result from blocking."""
        return self.answer is not None and self.answer.verb in LIFTING


NOTHING = Held()


def held(result: Result, decisions: Iterable[Decision], now: datetime) -> Held:
    """What holds for the result. Of the answers that rest on what is found now the last one counts; `reopen` takes it back."""
    here = bound(result)
    bearing = [item for item in single(decisions) if item.bound == here or item.result == result.id]
    if not bearing:
        return NOTHING
    disputes = {item.account: item for item in bearing if item.verb == "dispute" and item.bound == here}
    answers = sorted((item for item in bearing if item.verb in ANSWERS), key=lambda item: item.at)
    last = next((item for item in reversed(answers) if item.bound == here), None)
    if last is not None and last.verb != "reopen" and FITS[last.verb] == result.treatment:
        found = Held(last) if in_time(last, now) else Held(lapsed=Lapsed(last, "expired"))
    else:
        former = answers[-1] if last is None and answers else None
        found = Held(lapsed=Lapsed(former, "facts") if former is not None and former.verb != "reopen" else None)
    before = next((item for item in reversed(bearing) if item.verb == "outdated"), None)
    lapsed = Lapsed(before, "commit") if before is not None and found == NOTHING and last is None else found.lapsed
    return Held(found.answer, lapsed, tuple(disputes.values()))


def single(decisions: Iterable[Decision]) -> Iterator[Decision]:
    """Those that answer results: an approving review once for each of its bounds; a break-glass answers none."""
    for item in decisions:
        if item.result:
            yield item
        elif item.verb in REVIEWED:
            yield from (replace(item, bound=one) for one in item.bound.split())


def bypass(results: Iterable[Result], decisions: Iterable[Decision], now: datetime) -> Decision | None:
    """The break-glass that lets the whole change pass: given for everything that blocks now. What was fixed since does not end it."""
    given = [item for item in decisions if item.verb == "break-glass" and not item.result and in_time(item, now)]
    if not given:
        return None
    found = tuple(results)
    here, blocking = whole(found), {bound(result) for result in found if result.blocks}
    return next((item for item in reversed(given) if item.bound == here or blocking <= set(item.bound.split())), None)


def in_time(decision: Decision, now: datetime) -> bool:
    """Whether its last day has not passed; a day ends at midnight UTC."""
    return decision.until is None or now.astimezone(UTC).date() <= decision.until
