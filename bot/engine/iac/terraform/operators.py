"""Operators and conditionals in three values (strong Kleene logic). https://developer.hashicorp.com/terraform/language/expressions/operators"""

from __future__ import annotations

import operator
from collections.abc import Callable
from typing import Any

from msgspec.structs import replace

from bot.engine.iac.terraform import syntax as s
from bot.engine.iac.terraform.conversions import tidy, to_bool, to_number
from bot.engine.iac.terraform.describe import describe
from bot.engine.iac.terraform.scope import LimitReachedError, Run
from bot.engine.iac.terraform.values import Object, Rest, failure, known, trace, unknown
from bot.engine.model.span import Span
from bot.engine.model.value import Known, Null, Unknown, Value, branches_of

_COMPARE: dict[str, Callable[[float, float], bool]] = {"<": operator.lt, "<=": operator.le, ">": operator.gt, ">=": operator.ge}
_ARITHMETIC: dict[str, Callable[[float, float], float]] = {"+": operator.add, "-": operator.sub, "*": operator.mul}
_DECIMAL: dict[str, Callable[[Any, Any], Any]] = {"+": operator.add, "-": operator.sub, "*": operator.mul}
MAX_BITS = 1024


def binary(e: s.Binary, left: Value, right: Value, run: Run) -> Value:
    """The result of an operator on two evaluated operands."""
    if e.operator in ("&&", "||"):
        return _logic(e, left, right)
    if e.operator in ("==", "!="):
        return _equality(e, left, right, run)
    for operand in (left, right):
        if isinstance(operand, Unknown):
            return unknown(operand, e.span, (left, right))
    one, two = _number(left), _number(right)
    if one is None or two is None:
        return failure(f"{e.operator} needs numbers", e.span)
    if e.operator in _COMPARE:
        return known(_COMPARE[e.operator](one, two), e.span, (left, right))
    return _arithmetic(e, one, two, (left, right))


def _number(value: Value) -> int | float | None:
    return to_number(value.raw) if isinstance(value, Known) else None


def _arithmetic(e: s.Binary, one: float, two: float, operands: tuple[Value, Value]) -> Value:
    if isinstance(one, int) and isinstance(two, int) and one.bit_length() + two.bit_length() > MAX_BITS:
        raise LimitReachedError("number")
    if e.operator in _ARITHMETIC:
        exact = isinstance(one, int) and isinstance(two, int)
        return known(tidy(_ARITHMETIC[e.operator](one, two) if exact else _decimal(e.operator, one, two)), e.span, operands)
    if two == 0:  # Terraform's result is infinite, which nothing can use but `can`
        return Unknown("limit", describe(e), e.span, *trace(operands)[:3], detail="division by zero")
    try:
        if e.operator == "/":
            return known(_quotient(one, two), e.span, operands)
        return known(tidy(one - two * int(one / two)), e.span, operands)  # the sign follows the dividend
    except (OverflowError, ValueError):
        return failure("number out of range", e.span)


def _decimal(operator_: str, one: float, two: float) -> float:
    """In decimal digits: Terraform holds more of them than a float, so that 0.1 + 0.2 is 0.3."""
    from decimal import Decimal, localcontext  # noqa: PLC0415 - few roots need it

    with localcontext() as context:
        context.prec = 60
        return float(_DECIMAL[operator_](Decimal(repr(one)), Decimal(repr(two))))


def _quotient(one: float, two: float) -> int | float:
    if isinstance(one, int) and isinstance(two, int) and one % two == 0:
        return one // two
    return tidy(one / two)


def truth(value: Value) -> bool | None:
    """A known value as a condition; None when it is not one."""
    return to_bool(value.raw) if isinstance(value, Known) else None


def _logic(e: s.Binary, left: Value, right: Value) -> Value:
    deciding = e.operator == "||"
    one, two = truth(left), truth(right)
    for operand, value in ((left, one), (right, two)):
        if not isinstance(operand, Unknown) and value is None:
            return failure(f"{e.operator} needs true or false", e.span)
    if one is deciding:
        return known(deciding, e.span, (left,))
    if two is deciding:
        return known(deciding, e.span, (right,))
    for operand in (left, right):
        if isinstance(operand, Unknown):
            return unknown(operand, e.span, (left, right))
    return known(not deciding, e.span, (left, right))


def _equality(e: s.Binary, left: Value, right: Value, run: Run) -> Value:
    same = equal(left, right, run)
    if isinstance(same, Unknown):
        return unknown(same, e.span, (left, right))
    if same and _may_differ_in_type(e, left) and not (isinstance(e.left, _WRITTEN) and isinstance(e.right, _WRITTEN)):
        return Unknown("function", describe(e), e.span, *trace((left, right))[:3], detail="a list is no tuple, and a map no object")
    return known(same is (e.operator == "=="), e.span, (left, right))


_WRITTEN = (s.TupleCons, s.ObjectCons)


def _may_differ_in_type(e: s.Binary, value: Value) -> bool:
    """Collections with equal elements are equal only when their types are; `var.list == []` never is. Types are not kept."""
    return isinstance(value, Known) and isinstance(value.raw, (tuple, dict)) and e.left != e.right


def equal(left: Value, right: Value, run: Run) -> bool | Unknown:  # noqa: PLR0911 - one line a kind of value
    """Whether two values are the same, or the unknown that decides it. No conversion: `"1"` is not `1`."""
    run.spend(1)
    if isinstance(left, Unknown):
        return False if isinstance(left, Object) and isinstance(right, Null) else left
    if isinstance(right, Unknown):
        return False if isinstance(right, Object) and isinstance(left, Null) else right
    if isinstance(left, Null) or isinstance(right, Null):
        return isinstance(left, Null) and isinstance(right, Null)
    one, two = left.raw, right.raw
    if isinstance(one, tuple) and isinstance(two, tuple):
        for item in (*one, *two):
            if isinstance(item, Rest):
                return item
        return _same_items(list(zip(one, two, strict=False)), run) if len(one) == len(two) else False
    if isinstance(one, dict) and isinstance(two, dict):
        return _same_items([(one[key], two[key]) for key in one], run) if one.keys() == two.keys() else False
    return _kind(one) is _kind(two) and one == two


def _same_items(pairs: list[tuple[Value, Value]], run: Run) -> bool | Unknown:
    """A difference that is certain outweighs whatever is unknown."""
    undecided: Unknown | None = None
    for one, two in pairs:
        same = equal(one, two, run)
        if same is False:
            return False
        if isinstance(same, Unknown):
            undecided = undecided or same
    return undecided or True


def _kind(raw: object) -> type:
    return bool if isinstance(raw, bool) else float if isinstance(raw, (int, float)) else type(raw)


def unary(e: s.Unary, operand: Value) -> Value:
    """`!` and `-`."""
    if isinstance(operand, Unknown):
        return unknown(operand, e.span, (operand,))
    if e.operator == "!":
        value = truth(operand)
        return failure("! needs true or false", e.span) if value is None else known(not value, e.span, (operand,))
    number = _number(operand)
    return failure("- needs a number", e.span) if number is None else known(-number, e.span, (operand,))


def undecided(condition: Unknown, branches: tuple[Value, Value], span: Span, run: Run) -> Value:
    """A conditional whose condition is unknown: what both branches agree on, else unknown for the condition's reason."""
    one, two = branches
    if equal(one, two, run) is True:
        return one
    found, known_branches = unknown(condition, span, (condition, *branches)), branches_of(branches)
    return replace(found, branches=known_branches) if known_branches else found
