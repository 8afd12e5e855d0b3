"""A rule's examples: what they expect on which line, and what the rule finds there.

A marker stands at the end of the deciding line: `# expect: violation` (or `judgment`, `advice`, `unverified`, several with
commas); every other line has to stay silent. `# expect-todo: violation` is a known gap, and an error once it works. An example of
a change has `before` and `after`, each a text or files; a marker in `before` is for what is gone.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Literal, TypeAlias

import msgspec
from msgspec import Struct

from bot.engine.documents import Node, to_plain
from bot.engine.facts import NO_FACTS, Facts
from bot.engine.model.budget import Budget
from bot.engine.model.match import Match, Subject
from bot.engine.model.resource import Model
from bot.engine.model.rule import DISPOSITIONS, Rule
from bot.engine.model.span import Span
from bot.engine.model.value import Plain
from bot.engine.pattern import Pattern
from bot.engine.policy.budgets import budgeted
from bot.engine.policy.dispatch import View, judge, judge_difference
from bot.engine.policy.load import load_rule, policy_of
from bot.engine.policy.problem import PolicyError, not_allowed
from bot.engine.policy.reading import Reader

if TYPE_CHECKING:
    from bot.engine.judgment import Differing

BASE = "before/"
KINDS = (*DISPOSITIONS, "unverified")
KEYS = ("name", "terraform", "files", "before", "after", "title", "body", "parameters", "budgets")
FORMS = ({"terraform"}, {"files"}, {"before", "after"})
_MARKER = Pattern(r"\s*#\s*expect(?P<todo>-todo)?:(?P<kinds>[^#]*)$")


class Expected(Struct, frozen=True, order=True):
    """A kind of result on a line."""

    file: str
    line: int
    kind: str


class Example(Struct, frozen=True):
    """One example: its files without markers, what has to be found, and what is known not to be found yet.

    `before`: the base's files, of an example of a change; None for any other. Lines of the base are expected below `before/`.
    `budgets`: as configuration has them. `title`, `body`: what the pull request says.
    """

    name: str
    files: dict[str, bytes]
    expected: frozenset[Expected]
    gaps: frozenset[Expected]
    span: Span
    parameters: dict[str, Plain] = {}
    before: dict[str, bytes] | None = None
    budgets: tuple[Budget, ...] = ()
    title: str = ""
    body: str = ""


class RuleFile(Struct, frozen=True):
    """A rule with its proof. `equivalent`: name of a mutant that no example can kill → the reason."""

    rule: Rule
    examples: tuple[Example, ...]
    equivalent: dict[str, str] = {}


Fault: TypeAlias = Literal["missing", "unexpected", "gap-closed", "unread"]


class Deviation(Struct, frozen=True, order=True):
    """What an example shows other than it should. `line` is of the example's file; `detail` for what was not read."""

    file: str
    line: int
    kind: str
    fault: Fault
    detail: str = ""


class Outcome(Struct, frozen=True):
    """One example, run. It passes when nothing differs."""

    example: Example
    differences: tuple[Deviation, ...]


class Evaluated(Struct, frozen=True):
    """An example's models, with the views of each as far as they were asked for, and how they differ from those before."""

    example: Example
    models: tuple[tuple[Model, Mapping[str, View]], ...]
    differences: tuple[Differing, ...] = ()


Listen: TypeAlias = "Callable[[Example, Sequence[Model], Sequence[Model]], Iterable[Differing]]"  # what is said in a change, on its models


def load_rule_with_examples(path: str, data: bytes, views: Iterable[str] | None = None) -> RuleFile:
    """The rule and its examples. Raises `PolicyError` with every problem of both."""
    reader = Reader()
    problems = []
    rule = None
    try:
        rule = load_rule(path, data, None if views is None else tuple(views))
    except PolicyError as error:
        problems = list(error.problems)
    node = reader.document(data, path)
    examples = tuple(_example(reader, item, place) for item, place in reader.entries(_part(node, "examples"), "$.examples"))
    listed = reader.entries(_part(node, "equivalent_mutants"), "$.equivalent_mutants")
    equivalent = dict(_equivalent(reader, item, place) for item, place in listed)
    if node is not None and not examples and not reader.problems:
        reader.report(node.span, "$.examples", "is missing: a rule is proved by its own file.")
    if rule is None or reader.problems:
        raise PolicyError({*problems, *reader.problems})
    return RuleFile(rule, examples, equivalent)


