"""Nodes of tree-sitter-hcl → expressions.

tree-sitter's own nesting of operators is not used: it writes steps (`.b`, `[0]`) as siblings of their operand and nests
`a ? b : c ? d : e` to the left. Operators and operands are flattened in source order and grouped again by HCL's rules:
https://github.com/hashicorp/hcl/blob/main/hclsyntax/parser.go (`parseTernaryConditional`, `parseBinaryOps`).
"""

from __future__ import annotations

import math
from collections.abc import Callable

from tree_sitter import Node

from bot.engine.iac.terraform import template
from bot.engine.iac.terraform.parse_operators import Token, group
from bot.engine.iac.terraform.parse_source import Refused, Source
from bot.engine.iac.terraform.syntax import (
    Call,
    Expression,
    For,
    GetAttr,
    Index,
    Literal,
    ObjectCons,
    Splat,
    SplatItem,
    TupleCons,
    Variable,
)
from bot.engine.model.span import Span

_INLINE = frozenset({"operation", "binary_operation", "unary_operation", "conditional", "expression"})
_STEPS = frozenset({"get_attr", "index", "splat"})
_STEPS_AND_COMMENTS = _STEPS | {"comment"}
_OPERATORS = frozenset({"+", "-", "*", "/", "%", "==", "!=", "<", "<=", ">", ">=", "&&", "||", "!", "?", ":"})
_KEYWORDS = {"true": True, "false": False, "null": None}
MAX_DIGITS = 400


