"""Mutants of a rule: small changes, each of which some example has to notice."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from msgspec import Struct
from msgspec.structs import replace

from bot.engine.judgment import FIELDS
from bot.engine.model.rule import All, AnyOf, Condition, Disposition, Not, Parameter, Quantified, Rule, Target, Test
from bot.engine.model.value import Plain
from bot.engine.policy.condition import joined, leaves_of
from bot.engine.policy.examples import Evaluated, RuleFile, evaluated, run
from bot.engine.policy.predicates import PREDICATES
from bot.engine.policy.predicates.ports import GROUPS

OTHER: dict[Disposition, Disposition] = {"violation": "advice", "judgment": "violation", "advice": "violation"}
ANCHOR = "anchor: "
THRESHOLDS = frozenset({"less_than", "at_most", "greater_than", "at_least", "wider_than"})


class Mutant(Struct, frozen=True):
    """A changed rule. `name` says where and how; it is stable, so that a rule may list it under `equivalent_mutants`."""

    name: str
    rule: Rule


class Survey(Struct, frozen=True):
    """What became of a rule's mutants. `listed`: survivors that the rule lists with a reason; `stale`: listed ones that die or
    do not exist."""

    tried: int
    survivors: tuple[Mutant, ...]
    listed: tuple[Mutant, ...] = ()
    stale: tuple[str, ...] = ()


def survey(file: RuleFile, given: tuple[Evaluated, ...] | None = None) -> Survey:
    """Runs every mutant against all examples. `given`: the examples, when they are evaluated already."""
    examples = given if given is not None else tuple(map(evaluated, file.examples))
    tried = mutants(file.rule)
    alive = [mutant for mutant in tried if all(not run(mutant.rule, example).differences for example in examples)]
    if any(mutant.name.startswith(ANCHOR) and mutant not in alive for mutant in tried):  # the anchor is seen to matter
        alive = [mutant for mutant in alive if not mutant.name.startswith(ANCHOR)]
    stale = tuple(sorted(file.equivalent.keys() - {mutant.name for mutant in alive}))
    unlisted = tuple(mutant for mutant in alive if mutant.name not in file.equivalent)
    return Survey(len(tried), unlisted, tuple(mutant for mutant in alive if mutant.name in file.equivalent), stale)


def mutants(rule: Rule) -> tuple[Mutant, ...]:
    """All mutants, each different from the rule and from the others, in a fixed order."""
    out: list[Mutant] = []
    for name, changed in _changes(rule):
        if changed != rule and all(changed != other.rule for other in out):
            out.append(Mutant(name, changed))
    return tuple(out)


def _changes(rule: Rule) -> Iterator[tuple[str, Rule]]:
    observed = any(not target.view for target in rule.targets)
    for name, condition in _conditions(rule.when, "when", observed=observed):
        yield name, replace(rule, when=condition)
    for number, item in enumerate(rule.parameters):
        for name, default in _defaults(item):
            changed = (*rule.parameters[:number], Parameter(item.name, default, item.description), *rule.parameters[number + 1 :])
            yield name, replace(rule, parameters=changed)
    yield from _anchors(rule)
    yield f"disposition: {OTHER[rule.disposition]}", replace(rule, disposition=OTHER[rule.disposition])
    for name, targets in _targets(rule.targets):
        yield name, replace(rule, targets=targets)
    if rule.element:
        yield "element: dropped", replace(rule, element="")


def _anchors(rule: Rule) -> Iterator[tuple[str, Rule]]:
    """None for a view of the difference: its facts say themselves where they stand."""
    if any(target.view in FIELDS for target in rule.targets):
        return
    for path in sorted(_beside(rule.when, rule.anchor)):
        if path != rule.anchor and not path.startswith(f"{rule.anchor}."):
            yield f"{ANCHOR}{path}", replace(rule, anchor=path)


def _beside(condition: Condition, anchor: str, prefix: str = "", *, negated: bool = False) -> set[str]:
    """The paths that can decide together with the anchor: only between those does the anchor choose."""
    if isinstance(condition, Not):
        return _beside(condition.condition, anchor, prefix, negated=not negated)
    if isinstance(condition, Quantified):
        return _beside(condition.condition, anchor, joined(prefix, condition.path), negated=negated)
    if isinstance(condition, Test):
        paths = {joined(prefix, path) for path in condition.paths}
        return paths if anchor in paths else set()
    inside = [_beside(part, anchor, prefix, negated=negated) for part in condition.conditions]
    together = isinstance(condition, All) is not negated and any(inside)
    others = (joined(place, path) for part in condition.conditions for place, test in leaves_of(part, prefix) for path in test.paths)
    return set(others) if together else {path for found in inside for path in found}


def _targets(targets: tuple[Target, ...]) -> Iterator[tuple[str, tuple[Target, ...]]]:
    if sum(len(target.types) or 1 for target in targets) < 2:
        return
    for number, target in enumerate(targets):
        before, after = targets[:number], targets[number + 1 :]
        if len(target.types) < 2:
            yield f"applies_to: without {target.view or target.types[0]}", (*before, *after)
            continue
        for name in target.types:
            kept = tuple(other for other in target.types if other != name)
            yield f"applies_to: without {name}", (*before, replace(target, types=kept), *after)


def _conditions(condition: Condition, place: str, *, observed: bool) -> Iterator[tuple[str, Condition]]:
    if isinstance(condition, Test):
        yield f"{place}: negated", Not(condition)
        yield from _tests(condition, place, observed=observed)
    elif isinstance(condition, Not):
        yield f"{place}.not: dropped", condition.condition
        yield from ((name, Not(part)) for name, part in _conditions(condition.condition, f"{place}.not", observed=observed))
    elif isinstance(condition, Quantified):
        yield from _quantified(condition, place, observed=observed)
    else:
        yield from _several(condition, place, observed=observed)


def _several(condition: All | AnyOf, place: str, *, observed: bool) -> Iterator[tuple[str, Condition]]:
    kind, word, other = (All, "all", "any") if isinstance(condition, All) else (AnyOf, "any", "all")
    parts = condition.conditions
    if len(parts) > 1:
        yield f"{place}.{word}: {other}", AnyOf(parts) if kind is All else All(parts)
    for number, part in enumerate(parts):
        before, after = parts[:number], parts[number + 1 :]
        if len(parts) > 1:
            yield f"{place}.{word}[{number}]: dropped", kind((*before, *after))
        for name, changed in _conditions(part, f"{place}.{word}[{number}]", observed=observed):
            yield name, kind((*before, changed, *after))


def _quantified(condition: Quantified, place: str, *, observed: bool) -> Iterator[tuple[str, Condition]]:
    word = condition.quantifier
    yield f"{place}.{word}: {'every' if word == 'some' else 'some'}", replace(condition, quantifier="every" if word == "some" else "some")
    if observed or condition.absent is not False:
        yield from ((f"{place}.absent: {_word(truth)}", replace(condition, absent=truth)) for truth in _others(condition.absent))
    for name, changed in _conditions(condition.condition, f"{place}.where", observed=observed):
        yield name, replace(condition, condition=changed)


def _tests(test: Test, place: str, *, observed: bool) -> Iterator[tuple[str, Condition]]:
    """`observed`: the rule reads a language itself; what a view leaves out is the view's business unless the rule says otherwise."""
    if not PREDICATES[test.predicate].reads_absence and (observed or test.absent is not False):
        yield from ((f"{place}.absent: {_word(truth)}", replace(test, absent=truth)) for truth in _others(test.absent))
    for how, args in _args(test.predicate, test.args):
        yield f"{place}.args{how}", replace(test, args=args)


