"""One rule file → a rule."""

from __future__ import annotations

from collections.abc import Collection

from bot.engine.documents import Node, scalar, to_plain
from bot.engine.model.rule import CATEGORIES, DISPOSITIONS, SEVERITIES, Category, Disposition, Parameter, Rule, Severity, Target, Test
from bot.engine.model.span import Span
from bot.engine.pattern import Pattern
from bot.engine.policy.clauses import Clauses
from bot.engine.policy.condition import joined, leaves_of, quantified_of
from bot.engine.policy.head import head_of
from bot.engine.policy.lookup import ITSELF
from bot.engine.policy.problem import nearest, not_allowed
from bot.engine.policy.reading import Reader

LANGUAGES = ("terraform", "bicep", "arm", "cloudformation", "kubernetes", "docker", "workflows")
REQUIRED = ("id", "title", "disposition", "severity", "category", "applies_to", "when", "message", "fix", "rationale")
OPTIONAL = (
    "unknown", "since", "element", "anchor", "question", "references", "aliases", "partial", "parameters", "implied_by", "frameworks",
    "deprecated", "equivalent_mutants", "examples",
)  # fmt: skip
BUILT_IN = ("resource", "type")
SAID = {  # by view: what its facts always tell beside what decides, for a message to say
    "attribute-read": ("similar", "table", "inside"),
    "bounds": ("lower", "upper", "least", "most"),
    "fixed-name": ("argument", "prefix"),
    "iam-name": ("similar", "table"),
    "ingress": ("ports", "port", "range"),
    "machine-type": ("similar", "table"),
    "managed-name": ("similar", "table"),
    "parameter-family": ("runs", "argument"),
    "reference": ("similar",),
    "refused-name": ("allowed", "argument"),
    "refused-value": ("allowed", "argument"),
    "region-name": ("similar", "table"),
    "schema": ("similar", "table", "inside", "attribute"),
    "shadowed-rule": ("rule", "first"),
    "statement-fault": ("detail",),
    "subnet-range": ("range", "other"),
    "taken-twice": ("name", "first"),
}
_ID = Pattern(r"[a-z0-9]+(?:-[a-z0-9]+)*")
_TYPE = Pattern(r"[\w.:/@*-]+")
_ADDRESS = Pattern(r"https://[^\s/]+\S*")
_PLACEHOLDER = Pattern(r"\{([^{}]*)\}")


