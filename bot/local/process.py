"""Child processes through `posix_spawn`: importing `subprocess` would cost a cold command 11 ms."""

from __future__ import annotations

import os
import select
import signal
from collections.abc import Iterator, Mapping, Sequence
from types import TracebackType
from typing import Self

from msgspec import Struct

CHUNK = 1 << 18
MAX_ERROR = 20_000


class Finished(Struct, frozen=True):
    """How a process ended. `cut`: its output was longer than allowed, so it was stopped."""

    code: int
    output: bytes
    error: str
    cut: bool = False


def run(command: Sequence[str], environment: Mapping[str, str], limit: int) -> Finished:
    """Runs a command without input and returns what it wrote, at most `limit` bytes; raises FileNotFoundError."""
    child = Child(command, environment)
    output, error, cut = bytearray(), bytearray(), False
    with child:
        for descriptor, data in child.read():
            (error if descriptor == child.error else output).extend(data)
            if len(output) > limit:
                cut = True
                break
    return Finished(child.code, bytes(output), bytes(error[:MAX_ERROR]).decode("utf-8", "replace"), cut)


class Child:
    """A running process with three pipes. Leaving the context closes them and reaps it; `code` is set then.

    `quiet`: what it says on its error output is dropped (nobody would read the pipe, and a full one blocks it).
    """

    def __init__(self, command: Sequence[str], environment: Mapping[str, str], *, quiet: bool = False) -> None:
        self.code = 0
        (theirs_in, self.input), (self.output, theirs_out), (self.error, theirs_error) = os.pipe(), os.pipe(), os.pipe()
        if quiet:
            self._close(theirs_error)
            theirs_error = os.open(os.devnull, os.O_WRONLY)
        moves = [(os.POSIX_SPAWN_DUP2, theirs, number) for number, theirs in enumerate((theirs_in, theirs_out, theirs_error))]
        try:
            self.pid = os.posix_spawnp(command[0], list(command), environment, file_actions=moves, setsigdef=[signal.SIGPIPE])
        except BaseException:
            self._close(self.input, self.output, self.error)
            raise
        finally:
            self._close(theirs_in, theirs_out, theirs_error)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        self._close(self.input, self.output, self.error)
        self.code = os.waitstatus_to_exitcode(os.waitpid(self.pid, 0)[1])

    def read(self) -> Iterator[tuple[int, bytes]]:
        """Pieces of both outputs as they come, until both are closed."""
        poll = select.poll()
        opened = {self.output, self.error}
        for descriptor in opened:
            poll.register(descriptor, select.POLLIN)
        while opened:
            for descriptor, _ in poll.poll():
                data = os.read(descriptor, CHUNK)
                if data:
                    yield descriptor, data
                else:
                    poll.unregister(descriptor)
                    opened.discard(descriptor)

    @staticmethod
    def _close(*descriptors: int) -> None:
        for descriptor in descriptors:
            try:
                os.close(descriptor)
            except OSError:
                continue
