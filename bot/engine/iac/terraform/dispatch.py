"""From the type of an expression to what evaluates it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, TypeAlias

from bot.engine.iac.terraform.scope import MAX_DEPTH, LimitReachedError, Scope
from bot.engine.iac.terraform.syntax import Expression
from bot.engine.model.value import Value

Handler: TypeAlias = Callable[[Any, Scope], Value]
_HANDLERS: dict[type, Handler] = {}


def install(handlers: Mapping[type, Handler]) -> None:
    """Say what evaluates expressions of these types; `expressions` does so once, for all of them."""
    _HANDLERS.update(handlers)


def evaluate(expression: Expression, scope: Scope) -> Value:
    """The value, at the expression's span. Raises LimitReachedError, which whoever remembers values turns into one."""
    run = scope.run
    run.steps -= 1
    run.depth += 1
    if run.steps < 0 or run.depth > MAX_DEPTH:
        raise LimitReachedError("steps" if run.steps < 0 else "depth")
    value = _HANDLERS[type(expression)](expression, scope)
    run.depth -= 1
    return value
