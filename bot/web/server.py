"""Serves an application on a socket from a thread, and stops without cutting off an answer."""

from __future__ import annotations

import logging
import socket
from threading import Thread
from time import monotonic, sleep
from typing import TYPE_CHECKING

from waitress import create_server, wasyncore  # type: ignore[import-untyped]  # waitress carries no types

from bot.web.webhook import MAX_BODY

if TYPE_CHECKING:
    from _typeshed.wsgi import WSGIApplication

THREADS = 8
# Seconds without a byte after which a connection is closed; GitHub itself gives up after ten.
IDLE = 30
# Read at once: a delivery has some 20 KB, and each further read waits for its turn on the processor again.
RECEIVED = 65536
_TICK = 0.01

log = logging.getLogger(__name__)


class Server:
    """Listens from the moment it is made (`port` is then the real one) and answers after `start`. Raises OSError when it cannot listen.

    `bound`: a socket that listens already, in place of address and port.
    """

    def __init__(
        self, application: WSGIApplication, address: str = "", port: int = 0, *, bound: socket.socket | None = None, threads: int = THREADS
    ) -> None:
        self._socket = bound or listening(address, port)
        self.address, self.port = place(self._socket)
        self._waitress = create_server(
            application,
            sockets=[self._socket],
            threads=threads,
            ident=None,
            max_request_body_size=MAX_BODY,
            channel_timeout=IDLE,
            clear_untrusted_proxy_headers=True,
            recv_bytes=RECEIVED,
        )
        self._running = True
        self._thread = Thread(target=self._loop, name="web", daemon=True)

    @property
    def url(self) -> str:
        return url(self._socket)

    @property
    def alive(self) -> bool:
        """Whether requests are being answered."""
        return self._thread.is_alive()

    def start(self) -> None:
        """Answers from now on."""
        self._thread.start()

    def stop(self, grace: float = 5.0) -> None:
        """Accepts nothing more, finishes what has arrived within `grace` seconds, then closes."""
        end = monotonic() + grace
        if self.alive:
            self._waitress.trigger.pull_trigger(lambda: wasyncore.dispatcher.close(self._waitress))
            while self._busy() and monotonic() < end:
                sleep(_TICK)
            self._running = False
            self._waitress.pull_trigger()
            self._thread.join(max(1.0, end - monotonic()))
        self._waitress.task_dispatcher.shutdown(timeout=max(0.1, end - monotonic()))
        wasyncore.close_all(self._waitress._map, ignore_all=True)  # noqa: SLF001 - what waitress's own server for several sockets does
        self._socket.close()

    def _busy(self) -> bool:
        """Whether a request is being read, answered or sent, or the socket still listens."""
        channels = list(self._waitress.active_channels.values())
        return bool(self._waitress.accepting) or any(
            channel.request is not None or channel.requests or channel.total_outbufs_len for channel in channels
        )

    def _loop(self) -> None:
        while self._running:
            try:
                wasyncore.loop(timeout=1.0, map=self._waitress._map, count=1, use_poll=True)  # noqa: SLF001 - as its own `run` does
            except Exception:  # a broken connection must not end the service
                log.exception("web-loop-failed")
                sleep(_TICK)


def listening(address: str, port: int) -> socket.socket:
    """A socket there. Raises OSError."""
    family = socket.getaddrinfo(address, port, type=socket.SOCK_STREAM)[0][0]
    return socket.create_server((address, port), family=family, backlog=1024)


def place(bound: socket.socket) -> tuple[str, int]:
    """Address and port."""
    name = bound.getsockname()
    return str(name[0]), int(name[1])


def url(bound: socket.socket) -> str:
    """Where a socket answers."""
    address, port = place(bound)
    return f"http://[{address}]:{port}" if ":" in address else f"http://{address}:{port}"
