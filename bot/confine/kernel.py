"""What the Linux kernel can take away from a process, through libc: every function raises OSError where it cannot.

Numbers: the kernel's include/uapi/linux/{prctl,seccomp,landlock,audit}.h and the system call tables of both architectures.
"""

from __future__ import annotations

import ctypes
import os
import struct
import sys

_PDEATHSIG, _NO_NEW_PRIVILEGES, _SET_SECCOMP, _FILTER_MODE = 1, 38, 22, 2
_NEW_USER, _NEW_NETWORK = 0x10000000, 0x40000000
_LANDLOCK_CREATE, _LANDLOCK_RESTRICT, _LANDLOCK_VERSION = 444, 446, 1
_SCOPE_ABSTRACT_SOCKETS_AND_SIGNALS, _TCP_BIND_AND_CONNECT = 3, 3

_AUDIT_ARCHITECTURE = {"x86_64": 0xC000003E, "aarch64": 0xC00000B7}
# What a process needs that only computes: memory, time, its own signals, its end.
# fmt: off
_COMPUTE = {
    "x86_64": (
        3, 11, 12, 13, 14, 15, 24, 25, 28, 35, 39, 60, 63, 96, 98, 99, 102, 104, 107, 108, 110, 131, 186, 201, 202, 204, 219,
        228, 229, 230, 231, 273, 318, 324, 334,
    ),
    "aarch64": (
        57, 93, 94, 98, 99, 101, 113, 114, 115, 123, 124, 128, 132, 134, 135, 139, 160, 165, 169, 172, 173, 174, 175, 176, 177,
        178, 179, 214, 215, 216, 233, 278, 283, 293,
    ),
}
# fmt: on
_WRITE = {"x86_64": 1, "aarch64": 64}
_TGKILL = {"x86_64": 234, "aarch64": 131}
_MAP_AND_PROTECT = {"x86_64": (9, 10), "aarch64": (222, 226)}
_EXECUTABLE = 4

_LOAD, _EQUAL, _ANY_BIT, _RETURN = 0x20, 0x15, 0x45, 0x06
_ALLOW, _KILL_PROCESS, _REFUSE = 0x7FFF0000, 0x80000000, 0x00050000 | 1  # EPERM
_NUMBER, _ARCHITECTURE, _ARGUMENTS = 0, 4, 16

_libc = ctypes.CDLL(None, use_errno=True)


def _call(name: str, *args: int | ctypes.Array[ctypes.c_char] | ctypes.c_void_p | None) -> int:
    """A libc function; its arguments are as wide as a register."""
    function = getattr(_libc, name, None)
    if function is None or not sys.platform.startswith("linux"):
        raise OSError(0, "not on this system")
    result = int(function(*(ctypes.c_long(arg) if isinstance(arg, int) else arg for arg in args)))
    if result < 0:
        number = ctypes.get_errno()
        raise OSError(number, os.strerror(number))
    return result


def die_with_parent(signal: int) -> None:
    """Sends this process `signal` when the thread that made it ends."""
    _call("prctl", _PDEATHSIG, signal, 0, 0, 0)


def give_up_new_privileges() -> None:
    """Nothing executed from here on gains a privilege; without it the layers below need root."""
    _call("prctl", _NO_NEW_PRIVILEGES, 1, 0, 0, 0)


def empty_network() -> None:
    """A network namespace with nothing in it; a user namespace too where that is what allows it."""
    try:
        _call("unshare", _NEW_NETWORK)
    except OSError:
        _call("unshare", _NEW_USER | _NEW_NETWORK)


def no_files() -> int:
    """Landlock without a single rule: no file, no TCP, no abstract socket, as far as its version goes. Returns the version."""
    version = _call("syscall", _LANDLOCK_CREATE, None, 0, _LANDLOCK_VERSION)
    access = (1 << (13 + (version >= 2) + (version >= 3) + (version >= 5))) - 1
    words = (access, _TCP_BIND_AND_CONNECT, _SCOPE_ABSTRACT_SOCKETS_AND_SIGNALS)[: 1 + (version >= 4) + (version >= 6)]
    attributes = struct.pack(f"={len(words)}Q", *words)
    buffer = ctypes.create_string_buffer(attributes, len(attributes))
    ruleset = _call("syscall", _LANDLOCK_CREATE, buffer, len(attributes), 0)
    try:
        _call("syscall", _LANDLOCK_RESTRICT, ruleset, 0)
    finally:
        os.close(ruleset)
    return version


def compute_only(writable: int) -> None:
    """A system call filter: memory, time, exit, and writing to one descriptor. Everything else fails with EPERM."""
    program = filter_program(os.uname().machine, writable, os.getpid())
    buffer = ctypes.create_string_buffer(program, len(program))
    header = ctypes.create_string_buffer(struct.pack("@HP", len(program) // 8, ctypes.addressof(buffer)))
    _call("prctl", _SET_SECCOMP, _FILTER_MODE, header, 0, 0)


def filter_program(machine: str, writable: int, own: int) -> bytes:
    """The filter in classic BPF: 8 bytes an instruction (struct sock_filter)."""
    if machine not in _AUDIT_ARCHITECTURE or sys.maxsize < 2**32:
        raise OSError(0, f"no filter for {machine}")
    steps = [(_LOAD, 0, 0, _ARCHITECTURE), (_EQUAL, 1, 0, _AUDIT_ARCHITECTURE[machine]), (_RETURN, 0, 0, _KILL_PROCESS)]
    steps.append((_LOAD, 0, 0, _NUMBER))
    for number in _COMPUTE[machine]:
        steps += [(_EQUAL, 0, 1, number), (_RETURN, 0, 0, _ALLOW)]
    steps += _only_if(_WRITE[machine], 0, (_EQUAL, 0, 1, writable))
    steps += _only_if(_TGKILL[machine], 0, (_EQUAL, 0, 1, own))
    for number in _MAP_AND_PROTECT[machine]:
        steps += _only_if(number, 2, (_ANY_BIT, 1, 0, _EXECUTABLE))
    steps.append((_RETURN, 0, 0, _REFUSE))
    return b"".join(struct.pack("=HBBI", *step) for step in steps)


def _only_if(number: int, argument: int, test: tuple[int, int, int, int]) -> list[tuple[int, int, int, int]]:
    """Allows a system call only when the low half of one argument passes (a test jumps over the next step to refuse)."""
    return [(_EQUAL, 0, 4, number), (_LOAD, 0, 0, _ARGUMENTS + 8 * argument), test, (_RETURN, 0, 0, _ALLOW), (_RETURN, 0, 0, _REFUSE)]
