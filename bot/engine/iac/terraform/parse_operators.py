"""Groups a flat run of operands and operators by HCL's precedence."""

from __future__ import annotations

from bot.engine.iac.terraform.parse_scanner import across
from bot.engine.iac.terraform.syntax import Binary, Expression

_STRENGTH = {"||": 1, "&&": 2, "==": 3, "!=": 3, "<": 4, "<=": 4, ">": 4, ">=": 4, "+": 5, "-": 5, "*": 6, "/": 6, "%": 6}


def group(first: Expression, rest: list[tuple[str, Expression]]) -> Expression:
    """The expression that `first` and each operator with its right operand stand for; all operators bind to the left."""
    operands = [first]
    waiting: list[str] = []
    for operator, operand in rest:
        while waiting and _STRENGTH[waiting[-1]] >= _STRENGTH[operator]:
            _bind(operands, waiting.pop())
        waiting.append(operator)
        operands.append(operand)
    while waiting:
        _bind(operands, waiting.pop())
    return operands[0]


def _bind(operands: list[Expression], operator: str) -> None:
    right = operands.pop()
    left = operands.pop()
    operands.append(Binary(across(left.span, right.span), operator, left, right))  # type: ignore[arg-type]  # a key of _STRENGTH
