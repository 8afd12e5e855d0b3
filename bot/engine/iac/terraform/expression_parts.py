"""The parts that an expression is made of."""

from __future__ import annotations

from bot.engine.iac.terraform import syntax as s


def parts_of(e: s.Expression) -> tuple[s.Expression, ...]:  # noqa: PLR0911 - one line a kind of expression
    """Those under the same names; what a `for` binds is its own affair."""
    if isinstance(e, s.Template):
        return e.parts
    if isinstance(e, s.GetAttr):
        return (e.source,)
    if isinstance(e, s.Index):
        return (e.source, e.key)
    if isinstance(e, s.Splat):
        return (e.source, e.each)
    if isinstance(e, s.Call):
        return e.args
    if isinstance(e, s.Unary):
        return (e.operand,)
    if isinstance(e, s.Binary):
        return (e.left, e.right)
    if isinstance(e, s.Conditional):
        return (e.condition, e.then, e.otherwise)
    if isinstance(e, s.TupleCons):
        return e.items
    return tuple([part for pair in e.items for part in pair]) if isinstance(e, s.ObjectCons) else ()
