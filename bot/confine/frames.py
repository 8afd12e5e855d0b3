"""Frames over pipes, with a time limit on every wait."""

from __future__ import annotations

import os
import select
import time

_LENGTH = 8


class Closed(Exception):  # noqa: N818 - the other end's leave, which is not always an error
    """The other end closed the pipe."""


class Late(Exception):  # noqa: N818
    """The other end did not read or write in time."""


def send(descriptor: int, body: bytes, seconds: float | None = None) -> None:
    """Writes one frame; raises `Closed` or `Late`."""
    rest, deadline = memoryview(len(body).to_bytes(_LENGTH, "little") + body), _deadline(seconds)
    while rest:
        _wait(descriptor, select.POLLOUT, deadline)
        try:
            rest = rest[os.write(descriptor, rest[: select.PIPE_BUF]) :]
        except BrokenPipeError as error:
            raise Closed from error


def receive(descriptor: int, limit: int, seconds: float | None = None) -> bytes:
    """Reads one frame of at most `limit` bytes; raises `Closed` (also for a longer one) or `Late`."""
    deadline = _deadline(seconds)
    length = int.from_bytes(_exactly(descriptor, _LENGTH, deadline), "little")
    if length > limit:
        raise Closed
    return _exactly(descriptor, length, deadline)


def _exactly(descriptor: int, count: int, deadline: float | None) -> bytes:
    data = bytearray()
    while len(data) < count:
        _wait(descriptor, select.POLLIN, deadline)
        chunk = os.read(descriptor, min(count - len(data), 1 << 20))
        if not chunk:
            raise Closed
        data += chunk
    return bytes(data)


def _deadline(seconds: float | None) -> float | None:
    return None if seconds is None else time.monotonic() + seconds


def _wait(descriptor: int, event: int, deadline: float | None) -> None:
    poll = select.poll()
    poll.register(descriptor, event)
    left = None if deadline is None else max(0.0, deadline - time.monotonic()) * 1000
    if not poll.poll(left):
        raise Late
