"""What holds where several files speak: the organisation's, then the repository's, then a protected branch's that may only tighten."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

from msgspec import Struct

from bot.engine.decisions.question import Permission
from bot.engine.model.budget import Budget
from bot.engine.model.result import Level
from bot.engine.model.rule import Disposition, Rule
from bot.engine.model.value import Plain
from bot.engine.policy.codeowners import ACCOUNT, CodeOwners
from bot.engine.policy.configuration import Configuration, Section, Treatment
from bot.engine.policy.days import Days, days
from bot.engine.policy.globs import matches
from bot.engine.policy.lists import breakers, owners, patterns, reviews
from bot.engine.policy.load import Policy
from bot.engine.policy.resolution import ORDERED, Layer, Said, Where, steps

UNSAID = days(())


class Settings(Struct, frozen=True):
    """What holds for one rule. `parameters`: those that a file sets."""

    level: Level
    disposition: Treatment
    unknown: Disposition
    parameters: dict[str, Plain] = {}


class Governance(Struct, frozen=True, eq=False):
    """The files that govern a repository, the weightiest last, and what they come to.

    `ignored`: patterns of paths that are not looked at; `roots`: of directories that are roots because a file says so;
    `owners`: category → accounts and teams that are asked to decide; `fallback`: those that may on every category; `least`: category →
    the permission that they need besides, where it is not write; `break_glass`: teams that may let a change pass;
    `code_owners`: who owns which file, for lists that hold `codeowners`;
    `reviews`: categories on which an approving review is an answer; `workflows`: those whose plans may settle what the code leaves open.
    `days`: what is said in days.
    `known`: the settings that were asked for already.
    """

    layers: tuple[Layer, ...]
    where: Where
    ignored: tuple[str, ...] = ()
    roots: tuple[str, ...] = ()
    owners: dict[str, tuple[str, ...]] = {}
    fallback: tuple[str, ...] = ()
    least: dict[str, Permission] = {}
    break_glass: tuple[str, ...] = ()
    reviews: frozenset[str] = frozenset()
    code_owners: CodeOwners = CodeOwners()
    workflows: tuple[str, ...] = ()
    days: Days = UNSAID
    known: dict[str, Settings] = {}

    def asked(self, category: str, file: str = "") -> tuple[str, ...]:
        """Who is asked to answer on the category, about that file: its own owners, else the fallback."""
        return self._own(category, file) or self.fallback

    def eligible(self, category: str, file: str = "") -> tuple[str, ...]:
        """Who may answer on the category, about that file: its own owners, and the fallback."""
        return tuple(dict.fromkeys((*self._own(category, file), *self.fallback)))

    @property
    def by_file(self) -> frozenset[str]:
        """The categories whose owners depend on the file."""
        return frozenset(category for category, listed in self.owners.items() if ACCOUNT in listed)

    def _own(self, category: str, file: str) -> tuple[str, ...]:
        listed = self.owners.get(category, ())
        if ACCOUNT not in listed or not file:
            return listed
        of_file = self.code_owners.of(file)
        return tuple(dict.fromkeys(name for account in listed for name in (of_file if account == ACCOUNT else (account,))))

    def permission(self, category: str) -> Permission:
        """The permission that an answer on the category needs: as the list says that is asked."""
        return self.least.get(category if self.owners.get(category) else "fallback", "write")

    def settings(self, rule: Rule) -> Settings:
        """What holds for the rule."""
        found = self.known.get(rule.id)
        if found is None:
            *_, last = steps(rule, self.layers, self.where)
            found = self.known[rule.id] = _settings(last.held)
        return found

    def parameters(self, policy: Policy) -> dict[str, dict[str, Plain]]:
        """Rule id → parameters, as `judge` takes them."""
        sections = [section for layer in self.layers for section in layer.sections]
        named = any(item.parameters for section in sections for items in section.rules.values() for item in items)
        if not named and not any(section.baseline for section in sections):
            return {}
        found = {rule.id: self.settings(rule).parameters for rule in policy.rules}
        return {name: values for name, values in found.items() if values}

    @property
    def budgets(self) -> tuple[Budget, ...]:
        """The budgets of all files that are in force: each holds, whatever another one allows."""
        return tuple(budget for layer in self.layers for section in layer.sections for budget in section.budgets)

    @property
    def topics(self) -> frozenset[str]:
        """The topics on which a file that is in force states a baseline."""
        return frozenset(topic for layer in self.layers for section in layer.sections for topic in section.baseline)

    def ignores(self, path: str) -> bool:
        """Whether the path is not looked at; a pattern of a directory ignores all below it."""
        return any(matches(glob, path, parts=True) or matches(f"{glob.rstrip('/')}/**", path, parts=True) for glob in self.ignored)

    def is_root(self, directory: str) -> bool:
        """Whether a file says that the directory is a root; the top of the tree is `.`."""
        return any(matches(glob.strip("/"), directory or ".", parts=True) for glob in self.roots)

    @property
    def changes(self) -> date | None:
        """The next day on which something else holds; None when no day that is written is still to come."""
        days = (
            start
            for layer in self.layers
            for section in layer.configuration.sections
            if section.is_for(self.where.repository, self.where.properties)
            for start in (section.start, *(item.start for items in section.rules.values() for item in items))
            if start is not None and start > self.where.today
        )
        return min(days, default=None)


def governance(files: Iterable[tuple[Configuration, bool]], where: Where, code_owners: CodeOwners = CodeOwners()) -> Governance:  # noqa: B008 - a constant
    """What the files come to, the weightiest last; each with whether it may only tighten what is said before it."""
    layers = tuple(Layer(item, _in_force(item, where), tightens) for item, tightens in files if item.sections)
    named = owners(layers).named
    return Governance(
        layers,
        where,
        ignored=tuple(str(said.value) for said in patterns(layers, "paths.ignore").held),
        roots=tuple(str(said.value) for said in patterns(layers, "roots").held),
        owners={category: listed.accounts for category, listed in named.items() if category != "fallback"},
        fallback=named["fallback"].accounts if "fallback" in named else (),
        least={category: listed.least for category, listed in named.items()},
        break_glass=breakers(layers),
        code_owners=code_owners,
        reviews=frozenset(str(said.value) for said in reviews(layers).held),
        days=days(layers),
        workflows=tuple(str(said.value) for said in patterns(layers, "plans.workflows").held),
    )


def _in_force(configuration: Configuration, where: Where) -> tuple[Section, ...]:
    return tuple(
        section
        for section in configuration.sections
        if section.is_for(where.repository, where.properties) and (section.start is None or section.start <= where.today)
    )


def _settings(held: dict[str, Said]) -> Settings:
    parameters = {key.partition(".")[2]: said.value for key, said in held.items() if key not in ORDERED}
    level, disposition, unknown = (held[key].value for key in ORDERED)
    return Settings(level, disposition, unknown, parameters)  # type: ignore[arg-type]  # one of the allowed words each, as read
