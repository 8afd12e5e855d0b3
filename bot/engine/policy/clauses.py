"""The `when` of a rule file → conditions."""

from __future__ import annotations

from msgspec import Struct

from bot.engine.documents import Node, scalar, to_plain
from bot.engine.model.rule import All, AnyOf, Condition, Not, Quantified, Test
from bot.engine.model.value import Plain
from bot.engine.policy.condition import resolve
from bot.engine.policy.lookup import is_path
from bot.engine.policy.predicates import PREDICATES
from bot.engine.policy.problem import not_allowed
from bot.engine.policy.reading import Reader

NOTHING = All(())
TEST_KEYS = ("attribute", "attributes", "is", "args", "absent")
CLAUSE_KEYS = ("all", "any", "not", "some", "every", "attribute", "attributes")
MAX_DEPTH = 12


class Clauses(Struct):
    """Reads clauses with one reader and the default values of the rule's parameters. `used`: the parameters that occur."""

    reader: Reader
    parameters: dict[str, Plain]
    used: set[str]

    def condition(self, node: Node | None, place: str, depth: int = 0) -> Condition:
        if node is None or not self.reader.form(node, place, "mapping"):
            return NOTHING
        key = next((name.text for name, _ in node.pairs if name.text in CLAUSE_KEYS), None)
        if key is None or depth > MAX_DEPTH:
            self._no_clause(node, place, depth)
            return NOTHING
        if key in ("attribute", "attributes"):
            return self._test(node, place)
        return self._quantified(node, place, key, depth) if key in ("some", "every") else self._several(node, place, key, depth)

    def _no_clause(self, node: Node, place: str, depth: int) -> None:
        if depth > MAX_DEPTH:
            self.reader.report(node.span, place, f"is nested more than {MAX_DEPTH} deep.")
            return
        first = node.pairs[0][0] if node.pairs else None
        word = first.text if first else ""
        self.reader.report(first.span if first else node.span, place, not_allowed("a condition", word, CLAUSE_KEYS), word)

    def _several(self, node: Node, place: str, key: str, depth: int) -> Condition:
        value = self.reader.fields(node, place, (key,))[key]
        if key == "not":
            return Not(self.condition(value, f"{place}.not", depth + 1))
        parts = tuple(self.condition(item, at, depth + 1) for item, at in self.reader.entries(value, f"{place}.{key}"))
        if not parts and value.kind == "sequence":
            self.reader.report(value.span, f"{place}.{key}", "is empty: it would always hold, or never.")
        return All(parts) if key == "all" else AnyOf(parts)

    def _quantified(self, node: Node, place: str, key: str, depth: int) -> Condition:
        required = ("where", "absent") if key == "every" else ("where",)
        found = self.reader.fields(node, place, (key, "where", "absent"), required)
        path = self.path(found.get(key), f"{place}.{key}")
        inner = self.condition(found.get("where"), f"{place}.where", depth + 1)
        return Quantified("every" if key == "every" else "some", path, inner, self._absent(found.get("absent"), place))

    def _test(self, node: Node, place: str) -> Condition:
        found = self.reader.fields(node, place, TEST_KEYS, ("is",))
        if "attribute" in found and "attributes" in found:
            self.reader.report(found["attributes"].span, f"{place}.attributes", "stands beside `attribute`: one of them is enough.")
        paths = self._paths(found, place)
        name = self._predicate(found.get("is"), place)
        args = tuple(to_plain(item) for item in _args(found.get("args")))
        if name and paths:
            self._fits(name, paths, args, found, place)
        return Test(paths, name, args, self._absent(found.get("absent"), place))

    def _paths(self, found: dict[str, Node], place: str) -> tuple[str, ...]:
        if "attribute" in found:
            return (self.path(found["attribute"], f"{place}.attribute"),)
        return tuple(self.path(item, at) for item, at in self.reader.entries(found.get("attributes"), f"{place}.attributes"))

    def path(self, node: Node | None, place: str) -> str:
        """A dotted path."""
        text = self.reader.text(node, place)
        if node is not None and text and not is_path(text):
            self.reader.report(node.span, place, "is not a path: names joined by dots, a name with other letters in quotes.", text)
            return ""
        return text

    def _predicate(self, node: Node | None, place: str) -> str:
        if node is None:
            return ""
        value = scalar(node) if node.kind == "scalar" else None
        name = str(value).lower() if isinstance(value, bool) else node.text
        if name not in PREDICATES:
            self.reader.report(node.span, f"{place}.is", not_allowed("a predicate", name, PREDICATES), name)
            return ""
        return name

    def _fits(self, name: str, paths: tuple[str, ...], args: tuple[Plain, ...], found: dict[str, Node], place: str) -> None:
        predicate = PREDICATES[name]
        least, most = predicate.inputs
        if not least <= len(paths) <= most:
            wanted = str(least) if least == most else f"{least} to {most}"
            node = found.get("attributes") or found["attribute"]
            self.reader.report(node.span, f"{place}.attributes", f"has {len(paths)} paths; `{name}` reads {wanted}.")
        self._names_parameters(found.get("args"), args, place)
        problem = predicate.check(resolve(args, self.parameters))
        if problem:
            node = found.get("args") or found["is"]
            self.reader.report(node.span, f"{place}.args" if "args" in found else f"{place}.is", f"does not fit: `{name}` {problem}.")

    def _names_parameters(self, node: Node | None, args: tuple[Plain, ...], place: str) -> None:
        for arg in args:
            if isinstance(arg, str) and arg.startswith("$") and arg[1:].isidentifier():
                self.used.add(arg[1:])
                if node is not None and arg[1:] not in self.parameters:
                    self.reader.report(node.span, f"{place}.args", not_allowed("a parameter of this rule", arg[1:], self.parameters), arg)

    def _absent(self, node: Node | None, place: str) -> bool | None:
        if node is None:
            return False
        if node.kind == "scalar" and node.text == "unknown":
            return None
        value = scalar(node) if node.kind == "scalar" else None
        if not isinstance(value, bool):
            self.reader.report(node.span, f"{place}.absent", not_allowed("a truth", node.text, ("true", "false", "unknown")), node.text)
        return value is True


def _args(node: Node | None) -> tuple[Node, ...]:
    return () if node is None else node.items if node.kind == "sequence" else (node,)
