"""Stored evaluations, made again: after an upgrade of the rules, and when what was stored is not what was evaluated."""

from __future__ import annotations

import zlib
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
import sqlalchemy as sa
from msgspec import msgpack
from msgspec.structs import replace

from bot.confine import Supervisor
from bot.confine.tables import facts
from bot.engine.evaluation import evaluate
from bot.engine.model.snapshot import Snapshot
from bot.ledger import Evaluation, Grounds, Ledger, pack
from bot.ledger.packing import record_of, unpack
from bot.ledger.schema import evaluations, objects, snapshots
from bot.workflows.evaluating import Evaluator
from bot.workflows.page import Judged
from bot.workflows.replay import Replay, Replayed
from tests.changes import shipped_rules, snapshot
from tests.ledger.test_ledger import NOW, SECOND

RULES = {path: data for path, data in shipped_rules().items() if "port-open" in path}
OTHER = dict(list(RULES.items())[1:2])
PORT = """
resource "aws_security_group_rule" "a" {{
  type              = "ingress"
  from_port         = {port}
  to_port           = {port}
  protocol          = "tcp"
  security_group_id = "sg-1"
  cidr_blocks       = {clients}
}}
"""


def change(number: int, rules: dict[str, bytes]) -> Snapshot:
    """Of a hundred some are open to the world, some are not known, some are in order."""
    clients = ('["0.0.0.0/0"]', '["10.0.0.0/8"]', "var.clients")[number % 3]
    shared = {f"m{file}.tf": f"locals {{\n  a{file} = 1\n}}\n" for file in range(10)}
    made = snapshot(shared, shared | {"main.tf": PORT.format(port=20 + number % 5, clients=clients)}, policy=rules)
    return replace(made, now=NOW + number * SECOND, patch=b"diff --git", repository="acme/infra")


def store(ledger: Ledger, number: int, made: Snapshot) -> int:
    found = Judged(evaluate(made, facts()), ("main.tf",))
    verdict = found.verdict
    place = (1, 7, "acme/infra", number, "a" * 40, verdict.base, "main", "countersign", verdict.conclusion)
    digests = (verdict.snapshot_digest, verdict.policy_digest, msgpack.encode(found), b"check")
    grounds = Grounds(verdict.state, "0.0.9+then", verdict.facts_digest, snapshot=pack(made))
    return ledger.evaluations.store(Evaluation(f"g{number}", "k", *place, *digests), made.now, grounds)


@pytest.fixture
def ledger(tmp_path: Path) -> Iterator[Ledger]:
    made = Ledger(f"sqlite:///{tmp_path}/ledger.sqlite")
    yield made
    made.close()


def replayed(ledger: Ledger, supervisor: Supervisor, *identifiers: int) -> list[Replayed]:
    replay = Replay(ledger, Evaluator(supervisor))
    return [replay.replay(identifier) for identifier in identifiers]


def test_a_snapshot_comes_out_of_its_parts_as_it_went_in() -> None:
    made = change(2, RULES)
    packed = pack(made)
    again = unpack(record_of(packed.record), packed.objects)
    assert again == made
    assert pack(again).digest == packed.digest


@pytest.mark.slow
def test_a_hundred_evaluations_are_the_same_after_an_upgrade_of_the_rules(ledger: Ledger, supervisor: Supervisor) -> None:
    ids = [store(ledger, number, change(number, RULES)) for number in range(1, 101)]
    upgraded = store(ledger, 101, change(101, OTHER))
    Evaluator(supervisor).supply(OTHER)
    found = replayed(ledger, supervisor, *ids, upgraded)
    assert [item.outcome for item in found] == ["same"] * 101
    assert {item.conclusion for item in found} >= {"failure", "success"}
    assert all(item.engine == "0.0.9+then" != item.now_engine for item in found)
    assert ledger.verification.verify(7).alterations == ()
    with ledger.database.reading() as connection:
        number = connection.execute(sa.select(sa.func.count()).select_from(objects)).scalar_one()
    assert number < 15 + 10 + 8  # the variants of main.tf, what all share, two policies, two listings, signals, patch


