"""Through the door and past it the answers are the same."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
import requests

from bot.web.application import guarded
from bot.web.doorway import split
from bot.web.handing import Handing
from bot.web.server import Server
from bot.web.webhook import Told, webhook
from tests.web.doors import Keeping
from tests.web.test_webhook import BODY, post


class Outside:
    """A door before the server of the other tests, in one process. `told`: what it told."""

    def __init__(self, behind: Server) -> None:
        self.door, self.told = Keeping(), list[Told]()
        app = guarded(webhook(self.door, self.told.append))
        self.server = Server(split(app, Handing(behind.address, behind.port)), "127.0.0.1", 0)


@pytest.fixture
def outside(server: Server) -> Iterator[Outside]:
    made = Outside(server)
    made.server.start()
    yield made
    made.server.stop()


@pytest.mark.parametrize(
    ("method", "path"),
    [
        ("GET", "/health"),
        ("HEAD", "/health"),
        ("GET", "/ready?x=%20y"),
        ("GET", "/absent"),
        ("GET", "/%2e%2e/%00"),
        ("GET", "/\xe4"),
        ("POST", "/health"),
        ("DELETE", "/metrics"),
        ("OPTIONS", "/ready"),
    ],
)
def test_every_other_address_answers_as_without_a_door(server: Server, outside: Outside, method: str, path: str) -> None:
    given = {"Accept": "*/*", "Connection": "keep-alive", "Content-Type": "text/plain"}
    direct, handed = (requests.request(method, url + path, data=b"", headers=given, timeout=5) for url in (server.url, outside.server.url))
    assert (handed.status_code, handed.content) == (direct.status_code, direct.content)
    left, right = (dict(answer.headers) for answer in (direct, handed))
    left.pop("Date"), right.pop("Date")
    assert left == right


def test_a_delivery_stays_at_the_door(outside: Outside, door: Keeping) -> None:
    assert post(outside.server).status_code == 202
    assert post(outside.server, headers={"X-Hub-Signature-256": "sha256=" + "0" * 64}).status_code == 401
    assert requests.get(f"{outside.server.url}/webhook", timeout=5).status_code == 405
    assert ([kept.body for kept in outside.door.kept], door.kept) == ([BODY], [])
    assert [(told.outcome, told.event) for told in outside.told] == [("stored", "pull_request"), ("refused", "")]


def test_a_process_behind_that_is_gone_is_no_reason_to_keep_deliveries_out(server: Server, outside: Outside) -> None:
    server.stop()
    answer = requests.get(f"{outside.server.url}/ready", timeout=5)
    assert (answer.status_code, answer.text) == (503, "not available now\n")
    assert post(outside.server).status_code == 202
