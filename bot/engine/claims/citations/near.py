"""What was perhaps meant by an identifier that does not exist: a slip of the pen, another framework, the last of a chapter."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from msgspec import Struct

from bot.engine.claims.citations.grammar import BY_TABLE, GRAMMARS
from bot.engine.facts.controls import Controls, Framework, parents
from bot.engine.facts.nearest import edits
from bot.engine.pattern import Pattern

_PARTS = Pattern(r"[A-Za-z]+|\d+")
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


class _Index:
    """The identifiers of a framework, by what slips leave as it is."""

    def __init__(self, ids: frozenset[str], known: frozenset[str]) -> None:
        self.known = known
        self.by_characters: dict[str, list[str]] = {}
        self.by_parts: dict[tuple[str, ...], list[str]] = {}
        self.by_numbers: dict[tuple[str, ...], list[str]] = {}
        self.below: dict[str, list[str]] = {}
        for one in sorted(ids):
            parts = _key(_PARTS.findall(one))
            self.by_characters.setdefault("".join(parts), []).append(one)
            self.by_parts.setdefault(parts, []).append(one)
            self.by_numbers.setdefault(_digits(parts), []).append(one)
        for one in known:
            self.below.setdefault(next(iter(parents(one)), ""), []).append(one)


def near(identifier: str, table: str, controls: Controls, edition: str = "") -> Near:
    """Of the edition that is named, else of all; where another framework has it as it stands, no slip is supposed."""
    other = _other(identifier, table, controls)
    framework = controls.framework(table)
    if framework is None:
        return Near(table=other)
    index = _indexed(framework, edition)
    is_foreign = bool(other) and not BY_TABLE[other.partition(" ")[0]].plain
    return Near(() if is_foreign else _slips(identifier, index), other, _last(identifier, index))


def _indexed(framework: Framework, edition: str) -> _Index:
    """Made once for each edition that a process is asked for."""
    made: dict[str, _Index] = framework.__dict__.setdefault("indexed", {})
    if edition not in made:
        versions = (edition,) if edition else tuple(framework.ids)
        ids = frozenset(one for version in versions for one in framework.ids[version])
        made[edition] = _Index(ids, ids.union(*(framework.chapters[version] for version in versions)))
    return made[edition]


def _slips(identifier: str, index: _Index) -> tuple[str, ...]:
    """Identifiers with the same characters, or one slip away, in the order of how likely each slip is; several of one kind are none."""
    parts = _PARTS.findall(identifier)
    for kind in (
        index.by_characters.get("".join(_key(parts)), ()),  # `AC-69` for `AC-6(9)`, `CC61` for `CC6.1`
        sorted((one for turned in _turned(parts) for one in index.by_parts.get(_key(turned), ())), key=lambda one: (len(one), one)),
        [one for single in _single(parts) for one in index.by_parts.get(_key(single), ())],
        _cut(identifier, index),
        [one for one in index.by_numbers.get(_digits(_key(parts)), ()) if edits(one, identifier, 1) == 1],
    ):
        found = tuple(dict.fromkeys(one for one in kind if one != identifier))
        if found:
            return found if len(found) <= MOST else ()
    return ()


def _key(parts: Iterable[str]) -> tuple[str, ...]:
    return tuple(part.upper() for part in parts)


def _digits(parts: Iterable[str]) -> tuple[str, ...]:
    return tuple(part for part in parts if part.isdigit())


def _turned(parts: list[str]) -> Iterator[list[str]]:
    """Two neighbours in the wrong order: `RP.AC-1`, `2.5.1` for `2.1.5`, `164.321` for `164.312`."""
    yield from _exchanged(parts)
    yield from _exchanged_inside(parts)


def _exchanged(parts: list[str]) -> Iterator[list[str]]:
    for at in range(len(parts) - 1):
        if parts[at].isdigit() == parts[at + 1].isdigit():
            yield [*parts[:at], parts[at + 1], parts[at], *parts[at + 2 :]]


def _exchanged_inside(parts: list[str]) -> Iterator[list[str]]:
    for at, part in enumerate(parts):
        for place in range(len(part) - 1):
            turned = part[:place] + part[place + 1] + part[place] + part[place + 2 :]
            yield [*parts[:at], turned, *parts[at + 1 :]]


def _single(parts: list[str]) -> Iterator[list[str]]:
    """A character that was typed twice, once: `AC-6` for `AC-66`, `CC6.1` for `CC6.11`."""
    for at, part in enumerate(parts):
        for place in range(len(part) - 1):
            if part[place] == part[place + 1]:
                yield [*parts[:at], part[:place] + part[place + 1 :], *parts[at + 1 :]]


def _cut(identifier: str, index: _Index) -> Iterator[str]:
    """What it stands under, where that has nothing under it: `2.1.5` for `2.1.5.1`."""
    above = next(iter(parents(identifier)), "")
    if above in index.known and above not in index.below:
        yield above


def _last(identifier: str, index: _Index) -> str:
    """The last of the nearest chapter that there is, where the number is beyond it."""
    for one, above in zip((identifier, *parents(identifier)), parents(identifier), strict=False):
        if above in index.known:
            last = max(index.below.get(above, ()), key=_number, default="")
            return last if last and _number(one) > _number(last) >= 0 else ""
    tops = [name for name in index.below.get("", ()) if name.isdigit()]
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