def _part(node: Node | None, key: str) -> Node | None:
    return node.get(key) if node is not None and node.kind == "mapping" else None


def _equivalent(reader: Reader, node: Node, place: str) -> tuple[str, str]:
    found = reader.fields(node, place, ("mutant", "reason"), ("mutant", "reason"))
    return reader.text(found.get("mutant"), f"{place}.mutant"), reader.text(found.get("reason"), f"{place}.reason")


def _example(reader: Reader, node: Node, place: str) -> Example:
    found = reader.fields(node, place, KEYS, ("name",))
    if node.kind == "mapping" and found.keys() - {"name", "title", "body", "parameters", "budgets"} not in FORMS:
        reader.report(node.span, place, "has to have either `terraform`, or `files`, or `before` and `after`.")
    files: dict[str, bytes] = {}
    before: dict[str, bytes] = {}
    marked: list[tuple[bool, Expected]] = []
    for key in ("terraform", "files", "after", "before"):
        for name, text, where in _texts(reader, found.get(key), f"{place}.{key}"):
            (before if key == "before" else files)[name] = _unmarked(text.text).encode()
            marked += _markers(reader, BASE + name if key == "before" else name, text, where)
    return Example(
        name=reader.text(found.get("name"), f"{place}.name"),
        files=files,
        expected=frozenset(item for todo, item in marked if not todo),
        gaps=frozenset(item for todo, item in marked if todo),
        span=node.span,
        parameters=to_plain(found["parameters"]) if "parameters" in found else {},  # type: ignore[arg-type]  # a mapping reads as a dict
        before=before if "before" in found else None,
        budgets=_budgets(reader, found["budgets"], place) if "budgets" in found else (),
        title=reader.text(found["title"], f"{place}.title") if "title" in found else "",
        body=reader.text(found["body"], f"{place}.body") if "body" in found else "",
    )


def _budgets(reader: Reader, node: Node, place: str) -> tuple[Budget, ...]:
    from bot.engine.policy.forms import Reading  # noqa: PLC0415 - only examples with budgets read them
    from bot.engine.policy.keys import BUDGETS  # noqa: PLC0415

    return msgspec.convert(Reading(reader).read(BUDGETS, node, f"{place}.budgets"), tuple[Budget, ...])


def _texts(reader: Reader, node: Node | None, place: str) -> Iterator[tuple[str, Node, str]]:
    """File name, text and place of each; a text alone is `main.tf`."""
    if node is None:
        return
    if node.kind == "scalar" and not place.endswith(".files"):
        yield "main.tf", node, place
    elif reader.form(node, place, "mapping"):
        yield from ((key.text, value, f"{place}.{key.text}") for key, value in node.pairs)


def _unmarked(text: str) -> str:
    return "\n".join(_MARKER.sub("", line) for line in text.split("\n"))


def _markers(reader: Reader, file: str, node: Node, place: str) -> list[tuple[bool, Expected]]:
    out: list[tuple[bool, Expected]] = []
    for number, line in enumerate(node.text.split("\n"), start=1):
        found = _MARKER.search(line)
        for kind in (word.strip() for word in found["kinds"].split(",")) if found else ():
            if kind not in KINDS:
                span = Span(node.span.path, node.span.line + number)
                reader.report(span, place, not_allowed("a kind of result", kind, KINDS), kind)
            out.append((bool(found and found["todo"]), Expected(file, number, kind)))
    return out


def evaluated(example: Example, facts: Facts = NO_FACTS, listen: Listen | None = None) -> Evaluated:
    """The example's models. Views are computed once, under the tables, however many rules and mutants read them."""
    from bot.engine.iac import terraform  # noqa: PLC0415 - only examples are evaluated here
    from bot.engine.views import views  # noqa: PLC0415

    def models(files: dict[str, bytes]) -> list[Model]:
        listed = terraform.listing(files, files)
        return [model for root in terraform.find_roots(files) for model in terraform.evaluate(root.directory, files, listed=listed)]

    after = models(example.files)
    base = [] if example.before is None else models(example.before)
    changed = () if example.before is None else _differing(example, base, after, facts)
    if listen is not None and example.before is not None:
        changed = (*changed, *listen(example, base, after))
    looks = views(facts)
    return Evaluated(example, tuple((model, {name: _once(view) for name, view in looks.items()}) for model in after), changed)


