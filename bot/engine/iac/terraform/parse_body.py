"""Bodies, blocks and attributes of a tree-sitter-hcl tree, and what in them cannot be used after a syntax error."""

from __future__ import annotations

from msgspec import Struct
from tree_sitter import Node

from bot.engine.iac.terraform.parse_expression import Reader
from bot.engine.iac.terraform.parse_source import Refused, Source
from bot.engine.iac.terraform.syntax import Attribute, Block, Expression, Unparsed
from bot.engine.model.resource import Extent, Unread, UnreadCause
from bot.engine.model.span import Span

MAX_TEXT = 200
NEVER = 1 << 62
_TWICE = "the attribute is set twice"


class Body(Struct):
    """What one body holds. `error_row`: the row from which on nothing in it can be trusted; `incomplete`: names are missing."""

    attributes: dict[str, Attribute]
    blocks: list[Block]
    error_row: int
    incomplete: bool = False


class BodyReader:
    """Reads the bodies of one source and collects what it could not read.

    `syntax_errors` are places where tree-sitter found an error: whether HCL finds one too is decided later.
    """

    def __init__(self, source: Source, nesting: int, *, has_error: bool) -> None:
        self.source = source
        self.has_error = has_error
        self.expressions = Reader(source, nesting)
        self.unread: list[Unread] = []
        self.syntax_errors: list[tuple[Span, Extent]] = []

    def body(self, nodes: list[Node], extent: Extent) -> Body:
        """The attributes and blocks among `nodes`, which stand in one pair of braces (or at the top of the file).

        Behind a syntax error values attach to wrong names and blocks to wrong bodies, so nothing there is used. Only at the
        top of a file reading goes on: with the next block that starts its line and has no error in it.
        """
        errors = [node for node in nodes if _is_structural(node) or (self.has_error and extent != "file" and _is_swallowed(node))]
        body = Body({}, [], min((node.start_point[0] for node in errors), default=NEVER))
        if errors and errors[0].type not in {"attribute", "block"}:
            self.syntax_errors.append((self.source.span(errors[0]), extent))
        for node in nodes:
            if node.type == "attribute":
                self._add_attribute(body, node)
            elif node.type == "block":
                self._add_block(body, node, extent)
        body.incomplete = body.incomplete or body.error_row < NEVER
        return body

    def _add_attribute(self, body: Body, node: Node) -> None:
        attribute = self._attribute(node, spoilt=node.end_point[0] >= body.error_row - 1)
        first = body.attributes.get(attribute.name)
        if first is not None:
            self._note_twice(first, attribute.name_span)
            attribute = self._unparsed(node, attribute.name, attribute.name_span, _TWICE)
        body.attributes[attribute.name] = attribute

    def _note_twice(self, first: Attribute, place: Span) -> None:
        if not (isinstance(first.expression, Unparsed) and first.expression.detail == _TWICE):
            self._note(place, "attribute", "grammar", _TWICE)

    def _attribute(self, node: Node, *, spoilt: bool) -> Attribute:
        name_node = node.children[0]
        name, name_span = self.source.text(name_node), self.source.span(name_node)
        if node.has_error:
            self.syntax_errors.append((self.source.span(node), "attribute"))
            return self._unparsed(node, name, name_span, "syntax error")
        if spoilt:
            return self._unparsed(node, name, name_span, "beside a syntax error")
        if self.source.broken and self._is_broken(node):
            self._note(self.source.span(node), "attribute", "grammar", "not UTF-8")
            return self._unparsed(node, name, name_span, "not UTF-8")
        return Attribute(self.source.span(node), name, self._expression(node, node.children[-1]), name_span)

    def _expression(self, owner: Node, node: Node) -> Expression:
        depth = self.expressions.depth
        try:
            return self.expressions.expression(node)
        except Refused as refused:
            self._note(refused.span, "attribute", refused.cause, refused.detail)
            return Unparsed(self.source.span(node), self._excerpt(owner), refused.detail)
        finally:
            self.expressions.depth = depth

    def _unparsed(self, node: Node, name: str, name_span: Span, detail: str) -> Attribute:
        span = self.source.span(node)
        return Attribute(span, name, Unparsed(span, self._excerpt(node), detail), name_span)

    def _excerpt(self, node: Node) -> str:
        return self.source.data[node.start_byte : min(node.end_byte, node.start_byte + MAX_TEXT)].decode("utf-8", "replace")

    def _is_broken(self, node: Node) -> bool:
        return any(node.start_byte <= offset < node.end_byte for offset in self.source.broken)

    def _note(self, span: Span, extent: Extent, cause: UnreadCause, detail: str) -> None:
        self.unread.append(Unread(span, extent, cause, detail))

    def _add_block(self, body: Body, node: Node, extent: Extent) -> None:
        row, column = node.start_point
        if node.end_point[0] >= body.error_row and (extent != "file" or column > 0 or node.has_error or row == body.error_row):
            if column == 0:
                self.syntax_errors.append((self.source.span(node), "file"))
            return
        if self.expressions.depth >= self.expressions.nesting:
            self._note(self.source.span(node), "block", "limit", "nesting")
            body.incomplete = True
            return
        self.expressions.depth += 1
        self._read_block(body, node)
        self.expressions.depth -= 1

    def _read_block(self, body: Body, node: Node) -> None:
        header, content = _halves(node)
        if not header:
            return
        inner = self.body(content, "block")
        if inner.error_row < NEVER:
            body.error_row = min(body.error_row, node.end_point[0])
        type_, labels = self.source.text(header[0]), tuple([self._label(child) for child in header[1:]])
        span, extent = self.source.span(header[0], header[-1]), self.source.span(node)
        body.blocks.append(Block(span, extent, type_, labels, inner.attributes, tuple(inner.blocks), inner.incomplete))

    def _label(self, node: Node) -> str:
        if node.type == "identifier":
            return self.source.text(node)
        try:
            return self.expressions.quoted(node)
        except Refused as refused:
            self._note(refused.span, "block", refused.cause, refused.detail)
            return self.source.text(node)


def _halves(node: Node) -> tuple[list[Node], list[Node]]:
    """The type and labels of a block, and everything else in it; errors belong to the second."""
    header: list[Node] = []
    content: list[Node] = []
    for child in node.children:
        kind = child.type
        if _is_error(child):
            content.append(child)
        elif kind in {"identifier", "string_lit"}:
            if child.has_error:
                content.extend(grandchild for grandchild in child.children if _is_error(grandchild))
            header.append(child)
        elif kind == "body":
            content.extend(child.children)
        elif kind in {"block_start", "block_end"}:
            content.extend(grandchild for grandchild in child.children if _is_error(grandchild))
    return header, content


def _is_error(node: Node) -> bool:
    return node.is_error or node.is_missing


def _is_structural(node: Node) -> bool:
    """An error that may have moved braces: outside of attributes, or in one that goes over several rows."""
    return _is_error(node) or (node.type == "attribute" and node.has_error and node.start_point[0] != node.end_point[0])


def _is_swallowed(node: Node) -> bool:
    """A block at the first column inside another one: where the file has an error, a brace before it is missing."""
    return node.type == "block" and node.start_point[1] == 0
