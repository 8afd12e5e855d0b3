"""Contents of files by object id: many in one GraphQL call, those that it cannot show exactly one by one.

`Blob.text` is null for binary files, cut for long ones and re-decoded for all: every id is computed again, and what differs is
fetched as base64 (https://docs.github.com/rest/git/blobs). It is what GitHub stores for this id, or it is not read. A server that names
blobs in its own way is believed where the content has the size that it states.
"""

from __future__ import annotations

import base64
import binascii
from collections.abc import Iterable, Iterator, Mapping

from msgspec import Struct, field

from bot.engine.changeset.identity import object_id
from bot.engine.model.snapshot import Entry
from bot.engine.supply import MAX_TOTAL, Blob
from bot.github.answers import Content, decoded
from bot.github.bounded import Kept
from bot.github.graphql import refusal_in
from bot.github.protocols import Gateway
from bot.github.queries import contents
from bot.github.refusal import Refusal

# GitHub cuts a query off after ten seconds (https://docs.github.com/graphql/overview/rate-limits-and-query-limits-for-the-graphql-api).
BATCH_OBJECTS = 100
BATCH_BYTES = 2_000_000
SMALLEST_BATCH = 8
UNTOLD_SIZE = 20_000  # of a file whose listing was not read


class _Stored(Struct, frozen=True):
    content: str
    encoding: str
    size: int = 0


class _Named(Struct, frozen=True):
    """A file of a commit; `object` is null for a submodule."""

    oid: str
    mode: int
    kind: str = field(name="type")
    object: Content | None = None


class _Wanted(Struct, frozen=True):
    """An object id, or the path of a file when `named`."""

    name: str
    named: bool = False
    content: bool = True


class Blobs:
    """The blobs of one repository, for one snapshot. `sizes`: bytes by object id, as far as the listings tell."""

    def __init__(self, gateway: Gateway, repository: str, cache: Kept[str, bytes]) -> None:
        self._gateway, self._repository, self._cache = gateway, repository, cache
        self._found: dict[str, bytes] = {}
        self._refused: dict[str, str] = {}
        self._left = MAX_TOTAL
        self.sizes: dict[str, int] = {}
        self.submodules: frozenset[str] = frozenset()

    def blob(self, oid: str, limit: int) -> Blob:
        """As `bot.engine.supply.Source` has it."""
        if oid in self.submodules:
            return Blob(None, "submodule")
        if self.sizes.get(oid, 0) > limit:
            return Blob(None, "limit")
        data = self._known(oid)
        if data is None and oid not in self._refused:
            data = self._exactly(oid)
        if data is None:
            return Blob(None, self._refused[oid])
        return Blob(data) if len(data) <= limit else Blob(None, "limit")

    def fetch(self, oids: Iterable[str], limit: int) -> None:
        """Reads ahead what is not known yet and has at most `limit` bytes each."""
        self.former("", {}, oids, limit)

    def former(self, commit: str, paths: Mapping[str, bool], oids: Iterable[str], limit: int) -> dict[str, Entry]:
        """Reads ahead, and tells what stands at the paths in a commit (what is not there is not in the answer).

        `paths`: whether the content is wanted too.
        """
        wanted = [_Wanted(path, named=True, content=content) for path, content in paths.items()]
        wanted += [_Wanted(oid) for oid in dict.fromkeys(oids) if self._worth(oid, limit)]
        entries: dict[str, Entry] = {}
        for batch in self._batches(wanted):
            entries |= self._read(commit, batch)
        return entries

    def _worth(self, oid: str, limit: int) -> bool:
        unknown = oid not in self.submodules and oid not in self._refused and self._known(oid) is None
        return unknown and self.sizes.get(oid, 0) <= limit

    def _known(self, oid: str) -> bytes | None:
        data = self._found.get(oid)
        if data is None and (data := self._cache.get(oid)) is not None:
            self._found[oid] = data
        return data

    def _batches(self, wanted: Iterable[_Wanted]) -> Iterator[list[_Wanted]]:
        batch: list[_Wanted] = []
        held = 0
        for item in wanted:
            size = self.sizes.get(item.name, UNTOLD_SIZE) if item.content else 0
            self._left -= size
            if self._left < 0:
                break  # the supply refuses the rest as beyond its limit
            if batch and (len(batch) >= BATCH_OBJECTS or held + size > BATCH_BYTES):
                yield batch
                batch, held = [], 0
            batch.append(item)
            held += size
        if batch:
            yield batch

    def _read(self, commit: str, batch: list[_Wanted]) -> dict[str, Entry]:
        """One call; two halves when GitHub did not manage it."""
        files, oids = [item for item in batch if item.named], tuple(item.name for item in batch if not item.named)
        owner, _, name = self._repository.partition("/")
        variables = {"owner": owner, "name": name} | {f"p{index}": item.name for index, item in enumerate(files)}
        try:
            answer = self._gateway.partly(contents(oids, commit, tuple(item.content for item in files)), variables)
        except Refusal as refusal:
            if refusal.kind not in ("unavailable", "too-large") or len(batch) <= SMALLEST_BATCH:
                raise
            half = len(batch) // 2
            return self._read(commit, batch[:half]) | self._read(commit, batch[half:])
        for error in answer.errors:
            if error.kind != "NOT_FOUND" or len(error.path) < 2:
                raise refusal_in((error,))
        there = answer.data.get("repository") or {}
        for index, oid in enumerate(oids):
            self._take(oid, there.get(f"b{index}"))
        return self._named([item.name for item in files], there.get("commit") or {})

    def _named(self, paths: list[str], there: Mapping[str, object]) -> dict[str, Entry]:
        entries: dict[str, Entry] = {}
        for index, path in enumerate(paths):
            if (answer := there.get(f"f{index}")) is None:
                continue
            file = decoded(answer, _Named)
            entries[path] = Entry(file.oid, f"{file.mode:06o}")
            if file.kind == "blob" and file.object is not None:
                self._take(file.oid, file.object)
        return entries

    def _take(self, oid: str, answer: object) -> None:
        """Keeps exact contents. Others are fetched by themselves when somebody asks for them."""
        if answer is None:
            return
        content = answer if isinstance(answer, Content) else decoded(answer, Content)
        self.sizes[oid] = content.size
        if content.oid == oid and (data := content.exact()) is not None:
            self._keep(oid, data)

    def _exactly(self, oid: str) -> bytes | None:
        try:
            stored = decoded(self._gateway.get(f"/repos/{self._repository}/git/blobs/{oid}"), _Stored)
        except Refusal as refusal:
            if refusal.kind not in ("not-found", "too-large"):
                raise
            self._refused[oid] = "missing" if refusal.kind == "not-found" else "limit"
            return None
        data = _content(stored)
        if data is None or (object_id("blob", data, len(oid)) != oid and len(data) != stored.size):
            self._refused[oid] = "unreadable"
            return None
        return self._keep(oid, data)

    def _keep(self, oid: str, data: bytes) -> bytes:
        self._found[oid] = data
        self._cache.put(oid, data)
        return data


def _content(stored: _Stored) -> bytes | None:
    if stored.encoding == "utf-8":
        return stored.content.encode()
    try:
        return base64.b64decode(stored.content) if stored.encoding == "base64" else None
    except binascii.Error:
        return None
