"""Conditions in strong Kleene logic, with the evidence that decides.

True of `all`: everything; of `any`: the first true branch in the rule's order. False: what decides. Unknown: what is not known
first, then the rest of an `all` that would have to hold with it. Evaluation depends on the rule's order alone.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from functools import cache
from itertools import islice, product
from typing import TypeAlias

from msgspec import Struct

from bot.engine.model.given import pieces_of
from bot.engine.model.match import Evidence
from bot.engine.model.rule import All, Condition, Not, Quantified, Test
from bot.engine.model.value import Plain, Unknown, Value
from bot.engine.policy.lift import holds
from bot.engine.policy.lookup import ITSELF, Path, Scope, elements_at, follow, steps
from bot.engine.policy.predicates import PREDICATES
from bot.engine.policy.predicates.predicate import Args, Predicate, Raw, read_args

MAX_WAYS = 1000


class Leaf(Struct, frozen=True):
    """A test, prepared: `shared` is the path its attributes have in common, `rests` what follows for each."""

    paths: tuple[str, ...]
    shared: Path
    rests: tuple[Path, ...]
    predicate: Predicate
    name: str
    args: Args
    absent: bool | None


Group: TypeAlias = tuple["Leaf | str", tuple[Value | None, ...]]  # one leaf, or the path of a collection, and what was read
Outcome: TypeAlias = tuple[bool | None, tuple[Group, ...]]
Judge: TypeAlias = Callable[[Scope, Unknown | None], Outcome]
Arguments: TypeAlias = Callable[[tuple[Plain, ...]], Args]


def prepare(condition: Condition, arguments: Arguments, prefix: str = "", *, negated: bool = False) -> Judge:
    """The condition as a function of what it reads: the truth (None: unknown) and the groups of evidence."""
    if isinstance(condition, Test):
        return _leaf(condition, arguments, prefix, negated=negated)
    if isinstance(condition, Not):
        return _not(prepare(condition.condition, arguments, prefix, negated=not negated))
    if isinstance(condition, Quantified):
        inner = prepare(condition.condition, arguments, joined(prefix, condition.path), negated=negated)
        return _quantified(condition, inner, joined(prefix, condition.path))
    parts = tuple(prepare(part, arguments, prefix, negated=negated) for part in condition.conditions)
    return _all(parts) if isinstance(condition, All) else _any(parts)


def joined(prefix: str, path: str) -> str:
    """A path below another one."""
    if not prefix or prefix == ITSELF:
        return path
    return prefix if path == ITSELF else f"{prefix}.{path}"


def _all(parts: tuple[Judge, ...]) -> Judge:
    def judge(scope: Scope, incomplete: Unknown | None) -> Outcome:
        unknown: list[Group] = []
        true: list[Group] = []
        undecided = False
        for part in parts:
            truth, groups = part(scope, incomplete)
            if truth is False:
                return False, groups
            undecided = undecided or truth is None
            (unknown if truth is None else true).extend(groups)
        return (None if undecided else True), (*unknown, *true)

    return judge


def _any(parts: tuple[Judge, ...]) -> Judge:
    def judge(scope: Scope, incomplete: Unknown | None) -> Outcome:
        unknown: list[Group] = []
        false: list[Group] = []
        undecided = False
        for part in parts:
            truth, groups = part(scope, incomplete)
            if truth:
                return True, groups
            undecided = undecided or truth is None
            (unknown if truth is None else false).extend(groups)
        return (None, tuple(unknown)) if undecided else (False, tuple(false))

    return judge


def _not(part: Judge) -> Judge:
    def judge(scope: Scope, incomplete: Unknown | None) -> Outcome:
        truth, groups = part(scope, incomplete)
        return (None if truth is None else not truth), groups

    return judge


def _quantified(condition: Quantified, inner: Judge, place: str) -> Judge:
    path = steps(condition.path)
    some = condition.quantifier == "some"

    def judge(scope: Scope, incomplete: Unknown | None) -> Outcome:
        elements = elements_at(scope, path, incomplete)
        if not elements:
            return condition.absent, ((place, (None,)),)
        outcomes = [(None, ((place, (item,)),)) if _is_untold(item) else inner(item, incomplete) for item in elements]
        return _combined(outcomes, decisive=some)

    return judge


def _is_untold(item: Value) -> bool:
    """Whether nothing at all is known of an element; of a text partly known, or chosen among known ones, the test may decide."""
    return isinstance(item, Unknown) and not item.branches and not any(pieces_of(item))


def _combined(outcomes: Iterable[Outcome], *, decisive: bool) -> Outcome:
    """Several outcomes of one condition: one decisive truth decides, shown with all that agree; else an unknown does."""
    found = tuple(outcomes)
    truths = {truth for truth, _ in found}
    truth = decisive if decisive in truths else None if None in truths else not decisive
    return truth, tuple(group for one, groups in found if one is truth for group in groups)


def _leaf(test: Test, arguments: Arguments, prefix: str, *, negated: bool) -> Judge:
    paths = tuple(map(steps, test.paths))
    shared = _shared(paths)
    predicate = PREDICATES[test.predicate]
    leaf = Leaf(
        paths=tuple(joined(prefix, path) for path in test.paths),
        shared=shared,
        rests=tuple(path[len(shared) :] for path in paths),
        predicate=predicate,
        name=f"not:{test.predicate}" if negated else test.predicate,
        args=read_args(arguments(test.args)),
        absent=test.absent,
    )
    usable = cache(lambda: predicate.check(leaf.args) is None)
    single = paths[0] if len(paths) == 1 else None

    def judge(scope: Scope, incomplete: Unknown | None) -> Outcome:
        ways = [(value,) for value in follow(scope, single, incomplete)] if single is not None else _ways(leaf, scope, incomplete)
        if len(ways) == 1:
            return holds(predicate, ways[0], leaf.args, leaf.absent) if usable() else None, ((leaf, ways[0]),)
        return _combined(
            ((holds(predicate, values, leaf.args, leaf.absent) if usable() else None, ((leaf, values),)) for values in ways), decisive=True
        )

    return judge


def _shared(paths: tuple[Path, ...]) -> Path:
    """The steps that all paths begin with, so that attributes of one block are read together; the last of each is its own."""
    shortest = min(map(len, paths)) - 1
    same = 0
    while same < shortest and len({path[same] for path in paths}) == 1:
        same += 1
    return paths[0][:same]


def _ways(leaf: Leaf, scope: Scope, incomplete: Unknown | None) -> list[tuple[Value | None, ...]]:
    """The values of several attributes, together for each element of the block list that they share."""
    out: list[tuple[Value | None, ...]] = []
    for inside in elements_at(scope, leaf.shared, incomplete) if leaf.shared else (scope,):
        read = tuple(follow(inside, rest, incomplete) for rest in leaf.rests)
        out.extend(islice(product(*read), MAX_WAYS + 1))
        if len(out) > MAX_WAYS:
            return [tuple(Unknown("limit", path) for path in leaf.paths)]
    return out or [tuple(incomplete for _ in leaf.paths)]


def evidence(groups: Iterable[Group], anchor: str) -> tuple[Evidence, ...]:
    """The groups as evidence, what was read at the anchor's path first."""
    found = [item for number, group in enumerate(groups) for item in _evidence(number, group)]
    inside = f"{anchor}."
    return tuple(sorted(found, key=lambda item: not (item.path == anchor or item.path.startswith(inside)))) if anchor else tuple(found)


