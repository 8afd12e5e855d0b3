"""Groups a flat run of operands and operators by HCL's precedence."""

from __future__ import annotations

from typing import TypeAlias

from bot.engine.iac.terraform.parse_source import Refused
from bot.engine.iac.terraform.syntax import Binary, Conditional, Expression, Unary
from bot.engine.model.span import NOWHERE, Span

Operator: TypeAlias = tuple[str, Span]
Token: TypeAlias = Expression | Operator
_STRENGTH = {"||": 1, "&&": 2, "==": 3, "!=": 3, "<": 4, "<=": 4, ">": 4, ">=": 4, "+": 5, "-": 5, "*": 6, "/": 6, "%": 6}


def group(tokens: list[Token]) -> Expression:
    """The expression that `tokens` stand for; recursion is as deep as there are operators. Raises `Refused` when they do not fit."""
    if len(tokens) == 1 and not isinstance(tokens[0], tuple):
        return tokens[0]
    return _Grouping(tokens).whole()


def _span(token: Token) -> Span:
    return token[1] if isinstance(token, tuple) else token.span


def _across(first: Span, last: Span) -> Span:
    return Span(first.path, first.line, first.column, last.end_line, last.end_column)


class _Grouping:
    def __init__(self, tokens: list[Token]) -> None:
        self.tokens = tokens
        self.at = 0

    def whole(self) -> Expression:
        found = self._conditional()
        if self.at < len(self.tokens):
            raise self._misfit()
        return found

    def _misfit(self) -> Refused:
        token = self.tokens[min(self.at, len(self.tokens) - 1)] if self.tokens else None
        return Refused(NOWHERE if token is None else _span(token), "unsupported", "operators and operands do not fit")

    def _peek(self) -> str:
        token = self.tokens[self.at] if self.at < len(self.tokens) else None
        return token[0] if isinstance(token, tuple) else ""

    def _conditional(self) -> Expression:
        condition = self._binary(1)
        if self._peek() != "?":
            return condition
        self.at += 1
        then = self._conditional()
        if self._peek() != ":":
            raise self._misfit()
        self.at += 1
        otherwise = self._conditional()
        return Conditional(_across(condition.span, otherwise.span), condition, then, otherwise)

    def _binary(self, strength: int) -> Expression:
        left = self._unary()
        while (own := _STRENGTH.get(self._peek(), 0)) >= strength:
            operator = self._peek()
            self.at += 1
            right = self._binary(own + 1)
            left = Binary(_across(left.span, right.span), operator, left, right)  # type: ignore[arg-type]  # a key of _STRENGTH
        return left

    def _unary(self) -> Expression:
        if self.at >= len(self.tokens):
            raise self._misfit()
        token = self.tokens[self.at]
        self.at += 1
        if not isinstance(token, tuple):
            return token
        operator, span = token
        if operator not in {"-", "!"}:
            self.at -= 1
            raise self._misfit()
        operand = self._unary()
        return Unary(_across(span, operand.span), operator, operand)  # type: ignore[arg-type]  # checked above
