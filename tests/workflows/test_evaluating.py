"""One snapshot on its way to a verdict: which children it takes, and that the verdict is of what was read."""

from __future__ import annotations

from msgspec.structs import replace

from bot.confine import Supervisor
from bot.workflows.evaluating import Evaluator, Judging
from tests.changes import snapshot

OPEN = 'resource "aws_db_instance" "a" {\n  publicly_accessible = true\n}\n'


class Counted:
    """A supervisor that keeps the names of what it was asked for."""

    def __init__(self, supervisor: Supervisor) -> None:
        self.asked: list[str] = []
        self._supervisor = supervisor

    def call(self, function: str, payload: bytes) -> bytes:
        self.asked.append(function)
        return self._supervisor.call(function, payload)


def test_what_lacks_nothing_is_judged_in_the_child_that_found_so(supervisor: Supervisor) -> None:
    counted = Counted(supervisor)
    whole = snapshot({}, {"main.tf": OPEN})
    judging = Judging(Evaluator(counted))  # type: ignore[arg-type]  # it has what an evaluator asks for
    assert set(judging.needs(replace(whole, blobs={}))) == set(whole.blobs)
    assert judging.needs(whole) == ()
    assert judging.verdict(whole) == Evaluator(supervisor).evaluate(whole)
    assert counted.asked == ["needs", "answer"]


def test_another_snapshot_is_judged_again(supervisor: Supervisor) -> None:
    counted = Counted(supervisor)
    one, other = snapshot({}, {"main.tf": OPEN}), snapshot({}, {"main.tf": OPEN.replace("true", "false")})
    judging = Judging(Evaluator(counted))  # type: ignore[arg-type]
    assert judging.needs(one) == ()
    assert judging.verdict(other) == Evaluator(supervisor).evaluate(other)
    assert counted.asked == ["answer", "evaluate"]
