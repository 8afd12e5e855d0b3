"""What holds for one rule under several files, the weightiest last.

A later file is read as if it were written below the earlier ones. The rule's own entry holds over patterns, patterns over the
general level, and among equals the later. A selected framework counts as a pattern over its rules, written above the others. A key that
an earlier file protects then holds the stricter of what would hold without the later file and with it: whatever is written there,
nothing gets weaker. A stated baseline sets the parameters of its topics, below what is said of the rule itself.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date

from msgspec import Struct

from bot.engine.model.result import Level
from bot.engine.model.rule import Rule
from bot.engine.model.value import Plain
from bot.engine.policy.configuration import Configuration, Override, Section, fits
from bot.engine.policy.load import OF_ORGANISATION
from bot.engine.policy.reading import below

ORDERED = {
    "level": ("observe", "comment", "enforce"),
    "disposition": ("off", "advice", "judgment", "violation"),
    "unknown": ("advice", "judgment", "violation"),
}
EVERY_KEY = frozenset({*ORDERED, "parameters"})
# What keeps the evaluation honest may be tightened, never loosened or switched off.
NEVER_LOOSENED = frozenset({"countersign-not-read", "countersign-invalid-syntax"})
HONEST_KEYS = frozenset({"disposition", "unknown"})
GENERAL, STATED, PATTERN, RELEASE, OWN = range(5)


class Where(Struct, frozen=True):
    """For whom and when: the day (UTC), the level where no file says one, the repository (owner/name), its custom properties."""

    today: date
    default_level: Level = "enforce"
    repository: str = ""
    properties: dict[str, str] = {}


class Layer(Struct, frozen=True):
    """One file, with those of its sections that are in force. `tightens`: it may only tighten what is said before it."""

    configuration: Configuration
    sections: tuple[Section, ...]
    tightens: bool = False


class Said(Struct, frozen=True):
    """A value and who says it: `layer` counts the files; -1 is nobody. `place`: inside the file. `own`: said of this rule by its id."""

    value: Plain
    layer: int = -1
    place: str = ""
    own: bool = False


class Step(Struct, frozen=True):
    """After one more file: what would hold were nothing protected, and what holds; key → who says what."""

    unguarded: dict[str, Said]
    held: dict[str, Said]


def steps(rule: Rule, layers: Sequence[Layer], where: Where) -> Iterator[Step]:
    """What holds for the rule without any file, then after each. Keys: level, disposition, unknown, and `parameters.NAME`."""
    guarded = HONEST_KEYS if rule.id in NEVER_LOOSENED else frozenset()
    held = {"level": Said(where.default_level), "disposition": Said(rule.disposition), "unknown": Said(rule.unknown)}
    nothing = held
    yield Step(held, held)
    for number, layer in enumerate(layers):
        unguarded = nothing | _said(rule, layers[: number + 1], where)
        held = _stricter(held, unguarded, EVERY_KEY if layer.tightens else guarded)
        yield Step(unguarded, held)
        guarded |= protected_keys(layer, rule)


def is_protected(layers: Sequence[Layer], name: str) -> bool:
    """Whether one of the files protects the key, or what it stands below."""
    entries = {entry for layer in layers for section in layer.sections for entry in section.protected}
    return any(name == entry or name.startswith(f"{entry}.") for entry in entries)


def overrides(section: Section, today: date) -> Iterator[tuple[str, Override]]:
    """What a section says of rules on that day, in its order: pattern and override."""
    for pattern, found in section.rules.items():
        yield from ((pattern, item) for item in found if item.start is None or item.start <= today)


def _said(rule: Rule, layers: Sequence[Layer], where: Where) -> dict[str, Said]:
    found: list[tuple[int, str, Said]] = []
    release = Said("")
    for number, layer in enumerate(layers):
        for section in layer.sections:
            if section.level:
                found.append((GENERAL, "level", Said(section.level, number, below(section.place, "level"))))
            found += ((STATED, key, Said(value, number, place)) for key, value, place in _stated(section, rule))
            if section.accepted:
                release = Said(section.accepted, number, below(section.place, "accepted"))
            found += ((PATTERN, key, Said(value, number, place)) for key, value, place in _selected(section, rule))
            for pattern, item in overrides(section, where.today):
                if fits(pattern, rule):
                    own = pattern == rule.id
                    found += ((OWN if own else PATTERN, key, Said(value, number, place, own)) for key, value, place in _statements(item))
    if release.value and is_newer(rule, str(release.value)):
        found.append((RELEASE, "level", Said("observe", release.layer, release.place)))
    return {key: said for _, key, said in sorted(found, key=lambda item: item[0])}


def _stated(section: Section, rule: Rule) -> Iterator[tuple[str, Plain, str]]:
    """What the section's baseline says to the rule's parameters, by their topics."""
    for item in rule.parameters:
        if item.topic in section.baseline:
            yield f"parameters.{item.name}", section.baseline[item.topic], below(below(section.place, "baseline"), item.topic)


def _selected(section: Section, rule: Rule) -> Iterator[tuple[str, Plain, str]]:
    """What it means for the rule that a framework it answers is selected: it is enforced, and asks where it would only advise."""
    number = next((number for number, name in enumerate(section.frameworks) if name in rule.frameworks), None)
    if number is not None:
        place = below(section.place, f"frameworks[{number}]")
        yield "level", "enforce", place
        if rule.disposition == "advice":
            yield "disposition", "judgment", place


def _statements(item: Override) -> Iterator[tuple[str, Plain, str]]:
    for key in ORDERED:
        if value := getattr(item, key):
            yield key, value, below(item.place, key)
    for name, value in item.parameters.items():
        yield f"parameters.{name}", value, below(item.place, f"parameters.{name}")


def is_newer(rule: Rule, release: str) -> bool:
    """Whether the rule came with a later release than this one. An organisation's rules have no release of ours."""
    return not rule.span.path.startswith(OF_ORGANISATION) and _numbers(rule.since) > _numbers(release)


def _numbers(release: str) -> tuple[int, ...]:
    """`0.1` and `0.1.0` are one release."""
    numbers = [int(part) if part.isascii() and part.isdigit() else 0 for part in release.split(".")]
    while numbers and not numbers[-1]:
        numbers.pop()
    return tuple(numbers)


def protected_keys(layer: Layer, rule: Rule) -> frozenset[str]:
    """The keys of the rule that later files may only tighten."""
    return frozenset(key for section in layer.sections for entry in section.protected for key in _keys(entry, rule))


def _keys(entry: str, rule: Rule) -> frozenset[str]:
    if entry in EVERY_KEY:
        return frozenset({entry})
    first, _, rest = entry.partition(".")
    pattern, _, key = rest.partition(".")
    if first != "rules" or (pattern and not fits(pattern, rule)):
        return frozenset()
    return frozenset({key}) if key else EVERY_KEY


def _stricter(held: dict[str, Said], later: dict[str, Said], guarded: frozenset[str]) -> dict[str, Said]:
    """What holds after a file: its own word, but nothing weaker for a guarded key. Parameters have no order: guarded, they stay."""
    out = {key: said for key, said in later.items() if key in ORDERED or "parameters" not in guarded}
    for key in guarded & ORDERED.keys():
        ranks = ORDERED[key]
        if ranks.index(str(later[key].value)) <= ranks.index(str(held[key].value)):
            out[key] = held[key]
    if "parameters" in guarded:
        out |= {key: said for key, said in held.items() if key not in ORDERED}
    return out
