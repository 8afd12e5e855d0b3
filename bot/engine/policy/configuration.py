"""One configuration file, of a repository or of an organisation: what it says, each statement with its place."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from functools import lru_cache
from typing import Literal, TypeAlias

import msgspec
from msgspec import Struct

from bot.engine.decisions.question import Permission
from bot.engine.model.budget import Budget
from bot.engine.model.result import Level
from bot.engine.model.rule import Disposition, Rule
from bot.engine.model.span import NOWHERE, Span
from bot.engine.model.value import Plain
from bot.engine.policy.condition import leaves_of, resolve
from bot.engine.policy.globs import matches
from bot.engine.policy.load import Policy
from bot.engine.policy.predicates import PREDICATES
from bot.engine.policy.problem import ConfigurationError, Problem, not_allowed
from bot.engine.policy.reading import Reader, below

Treatment: TypeAlias = Literal["violation", "judgment", "advice", "off"]
MAX_BYTES = 1_000_000


class Override(Struct, frozen=True, rename={"start": "from"}):
    """What a file says of a rule; None where it says nothing. `start`: the first day on which it holds. `place`: inside the file."""

    level: Level | None = None
    disposition: Treatment | None = None
    unknown: Disposition | None = None
    parameters: dict[str, Plain] = {}
    start: date | None = None
    place: str = ""


class Paths(Struct, frozen=True):
    """`ignore`: patterns of paths that are not looked at."""

    ignore: tuple[str, ...] = ()


class Plans(Struct, frozen=True):
    """`workflows`: `OWNER/NAME/.github/workflows/FILE@refs/heads/BRANCH`, whose plans may settle what the code leaves open."""

    workflows: tuple[str, ...] = ()


class OwnerList(Struct, frozen=True):
    """`accounts`: users and teams. `least`: the permission in the repository that they need besides."""

    accounts: tuple[str, ...] = ()
    least: Permission = "write"


class Waiving(Struct, frozen=True, rename={"longest": "longest-days"}):
    """`longest`: days that a command may waive a violation for; empty where nothing is said."""

    longest: str = ""


class Lapsing(Struct, frozen=True):
    """The issue that lists what lapses. `issue`: `kept` or `never`; `days`: how long before. Empty where nothing is said."""

    issue: str = ""
    days: str = ""


NAMES = {"start": "from", "break_glass": "break-glass"}


class Section(Struct, frozen=True, rename=NAMES):
    """What a file says at its top or in one of its scopes. `rules`: pattern → overrides, the later over the earlier. `frameworks`:
    those whose rules are enforced and ask at least. `baseline`:
    topic → the value that the organisation states, which the rules of that topic use.

    `owners`: category, or `fallback` → who may answer. `break_glass`: teams that may let a change pass; None where nothing is said.
    `reviews`: categories on which an approving review is an answer; None where nothing is said.
    `repositories`, `properties`, `start`: for whom and from which day it is said; empty means everybody, always.
    """

    level: Level | None = None
    rules: dict[str, tuple[Override, ...]] = {}
    frameworks: tuple[str, ...] = ()
    budgets: tuple[Budget, ...] = ()
    baseline: dict[str, Plain] = {}
    paths: Paths = Paths()
    roots: tuple[str, ...] = ()
    plans: Plans = Plans()
    owners: dict[str, OwnerList] = {}
    break_glass: tuple[str, ...] | None = None
    reviews: tuple[str, ...] | None = None
    waivers: Waiving = Waiving()
    lapsing: Lapsing = Lapsing()
    accepted: str = ""
    protected: tuple[str, ...] = ()
    repositories: tuple[str, ...] = ()
    properties: dict[str, tuple[str, ...]] = {}
    start: date | None = None
    place: str = ""

    def is_for(self, repository: str, properties: dict[str, str]) -> bool:
        """Whether it is said for the repository (owner/name), whatever the day."""
        names = (repository, repository.rpartition("/")[2])
        named = not self.repositories or any(matches(pattern, name) for pattern in self.repositories for name in names)
        return named and all(properties.get(name) in values for name, values in self.properties.items())


class Configuration(Struct, frozen=True):
    """`sections`: the top first, then the scopes. `branches`: patterns. `spans`: place inside the file → where it is written."""

    path: str = ""
    sections: tuple[Section, ...] = ()
    branches: tuple[str, ...] = ()
    spans: dict[str, Span] = {}

    def span(self, place: str) -> Span:
        """Where the place is written."""
        return self.spans.get(place, NOWHERE)


def load_configuration(data: bytes, path: str) -> Configuration:
    """The configuration in a repository's file; empty bytes are an empty one. Raises `ConfigurationError` with every problem."""
    return _loaded(data, path, of_organisation=False)


def load_organisation(data: bytes, path: str) -> Configuration:
    """The configuration in an organisation's file; empty bytes are an empty one. Raises `ConfigurationError` with every problem."""
    return _loaded(data, path, of_organisation=True)


class _Read(Section, frozen=True, rename=NAMES):
    version: str = "1"
    branches: tuple[str, ...] = ()
    scopes: tuple[Section, ...] = ()