def _differing(example: Example, base: list[Model], head: list[Model], facts: Facts) -> tuple[Differing, ...]:
    from bot.engine.cost.difference import roots  # noqa: PLC0415
    from bot.engine.judgment import Files, arrivals, differences  # noqa: PLC0415

    old, new = ({path: data.decode() for path, data in found.items()} for found in (example.before or {}, example.files))
    priced = roots(base, head, {}, facts.prices) if example.budgets and facts.prices is not None else ()
    coming = arrivals(base, head, {}, frozenset(old), facts.stateful)
    return (*differences(base, head, {}, facts.stateful), *coming, Files(old, new), *budgeted(priced, example.budgets))


def _once(view: View) -> View:
    kept: list[tuple[Subject, ...]] = []

    def remembered(model: Model) -> tuple[Subject, ...]:
        if not kept:
            kept.append(tuple(view(model)))
        return kept[0]

    return remembered


def run(rule: Rule, given: Evaluated) -> Outcome:
    """The rule on one example, compared with the markers exactly."""
    found = findings(rule, given)
    example = given.example
    differences = [Deviation(item.file, item.line, item.kind, "missing") for item in example.expected - found]
    differences += [Deviation(item.file, item.line, item.kind, "unexpected") for item in found - example.expected - example.gaps]
    differences += [Deviation(item.file, item.line, item.kind, "gap-closed") for item in example.gaps & found]
    if not any(target.view == "unread" for target in rule.targets):
        unread = (gap for model, _ in given.models for gap in model.unread)
        differences += [Deviation(gap.span.path, gap.span.line, "", "unread", gap.detail) for gap in unread]
    return Outcome(example, tuple(sorted(differences)))


def findings(rule: Rule, given: Evaluated) -> frozenset[Expected]:
    """What a reader would see, by line; where one environment decides, the undecided ones are not shown."""
    policy = policy_of([rule])
    parameters = {rule.id: given.example.parameters}
    matches = [match for model, views in given.models for match in judge(policy, model, parameters=parameters, views=views)]
    matches += [match for item in given.differences for match in judge_difference(policy, item, parameters=parameters)]
    found = {_seen(match) for match in matches}
    decided = {(item.file, item.line) for item in found if item.kind != "unverified"} if len(given.models) > 1 else set()
    return frozenset(item for item in found if item.kind != "unverified" or (item.file, item.line) not in decided)


def _seen(match: Match) -> Expected:
    span, cause = place(match), match.subject.cause
    return Expected(
        (BASE if cause and cause.gone else "") + span.path, span.line, match.rule.disposition if match.truth == "true" else "unverified"
    )


def place(match: Match) -> Span:
    """The deciding line: of the first deciding value, else of the subject; of a difference the line that makes it one."""
    if match.subject.cause:
        return match.subject.span
    value = match.evidence[0].value if match.evidence else None
    return value.span if value is not None and value.span.line else match.subject.span


def lacking(file: RuleFile) -> tuple[str, ...]:
    """Which of the three kinds of examples a rule has to have are not there: `finding`, `unverified`, `silent`.

    Nothing in a text is unknown, and what is said has a status: of a view of texts only a file that could not be supplied is, which no
    example can show.
    """
    from bot.engine.judgment import OF_CLAIMS, OF_TEXTS  # noqa: PLC0415 - only examples are proved here

    kinds = [{item.kind for item in (*example.expected, *example.gaps)} for example in file.examples]
    if all(target.view == "unread" for target in file.rule.targets):  # what was not read is always, or never, undecided
        return ()
    worded = {*OF_TEXTS, *OF_CLAIMS}
    has = {
        "finding": any(kind & set(DISPOSITIONS) for kind in kinds),
        "unverified": any("unverified" in kind for kind in kinds) or all(target.view in worded for target in file.rule.targets),
        "silent": any(not kind for kind in kinds),
    }
    return tuple(name for name, there in has.items() if not there)
