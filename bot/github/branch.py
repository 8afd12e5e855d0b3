"""The configuration of a protected branch that is not the default one: it may tighten what the default branch says."""

from __future__ import annotations

import base64
import binascii
from urllib.parse import quote

from msgspec import Struct
from msgspec.structs import replace

from bot.engine.model.snapshot import CONFIGURATION
from bot.github.answers import decoded
from bot.github.facts import Governing, GoverningFile
from bot.github.organisation import MAX_FILE
from bot.github.protocols import Gateway
from bot.github.refusal import Refusal

LISTED_BY = b"branches"  # the key by which a configuration lists them: without it nobody is asked


class _File(Struct, frozen=True):
    """https://docs.github.com/en/rest/repos/contents#get-repository-content; above 1 MB the encoding is `none`."""

    type: str = ""
    size: int = 0
    content: str = ""
    encoding: str = ""


def may_tighten(governing: Governing) -> bool:
    """Whether the default branch lists branches at all; which, the core finds out."""
    return governing.configuration is not None and LISTED_BY in governing.configuration.data


def with_branch(gateway: Gateway, repository: str, governing: Governing, branch: str) -> Governing:
    """What governs, with the branch's own file. What cannot be read stands in `unreadable` below `BRANCH:PATH`; raises `Refusal` for
    what may pass."""
    for path in CONFIGURATION:
        file, refused = _read(gateway, repository, path, branch)
        if file is not None or refused:
            unreadable = {f"{branch}:{path}": refused} if refused else {}
            return _on(governing, branch, file, unreadable)
    return governing


def _on(governing: Governing, branch: str, file: GoverningFile | None, unreadable: dict[str, str]) -> Governing:
    return replace(governing, branch=file, branch_name=branch, unreadable=governing.unreadable | unreadable)


def _read(gateway: Gateway, repository: str, path: str, branch: str) -> tuple[GoverningFile | None, str]:
    try:
        found = gateway.get(f"/repos/{repository}/contents/{quote(path)}", {"ref": branch})
    except Refusal as refusal:
        if refusal.passing:
            raise
        return None, "" if refusal.kind == "not-found" else refusal.kind
    if not isinstance(found, dict):
        return None, "unreadable"  # a directory
    shown = decoded(found, _File)
    if shown.size > MAX_FILE:
        return None, "limit"
    if shown.type != "file" or shown.encoding != "base64":
        return None, "unreadable"
    try:
        return GoverningFile(path, base64.b64decode(shown.content)), ""
    except binascii.Error:
        return None, "unreadable"
