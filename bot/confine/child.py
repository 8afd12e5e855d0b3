"""One task in a forked child: bytes come back, or the reason why not."""

from __future__ import annotations

import gc
import os
import resource
import select
import signal
import sys
import time
from collections.abc import Callable, Collection
from typing import Literal, NoReturn, TypeAlias

from msgspec import Struct

Reason: TypeAlias = Literal["cpu", "memory", "wall", "signal", "output", "exception"]

_RESULT, _EXCEPTION, _HEADER = b"R", b"E", 9
_OUT_OF_MEMORY = 71
_MAX_DETAIL = 2_000
_INTERRUPTS = frozenset({signal.SIGINT, signal.SIGTERM, signal.SIGHUP})
_ALARM_MARGIN = 2.0


class Limits(Struct, frozen=True):
    """Bounds of one child. `address_space_bytes`: beyond what it inherits. `open_files`: descriptors, none by default."""

    cpu_seconds: int = 60
    address_space_bytes: int = 1 << 30
    wall_seconds: float = 120.0
    output_bytes: int = 64 << 20
    open_files: int = 0


DEFAULT = Limits()


class Layer(Struct, frozen=True):
    """One protection: whether this machine gives it, and its version or the system's reason why not."""

    name: str
    active: bool
    detail: str = ""


class Died(Exception):  # noqa: N818 - the field's word: a child dies, which is a result and not an error
    """No result came back. `detail` names a signal, a limit, or an exception with its place; never a value."""

    def __init__(self, reason: Reason, detail: str = "") -> None:
        super().__init__(f"{reason}: {detail}")
        self.reason: Reason = reason
        self.detail = detail


class ThreadsRunning(RuntimeError):  # noqa: N818 - says what is the case
    """A fork of a threaded process may inherit a lock that nobody releases; use `Supervisor` there."""


class CallerGone(Exception):  # noqa: N818 - the caller's end is an event, not an error of ours
    """The other end of the watched descriptor closed while the child ran."""


def run(
    task: Callable[[], bytes],
    limits: Limits = DEFAULT,
    *,
    prepare: Callable[[], object] | None = None,
    watch: int | None = None,
    unneeded: Collection[str] = (),
) -> bytes:
    """What `task` returns, computed in a child that can only compute; raises `Died`, or `ThreadsRunning` before anything starts.

    `prepare` runs in the child while it may still read files (imports). `watch`: a descriptor whose hang-up ends the child.
    `unneeded`: modules that the engine imports late and this task certainly does not.
    """
    from bot.confine import kernel, preload  # noqa: F401, PLC0415 - ctypes costs 2 ms: not before a child is needed, and once for all

    _refuse_threads()
    preload.complete(unneeded)
    reader, writer = os.pipe()
    mask = signal.pthread_sigmask(signal.SIG_BLOCK, _INTERRUPTS)
    parent = os.getpid()
    pid = _fork(reader, writer)
    if pid == 0:
        _live(task, limits, prepare, writer, parent)
    status: int | None = None
    try:
        os.close(writer)
        signal.pthread_sigmask(signal.SIG_SETMASK, mask)
        data = _collect(reader, limits, watch)
    finally:
        signal.pthread_sigmask(signal.SIG_BLOCK, _INTERRUPTS)
        os.close(reader)
        status = _end(pid)
        signal.pthread_sigmask(signal.SIG_SETMASK, mask)
    return _interpret(data, status, limits)


def layers() -> tuple[Layer, ...]:
    """The protections of a child on this machine, tried in one."""

    def names() -> bytes:
        return "\n".join(f"{layer.name}\t{int(layer.active)}\t{layer.detail}" for layer in _closed).encode()

    lines = run(names, Limits(cpu_seconds=2, wall_seconds=5.0)).decode().splitlines()
    return tuple(Layer(name, active == "1", detail) for name, active, detail in (line.split("\t") for line in lines))


def _refuse_threads() -> None:
    try:
        count = len(os.listdir("/proc/self/task"))  # noqa: PTH208 - pathlib costs 4 ms of a cold start
    except OSError:
        count = len(sys._current_frames())  # noqa: SLF001 - the only count that needs no import of threading
    if count > 1:
        raise ThreadsRunning(f"{count} threads run in this process")


