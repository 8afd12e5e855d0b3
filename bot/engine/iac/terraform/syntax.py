"""Terraform's syntax as frozen values: what `parse` yields for native and JSON syntax alike and `evaluate` consumes.

Grammar: https://github.com/hashicorp/hcl/blob/main/hclsyntax/spec.md
"""

from __future__ import annotations

from typing import Literal as OneOf
from typing import TypeAlias, Union

from msgspec import Struct

from bot.engine.model.resource import Unread
from bot.engine.model.span import NOWHERE, Span


class Literal(Struct, frozen=True):
    """`raw`: None is the language's null."""

    span: Span
    raw: str | bool | int | float | None


class Template(Struct, frozen=True):
    """A quoted or heredoc template with at least one interpolation or directive; literal pieces are `Literal`s."""

    span: Span
    parts: tuple["Expression", ...]


class TemplateIf(Struct, frozen=True):
    """A `%{ if }` directive inside a template."""

    span: Span
    condition: "Expression"
    then: "Template"
    otherwise: "Template"


class TemplateFor(Struct, frozen=True):
    """A `%{ for }` directive inside a template."""

    span: Span
    key: str
    value: str
    collection: "Expression"
    body: "Template"


class Variable(Struct, frozen=True):
    """The root of a reference: `var`, `local`, `aws_vpc`, `each`, or a name bound by `for`."""

    span: Span
    name: str


class GetAttr(Struct, frozen=True):
    span: Span
    source: "Expression"
    name: str


class Index(Struct, frozen=True):
    span: Span
    source: "Expression"
    key: "Expression"


class Splat(Struct, frozen=True):
    """`source[*].steps` (full) or `source.*.steps` (attribute-only); `each` reads the element through `SplatItem`."""

    span: Span
    source: "Expression"
    each: "Expression"
    full: bool


class SplatItem(Struct, frozen=True):
    """Stands for the current element inside `Splat.each`."""

    span: Span


class Call(Struct, frozen=True):
    """`expand`: the last argument is followed by `...`."""

    span: Span
    name: str
    args: tuple["Expression", ...]
    expand: bool = False


class Unary(Struct, frozen=True):
    span: Span
    operator: OneOf["-", "!"]
    operand: "Expression"


class Binary(Struct, frozen=True):
    span: Span
    operator: OneOf["+", "-", "*", "/", "%", "==", "!=", "<", "<=", ">", ">=", "&&", "||"]
    left: "Expression"
    right: "Expression"


class Conditional(Struct, frozen=True):
    span: Span
    condition: "Expression"
    then: "Expression"
    otherwise: "Expression"


class TupleCons(Struct, frozen=True):
    span: Span
    items: tuple["Expression", ...]


class ObjectCons(Struct, frozen=True):
    """Keys are expressions; a bare identifier key is a `Literal` string."""

    span: Span
    items: tuple[tuple["Expression", "Expression"], ...]


class For(Struct, frozen=True):
    """`key_result` is set for the object form; `grouping` is its `...`."""

    span: Span
    key: str
    value: str
    collection: "Expression"
    result: "Expression"
    key_result: "Expression | None" = None
    condition: "Expression | None" = None
    grouping: bool = False


class Unparsed(Struct, frozen=True):
    """An expression with a syntax error inside, or in a form that is not read: yields nothing but "not read"."""

    span: Span
    text: str
    detail: str = ""


Expression: TypeAlias = Union[
    Literal,
    Template,
    TemplateIf,
    TemplateFor,
    Variable,
    GetAttr,
    Index,
    Splat,
    SplatItem,
    Call,
    Unary,
    Binary,
    Conditional,
    TupleCons,
    ObjectCons,
    For,
    Unparsed,
]


class Attribute(Struct, frozen=True):
    """`name = expression`; `span` covers the whole line(s), `name_span` the name."""

    span: Span
    name: str
    expression: Expression
    name_span: Span = NOWHERE


class Block(Struct, frozen=True):
    """`span` is the header (type and labels up to the brace), `extent` the whole block.

    `incomplete`: the body holds a syntax error outside its attributes' expressions, so that names may be missing.
    """

    span: Span
    extent: Span
    type: str
    labels: tuple[str, ...]
    attributes: dict[str, Attribute]
    blocks: tuple["Block", ...]
    incomplete: bool = False


class File(Struct, frozen=True):
    """One parsed file. `variables_file`: attributes at the top (`.tfvars`). `unread`: what was not read, and why."""

    path: str
    attributes: dict[str, Attribute]
    blocks: tuple[Block, ...]
    unread: tuple[Unread, ...] = ()
