"""Objects of one fork network, addressed as git addresses them (SHA-1 of header and content)."""

import hashlib
import zlib
from collections.abc import Iterable
from typing import Literal, NamedTuple

Kind = Literal["blob", "tree", "commit", "tag"]
MODE_FILE, MODE_EXECUTABLE, MODE_LINK, MODE_TREE, MODE_SUBMODULE = 0o100644, 0o100755, 0o120000, 0o040000, 0o160000


class Entry(NamedTuple):
    """One line of a tree; `name` is the last path component."""

    mode: int
    name: str
    oid: str

    @property
    def kind(self) -> Kind:
        if self.mode == MODE_TREE:
            return "tree"
        return "commit" if self.mode == MODE_SUBMODULE else "blob"


class Person(NamedTuple):
    """Author or committer; `when` in seconds since the epoch, always UTC."""

    name: str
    email: str
    when: int


class Commit(NamedTuple):
    oid: str
    tree: str
    parents: tuple[str, ...]
    author: Person
    committer: Person
    message: str


def object_id(kind: str, data: bytes) -> str:
    return hashlib.sha1(b"%s %d\0" % (kind.encode(), len(data)) + data, usedforsecurity=False).hexdigest()


class ObjectStore:
    """Shared by a repository and all its forks: a commit pushed to one can be read through every other."""

    def __init__(self) -> None:
        self._objects: dict[str, tuple[Kind, bytes]] = {}
        self._trees: dict[str, tuple[Entry, ...]] = {}
        self._commits: dict[str, Commit] = {}

    def put(self, kind: Kind, data: bytes) -> str:
        oid = object_id(kind, data)
        self._objects.setdefault(oid, (kind, data))
        return oid

    def blob(self, data: bytes) -> str:
        return self.put("blob", data)

    def tree(self, entries: Iterable[Entry]) -> str:
        ordered = sorted(entries, key=lambda e: e.name.encode() + (b"/" if e.mode == MODE_TREE else b""))
        body = b"".join(b"%o %s\0" % (e.mode, e.name.encode()) + bytes.fromhex(e.oid) for e in ordered)
        return self.put("tree", body)

    def commit(self, tree: str, parents: Iterable[str], author: Person, message: str, committer: Person | None = None) -> str:
        lines = [f"tree {tree}", *(f"parent {parent}" for parent in parents)]
        lines.append(f"author {_signature(author)}")
        lines.append(f"committer {_signature(committer or author)}")
        text = "\n".join(lines) + "\n\n" + (message if message.endswith("\n") else message + "\n")
        return self.put("commit", text.encode())

    def kind(self, oid: str) -> Kind | None:
        found = self._objects.get(oid)
        return found[0] if found else None

    def data(self, oid: str) -> bytes:
        return self._objects[oid][1]

    def entries(self, tree: str) -> tuple[Entry, ...]:
        if tree not in self._trees:
            self._trees[tree] = tuple(_parse_tree(self.data(tree)))
        return self._trees[tree]

    def read_commit(self, oid: str) -> Commit:
        if oid not in self._commits:
            self._commits[oid] = _parse_commit(oid, self.data(oid))
        return self._commits[oid]

    def is_commit(self, oid: str) -> bool:
        return self.kind(oid) == "commit"

    def abbreviated(self, prefix: str) -> str | None:
        """The one object whose id begins so, or None."""
        found = [oid for oid in self._objects if oid.startswith(prefix)]
        return found[0] if len(found) == 1 else None

    def loose(self, oid: str) -> bytes:
        """The object as a file of `.git/objects`, compressed."""
        kind, data = self._objects[oid]
        return zlib.compress(b"%s %d\0" % (kind.encode(), len(data)) + data)

    def ids(self) -> tuple[str, ...]:
        return tuple(self._objects)


def _signature(person: Person) -> str:
    return f"{person.name} <{person.email}> {person.when} +0000"


def _parse_tree(data: bytes) -> Iterable[Entry]:
    at = 0
    while at < len(data):
        space, zero = data.index(b" ", at), data.index(b"\0", at)
        yield Entry(int(data[at:space], 8), data[space + 1 : zero].decode(), data[zero + 1 : zero + 21].hex())
        at = zero + 21


def _parse_commit(oid: str, data: bytes) -> Commit:
    head, _, message = data.decode(errors="replace").partition("\n\n")
    fields: dict[str, list[str]] = {}
    for line in head.split("\n"):
        key, _, value = line.partition(" ")
        fields.setdefault(key, []).append(value)
    people = [_parse_person(fields[role][0]) for role in ("author", "committer")]
    return Commit(oid, fields["tree"][0], tuple(fields.get("parent", ())), people[0], people[1], message.removesuffix("\n"))


def _parse_person(text: str) -> Person:
    name, _, rest = text.partition(" <")
    email, _, when = rest.partition("> ")
    return Person(name, email, int(when.split(" ")[0]))
