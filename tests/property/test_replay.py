"""A stored snapshot replays to the same verdict, to the byte, in another process with another hash seed."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import msgspec
import pytest
from hypothesis import strategies as st

from bot.cli import prepared, resources
from bot.confine import Supervisor
from bot.confine.registry import Brought
from bot.confine.tables import facts
from bot.engine.evaluation import evaluate
from bot.engine.model.snapshot import Snapshot
from bot.engine.model.verdict import Verdict
from tests.changes import snapshot
from tests.property.roots import EFFORT, Root, holds, roots

ROOT = Path(__file__).parents[2]


def in_another_process(stored: bytes, form: str, seed: str) -> list[bytes]:
    environment = {**os.environ, "PYTHONHASHSEED": seed}
    command = [sys.executable, "-m", "tests.property.replay", form]
    done = subprocess.run(command, cwd=ROOT, env=environment, input=stored, capture_output=True, check=True, timeout=300)
    return msgspec.msgpack.decode(done.stdout, type=list[bytes])


@EFFORT
@pytest.mark.parametrize("form", ["msgpack", "json"])
def test_a_stored_snapshot_replays(examples: int, form: str) -> None:
    def check(pairs: list[tuple[Root, Root]]) -> None:
        cases = [snapshot(before.files(), after.files()) for before, after in pairs]
        here = [msgspec.json.encode(evaluate(case)) for case in cases]
        stored = msgspec.msgpack.encode(cases) if form == "msgpack" else msgspec.json.encode(cases)
        assert in_another_process(stored, form, "1") == here
        assert in_another_process(stored, form, "4242") == here

    holds(max(1, examples // 12), check, pairs=st.lists(st.tuples(roots(), roots()), min_size=8, max_size=12))


@EFFORT
def test_the_supervisor_gives_the_same_verdict_whatever_it_was_supplied_with(examples: int) -> None:
    brought = Brought(resources.rules(), prepared.policy())
    with Supervisor() as supervisor:
        supervisor.supply(msgspec.msgpack.encode(brought))

        def check(before: Root, after: Root) -> None:
            case: Snapshot = snapshot(before.files(), after.files())
            far = msgspec.msgpack.decode(supervisor.call("evaluate", msgspec.msgpack.encode(case)), type=Verdict)
            assert far == evaluate(case, facts())

        holds(max(4, examples // 4), check, before=roots(), after=roots())