class Reader:
    """Reads expressions of one source. `depth` is the nesting of the expression being read."""

    def __init__(self, source: Source, nesting: int) -> None:
        self.source = source
        self.nesting = nesting
        self.depth = 0
        self._terms: dict[str, Callable[[Node], Expression]] = {
            "expression": self.expression,
            "literal_value": self._literal,
            "variable_expr": self._variable,
            "template_expr": self._template,
            "collection_value": self._collection,
            "function_call": self._call,
            "for_expr": self._for,
        }

    def expression(self, node: Node) -> Expression:
        """The expression of an `expression` node. Raises `Refused`."""
        self.enter(node)
        children = node.children
        term = self._terms.get(children[0].type) if len(children) == 1 else None
        found = term(children[0]) if term else group(self._tokens(node))
        self.depth -= 1
        return found

    def enter(self, node: Node) -> None:
        """One level deeper; raises `Refused` at the limit. The caller of `Refused`'s catcher restores `depth`."""
        self.depth += 1
        if self.depth > self.nesting:
            raise Refused(self.source.span(node), "limit", "nesting")

    def _tokens(self, node: Node) -> list[Token]:
        """Operators and operands in source order; operands have their steps applied."""
        tokens: list[Token] = []
        operators = 0
        pending = list(reversed(node.children))
        while pending:
            child = pending.pop()
            kind = child.type
            if kind in _OPERATORS:
                tokens.append((kind, self.source.span(child)))
                operators += 1
                if operators > self.nesting:
                    raise Refused(self.source.span(child), "limit", "nesting")
            elif kind in _STEPS:
                self._step_last(tokens, [child, *_following_steps(pending)])
            elif kind == "(":
                tokens.append(self.expression(_skip_comments(pending)))
            elif kind in _INLINE:
                pending.extend(reversed(child.children))
            elif kind not in {")", "comment"}:
                tokens.append(self._term(child))
        return tokens

    def _step_last(self, tokens: list[Token], nodes: list[Node]) -> None:
        """Apply a run of steps to the last operand. They belong together: a full splat takes all that follow it."""
        if not tokens or isinstance(tokens[-1], tuple):
            raise Refused(self.source.span(nodes[0]), "unsupported", "a step without operand")
        if len(nodes) > self.nesting:
            raise Refused(self.source.span(nodes[0]), "limit", "nesting")
        tokens[-1] = self._steps(tokens[-1], nodes)

    def _term(self, node: Node) -> Expression:
        reader = self._terms.get(node.type)
        if reader is None:
            raise Refused(self.source.span(node), "unsupported", f"a {node.type} node")
        return reader(node)

    # steps

    def _steps(self, operand: Expression, nodes: list[Node]) -> Expression:
        """`operand` followed by steps."""
        for at, node in enumerate(nodes):
            if node.type == "get_attr":
                operand = GetAttr(self._from(operand, node), operand, self.source.text(node.children[-1]))
            elif node.type == "index":
                operand = self._index(operand, node)
            elif node.type == "splat":
                return self._splat(operand, node.children[0], nodes[at + 1 :])
            elif node.type != "comment":
                raise Refused(self.source.span(node), "unsupported", f"a {node.type} node")
        return operand

    def _from(self, operand: Expression, node: Node) -> Span:
        end, start = self.source.span(node), operand.span
        return Span(start.path, start.line, start.column, end.end_line, end.end_column)

    def _index(self, operand: Expression, node: Node) -> Expression:
        inner = node.children[0]
        if inner.type == "legacy_index":
            digits = self.source.text(inner).lstrip(". \t\r\n")
            key: Expression = Literal(self.source.span(inner), self._integer(inner, digits))
        else:
            key = self.expression(next(child for child in inner.children if child.type == "expression"))
        return Index(self._from(operand, node), operand, key)

    def _splat(self, operand: Expression, node: Node, rest: list[Node]) -> Expression:
        """A full splat takes every further step into its elements; an attribute splat ends at the first `[`."""
        marker, *steps = node.children
        steps += rest
        if len(steps) > self.nesting:
            raise Refused(self.source.span(node), "limit", "nesting")
        full = node.type == "full_splat"
        inner, outer = (steps, []) if full else _split_attribute_steps(steps)
        self.enter(node)
        each = self._steps(SplatItem(self.source.span(marker)), inner)
        self.depth -= 1
        span = self._from(operand, inner[-1] if inner else marker)
        return self._steps(Splat(span, operand, each, full), outer)

    # terms

    def _literal(self, node: Node) -> Expression:
        inner = node.children[0]
        span = self.source.span(node)
        if inner.type == "string_lit":
            return Literal(span, self.quoted(inner))
        text = self.source.text(inner)
        if text in _KEYWORDS:
            return Literal(span, _KEYWORDS[text])
        return Literal(span, self._integer(node, text) if text.isdigit() else self._number(node, text))

    def _integer(self, node: Node, digits: str) -> int:
        if len(digits) > MAX_DIGITS:
            raise Refused(self.source.span(node), "limit", "digits of a number")
        return int(digits)

    def _number(self, node: Node, text: str) -> float:
        try:
            number = float(text)
        except ValueError:  # tree-sitter-hcl reads hexadecimal numbers, HCL has none
            raise Refused(self.source.span(node), "grammar", "not a number") from None
        if not math.isfinite(number):
            raise Refused(self.source.span(node), "limit", "size of a number")
        return number

    def quoted(self, node: Node) -> str:
        """The text of a `string_lit`, without its quotes. Raises `Refused` for an unknown escape."""
        text = self.source.data[node.start_byte + 1 : node.end_byte - 1].decode("utf-8", "replace")
        try:
            return template.unquote(text)
        except template.Malformed as error:
            raise Refused(self.source.span(node), "grammar", str(error)) from None

    def _variable(self, node: Node) -> Expression:
        return Variable(self.source.span(node), self.source.text(node))

    def _template(self, node: Node) -> Expression:
        from bot.engine.iac.terraform.parse_template import read_template  # noqa: PLC0415 — templates hold expressions and expressions templates

        return read_template(self, node.children[0])

    def _collection(self, node: Node) -> Expression:
        inner = node.children[0]
        span = self.source.span(node)
        if inner.type == "tuple":
            return TupleCons(span, tuple([self.expression(child) for child in inner.children if child.type == "expression"]))
        return ObjectCons(span, tuple([self._element(child) for child in inner.children if child.type == "object_elem"]))

    def _element(self, node: Node) -> tuple[Expression, Expression]:
        key, value = [child for child in node.children if child.type == "expression"]
        return self._key(key), self.expression(value)

    def _key(self, node: Node) -> Expression:
        """A bare word is its own text; anything else, and anything in parentheses, is evaluated."""
        children = node.children
        if len(children) == 1 and (children[0].type == "variable_expr" or self.source.text(node) in _KEYWORDS):
            return Literal(self.source.span(node), self.source.text(node))
        return self.expression(node)

    def _call(self, node: Node) -> Expression:
        args: list[Expression] = []
        expand = False
        for child in node.children:
            if child.type == "function_arguments":
                args = [self.expression(item) for item in child.children if item.type == "expression"]
                expand = any(item.type == "ellipsis" for item in child.children)
        return Call(self.source.span(node), self.source.text(node.children[0]), tuple(args), expand)

    def _for(self, node: Node) -> Expression:
        inner = node.children[0]
        intro = next(child for child in inner.children if child.type == "for_intro")
        names, collection = self.for_intro(intro)
        results = [self.expression(child) for child in inner.children if child.type == "expression"]
        guard = next((child for child in inner.children if child.type == "for_cond"), None)
        return For(
            self.source.span(node),
            key=names[0] if len(names) > 1 else "",
            value=names[-1],
            collection=collection,
            result=results[-1],
            key_result=results[0] if inner.type == "for_object_expr" else None,
            condition=self.expression(_only_expression(guard)) if guard else None,
            grouping=any(child.type == "ellipsis" for child in inner.children),
        )

    def for_intro(self, node: Node) -> tuple[list[str], Expression]:
        """The names that `for k, v in collection` binds, and the collection."""
        names = [self.source.text(child) for child in node.children if child.type == "identifier"]
        return names, self.expression(_only_expression(node))


def _only_expression(node: Node) -> Node:
    return next(child for child in node.children if child.type == "expression")


def _skip_comments(pending: list[Node]) -> Node:
    while pending[-1].type == "comment":
        pending.pop()
    return pending.pop()


def _following_steps(pending: list[Node]) -> list[Node]:
    steps = []
    while pending and pending[-1].type in _STEPS_AND_COMMENTS:
        steps.append(pending.pop())
    return steps


def _split_attribute_steps(steps: list[Node]) -> tuple[list[Node], list[Node]]:
    for at, step in enumerate(steps):
        if step.type == "splat" or (step.type == "index" and step.children[0].type == "new_index"):
            return steps[:at], steps[at:]
    return steps, []
