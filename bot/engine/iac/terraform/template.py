"""Templates: escapes, strip markers, heredoc indentation and directives, as Terraform's own parser treats them.

Source: https://github.com/hashicorp/hcl/blob/main/hclsyntax/parser_template.go and `spec.md`, "Templates".
A template is first a flat list of pieces, as in that parser: indentation and strip markers work on the pieces.
"""

from __future__ import annotations

import re
from typing import TypeAlias

from msgspec import Struct
from msgspec.structs import replace

from bot.engine.iac.terraform.syntax import Expression, Literal, Template, TemplateFor, TemplateIf
from bot.engine.model.span import Span
from bot.engine.pattern import Pattern

SPACE = " \t\n\v\f\r\x85\xa0\u1680\u2000\u2001\u2002\u2003\u2004\u2005\u2006\u2007\u2008\u2009\u200a\u2028\u2029\u202f\u205f\u3000"
_QUOTED = Pattern(r"\\(?:u[0-9A-Fa-f]{4}|U[0-9A-Fa-f]{8}|.)|\$\$\{|%%\{", re.DOTALL)
_HEREDOC = Pattern(r"\$\$\{|%%\{")
_ESCAPES = {"n": "\n", "r": "\r", "t": "\t", '"': '"', "\\": "\\"}


class Text(Struct):
    """Literal text with escapes already replaced; one line of a heredoc, or a run inside quotes."""

    text: str
    span: Span


class Interpolation(Struct):
    """`${ … }`. `trim_left`: the opener is `${~`; `trim_right`: the closer is `~}`."""

    expression: Expression
    span: Span
    trim_left: bool = False
    trim_right: bool = False


class Directive(Struct):
    """`%{ … }`. `keyword` is if, else, endif, for or endfor."""

    keyword: str
    span: Span
    trim_left: bool = False
    trim_right: bool = False
    expression: Expression | None = None
    key: str = ""
    value: str = ""


Piece: TypeAlias = Text | Interpolation | Directive


class Malformed(Exception):  # noqa: N818 — said of a template
    """Directives that do not match."""


def unquote(text: str) -> str:
    """The text of a quoted literal with its escapes replaced; raises `Malformed` for an unknown escape."""
    return normalize(_QUOTED.sub(_unescape, text)) if "\\" in text or "{" in text else normalize(text)


def unescape_heredoc(text: str) -> str:
    """The text of a heredoc line: only `$${` and `%%{` are escapes there."""
    return normalize(_HEREDOC.sub(_unescape, text)) if "{" in text else normalize(text)


def normalize(text: str) -> str:
    """Terraform keeps strings in Unicode's composed form."""
    if text.isascii():
        return text
    from unicodedata import normalize as compose  # noqa: PLC0415 — a table of its own that most files never need

    return compose("NFC", text)


def _unescape(match: re.Match[str]) -> str:
    found = match.group()
    if found[0] != "\\":
        return found[1:]
    digits = found[2:]
    if digits:
        code = int(digits, 16)
        return chr(code) if code <= 0x10FFFF and not 0xD800 <= code <= 0xDFFF else "\ufffd"
    if found[1] not in _ESCAPES:
        raise Malformed("unknown escape")
    return _ESCAPES[found[1]]


def assemble(pieces: list[Piece], span: Span, *, flush: bool = False) -> Expression:
    """The expression that a template stands for.

    Without interpolation it is a `Literal`; with exactly one interpolation and nothing else it is that expression
    itself, at `span`. `flush` removes the indentation of a `<<-` heredoc. Raises `Malformed`.
    """
    _strip(pieces)
    if flush:
        _flush(pieces)
    if len(pieces) == 1 and isinstance(pieces[0], Interpolation):
        return replace(pieces[0].expression, span=span)
    if all(isinstance(piece, Text) for piece in pieces):
        return Literal(span, "".join(piece.text for piece in pieces if isinstance(piece, Text)))
    parts, rest = _sequence(pieces, 0, ())
    if rest < len(pieces):
        raise Malformed("a directive without its beginning")
    return Template(span, parts)


