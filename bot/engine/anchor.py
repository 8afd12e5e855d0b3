"""Where a comment on a result may stand: the first line of its trail that lies inside a hunk of the diff, else a removed companion."""

from __future__ import annotations

from collections.abc import Mapping

from msgspec.structs import replace

from bot.engine.changeset.hunks import DiffLines
from bot.engine.model.result import Anchor, Result


def anchored(results: tuple[Result, ...], diff: Mapping[str, DiffLines]) -> tuple[Result, ...]:
    """The results, those that get a comment with their anchor; None where no line of the trail is part of the diff."""
    return tuple(replace(result, anchor=_anchor(result, diff)) if result.commented and diff else result for result in results)


def _anchor(result: Result, diff: Mapping[str, DiffLines]) -> Anchor | None:
    line = next((line for line in result.trail if line.file in diff and line.line in diff[line.file].right), None)
    if line:
        return Anchor(line.file, line.line)
    gone = next((line for line in result.removed if line.file in diff and line.line in diff[line.file].left), None)
    return Anchor(gone.file, gone.line, "LEFT") if gone else None
