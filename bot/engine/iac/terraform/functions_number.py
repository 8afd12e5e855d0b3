"""Numeric functions."""

from __future__ import annotations

import math
from collections.abc import Callable

from bot.engine.iac.terraform import syntax as s
from bot.engine.iac.terraform.conversions import tidy
from bot.engine.iac.terraform.function_kinds import Function, lifted, wrong
from bot.engine.iac.terraform.scope import Scope
from bot.engine.model.value import Known, Value

_DIGITS = "0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ"
_MAX_DIGITS = 400


def _parseint(args: list[Value], e: s.Call, scope: Scope) -> Value:
    if len(args) == 2 and isinstance(args[0], Known) and not isinstance(args[0].raw, str):
        return wrong(e, "needs text")
    return lifted("ti", _parsed)(args, e, scope)


def _parsed(text: str, base: int) -> int:
    """Digits beyond nine are letters, in bases beyond 36 the small ones before the great ones."""
    digits = text[1:] if text[:1] in ("+", "-") else text
    if not 2 <= base <= 62 or not digits or len(digits) > _MAX_DIGITS:
        raise ValueError("base or length")
    number = 0
    for digit in digits if base > 36 else digits.lower():
        value = _DIGITS.find(digit)
        if not 0 <= value < base:
            raise ValueError("a digit that the base does not have")
        number = number * base + value
    return -number if text.startswith("-") else number


def _signum(number: int) -> int:
    return (number > 0) - (number < 0)


def _pow(base: float, exponent: float) -> float:
    return tidy(math.pow(base, exponent))


def _log(number: float, base: float) -> float:
    return tidy(math.log(number, base))


def _progression(start: float, limit: float, step: float) -> tuple[float, ...]:
    if step == 0 or (limit - start) * step < 0:
        raise ValueError("step")
    made: list[float] = []
    value = start
    while value < limit if step > 0 else value > limit:
        made.append(tidy(value))
        value += step
    return tuple(made)


def _range(args: list[Value], e: s.Call, scope: Scope) -> Value:
    def numbers(*given: float) -> tuple[float, ...]:
        start, limit = (0, given[0]) if len(given) == 1 else given[:2]
        step = given[2] if len(given) == 3 else (1 if limit >= start else -1)
        if step:
            scope.run.hold_collection(int(abs((limit - start) / step)) + 1)
        return _progression(start, limit, step)

    return lifted("nnn", numbers, optional=2)(args, e, scope)


def _extreme(choose: Callable[..., float]) -> Callable[..., float]:
    return lambda *numbers: choose(numbers)


NUMBER: dict[str, Function] = {
    "abs": lifted("n", abs),
    "ceil": lifted("n", math.ceil),
    "floor": lifted("n", math.floor),
    "signum": lifted("i", _signum),
    "pow": lifted("nn", _pow),
    "log": lifted("nn", _log),
    "min": lifted("nn*", _extreme(min)),
    "max": lifted("nn*", _extreme(max)),
    "parseint": _parseint,
    "range": _range,
}
