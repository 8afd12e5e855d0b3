"""Requests on loopback, as GitHub and as others send them."""

from __future__ import annotations

import http.client
import socket
from threading import Thread
from time import perf_counter

import pytest
import requests

from bot.web.application import HEADERS
from bot.web.condition import Part
from bot.web.metrics import Metrics
from bot.web.server import Server
from bot.web.webhook import MAX_BODY
from tests.web.doors import Keeping, serving, signature

GUID = "72d3162e-cc78-11e3-81ab-4c9367dc0958"
BODY = b'{"action":"opened"}'


def post(server: Server, body: bytes = BODY, headers: dict[str, str] | None = None) -> requests.Response:
    given = {
        "X-GitHub-Delivery": GUID,
        "X-GitHub-Event": "pull_request",
        "X-Hub-Signature-256": signature(body),
        "Content-Type": "application/json",
    }
    return requests.post(f"{server.url}/webhook", data=body, headers=given | (headers or {}), timeout=10)


def test_a_delivery_is_stored_before_it_is_answered(server: Server, door: Keeping) -> None:
    answer = post(server)
    assert (answer.status_code, answer.text) == (202, "")
    assert [(kept.guid, kept.event, kept.body) for kept in door.kept] == [(GUID, "pull_request", BODY)]


def test_the_same_delivery_again_is_accepted_and_stored_once(server: Server, door: Keeping) -> None:
    assert [post(server).status_code for _ in range(2)] == [202, 202]
    assert len(door.kept) == 1


@pytest.mark.parametrize(
    "given",
    [
        "",
        "sha256=",
        "sha1=" + "0" * 40,
        "sha256=" + "0" * 64,
        signature(BODY + b" "),
        signature(BODY, b"another secret"),
        signature(BODY).upper(),
        "sha256=\xe4",
    ],
)
def test_what_is_not_signed_by_us_is_refused_without_a_word(server: Server, door: Keeping, given: str) -> None:
    answer = post(server, headers={"X-Hub-Signature-256": given})
    assert (answer.status_code, answer.text) == (401, "")
    assert door.kept == []


def test_the_signature_comes_before_everything_else(server: Server, door: Keeping) -> None:
    answer = post(server, b"{", {"X-Hub-Signature-256": signature(b"["), "X-GitHub-Event": "?", "Content-Type": "text/html"})
    assert (answer.status_code, answer.text, door.kept) == (401, "", [])


def test_the_published_example_of_a_signature() -> None:
    expected = "sha256=757107ea0eb2509fc211221cce984b8a37570b6d7586c22c46f4379c8b043e17"
    assert signature(b"Hello, World!") == expected


@pytest.mark.parametrize(
    ("body", "headers", "text"),
    [
        (b"{", {}, "JSON is expected"),
        (BODY, {"X-GitHub-Delivery": "../../x"}, "X-GitHub-Delivery: a GUID"),
        (BODY, {"X-GitHub-Delivery": ""}, "X-GitHub-Delivery: a GUID"),
        (BODY, {"X-GitHub-Event": "Pull Request"}, "X-GitHub-Event: the name"),
        (b"payload=%7B%7D", {"Content-Type": "application/x-www-form-urlencoded"}, "application/json is expected"),
    ],
)
def test_what_is_signed_and_no_delivery_is_named_and_not_stored(
    server: Server, door: Keeping, body: bytes, headers: dict[str, str], text: str
) -> None:
    answer = post(server, body, headers)
    assert answer.status_code == 400
    assert text in answer.text
    assert door.kept == []


def test_the_largest_payload_of_github_is_taken(server: Server, door: Keeping) -> None:
    body = b'{"a":"' + b"x" * (25 * 1024 * 1024 - 8) + b'"}'
    assert len(body) == 25 * 1024 * 1024
    assert post(server, body).status_code == 202
    assert door.kept[0].body == body


def test_more_is_refused_before_it_is_read(server: Server, door: Keeping) -> None:
    connection = http.client.HTTPConnection(server.address, server.port, timeout=10)
    connection.putrequest("POST", "/webhook")
    connection.putheader("Content-Length", str(MAX_BODY + 1))
    connection.endheaders()
    assert connection.getresponse().status == 413
    connection.close()
    assert door.kept == []


