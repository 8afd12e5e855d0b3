"""The memory keeps what was used last, within its budget, and shows an installation nothing of another one."""

from __future__ import annotations

from bot.github.bounded import Bounded
from bot.github.cache import Cache, Memory
from bot.github.reader import InstallationReader
from tests.github.reader.conftest import CHANGED, Scene, empty


def test_what_was_not_used_for_longest_is_forgotten() -> None:
    kept: Bounded[str, bytes] = Bounded(10, len)
    kept.put("a", b"1234")
    kept.put("b", b"1234")
    assert kept.get("a") == b"1234"
    kept.put("c", b"1234")
    assert [kept.get(key) for key in "abc"] == [b"1234", None, b"1234"]
    kept.put("a", b"1")
    kept.put("d", b"12345")
    assert [kept.get(key) for key in "acd"] == [b"1", b"1234", b"12345"]
    kept.put("e", b"x" * 11)
    assert [kept.get(key) for key in "acde"] == [b"1", b"1234", b"12345", None]


def test_installations_see_their_own_only() -> None:
    memory = Memory()
    one, other = Cache(memory, 1), Cache(memory, 2)
    one.blobs.put("oid", b"secret")
    assert (one.blobs.get("oid"), other.blobs.get("oid"), Cache(memory, 1).blobs.get("oid")) == (b"secret", None, b"secret")


def test_a_memory_that_holds_nothing_changes_no_answer(reading: Scene) -> None:
    pull = reading.opened(CHANGED)
    wanted = reading.snapshot(pull)
    forgetful = InstallationReader(reading.line, Memory(blob_bytes=0, listed_files=0))
    for _ in range(2):
        assert forgetful.snapshot(reading.facts(pull), empty(), reading.needs) == wanted
