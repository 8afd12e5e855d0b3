"""What was perhaps meant by an identifier that does not exist: a slip of the pen, another framework, the last of a chapter."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from msgspec import Struct

from bot.engine.claims.citations.grammar import BY_TABLE, GRAMMARS
from bot.engine.facts.controls import Controls, Framework, parents
from bot.engine.facts.nearest import edits

_PARTS = re.compile(r"[A-Za-z]+|\d+")
# Frameworks that another one's identifiers are mistaken for, in the order in which they are tried.
_TABLES = (
    "nist53",
    "csf",
    "soc2",
    "iso27001",
    "pci",
    "mcsb",
    "nist171",
    "cis aws",
    "cis azure",
    "cis gcp",
    "cis kubernetes",
    "cis controls",
)
MOST = 3


class Near(Struct, frozen=True):
    """`ids`: what was perhaps meant, the likeliest first. `table`: another framework that has the identifier as it is written.

    `last`: the last of the chapter that it names, where the chapter has not so many.
    """

    ids: tuple[str, ...] = ()
    table: str = ""
    last: str = ""


def near(identifier: str, table: str, controls: Controls, edition: str = "") -> Near:
    """Of the edition that is named, else of all; where another framework has it as it stands, no slip is supposed."""
    other = _other(identifier, table, controls)
    framework = controls.framework(table)
    if framework is None:
        return Near(table=other)
    versions = (edition,) if edition else tuple(framework.ids)
    ids = frozenset(one for version in versions for one in framework.ids[version])
    known = ids.union(*(framework.chapters[version] for version in versions))
    is_foreign = bool(other) and not BY_TABLE[other.partition(" ")[0]].plain
    return Near(() if is_foreign else _slips(identifier, ids, known), other, _last(identifier, known))


def _slips(identifier: str, ids: frozenset[str], known: frozenset[str]) -> tuple[str, ...]:
    """Identifiers with the same characters, or one slip away, in the order of how likely each slip is; several of one kind are none."""
    parts = _PARTS.findall(identifier)
    for kind in (
        _same_characters(identifier, ids),
        _swapped(parts, ids),
        _doubled(parts, ids),
        _cut(identifier, known),
        _near(identifier, ids),
    ):
        found = tuple(dict.fromkeys(one for one in kind if one != identifier))
        if found:
            return found if len(found) <= MOST else ()
    return ()


def _same_characters(identifier: str, ids: Iterable[str]) -> Iterator[str]:
    """`AC-69` for `AC-6(9)`, `CC61` for `CC6.1`."""
    bare = "".join(_PARTS.findall(identifier)).upper()
    return (one for one in sorted(ids) if "".join(_PARTS.findall(one)).upper() == bare)


def _swapped(parts: list[str], ids: Iterable[str]) -> Iterator[str]:
    """Two neighbours in the wrong order: `RP.AC-1`, `2.5.1` for `2.1.5`, `164.321` for `164.312`."""
    wanted = {_key(one) for one in (*_exchanged(parts), *_exchanged_inside(parts))}
    return (one for one in sorted(ids, key=len) if _key(_PARTS.findall(one)) in wanted)


def _key(parts: Iterable[str]) -> tuple[str, ...]:
    return tuple(part.upper() for part in parts)


def _exchanged(parts: list[str]) -> Iterator[list[str]]:
    for at in range(len(parts) - 1):
        if parts[at].isdigit() == parts[at + 1].isdigit():
            yield [*parts[:at], parts[at + 1], parts[at], *parts[at + 2 :]]


def _exchanged_inside(parts: list[str]) -> Iterator[list[str]]:
    for at, part in enumerate(parts):
        for place in range(len(part) - 1):
            turned = part[:place] + part[place + 1] + part[place] + part[place + 2 :]
            yield [*parts[:at], turned, *parts[at + 1 :]]


def _doubled(parts: list[str], ids: Iterable[str]) -> Iterator[str]:
    """A character that was typed twice: `AC-66`, `CC6.11`."""
    wanted = set()
    for at, part in enumerate(parts):
        for place in range(len(part) - 1):
            if part[place] == part[place + 1]:
                wanted.add(_key([*parts[:at], part[:place] + part[place + 1 :], *parts[at + 1 :]]))
    return (one for one in sorted(ids) if _key(_PARTS.findall(one)) in wanted)


def _cut(identifier: str, known: frozenset[str]) -> Iterator[str]:
    """What it stands under, where that has nothing under it: `2.1.5` for `2.1.5.1`."""
    above = next(iter(parents(identifier)), "")
    if above in known and not any(one != above and one.startswith((f"{above}.", f"{above}(", f"{above}-")) for one in known):
        yield above


def _near(identifier: str, ids: Iterable[str]) -> Iterator[str]:
    """One edit away, with all numbers as they are: letters of a family."""
    numbers = [part for part in _PARTS.findall(identifier) if part.isdigit()]
    same = (one for one in sorted(ids) if [part for part in _PARTS.findall(one) if part.isdigit()] == numbers)
    return (one for one in same if edits(one, identifier, 1) == 1)


def _last(identifier: str, known: frozenset[str]) -> str:
    """The last of the nearest chapter that there is, where the number is beyond it."""
    for one, above in zip((identifier, *parents(identifier)), parents(identifier), strict=False):
        if above in known:
            beside = [other for other in known if next(iter(parents(other)), "") == above]
            last = max(beside, key=_number, default="")
            return last if last and _number(one) > _number(last) >= 0 else ""
    tops = [name for name in known if not parents(name) and name.isdigit()]
    top = (parents(identifier) or (identifier,))[-1]
    return max(tops, key=int) if tops and top.isdigit() and int(top) > max(map(int, tops)) else ""


def _number(name: str) -> int:
    last = _PARTS.findall(name)[-1]
    return int(last) if last.isdigit() else -1


def _other(identifier: str, table: str, controls: Controls) -> str:
    """Another framework that has it, where it writes its identifiers so; of benchmarks that number alike only a single one."""
    writers = {grammar.table for grammar in GRAMMARS if not grammar.plain and grammar.identifier.fullmatch(identifier)}
    family = table.partition(" ")[0]
    having = [
        name
        for name in _TABLES
        if name != table and (name in writers or (name.partition(" ")[0] == family)) and _has(identifier, controls.framework(name))
    ]
    return having[0] if having and (having[0] in writers or len(having) == 1) else ""


def _has(identifier: str, framework: Framework | None) -> bool:
    return framework is not None and any(identifier in ids for ids in framework.ids.values())
