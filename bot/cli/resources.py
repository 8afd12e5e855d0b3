"""Rules, facts and templates: inside the package when installed from a wheel, at the top level in a checkout."""

from __future__ import annotations

import os
from os.path import dirname, isdir, join

PACKAGE = dirname(dirname(os.path.abspath(__file__)))


def directory(name: str) -> str:
    """The directory `rules` or `templates`; raises FileNotFoundError when the installation lacks it."""
    for parent in (join(PACKAGE, "resources"), dirname(PACKAGE)):
        if isdir(found := join(parent, name)):
            return found
    raise FileNotFoundError(name)


def template(name: str) -> str:
    """The text of one file below `templates`."""
    return _read(join(directory("templates"), name)).decode()


def facts(name: str) -> bytes:
    """One file of `bot/facts`."""
    return _read(join(PACKAGE, "facts", name))


def rules(top: str | None = None, *, examples: bool = False) -> dict[str, bytes]:
    """Every rule file by its path below `rules`, sorted; without what follows the line `examples:` unless asked for."""
    top = top or directory("rules")
    files = {path: _read(join(top, path)) for path in sorted(_below(top)) if path.endswith(".yaml")}
    if examples:
        return files
    from bot.engine.policy.head import head_of

    return {path: head_of(data) for path, data in files.items()}


def _below(top: str, prefix: str = "") -> dict[str, os.DirEntry[str]]:
    found: dict[str, os.DirEntry[str]] = {}
    with os.scandir(join(top, prefix)) as entries:
        for entry in entries:
            path = f"{prefix}{entry.name}"
            if entry.is_dir(follow_symlinks=False):
                found |= _below(top, f"{path}/")
            else:
                found[path] = entry
    return found


def _read(path: str) -> bytes:
    with open(path, "rb") as file:
        return file.read()