class Draft:
    """Reads one file with one reader. `rule` is None for a deprecated id."""

    def __init__(self, path: str, views: Collection[str] | None) -> None:
        self.path = path
        self.reader = Reader()
        self.deprecated = False
        self.id = ""
        self.span = Span(path, 1)
        self._views = views
        self._found: dict[str, Node] = {}
        self._told: tuple[str, ...] = ()

    def read(self, data: bytes) -> Rule | None:
        node = self.reader.document(head_of(data), self.path)
        if node is None:
            if not self.reader.problems:
                self.reader.report(self.span, "", "is empty.")
            return None
        self.deprecated = any(key.text == "deprecated" and scalar(value) is True for key, value in node.pairs)
        self._found = self.reader.fields(node, "$", REQUIRED + OPTIONAL, ("id",) if self.deprecated else REQUIRED)
        self._read_id()
        return None if self.deprecated else self._rule()

    def _read_id(self) -> None:
        node = self._found.get("id")
        self.id = self._text("id")
        if node is None or not self.id:
            return
        self.span = node.span
        stem = self.path.rpartition("/")[2].rpartition(".")[0]
        if not _ID.fullmatch(self.id):
            self.reader.report(node.span, "$.id", "has to be small letters, digits and single hyphens.", self.id)
        elif self.id != stem:
            self.reader.report(node.span, "$.id", f"has to be the name of its file, `{stem}`.", self.id)

    def _rule(self) -> Rule:
        parameters = self._parameters()
        targets = self._targets()
        self._told = _told(targets)
        clauses = Clauses(self.reader, {item.name: item.default for item in parameters}, set())
        element = clauses.path(self._found.get("element"), "$.element")
        when = clauses.condition(self._found.get("when"), "$.when")
        self._report_unused(parameters, clauses.used)
        severity = self._word("severity", "a severity", SEVERITIES, "low")
        disposition = self._word("disposition", "a disposition", DISPOSITIONS, "violation")
        unknown = self._word("unknown", "a disposition", DISPOSITIONS, "judgment" if severity in ("critical", "high") else "advice")
        tests = tuple(leaves_of(when))
        paths = tuple(joined(prefix, path) for prefix, test in tests for path in test.paths)
        return Rule(
            id=self.id,
            title=self._text("title"),
            disposition=_as_disposition(disposition),
            severity=_as_severity(severity),
            category=_as_category(self._word("category", "a category", CATEGORIES, "evaluation")),
            unknown=_as_disposition(unknown),
            targets=targets,
            when=when,
            anchor=self._anchor(clauses, paths, tuple(quantified_of(when)), element),
            message=self._sentence("message", tests, paths),
            fix=self._text("fix"),
            rationale=self._text("rationale"),
            span=self.span,
            pack=pack_of(self.path),
            since=self._text("since"),
            element=element,
            references=self._references(),
            aliases=self._peers("aliases"),
            partial=self._peers("partial"),
            parameters=parameters,
            question=self._question(disposition, tests, paths),
            implied_by=self._implied_by(),
            frameworks=self._peers("frameworks"),
        )

    def _report_unused(self, parameters: tuple[Parameter, ...], used: set[str]) -> None:
        for item in parameters:
            if item.name not in used:
                span = self._found["parameters"].span
                self.reader.report(span, f"$.parameters.{item.name}", f"is not used: no argument is `${item.name}`.")

    def _text(self, key: str) -> str:
        return self.reader.text(self._found.get(key), f"$.{key}")

    def _word(self, key: str, what: str, allowed: tuple[str, ...], default: str) -> str:
        return self.reader.word(self._found.get(key), f"$.{key}", what, allowed, default)

    def _parameters(self) -> tuple[Parameter, ...]:
        node = self._found.get("parameters")
        if node is None or not self.reader.form(node, "$.parameters", "mapping"):
            return ()
        return tuple(self._parameter(key, value) for key, value in node.pairs)

    def _parameter(self, key: Node, value: Node) -> Parameter:
        place = f"$.parameters.{key.text}"
        if not key.text.isidentifier():
            self.reader.report(key.span, place, "has to be a name of letters, digits and underscores.")
        found = self.reader.fields(value, place, ("default", "description", "topic"), ("default", "description"))
        default = to_plain(found["default"]) if "default" in found else None
        description, topic = (self.reader.text(found.get(name), f"{place}.{name}") for name in ("description", "topic"))
        return Parameter(key.text, default, description, topic)

    def _targets(self) -> tuple[Target, ...]:
        node = self._found.get("applies_to")
        if node is None:
            return ()
        items = tuple(self.reader.entries(node, "$.applies_to")) if node.kind == "sequence" else ((node, "$.applies_to"),)
        if not items:
            self.reader.report(node.span, "$.applies_to", "is empty.")
        return tuple(target for item, place in items if (target := self._target(item, place)))

    def _target(self, node: Node, place: str) -> Target | None:
        found = self.reader.fields(node, place, ("view", *LANGUAGES))
        if node.kind == "mapping" and len(found) != 1:
            self.reader.report(node.span, place, "has to name one view or one language.")
        key, value = next(iter(found.items()), ("", node))
        if key == "view":
            return self._view(value, f"{place}.view")
        return Target(language=key, types=self._types(value, f"{place}.{key}")) if key else None

    def _types(self, node: Node, place: str) -> tuple[str, ...]:
        types = self.reader.texts(node, place) if node.kind == "sequence" else (self.reader.text(node, place),)
        for name in types:
            if name and not _TYPE.fullmatch(name):
                self.reader.report(node.span, place, "is not a resource type.", name)
        return types

    def _view(self, node: Node, place: str) -> Target:
        name = self.reader.text(node, place)
        if self._views is None:
            from bot.engine.judgment import VIEWS as DIFFERENCES  # noqa: PLC0415 - only a rule that names a view needs them
            from bot.engine.views import VIEWS  # noqa: PLC0415

            self._views = (*VIEWS, *DIFFERENCES)
        if name and name not in self._views:
            self.reader.report(node.span, place, not_allowed("a view", name, self._views), name)
        return Target(view=name)

    def _anchor(self, clauses: Clauses, paths: tuple[str, ...], collections: tuple[str, ...], element: str) -> str:
        node = self._found.get("anchor")
        anchor = clauses.path(node, "$.anchor")
        readable = tuple(dict.fromkeys((*paths, *collections, *((ITSELF,) if element else ()))))
        if node is not None and anchor and paths and anchor not in readable and not any(path.startswith(f"{anchor}.") for path in readable):
            self.reader.report(node.span, "$.anchor", not_allowed("a path that `when` reads", anchor, readable), anchor)
        return anchor or next(iter(paths), "")

    def _sentence(self, key: str, tests: tuple[tuple[str, Test], ...], paths: tuple[str, ...]) -> str:
        """A text whose placeholders can be filled: `resource`, `type`, a path that `when` reads, or what the view says beside."""
        node, text = self._found.get(key), self._text(key)
        target = self._found.get("applies_to")
        view = target.get("view") if target is not None and target.kind == "mapping" else None
        said = SAID.get(view.text, ()) if view is not None else ()
        fillable = (*BUILT_IN, *said, *self._told, *dict.fromkeys((*paths, *(path for _, test in tests for path in test.paths))))
        for name in _PLACEHOLDER.findall(text):
            if node is not None and name not in fillable and tests:
                near = nearest(name, fillable)
                hint = f" Did you mean `{{{near}}}`?" if near else ""
                self.reader.report(node.span, f"$.{key}", f"cannot be filled. One of: {', '.join(fillable)}.{hint}", f"{{{name}}}")
        return text

    def _question(self, disposition: str, tests: tuple[tuple[str, Test], ...], paths: tuple[str, ...]) -> str:
        text = self._sentence("question", tests, paths)
        if disposition == "judgment" and "question" not in self._found:
            self.reader.report(self.span, "$.question", "is missing: a judgment asks one question.")
        elif text and (not text.endswith("?") or text.count("?") > 1):
            self.reader.report(self._found["question"].span, "$.question", "has to be one sentence that ends in a question mark.", text)
        return text

    def _references(self) -> tuple[str, ...]:
        found = self.reader.texts(self._found.get("references"), "$.references")
        for number, text in enumerate(found):
            if text and not _ADDRESS.fullmatch(text):
                span = self._found["references"].items[number].span
                self.reader.report(span, f"$.references[{number}]", "has to be an https address.", text)
        return found

    def _implied_by(self) -> tuple[str, ...]:
        found = self.reader.texts(self._found.get("implied_by"), "$.implied_by")
        for number, text in enumerate(found):
            if text == self.id or not _ID.fullmatch(text):
                span = self._found["implied_by"].items[number].span
                self.reader.report(span, f"$.implied_by[{number}]", "has to be another rule's id.", text)
        return found

    def _peers(self, key: str) -> dict[str, tuple[str, ...]]:
        node = self._found.get(key)
        if node is None or not self.reader.form(node, f"$.{key}", "mapping"):
            return {}
        return {peer.text: self.reader.texts(ids, f"$.{key}.{peer.text}") for peer, ids in node.pairs}


def _told(targets: tuple[Target, ...]) -> tuple[str, ...]:
    """What views of the difference tell beside what `when` reads."""
    if not any(target.view for target in targets):
        return ()
    from bot.engine.judgment import FIELDS  # noqa: PLC0415 - only a rule that names a view needs them

    return tuple(name for target in targets for name in FIELDS.get(target.view, ()))


def pack_of(path: str) -> str:
    """The first directory below `rules/`, else the first one."""
    parts = path.split("/")
    start = parts.index("rules") + 1 if "rules" in parts[:-1] else 0
    return parts[start] if start < len(parts) - 1 else ""


def _as_disposition(word: str) -> Disposition:
    return word  # type: ignore[return-value]  # one of DISPOSITIONS, as read


def _as_severity(word: str) -> Severity:
    return word  # type: ignore[return-value]  # one of SEVERITIES, as read


def _as_category(word: str) -> Category:
    return word  # type: ignore[return-value]  # one of CATEGORIES, as read
