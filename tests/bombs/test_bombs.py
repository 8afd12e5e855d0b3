"""Every bomb is answered within limits, is never green, and harms no other root."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest
from msgspec import msgpack

from bot.confine import Limits, Supervisor
from bot.confine.registry import Brought
from bot.engine.evaluation import evaluate
from bot.engine.model.snapshot import Entry, Tree
from bot.engine.model.verdict import Verdict
from tests.bombs.expansions import COUNTED, EXPANSIONS, Files, many_blocks
from tests.bombs.texts import TEXTS
from tests.changes import oid, shipped_rules, snapshot

BOMBS: dict[str, Callable[[], Files]] = EXPANSIONS | TEXTS


def words(text: str) -> frozenset[str]:
    return frozenset(text.split())


LIMITS = Limits(cpu_seconds=20, wall_seconds=120.0, address_space_bytes=1 << 30)
HEAVY = words(
    "five-megabyte-line interpolations long-list many-attributes many-blocks many-environments many-lines many-prefixes many-resources "
    "merge-doubling module-fan-out moved-chain nested-for nested-for-object nested-splat object-doubling policy-encoded-depth policy-size "
    "tuple-doubling twenty-megabytes conditions otherwises sums loops"
)
EACH = [pytest.param(name, marks=pytest.mark.slow if name in HEAVY else ()) for name in sorted(BOMBS)]
NEIGHBOUR: Files = {"neighbour/main.tf": COUNTED.replace('"bomb"', '"neighbour"')}


@pytest.fixture(scope="module")
def supervisor() -> Iterator[Supervisor]:
    with Supervisor() as running:
        running.supply(msgpack.encode(Brought(shipped_rules())))
        yield running


def verdict(supervisor: Supervisor, before: Files, after: Files) -> Verdict:
    """The verdict, from a child with little room and little time: CPU time, because other work on the machine is not its fault."""
    return msgpack.decode(supervisor.call("evaluate", msgpack.encode(snapshot(before, after, patch=b"")), LIMITS), type=Verdict)


@pytest.mark.parametrize("name", EACH)
def test_it_is_answered_and_not_green(supervisor: Supervisor, name: str) -> None:
    alone = verdict(supervisor, {}, BOMBS[name]())
    assert alone.state in {"violations", "decisions"}, alone.results
    assert alone.conclusion in {"failure", "action_required"}


@pytest.mark.slow
@pytest.mark.parametrize("name", sorted(BOMBS))
def test_the_root_beside_it_is_still_evaluated(supervisor: Supervisor, name: str) -> None:
    found = verdict(supervisor, {}, BOMBS[name]() | NEIGHBOUR)
    assert "aws_security_group_rule.neighbour" in {item.resource for item in found.results if item.kind == "fail"}


def test_one_bomb_leaves_the_root_beside_it_alone(supervisor: Supervisor) -> None:
    bombs = EXPANSIONS["count"]() | EXPANSIONS["recursive-module"]() | EXPANSIONS["string-doubling"]()
    found = verdict(supervisor, {}, bombs | NEIGHBOUR)
    assert "aws_security_group_rule.neighbour" in {item.resource for item in found.results if item.kind == "fail"}


@pytest.mark.parametrize("count", [pytest.param(300, id="few"), pytest.param(3_000, id="many", marks=pytest.mark.slow)])
def test_many_blocks_that_all_changed_are_compared_in_time(supervisor: Supervisor, count: int) -> None:
    before = many_blocks(count)
    after: Files = {path: str(text).replace("to_port = ", "to_port = 1") for path, text in before.items()}
    assert verdict(supervisor, before, after).state == "violations"


def test_a_link_to_itself_is_not_followed_for_ever() -> None:
    files: Files = {"a.tf": b"b.tf", "b.tf": b"a.tf"}
    linked = Tree("head", {path: Entry(oid(bytes(text)), "120000") for path, text in files.items() if isinstance(text, bytes)})
    found = evaluate(snapshot({}, files, head=linked, patch=b""))
    assert found.state not in {"clean", "no-infrastructure"}
