"""One snapshot on its way to a verdict: which children it takes, and that the verdict is of what was read."""

from __future__ import annotations

import pytest
from msgspec.structs import replace

from bot.cli import resources
from bot.confine import Supervisor
from bot.workflows.evaluating import FEW_PATHS, LONGEST_PATH, Evaluator, Judging
from tests.changes import snapshot

OPEN = 'resource "aws_db_instance" "a" {\n  publicly_accessible = true\n}\n'


class Counted:
    """A supervisor that keeps the names of what it was asked for."""

    def __init__(self, supervisor: Supervisor) -> None:
        self.asked: list[str] = []
        self.sizes: list[int] = []
        self._supervisor = supervisor

    def call(self, function: str, payload: bytes) -> bytes:
        self.asked.append(function)
        self.sizes.append(len(payload))
        return self._supervisor.call(function, payload)


def test_what_lacks_nothing_is_judged_in_the_child_that_found_so(supervisor: Supervisor) -> None:
    counted = Counted(supervisor)
    whole = snapshot({}, {"main.tf": OPEN})
    judging = Judging(Evaluator(counted))  # type: ignore[arg-type]  # it has what an evaluator asks for
    assert set(judging.needs(replace(whole, blobs={}))) == set(whole.blobs)
    assert judging.needs(whole) == ()
    assert judging.verdict(whole) == Evaluator(supervisor).evaluate(whole)
    assert counted.asked == ["answer"]


@pytest.mark.parametrize(
    ("files", "configuration"),
    [
        ({f"{number}.tf": OPEN for number in range(FEW_PATHS + 1)}, b""),
        ({f"{'a' * (LONGEST_PATH + 1)}.tf": OPEN}, b""),
        ({"main.tf": OPEN}, b"version: 1\npaths: {ignore: ['**/test/**']}\n"),
    ],
    ids=["many", "long", "patterns"],
)
def test_what_could_take_long_is_never_asked_in_this_process(supervisor: Supervisor, files: dict[str, str], configuration: bytes) -> None:
    counted = Counted(supervisor)
    whole = replace(snapshot({}, files), configuration=configuration)
    assert set(Judging(Evaluator(counted)).needs(replace(whole, blobs={}))) == set(whole.blobs)  # type: ignore[arg-type]
    assert counted.asked == ["needs"]


def test_rules_that_every_child_has_are_not_sent_and_the_verdict_is_the_same(supervisor: Supervisor) -> None:
    rules = resources.rules()
    path, data = next((path, data) for path, data in rules.items() if data.startswith(b"id: "))
    for policy in (rules, rules | {path: data + b"\n"}):
        whole = replace(snapshot({}, {"main.tf": OPEN}), policy=policy)
        counted = Counted(supervisor)
        lean = Evaluator(counted, rules)  # type: ignore[arg-type]
        assert lean.answer(whole) == Evaluator(supervisor).answer(whole)
        assert lean.evaluate(whole) == Evaluator(supervisor).evaluate(whole)
        assert max(counted.sizes) < 20_000


def test_a_process_that_has_other_rules_is_sent_all(supervisor: Supervisor) -> None:
    """As one has that could not use what it was supplied with."""
    counted, rules = Counted(supervisor), resources.rules()
    whole = replace(snapshot({}, {"main.tf": OPEN}), policy=rules)
    some = dict(list(rules.items())[1:])
    assert Evaluator(counted, some).evaluate(whole) == Evaluator(supervisor).evaluate(whole)  # type: ignore[arg-type]
    assert counted.asked == ["evaluate", "evaluate"]


def test_another_snapshot_is_judged_again(supervisor: Supervisor) -> None:
    counted = Counted(supervisor)
    one, other = snapshot({}, {"main.tf": OPEN}), snapshot({}, {"main.tf": OPEN.replace("true", "false")})
    judging = Judging(Evaluator(counted))  # type: ignore[arg-type]
    assert judging.needs(one) == ()
    assert judging.verdict(other) == Evaluator(supervisor).evaluate(other)
    assert counted.asked == ["answer", "evaluate"]
