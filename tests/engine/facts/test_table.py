"""A table gives back what was packed, reads no more than it has to, and refuses what is none."""

from __future__ import annotations

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.engine.facts.table import DIGEST, NotATable, Table, pack

RECORDS = st.dictionaries(
    st.text(st.characters(exclude_characters="\n", exclude_categories=["Cs"]), min_size=1, max_size=12),
    st.lists(st.text(max_size=5), max_size=4),
    max_size=60,
)


@given(RECORDS)
def test_gives_back_every_record_and_no_other(records: dict[str, list[str]]) -> None:
    table = Table(memoryview(pack("source", "1.2.0", "2026-08-05", records)))
    assert {name: msgspec.msgpack.decode(data) for name, data in table.records()} == records
    for name, record in records.items():
        found = table.record(name)
        assert found is not None
        assert msgspec.msgpack.decode(found) == record
    assert table.record("a name that is longer than any") is None
    assert table.names == tuple(sorted(records))


def test_tells_its_source() -> None:
    header = Table(pack("acme/provider@1", "1.2.0", "2026-08-05", {"a": 1})).header
    assert (header.source, header.version, header.date) == ("acme/provider@1", "1.2.0", "2026-08-05")


def test_equal_records_have_equal_digests_whatever_their_order() -> None:
    one = pack("s", "1", "2026-08-05", {"a": 1, "b": 2})
    assert one == pack("s", "1", "2026-08-05", {"b": 2, "a": 1})
    assert one[DIGEST] != pack("s", "1", "2026-08-05", {"b": 2, "a": 2})[DIGEST]


@pytest.mark.parametrize("data", [b"", b"facts 2\n" + b"\0" * 40, b"facts 1\n"])
def test_refuses_what_is_no_table(data: bytes) -> None:
    with pytest.raises(NotATable):
        Table(data)
