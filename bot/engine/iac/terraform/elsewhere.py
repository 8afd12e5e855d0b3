"""Signs that the text of a directory is run elsewhere than where it stands: copied to another place, or together with other files."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Mapping

from bot.engine.iac.terraform.calls import local_directory, local_source
from bot.engine.iac.terraform.configuration import SUFFIXES, Configuration
from bot.engine.iac.terraform.ignored import ancestors
from bot.engine.iac.terraform.references import joined_path
from bot.engine.iac.terraform.roots import Index
from bot.engine.pattern import Pattern

_BLOCK = Pattern(rb'^(?:resource|data|module|ephemeral|output)\b[^{\n]*"', re.MULTILINE)


def runs_elsewhere(configuration: Configuration, index: Index) -> str:
    """A directory that the calls mean when they are read from another place: none of them leads to configuration from here, and one
    would from further up. Empty where there is none."""
    here = configuration.directory
    calls = [(local_directory(here, block), local_source(block)) for block in configuration.modules.values()]
    local = [(target, source) for target, source in calls if source is not None]
    if any(target is not None and _holds_sources(target, index) for target, _ in local):
        return ""
    for target, source in local:
        tail = re.sub(r"^(?:\.{1,2}/)+", "", source)
        for place in ancestors(here) if tail.strip("./") else ():
            meant = joined_path(place, tail)
            if meant is not None and meant != target and _holds_sources(meant, index):
                return meant
    return ""


def declared_elsewhere(names: Collection[str], here: str, index: Index, contents: Mapping[str, bytes]) -> str:
    """A directory of nothing but variables that declares these, as scripts lay it beside others; empty where there is none."""
    wanted = [f'variable "{name}"'.encode() for name in names]
    for place, beside in sorted(index.names.items()) if wanted else ():
        text = b"\n".join(_sources(place, beside, contents)) if place != here else b""
        if text and all(name in text for name in wanted) and not _BLOCK.search(text):
            return place or "."
    return ""


def _holds_sources(directory: str, index: Index) -> bool:
    return any(name.endswith(SUFFIXES) for name in index.names.get(directory, ()))


def _sources(directory: str, names: Collection[str], contents: Mapping[str, bytes]) -> Iterator[bytes]:
    start = f"{directory}/" if directory else ""
    return (contents.get(start + name, b"") for name in sorted(names) if name.endswith(SUFFIXES))