def _strip(pieces: list[Piece]) -> None:
    """A strip marker removes the white space of the neighbouring piece: in a heredoc, of that line only."""
    previous: Piece | None = None
    for piece in pieces:
        if isinstance(piece, Text):
            if isinstance(previous, Interpolation | Directive) and previous.trim_right:
                piece.text = piece.text.lstrip(SPACE)
        elif piece.trim_left and isinstance(previous, Text):
            previous.text = previous.text.rstrip(SPACE)
        previous = piece


def _flush(pieces: list[Piece]) -> None:
    """Remove the smallest indentation of all lines; blank lines do not count, a line that starts with `${` has none."""
    starts: list[Text] = []
    indentation: list[int] = []
    fresh = True
    for piece in pieces:
        if fresh:
            if not isinstance(piece, Text):
                indentation.append(0)
            elif piece.text.strip(SPACE) or not piece.text.endswith("\n"):
                indentation.append(len(piece.text) - len(piece.text.lstrip(SPACE)))
                starts.append(piece)
        fresh = isinstance(piece, Text) and piece.text.endswith("\n")
    for piece in starts:
        piece.text = piece.text[min(indentation) :]


def _sequence(pieces: list[Piece], at: int, until: tuple[str, ...]) -> tuple[tuple[Expression, ...], int]:
    """Parts from `at` up to a directive named in `until` (or the end of the pieces), and where that stands."""
    parts: list[Expression] = []
    text: Literal | None = None
    while at < len(pieces):
        piece = pieces[at]
        if isinstance(piece, Text):
            text = _add_text(parts, piece, text)
            at += 1
            continue
        text = None
        if isinstance(piece, Interpolation):
            parts.append(piece.expression)
            at += 1
        elif piece.keyword in until:
            return tuple(parts), at
        else:
            part, at = _directive(pieces, at)
            parts.append(part)
    return tuple(parts), at


def _add_text(parts: list[Expression], piece: Text, before: Literal | None) -> Literal | None:
    """Append text to `parts`, or to the text that stands directly `before` it; the text as it now stands."""
    if not piece.text:
        return before
    if before is None:
        parts.append(Literal(piece.span, piece.text))
    else:
        parts[-1] = Literal(_across(before.span, piece.span), f"{before.raw}{piece.text}")
    return parts[-1] if isinstance(parts[-1], Literal) else None


def _across(first: Span, last: Span) -> Span:
    return Span(first.path, first.line, first.column, last.end_line, last.end_column)


def _directive(pieces: list[Piece], at: int) -> tuple[Expression, int]:
    piece = pieces[at]
    if isinstance(piece, Directive) and piece.expression is not None:
        if piece.keyword == "if":
            return _if(pieces, at, piece, piece.expression)
        if piece.keyword == "for":
            return _for(pieces, at, piece, piece.expression)
    raise Malformed("a directive without its beginning")


def _if(pieces: list[Piece], at: int, piece: Directive, condition: Expression) -> tuple[Expression, int]:
    then, end = _sequence(pieces, at + 1, ("else", "endif"))
    otherwise: tuple[Expression, ...] = ()
    middle = _span_at(pieces, end)
    last = middle
    if _keyword(pieces, end) == "else":
        otherwise, end = _sequence(pieces, end + 1, ("endif",))
        last = _span_at(pieces, end)
    then_span, else_span = _across(piece.span, middle), _across(middle, last)
    return TemplateIf(_across(piece.span, last), condition, Template(then_span, then), Template(else_span, otherwise)), end + 1


def _for(pieces: list[Piece], at: int, piece: Directive, collection: Expression) -> tuple[Expression, int]:
    body, end = _sequence(pieces, at + 1, ("endfor",))
    span = _across(piece.span, _span_at(pieces, end))
    return TemplateFor(span, piece.key, piece.value, collection, Template(span, body)), end + 1


def _keyword(pieces: list[Piece], at: int) -> str:
    piece = pieces[at] if at < len(pieces) else None
    return piece.keyword if isinstance(piece, Directive) else ""


def _span_at(pieces: list[Piece], at: int) -> Span:
    if at >= len(pieces):
        raise Malformed("a directive without its end")
    return pieces[at].span