def _fork(reader: int, writer: int) -> int:
    try:
        return os.fork()
    except OSError as error:
        os.close(reader)
        os.close(writer)
        raise Died("signal", f"no child: {error.strerror}") from error


# The parent's side


def _collect(reader: int, limits: Limits, watch: int | None) -> bytes:
    """Everything the child wrote until it closed the pipe."""
    deadline, data = time.monotonic() + limits.wall_seconds, bytearray()
    poll = select.poll()
    poll.register(reader, select.POLLIN)
    if watch is not None:
        poll.register(watch, 0)
    while True:
        left = deadline - time.monotonic()
        if left <= 0:
            raise Died("wall", f"{limits.wall_seconds:g} s")
        ready = [descriptor for descriptor, _ in poll.poll(left * 1000)]
        if watch in ready:
            raise CallerGone
        if not ready:
            continue
        chunk = os.read(reader, 1 << 20)
        if not chunk:
            return bytes(data)
        data += chunk
        if _announced(data) > limits.output_bytes:
            raise Died("output", f"more than {limits.output_bytes} bytes")


def _announced(data: bytearray) -> int:
    announced = int.from_bytes(data[1:_HEADER], "little") if len(data) >= _HEADER else 0
    return max(announced, len(data) - _HEADER)


def _end(pid: int) -> int | None:
    """Kills what may still run and reaps it. A child that was already dying keeps the status it died with."""
    try:
        os.kill(pid, signal.SIGKILL)
        return os.waitpid(pid, 0)[1]
    except (ProcessLookupError, ChildProcessError):
        return None


def _interpret(data: bytes, status: int | None, limits: Limits) -> bytes:
    payload = data[_HEADER:]
    if len(data) >= _HEADER and len(payload) == int.from_bytes(data[1:_HEADER], "little"):
        if data[:1] == _RESULT:
            return payload
        raise Died("exception", payload.decode("utf-8", "replace"))
    raise _death(status, limits)


def _death(status: int | None, limits: Limits) -> Died:
    if status is None:
        return Died("signal", "reaped elsewhere")
    if os.WIFEXITED(status):
        code = os.WEXITSTATUS(status)
        return Died("memory", f"{limits.address_space_bytes} bytes") if code == _OUT_OF_MEMORY else Died("exception", f"exit {code}")
    number = os.WTERMSIG(status)
    if number == signal.SIGXCPU:
        return Died("cpu", f"{limits.cpu_seconds} s")
    if number == signal.SIGALRM:
        return Died("wall", f"{limits.wall_seconds:g} s")
    return Died("signal", signal.Signals(number).name if number in signal.valid_signals() else str(number))


# The child's side

_closed: tuple[Layer, ...] = ()


def _live(task: Callable[[], bytes], limits: Limits, prepare: Callable[[], object] | None, writer: int, parent: int) -> NoReturn:
    """The whole life of a child; it ends here whatever happens, so that nothing of the parent's runs twice."""
    try:
        _close_in(task, limits, prepare, writer, parent)
    except MemoryError:
        os._exit(_OUT_OF_MEMORY)
    except BaseException as error:  # noqa: BLE001 - whatever it is, the parent must hear of it
        _send(writer, _EXCEPTION, _place(error).encode("utf-8", "replace")[:_MAX_DETAIL])
    finally:
        os._exit(1)


def _close_in(task: Callable[[], bytes], limits: Limits, prepare: Callable[[], object] | None, writer: int, parent: int) -> None:
    global _closed  # noqa: PLW0603 - the child's own account, read by `layers`
    first = _own_life(limits, writer, parent)
    if prepare is not None:
        prepare()
    _closed = (*first, *_close_layers(limits, writer))
    result = task()
    if type(result) is not bytes:
        raise TypeError("a task returns bytes")
    _send(writer, _RESULT, result)
    os._exit(0)