def _evidence(number: int, group: Group) -> Iterable[Evidence]:
    leaf, values = group
    if isinstance(leaf, str):
        return (Evidence(leaf, "element", values[0], leaf=(number, 0)),)
    return (
        Evidence(path, leaf.name, value, leaf.args, (number, position))
        for position, (path, value) in enumerate(zip(leaf.paths, values, strict=True))
    )


def leaves_of(condition: Condition, prefix: str = "") -> Iterable[tuple[str, Test]]:
    """Every leaf with the path it stands under, in order."""
    if isinstance(condition, Test):
        return ((prefix, condition),)
    if isinstance(condition, Not):
        return leaves_of(condition.condition, prefix)
    if isinstance(condition, Quantified):
        return leaves_of(condition.condition, joined(prefix, condition.path))
    return (found for part in condition.conditions for found in leaves_of(part, prefix))


def resolve(args: tuple[Plain, ...], parameters: Mapping[str, Plain]) -> Args:
    """Arguments with `$name` replaced by the parameter's value, a list among them spread."""
    out: list[Raw] = []
    for arg in args:
        value = parameters[arg[1:]] if isinstance(arg, str) and arg.startswith("$") and arg[1:] in parameters else arg
        out.extend(map(_frozen, value) if isinstance(value, list | tuple) else (_frozen(value),))
    return tuple(out)


def _frozen(value: Plain) -> Raw:
    if isinstance(value, list | tuple):
        return tuple(map(_frozen, value))
    return {key: _frozen(item) for key, item in value.items()} if isinstance(value, dict) else value


def quantified_of(condition: Condition, prefix: str = "") -> Iterable[str]:
    """The path of every collection that is quantified over."""
    if isinstance(condition, Test):
        return ()
    if isinstance(condition, Not):
        return quantified_of(condition.condition, prefix)
    if isinstance(condition, Quantified):
        place = joined(prefix, condition.path)
        return (place, *quantified_of(condition.condition, place))
    return (found for part in condition.conditions for found in quantified_of(part, prefix))
