"""Complete listings of a commit's files: read in one call where GitHub allows it, else level by level, and checked by their ids.

A recursive listing ends at 100,000 entries or 7 MB and says so (https://docs.github.com/rest/git/trees#get-a-tree).
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from msgspec import Struct, field

from bot.engine.changeset.identity import tree_ids
from bot.engine.model.snapshot import Entry
from bot.github.answers import decoded
from bot.github.protocols import Gateway
from bot.github.refusal import Refusal

EMPTY_TREE = "4b825dc642cb6eb9a060e54bf8d69288fbee4904"  # exists without being stored, and GitHub answers 404
MAX_CALLS = 500
LOST = "\ufffd"  # stands in a name for bytes that are not UTF-8


class Listing(Struct, frozen=True):
    """Every file below a tree. `sizes`: bytes by object id, as far as GitHub told. `doubled`: paths that stand for several files."""

    oid: str
    entries: dict[str, Entry]
    sizes: dict[str, int] = {}
    doubled: tuple[str, ...] = ()


class _Row(Struct, frozen=True):
    path: str
    mode: str
    kind: str = field(name="type")  # blob, tree, commit; `submodule` for the last, where a version renames it
    sha: str
    size: int | None = None


class _Page(Struct, frozen=True):
    tree: list[_Row]
    truncated: bool = False


def listing(gateway: Gateway, repository: str, oid: str) -> Listing:
    """The files of a tree. `repository`: owner/name. Raises `Refusal`, `too-large` for what cannot be listed whole."""
    if oid == EMPTY_TREE:
        return Listing(oid, {})
    rows = list(_Walk(gateway, repository).below(oid, ""))
    entries: dict[str, Entry] = {}
    doubled: list[str] = []
    for row in rows:
        if row.kind == "tree":
            continue
        if row.path in entries:
            doubled.append(row.path)
        entries[row.path] = Entry(row.sha, row.mode)
    stated = {row.path: row.sha for row in rows if row.kind == "tree"} | {"": oid}
    _check(entries, stated)
    return Listing(oid, entries, {row.sha: row.size for row in rows if row.kind == "blob" and row.size is not None}, tuple(doubled))


def derived(listed: Listing, gone: Iterable[str], former: Mapping[str, Entry], oid: str) -> Listing | None:
    """The listing of tree `oid`, made from another one without reading it: `gone` are not in it, `former` are, as given.

    None when the result has another id: then something is not as the changes say.
    """
    entries = dict(listed.entries)
    for path in gone:
        entries.pop(path, None)
    entries.update(former)
    return Listing(oid, entries, listed.sizes) if tree_ids(entries, width=len(oid))[""] == oid else None


class _Walk:
    """Reads a tree whole where one answer holds it, else each directory by itself."""

    def __init__(self, gateway: Gateway, repository: str) -> None:
        self._gateway, self._repository, self._left = gateway, repository, MAX_CALLS

    def below(self, oid: str, prefix: str) -> Iterator[_Row]:
        page = self._page(oid, {"recursive": 1})
        if not page.truncated:
            yield from (_placed(row, prefix) for row in page.tree)
            return
        page = self._page(oid, {})
        if page.truncated:
            raise Refusal("too-large", f"{self._repository}: directory `{prefix}` has more entries than GitHub lists")
        for row in page.tree:
            yield _placed(row, prefix)
            if row.kind == "tree":
                yield from self.below(row.sha, f"{prefix}{row.path}/")

    def _page(self, oid: str, parameters: dict[str, str | int]) -> _Page:
        self._left -= 1
        if self._left < 0:
            raise Refusal("too-large", f"{self._repository}: not listed within {MAX_CALLS} calls")
        answer: Any = self._gateway.get(f"/repos/{self._repository}/git/trees/{oid}", parameters)
        return decoded(answer, _Page)


def _placed(row: _Row, prefix: str) -> _Row:
    return _Row(prefix + row.path, row.mode, row.kind, row.sha, row.size) if prefix else row


def _check(entries: Mapping[str, Entry], stated: Mapping[str, str]) -> None:
    """Raises when a directory is not what its id says, unless a name in it could not be told. A server of which no directory has the id
    that git gives to what it lists there names them in its own way: then the ids tell nothing."""
    excused = {""} if any(LOST in path for path in (*entries, *stated)) else set()
    for path in (path for path in (*entries, *stated) if LOST in path):
        excused |= {path[: index + 1].rstrip("/") for index, sign in enumerate(path) if sign == "/"}
    found = tree_ids(entries, stated, len(stated[""]), stated)
    wrong = sorted(path for path, oid in stated.items() if found.get(path) != oid and path not in excused)
    if wrong and not 1 < len(wrong) == len(stated.keys() - excused):
        raise Refusal("unavailable", f"the listing of tree {stated['']} is not whole: `{wrong[0]}` has other contents than its id says")
