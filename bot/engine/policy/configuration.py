"""The configuration of a repository or organisation: what rules do, which paths are ignored, who decides."""

from __future__ import annotations

from typing import Literal, TypeAlias

from msgspec import Struct

from bot.engine.documents import Node, to_plain
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
from bot.engine.policy.rulefile import CATEGORIES, DISPOSITIONS

Treatment: TypeAlias = Literal["violation", "judgment", "advice", "off"]
LEVELS = ("observe", "comment", "enforce")
TREATMENTS = (*DISPOSITIONS, "off")
KEYS = ("version", "level", "rules", "paths", "owners", "roots")
RULE_KEYS = ("level", "disposition", "unknown", "parameters")
VERSIONS = ("1",)


class Override(Struct, frozen=True):
    """What the configuration says of one rule; None where it says nothing."""

    level: Level | None = None
    disposition: Treatment | None = None
    unknown: Disposition | None = None
    parameters: dict[str, Plain] = {}


class Entry(Struct, frozen=True):
    """One key of `rules`: a rule's id, or a pattern over ids, packs, and pack and id (`baseline/aws-*`)."""

    pattern: str
    override: Override
    span: Span = NOWHERE

    def fits(self, rule: Rule) -> bool:
        return any(matches(self.pattern, name) for name in (rule.id, rule.pack, f"{rule.pack}/{rule.id}"))


class Configuration(Struct, frozen=True):
    """`ignored` and `roots` are path patterns; `owners`: category → accounts and teams. An empty file leaves everything open."""

    level: Level | None = None
    rules: tuple[Entry, ...] = ()
    ignored: tuple[str, ...] = ()
    owners: dict[str, tuple[str, ...]] = {}
    roots: tuple[str, ...] = ()
    path: str = ""

    def override(self, rule: Rule) -> Override:
        """What holds for the rule: its own entry over patterns, and of those the later over the earlier, key by key."""
        fitting = [entry for entry in self.rules if entry.fits(rule)]
        ordered = sorted(fitting, key=lambda entry: entry.pattern == rule.id)
        return _merged([entry.override for entry in ordered])

    def ignores(self, path: str) -> bool:
        """Whether the path is not looked at; a pattern of a directory ignores all below it."""
        return any(matches(glob, path, parts=True) or matches(f"{glob.rstrip('/')}/**", path, parts=True) for glob in self.ignored)

    def parameters(self, policy: Policy) -> dict[str, dict[str, Plain]]:
        """Rule id → parameters, as `judge` takes them."""
        if not any(entry.override.parameters for entry in self.rules):
            return {}
        found = {rule.id: self.override(rule).parameters for rule in policy.rules}
        return {name: values for name, values in found.items() if values}


def _merged(overrides: list[Override]) -> Override:
    level: Level | None = None
    disposition: Treatment | None = None
    unknown: Disposition | None = None
    parameters: dict[str, Plain] = {}
    for item in overrides:
        level = item.level or level
        disposition = item.disposition or disposition
        unknown = item.unknown or unknown
        parameters |= item.parameters
    return Override(level, disposition, unknown, parameters)


def load_configuration(data: bytes, path: str) -> Configuration:
    """The configuration in a file; empty bytes are an empty one. Raises `ConfigurationError` with every problem."""
    reader = Reader(columns=False)
    node = reader.document(data, path) if data.strip() else None
    found = _configuration(reader, node, path) if node is not None else Configuration(path=path)
    if reader.problems:
        raise ConfigurationError(reader.problems)
    return found


def _configuration(reader: Reader, node: Node, path: str) -> Configuration:
    found = reader.fields(node, "", KEYS)
    reader.word(found.get("version"), "version", "a version", VERSIONS, "1")
    ignored = reader.fields(found["paths"], "paths", ("ignore",)) if "paths" in found else {}
    return Configuration(
        level=_level(reader, found.get("level"), "level"),
        rules=_rules(reader, found.get("rules")),
        ignored=reader.texts(ignored.get("ignore"), "paths.ignore"),
        owners=_owners(reader, found.get("owners")),
        roots=reader.texts(found.get("roots"), "roots"),
        path=path,
    )


def _level(reader: Reader, node: Node | None, place: str) -> Level | None:
    return reader.word(node, place, "a level", LEVELS) or None  # type: ignore[return-value]  # one of LEVELS


