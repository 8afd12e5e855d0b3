"""Every bomb is answered within limits, is never green, and harms no other root."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator

import pytest
from msgspec import msgpack

from bot.confine import Limits, Supervisor
from bot.engine.model.verdict import Verdict
from tests.bombs.expansions import COUNTED, EXPANSIONS, Files
from tests.bombs.texts import TEXTS
from tests.changes import snapshot

BOMBS: dict[str, Callable[[], Files]] = EXPANSIONS | TEXTS
SECONDS = 10.0
NEIGHBOUR: Files = {"neighbour/main.tf": COUNTED.replace('"bomb"', '"neighbour"')}


@pytest.fixture(scope="module")
def supervisor() -> Iterator[Supervisor]:
    with Supervisor() as running:
        yield running


def verdict(supervisor: Supervisor, before: Files, after: Files) -> Verdict:
    """The verdict, from a child with little room and little time."""
    limits = Limits(cpu_seconds=20, wall_seconds=40.0, address_space_bytes=1 << 30)
    return msgpack.decode(supervisor.call("evaluate", msgpack.encode(snapshot(before, after, patch=b"")), limits), type=Verdict)


@pytest.mark.parametrize("name", sorted(BOMBS))
def test_it_is_answered_and_not_green(supervisor: Supervisor, name: str) -> None:
    bomb = BOMBS[name]()
    started = time.monotonic()
    alone = verdict(supervisor, {}, bomb)
    assert time.monotonic() - started < SECONDS
    assert alone.state in {"violations", "decisions"}, alone.results
    assert alone.conclusion in {"failure", "action_required"}


@pytest.mark.parametrize("name", sorted(BOMBS))
def test_the_root_beside_it_is_still_evaluated(supervisor: Supervisor, name: str) -> None:
    found = verdict(supervisor, {}, BOMBS[name]() | NEIGHBOUR)
    assert "aws_security_group_rule.neighbour" in {item.resource for item in found.results if item.kind == "fail"}
