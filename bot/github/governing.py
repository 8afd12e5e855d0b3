"""What governs a repository, from one answer: files of its default branch's tip, the organisation's, custom properties."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from msgspec.structs import replace

from bot.engine.model.snapshot import CONFIGURATION, WAIVERS
from bot.github import organisation, queries
from bot.github.answers import Content, decoded
from bot.github.blobs import Blobs
from bot.github.cache import Cache
from bot.github.code_owners import NAMED_BY, code_owners
from bot.github.facts import CodeOwnersFile, Governing, GoverningFile, RepositoryRef
from bot.github.graphql import refusal_in
from bot.github.organisation import MAX_FILE, Organisation
from bot.github.properties import properties
from bot.github.protocols import Answered, FieldError, Gateway

CHOSEN_BY = b"properties"  # the key by which a configuration names custom properties: without it nobody needs them


ALIASES = dict(zip((*CONFIGURATION, *WAIVERS), ("c0", "c1", "w0", "w1"), strict=True))  # as `queries.REPOSITORY` names them


class Governor:
    """Turns answers to `queries.LOOK` and `queries.GOVERNING` into what governs."""

    def __init__(self, gateway: Gateway, cache: Cache) -> None:
        self._gateway, self._cache = gateway, cache

    def variables(self, repository: RepositoryRef) -> dict[str, Any]:
        """Contents of the organisation are asked for only when none are known: a change of them costs one more call."""
        owner, _, name = repository.full_name.partition("/")
        return {"owner": owner, "name": name, "content": self._cache.organisations.get(owner.lower()) is None}

    def governing(self, repository: RepositoryRef, answer: Answered) -> Governing:
        """Raises `Refusal` for what may pass; what stays refused stands in `unreadable`."""
        there = answer.data["repository"]
        revision = ((there.get("defaultBranchRef") or {}).get("target") or {}).get("oid", "")
        unreadable = _forbidden(answer.errors)
        files = [self._file(repository.full_name, there, names, unreadable) for names in (CONFIGURATION, WAIVERS)]
        whole = self._organisation(repository, answer)
        chosen = _says(CHOSEN_BY, *files, whole.configuration)
        owning = CodeOwnersFile()
        if revision and _says(NAMED_BY, files[0], whole.configuration):
            owning = code_owners(self._gateway, repository, revision, self._cache)
        if owning.refused:
            unreadable[owning.path] = owning.refused
        values = properties(self._gateway, repository.full_name, repository.id, self._cache.properties) if chosen else None
        if values is not None and values.refused:
            unreadable["properties"] = values.refused
        return Governing(
            revision=revision,
            default_branch=repository.default_branch,
            configuration=files[0],
            waivers=files[1],
            organisation_revision=whole.revision,
            organisation=whole.configuration,
            rules=whole.rules,
            policies=whole.policies,
            properties=values.values if values else {},
            code_owners=owning,
            unreadable=unreadable | whole.unreadable,
        )

    def _file(self, repository: str, there: dict[str, Any], names: Sequence[str], unreadable: dict[str, str]) -> GoverningFile | None:
        """The first of the names that the default branch has; None, and the reason in `unreadable`, when it cannot be read."""
        name = next((name for name in names if there.get(ALIASES[name]) is not None), None)
        if name is None:
            return None
        content = decoded(there[ALIASES[name]], Content)
        if content.kind != "Blob":
            unreadable[name] = "unreadable"
            return None
        data = content.exact() if content.size <= MAX_FILE else None
        if data is None:
            source = Blobs(self._gateway, repository, self._cache.blobs)
            source.sizes[content.oid] = content.size
            blob = source.blob(content.oid, MAX_FILE)
            if blob.data is None:
                unreadable[name] = blob.refused
                return None
            data = blob.data
        return GoverningFile(name, data)

    def _organisation(self, repository: RepositoryRef, answer: Answered) -> Organisation:
        errors = [error for error in answer.errors if error.path[:1] == ("organisation",)]
        if (forbidden := organisation.failed(errors)) is not None:
            return forbidden
        there = answer.data.get("organisation")
        if there is None:
            return Organisation()
        owner = repository.full_name.partition("/")[0].lower()
        revision, tree = organisation.place(there)
        known = self._cache.organisations.get(owner)
        if known is None or known.tree != tree:
            known = self._contents(repository, there)
            self._cache.organisations.put(owner, known)
        return replace(known, revision=revision)

    def _contents(self, repository: RepositoryRef, there: dict[str, Any]) -> Organisation:
        if there.get("countersign") is not None and "entries" not in there["countersign"]:
            owner, _, name = repository.full_name.partition("/")
            asked = self._gateway.graphql(queries.GOVERNING, {"owner": owner, "name": name, "content": True})
            there = asked["organisation"]
        return organisation.read(self._gateway, there, Blobs(self._gateway, there["nameWithOwner"], self._cache.blobs))


def _says(word: bytes, *files: GoverningFile | None) -> bool:
    return any(file is not None and word in file.data for file in files)


def governed(error: FieldError) -> bool:
    """Whether an error is about a governing file, so that the rest of the answer still holds."""
    return error.path[:1] == ("organisation",) or _named(error) is not None


def _named(error: FieldError) -> str | None:
    """The repository's governing file that an error is about."""
    at = error.path[1:2] if error.path[:1] == ("repository",) else ()
    return next((name for name, alias in ALIASES.items() if at == (alias,)), None)


def _forbidden(errors: Iterable[FieldError]) -> dict[str, str]:
    found: dict[str, str] = {}
    for error in errors:
        if (name := _named(error)) is not None:
            if error.kind != "FORBIDDEN":
                raise refusal_in((error,))
            found[name] = "forbidden"
    return found
