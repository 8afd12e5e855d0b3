"""Lines of a unified diff that a review comment may stand on.

GitHub accepts a comment only on a line inside a hunk: added and context lines on the RIGHT side, removed ones on the LEFT
(https://docs.github.com/rest/pulls/comments).
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from msgspec import Struct

if TYPE_CHECKING:
    from unidiff.patch import PatchedFile

CONTEXT = 3
MAX_LINES = 20_000  # https://docs.github.com/repositories/creating-and-managing-repositories/repository-limits: a diff has no more


class DiffLines(Struct, frozen=True):
    """Line numbers of one file of the diff. `right`: added and context lines of the head; `left`: removed lines of the base."""

    right: frozenset[int]
    added: frozenset[int]
    left: frozenset[int]


def diff_lines(patch: bytes) -> dict[str, DiffLines]:
    """Head path (base path for a removed file) → its lines in the diff; empty when the patch is not a unified diff."""
    from unidiff.errors import UnidiffParseError  # noqa: PLC0415 - 5 ms that only a change which comes with a diff pays
    from unidiff.patch import PatchSet  # noqa: PLC0415

    try:
        parsed = PatchSet(patch.decode("utf-8", "replace"))
    except UnidiffParseError:
        return {}
    return {file.path: _lines(file) for file in parsed}


def compared_lines(before: bytes, after: bytes) -> DiffLines:
    """The same for one file of which both sides are there but no diff: hunks with three lines of context."""
    old, new = before.splitlines(), after.splitlines()
    if max(len(old), len(new)) > MAX_LINES:
        return DiffLines(frozenset(), frozenset(), frozenset())
    from difflib import SequenceMatcher  # noqa: PLC0415 - only changes that come without a diff pay for it

    right: set[int] = set()
    added: set[int] = set()
    left: set[int] = set()
    for hunk in SequenceMatcher(None, old, new).get_grouped_opcodes(CONTEXT):
        for tag, old_start, old_end, new_start, new_end in hunk:
            right.update(range(new_start + 1, new_end + 1))
            if tag != "equal":
                added.update(range(new_start + 1, new_end + 1))
                left.update(range(old_start + 1, old_end + 1))
    return DiffLines(frozenset(right), frozenset(added), frozenset(left))


def _lines(file: PatchedFile) -> DiffLines:
    right: set[int] = set()
    added: set[int] = set()
    left: set[int] = set()
    for hunk in file:
        for line in hunk:
            if line.is_removed and line.source_line_no is not None:
                left.add(line.source_line_no)
            elif line.target_line_no is not None:
                right.add(line.target_line_no)
                if line.is_added:
                    added.add(line.target_line_no)
    return DiffLines(frozenset(right), frozenset(added), frozenset(left))
