"""A server before the stand-in that offers less than GitHub: REST alone, no page links, no limits told, no null fields, below a path."""

from __future__ import annotations

import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import requests

PREFIX = "/git/forge"
KEPT = ("content-type", "location")


class Modest(ThreadingHTTPServer):
    """`understood`: the status of `/graphql`."""

    daemon_threads = True

    def __init__(self, behind: str, graphql: int, answer: str) -> None:
        super().__init__(("127.0.0.1", 0), Handler)
        self.behind, self.graphql, self.answer = behind, graphql, answer.encode()
        self.url = f"http://127.0.0.1:{self.server_address[1]}{PREFIX}"


class Handler(BaseHTTPRequestHandler):
    server: Modest
    protocol_version = "HTTP/1.1"

    def _serve(self) -> None:
        body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
        path = self.path.removeprefix(PREFIX)
        assert path != self.path
        if path == "/graphql":
            self._answered(self.server.graphql, {}, self.server.answer)
            return
        headers = {name: value for name, value in self.headers.items() if name.lower() not in ("host", "accept-encoding")}
        found = requests.request(self.command, self.server.behind + path, data=body, headers=headers, timeout=10, allow_redirects=False)
        given = {name: value for name, value in found.headers.items() if name.lower() in KEPT}
        self._answered(found.status_code, given, _bare(found.content))

    def _answered(self, status: int, headers: dict[str, str], body: bytes) -> None:
        self.send_response(status)
        for name, value in {**headers, "Content-Length": str(len(body))}.items():
            self.send_header(name.upper(), value)
        self.end_headers()
        self.wfile.write(body)

    do_GET = do_POST = do_PATCH = do_DELETE = do_PUT = _serve  # noqa: N815 - the names that the base class looks for

    def log_message(self, format: str, *args: Any) -> None:  # noqa: A002
        """Quiet."""


@contextmanager
def modest(behind: str, graphql: int = 404, answer: str = '{"message": "Not Found"}') -> Iterator[str]:
    """Its address, with the path below which it answers."""
    server = Modest(behind, graphql, answer)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
    thread.start()
    try:
        yield server.url
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


def _bare(body: bytes) -> bytes:
    try:
        return json.dumps(_without_nulls(json.loads(body))).encode()
    except ValueError:
        return body


def _without_nulls(value: Any) -> Any:
    if isinstance(value, dict):
        return {name: _without_nulls(item) for name, item in value.items() if item is not None and name != "performed_via_github_app"}
    return [_without_nulls(item) for item in value] if isinstance(value, list) else value