@lru_cache(maxsize=32)
def _loaded(data: bytes, path: str, *, of_organisation: bool) -> Configuration:
    if not data.strip():
        return Configuration(path)
    from bot.engine.policy import keys  # noqa: PLC0415 - without a file there is nothing to read
    from bot.engine.policy.forms import Reading  # noqa: PLC0415

    reader = Reader(columns=False)
    reading = Reading(reader)
    node = reader.document(data, path, MAX_BYTES)
    found = reading.read(keys.ORGANISATION if of_organisation else keys.REPOSITORY, node, "") if node is not None else {}
    if reader.problems:
        raise ConfigurationError(reader.problems)
    whole = msgspec.convert(found, _Read)
    top = Section(**{name: getattr(whole, name) for name in Section.__struct_fields__})
    return Configuration(path, (top, *whole.scopes), whole.branches, reading.spans)


def fits(pattern: str, rule: Rule) -> bool:
    """Whether a key of `rules` means the rule: its id, a pattern over ids, packs, and pack and id (`baseline/aws-*`), or a framework."""
    names = (rule.id, rule.pack, f"{rule.pack}/{rule.id}", *rule.frameworks)
    return pattern in names or (("*" in pattern or "?" in pattern) and any(matches(pattern, name) for name in names))


def check(configuration: Configuration, policy: Policy) -> tuple[Problem, ...]:
    """What the configuration says that no rule of the policy answers to: rules and topics that do not exist, values that do not fit."""
    if not configuration.sections:
        return ()
    packs = dict.fromkeys(rule.pack for rule in policy.rules if rule.pack)
    names = (*(rule.id for rule in policy.rules), *packs, *frameworks_of(policy))
    problems: list[Problem] = []
    for section in configuration.sections:
        for pattern, overrides in section.rules.items():
            rules = [rule for rule in policy.rules if fits(pattern, rule)]
            place = below(below(section.place, "rules"), pattern)
            if not rules and pattern not in policy.deprecated:
                text = not_allowed("a rule or pack", pattern, few(pattern, names))
                problems.append(Problem(configuration.span(place), place, text, columns=False))
            problems += (problem for override in overrides for problem in _parameter_problems(configuration, override, rules))
        problems += _framework_problems(configuration, section, policy)
        problems += _topic_problems(configuration, section, policy)
        problems += (problem for budget in section.budgets for problem in _band_problems(configuration, budget))
    return tuple(sorted(problems))


def few(pattern: str, names: tuple[str, ...]) -> tuple[str, ...]:
    """The names that begin like the pattern, else all: 200 rules in a message help nobody."""
    start = pattern.partition("-")[0]
    return tuple(name for name in names if name.startswith(start)) or names


def _parameter_problems(configuration: Configuration, override: Override, rules: list[Rule]) -> Iterator[Problem]:
    for name in override.parameters:
        place = below(below(override.place, "parameters"), name)
        span = configuration.span(place)
        having = [rule for rule in rules if any(item.name == name for item in rule.parameters)]
        if rules and not having:
            allowed = tuple(dict.fromkeys(item.name for rule in rules for item in rule.parameters))
            yield Problem(span, place, not_allowed("a parameter of this rule", name, allowed), columns=False)
        yield from (Problem(span, place, text, columns=False) for rule in having for text in _misfits(rule, name, override.parameters))


def _framework_problems(configuration: Configuration, section: Section, policy: Policy) -> Iterator[Problem]:
    names = frameworks_of(policy)
    for number, name in enumerate(section.frameworks):
        if name not in names:
            place = below(section.place, f"frameworks[{number}]")
            yield Problem(configuration.span(place), place, not_allowed("a framework of any rule", name, names), columns=False)


def frameworks_of(policy: Policy) -> tuple[str, ...]:
    """The frameworks and editions that rules of the policy answer, sorted."""
    return tuple(sorted({name for rule in policy.rules for name in rule.frameworks}))


def _topic_problems(configuration: Configuration, section: Section, policy: Policy) -> Iterator[Problem]:
    used = [(rule, item) for rule in policy.rules for item in rule.parameters if item.topic]
    for topic, value in section.baseline.items():
        place = below(below(section.place, "baseline"), topic)
        span = configuration.span(place)
        having = [(rule, item.name) for rule, item in used if item.topic == topic]
        if not having:
            text = not_allowed("a topic of any rule", topic, tuple(dict.fromkeys(item.topic for _, item in used)))
            yield Problem(span, place, text, columns=False)
        yield from (Problem(span, place, text, columns=False) for rule, name in having for text in _misfits(rule, name, {name: value}))


def _band_problems(configuration: Configuration, budget: Budget) -> Iterator[Problem]:
    """A budget without a band says nothing; a lower band above the upper one would never ask."""
    lower, upper = budget.bands
    if lower is None and upper is None:
        yield Problem(configuration.span(budget.place), budget.place, "has to have `lower` or `upper`.", columns=False)
    elif lower is not None and upper is not None and lower > upper:
        place = below(budget.place, "lower")
        yield Problem(configuration.span(place), place, f"is above `upper`, {budget.upper}.", budget.lower, columns=False)


def _misfits(rule: Rule, name: str, given: dict[str, Plain]) -> list[str]:
    values = {item.name: item.default for item in rule.parameters} | given
    using = [test for _, test in leaves_of(rule.when) if f"${name}" in test.args]
    found = ((test.predicate, PREDICATES[test.predicate].check(resolve(test.args, values))) for test in using)
    return [f"does not fit: `{predicate}` {problem}." for predicate, problem in found if problem]
