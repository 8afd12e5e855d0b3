"""One entry of a repository's chain, and the digest that ties it to the one before. No database: an auditor can do the same sums.

An entry's digest is SHA-256 over `countersign-entry-v1`, a line end, and the JSON array of repository, position, kind, time (whole
milliseconds since the epoch, UTC), pull request, row, digest of the content, digest of the entry before. JSON here has sorted keys and no
white space, in UTF-8. The content counts by its digest, so that an entry still holds when its content was given up after its time.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from datetime import datetime
from typing import Any, Literal, TypeAlias, get_args

import msgspec
from msgspec import Struct

Kind: TypeAlias = Literal[
    "delivery",
    "policy",  # what governs the repository is another than at its last evaluation
    "evaluation",
    "publication",
    "decision",
    "waiver",  # used by an evaluation
    "obligation",
    "merge",
    "bypass",  # a merge that our check did not let through
    "push",
    "rebuilt",  # of a lost record: a decision that was found again, and where
    "retention",  # contents given up after their time
]
KINDS: tuple[Kind, ...] = get_args(Kind)
DOMAIN = b"countersign-entry-v1\n"
ORIGIN = "0" * 64  # before the first entry


class Event(Struct, frozen=True):
    """What is to be recorded. `number`: the pull request. `row`: the row of the table that `kind` is about, for those that have one.

    `content`: plain JSON values. Digests, ids, conclusions, who and why; never a secret, never what a file holds.
    """

    repository_id: int
    kind: Kind
    content: Mapping[str, Any]
    number: int | None = None
    row: int | None = None


class Head(Struct, frozen=True):
    """A place in a chain: whoever knows it can tell whether everything up to it is as it was."""

    position: int
    digest: str


class Entry(Struct, frozen=True):
    """As it is stored. `content` None: given up after its time."""

    repository_id: int
    position: int
    kind: str
    at: datetime
    number: int | None
    row: int | None
    content: bytes | None
    content_digest: str
    previous: str
    digest: str

    @property
    def head(self) -> Head:
        """Its place."""
        return Head(self.position, self.digest)

    @property
    def told(self) -> dict[str, Any]:
        """The content as values; empty when it was given up. Raises `msgspec.DecodeError` for what is no JSON."""
        return {} if self.content is None else msgspec.json.decode(self.content, type=dict[str, Any])


def canonical(value: Any) -> bytes:
    """JSON of one form."""
    return msgspec.json.encode(value, order="sorted")


def sha256(data: bytes) -> str:
    """64 hexadecimal digits."""
    return hashlib.sha256(data).hexdigest()


def following(event: Event, last: Head | None, now: datetime) -> Entry:
    """The entry that comes after `last`, or first."""
    content = canonical(event.content)
    place = (event.repository_id, last.position + 1 if last else 1, event.kind, now, event.number, event.row)
    made = Entry(*place, content, sha256(content), last.digest if last else ORIGIN, "")
    return msgspec.structs.replace(made, digest=digest(made))


def digest(entry: Entry) -> str:
    """What the entry's own digest has to be."""
    milliseconds = round(entry.at.timestamp() * 1000)
    place = (entry.repository_id, entry.position, entry.kind, milliseconds, entry.number, entry.row)
    return sha256(DOMAIN + canonical((*place, entry.content_digest, entry.previous)))
