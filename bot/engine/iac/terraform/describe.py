"""Normalised source text of an expression: one spelling whatever the blanks, quotes and line breaks of the file."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

from bot.engine.iac.terraform import syntax as s

MAX_LENGTH = 200
_ENCODER = json.JSONEncoder(ensure_ascii=False)  # `json.dumps` would make one for each call


def describe(expression: s.Expression, limit: int = MAX_LENGTH) -> str:
    """The text, cut to `limit` characters with an ellipsis."""
    written = text_of(expression)
    return written if len(written) <= limit else written[: limit - 1] + "…"


def text_of(expression: s.Expression) -> str:
    """The whole text. Recursion is bounded by the nesting that the parser lets through."""
    return _WRITERS[type(expression)](expression)


def quoted(text: str) -> str:
    """A string literal."""
    return _ENCODER.encode(text)


def scalar_text(raw: str | float | None) -> str:
    """A literal as it is written."""
    if raw is None:
        return "null"
    if isinstance(raw, bool):
        return "true" if raw else "false"
    return quoted(raw) if isinstance(raw, str) else str(raw)


def _literal(e: s.Literal) -> str:
    return scalar_text(e.raw)


def _template(e: s.Template) -> str:
    return f'"{_pieces(e)}"'


def _pieces(e: s.Template) -> str:
    return "".join(map(_piece, e.parts))


def _piece(part: s.Expression) -> str:
    if isinstance(part, s.Literal) and isinstance(part.raw, str):
        return quoted(part.raw)[1:-1]
    if isinstance(part, (s.TemplateIf, s.TemplateFor)):
        return text_of(part)
    return f"${{{text_of(part)}}}"


def _template_if(e: s.TemplateIf) -> str:
    otherwise = f"%{{ else }}{_pieces(e.otherwise)}" if e.otherwise.parts else ""
    return f"%{{ if {text_of(e.condition)} }}{_pieces(e.then)}{otherwise}%{{ endif }}"


def _template_for(e: s.TemplateFor) -> str:
    names = f"{e.key}, {e.value}" if e.key else e.value
    return f"%{{ for {names} in {text_of(e.collection)} }}{_pieces(e.body)}%{{ endfor }}"


def _splat(e: s.Splat) -> str:
    return text_of(e.source) + ("[*]" if e.full else ".*") + text_of(e.each)


def _call(e: s.Call) -> str:
    return f"{e.name}({', '.join(map(text_of, e.args))}{'...' if e.expand else ''})"


def _conditional(e: s.Conditional) -> str:
    return f"{_operand(e.condition)} ? {_operand(e.then)} : {_operand(e.otherwise)}"


def _operand(e: s.Expression) -> str:
    return f"({text_of(e)})" if isinstance(e, (s.Binary, s.Conditional)) else text_of(e)


def _object(e: s.ObjectCons) -> str:
    return "{" + ", ".join(f"{_key(key)} = {text_of(value)}" for key, value in e.items) + "}"


def _key(key: s.Expression) -> str:
    if isinstance(key, s.Literal):
        return key.raw if isinstance(key.raw, str) and key.raw.isidentifier() else text_of(key)
    return text_of(key) if isinstance(key, s.Template) else f"({text_of(key)})"


def _for(e: s.For) -> str:
    names = f"{e.key}, {e.value}" if e.key else e.value
    head = f"for {names} in {text_of(e.collection)} : "
    tail = f" if {text_of(e.condition)}" if e.condition else ""
    if e.key_result is None:
        return f"[{head}{text_of(e.result)}{tail}]"
    return f"{{{head}{text_of(e.key_result)} => {text_of(e.result)}{'...' if e.grouping else ''}{tail}}}"


_WRITERS: dict[type, Callable[[Any], str]] = {
    s.Literal: _literal,
    s.Template: _template,
    s.TemplateIf: _template_if,
    s.TemplateFor: _template_for,
    s.Variable: lambda e: e.name,
    s.GetAttr: lambda e: f"{text_of(e.source)}.{e.name}" if not isinstance(e.source, s.SplatItem) else f".{e.name}",
    s.Index: lambda e: f"{text_of(e.source)}[{text_of(e.key)}]",
    s.Splat: _splat,
    s.SplatItem: lambda _: "",
    s.Call: _call,
    s.Unary: lambda e: e.operator + _operand(e.operand),
    s.Binary: lambda e: f"{_operand(e.left)} {e.operator} {_operand(e.right)}",
    s.Conditional: _conditional,
    s.TupleCons: lambda e: f"[{', '.join(map(text_of, e.items))}]",
    s.ObjectCons: _object,
    s.For: _for,
    s.Unparsed: lambda e: " ".join(e.text.split()),
}
