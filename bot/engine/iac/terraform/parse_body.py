"""Bodies, blocks and attributes of a tree-sitter-hcl tree without errors."""

from __future__ import annotations

from msgspec import Struct
from msgspec.structs import replace
from tree_sitter import Node

from bot.engine.iac.terraform.parse_expression import Reader
from bot.engine.iac.terraform.parse_source import Refused, Source
from bot.engine.iac.terraform.syntax import Attribute, Block, Expression, Unparsed
from bot.engine.model.resource import Extent, Unread, UnreadCause
from bot.engine.model.span import Span

MAX_TEXT = 200
_TWICE = "the attribute is set twice"


class Body(Struct):
    """What stands in one pair of braces, or at the top of a file. `incomplete`: names are missing."""

    attributes: dict[str, Attribute]
    blocks: list[Block]
    incomplete: bool = False


class BodyReader:
    """Reads the bodies of one source and collects in `unread` what it could not read.

    `spoilt`: rows of the source whose attribute has a placeholder for its value → the text that stood there.
    `broken`: rows and columns (bytes, from 0) of the source that were no UTF-8.
    """

    def __init__(self, source: Source, nesting: int, spoilt: dict[int, str], broken: tuple[tuple[int, int], ...]) -> None:
        self.source = source
        self.expressions = Reader(source, nesting)
        self.spoilt = spoilt
        self.broken = broken
        self.unread: list[Unread] = []

    def file(self, root: Node) -> Body:
        """The body of the whole source."""
        return self._body([inner for child in root.children for inner in (child.children if child.type == "body" else [child])])

    def _body(self, nodes: list[Node]) -> Body:
        body = Body({}, [])
        for node in nodes:
            if node.type == "attribute":
                self._add_attribute(body, node)
            elif node.type == "block":
                self._add_block(body, node)
        return body

    def _note(self, span: Span, extent: Extent, cause: UnreadCause, detail: str) -> None:
        self.unread.append(Unread(span, extent, cause, detail))

    # attributes

    def _add_attribute(self, body: Body, node: Node) -> None:
        attribute = self._attribute(node)
        first = body.attributes.get(attribute.name)
        if first is not None:
            if not (isinstance(first.expression, Unparsed) and first.expression.detail == _TWICE):
                self._note(attribute.name_span, "attribute", "grammar", _TWICE)
            attribute = replace(attribute, expression=self._unparsed(node, _TWICE))
        body.attributes[attribute.name] = attribute

    def _attribute(self, node: Node) -> Attribute:
        name, value = node.children[0], node.children[-1]
        return Attribute(self.source.span(node), self.source.text(name), self._value(node, value), self.source.span(name))

    def _value(self, node: Node, value: Node) -> Expression:
        if self.spoilt and (text := self.spoilt.get(node.start_point[0])) is not None:
            return Unparsed(self.source.span(value), text[:MAX_TEXT], "syntax error")
        if self.broken and self._is_broken(node):
            self._note(self.source.span(node), "attribute", "grammar", "not UTF-8")
            return self._unparsed(node, "not UTF-8")
        depth = self.expressions.depth
        try:
            return self.expressions.expression(value)
        except Refused as refused:
            self._note(refused.span, "attribute", refused.cause, refused.detail)
            return self._unparsed(node, refused.detail)
        finally:
            self.expressions.depth = depth

    def _unparsed(self, node: Node, detail: str) -> Unparsed:
        text = self.source.data[node.start_byte : min(node.end_byte, node.start_byte + MAX_TEXT)].decode("utf-8", "replace")
        return Unparsed(self.source.span(node), text, detail)

    def _is_broken(self, node: Node) -> bool:
        """Whether there are bytes in it that are no UTF-8; HCL allows them in comments."""
        return any(self._is_outside_comments(node, place) for place in self.broken if node.start_point <= place < node.end_point)

    def _is_outside_comments(self, node: Node, place: tuple[int, int]) -> bool:
        row, column = place
        found = node.descendant_for_point_range(place, (row, column + 1))
        return found is None or found.type != "comment"

    # blocks

    def _add_block(self, body: Body, node: Node) -> None:
        if self.expressions.depth >= self.expressions.nesting:
            self._note(self.source.span(node), "block", "limit", "nesting")
            body.incomplete = True
            return
        self.expressions.depth += 1
        body.blocks.append(self._block(node))
        self.expressions.depth -= 1

    def _block(self, node: Node) -> Block:
        header = [child for child in node.children if child.type in {"identifier", "string_lit"}]
        inner = self._body([item for child in node.children if child.type == "body" for item in child.children])
        labels = tuple([self._label(child) for child in header[1:]])
        span, extent = self.source.span(header[0], header[-1]), self.source.span(node)
        return Block(span, extent, self.source.text(header[0]), labels, inner.attributes, tuple(inner.blocks), inner.incomplete)

    def _label(self, node: Node) -> str:
        if self.broken and self._is_broken(node):
            self._note(self.source.span(node), "block", "grammar", "not UTF-8")
        if node.type == "identifier":
            return self.source.text(node)
        try:
            return self.expressions.quoted(node)
        except Refused as refused:
            self._note(refused.span, "block", refused.cause, refused.detail)
            return self.source.text(node)


def cut_off(blocks: tuple[Block, ...], depth: int) -> tuple[Block, ...]:
    """The blocks with the last one marked incomplete, and the last one in that, `depth` times."""
    if depth == 0 or not blocks:
        return blocks
    last = replace(blocks[-1], incomplete=True, blocks=cut_off(blocks[-1].blocks, depth - 1))
    return (*blocks[:-1], last)
