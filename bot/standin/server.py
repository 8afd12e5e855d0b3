"""HTTP on loopback: routes a request to REST, GraphQL or the pages, and breaks what a test wants broken."""

from __future__ import annotations

import json
import socket
import struct
import sys
import threading
import time
import traceback
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import TYPE_CHECKING, Any
from urllib.parse import parse_qsl, urlsplit

from bot.standin import dispatch, graphql, web
from bot.standin.calls import Refusal, Request
from bot.standin.shape.urls import Urls

if TYPE_CHECKING:
    from bot.standin.faults import Fault
    from bot.standin.world import World

Out = tuple[int, bytes, dict[str, str]]
MAX_BODY = 100 * 1024 * 1024


class Server(ThreadingHTTPServer):
    """A thread for each connection; connections are kept alive."""

    daemon_threads = True
    request_queue_size = 256

    def __init__(self, world: World, port: int) -> None:
        self.world = world
        self.counter = 0
        self.counting = threading.Lock()
        super().__init__(("127.0.0.1", port), Handler)

    def next_call(self) -> int:
        with self.counting:
            self.counter += 1
            return self.counter

    def handle_error(self, request: Any, client_address: Any) -> None:
        """A client that went away is no news."""

        if not isinstance(sys.exc_info()[1], OSError):
            super().handle_error(request, client_address)


class Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    server: Server
    disable_nagle_algorithm = True

    def do_GET(self) -> None:
        self._serve()

    do_POST = do_PATCH = do_PUT = do_DELETE = do_HEAD = do_GET  # noqa: N815  # the base class wants these names

    def log_message(self, format: str, *args: Any) -> None:  # noqa: A002
        """Quiet: the world keeps its own record."""

    def version_string(self) -> str:
        return "stand-in"

    def _serve(self) -> None:
        raw = self.rfile.read(min(int(self.headers.get("Content-Length") or 0), MAX_BODY))
        request, kind = self._request(raw)
        if kind == "page":
            self._send(self._answer(request, kind))
            return
        with self.server.world.limits.running() as allowed:
            self._api(request, kind, allowed=allowed)

    def _request(self, raw: bytes) -> tuple[Request, str]:
        parts = urlsplit(self.path)
        headers = {name.lower(): value for name, value in self.headers.items()}
        root = f"http://{headers.get('host') or '127.0.0.1'}"
        query = dict(parse_qsl(parts.query, keep_blank_values=True))
        version = headers.get("x-github-api-version", "2022-11-28")
        path, prefix, kind = parts.path, "", "rest"
        if path in {"/graphql", "/api/graphql"}:
            kind, prefix, path = "graphql", "/api/v3" if path == "/api/graphql" else "", "/graphql"
        elif path.startswith("/api/v3/"):
            path, prefix = path[7:], "/api/v3"
        elif web.is_page(path):
            kind = "page"
        urls = Urls(root + prefix, root, version)
        return Request(self.command, path, query, headers, raw, urls), kind

    def _api(self, request: Request, kind: str, *, allowed: bool) -> None:
        world = self.server.world
        fault = world.faults.strike(request.method, request.path, self.server.next_call())
        if fault and fault.kind not in {"502-after-write", "slow"}:
            world.record(request.method, request.path, _status(fault), None)
            self._break(fault)
            return
        if fault and fault.kind == "slow":
            time.sleep(fault.seconds)
        if not allowed:
            sentence = "You have exceeded a secondary rate limit. Please wait a few minutes before you try again."
            self._send(_refused(403, sentence, {"Retry-After": "1"}))
            return
        out = self._answer(request, kind)
        self._send(BAD_GATEWAY if fault and fault.kind == "502-after-write" else out)

    def _answer(self, request: Request, kind: str) -> Out:
        """A fault of our own is a 500 that a test can find, never a connection that just ends."""
        world = self.server.world
        try:
            return {"graphql": graphql.answer, "page": web.page, "rest": dispatch.rest}[kind](world, request)
        except Exception:  # noqa: BLE001  # recorded and shown to the test
            world.crashes.append(f"{request.method} {request.path}\n{traceback.format_exc()}")
            return _refused(500, "Server Error", {})

    def _break(self, fault: Fault) -> None:
        if fault.kind == "connection-reset":
            self.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
            self.connection.close()
            self.close_connection = True
            return
        if fault.kind == "timeout":
            time.sleep(fault.seconds)
            self.close_connection = True
            return
        self._send(_faulty(fault))

    def _send(self, out: Out) -> None:
        status, body, headers = out
        self.send_response(status)
        for name, value in headers.items():
            self.send_header(name, value)
        if status not in {204, 304}:
            self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        if self.command != "HEAD" and status not in {204, 304}:
            self.wfile.write(body)


BAD_GATEWAY: Out = (502, b"<html><body>502 Bad Gateway</body></html>", {"Content-Type": "text/html"})


def _refused(status: int, message: str, headers: dict[str, str]) -> Out:

    answer = Refusal(status, message).answer()
    return status, json.dumps(answer.body).encode(), {"Content-Type": "application/json; charset=utf-8", **headers}


def _status(fault: Fault) -> int:
    head = fault.kind.split("-")[0]
    return int(head) if head.isdigit() else 0


def _faulty(fault: Fault) -> Out:
    wait = {"Retry-After": str(max(1, int(fault.seconds)))}
    secondary = "You have exceeded a secondary rate limit. Please wait a few minutes before you try again."
    answers: dict[str, Out] = {
        "500": _refused(500, "Server Error", {}),
        "401": _refused(401, "Bad credentials", {}),
        "403": _refused(403, "Resource not accessible by integration", {}),
        "422": _refused(422, "Validation Failed", {}),
        "429": _refused(429, secondary, wait),
        "403-secondary": _refused(403, secondary, wait),
        "403-secondary-bare": _refused(403, secondary, {}),
    }
    return answers.get(fault.kind, BAD_GATEWAY)
