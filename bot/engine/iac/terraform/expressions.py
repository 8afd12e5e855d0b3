"""The value of an expression: literals, references, collections, `for`, splat, index. Lazy, pure, three-valued.

Semantics: https://github.com/hashicorp/hcl/blob/main/hclsyntax/spec.md#expressions
"""

from __future__ import annotations

from typing import Any

from msgspec.structs import replace

from bot.engine.iac.terraform import comprehensions, operators, templates
from bot.engine.iac.terraform import syntax as s
from bot.engine.iac.terraform.conversions import text_of_known, to_number, to_text
from bot.engine.iac.terraform.describe import describe
from bot.engine.iac.terraform.dispatch import Handler, evaluate, install
from bot.engine.iac.terraform.functions import call
from bot.engine.iac.terraform.scope import Scope
from bot.engine.iac.terraform.unification import unified
from bot.engine.iac.terraform.values import (
    Elements,
    Instances,
    Object,
    Rest,
    as_sensitive,
    element_of,
    failure,
    inherited,
    known,
    rest,
    trace,
    unknown,
)
from bot.engine.model.value import MAX_ORIGIN, Known, Null, Unknown, Value, moved_to


def _literal(e: s.Literal, _: Scope) -> Value:
    return Null(e.span) if e.raw is None else Known(e.raw, e.span)


def _unparsed(e: s.Unparsed, _: Scope) -> Value:
    return Unknown("not-read", describe(e), e.span, detail=e.detail)


def _traversal(e: s.Variable | s.GetAttr | s.Index, scope: Scope) -> Value:
    steps: list[s.Expression] = []
    node: s.Expression = e
    while isinstance(node, (s.GetAttr, s.Index)):
        steps.append(node)
        node = node.source
    steps.reverse()
    used = 0
    if not isinstance(node, s.Variable):
        value = evaluate(node, scope)
    elif node.name in scope.names:
        value = scope.names[node.name]
    elif scope.module is not None:
        value, used = scope.module.resolve(node, steps)
    else:
        return failure("variables are not allowed here", e.span, describe(e), "undeclared")
    if used < len(steps) and type(value) is Known:
        value = moved_to(value, steps[used - 1].span if used else node.span)
    for step in steps[used:]:
        value = _stepped(value, step, scope)
    return moved_to(value, e.span)


def _stepped(value: Value, step: Any, scope: Scope) -> Value:
    if isinstance(step, s.GetAttr):
        return attribute_of(value, step.name, step)
    return element_at(value, evaluate(step.key, scope), step)


def attribute_of(value: Value, name: str, step: s.GetAttr) -> Value:
    """`value.name`."""
    if isinstance(value, Known):
        raw = value.raw
        if isinstance(raw, dict):
            return element_of(value, raw[name]) if name in raw else _missing(value, step, f"no attribute {name}")
        return _missing(value, step, f"no attribute {name}: not an object")
    if isinstance(value, Object):
        return inherited(value.holder.attribute(name, step), value)
    if isinstance(value, Unknown):
        return _extended(value, step)
    return failure(f"no attribute {name} of null", step.span, describe(step))


def element_at(value: Value, key: Value, step: s.Index) -> Value:  # noqa: PLR0911 - one line a kind of value
    """`value[key]`."""
    if isinstance(key, Unknown):
        return unknown(key, step.span, (key, value))
    if isinstance(value, Object):
        name = text_of_known(key)
        return failure("not a key", step.span) if name is None else inherited(value.holder.attribute(name, step), value)
    if isinstance(value, Instances):
        return inherited(value.element, value)
    if isinstance(value, Unknown):
        return _extended(value, step)
    if isinstance(value, Null) or isinstance(key, Null):
        return failure("index of or by null", step.span, describe(step))
    found = _found(value, key)
    if isinstance(value.raw, tuple):
        for item in value.raw if found is None else value.raw[: int(to_number(key.raw) or 0) + 1]:
            if isinstance(item, Rest):
                return unknown(item, step.span, (value,))
    if found is None:
        return _missing(value, step, "no such element")
    element = element_of(value, found)
    return as_sensitive(element) if key.sensitive else element


def _found(value: Known, key: Known) -> Value | None:
    raw = value.raw
    if isinstance(raw, tuple):
        number = to_number(key.raw)
        if number is None or number != int(number) or not 0 <= number < len(raw) or isinstance(raw, Elements):
            return None
        return raw[int(number)]
    name = to_text(key.raw)
    return raw.get(name) if isinstance(raw, dict) and name is not None else None


def _missing(value: Known, step: s.Expression, detail: str) -> Value:
    """A block read through a resource may have attributes that the provider adds; anything else lacks them."""
    if value.refs and isinstance(value.raw, (dict, tuple)):
        return Unknown("computed", describe(step), step.span, (), value.refs, value.sensitive)
    return failure(detail, step.span, describe(step))


