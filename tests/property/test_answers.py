"""Answers, over whole trees: they take the block from what they name and from nothing else, and unrelated changes keep them."""

from __future__ import annotations

from datetime import date

from hypothesis import strategies as st

from bot.engine.decisions.binding import bound
from bot.engine.model.result import Result
from bot.engine.model.verdict import Verdict
from tests.changes import review
from tests.engine.decisions.answers import answer
from tests.property.roots import EFFORT, OWN_FILES, Root, holds, roots

UNTIL = date(2026, 12, 1)


def asked(verdict: Verdict) -> dict[str, Result]:
    return {bound(result): result for result in verdict.results if result.asked}


@EFFORT
def test_answers_take_the_block_from_exactly_what_they_name(examples: int) -> None:
    def check(root: Root, data: st.DataObject) -> None:
        files = root.files()
        before = asked(review({}, files))
        chosen = data.draw(st.sets(st.sampled_from(sorted(before)))) if before else set()
        given = tuple(
            answer(before[name], "waive" if before[name].treatment == "violation" else "accept", until=UNTIL) for name in sorted(chosen)
        )
        after = review({}, files, decisions=given)
        lifted = {name for name, result in asked(after).items() if result.suppression is not None}
        assert (set(asked(after)), lifted) == (set(before), chosen)
        assert {name for name, result in asked(after).items() if result.blocks} == {
            name for name, result in before.items() if result.blocks and name not in chosen
        }
        assert (after.state == "clean") <= (not chosen)

    holds(examples, check, root=roots(), data=st.data())


@EFFORT
def test_moving_everything_keeps_what_answers_are_bound_to(examples: int) -> None:
    def check(root: Root, data: st.DataObject) -> None:
        parts = data.draw(st.permutations(root.parts))
        moved = Root(tuple(part if "/" in part.path else part._replace(path=data.draw(st.sampled_from(OWN_FILES))) for part in parts))
        shifted = {path: f"# a note\n\n{text}" if path.endswith(".tf") else text for path, text in moved.files().items()}
        assert set(asked(review({}, shifted))) == set(asked(review({}, root.files())))

    holds(examples, check, root=roots(), data=st.data())
