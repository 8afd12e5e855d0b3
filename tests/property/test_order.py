"""The order of files, and of blocks within and across files, never matters."""

from __future__ import annotations

from collections import Counter

import msgspec
from hypothesis import strategies as st

from bot.engine.model.result import Result
from tests.changes import review, scanned
from tests.property.roots import EFFORT, OWN_FILES, Part, Root, holds, roots


def essence(results: tuple[Result, ...]) -> Counter[tuple[object, ...]]:
    """What a result says, without where it is written."""
    return Counter((item.id, item.fingerprint, item.rule, item.kind, item.resource, item.message, item.baseline_state) for item in results)


@EFFORT
def test_the_order_of_the_mapping_changes_no_byte(examples: int) -> None:
    def check(root: Root, data: st.DataObject) -> None:
        files = root.files()
        other = {path: files[path] for path in data.draw(st.permutations(sorted(files)))}
        first, second = review({}, files), review({}, other)
        assert msgspec.json.encode(first) == msgspec.json.encode(second)

    holds(examples, check, root=roots(), data=st.data())


@EFFORT
def test_the_order_of_blocks_and_their_files_do_not_matter(examples: int) -> None:
    def check(root: Root, data: st.DataObject) -> None:
        parts = data.draw(st.permutations(root.parts))
        moved = Root(tuple(_elsewhere(part, data.draw(st.sampled_from(OWN_FILES))) for part in parts))
        assert essence(scanned(moved.files())) == essence(scanned(root.files()))

    holds(examples, check, root=roots(), data=st.data())


@EFFORT
def test_moving_blocks_between_files_makes_nothing_new(examples: int) -> None:
    def check(root: Root, data: st.DataObject) -> None:
        moved = Root(tuple(_elsewhere(part, data.draw(st.sampled_from(OWN_FILES))) for part in root.parts))
        verdict = review(root.files(), moved.files())
        assert [item for item in verdict.results if item.baseline_state != "unchanged"] == []
        assert not any(item.blocks for item in verdict.results)

    holds(examples, check, root=roots(), data=st.data())


def _elsewhere(part: Part, path: str) -> Part:
    return part if "/" in part.path else part._replace(path=path)