def test_more_is_refused_without_a_length(server: Server, door: Keeping) -> None:
    chunk = b"x" * 65536
    with socket.create_connection((server.address, server.port), timeout=10) as client:
        client.sendall(b"POST /webhook HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n")
        try:
            for _ in range(MAX_BODY // len(chunk) + 2):
                client.sendall(b"10000\r\n" + chunk + b"\r\n")
        except OSError:
            pass  # refused and closed while we still sent
        answer = client.recv(64)
    assert answer.startswith(b"HTTP/1.1 413")
    assert door.kept == []


@pytest.mark.parametrize(
    ("method", "path", "status", "text"),
    [
        ("GET", "/", 404, "not found\n"),
        ("GET", "/static/x", 404, "not found\n"),
        ("POST", "/webhook/", 404, "not found\n"),
        ("GET", "/webhook", 405, "method not allowed\n"),
        ("OPTIONS", "/webhook", 405, "method not allowed\n"),
        ("POST", "/health", 405, "method not allowed\n"),
        ("GET", "/%2e%2e/%00", 404, "not found\n"),
    ],
)
def test_other_addresses_and_methods(server: Server, method: str, path: str, status: int, text: str) -> None:
    answer = requests.request(method, server.url + path, timeout=5)
    assert (answer.status_code, answer.text) == (status, text)
    if status == 405:
        assert set(answer.headers["Allow"].split(", ")) <= {"POST", "GET", "HEAD"}


@pytest.mark.parametrize("path", ["/health", "/absent", "/metrics"])
def test_every_answer_is_guarded_and_names_no_software(server: Server, path: str) -> None:
    answer = requests.get(server.url + path, timeout=5)
    assert {name: answer.headers[name] for name in HEADERS} == HEADERS
    assert "Server" not in answer.headers
    assert "Set-Cookie" not in answer.headers


def test_a_fault_of_ours_is_a_failed_delivery_and_shows_nothing(server: Server, door: Keeping, caplog: pytest.LogCaptureFixture) -> None:
    door.broken = True
    answer = post(server)
    assert (answer.status_code, answer.text) == (500, "internal error\n")
    assert "request-failed" in caplog.text


def test_health_and_readiness(door: Keeping) -> None:
    state = {"ok": True}

    def queue() -> Part:
        return Part(state["ok"], "3 waiting, oldest 2 s")

    def dead() -> Part:
        raise RuntimeError("postgresql://u:pa55@db")

    with serving(door, {"queue": queue}) as server:
        assert requests.get(f"{server.url}/health", timeout=5).json() == {"status": "ok"}
        ready = requests.get(f"{server.url}/ready", timeout=5)
        assert ready.status_code == 200
        assert ready.json() == {"ready": True, "parts": {"queue": {"ok": True, "detail": "3 waiting, oldest 2 s"}}}
        state["ok"] = False
        assert requests.get(f"{server.url}/ready", timeout=5).status_code == 503
    with serving(door, {"database": dead}) as server:
        answer = requests.get(f"{server.url}/ready", timeout=5)
        assert (answer.status_code, answer.json()["parts"]) == (503, {"database": {"ok": False, "detail": "RuntimeError"}})
        assert requests.get(f"{server.url}/health", timeout=5).status_code == 200


def test_what_came_is_counted(door: Keeping) -> None:
    metrics = Metrics()
    with serving(door, metrics=metrics) as server:
        post(server)
        post(server)
        post(server, headers={"X-Hub-Signature-256": "sha256=0"})
        text = requests.get(f"{server.url}/metrics", timeout=5).text
    assert 'countersign_deliveries_total{event="pull_request",outcome="stored"} 1' in text
    assert 'countersign_deliveries_total{event="pull_request",outcome="known"} 1' in text
    assert 'countersign_deliveries_total{event="",outcome="refused"} 1' in text
    assert "countersign_webhook_seconds_count 3" in text


def test_stopping_finishes_what_has_arrived_and_takes_nothing_more(door: Keeping) -> None:
    door.hold.clear()
    answers: list[int] = []
    with serving(door) as server:
        client = Thread(target=lambda: answers.append(post(server).status_code))
        client.start()
        assert door.entered.wait(5)
        stopping = Thread(target=server.stop)
        stopping.start()
        while _listens(server):
            pass
        door.hold.set()
        client.join(5)
        stopping.join(5)
        assert (answers, server.alive) == ([202], False)


def test_stopping_does_not_wait_longer_than_the_grace(door: Keeping) -> None:
    with serving(door) as server, socket.create_connection((server.address, server.port), timeout=5) as client:
        client.sendall(b"POST /webhook HTTP/1.1\r\nHost: x\r\nContent-Length: 10\r\n\r\nhalf")
        requests.get(f"{server.url}/health", timeout=5)
        started = perf_counter()
        server.stop(0.3)
        assert perf_counter() - started < 2
        assert not server.alive


def test_an_address_in_use_is_an_error_at_once(server: Server, door: Keeping) -> None:
    with pytest.raises(OSError, match="in use"), serving(door) as second:
        Server(second._waitress.application, "127.0.0.1", server.port)


def _listens(server: Server) -> bool:
    try:
        socket.create_connection((server.address, server.port), timeout=1).close()
    except OSError:
        return False
    return True