def _own_life(limits: Limits, writer: int, parent: int) -> tuple[Layer, ...]:
    """Cuts what ties the child to its parent, bounds it, and sees to it that it never outlives the parent."""
    gc.freeze()
    gc.disable()  # a short life that the limit of memory bounds; collecting costs a quarter of a large change
    _default_signals()
    os.setsid()
    bound = _try("parent-death", lambda: _die_with(parent))
    inherited = _address_space()
    _close_descriptors(writer)
    sys.stdin = sys.stdout = sys.stderr = None  # print and warnings then say nothing
    os.environ.clear()
    signal.setitimer(signal.ITIMER_REAL, limits.wall_seconds + _ALARM_MARGIN)
    return (
        bound,
        _limit("cpu", resource.RLIMIT_CPU, limits.cpu_seconds, spare=1),
        _limit("memory", resource.RLIMIT_AS, inherited + limits.address_space_bytes),
        _limit("core", resource.RLIMIT_CORE, 0),
        _limit("file-size", resource.RLIMIT_FSIZE, 0),
    )


def _close_layers(limits: Limits, writer: int) -> tuple[Layer, ...]:
    """From here on no import, no file, no process, no network."""
    from bot.confine import kernel  # noqa: PLC0415 - the parent has it already

    closed = [
        _try("no-new-privileges", kernel.give_up_new_privileges),
        _try("landlock", kernel.no_files),
        _limit("processes", resource.RLIMIT_NPROC, 0),
        _limit("open-files", resource.RLIMIT_NOFILE, limits.open_files),
        _try("seccomp", lambda: kernel.compute_only(writer)),
    ]
    if not closed[-1].active:
        closed.append(_try("network-namespace", kernel.empty_network))
    return tuple(closed)


def _try(name: str, close: Callable[[], int | None]) -> Layer:
    try:
        version = close()
    except OSError as error:
        return Layer(name, False, error.strerror or "")  # noqa: FBT003 - a plain value
    return Layer(name, True, f"version {version}" if version else "")  # noqa: FBT003


def _limit(name: str, kind: int, value: int, spare: int = 0) -> Layer:
    """A limit of the process, never above the one it already has. `spare`: from the signal to the kill."""

    def lower() -> None:
        hard = resource.getrlimit(kind)[1]
        ceiling = value + spare if hard == resource.RLIM_INFINITY else min(value + spare, hard)
        resource.setrlimit(kind, (min(value, ceiling), ceiling))

    try:
        return _try(name, lower)
    except ValueError as error:
        return Layer(name, False, str(error))  # noqa: FBT003


def _die_with(parent: int) -> None:
    from bot.confine import kernel  # noqa: PLC0415

    kernel.die_with_parent(signal.SIGKILL)
    if os.getppid() != parent:
        os._exit(1)


def _default_signals() -> None:
    for number in (*_INTERRUPTS, signal.SIGALRM, signal.SIGXCPU, signal.SIGUSR1, signal.SIGUSR2, signal.SIGCHLD):
        signal.signal(number, signal.SIG_DFL)
    signal.pthread_sigmask(signal.SIG_SETMASK, ())


def _address_space() -> int:
    """Bytes of address space in use, 0 where the system does not tell."""
    try:
        descriptor = os.open("/proc/self/statm", os.O_RDONLY)
    except OSError:
        return 0
    try:
        return int(os.read(descriptor, 64).split()[0]) * resource.getpagesize()
    finally:
        os.close(descriptor)


def _close_descriptors(kept: int) -> None:
    """`/dev/fd` lists what is open; without it every possible number is closed."""
    try:
        numbers = [int(name) for name in os.listdir("/dev/fd")]  # noqa: PTH208
    except OSError:
        numbers = list(range(resource.getrlimit(resource.RLIMIT_NOFILE)[0]))
    for number in numbers:
        if number != kept:
            _close(number)


def _close(number: int) -> None:
    try:
        os.close(number)
    except OSError:
        return


def _send(writer: int, kind: bytes, payload: bytes) -> None:
    rest = memoryview(kind + len(payload).to_bytes(_HEADER - 1, "little") + payload)
    while rest:
        rest = rest[os.write(writer, rest) :]


def _place(error: BaseException) -> str:
    """The exception's type and the innermost places it passed; not its message, which may hold a value."""
    places, trace = [], error.__traceback__
    while trace is not None:
        places.append(f"{trace.tb_frame.f_globals.get('__name__', '?')}:{trace.tb_lineno}")
        trace = trace.tb_next
    return f"{type(error).__name__} at {' < '.join(reversed(places[-4:]))}"