def _others(absent: bool | None) -> tuple[bool | None, ...]:  # noqa: FBT001 - a truth value, not a switch
    return (not absent,) if absent is not None else (True, False)


def _word(truth: bool | None) -> str:  # noqa: FBT001 - a truth value, not a switch
    return "unknown" if truth is None else str(truth).lower()


def _args(predicate: str, args: tuple[Plain, ...]) -> Iterator[tuple[str, tuple[Plain, ...]]]:
    flat: tuple[Plain, ...] = tuple(item for arg in args for item in (arg if isinstance(arg, list) else (arg,)))
    for number, arg in enumerate(flat):
        before, after = flat[:number], flat[number + 1 :]
        if isinstance(arg, str) and arg.startswith("$"):
            continue
        if len(flat) > 1 and predicate not in THRESHOLDS:
            yield f"[{number}]: dropped", (*before, *after)
            continue
        yield from ((f"[{number}]: {changed}", (*before, changed, *after)) for changed in _changed(predicate, arg))


def _changed(predicate: str, arg: Plain) -> Iterable[Plain]:
    if isinstance(arg, bool):
        return (not arg,)
    if isinstance(arg, int | float):
        step = 1 if isinstance(arg, int) else 0.5
        return (arg + step, arg - step)
    return _texts(predicate, arg) if isinstance(arg, str) else ()


def _texts(predicate: str, arg: str) -> tuple[str, ...]:
    if predicate == "covers_port":
        return (next(name for name in GROUPS if name != arg),)
    return _versions(arg) if predicate == "version_below" else (f"{arg}x",)


def _versions(text: str) -> tuple[str, ...]:
    found = re.search(r"\d+(?!.*\d)", text)
    if found is None:
        return ()
    before, last, after = text[: found.start()], int(found[0]), text[found.end() :]
    return tuple(f"{before}{number}{after}" for number in (last + 1, last - 1) if number >= 0)


def _defaults(item: Parameter) -> Iterator[tuple[str, Plain]]:
    """Other defaults of a parameter: of a list its first element dropped and one added, of a scalar a near one."""
    if isinstance(item.default, list):
        if item.default:
            yield f"parameters.{item.name}[0]: dropped", item.default[1:]
        return
    yield from ((f"parameters.{item.name}: {changed}", changed) for changed in _changed("", item.default))
