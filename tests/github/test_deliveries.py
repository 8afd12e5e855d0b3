"""Deliveries that GitHub remembers: listed, grouped, asked for again, read without an address."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import pytest

from bot.github.deliveries import Attempt, Delivery, content, grouped, listed, lost, redeliver
from bot.github.refusal import Refusal
from bot.github.webhook import Own, work
from tests.github.line import Line, line
from tests.standin.receiver import Receiver, receiving

__all__ = ["line"]
NOW = datetime(2026, 11, 28, 12, tzinfo=UTC)
LONG_AGO = datetime(2020, 1, 1, tzinfo=UTC)


@pytest.fixture
def receiver(line: Line) -> Iterator[Receiver]:
    """The App's address, which is there from now on."""
    with receiving() as made:
        line.scene.app.webhook_url = made.url
        yield made


def test_what_was_lost_is_found_and_sent_again_with_its_guid(line: Line, receiver: Receiver) -> None:
    standin, as_app = line.scene.standin, line.app.as_app
    standin.deliver()
    receiver.received.clear()
    before = {one.guid for one in listed(as_app, LONG_AGO)}
    standin.faults.deliveries(lost=1.0, match="pull_request.*")
    line.scene.pull.push({"new.tf": "x\n"}, by=line.scene.mona)
    standin.deliver()
    standin.faults.clear()
    missing = lost(grouped(listed(as_app, LONG_AGO)), before, datetime.now(UTC) + timedelta(minutes=2)).due
    assert [(one.newest.event, one.newest.action) for one in missing] == [("pull_request", "synchronize")]
    redeliver(as_app, missing[0])
    standin.deliver()
    (again,) = [one for one in receiver.received if one.headers["x-github-event"] == "pull_request"]
    assert again.headers["x-github-delivery"] == missing[0].guid
    found = grouped(listed(as_app, LONG_AGO))
    assert lost(found, before, datetime.now(UTC) + timedelta(hours=2)).due == ()
    assert next(len(one.attempts) for one in found if one.guid == missing[0].guid) == 2


def test_pages_are_read_until_the_time(line: Line) -> None:
    for number in range(150):
        line.scene.pull.comment(line.scene.mona, str(number))
    line.scene.standin.calls.clear()
    every = listed(line.app.as_app, LONG_AGO)
    assert (len(every) > 150, len(line.asked())) == (True, 2)
    assert [one.id for one in every] == sorted((one.id for one in every), reverse=True)
    line.scene.standin.calls.clear()
    assert listed(line.app.as_app, datetime.now(UTC) + timedelta(days=1)) == ()
    assert len(line.asked()) == 1


def test_a_delivery_is_read_without_an_address(line: Line) -> None:
    line.scene.pull.comment(line.scene.mona, "/countersign recheck")
    newest = listed(line.app.as_app, LONG_AGO)[0]
    found = content(line.app.as_app, newest)
    assert (found.guid, found.event) == (newest.guid, "issue_comment")
    assert json.loads(found.body) == json.loads(line.scene.standin.outbox.recorded[-1].body)
    assert work(found.event, found.body, Own(line.scene.app.id, "countersign")).reason == "recheck"
    with pytest.raises(Refusal) as gone:
        content(line.app.as_app, Attempt(1, "g", NOW, "push"))
    assert gone.value.kind == "not-found"


def attempts(*codes: int, guid: str = "g", every: timedelta = timedelta(minutes=30)) -> list[Attempt]:
    """Attempts with these answers, oldest first, the newest at `NOW` less `every`."""
    count = len(codes)
    return [
        Attempt(number, guid, NOW - every * (count - number), "push", "OK" if code == 202 else "failed", code, number > 0)
        for number, code in enumerate(codes)
    ]


def judged(made: list[Attempt], done: tuple[str, ...] = (), now: datetime = NOW) -> str:
    found = lost(grouped(made), done, now)
    names = ("due", "waiting", "given_up")
    return next((name for name in names if getattr(found, name)), "fine")


@pytest.mark.parametrize(
    ("made", "expected"),
    [
        (attempts(202), "fine"),
        (attempts(500), "due"),
        (attempts(500, 202), "fine"),
        (attempts(202, 500), "fine"),
        (attempts(500, 0), "due"),
        (attempts(500, 500, 500, 500), "due"),
        (attempts(500, 500, 500, 500, 500), "given_up"),
        (attempts(500, every=timedelta(seconds=30)), "waiting"),
        (attempts(500, 500, every=timedelta(seconds=90)), "waiting"),
        (attempts(500, 500, every=timedelta(seconds=120)), "due"),
    ],
)
def test_which_deliveries_are_asked_for_again(made: list[Attempt], expected: str) -> None:
    assert judged(made) == expected
    assert judged(made, done=("g",)) == "fine"


def test_a_poisoned_delivery_is_given_up_and_the_others_are_not(line: Line, receiver: Receiver) -> None:
    standin, as_app = line.scene.standin, line.app.as_app
    receiver.status = 500
    standin.deliver()
    late, asked = datetime.now(UTC), 0
    for _ in range(10):
        late += timedelta(hours=1)
        found = lost(grouped(listed(as_app, LONG_AGO)), (), late)
        asked += len(found.due)
        for delivery in found.due:
            redeliver(as_app, delivery)
        standin.deliver()
    final = lost(grouped(listed(as_app, LONG_AGO)), (), late)
    assert (final.due, final.waiting, {len(one.attempts) for one in final.given_up}) == ((), (), {5})
    assert asked == 4 * len(final.given_up)


def test_throttled_deliveries_get_their_time() -> None:
    made = Attempt(1, "g", NOW - timedelta(hours=1), "push", throttled_at=NOW - timedelta(seconds=5))
    assert judged([made]) == "waiting"
    assert Delivery("g", (made,)).arrived is False
