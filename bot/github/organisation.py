"""What `<organisation>/.github` says below `countersign/`: configuration, policies, rules."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

from msgspec import Struct, field

from bot.github.answers import Content, decoded
from bot.github.blobs import Blobs
from bot.github.facts import GoverningFile
from bot.github.graphql import refusal_in
from bot.github.protocols import FieldError, Gateway
from bot.github.trees import listing

DIRECTORY = "countersign"
CONFIGURATION = ("config.yml", "config.yaml")
POLICIES = ("policies.yml", "policies.yaml")
RULES = "rules/"
MAX_FILE = 1_000_000
LINK = 0o120000


class Organisation(Struct, frozen=True):
    """`tree`: id of the directory, empty when there is none. `rules`: by path in the repository. `unreadable`: path → why."""

    revision: str = ""
    tree: str = ""
    configuration: GoverningFile | None = None
    policies: GoverningFile | None = None
    rules: dict[str, bytes] = {}
    unreadable: dict[str, str] = {}


class _Named(Struct, frozen=True):
    name: str
    oid: str
    mode: int
    kind: str = field(name="type")
    object: dict[str, Any] | None = None


class _Found(Struct, frozen=True):
    """A file below the directory. `content` is None where the query did not reach."""

    path: str
    oid: str
    regular: bool
    content: Content | None = None


def failed(errors: Iterable[FieldError]) -> Organisation | None:
    """What the errors of its fields mean: None for none. A repository that we do not see is no error: it is absent.

    Raises `Refusal` for what passes.
    """
    for error in errors:
        if error.kind == "FORBIDDEN":
            return Organisation(unreadable={f"{DIRECTORY}/{CONFIGURATION[0]}": "forbidden"})
        if error.kind != "NOT_FOUND":
            raise refusal_in((error,))
    return None


def place(answer: Any) -> tuple[str, str]:
    """Revision of the default branch and id of the directory; empty for what does not exist."""
    revision = (((answer or {}).get("defaultBranchRef") or {}).get("target") or {}).get("oid", "")
    return revision, ((answer or {}).get("countersign") or {}).get("oid", "")


def read(gateway: Gateway, answer: Any, blobs: Blobs) -> Organisation:
    """The files of an answer that holds their contents. `blobs`: of the organisation's repository."""
    revision, tree = place(answer)
    found = {file.path: file for file in _below(gateway, answer, (answer.get("countersign") or {}).get("entries") or (), "")}
    wanted = {path: file for path, file in found.items() if path.startswith(RULES) or path in (*CONFIGURATION, *POLICIES)}
    blobs.fetch((file.oid for file in wanted.values() if file.content is None and file.regular), MAX_FILE)
    data: dict[str, bytes] = {}
    unreadable: dict[str, str] = {}
    for path, file in wanted.items():
        exact = file.content.exact() if file.content else None
        blob = blobs.blob(file.oid, MAX_FILE) if exact is None and file.regular else None
        if exact is not None and file.regular and len(exact) <= MAX_FILE:
            data[path] = exact
        elif blob is not None and blob.data is not None:
            data[path] = blob.data
        else:
            unreadable[f"{DIRECTORY}/{path}"] = (blob.refused if blob else "") or ("limit" if file.regular else "unreadable")
    return Organisation(
        revision,
        tree,
        _first(CONFIGURATION, data),
        _first(POLICIES, data),
        {f"{DIRECTORY}/{path}": content for path, content in sorted(data.items()) if path.startswith(RULES)},
        unreadable,
    )


def _below(gateway: Gateway, answer: Any, entries: Iterable[Any], prefix: str) -> Iterator[_Found]:
    for entry in entries:
        row = decoded(entry, _Named)
        path = prefix + row.name
        if row.kind != "tree":
            content = decoded(row.object, Content) if row.kind == "blob" and row.object else None
            yield _Found(path, row.oid, row.kind == "blob" and row.mode != LINK, content)
        elif row.object is not None and "entries" in row.object:
            yield from _below(gateway, answer, row.object["entries"] or (), f"{path}/")
        else:
            yield from _deeper(gateway, answer["nameWithOwner"], row.oid, f"{path}/")


def _deeper(gateway: Gateway, repository: str, oid: str, prefix: str) -> Iterator[_Found]:
    for path, entry in listing(gateway, repository, oid).entries.items():
        yield _Found(prefix + path, entry.oid, entry.mode.startswith("100"))


def _first(names: tuple[str, ...], data: dict[str, bytes]) -> GoverningFile | None:
    return next((GoverningFile(f"{DIRECTORY}/{name}", data[name]) for name in names if name in data), None)
