"""The supervisor answers whatever happens to its children, and leaves nothing behind."""

from __future__ import annotations

import os
import signal
import sys
import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from bot.confine import Died, Limits, Supervisor, Supervisors
from tests.confine import functions
from tests.confine.processes import children, is_running, wait_for

REGISTRY = "tests.confine.functions"
pytestmark = pytest.mark.skipif(not sys.platform.startswith("linux"), reason="reads /proc")


@pytest.fixture
def supervisor() -> Iterator[Supervisor]:
    with Supervisor(REGISTRY) as running:
        yield running


def _supervisors() -> list[int]:
    return [pid for pid in children(os.getpid()) if REGISTRY in Path(f"/proc/{pid}/cmdline").read_text()]


def test_threads_share_it(supervisor: Supervisor) -> None:
    bodies = [bytes([number]) * 100_000 for number in range(12)]
    with ThreadPoolExecutor(4) as pool:
        assert list(pool.map(lambda body: supervisor.call("echo", body), bodies)) == bodies


def test_it_holds_no_secret(supervisor: Supervisor, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COUNTERSIGN_SECRET", "x")
    with Supervisor(REGISTRY) as other:
        assert other.call("environment", b"") == b"{}"
        (pid,) = set(_supervisors()) - set(_supervisor_of(supervisor))
        environment = Path(f"/proc/{pid}/environ").read_bytes()
        assert environment == b""


def _supervisor_of(supervisor: Supervisor) -> list[int]:
    process = supervisor._process
    assert process is not None
    return [process.pid]


def test_it_inherits_no_descriptor(supervisor: Supervisor, tmp_path: Path) -> None:
    with (tmp_path / "secret").open("w") as file:
        os.set_inheritable(file.fileno(), True)  # noqa: FBT003 - the system's own signature
        with Supervisor(REGISTRY) as other:
            other.call("echo", b"")
            (pid,) = _supervisor_of(other)
            assert Path(file.name) not in {entry.readlink() for entry in Path(f"/proc/{pid}/fd").iterdir()}
    assert supervisor.call("echo", b"1") == b"1"


def test_a_dead_child_is_a_result_and_the_next_call_works(supervisor: Supervisor) -> None:
    with pytest.raises(Died) as death:
        supervisor.call("loop", b"x", Limits(wall_seconds=0.3))
    assert death.value.reason == "wall"
    with pytest.raises(Died) as death:
        supervisor.call("read", b"/etc/hostname")
    assert (death.value.reason, death.value.detail.split()[0]) == ("exception", "PermissionError")
    assert supervisor.call("echo", b"still here") == b"still here"


def test_an_unknown_function_is_refused(supervisor: Supervisor) -> None:
    with pytest.raises(Died) as death:
        supervisor.call("os.system", b"true")
    assert death.value.detail == "request refused: KeyError"


def test_it_is_started_again_when_it_was_killed(supervisor: Supervisor) -> None:
    (pid,) = _supervisor_of(supervisor)
    os.kill(pid, signal.SIGKILL)
    assert wait_for(lambda: not is_running(pid))
    assert supervisor.call("echo", b"again") == b"again"


def test_its_death_during_a_call_is_a_result(supervisor: Supervisor) -> None:
    (pid,) = _supervisor_of(supervisor)
    caught: list[Died] = []

    def call() -> None:
        try:
            supervisor.call("sleep", b"30")
        except Died as death:
            caught.append(death)

    thread = threading.Thread(target=call)
    thread.start()
    assert wait_for(lambda: children(pid))
    (child,) = children(pid)
    os.kill(pid, signal.SIGKILL)
    thread.join(10)
    assert caught[0].reason == "signal"
    assert wait_for(lambda: not is_running(child))


def test_closing_the_callers_end_ends_supervisor_and_child() -> None:
    supervisor = Supervisor(REGISTRY)
    supervisor.start()
    (pid,) = _supervisor_of(supervisor)
    with ThreadPoolExecutor(1) as pool:
        call = pool.submit(supervisor.call, "sleep", b"30")
        _leave(supervisor, pid)
        with pytest.raises(Died):
            call.result(10)
    supervisor.close()


def _leave(supervisor: Supervisor, pid: int) -> None:
    assert wait_for(lambda: children(pid))
    (child,) = children(pid)
    process = supervisor._process
    assert process is not None
    assert process.stdin is not None
    process.stdin.close()  # as the kernel does for a caller that is gone
    assert wait_for(lambda: not is_running(child))
    assert wait_for(lambda: not is_running(pid))


def test_it_runs_the_code_that_started_it() -> None:
    with Supervisor(REGISTRY) as supervisor:
        assert supervisor.call("whereabouts", b"") == functions.__file__.encode()


def test_every_child_has_what_the_process_was_supplied_with_also_after_its_death(supervisor: Supervisor) -> None:
    supervisor.supply(b"rules")
    assert [supervisor.call("supplied", b"") for _ in range(2)] == [b"rules"] * 2
    (pid,) = _supervisor_of(supervisor)
    os.kill(pid, signal.SIGKILL)
    assert wait_for(lambda: not is_running(pid))
    assert supervisor.call("supplied", b"") == b"rules"


def test_a_supply_that_cannot_be_used_hinders_nothing(supervisor: Supervisor) -> None:
    supervisor.supply(b"unusable")
    assert supervisor.call("supplied", b"") == b""


def test_something_large_holds_up_nobody_else() -> None:
    with Supervisors(REGISTRY, 2) as several, ThreadPoolExecutor(1) as pool:
        large = pool.submit(several.call, "sleep", b"30", Limits(wall_seconds=3.0))
        assert wait_for(lambda: any(children(pid) for pid in _supervisors()))
        assert [several.call("echo", bytes([number])) for number in range(5)] == [bytes([number]) for number in range(5)]
        several.start()
        assert not large.done()
        with pytest.raises(Died):
            large.result(10)
