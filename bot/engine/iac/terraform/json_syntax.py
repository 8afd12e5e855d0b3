"""Terraform's JSON syntax → `syntax.File`.

Source: https://developer.hashicorp.com/terraform/language/syntax/json. A body tells its blocks from its attributes only by
schema. The language's own blocks are known here; in a resource, provider or module every other property is an attribute,
and an object or array of objects in it may stand for nested blocks: the evaluator reads both alike.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Literal as OneOf
from typing import TypeAlias

from bot.engine.documents import Node, NotReadable, load, scalar
from bot.engine.iac.terraform.parse_text import parse_expression, parse_template
from bot.engine.iac.terraform.syntax import Attribute, Block, Expression, File, Literal, ObjectCons, TupleCons, Unparsed
from bot.engine.model.resource import Extent, Limits, Unread, UnreadCause
from bot.engine.model.span import Span

Mode: TypeAlias = OneOf["template", "literal", "reference"]

_META = {"lifecycle": 0, "dynamic": 1, "provisioner": 1, "connection": 0}
_CONDITIONS = {"precondition": 0, "postcondition": 0}
# Block type → the blocks that its body may hold, each with its number of labels.
_BLOCKS: dict[str, dict[str, int]] = {
    "": {
        "terraform": 0, "provider": 1, "resource": 2, "data": 2, "ephemeral": 2, "variable": 1, "output": 1, "module": 1,
        "locals": 0, "moved": 0, "import": 0, "removed": 0, "check": 1,
    },
    "terraform": {"required_providers": 0, "backend": 1, "cloud": 0, "provider_meta": 1},
    "cloud": {"workspaces": 0},
    "resource": _META,
    "data": _META,
    "ephemeral": _META,
    "removed": _META,
    "provider": {"dynamic": 1},
    "provisioner": {"connection": 0, "dynamic": 1},
    "connection": {"dynamic": 1},
    "lifecycle": _CONDITIONS,
    "dynamic": {"content": 0},
    "content": {"dynamic": 1},
    "variable": {"validation": 0},
    "output": _CONDITIONS,
    "check": {"data": 2, "assert": 0},
}  # fmt: skip
# Strings of these arguments are references or types, not templates ("*": in every block).
_REFERENCES = {
    "*": {"depends_on"},
    "resource": {"provider"},
    "data": {"provider"},
    "ephemeral": {"provider"},
    "module": {"providers"},
    "lifecycle": {"ignore_changes", "replace_triggered_by"},
    "dynamic": {"iterator"},
    "variable": {"type"},
    "moved": {"from", "to"},
    "removed": {"from"},
    "import": {"to", "provider"},
}
# Terraform evaluates these without interpolation ("*": every argument of the block).
_LITERALS = {
    "variable": {"*"},
    "terraform": {"*"},
    "required_providers": {"*"},
    "backend": {"*"},
    "cloud": {"*"},
    "workspaces": {"*"},
    "provider_meta": {"*"},
    "module": {"source", "version"},
    "provider": {"alias", "version"},
    "output": {"description", "sensitive"},
    "provisioner": {"when", "on_failure"},
}


def parse_json(path: str, data: bytes, limits: Limits) -> File:
    """One file of JSON syntax. Never raises: `File.unread` says what was not read."""
    try:
        (root,) = load(data, path, json=True, max_depth=limits.nesting)
    except NotReadable as error:
        return File(path, {}, (), (Unread(error.span, "file", error.cause, error.detail),))
    reader = _Reader(limits)
    if path.endswith(".tfvars.json"):
        return File(path, reader.values(root), (), _sorted(reader.unread))
    attributes, blocks = reader.body(root, "")
    return File(path, attributes, blocks, _sorted(reader.unread))


def _sorted(unread: list[Unread]) -> tuple[Unread, ...]:
    return tuple(sorted(set(unread)))


def _opening(span: Span) -> Span:
    """The opening brace of an object."""
    return Span(span.path, span.line, span.column, span.line, span.column + 1)


class _Reader:
    def __init__(self, limits: Limits) -> None:
        self.limits = limits
        self.unread: list[Unread] = []

    def _note(self, span: Span, cause: UnreadCause, detail: str, extent: Extent = "attribute") -> None:
        self.unread.append(Unread(span, extent, cause, detail))

    def values(self, root: Node) -> dict[str, Attribute]:
        """The top of a variables file: attributes only, without templates."""
        return {name.text: self._attribute(name, [value], "literal") for name, value in self._properties(root)}

    def body(self, node: Node, type_: str) -> tuple[dict[str, Attribute], tuple[Block, ...]]:
        """The body of a block of this type; the top of the file has the type ''."""
        known = _BLOCKS.get(type_, {})
        blocks: list[Block] = []
        found: dict[str, tuple[Node, list[Node]]] = {}
        for name, value in self._properties(node):
            if name.text in known:
                blocks.extend(self._blocks(name, value, known[name.text]))
            elif type_ == "":
                self._note(name.span, "unsupported", "a property that is no block of the language", "block")
            else:
                found.setdefault(name.text, (name, []))[1].append(value)
        attributes = {name: self._attribute(key, values, _mode(type_, name)) for name, (key, values) in found.items()}
        return attributes, tuple(blocks)

    def _properties(self, node: Node) -> Iterator[tuple[Node, Node]]:
        """The properties of an object, or of all objects of an array; `//` is a comment."""
        for item in node.items if node.kind == "sequence" else (node,):
            if item.kind != "mapping":
                self._note(item.span, "grammar", "an object is required", "block")
            for name, value in item.pairs:
                if name.text != "//":
                    yield name, value

    # blocks

    def _blocks(self, type_: Node, value: Node, labels: int) -> Iterator[Block]:
        for path, body in self._labelled(type_, value, labels, (type_,)):
            if body.kind == "sequence":
                for item in body.items:
                    yield from self._block(path, item, _opening(item.span))
            else:
                yield from self._block(path, body, path[-1].span)

    def _labelled(self, key: Node, value: Node, labels: int, path: tuple[Node, ...]) -> Iterator[tuple[tuple[Node, ...], Node]]:
        if labels == 0:
            yield path, value
        elif not (value.kind == "scalar" and scalar(value) is None):
            for name, inner in self._properties(value):
                yield from self._labelled(key, inner, labels - 1, (*path, name))

    def _block(self, path: tuple[Node, ...], body: Node, header: Span) -> Iterator[Block]:
        if body.kind == "scalar" and scalar(body) is None:
            return
        if body.kind != "mapping":
            self._note(body.span, "grammar", "an object is required", "block")
            return
        type_, *labels = [node.text for node in path]
        attributes, blocks = self.body(body, type_)
        extent = Span(header.path, header.line, header.column, body.span.end_line, body.span.end_column)
        yield Block(header, extent, type_, tuple(labels), attributes, blocks)

    # attributes

    def _attribute(self, name: Node, values: list[Node], mode: Mode) -> Attribute:
        last = values[-1].span
        span = Span(name.span.path, name.span.line, name.span.column, last.end_line, last.end_column)
        if len(values) == 1:
            return Attribute(span, name.text, self._expression(values[0], mode), name.span)
        if any(value.kind == "scalar" for value in values):
            self._note(last, "grammar", "the attribute is set twice")
            return Attribute(span, name.text, Unparsed(last, "", "set twice"), name.span)
        items = [item for value in values for item in (value.items if value.kind == "sequence" else (value,))]
        return Attribute(span, name.text, TupleCons(last, tuple([self._expression(item, mode) for item in items])), name.span)

    def _expression(self, node: Node, mode: Mode) -> Expression:
        if node.kind == "sequence":
            return TupleCons(node.span, tuple([self._expression(item, mode) for item in node.items]))
        if node.kind == "mapping":
            return ObjectCons(node.span, tuple([(self._key(name, mode), self._expression(value, mode)) for name, value in node.pairs]))
        value = scalar(node)
        return self._text(node, value, mode) if isinstance(value, str) else Literal(node.span, value)

    def _key(self, node: Node, mode: Mode) -> Expression:
        return self._text(node, node.text, "literal" if mode == "reference" else mode)

    def _text(self, node: Node, text: str, mode: Mode) -> Expression:
        if mode == "literal":
            return Literal(node.span, text)
        read = parse_template if mode == "template" else parse_expression
        found = read(text, node.span, self.limits)
        if isinstance(found, Unparsed):
            self._note(node.span, "limit" if found.detail == "nesting" else "grammar", found.detail)
        return found


def _mode(type_: str, name: str) -> Mode:
    if name in _REFERENCES["*"] or name in _REFERENCES.get(type_, ()):
        return "reference"
    literals = _LITERALS.get(type_, ())
    return "literal" if name in literals or "*" in literals else "template"
