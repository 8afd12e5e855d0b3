"""A child that misbehaves is a result with the right reason, and nothing of it stays."""

from __future__ import annotations

import signal
import sys
import threading

import pytest

from bot.confine import Limits, ThreadsRunning, run
from tests.confine.processes import children, is_running, outcome, start, wait_for

linux = pytest.mark.skipif(not sys.platform.startswith("linux"), reason="what only Linux can refuse")


@pytest.mark.parametrize(
    ("scenario", "seen"),
    [
        ("answer", "ok: forty-two"),
        ("allocate", "memory: 209715200 bytes"),
        ("hoard", "memory: 209715200 bytes"),
        ("loop", "cpu: 1 s"),
        ("sleep", "wall: 0.3 s"),
        ("backtrack", "wall: 0.3 s"),
        ("overflow_stack", "signal: SIGSEGV"),
        ("null_pointer", "signal: SIGSEGV"),
        ("abort", "signal: SIGABRT"),
        ("flood", "output: more than 1048576 bytes"),
        ("close_pipe", "signal: SIGKILL"),
        ("leave", "exception: exit 0"),
        ("environment", "ok: {}environ({})"),
        ("native_environment", "ok: nothing"),
    ],
)
def test_each_death_has_its_reason(scenario: str, seen: str) -> None:
    assert outcome(scenario) == seen


@linux
@pytest.mark.parametrize(
    "scenario",
    [
        "read_file",
        "list_directory",
        "write_file",
        "network",
        "unix_socket",
        "fork",
        "execute",
        "spawn",
        "kill_parent",
        "executable_memory",
        "open_pipe",
    ],
)
def test_the_world_is_out_of_reach(scenario: str) -> None:
    assert outcome(scenario).startswith("exception: PermissionError at ")


@linux
def test_the_parent_cannot_be_traced() -> None:
    assert outcome("trace_parent") == "ok: -1"


@pytest.mark.parametrize(
    ("scenario", "type_name"), [("quit_python", "SystemExit"), ("text", "TypeError"), ("late_import", "ModuleNotFoundError")]
)
def test_an_exception_names_its_type(scenario: str, type_name: str) -> None:
    assert outcome(scenario).startswith(f"exception: {type_name} at ")


def test_an_exception_tells_its_place_and_no_value() -> None:
    seen = outcome("fault")
    assert seen.startswith("exception: KeyError at __main__:")
    assert "hunter2" not in seen


@linux
def test_only_the_result_pipe_is_open() -> None:
    assert len(outcome("descriptors").split(",")) == 1


@linux
def test_all_layers_are_active_here() -> None:
    assert "False" not in outcome("layers")


@linux
@pytest.mark.parametrize("scenario", ["read_file", "list_directory", "write_file", "execute"])
def test_landlock_alone_keeps_files_away(scenario: str) -> None:
    assert outcome(scenario, "without_seccomp").startswith("exception: PermissionError at ")


@linux
def test_a_missing_layer_is_reported_and_not_fatal() -> None:
    shown = outcome("layers", "without_kernel").splitlines()
    assert {"landlock False", "seccomp False", "network-namespace False", "open-files True"} <= set(shown)
    assert outcome("answer", "without_kernel") == "ok: forty-two"


@pytest.mark.parametrize("scenario", ["read_file", "network", "open_pipe"])
def test_without_any_kernel_help_no_descriptor_can_be_had(scenario: str) -> None:
    assert outcome(scenario, "without_kernel").startswith("exception: OSError at ")


@linux
@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT, signal.SIGKILL, signal.SIGHUP])
def test_the_child_never_outlives_its_parent(number: signal.Signals) -> None:
    parent = start("loop")
    assert wait_for(lambda: children(parent.pid))
    (child,) = children(parent.pid)
    parent.send_signal(number)
    parent.communicate(timeout=10)
    assert parent.returncode != 0
    assert wait_for(lambda: not is_running(child))


def test_a_threaded_process_is_refused() -> None:
    release = threading.Event()
    thread = threading.Thread(target=release.wait)
    thread.start()
    try:
        with pytest.raises(ThreadsRunning):
            run(lambda: b"", Limits())
    finally:
        release.set()
        thread.join()
