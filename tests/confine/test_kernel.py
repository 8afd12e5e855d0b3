"""The system call filter, interpreted: what it allows on each architecture, also those the tests do not run on."""

from __future__ import annotations

import struct

import pytest

from bot.confine.kernel import filter_program

ALLOW, REFUSE, KILL = 0x7FFF0000, 0x00050001, 0x80000000
ARCHITECTURE = {"x86_64": 0xC000003E, "aarch64": 0xC00000B7}
NUMBERS = {  # from the kernel's tables (arch/x86/entry/syscalls/syscall_64.tbl, include/uapi/asm-generic/unistd.h)
    "x86_64": {"write": 1, "open": 2, "mmap": 9, "socket": 41, "clone": 56, "execve": 59, "kill": 62, "ptrace": 101}
    | {"exit_group": 231, "tgkill": 234, "openat": 257, "execveat": 322, "io_uring_setup": 425, "clone3": 435, "brk": 12},
    "aarch64": {"write": 64, "mmap": 222, "socket": 198, "clone": 220, "execve": 221, "kill": 129, "ptrace": 117}
    | {"exit_group": 94, "tgkill": 131, "openat": 56, "execveat": 281, "io_uring_setup": 425, "clone3": 435, "brk": 214},
}
MACHINES = sorted(NUMBERS)


def decide(program: bytes, number: int, architecture: int, *arguments: int) -> int:
    """Runs the filter on one call, as the kernel does (four instructions of classic BPF)."""
    padded = [*arguments, *[0] * (6 - len(arguments))]
    data = struct.pack("=IIQ6Q", number, architecture, 0, *padded)
    steps = list(struct.iter_unpack("=HBBI", program))
    position = accumulator = 0
    while True:
        code, if_true, if_false, operand = steps[position]
        position += 1
        if code == 0x06:
            return int(operand)
        if code == 0x20:
            accumulator = int.from_bytes(data[operand : operand + 4], "little")
        else:
            holds = accumulator == operand if code == 0x15 else bool(accumulator & operand)
            position += if_true if holds else if_false


REACHING = ("open", "openat", "socket", "clone", "clone3", "execve", "execveat", "kill", "ptrace", "io_uring_setup")


@pytest.mark.parametrize(("machine", "call"), [(machine, call) for machine in MACHINES for call in REACHING if call in NUMBERS[machine]])
def test_calls_that_reach_the_world_are_refused(machine: str, call: str) -> None:
    assert decide(filter_program(machine, 4, 99), NUMBERS[machine][call], ARCHITECTURE[machine]) == REFUSE


@pytest.mark.parametrize("machine", MACHINES)
def test_computing_is_allowed(machine: str) -> None:
    program, numbers = filter_program(machine, 4, 99), NUMBERS[machine]
    assert decide(program, numbers["brk"], ARCHITECTURE[machine]) == ALLOW
    assert decide(program, numbers["exit_group"], ARCHITECTURE[machine]) == ALLOW


@pytest.mark.parametrize("machine", MACHINES)
@pytest.mark.parametrize(
    ("call", "arguments", "decision"),
    [
        ("write", (4,), ALLOW),
        ("write", (3,), REFUSE),
        ("write", (1,), REFUSE),
        ("tgkill", (99,), ALLOW),
        ("tgkill", (1,), REFUSE),
        ("mmap", (0, 4096, 3), ALLOW),
        ("mmap", (0, 4096, 5), REFUSE),
    ],
)
def test_arguments_decide(machine: str, call: str, arguments: tuple[int, ...], decision: int) -> None:
    assert decide(filter_program(machine, 4, 99), NUMBERS[machine][call], ARCHITECTURE[machine], *arguments) == decision


@pytest.mark.parametrize("machine", MACHINES)
def test_a_foreign_calling_convention_dies(machine: str) -> None:
    assert decide(filter_program(machine, 4, 99), NUMBERS[machine]["brk"], 0x40000003) == KILL


def test_an_unknown_machine_is_said() -> None:
    with pytest.raises(OSError, match="no filter for riscv64"):
        filter_program("riscv64", 4, 99)
