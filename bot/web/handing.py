"""Requests handed to the process behind the door, and its answers handed back."""

from __future__ import annotations

import logging
from collections.abc import Iterable
from http.client import HTTPConnection, HTTPException
from threading import BoundedSemaphore
from typing import TYPE_CHECKING
from urllib.parse import quote

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIEnvironment

# Fewer than the door has threads: who waits here never holds up a delivery.
MOST = 16
SECONDS = 60.0
# Of one connection, not of the answer: https://www.rfc-editor.org/rfc/rfc9110#section-7.6.1
HOP = frozenset(("connection", "keep-alive", "proxy-connection", "te", "trailer", "transfer-encoding", "upgrade"))
ADDRESS = "%/:=&?~#+!$,;'@()*[]"

log = logging.getLogger(__name__)


class Handing:
    """A WSGI application."""

    def __init__(self, host: str, port: int) -> None:
        self._host, self._port = host, port
        self._free = BoundedSemaphore(MOST)

    def __call__(self, environ: WSGIEnvironment, start: StartResponse) -> Iterable[bytes]:
        if not self._free.acquire(blocking=False):
            return _unavailable(start)
        try:
            return self._handed(environ, start)
        except (OSError, HTTPException) as error:
            log.warning("handing-failed", extra={"reason": type(error).__name__})
            return _unavailable(start)
        finally:
            self._free.release()

    def _handed(self, environ: WSGIEnvironment, start: StartResponse) -> Iterable[bytes]:
        connection = HTTPConnection(self._host, self._port, timeout=SECONDS)
        try:
            connection.request(environ["REQUEST_METHOD"], _target(environ), environ["wsgi.input"], dict(_headers(environ)))
            answer = connection.getresponse()
            body = answer.read()
        finally:
            connection.close()
        headers = [(name, value) for name, value in answer.getheaders() if name.lower() not in HOP]
        start(f"{answer.status} {answer.reason}", headers)
        return [body]


def _target(environ: WSGIEnvironment) -> str:
    """What was asked for, as it was written; what no address may hold is quoted."""
    asked = str(environ.get("REQUEST_URI", "/"))
    return quote(asked if asked.startswith("/") else "/", safe=ADDRESS, encoding="latin-1")


def _headers(environ: WSGIEnvironment) -> Iterable[tuple[str, str]]:
    for name, value in environ.items():
        if name.startswith("HTTP_") and (plain := name.removeprefix("HTTP_").replace("_", "-").lower()) not in HOP:
            yield plain, str(value)
    yield "content-length", str(environ.get("CONTENT_LENGTH") or 0)
    if environ.get("CONTENT_TYPE"):
        yield "content-type", str(environ["CONTENT_TYPE"])


def _unavailable(start: StartResponse) -> Iterable[bytes]:
    text = b"not available now\n"
    start("503 Service Unavailable", [("Content-Type", "text/plain; charset=utf-8"), ("Content-Length", str(len(text)))])
    return [text]
