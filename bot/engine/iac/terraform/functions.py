"""Terraform's functions by name. https://developer.hashicorp.com/terraform/language/functions

A function gets evaluated arguments; `try` and `can` get expressions. What is not here is unknown for reason "function".
"""

from __future__ import annotations

from bot.engine.iac.terraform import syntax as s
from bot.engine.iac.terraform.decoding import DECODING
from bot.engine.iac.terraform.describe import describe
from bot.engine.iac.terraform.dispatch import evaluate
from bot.engine.iac.terraform.function_kinds import Function
from bot.engine.iac.terraform.functions_collection import COLLECTION
from bot.engine.iac.terraform.functions_encoding import ENCODING
from bot.engine.iac.terraform.functions_file import FILE
from bot.engine.iac.terraform.functions_number import NUMBER
from bot.engine.iac.terraform.functions_set import SETS
from bot.engine.iac.terraform.functions_text import TEXT
from bot.engine.iac.terraform.scope import Scope
from bot.engine.iac.terraform.values import failure, is_failure, known, trace, unknown
from bot.engine.model.value import Known, Reason, Unknown, Value, moved_to

FUNCTIONS: dict[str, Function] = {**COLLECTION, **SETS, **ENCODING, **DECODING, **FILE, **NUMBER, **TEXT}
ENVIRONMENT = frozenset({"abspath", "pathexpand", "fileset"})
COMPUTED = frozenset({"timestamp", "plantimestamp", "uuid", "bcrypt"})


def call(e: s.Call, scope: Scope) -> Value:
    """The value of a function call."""
    name = e.name.removeprefix("core::")
    if name == "try":
        return _try(e, scope)
    if name == "can":
        return _can(e, scope)
    args = [evaluate(arg, scope) for arg in e.args]
    if e.expand and args:
        last = args.pop()
        if not isinstance(last, Known) or not isinstance(last.raw, tuple):
            return unknown(last, e.span, [*args, last]) if isinstance(last, Unknown) else failure("... needs a list", e.span, describe(e))
        args.extend(last.raw)
    function = FUNCTIONS.get(name)
    if function is None:
        return _unsupported(e, name, args)
    scope.run.spend(len(args))
    return function(args, e, scope)


def _unsupported(e: s.Call, name: str, args: list[Value]) -> Value:
    origin, refs, sensitive, _ = trace(args)
    reason: Reason = "computed" if name in COMPUTED else "environment" if name in ENVIRONMENT else "function"
    return Unknown(reason, describe(e), e.span, origin, refs, sensitive, (), name)


def _try(e: s.Call, scope: Scope) -> Value:
    """The first argument that does not fail. An unknown one may still fail, so it is unknown which one is taken."""
    value: Value = failure("try without arguments", e.span)
    for arg in e.args:
        value = evaluate(arg, scope)
        if not is_failure(value):
            break
    return moved_to(value, e.span)


def _can(e: s.Call, scope: Scope) -> Value:
    if len(e.args) != 1:
        return failure("can takes one argument", e.span)
    value = evaluate(e.args[0], scope)
    if isinstance(value, Unknown) and not is_failure(value):
        return unknown(value, e.span, (value,))
    return known(not is_failure(value), e.span, ())
