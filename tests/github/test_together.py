"""The publisher through the gateway: one review under one fault leaves what a review without faults leaves, at the first try."""

from __future__ import annotations

from typing import get_args

import pytest

from bot.standin.faults import Kind
from tests.github.line import Line, line
from tests.github.pages import AT_FIVE, AT_NEW, Bot, look, threads

__all__ = ["line"]
CALLS = 7  # with the one for the token
QUICK: tuple[Kind, ...] = ("502-after-write", "401")
SLOW: tuple[Kind, ...] = tuple(kind for kind in get_args(Kind) if kind not in (*QUICK, "422", "403", "slow"))
EVERY = [pytest.param(kind, marks=pytest.mark.slow) for kind in SLOW] + list(QUICK)


@pytest.mark.parametrize("kind", EVERY)
@pytest.mark.parametrize("nth", range(1, CALLS + 1))
def test_a_fault_at_any_call_changes_nothing(line: Line, kind: Kind, nth: int) -> None:
    standin = line.scene.standin
    fault = standin.faults.add(kind=kind, nth=nth, seconds=0.1)
    Bot(line).review(AT_FIVE, AT_NEW)
    assert fault.hits == 1
    assert threads(line.scene) == [("main.tf", 5, None), ("new.tf", 2, None)]
    shown = look(line.scene)
    assert [(name, status, conclusion) for name, status, conclusion, *_ in shown[2]] == [("countersign", "completed", "failure")]
    assert (len(shown[1]), shown[3]) == (1, [])
    assert len(standin.calls) <= CALLS + 4


def test_a_review_without_faults_costs_that_many_calls(line: Line) -> None:
    Bot(line).review(AT_FIVE, AT_NEW)
    assert len(line.scene.standin.calls) == CALLS
    assert line.moments.slept == []