def _rules(reader: Reader, node: Node | None) -> tuple[Entry, ...]:
    if node is None or not reader.form(node, "rules", "mapping"):
        return ()
    seen: set[str] = set()
    for key, _ in node.pairs:
        if key.text in seen:
            reader.report(key.span, f"rules.{key.text}", "stands here twice.")
        seen.add(key.text)
    return tuple(Entry(key.text, _override(reader, value, f"rules.{key.text}"), key.span) for key, value in node.pairs)


def _override(reader: Reader, node: Node, place: str) -> Override:
    found = reader.fields(node, place, RULE_KEYS)
    disposition = reader.word(found.get("disposition"), f"{place}.disposition", "a disposition", TREATMENTS)
    unknown = reader.word(found.get("unknown"), f"{place}.unknown", "a disposition", DISPOSITIONS)
    parameters = found.get("parameters")
    fits = parameters is not None and reader.form(parameters, f"{place}.parameters", "mapping")
    return Override(
        level=_level(reader, found.get("level"), f"{place}.level"),
        disposition=disposition or None,  # type: ignore[arg-type]  # one of TREATMENTS
        unknown=unknown or None,  # type: ignore[arg-type]  # one of DISPOSITIONS
        parameters=to_plain(parameters) if parameters is not None and fits else {},  # type: ignore[arg-type]  # a mapping reads as a dict
    )


def _owners(reader: Reader, node: Node | None) -> dict[str, tuple[str, ...]]:
    if node is None:
        return {}
    found = reader.fields(node, "owners", CATEGORIES)
    return {category: _accounts(reader, value, f"owners.{category}") for category, value in found.items()}


def _accounts(reader: Reader, node: Node, place: str) -> tuple[str, ...]:
    out = []
    for item, at in reader.entries(node, place):
        text = reader.text(item, at)
        if text and not _is_account(text):
            reader.report(item.span, at, "is not an account: `@user` or `@organisation/team`.", text)
        out.append(text)
    return tuple(out)


def _is_account(text: str) -> bool:
    parts = text.removeprefix("@").split("/")
    return text.startswith("@") and len(parts) <= 2 and all(part and part.replace("-", "").replace("_", "").isalnum() for part in parts)


def check(configuration: Configuration, policy: Policy) -> tuple[Problem, ...]:
    """What the configuration says that no rule of the policy answers to: rules that do not exist, parameters that do not fit."""
    problems: list[Problem] = []
    names = (*(rule.id for rule in policy.rules), *dict.fromkeys(rule.pack for rule in policy.rules if rule.pack))
    for entry in configuration.rules:
        rules = [rule for rule in policy.rules if entry.fits(rule)]
        if not rules and entry.pattern not in policy.deprecated:
            text = not_allowed("a rule or pack", entry.pattern, _few(entry.pattern, names))
            problems.append(Problem(entry.span, f"rules.{entry.pattern}", text, columns=False))
        problems += _parameter_problems(entry, rules)
    return tuple(sorted(problems))


def _few(pattern: str, names: tuple[str, ...]) -> tuple[str, ...]:
    """The names that begin like the pattern, else all: 200 rules in a message help nobody."""
    start = pattern.partition("-")[0]
    return tuple(name for name in names if name.startswith(start)) or names


def _parameter_problems(entry: Entry, rules: list[Rule]) -> list[Problem]:
    problems: list[Problem] = []
    for name in entry.override.parameters:
        place = below(f"rules.{entry.pattern}.parameters", name)
        having = [rule for rule in rules if any(item.name == name for item in rule.parameters)]
        if rules and not having:
            allowed = tuple(dict.fromkeys(item.name for rule in rules for item in rule.parameters))
            problems.append(Problem(entry.span, place, not_allowed("a parameter of this rule", name, allowed), columns=False))
        problems += [Problem(entry.span, place, text, columns=False) for rule in having for text in _misfits(rule, name, entry)]
    return problems


def _misfits(rule: Rule, name: str, entry: Entry) -> list[str]:
    values = {item.name: item.default for item in rule.parameters} | entry.override.parameters
    using = [test for _, test in leaves_of(rule.when) if f"${name}" in test.args]
    found = ((test.predicate, PREDICATES[test.predicate].check(resolve(test.args, values))) for test in using)
    return [f"does not fit: `{predicate}` {problem}." for predicate, problem in found if problem]
