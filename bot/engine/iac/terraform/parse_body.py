"""Bodies, blocks and attributes of HCL's native syntax.

Sources: https://github.com/hashicorp/hcl/blob/main/hclsyntax/parser.go (`ParseBody`, `ParseBodyItem`), scan_tokens.rl.
"""

from __future__ import annotations

from msgspec import Struct
from msgspec.structs import replace

from bot.engine.iac.terraform import template
from bot.engine.iac.terraform.parse_expression import EQUALS, PLAIN, ExpressionParser
from bot.engine.iac.terraform.parse_scanner import NAME, Refusal, Refused, Stop
from bot.engine.iac.terraform.parse_skip import comments, end_of
from bot.engine.iac.terraform.parse_source import Source
from bot.engine.iac.terraform.parse_template import ESCAPE
from bot.engine.iac.terraform.syntax import Attribute, Block, Expression, Unparsed
from bot.engine.model.resource import Extent, Unread, UnreadCause
from bot.engine.model.span import Span
from bot.engine.pattern import Pattern

MAX_TEXT = 200
_TWICE = "the attribute is set twice"
_NEWLINE = Pattern(r"\r?\n")
_LABEL = Pattern(rf'"(?>[^"\\$%\r\n]|{ESCAPE}|\$\$\{{|%%\{{|[$%](?!\{{))*+"')
# A whole line of the plainest kind, with the empty lines and comments above it.
_SIMPLE_LINE = Pattern(
    r"(?>[ \t\n]+|\r\n|(?:#|//)[^\n]*)*+"
    rf"([^\W\d][\w-]*+)[ \t]*+=[ \t]*+{PLAIN}[ \t]*+(?>(?:#|//)[^\n]*+)?(?>\r?\n)"
)


class Body(Struct):
    """What stands in one pair of braces, or at the top of a file. `incomplete`: names are missing."""

    attributes: dict[str, Attribute]
    blocks: list[Block]
    incomplete: bool = False


