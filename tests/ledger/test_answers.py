"""Questions and answers as the ledger keeps them, on SQLite and on PostgreSQL."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

from msgspec.structs import replace

from bot.ledger import Event, Given, Ledger, Question, Requested
from bot.ledger.questions import digest
from tests.ledger.test_ledger import NOW, SECOND, delivery, evaluation, ledger, server

__all__ = ["ledger", "server"]


def given(comment: int = 1, number: int = 1, **more: object) -> Given:
    place = Given(7, number, "conversation", comment, "a" * 40, 3, "J-1", "rule@a", "b", "accept", "ada", 5, "why", "", NOW)
    return replace(place, **more)


def test_a_number_belongs_to_one_result_for_ever(ledger: Ledger) -> None:
    questions = ledger.questions
    assert questions.allocate(7, "acme/infra", 1, [("a", "J-1"), ("b", "J-2")], NOW) == {"a": "J-1", "b": "J-2"}
    assert questions.allocate(7, "acme/infra", 1, [("b", "J-1"), ("c", "J-1"), ("d", "V-1")], NOW) == {"b": "J-2", "c": "J-3", "d": "V-1"}
    assert questions.numbers(7, 1) == {"a": "J-1", "b": "J-2", "c": "J-3", "d": "V-1"}
    assert questions.allocate(7, "acme/infra", 2, [("c", "J-1")], NOW) == {"c": "J-1"}


def test_two_that_give_numbers_at_once_give_no_number_twice(ledger: Ledger) -> None:
    begin = Barrier(4)

    def allocate(name: str) -> dict[str, str]:
        begin.wait(10)
        return ledger.questions.allocate(7, "acme/infra", 1, [(name, "J-1")], NOW)

    with ThreadPoolExecutor(4) as pool:
        found = [handle for made in pool.map(allocate, "abcd") for handle in made.values()]
    assert sorted(found) == ["J-1", "J-2", "J-3", "J-4"]


def test_what_is_not_shown_any_more_does_not_wait(ledger: Ledger) -> None:
    ledger.questions.allocate(7, "acme/infra", 1, [("a", "J-1"), ("b", "J-2")], NOW)
    shown = [
        Question(7, "acme/infra", 1, name, result, "data", "Intended?", ("@acme/dba", "@ada"), "x", 9, asked=True)
        for name, result in (("J-1", "a"), ("J-2", "b"))
    ]
    ledger.questions.published(7, 1, shown)
    assert [(item.handle, item.owners, item.bound, item.since) for item in ledger.questions.waiting()] == [
        ("J-1", ("@acme/dba", "@ada"), "x", NOW),
        ("J-2", ("@acme/dba", "@ada"), "x", NOW),
    ]
    ledger.questions.published(7, 1, shown[1:])
    assert [item.handle for item in ledger.questions.waiting()] == ["J-2"]
    assert ledger.questions.elsewhere(7, 2, "b") == {1}
    ledger.questions.closed(7, 1)
    assert ledger.questions.waiting() == ()


def test_an_answer_is_recorded_once_for_its_comment(ledger: Ledger) -> None:
    first = ledger.decisions.record(given(fields={"n": 1}), NOW)
    assert first.id
    assert ledger.decisions.record(given(verb="reject"), NOW) == first
    other = ledger.decisions.record(given(kind="diff", given_at=NOW - SECOND), NOW)
    assert ledger.decisions.of(7, 1) == (other, first)


def test_of_two_that_record_one_comment_at_once_one_does(ledger: Ledger) -> None:
    begin = Barrier(4)

    def record(verb: str) -> Given:
        begin.wait(10)
        return ledger.decisions.record(given(verb=verb), NOW)

    with ThreadPoolExecutor(4) as pool:
        found = list(pool.map(record, ("accept", "reject", "reopen", "accept")))
    assert {item.id for item in found} == {found[0].id}
    assert ledger.decisions.of(7, 1) == (found[0],)


def test_refused_answers_are_kept_and_do_not_count(ledger: Ledger) -> None:
    ledger.decisions.record(given(1, refused="reason-missing"), NOW)
    counted = ledger.decisions.record(given(2), NOW)
    assert len(ledger.decisions.of(7, 1)) == 2
    assert ledger.decisions.counting(7, 1) == (counted,)
    assert ledger.decisions.about(7, 2, ["rule@a"]) == ledger.decisions.on(7, ["a" * 40]) == (counted,)
    assert ledger.decisions.about(7, 1, ["rule@a"]) == ledger.decisions.on(7, ["c" * 40]) == ()


def test_who_pushed_is_noted_with_the_delivery(ledger: Ledger) -> None:
    for guid, pusher in (("a", 5), ("a", 5), ("b", 6), ("c", 0)):
        ledger.deliveries.store(replace(delivery(guid), pusher=pusher), NOW)
    assert ledger.pushers.of(7, 1) == {5, 6}
    assert ledger.pushers.of(7, 2) == frozenset()
    ledger.deliveries.store(replace(delivery("d", None, kind="ignore"), pusher=8, head="a" * 40), NOW)
    assert ledger.pushers.of(7, 2, ["a" * 40, "b" * 40]) == {8}
    assert ledger.pushers.of(7, 2, ["b" * 40]) == frozenset()


def requested(category: str) -> Requested:
    return Requested(7, 1, category, 1, "acme/infra", NOW)


def test_a_review_is_asked_for_once_for_each_category(ledger: Ledger) -> None:
    for category in ("data", "identity"):
        ledger.requests.make(requested(category))
    ledger.requests.make(replace(requested("data"), requested_at=NOW + SECOND))
    assert ledger.requests.made(7, 1) == {"data": requested("data"), "identity": requested("identity")}


def test_what_waits_too_long_is_due_twice_and_no_more(ledger: Ledger) -> None:
    ledger.requests.make(requested("data"))
    assert ledger.requests.due(NOW) == ()  # nothing waits
    ledger.questions.allocate(7, "acme/infra", 1, [("a", "J-1")], NOW)
    ledger.questions.published(7, 1, [Question(7, "acme/infra", 1, "J-1", "a", "data", asked=True)])
    assert ledger.requests.due(NOW - SECOND) == ()
    (first,) = ledger.requests.due(NOW)
    ledger.requests.reached(first, "reminded_at", NOW + SECOND)
    assert ledger.requests.due(NOW) == ()
    (again,) = ledger.requests.due(NOW + SECOND)
    ledger.requests.reached(again, "fallen_at", NOW + SECOND)
    assert ledger.requests.due(NOW + 9 * SECOND) == ()


def test_of_answers_until_a_day_every_word_on_the_same_is_told(ledger: Ledger) -> None:
    record = ledger.decisions.record
    record(given(1, until="2026-12-01"), NOW)
    record(given(2, verb="reopen", given_at=NOW + SECOND), NOW)
    record(given(3, number=2), NOW)
    record(given(4, number=3, until="2026-12-01", refused="stranger"), NOW)
    record(given(5, repository_id=8, until="2026-12-01"), NOW)
    assert [(item.number, item.verb) for item in ledger.decisions.dated(7)] == [(1, "accept"), (1, "reopen")]


def test_a_handle_that_is_kept_by_a_key_is_the_results_own_again(ledger: Ledger) -> None:
    """The others are numbered after it."""
    questions = ledger.questions
    key = digest("b")[:32]
    assert [questions.restore(7, "acme/infra", 1, "J-1", key, NOW) for _ in range(2)] == [True, False]
    assert questions.allocate(7, "acme/infra", 1, [("a", "J-1"), ("b", "J-2")], NOW) == {"a": "J-2", "b": "J-1"}
    assert questions.numbers(7, 1) == {"a": "J-2", "b": "J-1"}
    assert questions.asking(7, "b") == {1}


def test_the_newest_verdict_of_each_pull_request_is_listed_without_this_one(ledger: Ledger) -> None:
    kept = [evaluation(number, guid=f"g{at}") for at, number in enumerate((1, 2, 1, 3, 0))]
    rows = [ledger.evaluations.store(item, NOW) for item in kept]
    other = replace(kept[0], repository_id=8, repository="ACME/other", guid="o")
    elsewhere = ledger.evaluations.store(other, NOW)
    ledger.evaluations.store(replace(other, repository_id=9, repository="acme-b/x", guid="x"), NOW)
    assert [item.id for item in ledger.evaluations.judged_last(7, 3, 20)] == [rows[2], rows[1]]
    assert [item.id for item in ledger.evaluations.judged_last(7, 3, 1)] == [rows[2]]
    assert [item.id for item in ledger.evaluations.judged_last(7, 0, 20, "acme")] == [elsewhere, rows[3], rows[2], rows[1]]
    ledger.chain.record([Event(7, "merge", {}, 2, 1)], NOW)
    assert ledger.chain.merged(7, {1, 2}) == {2}