def _extended(value: Unknown, step: s.GetAttr | s.Index) -> Value:
    """A step into an unknown: the text of what is missing grows as long as it is what stands before the step."""
    if value.expression != describe(step.source):
        return value if type(value) is Unknown else unknown(value, value.span, (value,))
    return Unknown(value.reason, describe(step), value.span, value.origin, value.refs, value.sensitive, (), value.detail)


def _tuple(e: s.TupleCons, scope: Scope) -> Value:
    return Known(tuple([evaluate(item, scope) for item in e.items]), e.span)


def _object(e: s.ObjectCons, scope: Scope) -> Value:
    items: dict[str, Value] = {}
    for written, expression in e.items:
        if isinstance(written, s.Literal):
            key = to_text(written.raw)
        else:
            value = evaluate(written, scope)
            if isinstance(value, Unknown):
                return unknown(value, e.span, (value,))
            key = text_of_known(value)
        if key is None:
            return failure("a key must be a string", e.span)
        items[key] = evaluate(expression, scope)
    return Known(items, e.span)


def _splat(e: s.Splat, scope: Scope) -> Value:
    source = evaluate(e.source, scope)
    if isinstance(source, Null):
        return known((), e.span, (source,))
    if isinstance(source, Known) and isinstance(source.raw, tuple):
        items = [
            rest(item) if isinstance(item, Rest) else evaluate(e.each, scope.splatting(element_of(source, item))) for item in source.raw
        ]
        return known(tuple(items), e.span, (source,))
    if isinstance(source, (Known, Object)):
        return Known((evaluate(e.each, scope.splatting(source)),), e.span)
    element = evaluate(e.each, scope.splatting(source.element)) if isinstance(source, Instances) else source
    return unknown(source, e.span, (source, element))


def _item(_: s.SplatItem, scope: Scope) -> Value:
    return scope.item if scope.item is not None else failure("no element here", _.span)


def _conditional(e: s.Conditional, scope: Scope) -> Value:
    condition = evaluate(e.condition, scope)
    if isinstance(condition, Unknown):
        branches = (evaluate(e.then, scope), evaluate(e.otherwise, scope))
        return moved_to(operators.undecided(condition, branches, e.span, scope.run), e.span)
    chosen = operators.truth(condition)
    if chosen is None:
        return failure("a condition must be true or false", e.span)
    taken, other = (e.then, e.otherwise) if chosen else (e.otherwise, e.then)
    return _because_of(condition, _beside(other, evaluate(taken, scope), scope))


def _beside(other: s.Expression, value: Value, scope: Scope) -> Value:
    """Both branches have one type: a number beside a text is a text. Seen where the branch not taken is written out."""
    if not isinstance(value, Known) or isinstance(value.raw, str):
        return value
    if isinstance(other, s.TupleCons) and all(isinstance(item, s.Literal) for item in other.items):
        both = unified((value, evaluate(other, scope)), scope.run)
        return value if both is None else both[0]
    is_text = (isinstance(other, s.Literal) and isinstance(other.raw, str)) or (isinstance(other, s.Template) and len(other.parts) > 1)
    text = to_text(value.raw) if is_text else None
    return value if text is None else replace(value, raw=text)


def _because_of(condition: Value, value: Value) -> Value:
    """What decided the condition decided the value too."""
    origin, _, sensitive, assumed = trace((condition,))
    if origin:
        value = replace(value, origin=(value.origin + tuple(span for span in origin if span not in value.origin))[:MAX_ORIGIN])
    if assumed and isinstance(value, Known):
        value = replace(value, assumed=True)
    return as_sensitive(value) if sensitive else value


def _binary(e: s.Binary, scope: Scope) -> Value:
    return operators.binary(e, evaluate(e.left, scope), evaluate(e.right, scope), scope.run)


def _unary(e: s.Unary, scope: Scope) -> Value:
    return operators.unary(e, evaluate(e.operand, scope))


_HANDLERS: dict[type, Handler] = {
    s.Literal: _literal,
    s.Unparsed: _unparsed,
    s.Variable: _traversal,
    s.GetAttr: _traversal,
    s.Index: _traversal,
    s.TupleCons: _tuple,
    s.ObjectCons: _object,
    s.Splat: _splat,
    s.SplatItem: _item,
    s.Conditional: _conditional,
    s.Binary: _binary,
    s.Unary: _unary,
    s.Call: call,
    s.Template: templates.template,
    s.TemplateIf: templates.directive,
    s.TemplateFor: templates.directive,
    s.For: comprehensions.comprehension,
}
install(_HANDLERS)

__all__ = ["evaluate"]