class BodyParser(ExpressionParser):
    """Reads one source and collects in `unread` what it could not read.

    `spoilt`: rows of the file whose attribute has a placeholder for its value → the text that stood there.
    `broken`: lines and columns of the file at which there were bytes that are not UTF-8.
    `item`: where the argument or block being read begins, -1 between two of them; `open_blocks`: bodies that are open.
    """

    def __init__(
        self, source: Source, nesting: int, spoilt: dict[int, str] | None = None, broken: tuple[tuple[int, int], ...] = ()
    ) -> None:
        super().__init__(source, nesting)
        self.spoilt = spoilt or {}
        self.broken = broken
        self.unread: list[Unread] = []
        self.item = -1
        self.open_blocks = 0

    def file(self) -> Body:
        """The body of the whole source. Raises `Stop`."""
        return self._body(is_file=True)

    def refusal(self) -> Refusal | None:
        """The first place that HCL's grammar refuses, if any; then `item` is where its argument or block begins."""
        try:
            self.file()
        except Stop as stop:
            self.item = self.at if self.item < 0 else self.item
            return stop.refusal
        return None

    def _body(self, *, is_file: bool = False) -> Body:
        body = Body({}, [])
        is_plain = not self.spoilt and not self.broken
        while True:
            self.item = -1
            if is_plain:
                self._simple_lines(body)
            self.space(loose=True)
            if self.at >= len(self.text) if is_file else self.sees("}"):
                return body
            self._item(body)
            self._end_of_line()

    def _simple_lines(self, body: Body) -> None:
        """As many as there are."""
        match = _SIMPLE_LINE.match
        span, attributes = self.source.span, body.attributes
        while found := match(self.text, self.at):
            self.at = found.end()
            name = found[1]
            start, end = found.span(1)
            value = self.plain(found, 2)
            whole = span(start, found.end(found.lastindex or 0) + (found.lastindex == 2))
            self._add(attributes, Attribute(whole, name, value, span(start, end)))

    def _item(self, body: Body) -> None:
        self.item = start = self.at
        if not self.take(NAME):
            self.fail("an argument or a block")
        end = self.at
        self.space()
        if self.take(EQUALS):
            self._add(body.attributes, self._attribute(start, end))
        else:
            self._block(body, start, end)

    def _end_of_line(self) -> None:
        self.space()
        if self.at < len(self.text) and not self.take(_NEWLINE):
            self.fail("a new line")

    def _note(self, span: Span, extent: Extent, cause: UnreadCause, detail: str) -> None:
        self.unread.append(Unread(span, extent, cause, detail))

    # attributes

    def _add(self, attributes: dict[str, Attribute], attribute: Attribute) -> None:
        first = attributes.get(attribute.name)
        if first is not None:
            if not (isinstance(first.expression, Unparsed) and first.expression.detail == _TWICE):
                self._note(attribute.name_span, "attribute", "grammar", _TWICE)
            attribute = replace(attribute, expression=Unparsed(attribute.span, self._shown(attribute.span), _TWICE))
        attributes[attribute.name] = attribute

    def _attribute(self, start: int, end: int) -> Attribute:
        """The attribute whose name stands from `start` to `end`; its value follows here."""
        self.space()
        begin, depth, text = self.at, self.depth, self.text[start:end]
        try:
            value = self.expression(loose=False)
        except (Refused, RecursionError) as refused:
            self.depth, self.at = depth, end_of(self.text, begin)
            value = self._refused(refused if isinstance(refused, Refused) else Refused("nesting"), start)
        span = self.since(start)
        return Attribute(span, text, self._marred(span, start, begin) or value, self.source.span(start, end))

    def _refused(self, refused: Refused, start: int) -> Unparsed:
        span = self.since(start)
        self._note(span, "attribute", refused.cause, refused.detail)
        return Unparsed(span, self.text[start : start + MAX_TEXT], refused.detail)

    def _marred(self, span: Span, start: int, begin: int) -> Expression | None:
        """What stands for the value when it is a placeholder, or when there are bytes in it that are no UTF-8."""
        spoilt = self.spoilt.get(span.line - 1)
        if spoilt is not None:
            return Unparsed(self.since(begin), spoilt[:MAX_TEXT], "syntax error")
        if self._is_broken(span, start):
            self._note(span, "attribute", "grammar", "not UTF-8")
            return Unparsed(span, self.text[start : min(self.at, start + MAX_TEXT)], "not UTF-8")
        return None

    def _shown(self, span: Span) -> str:
        start, end = self._offset(span.line, span.column), self._offset(span.end_line, span.end_column)
        return self.text[start : min(end, start + MAX_TEXT)]

    def _offset(self, line: int, column: int) -> int:
        return self.source.starts[line - 1 - self.source.first_row] + column - 1

    def _is_broken(self, span: Span, start: int) -> bool:
        """Whether there are bytes from `start` to here that are no UTF-8; HCL allows them in comments."""
        first, last = (span.line, span.column), (span.end_line, span.end_column)
        inside = [place for place in self.broken if first <= place < last]
        if not inside:
            return False
        offsets = [self._offset(line, column) for line, column in inside]
        skipped = comments(self.text, start, self.at)
        return any(not any(begin <= offset < end for begin, end in skipped) for offset in offsets)

    # blocks

    def _block(self, body: Body, start: int, end: int) -> None:
        """The block whose type stands from `start` to `end`."""
        labels, last = self._labels(end)
        if self.depth >= self.nesting:
            self.at = end_of(self.text, self.at - 1)
            self._note(self.since(start), "block", "limit", "nesting")
            body.incomplete = True
            return
        self.depth += 1
        self.open_blocks += 1
        inner = self._braces()
        self.need("}", "`}`")
        self.depth -= 1
        self.open_blocks -= 1
        self.item = -1
        span, extent, type_ = self.source.span(start, last), self.since(start), self.text[start:end]
        body.blocks.append(Block(span, extent, type_, labels, inner.attributes, tuple(inner.blocks), inner.incomplete))

    def _labels(self, last: int) -> tuple[tuple[str, ...], int]:
        """The labels, up to and with the opening brace, and where the last of them ends."""
        labels: list[str] = []
        while not self.skip("{"):
            start = self.at
            if self.take(NAME):
                labels.append(self.text[start : self.at])
            elif self.take(_LABEL):
                labels.append(template.unquote(self.text[start + 1 : self.at - 1]))
                self._check_label(start)
            else:
                self.fail("`=`, a label or `{`")
            last = self.at
            self.space()
        return tuple(labels), last

    def _check_label(self, start: int) -> None:
        span = self.since(start)
        if self._is_broken(span, start):
            self._note(span, "block", "grammar", "not UTF-8")

    def _braces(self) -> Body:
        """What stands behind the opening brace: lines, or one argument, or nothing."""
        self.space()
        if self.take(_NEWLINE):
            return self._body()
        body = Body({}, [])
        if not self.sees("}"):
            self.item = start = self.at
            if not self.take(NAME):
                self.fail("a new line or one argument")
            end = self.at
            self.space()
            if not self.take(EQUALS):
                self.fail("`=`")
            self._add(body.attributes, self._attribute(start, end))
            self.space()
        return body


def cut_off(blocks: tuple[Block, ...], depth: int) -> tuple[Block, ...]:
    """The blocks with the last one marked incomplete, and the last one in that, `depth` times."""
    if depth == 0 or not blocks:
        return blocks
    last = replace(blocks[-1], incomplete=True, blocks=cut_off(blocks[-1].blocks, depth - 1))
    return (*blocks[:-1], last)
