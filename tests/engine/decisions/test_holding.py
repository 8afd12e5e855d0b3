"""Which answer holds for a result: the last that rests on what is found now, in time, not taken back."""

from __future__ import annotations

from datetime import date, timedelta

from msgspec.structs import replace

from bot.engine.decisions.answered import answered
from bot.engine.decisions.binding import whole
from bot.engine.decisions.holding import Held, bypass, held
from bot.engine.model.decision import Decision, Lapsed
from bot.engine.model.result import Deciding
from tests.engine.decisions.answers import NOON, answer
from tests.report.samples import OPEN_DATABASE, REPLACED_DATABASE

ACCEPTED = answer(REPLACED_DATABASE)
CHANGED = replace(REPLACED_DATABASE, deciding=Deciding("storage_encrypted", "unknown", reason="variable", expression="var.x"))


def test_an_answer_holds_while_it_rests_on_the_same() -> None:
    assert held(REPLACED_DATABASE, [ACCEPTED], NOON) == Held(ACCEPTED)
    found = held(CHANGED, [ACCEPTED], NOON)
    assert (found.answer, found.lapsed and (found.lapsed.decision, found.lapsed.why)) == (None, (ACCEPTED, "facts"))


def test_the_last_answer_counts() -> None:
    rejected = answer(REPLACED_DATABASE, "reject", "lee", 5)
    assert held(REPLACED_DATABASE, [rejected, ACCEPTED], NOON).answer == rejected
    assert not held(REPLACED_DATABASE, [ACCEPTED, rejected], NOON).lifts
    again = answer(REPLACED_DATABASE, "accept", "ada", 9)
    assert held(REPLACED_DATABASE, [ACCEPTED, rejected, again], NOON).lifts


def test_what_is_reopened_is_asked_as_if_nobody_had_answered() -> None:
    reopened = answer(REPLACED_DATABASE, "reopen", "lee", 5)
    assert held(REPLACED_DATABASE, [ACCEPTED, reopened], NOON) == Held()


def test_a_last_day_is_a_whole_day() -> None:
    dated = answer(REPLACED_DATABASE, until=date(2026, 11, 24))
    midnight = NOON.replace(hour=23, minute=59)
    assert held(REPLACED_DATABASE, [dated], midnight).lifts
    found = held(REPLACED_DATABASE, [ACCEPTED, replace(dated, at=NOON + timedelta(1))], midnight + timedelta(minutes=1))
    assert (found.answer, found.lapsed and found.lapsed.why) == (None, "expired")


def test_a_dispute_counts_each_account_once_and_lifts_nothing() -> None:
    found = held(OPEN_DATABASE, [answer(OPEN_DATABASE, "dispute", name) for name in ("kim", "kim", "noor")], NOON)
    assert (found.answer, found.lifts, sorted(item.by for item in found.disputes)) == (None, False, ["kim", "noor"])


def test_an_accepted_judgment_that_became_a_violation_is_not_accepted() -> None:
    assert held(replace(REPLACED_DATABASE, treatment="violation"), [ACCEPTED], NOON).answer is None
    waived = answer(OPEN_DATABASE, "waive", until=date(2026, 12, 1))
    assert held(OPEN_DATABASE, [waived], NOON).lifts


def test_the_glass_is_broken_for_what_blocked_and_for_nothing_that_came_since() -> None:
    blocking = (OPEN_DATABASE, REPLACED_DATABASE)
    given = Decision("", whole(blocking), "break-glass", "ada", 1, "INC-7", NOON, "#12 by @ada")
    assert bypass(blocking, [given], NOON) == given
    assert bypass(reversed(blocking), [given], NOON) == given
    assert bypass(blocking[:1], [given], NOON) == given
    assert bypass((*blocking, replace(OPEN_DATABASE, id="more")), [given], NOON) is None
    assert bypass((OPEN_DATABASE, CHANGED), [given], NOON) is None
    assert bypass(blocking, [replace(given, bound="")], NOON) is None
    assert bypass(blocking, [replace(given, result="x"), ACCEPTED], NOON) is None


def test_an_approving_review_answers_what_it_was_given_for_and_a_later_answer_holds_over_it() -> None:
    approved = replace(answer(REPLACED_DATABASE, "approve", "kim", 5), result="", bound=f"x {whole([REPLACED_DATABASE])}", reason="")
    assert held(REPLACED_DATABASE, [approved], NOON).lifts
    assert held(CHANGED, [approved], NOON) == Held()
    assert held(replace(REPLACED_DATABASE, treatment="violation"), [approved], NOON).answer is None
    assert not held(REPLACED_DATABASE, [approved, answer(REPLACED_DATABASE, "reject", "lee", 6)], NOON).lifts
    before = replace(approved, verb="outdated")
    assert held(REPLACED_DATABASE, [before], NOON).lapsed == Lapsed(replace(before, bound=whole([REPLACED_DATABASE])), "commit")
    assert held(REPLACED_DATABASE, [before, approved], NOON).lapsed is None
    assert held(REPLACED_DATABASE, [before, ACCEPTED], NOON) == Held(ACCEPTED)
    (one,) = answered([REPLACED_DATABASE], (approved,), NOON, frozenset({REPLACED_DATABASE.category}))
    assert (one.blocks, one.suppression and one.suppression.kind) == (False, "decision")
    (other,) = answered([REPLACED_DATABASE], (approved,), NOON, frozenset({"network"}))
    assert (other.blocks, other.answer) == (True, None)
