"""A process without secrets that forks the children, for callers that live long or run threads.

Frames are 8 bytes of length (little-endian) and a msgpack body; a request waits for its response before the next one.
"""

from __future__ import annotations

import sys
from types import TracebackType
from typing import TYPE_CHECKING, Self

from msgspec import Struct

from bot.confine.child import DEFAULT, Died, Limits, Reason

if TYPE_CHECKING:
    from subprocess import Popen

MAX_REQUEST = 1 << 30
_GRACE = 5.0
# Behind the standard library, which nothing of ours may hide, and before other packages: another installation of us may be among them.
_START = """import sys
sys.path[next((at for at, path in enumerate(sys.path) if path.endswith("-packages")), len(sys.path)):0] = [sys.argv[1]]
from bot.confine.__main__ import main
main(sys.argv[2])"""
REGISTRY = "bot.confine.registry"


class Request(Struct, frozen=True):
    """A function of the registry and its bytes. `supplied`: for the process itself, so that every later child has what it makes."""

    function: str
    payload: bytes
    limits: Limits = Limits()
    supplied: bool = False


class Response(Struct, frozen=True):
    """`reason` is set when no result came."""

    result: bytes = b""
    reason: Reason | None = None
    detail: str = ""


class Supervisor:
    """Runs registered functions in confined children, one at a time. Safe to share between threads; restarts what died.

    Start it before secrets are read: the process inherits nothing but this package's place. `registry` is the import path of a
    module with `FUNCTIONS` and `prepare`, chosen by the caller's own code and never by data.
    """

    def __init__(self, registry: str = REGISTRY) -> None:
        from threading import Lock  # noqa: PLC0415 - threaded callers have it, the command line does not

        self._registry = registry
        self._supply = b""
        self._lock = Lock()
        self._process: Popen[bytes] | None = None

    def __enter__(self) -> Self:
        self.start()
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        self.close()

    def start(self) -> None:
        """Starts the process unless it runs."""
        with self._lock:
            self._running()

    def supply(self, payload: bytes) -> None:
        """What the installation brought, for the registry's `supply`: given to the process now and to each that replaces it.

        Never anything of a change: it is read outside of a child. A process that cannot use it computes the same without.
        """
        with self._lock:
            self._supply = payload
            self._end()
            self._running()

    def call(self, function: str, payload: bytes, limits: Limits = DEFAULT) -> bytes:
        """The function's result; raises `Died`, also when the supervisor itself died or does not answer."""
        from msgspec import msgpack  # noqa: PLC0415

        body = msgpack.encode(Request(function, payload, limits))
        with self._lock:
            answer = msgpack.decode(self._exchange(body, limits), type=Response)
        if answer.reason is not None:
            raise Died(answer.reason, answer.detail)
        return answer.result

    def close(self) -> None:
        """Ends the process and its child, and reaps it."""
        with self._lock:
            self._end()

    def _running(self) -> Popen[bytes]:
        if self._process is None or self._process.poll() is not None:
            self._end()
            self._process = _start(self._registry)
            if self._supply:
                self._exchange(_supplied(self._supply), DEFAULT)
        assert self._process is not None
        return self._process

    def _exchange(self, body: bytes, limits: Limits) -> bytes:
        from bot.confine.frames import Closed, Late, receive, send  # noqa: PLC0415

        process = self._running()
        assert process.stdin is not None
        assert process.stdout is not None
        try:
            send(process.stdin.fileno(), body, seconds=_GRACE + limits.wall_seconds)
            return receive(process.stdout.fileno(), limits.output_bytes + 65_536, seconds=limits.wall_seconds + 2 * _GRACE)
        except Late as error:
            self._end()
            raise Died("wall", "the supervisor did not answer") from error
        except Closed as error:
            self._end()
            raise Died("signal", "the supervisor ended") from error
        except BaseException:
            self._end()
            raise

    def _end(self) -> None:
        process, self._process = self._process, None
        if process is None:
            return
        process.kill()
        process.wait()
        for stream in (process.stdin, process.stdout):
            if stream is not None:
                stream.close()


def _supplied(payload: bytes) -> bytes:
    from msgspec import msgpack  # noqa: PLC0415

    return msgpack.encode(Request("supply", payload, supplied=True))


def _start(registry: str) -> Popen[bytes]:
    from os.path import dirname  # noqa: PLC0415
    from subprocess import DEVNULL, PIPE, Popen  # noqa: PLC0415 - 8 ms that the command line does not need here

    home = dirname(dirname(dirname(__file__)))  # noqa: PTH120 - a wheel's site-packages, or a checkout
    command = [sys.executable, "-I", "-c", _START, home, registry]
    return Popen(command, env={}, stdin=PIPE, stdout=PIPE, stderr=DEVNULL, bufsize=0, close_fds=True, cwd="/", start_new_session=True)  # noqa: S603 - our own interpreter and code
