"""Numbers, also when written as strings. In the order of narrowing a value further from the limit is worse."""

from __future__ import annotations

from bot.engine.policy.predicates.predicate import Args, Decide, Inputs, NoWorse, Predicate, number, one_number


def _compare(*wanted: int) -> Decide:
    def decide(inputs: Inputs, args: Args) -> bool | None:
        value, limit = number(inputs[0]), number(args[0])
        return None if value is None or limit is None else (value > limit) - (value < limit) in wanted

    return decide


def _direction(sign: int) -> NoWorse:
    def no_worse(head: Inputs, base: Inputs) -> bool:
        one, other = number(head[0]), number(base[0])
        return one is not None and other is not None and sign * (one - other) >= 0

    return no_worse


LARGER, SMALLER = _direction(1), _direction(-1)

PREDICATES = (
    Predicate("less_than", _compare(-1), one_number, no_worse=LARGER, settle=number),
    Predicate("at_most", _compare(-1, 0), one_number, no_worse=LARGER, settle=number),
    Predicate("greater_than", _compare(1), one_number, no_worse=SMALLER, settle=number),
    Predicate("at_least", _compare(0, 1), one_number, no_worse=SMALLER, settle=number),
)
