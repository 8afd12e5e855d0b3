"""The history of a clone: every commit that a revision reaches, without merges, and the notes on them."""

from __future__ import annotations

from collections.abc import Iterator

from msgspec import Struct

from bot.engine.model.snapshot import CommitText
from bot.local.git import Repository
from bot.local.problem import Problem

MOST = 200_000_000  # bytes of messages that are read, newest first
MOST_NOTE = 1_000_000
FIELDS = ("%H", "%ct", "%an", "%ae", "%cn", "%ce", "%B")
NOTES = "refs/notes/ai"  # https://github.com/git-ai-project/git-ai: the standard's place; fetched only when asked for


class Past(Struct, frozen=True):
    """A commit of the history. `at`: when it was committed, seconds since the epoch."""

    text: CommitText
    at: int


class History(Struct, frozen=True):
    """`since`: seconds since the epoch; nothing older is told. `cut`: the oldest commits were not read."""

    records: bytes
    since: int = 0
    cut: bool = False

    def __iter__(self) -> Iterator[Past]:
        whole = self.records[: self.records.rfind(b"\0")] if self.cut else self.records
        for record in whole.split(b"\0"):
            fields = record.decode("utf-8", "replace").split("\n", len(FIELDS) - 1)
            if len(fields) == len(FIELDS):
                sha, at, *people, message = fields
                if int(at) >= self.since:
                    yield Past(CommitText(sha, message.rstrip("\n"), *people), int(at))


def history(repository: Repository, head: str, since: int = 0) -> History:
    """The commits that `head` (a full id) reaches, newest first. `since`: seconds since the epoch, by the committer's clock."""
    words = [f"--since=@{since}"] if since else []  # git takes a day in the future for now
    form = f"--format=tformat:{'%n'.join(FIELDS)}"
    done = repository.git(
        "log", "-z", "-s", "--no-merges", "--no-notes", "--no-color", "--encoding=UTF-8", form, *words, "--end-of-options", head, limit=MOST
    )
    if done.code and not done.cut:
        raise Problem("git-failed", command="log", detail=done.error.strip())
    return History(done.output, since, done.cut)


def notes(repository: Repository) -> dict[str, str]:
    """Commit id → its git-ai note; empty where the notes are not fetched."""
    commit = repository.commit(NOTES)
    if commit is None:
        return {}
    found: dict[str, str] = {}
    for path, entry in repository.tree(commit.sha).items():
        blob = repository.object(entry.oid, MOST_NOTE)
        if blob is not None and blob.data:
            found[path.replace("/", "")] = blob.data.decode("utf-8", "replace")
    return found
