"""A snapshot in parts: what several of them share stands once for all, by its digest. No database.

Shared are blobs, the base's listing, the rules, the signals and the files that govern. The head's listing is kept as its difference.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping

from msgspec import DecodeError, Struct, ValidationError, msgpack
from msgspec.structs import replace

from bot.engine.model.signal import Signals
from bot.engine.model.snapshot import Entry, Snapshot, Tree

FORM = 1
FILES = ("patch", "configuration", "organisation", "branch_configuration", "waivers", "codeowners")
EMPTY = b""


class Unreadable(Exception):  # noqa: N818 - what was kept, not an error of the caller
    """What was kept is not a snapshot of this form, or a part of it is gone. `detail`: which."""

    def __init__(self, detail: str) -> None:
        super().__init__(detail)
        self.detail = detail


class Record(Struct, frozen=True):
    """`snapshot`: without its large parts, whose digests (32 bytes) stand beside it. `head`: path → entry where it is not the base's;
    `gone`: paths of the base alone. `blobs`: by object id."""

    form: int
    snapshot: Snapshot
    base: bytes
    policy: bytes
    signals: bytes
    head: dict[str, Entry]
    gone: tuple[str, ...]
    blobs: dict[str, bytes]
    files: dict[str, bytes]


class Packed(Struct, frozen=True):
    """`record`: an encoded `Record`. `objects`: by digest."""

    record: bytes
    objects: dict[bytes, bytes]

    @property
    def digest(self) -> str:
        """SHA-256 of the record, which holds the digests of the rest."""
        return hashlib.sha256(self.record).hexdigest()


def pack(snapshot: Snapshot) -> Packed:
    """In parts."""
    objects: dict[bytes, bytes] = {}

    def kept(data: bytes) -> bytes:
        digest = hashlib.sha256(data).digest()
        objects[digest] = data
        return digest

    base, head = snapshot.base.entries, snapshot.head.entries
    bare = {"base": Tree(snapshot.base.revision, {}), "head": Tree(snapshot.head.revision, {}), "blobs": {}, "policy": {}}
    record = Record(
        form=FORM,
        snapshot=replace(snapshot, **bare, **dict.fromkeys(FILES, EMPTY), signals=Signals()),
        base=kept(msgpack.encode(base, order="deterministic")),
        policy=kept(msgpack.encode(snapshot.policy, order="deterministic")),
        signals=kept(msgpack.encode(snapshot.signals)),
        head={path: entry for path, entry in head.items() if base.get(path) != entry},
        gone=tuple(path for path in base if path not in head),
        blobs={oid: kept(data) for oid, data in snapshot.blobs.items()},
        files={name: kept(data) for name in FILES if (data := getattr(snapshot, name))},
    )
    return Packed(msgpack.encode(record), objects)


def record_of(data: bytes) -> Record:
    """The encoded record. Raises `Unreadable`."""
    try:
        record = msgpack.decode(data, type=Record)
    except (DecodeError, ValidationError) as error:
        raise Unreadable(f"record: {error}") from None
    if record.form != FORM:
        raise Unreadable(f"record: form {record.form}")
    return record


def parts(record: Record) -> frozenset[bytes]:
    """The digests of what it needs."""
    return frozenset((record.base, record.policy, record.signals, *record.blobs.values(), *record.files.values()))


def unpack(record: Record, objects: Mapping[bytes, bytes]) -> Snapshot:
    """The snapshot as it was, its paths in order. Raises `Unreadable` for a part that is not there or is another."""

    def part(digest: bytes) -> bytes:
        data = objects.get(digest)
        if data is None or hashlib.sha256(data).digest() != digest:
            raise Unreadable(f"object {digest.hex()[:12]}")
        return data

    base = msgpack.decode(part(record.base), type=dict[str, Entry])
    gone = frozenset(record.gone)
    head = {path: entry for path, entry in base.items() if path not in gone} | record.head
    return replace(
        record.snapshot,
        base=Tree(record.snapshot.base.revision, base),
        head=Tree(record.snapshot.head.revision, head),
        policy=msgpack.decode(part(record.policy), type=dict[str, bytes]),
        signals=msgpack.decode(part(record.signals), type=Signals),
        blobs={oid: part(digest) for oid, digest in record.blobs.items()},
        **{name: part(digest) for name, digest in record.files.items()},
    )
