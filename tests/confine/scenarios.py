"""What hostile or broken tasks do. Run as a process of its own, without threads: `python -m tests.confine.scenarios NAME`."""

from __future__ import annotations

import ctypes
import mmap
import os
import re
import signal
import socket
import sys
import time
from collections.abc import Callable
from itertools import count
from pathlib import Path

from msgspec.structs import replace

from bot.confine import Died, Limits, layers, run

SHORT = Limits(cpu_seconds=1, wall_seconds=4.0, address_space_bytes=200 << 20, output_bytes=1 << 20)
QUICK = Limits(cpu_seconds=5, wall_seconds=0.3)


def answer() -> bytes:
    return b"forty-two"


def read_file() -> bytes:
    return Path("/etc/hostname").read_bytes()


def list_directory() -> bytes:
    return repr(list(Path("/").iterdir())).encode()


def write_file() -> bytes:
    return bytes(Path("/tmp/countersign-escape").write_bytes(b"x"))  # noqa: S108 - it must not come to exist


def environment() -> bytes:
    return repr(dict(os.environ)).encode() + repr(os.environb).encode()


def native_environment() -> bytes:
    getenv = ctypes.CDLL(None).getenv
    getenv.restype = ctypes.c_char_p
    return getenv(b"COUNTERSIGN_SECRET") or b"nothing"


def network() -> bytes:
    with socket.socket(socket.AF_INET):
        return b"made"


def unix_socket() -> bytes:
    with socket.socket(socket.AF_UNIX):
        return b"made"


def fork() -> bytes:
    return str(os.fork()).encode()


def execute() -> bytes:
    os.execv("/bin/true", ["true"])  # noqa: S606 - it must be refused


def spawn() -> bytes:
    return str(os.posix_spawn("/bin/true", ["true"], {})).encode()


def kill_parent() -> bytes:
    os.kill(os.getppid(), 9)
    return b"killed"


def trace_parent() -> bytes:
    return str(ctypes.CDLL(None).ptrace(16, os.getppid(), 0, 0)).encode()


def executable_memory() -> bytes:
    mmap.mmap(-1, 4096, prot=mmap.PROT_READ | mmap.PROT_WRITE | mmap.PROT_EXEC)
    return b"mapped"


def open_pipe() -> bytes:
    return repr(os.pipe()).encode()


def descriptors() -> bytes:
    return repr([number for number in range(256) if _is_open(number)]).encode()


def _is_open(number: int) -> bool:
    try:
        os.write(number, b"")
    except OSError as error:
        return error.errno not in {1, 9}
    return True


def allocate() -> bytes:
    return bytes(10 << 30)


def hoard() -> bytes:
    return repr([bytes(1 << 20) for _ in range(10_000)]).encode()


def loop() -> bytes:
    for _ in count():
        pass
    return b""


def sleep() -> bytes:
    time.sleep(60)
    return b""


def backtrack() -> bytes:
    return repr(re.match(r"(a+)+$", "a" * 64 + "b")).encode()


def overflow_stack() -> bytes:
    sys.setrecursionlimit(1 << 30)

    class Deep:
        def __repr__(self) -> str:
            return repr(self)

    return repr(Deep()).encode()


def null_pointer() -> bytes:
    return ctypes.string_at(0)


def abort() -> bytes:
    os.abort()


def flood() -> bytes:
    return bytes(20 << 20)


def close_pipe() -> bytes:
    os.closerange(0, 256)
    return loop()


def leave() -> bytes:
    os._exit(0)


def quit_python() -> bytes:
    raise SystemExit(0)


def fault() -> bytes:
    raise KeyError("hunter2-the-secret")


def text() -> bytes:
    return "not bytes"  # type: ignore[return-value] # the point of the scenario


def late_import() -> bytes:
    import colorsys  # noqa: PLC0415

    return colorsys.__name__.encode()


def without_seccomp() -> None:
    """As on a kernel without system call filters."""
    from bot.confine import kernel  # noqa: PLC0415

    def missing(writable: int) -> None:
        raise OSError(38, f"no filter for {writable}")

    kernel.compute_only = missing


def without_kernel() -> None:
    """As on a system that has neither filters nor Landlock."""
    from bot.confine import kernel  # noqa: PLC0415

    def missing() -> int:
        raise OSError(38, "not here")

    without_seccomp()
    kernel.no_files = missing
    kernel.empty_network = missing  # type: ignore[assignment] # it fails, whatever it would return


def tasks() -> dict[str, Callable[[], bytes]]:
    return {name: value for name, value in globals().items() if callable(value) and getattr(value, "__module__", "") == __name__}


def outcome(name: str, open_files: int) -> str:
    """`ok: bytes` or `reason: detail`, as the caller of `run` sees it."""
    limits = replace(QUICK if name in {"sleep", "backtrack"} else SHORT, open_files=open_files)
    try:
        return f"ok: {run(tasks()[name], limits).decode()}"
    except Died as death:
        return f"{death.reason}: {death.detail}"


def shown_layers() -> str:
    return "\n".join(f"{layer.name} {layer.active}" for layer in layers())


def main(name: str, variant: str = "") -> str | None:
    """`variant`: which protections are taken away first. Returns what was left behind."""
    signal.signal(signal.SIGHUP, signal.SIG_DFL)  # who runs the tests may have told all below to ignore it
    os.environ["COUNTERSIGN_SECRET"] = "visible only to the parent"  # noqa: S105
    if variant:
        globals()[variant]()
    before = sorted(os.listdir("/dev/fd"))  # noqa: PTH208
    print(shown_layers() if name == "layers" else outcome(name, 64 if variant == "without_seccomp" else 0), flush=True)  # noqa: T201
    if sorted(os.listdir("/dev/fd")) != before:  # noqa: PTH208
        return "a descriptor leaked"
    try:
        os.waitpid(-1, os.WNOHANG)
    except ChildProcessError:
        return None
    return "a child is left"


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
