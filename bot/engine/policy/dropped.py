"""What a file says without effect, because an earlier one protects it or a verdict would not be honest: told to its author."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from msgspec import Struct
from msgspec.structs import replace

from bot.engine.model.notice import Notice
from bot.engine.model.rule import Rule
from bot.engine.model.value import Plain
from bot.engine.policy.lists import ADDING, owners, patterns, reviews
from bot.engine.policy.precedence import Governance
from bot.engine.policy.resolution import HONEST_KEYS, NEVER_LOOSENED, Said, steps


class Dropped(Struct, frozen=True):
    """A statement without effect. `held`: what holds instead, `rules`: for how many rules; None and 0 for what is no rule's.

    `honest`: it would have made a verdict dishonest.
    """

    said: Said
    held: Plain = None
    rules: int = 0
    honest: bool = False


def notices(found: Governance, rules: Iterable[Rule]) -> tuple[Notice, ...]:
    """Every statement without effect, by file and line; and what of CODEOWNERS helps nobody, where it is used."""
    lines = [(item, found.layers[item.said.layer].configuration.span(item.said.place)) for item in dropped(found, rules)]
    ordered = sorted(lines, key=lambda pair: (pair[0].said.layer, pair[1]))
    lost = (_notice(item, f"{span.path}:{span.line}", tightens=found.layers[item.said.layer].tightens) for item, span in ordered)
    return (*lost, *(found.code_owners.notices() if found.by_file else ()))


def dropped(found: Governance, rules: Iterable[Rule]) -> tuple[Dropped, ...]:
    """Every statement without effect."""
    by_place: dict[tuple[int, str], Dropped] = {}
    for rule in rules if found.layers else ():
        for said, held, honest in _losses(found, rule):
            known = by_place.get((said.layer, said.place), Dropped(said, held, honest=honest))
            by_place[said.layer, said.place] = replace(known, rules=known.rules + 1)
    adding = (said for name in ADDING for said in patterns(found.layers, name).lost)
    lists = (*adding, *owners(found.layers).lost, *reviews(found.layers).lost, *found.days.lost)
    return (*by_place.values(), *map(Dropped, lists))


def _losses(found: Governance, rule: Rule) -> Iterator[tuple[Said, Plain, bool]]:
    """Each statement about the rule that does not hold, with what does. A pattern over many rules need not say what it spares."""
    for layer, step in enumerate(steps(rule, found.layers, found.where), -1):
        for key, said in step.unguarded.items():
            held = step.held[key].value if key in step.held else _default(rule, key)
            honest = rule.id in NEVER_LOOSENED and key in HONEST_KEYS
            if said.layer == layer and said.value != held and (said.own or not honest):
                yield said, held, honest


def _default(rule: Rule, key: str) -> Plain:
    name = key.partition(".")[2]
    return next((item.default for item in rule.parameters if item.name == name), None)


def _notice(item: Dropped, where: str, *, tightens: bool) -> Notice:
    value = ", ".join(map(str, item.said.value)) if isinstance(item.said.value, list) else str(item.said.value)
    fields: dict[str, str | int] = {"where": where, "place": item.said.place, "value": value}
    key = "honest" if item.honest else "tightens-only" if tightens else "protected"
    return Notice(key, {**fields, "held": str(item.held), "n": item.rules}) if item.rules else Notice(f"list-{key}", fields)
