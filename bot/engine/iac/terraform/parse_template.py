"""Template nodes of tree-sitter-hcl → the pieces of a template.

Literal text is taken from the bytes between the `${ }` and `%{ }` nodes: tree-sitter leaves white space out of its literals.
"""

from __future__ import annotations

from tree_sitter import Node

from bot.engine.iac.terraform import template
from bot.engine.iac.terraform.parse_expression import Reader
from bot.engine.iac.terraform.parse_source import Refused
from bot.engine.iac.terraform.syntax import Expression

_INTRO = {
    "template_if_intro": "if",
    "template_else_intro": "else",
    "template_if_end": "endif",
    "template_for_start": "for",
    "template_for_end": "endfor",
}


def read_template(reader: Reader, node: Node) -> Expression:
    """The expression of a `quoted_template` or `heredoc_template`. Raises `Refused`."""
    span = reader.source.span(node)
    try:
        if node.type == "quoted_template":
            inner = _Pieces(reader, quoted=True)
            inner.read(node, node.start_byte + 1, node.end_byte - 1)
            return template.assemble(inner.pieces, span)
        start, end = _heredoc_content(reader.source.data, node)
        inner = _Pieces(reader, quoted=False)
        inner.read(node, start, end)
        flush = reader.source.data[node.start_byte : node.start_byte + 3] == b"<<-"
        return template.assemble(inner.pieces, span, flush=flush)
    except template.Malformed as error:
        raise Refused(span, "grammar", str(error)) from None


def read_text(reader: Reader, node: Node, start: int, end: int) -> Expression:
    """The expression of the template that stands between two offsets inside the heredoc `node`. Raises `Refused`."""
    span = reader.source.span(node)
    inner = _Pieces(reader, quoted=False)
    try:
        inner.read(node, start, end)
        return template.assemble(inner.pieces, span)
    except template.Malformed as error:
        raise Refused(span, "grammar", str(error)) from None


def _heredoc_content(data: bytes, node: Node) -> tuple[int, int]:
    """From after the first line to the start of the line of the end marker."""
    start = data.index(b"\n", node.start_byte) + 1
    end = data.rfind(b"\n", start - 1, node.end_byte) + 1
    return start, max(start, end)


class _Pieces:
    def __init__(self, reader: Reader, *, quoted: bool) -> None:
        self.reader = reader
        self.source = reader.source
        self.quoted = quoted
        self.pieces: list[template.Piece] = []
        self.at = 0

    def read(self, node: Node, start: int, end: int) -> None:
        self.at = start
        self._visit(node)
        self._text(end)

    def _visit(self, node: Node) -> None:
        self.reader.enter(node)
        for child in node.children:
            kind = child.type
            if kind == "template_interpolation":
                self._text(child.start_byte)
                self._interpolation(child)
            elif kind in _INTRO:
                self._text(child.start_byte)
                self._directive(child, _INTRO[kind])
            elif kind in {"template_directive", "template_if", "template_for"}:
                self._visit(child)
        self.reader.depth -= 1

    def _text(self, end: int) -> None:
        """The literal text up to `end`: one piece inside quotes, a piece a line in a heredoc."""
        if end > self.at:
            raw = self.source.data[self.at : end]
            for line in [raw] if self.quoted else _lines(raw):
                text = line.decode("utf-8", "replace")
                value = template.unquote(text) if self.quoted else template.unescape_heredoc(text)
                self.pieces.append(template.Text(value, self.source.span_of(self.at, self.at + len(line))))
                self.at += len(line)

    def _interpolation(self, node: Node) -> None:
        expression = next((child for child in node.children if child.type == "expression"), None)
        if expression is None:
            raise Refused(self.source.span(node), "grammar", "an empty interpolation")
        left, right = self._markers(node)
        self.pieces.append(template.Interpolation(self.reader.expression(expression), self.source.span(node), left, right))
        self.at = node.end_byte

    def _directive(self, node: Node, keyword: str) -> None:
        left, right = self._markers(node)
        piece = template.Directive(keyword, self.source.span(node), left, right)
        if keyword == "for":
            names, piece.expression = self.reader.for_intro(node)
            piece.key, piece.value = names[0] if len(names) > 1 else "", names[-1]
        elif keyword == "if":
            piece.expression = self.reader.expression(next(child for child in node.children if child.type == "expression"))
        self.pieces.append(piece)
        self.at = node.end_byte

    def _markers(self, node: Node) -> tuple[bool, bool]:
        """Whether `~` stands at the opener and at the closer. HCL reads `$$${` as `$` and an escape, tree-sitter does not."""
        if self.source.data[node.start_byte - 1] == self.source.data[node.start_byte]:
            raise Refused(self.source.span(node), "unsupported", "a dollar or percent sign before an opener")
        text = self.source.data[node.start_byte : node.end_byte]
        return text[2:3] == b"~", text[-2:-1] == b"~"


def _lines(raw: bytes) -> list[bytes]:
    """Lines end at a line feed only: a carriage return alone is text."""
    pieces = raw.split(b"\n")
    lines = [piece + b"\n" for piece in pieces[:-1]]
    return [*lines, pieces[-1]] if pieces[-1] else lines
