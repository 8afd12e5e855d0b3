"""Review threads and their comments: where they stand in the diff, and where a later push leaves them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Literal, NamedTuple

from bot.standin import shape
from bot.standin.git import FileChange
from bot.standin.git.lines import Hunk, equal_blocks, split_lines
from bot.standin.state import events
from bot.standin.state.ids import locked
from bot.standin.state.issues import Comment

if TYPE_CHECKING:
    from threading import RLock

    from bot.standin.state.accounts import Account
    from bot.standin.state.pulls import PullRequest
    from bot.standin.state.reviews import Review

Side = Literal["LEFT", "RIGHT"]


class Place(NamedTuple):
    """Where a comment is put. `line` None: on the file as a whole."""

    path: str
    line: int | None = None
    side: Side = "RIGHT"
    start_line: int | None = None
    start_side: Side | None = None


class Thread:
    """Comments at one place; the first is top-level, the others are replies."""

    def __init__(self, pull: PullRequest, place: Place, commit: str) -> None:
        self.pull, self.place, self.commit = pull, place, commit
        self.base = pull.merge_base
        self.id = pull.repository.world.ids.number()
        self.node_id = pull.repository.world.ids.node(self, self.id)
        self.comments: list[ReviewComment] = []
        self.resolved_by: Account | None = None

    @property
    def lock(self) -> RLock:
        return self.pull.lock

    @property
    def whole_file(self) -> bool:
        return self.place.line is None

    @property
    def line(self) -> int | None:
        return self._now(self.place.line, self.place.side)

    @property
    def start_line(self) -> int | None:
        start = self.place.start_line
        return None if start is None or self.line is None else self._now(start, self.place.start_side or self.place.side)

    @property
    def outdated(self) -> bool:
        """The line was changed by a later push, or is no longer part of the diff."""
        if self.whole_file:
            return self.place.path not in {change.path for change in self.pull.changes}
        return self.line is None

    def _now(self, line: int | None, side: Side) -> int | None:
        if line is None:
            return None
        change = change_at(self.pull.changes, self.place.path)
        if change is None or change.binary:
            return None
        moved = line if self._unmoved(side) else self._moved(line, side)
        return moved if moved is not None and hunk_at(change, side, moved) else None

    def _unmoved(self, side: Side) -> bool:
        return self.commit == self.pull.head_sha if side == "RIGHT" else self.base == self.pull.merge_base

    def _moved(self, line: int, side: Side) -> int | None:
        repo, path = self.pull.repository, self.place.path
        ends = (self.commit, self.pull.head_sha) if side == "RIGHT" else (self.base, self.pull.merge_base)
        before, after = (split_lines(repo.read(path, end) or b"") if end else () for end in ends)
        for block in equal_blocks(before, after):
            if block.old <= line - 1 < block.old + block.size:
                return line - block.old + block.new
        return None

    def diff_hunk(self) -> str:
        """The hunk down to the commented line, as it was when the thread was opened."""
        change = change_at(self.pull.repository.diff(self.base, self.commit), self.place.path)
        if change is None or self.place.line is None:
            return ""
        found = hunk_at(change, self.place.side, self.place.line)
        return hunk_down_to(found, self.place.side, self.place.line) if found else ""

    @locked
    def reply(self, by: Account, body: str, *, review: Review | None = None) -> ReviewComment:
        comment = ReviewComment(self, by, body, review)
        self.comments.append(comment)
        if not comment.pending:
            comment.tell("created", by, {})
        return comment

    @locked
    def resolve(self, by: Account) -> None:
        self.resolved_by = by
        self._tell("resolved", by)

    @locked
    def unresolve(self, by: Account) -> None:
        self.resolved_by = None
        self._tell("unresolved", by)

    def _tell(self, action: str, by: Account) -> None:
        def build(urls: shape.Urls) -> dict[str, Any]:
            comments = [shape.review_comment(comment, urls) for comment in self.comments]
            return {"pull_request": shape.pull(self.pull, urls, simple=True), "thread": {"node_id": self.node_id, "comments": comments}}

        events.emit("pull_request_review_thread", action, self.pull.repository, by, build)


class ReviewComment(Comment):
    """`review` None only while a reply outside a review is being made; GitHub gives each reply a review of its own."""

    def __init__(self, thread: Thread, by: Account, body: str, review: Review | None) -> None:
        super().__init__(thread.pull.repository, by, body)
        self.thread = thread
        self.review = review or thread.pull.review_shell(by)
        self.commit_id = thread.commit

    @property
    def pending(self) -> bool:
        return self.review.state == "PENDING"

    @property
    def in_reply_to(self) -> ReviewComment | None:
        first = self.thread.comments[0] if self.thread.comments else self
        return None if first is self else first

    @locked
    def edit(self, by: Account, body: str) -> None:
        before = self.body
        self.rewrite(body)
        self.tell("edited", by, {"changes": {"body": {"from": before}}})

    @locked
    def delete(self, by: Account) -> None:
        self.deleted = True
        self.tell("deleted", by, {})
        self.thread.comments.remove(self)
        if not self.thread.comments:
            self.thread.pull.threads.remove(self.thread)

    def tell(self, action: str, by: Account, more: dict[str, Any]) -> None:
        pull = self.thread.pull

        def build(urls: shape.Urls) -> dict[str, Any]:
            return {"comment": shape.review_comment(self, urls), "pull_request": shape.pull(pull, urls, simple=True), **more}

        events.emit("pull_request_review_comment", action, self.repository, by, build)


def change_at(changes: tuple[FileChange, ...], path: str) -> FileChange | None:
    return next((change for change in changes if change.path == path), None)


def numbered(hunk: Hunk) -> list[tuple[str, int | None, int | None, bytes]]:
    """(sign, line on the left, line on the right, text) of each row of a hunk."""
    left, right = hunk.old_start - (not hunk.old_count), hunk.new_start - (not hunk.new_count)
    rows: list[tuple[str, int | None, int | None, bytes]] = []
    for sign, text in hunk.lines:
        rows.append((sign, None if sign == "+" else left, None if sign == "-" else right, text))
        left, right = left + (sign != "+"), right + (sign != "-")
    return rows


def hunk_at(change: FileChange, side: Side, line: int) -> Hunk | None:
    """The hunk that shows a line on a side, None when the line is not part of the diff."""
    for hunk in change.hunks:
        start, count = (hunk.old_start, hunk.old_count) if side == "LEFT" else (hunk.new_start, hunk.new_count)
        if start <= line < start + count:
            return hunk
    return None


def hunk_down_to(hunk: Hunk, side: Side, line: int) -> str:
    rows = [f"@@ -{hunk.old_start},{hunk.old_count} +{hunk.new_start},{hunk.new_count} @@" + (f" {hunk.heading}" if hunk.heading else "")]
    for sign, left, right, text in numbered(hunk):
        rows.append(sign + text.removesuffix(b"\n").decode(errors="replace"))
        if (left if side == "LEFT" else right) == line and (side == "RIGHT" or sign != "+"):
            break
    return "\n".join(rows)


def at_position(change: FileChange, position: int) -> tuple[int, Side] | None:
    """The old way to name a line: rows below the first hunk header of the file."""
    row = 0
    for hunk in change.hunks:
        if row:
            row += 1
        for _, left, right, _text in numbered(hunk):
            row += 1
            if row == position:
                return (right, "RIGHT") if right is not None else (left or 0, "LEFT")
    return None


def position_of(change: FileChange | None, side: Side, line: int | None) -> int | None:
    row = 0
    for hunk in change.hunks if change and line is not None else ():
        if row:
            row += 1
        for _, left, right, _text in numbered(hunk):
            row += 1
            if (left if side == "LEFT" else right) == line:
                return row
    return None
