"""When requests may go out: in turn, apart, not too many at once, and not while GitHub said no."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable

import pytest

from bot.github.limiter import Limiter
from tests.github.line import Moments


def run(limiter: Limiter, *work: Callable[[], None]) -> list[threading.Thread]:
    """A thread for each, started when the one before it stands in the queue."""
    threads = []
    for one in work:
        before = len(limiter._queue)
        threads.append(threading.Thread(target=one))
        threads[-1].start()
        while len(limiter._queue) == before:
            time.sleep(0.001)
    return threads


def test_writes_go_in_the_order_in_which_they_came() -> None:
    limiter, order, hold = Limiter(0.0), list[str](), threading.Event()

    def write(name: str, times: int = 1) -> Callable[[], None]:
        def work() -> None:
            for _ in range(times):
                with limiter.passage(write=True):
                    hold.wait(5)
                    order.append(name)

        return work

    threads = run(limiter, write("many", 3), write("one"), write("other"))
    hold.set()
    for thread in threads:
        thread.join()
    assert order == ["many", "one", "other", "many", "many"]


def test_a_write_that_failed_keeps_its_distance_and_frees_its_turn() -> None:
    moments = Moments()
    limiter = Limiter(1.0, clock=moments.clock())
    with pytest.raises(RuntimeError), limiter.passage(write=True):
        raise RuntimeError
    with limiter.passage(write=True):
        moments.at += 0.4
    with limiter.passage(write=False):
        pass
    with limiter.passage(write=True):
        pass
    assert moments.slept == [1.0, 1.0]


def test_a_write_waits_for_its_turn_among_processes_and_a_read_does_not() -> None:
    moments, turns = Moments(), [0.0, 2.5]
    limiter = Limiter(1.0, clock=moments.clock(), turn=lambda: turns.pop(0))
    with limiter.passage(write=True):
        pass
    with limiter.passage(write=False):
        pass
    with limiter.passage(write=True):
        pass
    assert moments.slept == [1.0, 2.5]
    assert turns == []


def test_reads_pass_a_waiting_write_and_are_not_too_many() -> None:
    limiter, most, now = Limiter(0.0, concurrency=2), 0, 0
    lock = threading.Lock()

    def read() -> None:
        nonlocal most, now
        with limiter.passage(write=False):
            with lock:
                now += 1
                most = max(most, now)
            time.sleep(0.02)
            with lock:
                now -= 1

    def write() -> None:
        with limiter.passage(write=True):
            pass

    with limiter.passage(write=True):
        waiting = run(limiter, write)
        read()  # does not wait for the writes before it
    threads = [threading.Thread(target=read) for _ in range(6)]
    for thread in threads:
        thread.start()
    for thread in [*waiting, *threads]:
        thread.join()
    assert most == 2


def test_closing_is_for_all_or_for_one_resource_and_grows_without_a_time() -> None:
    moments = Moments()
    limiter = Limiter(clock=moments.clock())
    assert limiter.close(30.0, "graphql") == 30.0
    assert (limiter.closed_for("graphql"), limiter.closed_for("core")) == (30.0, 0.0)
    assert [limiter.close(None) for _ in range(8)] == [60.0, 120.0, 240.0, 480.0, 960.0, 1920.0, 3600.0, 3600.0]
    assert limiter.closed_for("core") == limiter.closed_for("graphql") == 3600.0
    moments.at += 3600.0
    limiter.opened()
    assert (limiter.closed_for("core"), limiter.close(None)) == (0.0, 60.0)
