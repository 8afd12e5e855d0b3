"""Conversion of a variable's value to its declared type. https://developer.hashicorp.com/terraform/language/expressions/type-constraints"""

from __future__ import annotations

from msgspec.structs import replace

from bot.engine.iac.terraform import syntax as s
from bot.engine.iac.terraform.conversions import to_bool, to_number, to_text
from bot.engine.iac.terraform.expressions import evaluate
from bot.engine.iac.terraform.gathering import as_set
from bot.engine.iac.terraform.parse import parse_template
from bot.engine.iac.terraform.scope import Scope
from bot.engine.iac.terraform.values import Object, failure, is_failure
from bot.engine.model.value import Known, Null, Unknown, Value, branches_of, or_default

_SCALARS = {"string": to_text, "number": to_number, "bool": to_bool}


def constrained(value: Value, written: s.Attribute | None, scope: Scope) -> Value:
    """The value as the type constraint makes it; unchanged without one, an error when it does not fit."""
    return value if written is None else converted(value, type_expression(written.expression), scope)


def type_expression(expression: s.Expression) -> s.Expression:
    """A constraint that JSON or Terraform 0.11 writes as a string, as an expression."""
    if isinstance(expression, s.Literal) and isinstance(expression.raw, str):
        return parse_template("${" + expression.raw + "}", expression.span)
    if isinstance(expression, s.Template) and len(expression.parts) == 1:
        return expression.parts[0]
    return expression


def converted(value: Value, constraint: s.Expression, scope: Scope) -> Value:
    """The value as a type makes it. Unknown values stay; their type is not known either."""
    if isinstance(value, Unknown) and value.branches:
        return replace(value, branches=branches_of(tuple([converted(item, constraint, scope) for item in value.branches])))
    if isinstance(value, (Unknown, Null)):
        return value
    if isinstance(constraint, s.Template) and len(constraint.parts) == 1:
        constraint = constraint.parts[0]
    if isinstance(constraint, s.Variable):
        return _scalar(value, constraint)
    if isinstance(constraint, s.Call) and constraint.args:
        return _collection(value, constraint, scope)
    return value


def _scalar(value: Known, constraint: s.Variable) -> Value:
    convert = _SCALARS.get(constraint.name)
    if convert is None:
        return value
    raw = convert(value.raw)
    if raw is None:
        return failure(f"not a {constraint.name}", value.span)
    return value if raw is value.raw else replace(value, raw=raw)


def _collection(value: Known, constraint: s.Call, scope: Scope) -> Value:  # noqa: PLR0911 - one line a kind of type
    kind, of = constraint.name, constraint.args[0]
    raw = value.raw
    if kind == "optional":
        return converted(value, of, scope)
    if kind in ("list", "set"):
        return _sequence(value, of, kind, scope) if isinstance(raw, tuple) else failure(f"not a {kind}", value.span)
    if kind == "map":
        if not isinstance(raw, dict):
            return failure("not a map", value.span)
        return _rebuilt(value, {key: converted(item, of, scope) for key, item in raw.items()})
    if kind == "object" and isinstance(of, s.ObjectCons):
        return _object(value, raw, of, scope) if isinstance(raw, dict) else failure("not an object", value.span)
    if kind == "tuple" and isinstance(of, s.TupleCons):
        if not isinstance(raw, tuple) or len(raw) != len(of.items):
            return failure("not this tuple", value.span)
        return _rebuilt(value, tuple([converted(item, each, scope) for item, each in zip(raw, of.items, strict=True)]))
    return value


def _sequence(value: Known, of: s.Expression, kind: str, scope: Scope) -> Value:
    assert isinstance(value.raw, tuple)
    items = tuple([converted(item, of, scope) for item in value.raw])
    if kind == "list":
        return _rebuilt(value, items)
    return _rebuilt(value, as_set(items, scope.run))


def _object(value: Known, raw: dict[str, Value], of: s.ObjectCons, scope: Scope) -> Value:
    """Attributes that the type does not name are dropped, optional ones that are not given get their default."""
    made: dict[str, Value] = {}
    for written, constraint in of.items:
        name = to_text(written.raw) if isinstance(written, s.Literal) else None
        if name is None:
            return value
        given = raw.get(name)
        optional = isinstance(constraint, s.Call) and constraint.name == "optional"
        if given is None and not optional:
            return failure(f"attribute {name} is not set", value.span)
        if given is None or isinstance(given, Null):
            made[name] = _default(value, given, constraint, scope)
        else:
            made[name] = converted(or_default(given), constraint, scope)
    return _rebuilt(value, made)


def _default(value: Known, given: Value | None, constraint: s.Expression, scope: Scope) -> Value:
    if isinstance(constraint, s.Call) and constraint.name == "optional" and len(constraint.args) > 1:
        default = converted(evaluate(constraint.args[1], scope), constraint.args[0], scope)
        return replace(default, assumed=True) if isinstance(default, Known) else default
    return given if given is not None else Null(value.span, assumed=value.assumed)


def _rebuilt(value: Known, raw: tuple[Value, ...] | dict[str, Value]) -> Value:
    """The converted collection; an element that does not fit makes the whole not fit."""
    parts = raw if isinstance(raw, tuple) else raw.values()
    for part in parts:
        if is_failure(part) and not isinstance(part, Object):
            return part
    return replace(value, raw=raw)
