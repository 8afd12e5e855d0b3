"""Rows of a diff, with the threads that stand under them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from bot.standin.state import threads

if TYPE_CHECKING:
    from bot.standin.git import FileChange
    from bot.standin.git.lines import Hunk
    from bot.standin.state.pulls import PullRequest
    from bot.standin.state.threads import Thread

EXCERPT = 4


def _row(sign: str, left: int | None, right: int | None, text: bytes) -> dict[str, Any]:
    kinds = {"+": "added", "-": "removed", " ": "same"}
    return {
        "kind": kinds[sign],
        "sign": sign.strip(),
        "left": left or "",
        "right": right or "",
        "text": text.removesuffix(b"\n").decode(errors="replace"),
    }


def file_view(pull: PullRequest, change: FileChange) -> dict[str, Any]:
    """A file's header, its rows, and its threads: those with a line under that line, the others above."""
    here = [thread for thread in pull.threads if thread.place.path == change.path and any(not one.pending for one in thread.comments)]
    rows: list[dict[str, Any]] = []
    for hunk in change.hunks if change.patch is not None else ():
        rows.append({"kind": "hunk", "text": _head(hunk)})
        for sign, left, right, text in threads.numbered(hunk):
            rows.append(_row(sign, left, right, text) | {"threads": _standing(here, sign, left, right)})
    above = [thread for thread in here if thread.whole_file or thread.line is None]
    return {"change": change, "rows": rows, "above": above}


def _standing(here: list[Thread], sign: str, left: int | None, right: int | None) -> list[Thread]:
    def stands(thread: Thread) -> bool:
        if thread.place.side == "RIGHT":
            return sign != "-" and thread.line == right
        return sign != "+" and thread.line == left

    return [thread for thread in here if thread.line is not None and stands(thread)]


def _head(hunk: Hunk) -> str:
    return f"@@ -{hunk.old_start},{hunk.old_count} +{hunk.new_start},{hunk.new_count} @@ {hunk.heading}"


def excerpt(thread: Thread) -> list[dict[str, Any]]:
    """The lines above a comment in the conversation, as they were when it was written."""
    change = threads.change_at(thread.pull.repository.diff(thread.base, thread.commit), thread.place.path)
    line, side = thread.place.line, thread.place.side
    hunk = threads.hunk_at(change, side, line) if change and line is not None else None
    rows: list[dict[str, Any]] = []
    for sign, left, right, text in threads.numbered(hunk) if hunk else ():
        rows.append(_row(sign, left, right, text))
        if (left if side == "LEFT" else right) == line and (side == "RIGHT" or sign != "+"):
            break
    first = thread.place.start_line
    span = (line or 0) - first + 1 if first else 1
    return rows[-max(EXCERPT, span) :]
