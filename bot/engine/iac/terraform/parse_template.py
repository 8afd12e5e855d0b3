"""Quoted and heredoc templates → the pieces of a template.

Sources: https://github.com/hashicorp/hcl/blob/main/hclsyntax/parser_template.go, scan_tokens.rl.
"""

from __future__ import annotations

from abc import abstractmethod

from bot.engine.iac.terraform import template
from bot.engine.iac.terraform.parse_scanner import NAME, Refused, Scanner
from bot.engine.iac.terraform.syntax import Expression, Literal
from bot.engine.pattern import Pattern

ESCAPE = r'\\(?:[nrt"\\]|u[0-9a-fA-F]{4}|U[0-9a-fA-F]{8})'
_QUOTED = Pattern(rf'(?>[^"\\$%\r\n]+|{ESCAPE}|\$\$\{{|%%\{{|[$%](?!\{{))*+')
_HEREDOC_START = Pattern(r"<<(-?)([^\W\d][\w-]*)\r?\n")
_HEREDOC_TEXT = Pattern(r"(?>[^$%\n]+|\$\$\{|%%\{|[$%](?!\{))*+")
_OPENER = Pattern(r"[$%]\{")
_KEYWORD = Pattern(r"(?:if|else|endif|for|endfor)\b")
_CLOSING = {"else": "if", "endif": "if", "endfor": "for"}


class TemplateParser(Scanner):
    """Reads templates; each method consumes what it is named after. Raises `Stop` and `Refused`."""

    @abstractmethod
    def expression(self, *, loose: bool) -> Expression:
        """The expression that stands here, up to its last token."""

    def quoted(self) -> Expression:
        start = self.at
        self.at += 1
        text = self._quoted_text()
        if self.skip('"'):
            return Literal(self.since(start), template.unquote(text))
        self.at = start + 1
        return self.assembled(self._quoted_pieces(), start)

    def _quoted_text(self) -> str:
        match = self.take(_QUOTED)
        return match.group() if match else ""

    def _quoted_pieces(self) -> list[template.Piece]:
        pieces: list[template.Piece] = []
        open_directives: list[str] = []
        while True:
            begin = self.at
            text = self._quoted_text()
            if text:
                pieces.append(template.Text(template.unquote(text), self.since(begin)))
            if self.skip('"'):
                break
            pieces.append(self._sequence(open_directives))
        self._closed(open_directives)
        return pieces

    def assembled(self, pieces: list[template.Piece], start: int, *, flush: bool = False) -> Expression:
        """The expression of the pieces that were read from `start` to here."""
        try:
            return template.assemble(pieces, self.since(start), flush=flush)
        except template.Malformed as error:
            raise Refused(str(error), "grammar") from None

    def _closed(self, open_directives: list[str]) -> None:
        if open_directives:
            self.fail("the end of a directive")

    # heredocs

    def heredoc(self) -> Expression:
        start = self.at
        opening = self.take(_HEREDOC_START)
        if opening is None:
            self.fail("a heredoc marker and a new line" if self.sees("<<") else "an expression")
        begin, flush = self.at, bool(opening[1])
        line, end = self._end_of_heredoc(opening[2])
        if line < 0 or _OPENER.compiled.search(self.text, begin, line):
            pieces = self._lines(opening[2])
        else:
            self.at = end
            pieces = self._plain_lines(begin, line, flush=flush)
        return self.assembled(pieces, start, flush=flush)

    def _end_of_heredoc(self, marker: str) -> tuple[int, int]:
        """Where the next line that holds but the marker starts, and where its marker ends; negative when there is none."""
        found = self.text.find(marker, self.at)
        while found >= 0:
            start, end = self.text.rfind("\n", 0, found) + 1, self.text.find("\n", found)
            if end < 0:
                break
            if self.text[start:end].strip() == marker:
                return start, found + len(marker)
            found = self.text.find(marker, end)
        return -1, -1

    def _plain_lines(self, begin: int, end: int, *, flush: bool) -> list[template.Piece]:
        """Text without any sequence. The places inside are nobody's: it becomes one literal."""
        place = self.source.span(begin, begin)
        text = template.normalize(self.text[begin:end])
        lines = text.splitlines(keepends=True) if flush and text.isascii() else [f"{line}\n" for line in text.split("\n")[:-1]]
        return [template.Text(line, place) for line in lines] if flush else [template.Text(text, place)]

    def lines_to_the_end(self) -> list[template.Piece]:
        """The pieces of a text that is a template as a whole."""
        return self._lines("")

    def _lines(self, marker: str) -> list[template.Piece]:
        """Text and sequences, a piece of text a line, up to the line that holds but the marker, or to the end of the text."""
        pieces: list[template.Piece] = []
        open_directives: list[str] = []
        line_start = True
        while True:
            begin = self.at
            self.take(_HEREDOC_TEXT)
            if marker and line_start and self.sees("\n") and self.text[begin : self.at].strip() == marker:
                self.at = begin + len(self.text[begin : self.at].rstrip())
                break
            line_start = self.skip("\n")
            if self.at > begin:
                pieces.append(template.Text(template.unescape_heredoc(self.text[begin : self.at]), self.since(begin)))
            if not marker and self.at == len(self.text):
                break
            if not line_start:
                pieces.append(self._sequence(open_directives))
        self._closed(open_directives)
        return pieces

    # sequences

    def _sequence(self, open_directives: list[str]) -> template.Piece:
        """An interpolation or a directive."""
        self.enter()
        start = self.at
        piece: template.Piece
        if self.skip("${"):
            left = self.skip("~")
            piece = template.Interpolation(self.expression(loose=True), self.since(start), left)
        elif self.skip("%{"):
            left = self.skip("~")
            self.space(loose=True)
            piece = self._directive(open_directives)
            piece.trim_left = left
        else:
            self.fail("the end of the template")
        self.space(loose=True)
        piece.trim_right = self.skip("~")
        self.need("}", "`}`")
        piece.span = self.since(start)
        self.depth -= 1
        return piece

    def _directive(self, open_directives: list[str]) -> template.Directive:
        match = _KEYWORD.match(self.text, self.at)
        keyword = match.group() if match else self.fail("a directive")
        opener = _CLOSING.get(keyword)
        if opener and (not open_directives or open_directives[-1] != opener):
            self.fail(f"`{opener}` before `{keyword}`")
        piece = template.Directive(keyword, self.source.span(self.at, self.at))
        if keyword == "for":
            piece.key, piece.value, piece.expression = self.for_intro()
        else:
            self.at += len(keyword)
        if keyword == "if":
            piece.expression = self.expression(loose=True)
        if keyword in {"if", "for"}:
            open_directives.append(keyword)
        elif keyword in {"endif", "endfor"}:
            open_directives.pop()
        if len(open_directives) > self.nesting:
            raise Refused("nesting")
        return piece

    def for_intro(self) -> tuple[str, str, Expression]:
        """`for k, v in collection`: the two names, the first of them perhaps empty, and the collection."""
        self.need_keyword("for")
        key, value = "", self._name()
        if self.skip(","):
            key, value = value, self._name()
        self.need_keyword("in")
        collection = self.expression(loose=True)
        self.space(loose=True)
        return key, value, collection

    def _name(self) -> str:
        self.space(loose=True)
        match = self.take(NAME)
        name = match.group() if match else self.fail("a name")
        self.space(loose=True)
        return name
