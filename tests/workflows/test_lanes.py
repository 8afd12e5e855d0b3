"""Lanes: one at a time in each, in turn."""

from __future__ import annotations

import threading

from bot.workflows.lanes import Lanes

SOON = 0.01


def begun(lanes: Lanes) -> list[str]:
    """All that may begin now."""
    found = []
    while (name := lanes.next(SOON)) is not None:
        found.append(name)
    return found


def test_a_lane_begins_one_at_a_time_and_in_order() -> None:
    lanes = Lanes(8)
    for name in ("a1", "a2", "a3", "b1"):
        lanes.put(name, name[0])
    assert begun(lanes) == ["a1", "b1"]
    lanes.done("a1")
    assert begun(lanes) == ["a2"]


def test_one_that_brings_much_waits_its_turn() -> None:
    lanes = Lanes(1)
    for name in (*(f"a{number}" for number in range(100)), "b1", "c1"):
        lanes.put(name, name[0])
    order = []
    for _ in range(5):
        order += begun(lanes)
        lanes.done(order[-1])
    assert order == ["a0", "b1", "c1", "a1", "a2"]


def test_no_more_at_once_than_allowed() -> None:
    lanes = Lanes(2)
    for name in "abc":
        lanes.put(name, name)
    assert begun(lanes) == ["a", "b"]
    lanes.done("b")
    assert begun(lanes) == ["c"]


def test_what_waits_or_runs_is_put_once() -> None:
    lanes = Lanes(2)
    for _ in range(2):
        lanes.put("a", 1)
    assert begun(lanes) == ["a"]
    lanes.put("a", 1)
    lanes.done("a")
    assert begun(lanes) == []
    lanes.put("a", 1)
    assert begun(lanes) == ["a"]


def test_what_is_put_off_comes_first_in_its_lane_and_holds_up_no_other() -> None:
    lanes = Lanes(4)
    for name in ("a1", "a2", "b1"):
        lanes.put(name, name[0])
    assert lanes.next(SOON) == "a1"
    lanes.put_off("a1", 0.2)
    assert begun(lanes) == ["b1"]
    assert lanes.next(5.0) == "a1"


def test_what_was_never_begun_here_ends_nothing() -> None:
    lanes = Lanes(1)
    lanes.put("a", 1)
    lanes.done("other")
    assert begun(lanes) == ["a"]


def test_who_waits_is_told_at_once() -> None:
    lanes, found = Lanes(1), []
    waiting = threading.Thread(target=lambda: found.append(lanes.next(30.0)))
    waiting.start()
    lanes.put("a", 1)
    waiting.join(5.0)
    assert found == ["a"]
