"""The version of Terraform that the tree says is installed for a root, held against `required_version`.

`.terraform-version` (https://github.com/tfutils/tfenv#terraform-version-file) and `.tool-versions`
(https://asdf-vm.com/manage/configuration.html) of the nearest directory that has one, where it names one version exactly.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping

from bot.engine.iac.terraform import syntax as s
from bot.engine.iac.terraform.configuration import Configuration
from bot.engine.iac.terraform.ignored import ancestors
from bot.engine.model.reference import Dangling
from bot.engine.pattern import Pattern

VERSION_FILES = (".terraform-version", ".tool-versions")
_EXACT = Pattern(r"v?(\d{1,9})\.(\d{1,9})\.(\d{1,9})")
_LINE = Pattern(r"^\s*terraform\s+(\S+)", re.MULTILINE)
_CLAUSE = Pattern(r"\s*(~>|<=|<|>=|>|!=|=)?\s*v?(\d{1,9}(?:\.\d{1,9}){0,2})\s*")
Version = tuple[int, ...]


def refused_versions(configuration: Configuration, root: str, contents: Mapping[str, bytes]) -> Iterator[Dangling]:
    """Every `required_version` of a module that the installed version does not satisfy."""
    asked = list(written_constraint(configuration))
    found = installed(root, contents) if asked else None
    for block, e, constraint in asked if found else ():
        if found and allows(constraint, found[0]) is False:
            name = ".".join(map(str, found[0]))
            yield Dangling(e.span, "installed-version", name, "terraform", block.span, configuration.directory, found[1])


def written_constraint(configuration: Configuration) -> Iterator[tuple[s.Block, s.Literal, str]]:
    """Every `required_version` that is a text, with its block."""
    for block in configuration.settings:
        written = block.attributes.get("required_version")
        e = written.expression if written is not None else None
        if isinstance(e, s.Literal) and isinstance(e.raw, str):
            yield block, e, e.raw


def installed(root: str, contents: Mapping[str, bytes]) -> tuple[Version, str] | None:
    """The version, and the file that names it; None where none does or the nearest names no exact one."""
    for place in (root, *ancestors(root)):
        for name in VERSION_FILES:
            path = f"{place}/{name}".lstrip("/")
            if path in contents:
                text = contents[path].decode("utf-8", "replace")
                written = _LINE.search(text) if name == ".tool-versions" else re.match(r"\s*(\S+)", text)
                if written is not None:
                    exact = _EXACT.fullmatch(written[1])
                    return (tuple(map(int, exact.groups())), path) if exact else None
    return None


def allows(constraint: str, version: Version) -> bool | None:
    """Whether every clause holds; None where one is not understood."""
    clauses = [_CLAUSE.fullmatch(part) for part in constraint.split(",")]
    if None in clauses:
        return None
    return all(_holds(found[1] or "=", tuple(map(int, found[2].split("."))), version) for found in clauses if found)


def _holds(operator: str, written: Version, version: Version) -> bool:
    bound = (*written, 0, 0)[:3]
    if operator == "~>":
        return version >= bound and version[: max(1, len(written) - 1)] == written[: max(1, len(written) - 1)]
    return {
        "=": version == bound,
        "!=": version != bound,
        ">": version > bound,
        ">=": version >= bound,
        "<": version < bound,
        "<=": version <= bound,
    }[operator]
