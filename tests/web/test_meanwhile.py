"""While the door is away: questions are answered at once, everything else waits for it."""

from __future__ import annotations

import socket
import time
from collections.abc import Iterator
from contextlib import contextmanager
from threading import Event, Thread

import pytest
import requests

from bot.web.application import application
from bot.web.condition import Part
from bot.web.meanwhile import SILENT, Meanwhile
from bot.web.metrics import Metrics
from bot.web.server import Server, listening
from tests.web.doors import Keeping, serving, signature


@contextmanager
def away(door: Keeping) -> Iterator[tuple[socket.socket, Event]]:
    """A socket before which nobody stands but `Meanwhile`; when the event is set the door has come."""
    there, over = Event(), Event()
    with listening("127.0.0.1", 0) as bound, serving(door, {"door": lambda: Part(ok=False, detail="ended with -9")}) as behind:
        standing = Thread(target=Meanwhile(bound, (behind.address, behind.port), there, over.is_set).stand)
        standing.start()
        try:
            yield bound, there
        finally:
            over.set()
            standing.join(5)


def at(bound: socket.socket, path: str) -> str:
    return f"http://127.0.0.1:{bound.getsockname()[1]}{path}"


def test_whoever_asks_is_told_at_once_that_the_door_is_away() -> None:
    with away(Keeping()) as (bound, _):
        begun = time.monotonic()
        ready = requests.get(at(bound, "/ready"), timeout=5)
        assert (ready.status_code, ready.json()["parts"]["door"]) == (503, {"ok": False, "detail": "ended with -9"})
        assert requests.get(at(bound, "/health"), timeout=5).status_code == 200
        assert requests.get(at(bound, "/metrics"), timeout=5).status_code == 200
        assert time.monotonic() - begun < 1


def test_a_delivery_waits_for_the_door_and_is_answered_by_it() -> None:
    behind, door = Keeping(), Keeping()
    body = b'{"a": 1}' + b" " * 100_000
    headers = {"X-GitHub-Delivery": "0123456789", "X-GitHub-Event": "push", "X-Hub-Signature-256": signature(body)}
    answers = []

    def send(where: str) -> None:
        answers.append(requests.post(where, data=body, headers=headers | {"Content-Type": "application/json"}, timeout=10).status_code)

    with away(behind) as (bound, there):
        sending = Thread(target=send, args=(at(bound, "/webhook"),))
        sending.start()
        time.sleep(0.3)
        assert answers == []
        server = Server(application(door, Metrics(), {}), bound=bound.dup())
        server.start()
        there.set()
        sending.join(10)
        server.stop()
    assert answers == [202]
    assert [item.body for item in door.kept] == [body]
    assert behind.kept == []


@pytest.mark.parametrize("said", [b"", b"GET /rea", b"\x16\x03\x01\x02", b"GET /ready HTTP/1.1 x\r\n", b"POST /ready HTTP/1.1\r\n"])
def test_whoever_asks_nothing_that_we_know_holds_up_nobody(said: bytes) -> None:
    with away(Keeping()) as (bound, _), socket.create_connection(bound.getsockname()) as stranger:
        stranger.sendall(said)
        begun = time.monotonic()
        assert requests.get(at(bound, "/ready"), timeout=5).status_code == 503
        assert time.monotonic() - begun < SILENT / 2