def test_under_other_rules_it_is_another_verdict_and_the_place_is_named(ledger: Ledger, supervisor: Supervisor) -> None:
    """Not the rules of today: those that stand in the store. Here somebody stored other rules with it."""
    row = store(ledger, 3, change(3, RULES))
    other = change(3, OTHER)
    with ledger.database.writing() as connection:
        connection.execute(sa.delete(snapshots))
    forged = replace(ledger.evaluations.get(row), guid="h", id=0, snapshot_digest=evaluate(other).snapshot_digest)
    ledger.evaluations.store(forged, NOW, Grounds(snapshot=pack(other)))
    (found,) = replayed(ledger, supervisor, row + 1)
    assert found.outcome == "differs"
    assert {"policy_digest", "snapshot_digest", "conclusion"} & set(found.differing)


def test_what_is_not_what_was_evaluated_is_not_replayed(ledger: Ledger, supervisor: Supervisor) -> None:
    one, other = store(ledger, 1, change(1, RULES)), store(ledger, 2, change(2, RULES))
    with ledger.database.writing() as connection:
        data = sa.select(snapshots.c.data).where(snapshots.c.evaluation == other).scalar_subquery()
        connection.execute(sa.update(snapshots).where(snapshots.c.evaluation == one).values(data=data))
    (found,) = replayed(ledger, supervisor, one)
    assert (found.outcome, found.detail) == ("unreadable", "snapshot digest")
    assert [(item.key, item.fields["row"]) for item in ledger.verification.verify(7).alterations] == [("snapshot-differs", one)]
    with ledger.database.writing() as connection:
        connection.execute(sa.delete(objects))
        connection.execute(sa.delete(snapshots).where(snapshots.c.evaluation == one))
    found_one, found_other = replayed(ledger, supervisor, one, other)
    assert (found_one.outcome, found_one.detail) == ("absent", "snapshot")
    assert found_other.outcome == "unreadable"
    assert [(item.key, item.fields["row"]) for item in ledger.verification.verify(7).alterations] == [("snapshot-missing", one)]


def test_an_altered_verdict_is_told_by_its_place(ledger: Ledger, supervisor: Supervisor) -> None:
    row = store(ledger, 3, change(3, RULES))
    judged = msgpack.decode(ledger.evaluations.get(row).verdict, type=Judged)
    forged = replace(judged, verdict=replace(judged.verdict, conclusion="success"))
    with ledger.database.writing() as connection:
        connection.execute(sa.update(evaluations).values(verdict=zlib.compress(msgpack.encode(forged))))
    (found,) = replayed(ledger, supervisor, row)
    assert (found.outcome, found.differing) == ("differs", ("conclusion",))


def test_snapshots_are_forgotten_after_their_time_and_the_record_still_holds(ledger: Ledger, supervisor: Supervisor) -> None:
    old, new = store(ledger, 1, change(1, RULES)), store(ledger, 200, change(200, RULES))
    later = NOW + 3600 * SECOND
    assert ledger.snapshots.prune(NOW + 100 * SECOND, 1 << 30, later) == 1
    assert ledger.snapshots.prune(NOW + 100 * SECOND, 1 << 30, later) == 0
    assert [item.outcome for item in replayed(ledger, supervisor, old, new)] == ["absent", "same"]
    assert ledger.verification.verify(7).alterations == ()
    assert ledger.snapshots.prune(later, 1 << 30, later) == 1
    with ledger.database.reading() as connection:
        assert connection.execute(sa.select(sa.func.count()).select_from(objects)).scalar_one() == 0


def test_over_the_budget_the_oldest_go(ledger: Ledger) -> None:
    for number in range(1, 21):
        store(ledger, number, change(number, RULES))
    size = ledger.snapshots.size()
    assert ledger.snapshots.prune(NOW - timedelta(days=1), size, NOW) == 0
    assert ledger.snapshots.prune(NOW - timedelta(days=1), 0, NOW + 60 * SECOND) == 0
    gone = ledger.snapshots.prune(NOW - timedelta(days=1), size - 2000, NOW + 3600 * SECOND)
    assert 0 < gone < 10
    assert ledger.snapshots.size() <= size - 2000
    assert ledger.snapshots.newest(1) == (20,)
    assert ledger.verification.verify(7).alterations == ()
