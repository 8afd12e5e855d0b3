"""What terragrunt writes into the directories that it runs, as far as its own files say it.

`generate` blocks hold configuration as text, or name a file with it: https://terragrunt.gruntwork.io/docs/reference/hcl/blocks/#generate.
Which unit includes which block is not followed: what some block of the tree declares may be declared anywhere.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Mapping

from msgspec import Struct

from bot.engine.iac.terraform import syntax as s
from bot.engine.iac.terraform.expression_parts import parts_of
from bot.engine.iac.terraform.parse import parse_file
from bot.engine.pattern import Pattern

MAX_FILES = 200
NAMES = frozenset({"terragrunt.hcl", "root.hcl", "terragrunt.stack.hcl"})
_FILE = Pattern(r"(?:.*/)?(?!\.terraform\.lock\.)[^/]+(?<!\.pkr)(?<!\.nomad)(?<!\.tftest)(?<!\.tm)\.hcl")
_BLOCK = Pattern(r'^[ \t]*(variable|module|resource|data|ephemeral)[ \t]+"([^"\n]+)"(?:[ \t]+"([^"\n]+)")?', re.MULTILINE)
_ARGUMENT = Pattern(r"^[ \t]*([A-Za-z_][\w-]*)[ \t]*=(?!=)", re.MULTILINE)
_ALIAS = Pattern(r'^[ \t]*alias[ \t]*=[ \t]*"([^"\n]+)"', re.MULTILINE)
_PREFIX = {"variable": "var.", "module": "module.", "resource": "", "data": "data.", "ephemeral": "ephemeral."}


class Written(Struct, frozen=True):
    """`names`: what generated text declares, as references write it; an alias of a provider without the provider.
    `files`: names of files whose content is taken as it stands."""

    names: frozenset[str]
    files: frozenset[str]


NOTHING = Written(frozenset(), frozenset())


def configuration_files(paths: Collection[str]) -> tuple[str, ...]:
    """The files of terragrunt that say most, at most `MAX_FILES`: the ones further up first. None where it is not used."""
    found = [path for path in paths if path.endswith(".hcl") and _FILE.fullmatch(path)]
    if not any(path.rpartition("/")[2] in NAMES for path in found):
        return ()
    return tuple(sorted(found, key=lambda path: (path.count("/"), path))[:MAX_FILES])


def written(files: Mapping[str, bytes]) -> Written:
    """What the `generate` blocks of the tree declare. `files`: bytes of the tree's files, as far as they were fetched."""
    texts: list[str] = []
    names: set[str] = set()
    for path in configuration_files(files):
        for block in parse_file(path, files[path]).blocks:
            if block.type == "generate" and (given := block.attributes.get("contents")) is not None:
                for text, name in _contents(given.expression):
                    texts.append(text)
                    names.add(name)
    taken = [data for path, data in files.items() if path.rpartition("/")[2] in names]
    texts += [data.decode("utf-8", "replace") for data in taken]
    return Written(frozenset(name for text in texts for name in declared_in(text)), frozenset(names - {""}))


def declared_in(text: str) -> Iterator[str]:
    """Every name that a text of configuration may declare, without taking it apart: arguments of any block count as local values."""
    for kind, first, second in _BLOCK.findall(text):
        yield _PREFIX[kind] + (f"{first}.{second}" if second else first)
    yield from (f"local.{name}" for name in _ARGUMENT.findall(text))
    yield from _ALIAS.findall(text)


def is_terragrunt(path: str) -> bool:
    """Whether a path is that of a unit, a stack or what both include."""
    return path.rpartition("/")[2] in NAMES


def _contents(e: s.Expression) -> Iterator[tuple[str, str]]:
    """Texts, and names of files that are read, whichever branch is taken."""
    if isinstance(e, s.Call) and e.name in ("file", "templatefile") and e.args:
        yield "", _text(e.args[0]).rpartition("/")[2]
    elif isinstance(e, s.Literal | s.Template):
        yield _text(e), ""
    else:
        for part in parts_of(e):
            yield from _contents(part)


def _text(e: s.Expression) -> str:
    """The literal pieces of a text."""
    if isinstance(e, s.Literal):
        return e.raw if isinstance(e.raw, str) else ""
    return "".join(map(_text, e.parts)) if isinstance(e, s.Template) else ""
