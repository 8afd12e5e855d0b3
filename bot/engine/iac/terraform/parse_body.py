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


class Body(Struct):
    """What one body holds. `error_row`: the first row with a syntax error outside its attributes, or -1."""

    attributes: dict[str, Attribute]
    blocks: list[Block]
    error_row: int = -1


class BodyReader:
    """Reads the bodies of one source and collects what it could not read.

    `syntax_errors` are places where tree-sitter found an error: whether HCL finds one too is decided later.
    """

    def __init__(self, source: Source, nesting: int) -> None:
        self.source = source
        self.expressions = Reader(source, nesting)
        self.unread: list[Unread] = []
        self.syntax_errors: list[tuple[Span, Extent]] = []

    def body(self, nodes: list[Node], extent: Extent) -> Body:
        """The attributes and blocks among `nodes`, which stand in one pair of braces (or at the top of the file)."""
        body = Body({}, [], _first_error(nodes))
        if body.error_row >= 0:
            first = next(node for node in nodes if _is_error(node))
            self.syntax_errors.append((self.source.span(first), extent))
        for node in nodes:
            if node.type == "attribute":
                self._add_attribute(body, node)
            elif node.type == "block" and (extent == "file" or not _reaches(node, body.error_row, 0)):
                self._add_block(body, node)
        return body

    def _add_attribute(self, body: Body, node: Node) -> None:
        attribute = self._attribute(node, spoilt=_reaches(node, body.error_row, 1))
        if attribute.name in body.attributes:
            self._note(attribute.name_span, "attribute", "grammar", "the attribute is set twice")
            attribute = self._unparsed(node, attribute.name, attribute.name_span, "set twice")
        body.attributes[attribute.name] = attribute

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

    def _add_block(self, body: Body, node: Node) -> None:
        if self.expressions.depth >= self.expressions.nesting:
            self._note(self.source.span(node), "block", "limit", "nesting")
            body.error_row = max(body.error_row, 0)
            return
        self.expressions.depth += 1
        block = self._block(node)
        self.expressions.depth -= 1
        if block is not None:
            body.blocks.append(block)

    def _block(self, node: Node) -> Block | None:
        header, content = _halves(node)
        if not header:
            return None
        body = self.body(content, "block")
        labels = tuple([self._label(child) for child in header[1:]])
        extent = self.source.span(node)
        type_ = self.source.text(header[0])
        incomplete = body.error_row >= 0
        return Block(self.source.span(header[0], header[-1]), extent, type_, labels, body.attributes, tuple(body.blocks), incomplete)

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


def _first_error(nodes: list[Node]) -> int:
    return min((node.start_point[0] for node in nodes if _is_error(node)), default=-1)


def _reaches(node: Node, error_row: int, margin: int) -> bool:
    """Whether the node ends behind a syntax error, or at most `margin` rows before it: then its place is not certain."""
    return error_row >= 0 and node.end_point[0] >= error_row - margin
