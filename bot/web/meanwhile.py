"""While the door is being started again: who asks how we are is told so at once, everybody else is led to the door when it is there.

Of what strangers send nothing is read here but the first line, and that only to tell the three questions from the rest.
"""

from __future__ import annotations

import logging
import socket
from collections.abc import Callable
from contextlib import suppress
from select import select
from threading import BoundedSemaphore, Event, Thread
from time import monotonic

ASKED = (b"/ready", b"/health", b"/metrics")
LINE, PIECE = 1024, 65536
# Who says nothing for so long is let go; who waits for the door waits no longer than GitHub does.
SILENT, PATIENCE = 2.0, 10.0
MOST = 64
LOOK = 0.05

log = logging.getLogger(__name__)


class Meanwhile:
    """Accepts on the door's socket until it is there. `behind`: where the questions are answered; `there`: set while the door listens."""

    def __init__(self, listening: socket.socket, behind: tuple[str, int], there: Event, over: Callable[[], bool]) -> None:
        self._socket, self._behind, self._there, self._over = listening, behind, there, over
        self._free = BoundedSemaphore(MOST)

    def stand(self) -> None:
        """Until the door listens, or all is over."""
        self._socket.settimeout(0.0)  # the door may accept what we saw
        while not (self._there.is_set() or self._over()):
            with suppress(OSError, ValueError):  # it may be closed by now
                if select([self._socket], [], [], LOOK)[0] and self._free.acquire(blocking=False):
                    self._led(self._accepted())

    def _accepted(self) -> socket.socket | None:
        try:
            return self._socket.accept()[0]
        except OSError:
            return None

    def _led(self, caller: socket.socket | None) -> None:
        if caller is None:
            self._free.release()
            return
        Thread(target=self._lead, args=(caller,), name="meanwhile", daemon=True).start()

    def _lead(self, caller: socket.socket) -> None:
        try:
            with caller:
                caller.settimeout(SILENT)
                asked = _asked(caller)
                if asked is not None:
                    self._answer(caller, asked)
                elif self._there.wait(PATIENCE):
                    with socket.create_connection(self._socket.getsockname()[:2], PATIENCE) as door:
                        _joined(caller, door)
        except OSError as error:
            log.info("meanwhile-gone", extra={"reason": type(error).__name__})
        finally:
            self._free.release()

    def _answer(self, caller: socket.socket, asked: bytes) -> None:
        """A request of our own, so that one question is all that comes through."""
        with socket.create_connection(self._behind, PATIENCE) as inside:
            inside.sendall(b"GET %s HTTP/1.1\r\nHost: countersign\r\nConnection: close\r\n\r\n" % asked)
            while piece := inside.recv(PIECE):
                caller.sendall(piece)


def _asked(caller: socket.socket) -> bytes | None:
    """Which of the questions it is, None for anything else. What was sent stays to be read."""
    end, line = monotonic() + SILENT, b""
    while b"\n" not in line and len(line) < LINE and monotonic() < end:
        before, line = line, caller.recv(LINE, socket.MSG_PEEK)
        if line == before:
            if not line:
                return None
            Event().wait(LOOK)
    words = line.split(b"\n")[0].split()
    path = words[1].partition(b"?")[0] if len(words) == 3 and words[0] == b"GET" else b""
    return path if path in ASKED else None


def _joined(one: socket.socket, other: socket.socket) -> None:
    """Hands on what either says until both are done."""
    to = {one: other, other: one}
    while to:
        ready = select(list(to), [], [], PATIENCE)[0]
        if not ready:
            return
        for side in ready:
            if piece := side.recv(PIECE):
                to[side].sendall(piece)
            else:
                with suppress(OSError):
                    to[side].shutdown(socket.SHUT_WR)
                del to[side]
