"""What the ledger keeps, on SQLite and on PostgreSQL."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from threading import Barrier

import pytest
import sqlalchemy as sa
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from msgspec.structs import replace

from bot.ledger import Database, Delivery, Evaluation, Ledger, Run, Shown
from bot.ledger import database as database_module
from bot.ledger.deliveries import Busy
from bot.ledger.schema import metadata
from tests.ledger.postgresql import postgresql

NOW = datetime(2026, 11, 28, 12, 0, tzinfo=UTC)
SECOND = timedelta(seconds=1)


@pytest.fixture(scope="module")
def server() -> Iterator[str]:
    with postgresql() as url:
        yield url


@pytest.fixture(params=["sqlite", pytest.param("postgresql", marks=pytest.mark.slow)])
def ledger(tmp_path: Path, request: pytest.FixtureRequest) -> Iterator[Ledger]:
    sqlite = request.param == "sqlite"
    made = Ledger(f"sqlite:///{tmp_path}/ledger.sqlite" if sqlite else request.getfixturevalue("server"))
    yield made
    if not sqlite:
        with made.database.writing() as connection:
            metadata.drop_all(connection)
            connection.execute(sa.text("DROP TABLE IF EXISTS alembic_version"))
    made.close()


def delivery(guid: str, number: int | None = 1, *, kind: str = "review", background: bool = False, installation: int = 1) -> Delivery:
    return Delivery(guid, "pull_request", "d" * 64, kind, installation, 7, number, b"work", background)


def evaluation(number: int = 1, head: str = "a" * 40, *, guid: str = "g", valid_until: datetime | None = None) -> Evaluation:
    base, digest = "b" * 40, "sha256:" + "c" * 64
    place = (1, 7, "acme/infra", number, head, base, "main", "countersign")
    return Evaluation(guid, "k", *place, "failure", digest, digest, b"v", b"c", valid_until)


def test_the_migrations_make_the_schema(ledger: Ledger) -> None:
    with ledger.database.reading() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": False})
        assert compare_metadata(context, metadata) == []
        inspected = {name: sa.inspect(connection).get_columns(name) for name in metadata.tables}
    columns = {name: {column["name"]: column["nullable"] for column in found} for name, found in inspected.items()}
    assert columns == {name: {column.name: column.nullable for column in table.columns} for name, table in metadata.tables.items()}


def test_a_schema_that_is_not_there_yet_is_not_current(tmp_path: Path) -> None:
    database = Database(f"sqlite:///{tmp_path}/ledger.sqlite")
    assert not database.current()
    database.migrate()
    assert database.current()
    database.close()


def test_a_database_that_cannot_be_written_is_noticed(ledger: Ledger) -> None:
    ledger.database.probe()
    with ledger.database.writing() as connection:
        connection.execute(sa.text("DROP TABLE IF EXISTS alembic_version"))
    with pytest.raises(sa.exc.DBAPIError):
        ledger.database.probe()


def test_processes_that_start_together_migrate_once(tmp_path: Path) -> None:
    code = f"from bot.ledger import Ledger; Ledger('sqlite:///{tmp_path}/ledger.sqlite').close()"
    started = [subprocess.Popen([sys.executable, "-c", code], stderr=subprocess.PIPE) for _ in range(4)]
    told = [process.communicate(timeout=30)[1].decode() for process in started]
    assert [(process.returncode, text) for process, text in zip(started, told, strict=True)] == [(0, "")] * 4


def test_a_delivery_is_there_once(ledger: Ledger) -> None:
    assert ledger.deliveries.store(delivery("a"), NOW)
    assert not ledger.deliveries.store(delivery("a"), NOW)
    assert not ledger.deliveries.store(delivery("b", kind="ignore"), NOW)
    begun = ledger.deliveries.begin("a", "one", "v1", NOW)
    assert begun is not None
    assert (begun.tries, begun.state) == (0, "stored")
    ledger.deliveries.finish("a", "done", "published", NOW)
    assert ledger.deliveries.begin("a", "one", "v1", NOW) is None
    assert not ledger.deliveries.store(delivery("a"), NOW)
    assert ledger.deliveries.counts() == {"done": 1, "ignored": 1}


def test_several_are_taken_at_once_and_each_once(ledger: Ledger) -> None:
    told = (("a", "x", "close"), ("b", "y", "ignore"))
    given = [Delivery(guid, "push", digest, kind, 1, 7, None, b"work") for guid, digest, kind in told]
    assert ledger.deliveries.take([*given, given[0]], NOW) == (True, False, False)
    assert ledger.deliveries.take([*given, Delivery("c", "push", "y", "close", 1, 7, None, b"work")], NOW) == (False, False, False)
    assert ledger.deliveries.counts() == {"stored": 1, "ignored": 1}
    assert [entry.told["guid"] for entry in ledger.chain.entries(7)] == ["a", "b"]


def test_bytes_whose_work_is_done_are_known_under_another_guid(ledger: Ledger) -> None:
    ledger.deliveries.store(delivery("a"), NOW)
    assert not ledger.deliveries.replayed("b", "d" * 64)
    ledger.deliveries.begin("a", "one", "v1", NOW)
    ledger.deliveries.finish("a", "done", "published", NOW)
    assert ledger.deliveries.replayed("b", "d" * 64)
    assert not ledger.deliveries.replayed("a", "d" * 64)
    assert not ledger.deliveries.replayed("b", "e" * 64)


def test_one_that_failed_begins_anew_when_it_comes_again(ledger: Ledger) -> None:
    ledger.deliveries.store(delivery("a"), NOW)
    ledger.deliveries.begin("a", "one", "v1", NOW)
    ledger.deliveries.finish("a", "failed", "x" * 900, NOW)
    assert ledger.deliveries.store(delivery("a"), NOW)
    found = ledger.deliveries.get("a")
    assert found is not None
    assert (found.state, found.tries, len(found.reason)) == ("stored", 100, 500)


def stored(ledger: Ledger, *guids: str, number: int = 1) -> None:
    for guid in guids:
        made = delivery(guid, number)
        ledger.deliveries.store(Delivery(guid, made.event, made.digest, made.kind, 1, 7, number, guid.encode()), NOW)


def states(ledger: Ledger, *guids: str) -> list[tuple[str, str]]:
    found = [ledger.deliveries.get(guid) for guid in guids]
    return [(item.state, item.reason) for item in found if item is not None]


def test_those_behind_one_that_is_not_begun_are_done_with_it(ledger: Ledger) -> None:
    stored(ledger, "a", "b", "c")
    stored(ledger, "other", number=2)
    ledger.deliveries.store(delivery("command", kind="command"), NOW)
    assert [item.guid for item in ledger.deliveries.leading(("c", "command", "other", "a", "b"))] == ["a", "other", "command"]
    first = ledger.deliveries.begin("a", "one", "v1", NOW)
    assert first is not None
    assert [item.guid for item in ledger.deliveries.leading(("b", "c"))] == ["b"]  # the first may have looked already
    gathered = ledger.deliveries.gathered(first, NOW)
    assert gathered is not None
    assert (gathered.guid, gathered.work) == ("a", b"c")
    kept = ledger.deliveries.get("a")
    assert kept is not None
    assert (kept.state, kept.work) == ("working", b"c")
    assert states(ledger, "b", "c") == [("done", "done with an earlier one")] * 2
    assert ledger.deliveries.begin("b", "one", "v1", NOW) is None
    assert states(ledger, "other", "command") == [("stored", "")] * 2
    stored(ledger, "d")
    assert [item.guid for item in ledger.deliveries.leading(("d",))] == ["d"]


def test_one_that_was_begun_before_replaces_those_before_it(ledger: Ledger) -> None:
    stored(ledger, "a", "b", "c")
    ledger.deliveries.begin("c", "one", "v1", NOW)
    ledger.deliveries.postpone("c", 60, "rate-limited", NOW)
    first = ledger.deliveries.begin("a", "one", "v1", NOW)
    assert first is not None
    assert ledger.deliveries.gathered(first, NOW) is None
    assert states(ledger, "a", "b") == [("done", "replaced by a later one")] * 2
    assert states(ledger, "c") == [("waiting", "rate-limited")]
    stored(ledger, "d")
    assert [item.guid for item in ledger.deliveries.leading(("d",))] == ["d"]


def test_what_nobody_works_on_is_released(ledger: Ledger) -> None:
    for guid in ("forgotten", "waiting", "dead", "alive", "later"):
        ledger.deliveries.store(delivery(guid), NOW)
    ledger.deliveries.store(delivery("background", background=True), NOW)
    for guid, executor in (("waiting", "one"), ("dead", "gone"), ("alive", "one"), ("later", "one")):
        ledger.deliveries.begin(guid, executor, "v1", NOW)
    ledger.deliveries.postpone("waiting", 5, "rate-limited", NOW)
    ledger.deliveries.postpone("later", 500, "rate-limited", NOW)
    released = ledger.deliveries.release(NOW + 10 * SECOND, stale=NOW, dead=("gone",))
    assert [item.guid for item in released] == ["forgotten", "waiting", "dead"]
    assert ledger.deliveries.counts() == {"stored": 4, "working": 1, "waiting": 1}


def test_what_can_wait_comes_a_few_at_a_time_for_each_installation(ledger: Ledger) -> None:
    for number in range(5):
        ledger.deliveries.store(delivery(f"one-{number}", background=True), NOW)
    ledger.deliveries.store(delivery("two", background=True, installation=2), NOW)
    assert [item.guid for item in ledger.deliveries.background(2, NOW)] == ["one-0", "one-1", "two"]
    assert [item.guid for item in ledger.deliveries.background(2, NOW)] == ["one-2", "one-3"]


def test_an_evaluation_is_stored_once_for_a_delivery(ledger: Ledger) -> None:
    first = ledger.evaluations.store(evaluation(), NOW)
    assert ledger.evaluations.store(evaluation(), NOW) == first
    assert ledger.evaluations.last_published(7, 1) is None
    ledger.evaluations.published(first, Shown(9, "failure", ("check", "review")), b"sent", NOW)
    found = ledger.evaluations.last_published(7, 1)
    assert found is not None
    assert (found.id, found.verdict, found.check, found.published_at) == (first, b"v", b"sent", NOW)


def test_the_latest_of_each_pull_request_with_a_head(ledger: Ledger) -> None:
    ledger.evaluations.store(evaluation(1, guid="g1"), NOW)
    newer = ledger.evaluations.store(evaluation(1, guid="g2"), NOW)
    other = ledger.evaluations.store(evaluation(2, guid="g3"), NOW)
    ledger.evaluations.store(evaluation(3, "d" * 40, guid="g4"), NOW)
    assert {number: item.id for number, item in ledger.evaluations.latest(7, "a" * 40, (1, 2, 3)).items()} == {1: newer, 2: other}


def test_only_the_newest_verdict_expires(ledger: Ledger) -> None:
    ledger.evaluations.store(evaluation(1, guid="g1", valid_until=NOW), NOW)
    ledger.evaluations.store(evaluation(1, guid="g2"), NOW)
    ended = ledger.evaluations.store(evaluation(2, guid="g3", valid_until=NOW), NOW)
    ledger.evaluations.store(evaluation(3, guid="g4", valid_until=NOW + SECOND), NOW)
    assert [item.id for item in ledger.evaluations.expired(NOW)] == [ended]


def test_a_run_is_orphaned_when_its_delivery_is_done(ledger: Ledger) -> None:
    run = Run(7, "a" * 40, "countersign", 1, "acme/infra", 99, "a")
    ledger.deliveries.store(delivery("a"), NOW)
    ledger.deliveries.begin("a", "one", "v1", NOW)
    assert ledger.runs.attempt(run, NOW)
    ledger.runs.begun(run, NOW)
    assert ledger.runs.orphaned() == ()
    ledger.deliveries.finish("a", "failed", "poison", NOW)
    assert ledger.runs.orphaned() == (run,)
    ledger.runs.completed(7, "a" * 40, "countersign", NOW)
    assert ledger.runs.orphaned() == ()
    assert not ledger.runs.attempt(run, NOW)


def test_a_run_that_another_delivery_began_meanwhile_is_not_noted_as_completed(ledger: Ledger) -> None:
    """The sweep completes what `a` left, while `b` begins the same run anew."""
    place = (7, "a" * 40, "countersign")
    ledger.runs.begun(Run(*place, 1, "acme/infra", 99, "a"), NOW)
    assert [item.guid for item in ledger.runs.orphaned()] == ["a"]
    ledger.deliveries.store(delivery("b"), NOW)
    ledger.runs.begun(Run(*place, 1, "acme/infra", 99, "b"), NOW)
    ledger.runs.completed(*place, NOW, "a")
    assert ledger.runs.in_progress(*place)
    ledger.deliveries.begin("b", "one", "v1", NOW)
    ledger.deliveries.finish("b", "failed", "poison", NOW)
    assert [item.guid for item in ledger.runs.orphaned()] == ["b"]
    ledger.runs.completed(*place, NOW, "b")
    assert not ledger.runs.in_progress(*place)


def test_a_lease_ends_by_itself(ledger: Ledger) -> None:
    assert ledger.leases.take("sweep", "one", 60, NOW)
    assert not ledger.leases.take("sweep", "two", 60, NOW)
    assert ledger.leases.take("sweep", "one", 60, NOW)
    assert ledger.leases.take("sweep", "two", 60, NOW + 61 * SECOND)
    assert ledger.leases.held("sw", NOW + 61 * SECOND) == {"two"}
    ledger.leases.free("sweep", "two")
    assert ledger.leases.held("sweep", NOW) == frozenset()


def test_what_governs_is_kept_for_each_place(ledger: Ledger) -> None:
    assert ledger.places.valid("repository:7") is None
    ledger.places.keep("repository:7", b"one", NOW)
    ledger.places.keep("repository:7", b"two", NOW)
    assert ledger.places.valid("repository:7") == b"two"
    assert ledger.places.seen(7, 1, "acme/infra", NOW) == NOW
    assert ledger.places.seen(7, 1, "acme/renamed", NOW + SECOND) == NOW


def test_what_is_old_becomes_a_stub(ledger: Ledger) -> None:
    ledger.deliveries.store(delivery("done"), NOW)
    ledger.deliveries.begin("done", "e", "v", NOW)
    ledger.deliveries.finish("done", "done", "published", NOW)
    ledger.deliveries.store(delivery("open"), NOW)
    old = ledger.evaluations.store(evaluation(), NOW)
    ledger.evaluations.published(old, Shown(9, "failure", ("check",)), b"c", NOW)
    later = NOW + 10 * SECOND
    assert ledger.retention.prune(NOW, later) == 0
    assert ledger.retention.prune(later, later) == 2
    assert ledger.retention.prune(later, later) == 0
    done, still = ledger.deliveries.get("done"), ledger.deliveries.get("open")
    assert done is not None
    assert still is not None
    assert (done.work, done.state, done.reason, still.work) == (b"", "done", "published", b"work")
    assert ledger.deliveries.known(("done",)) == {"done"}
    assert ledger.evaluations.conclusions() == {"failure": 1}
    assert ledger.evaluations.heads(7, 1) == {"a" * 40}
    assert ledger.evaluations.last_published(7, 1) is None
    with pytest.raises(KeyError):
        ledger.evaluations.get(old)


def test_a_verdict_that_is_still_to_expire_is_kept_whole(ledger: Ledger) -> None:
    kept = ledger.evaluations.store(evaluation(valid_until=NOW + 100 * SECOND), NOW)
    gone = ledger.evaluations.store(evaluation(2, valid_until=NOW + SECOND), NOW)
    ledger.retention.prune(NOW + 10 * SECOND, NOW + 10 * SECOND)
    assert ledger.evaluations.get(kept).verdict == b"v"
    assert [item.id for item in ledger.evaluations.expired(NOW + 200 * SECOND)] == [kept]
    with pytest.raises(KeyError):
        ledger.evaluations.get(gone)


def test_a_failed_delivery_that_comes_again_after_its_time_is_whole_again(ledger: Ledger) -> None:
    ledger.deliveries.store(delivery("g"), NOW)
    ledger.deliveries.begin("g", "e", "v", NOW)
    ledger.deliveries.finish("g", "failed", "reason", NOW)
    later = NOW + 10 * SECOND
    assert ledger.retention.prune(later, later) == 1
    assert ledger.deliveries.store(delivery("g"), later)
    found = ledger.deliveries.get("g")
    assert found is not None
    assert (found.work, found.state) == (b"work", "stored")


def test_turns_are_apart_for_all_processes_and_each_installation(ledger: Ledger) -> None:
    assert [ledger.turns.take(1, 1.0, NOW) for _ in range(3)] == [0.0, 1.0, 2.0]
    assert ledger.turns.take(2, 1.0, NOW) == 0.0
    assert ledger.turns.take(1, 1.0, NOW + 2.5 * SECOND) == 0.5
    assert ledger.turns.take(1, 1.0, NOW + 60 * SECOND) == 0.0


def test_processes_that_store_the_same_at_once_store_it_once(ledger: Ledger) -> None:
    for number in range(20):
        begin = Barrier(4)

        def store(name: str, begin: Barrier = begin) -> bool:
            begin.wait(10)
            return ledger.deliveries.store(delivery(name), NOW)

        def turn(installation: int, begin: Barrier = begin) -> float:
            begin.wait(10)
            return ledger.turns.take(installation, 1.0, NOW)

        with ThreadPoolExecutor(4) as pool:
            assert sorted(pool.map(store, [f"g-{number}"] * 4)) == [False, False, False, True]
            assert sorted(pool.map(turn, [number] * 4)) == [0.0, 1.0, 2.0, 3.0]


def test_a_hold_is_in_force_until_its_last_day_or_its_release(ledger: Ledger) -> None:
    ledger.holds.place("a", "noisy", date(2026, 11, 29), NOW)
    ledger.holds.place("b", "", None, NOW)
    ledger.holds.place("b", "again", None, NOW + SECOND)
    found = [(item.rule, item.reason, item.until) for item in ledger.holds.in_force(NOW)]
    assert found == [("a", "noisy", date(2026, 11, 29)), ("b", "again", None)]
    assert [item.rule for item in ledger.holds.in_force(NOW + timedelta(days=2))] == ["b"]
    assert (ledger.holds.release("b", NOW), ledger.holds.release("b", NOW)) == (True, False)
    assert [item.rule for item in ledger.holds.in_force(NOW)] == ["a"]


def test_one_of_a_lane_at_a_time_by_all_processes(ledger: Ledger) -> None:
    for guid, repository in (("a", 4), ("b", 8), ("c", 5)):
        ledger.deliveries.store(replace(delivery(guid), repository_id=repository), NOW)
    assert ledger.deliveries.begin("a", "one", "v", NOW, alone=True)
    for executor in ("one", "two"):
        with pytest.raises(Busy):
            ledger.deliveries.begin("b", executor, "v", NOW, alone=True)
    assert ledger.deliveries.begin("c", "two", "v", NOW, alone=True)  # another lane
    assert ledger.deliveries.begin("a", "one", "v", NOW, alone=True)  # the same again
    ledger.deliveries.finish("a", "done", "", NOW)
    begun = ledger.deliveries.begin("b", "two", "v", NOW, alone=True)
    assert begun is not None
    assert begun.tries == 0


def test_an_end_is_of_the_try_it_belongs_to(ledger: Ledger) -> None:
    ledger.deliveries.store(delivery("a"), NOW)
    ledger.deliveries.begin("a", "one", "v", NOW)
    ledger.deliveries.release(NOW, stale=NOW, dead=("one",))
    ledger.deliveries.begin("a", "two", "v", NOW)
    ledger.deliveries.finish("a", "done", "of the first", NOW, tries=1)
    ledger.deliveries.postpone("a", 1.0, "of the first", NOW, tries=1)
    assert ledger.deliveries.counts() == {"working": 1}
    ledger.deliveries.finish("a", "done", "of the second", NOW, tries=2)
    assert ledger.deliveries.counts() == {"done": 1}


def test_two_processes_that_claim_in_the_same_moment_do_not_both_get_it(ledger: Ledger) -> None:
    for number in range(20):
        ledger.deliveries.store(replace(delivery(f"{number}"), repository_id=number), NOW)
    barrier = Barrier(4)

    def claim(executor: str) -> list[str]:
        claimed = []
        for number in range(20):
            barrier.wait(20)
            with suppress(Busy):
                if ledger.deliveries.begin(f"{number}", executor, "v", NOW, alone=True) is not None:
                    claimed.append(f"{number}")
            barrier.wait(20)
            ledger.deliveries.finish(f"{number}", "done", "", NOW)
        return claimed

    with ThreadPoolExecutor(4) as pool:
        found = [guid for claimed in pool.map(claim, ("one", "two", "three", "four")) for guid in claimed]
    assert sorted(found) == sorted(f"{number}" for number in range(20))


@pytest.mark.slow
def test_a_connection_that_the_database_closed_while_nobody_used_it_is_not_used_again(monkeypatch: pytest.MonkeyPatch) -> None:
    with postgresql() as url:
        database = Database(url)
        database.migrate()
        for held in (database.reading, database.writing):
            with held() as connection:
                connection.execute(sa.text("SELECT 1"))
        other = sa.create_engine(url)
        with other.begin() as connection:
            connection.execute(sa.text("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE pid <> pg_backend_pid()"))
        monkeypatch.setattr(database_module, "IDLE_SECONDS", 0.0)  # a while later
        with database.reading() as connection:
            assert connection.execute(sa.text("SELECT 1")).scalar() == 1
        database.probe()
        other.dispose()
        database.close()
