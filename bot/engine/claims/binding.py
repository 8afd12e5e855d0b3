"""An assertion → the resources that it speaks of; none where more than one thing could be meant.

A comment speaks of the block that it stands in or above; a title, body or message of what the change makes or alters; a document of the
directory that it stands in. A word for a kind of resource, a name, and what else is said of the subject have to fit.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from posixpath import dirname
from typing import TYPE_CHECKING

from bot.engine.claims.text import Text
from bot.engine.claims.vocabulary import PLACES
from bot.engine.model.resource import Model, Resource
from bot.engine.model.value import Known
from bot.engine.pattern import Pattern

if TYPE_CHECKING:
    from bot.engine.claims.assertions import Assertion

_PARTS = Pattern(r"[A-Za-z]+|\d+")
_SHOWN = frozenset({"example", "examples", "test", "tests", "sample", "samples", "fixtures"})
_COMMON = frozenset({"s3", "aws", "rds", "new", "the", "own", "existing", "managed", "application", "network", "internal", "for"})


class Places:
    """The resources of the head, by where they are written."""

    def __init__(self, models: Iterable[Model], touched: Collection[tuple[str, str]]) -> None:
        every = [item for model in models for item in model.resources]
        self._resources = tuple([item for item in every if item.mode == "managed"])
        self._documents = tuple([item for item in every if item.mode == "data" and item.type == "aws_iam_policy_document"])
        self._touched = touched
        self._by_block: Mapping[tuple[str, str], list[Resource]] | None = None

    def bound(self, assertion: Assertion, text: Text) -> tuple[Resource, ...]:
        """The resources that are meant, in order of their addresses."""
        return _once(self._of_block(assertion, text) if text.source == "code" else self._of_kind(assertion, self.near(text)))

    def below(self, assertion: Assertion, text: Text) -> tuple[Resource, ...]:
        """The only thing of its kind below the directory of a document, but for what is there to show or to test it."""
        above = f"{dirname(text.path)}/".lstrip("/")
        below = [item for item in self._resources if item.span.path.startswith(above)]
        shown = [item for item in below if _SHOWN.isdisjoint(item.span.path[len(above) :].lower().split("/"))]
        found = _once(self._of_kind(assertion, shown))
        return found if len({item.definition for item in found}) == 1 else ()

    def near(self, text: Text) -> list[Resource]:
        """What a text can speak of that names nothing: of a document its directory, of a message what the change makes or alters."""
        if text.source == "code":
            return []
        if text.source == "document":
            return [item for item in self._resources if dirname(item.span.path) == dirname(text.path)]
        return [item for item in self._resources if (item.root, item.address) in self._touched]

    def _of_block(self, assertion: Assertion, text: Text) -> list[Resource]:
        if not text.block:
            return self._of_kind(assertion, self._in_file(text.path)) if assertion.kinds else []
        if text.block.startswith("module."):
            return self._of_call(assertion, text)
        own = self._blocks().get((text.path, text.block), [])
        fits = not assertion.kinds or any(item.type.startswith(assertion.kinds) for item in own)
        called = {name for item in own for name in (item.name, text.block)}
        return own if fits and called.issuperset(assertion.names) and not assertion.every else []

    def _in_file(self, path: str) -> list[Resource]:
        """What a comment can speak of that stands at no block, as at the head of a file or of a part of it."""
        return [item for (own, _), found in self._blocks().items() if own == path for item in found if item.mode == "managed"]

    def _of_call(self, assertion: Assertion, text: Text) -> list[Resource]:
        """What a module makes, if a kind is named and the module makes one block of it."""
        name = text.block.partition(".")[2]
        inside = [item for item in self._resources if item.calls and item.calls[0].name == name and item.calls[0].span.path == text.path]
        return self._of_kind(assertion, inside)

    def _of_kind(self, assertion: Assertion, among: list[Resource]) -> list[Resource]:
        if assertion.names:
            return [item for item in among if _is_named(item, assertion.names)]
        if not assertion.kinds:
            return []
        kind = [item for item in among if item.type in assertion.kinds or (item.type + "_").startswith(tuple(assertion.kinds))]
        kind = [item for item in kind if not _is_companion(item, assertion.kinds)]
        places = PLACES.intersection(assertion.modifiers)
        wanted = frozenset(assertion.modifiers) - _COMMON - places
        fitting = [item for item in kind if wanted <= _parts(item) and lies_in(item, places)]
        one = len({item.definition for item in fitting}) == 1
        return fitting if fitting and (one or assertion.every) else []

    def _blocks(self) -> Mapping[tuple[str, str], list[Resource]]:
        if self._by_block is None:
            found: dict[tuple[str, str], list[Resource]] = {}
            for item in (*self._resources, *self._documents):
                kind = f"data.{item.type}" if item.mode == "data" else item.type
                found.setdefault((item.span.path, f"{kind}.{item.name}"), []).append(item)
            self._by_block = found
        return self._by_block


def _once(found: Iterable[Resource]) -> tuple[Resource, ...]:
    unique = {(item.root, item.address): item for item in found}
    return tuple([unique[key] for key in sorted(unique)])


def _is_companion(resource: Resource, kinds: tuple[str, ...]) -> bool:
    """Whether it is a part of a thing of the kind and not the thing: `aws_s3_bucket_policy`."""
    return resource.type not in kinds and any(resource.type.startswith(f"{kind}_") for kind in kinds)


def lies_in(resource: Resource, places: Iterable[str]) -> bool:
    """Whether its address, file or root has each of these words for a place (`prod` is `production`)."""
    own = frozenset(part.lower() for part in _PARTS.findall(f"{resource.root} {resource.address} {resource.span.path}"))
    return all(any(part.startswith(place[:4]) for part in own) for place in places)


def _is_named(resource: Resource, names: tuple[str, ...]) -> bool:
    own = {resource.address, resource.definition, f"{resource.type}.{resource.name}"}
    return any(name in own for name in names)


def _parts(resource: Resource) -> frozenset[str]:
    """The words in the names of a resource."""
    given = (resource.attributes.get(key) for key in ("bucket", "name", "identifier", "cluster_identifier"))
    told = " ".join([resource.address, *(value.raw for value in given if isinstance(value, Known) and isinstance(value.raw, str))])
    return frozenset(part.lower() for part in _PARTS.findall(told))
