"""What was there before is not new, and what only got narrower never blocks."""

from __future__ import annotations

from collections.abc import Mapping

from hypothesis import strategies as st

from tests.changes import review
from tests.property.roots import EFFORT, Root, holds, roots

HARMLESS = 'resource "aws_security_group" "harmless" {\n  description = "none"\n}\nlocals {\n  harmless = [1, 2]\n}\n\n'
HARMLESS_RULE = """  ingress {
    from_port   = 443
    to_port     = 443
    protocol    = "tcp"
    cidr_blocks = ["10.9.8.0/24"]
  }
"""


def changed(before: Mapping[str, str], after: Mapping[str, str]) -> list[tuple[str, str, str]]:
    """What is new, worse or blocking between two trees."""
    found = review(before, after).results
    return [(item.rule, item.resource, item.baseline_state) for item in found if item.blocks or item.baseline_state in {"new", "updated"}]


@EFFORT
def test_the_same_tree_changes_nothing(examples: int) -> None:
    def check(root: Root) -> None:
        assert changed(root.files(), root.files()) == []

    holds(examples, check, root=roots())


@EFFORT
def test_comments_and_blank_lines_change_nothing(examples: int) -> None:
    def check(root: Root, text: str) -> None:
        noted = {path: f"# {text}\n\n" + body.replace("\n}\n", f"\n  // {text}\n}}\n") for path, body in root.files().items()}
        assert changed(root.files(), noted) == []

    holds(examples, check, root=roots(), text=st.text(st.characters(min_codepoint=32, max_codepoint=0x2FF), max_size=20))


@EFFORT
def test_renaming_a_file_changes_nothing(examples: int) -> None:
    def check(root: Root, data: st.DataObject) -> None:
        before = root.files()
        old = data.draw(st.sampled_from(sorted(before)))
        new = old.replace(".tf", "_renamed.tf")
        after = {new if path == old else path: body for path, body in before.items()}
        assert changed(before, after) == []

    holds(examples, check, root=roots(), data=st.data())


@EFFORT
def test_a_block_above_an_old_violation_makes_nothing_new(examples: int) -> None:
    def check(root: Root, copies: int) -> None:
        before = root.files()
        assert changed(before, {path: _harmless(path, copies) + body for path, body in before.items()}) == []

    holds(examples, check, root=roots(), copies=st.integers(1, 2))


def _harmless(path: str, copies: int) -> str:
    return "".join(HARMLESS.replace("harmless", f"{_word(path)}_{number}") for number in range(copies))


def _word(path: str) -> str:
    return "harmless_" + "".join(filter(str.isalnum, path))


@EFFORT
def test_a_nested_block_above_an_old_violation_makes_nothing_new(examples: int) -> None:
    def check(root: Root) -> None:
        before = root.files()
        header = "{\n  ingress {"
        after = {path: body.replace(header, "{\n" + HARMLESS_RULE + header[2:]) for path, body in before.items()}
        assert before != after
        assert changed(before, after) == []

    holds(examples, check, root=roots(names=["inline"]))
