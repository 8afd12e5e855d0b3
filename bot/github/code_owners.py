"""CODEOWNERS as it stands on the default branch (https://docs.github.com/en/rest/repos/contents#get-repository-content)."""

from __future__ import annotations

from urllib.parse import quote

from msgspec import Struct

from bot.engine.policy.codeowners import MAX_BYTES, PLACES
from bot.github.answers import decoded
from bot.github.blobs import Blobs
from bot.github.cache import Cache
from bot.github.facts import CodeOwnersFile, GoverningFile, RepositoryRef
from bot.github.protocols import Gateway
from bot.github.refusal import Refusal

NAMED_BY = b"codeowners"  # the word by which a configuration makes owners of them: without it nobody needs them


class _Content(Struct, frozen=True):
    type: str = ""
    size: int = 0
    sha: str = ""


def code_owners(gateway: Gateway, repository: RepositoryRef, revision: str, cache: Cache) -> CodeOwnersFile:
    """The first of the places that has one, at that commit; up to three calls, once for each commit. Raises `Refusal` for what may pass."""
    found = cache.code_owners.get((repository.id, revision))
    if found is None:
        read = (_read(gateway, repository.full_name, path, revision, cache) for path in PLACES)
        found = next((one for one in read if one is not None), CodeOwnersFile())
        cache.code_owners.put((repository.id, revision), found)
    return found


def _read(gateway: Gateway, repository: str, path: str, revision: str, cache: Cache) -> CodeOwnersFile | None:
    """None where there is no such file."""
    try:
        answer = gateway.get(f"/repos/{repository}/contents/{quote(path)}", {"ref": revision})
    except Refusal as refusal:
        if refusal.passing:
            raise
        return None if refusal.kind == "not-found" else CodeOwnersFile(path=path, refused=refusal.kind)
    shown = decoded(answer, _Content) if isinstance(answer, dict) else _Content("dir")
    if shown.type != "file":
        return CodeOwnersFile(path=path, refused="unreadable")
    source = Blobs(gateway, repository, cache.blobs)
    source.sizes[shown.sha] = shown.size
    blob = source.blob(shown.sha, MAX_BYTES)
    return CodeOwnersFile(path=path, refused=blob.refused) if blob.data is None else CodeOwnersFile(GoverningFile(path, blob.data), path)
