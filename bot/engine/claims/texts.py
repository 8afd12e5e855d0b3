"""A change → the texts that it adds to: comments and descriptions, documents, title, body, commit messages."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator

from bot.engine.changeset.changes import Change, contents
from bot.engine.changeset.hunks import MAX_LINES, compared_lines
from bot.engine.changeset.infrastructure import Language, language
from bot.engine.claims.comments import Run, comments
from bot.engine.claims.text import Text
from bot.engine.model.snapshot import Snapshot

MAX_BYTES = 1_000_000
MAX_SAID = 65_536  # characters of a message or body that are read
MAX_COMMITS = 250  # https://docs.github.com/rest/pulls/pulls#list-commits-on-a-pull-request
DOCUMENTS = (".md", ".markdown", ".mdx")
_MERGES = ("Merge branch ", "Merge pull request ", "Merge remote-tracking branch ", "Merge tag ")
_SIGNS = ("#", "//", "/*", "escription", "omment", "<<")


def is_document(path: str) -> bool:
    """Whether a file is prose that may speak of the infrastructure beside it."""
    return path.lower().endswith(DOCUMENTS)


def texts(snapshot: Snapshot, changed: Iterable[Change]) -> tuple[Text, ...]:
    """The texts that the change adds to, files first in the order of their paths. What stood there before is in none of them."""
    return (*_of_files(snapshot, changed), *_of_pull(snapshot), *_of_commits(snapshot))


def _of_files(snapshot: Snapshot, changed: Iterable[Change]) -> Iterator[Text]:
    wanted = [change for change in changed if change.status != "removed" and not change.same_bytes]
    head = contents(snapshot.head, snapshot.blobs, (change.path for change in wanted))
    base = contents(snapshot.base, snapshot.blobs, (change.previous or change.path for change in wanted))
    for change in wanted:
        data = head.get(change.path)
        kind = _kind(change.path, data)
        if data is None or kind is None or len(data) > MAX_BYTES:
            continue
        added = _added(base.get(change.previous or change.path, b""), data)
        if added is None or added:
            yield from _of_file(change.path, kind, data, added)


def _kind(path: str, data: bytes | None) -> Language | str | None:
    return "document" if is_document(path) else language(path, data)


def _added(before: bytes, after: bytes) -> frozenset[int] | None:
    """The lines that are new; None for all of them. Lines are compared in order only where one of them was there already."""
    if not before:
        return None
    stood = Counter(before.splitlines())
    lines = after.splitlines()
    now = Counter(lines)
    fresh = {line for line, count in now.items() if count > stood[line]}
    if any(stood[line] for line in fresh) and max(len(lines), stood.total()) <= MAX_LINES:
        return compared_lines(before, after).added
    return frozenset(number for number, line in enumerate(lines, start=1) if line in fresh)


def _of_file(path: str, kind: str, data: bytes, added: frozenset[int] | None) -> Iterator[Text]:
    said = data.decode("utf-8", "replace").replace("\r\n", "\n")
    if kind == "document":
        yield Text("document", said, path, 1, added=added)
    elif _has_sign(said, added):
        yield from (_of_run(path, run, added) for run in comments(kind, said) if _says(run, added))


def _has_sign(said: str, added: frozenset[int] | None) -> bool:
    """Whether one of the new lines can be a comment or description, or lie inside of one."""
    if added is None or "/*" in said or "<<" in said:
        return any(sign in said for sign in _SIGNS)
    lines = said.split("\n")
    fresh = "\n".join([lines[number - 1] for number in added if number <= len(lines)])
    return any(sign in fresh for sign in _SIGNS)


def _says(run: Run, added: frozenset[int] | None) -> bool:
    """Whether the change adds a line of it that has a word."""
    return any(line and (added is None or number in added) for number, line in run.lines)


def _of_run(path: str, run: Run, added: frozenset[int] | None) -> Text:
    numbers = tuple([number for number, _ in run.lines])
    return Text(
        "code",
        "\n".join([line for _, line in run.lines]),
        path,
        numbers[0],
        block=run.block,
        lines=numbers,
        added=None if added is None or added.issuperset(numbers) else added.intersection(numbers),
        argument=run.argument,
    )


def _of_pull(snapshot: Snapshot) -> Iterator[Text]:
    pull = snapshot.pull
    if pull is not None and pull.title:
        yield Text("title", pull.title[:MAX_SAID], line=1)
    if pull is not None and pull.body:
        yield Text("body", pull.body[:MAX_SAID].replace("\r\n", "\n"), line=1)


def _of_commits(snapshot: Snapshot) -> Iterator[Text]:
    for commit in snapshot.commits[:MAX_COMMITS]:
        if commit.message and not commit.message.startswith(_MERGES):
            yield Text("commit", commit.message[:MAX_SAID].replace("\r\n", "\n"), line=1, sha=commit.sha)
