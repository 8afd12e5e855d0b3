"""Statements that deny everybody but some: what they cover, other statements of the document allow to these alone.

The usual form for private interfaces and buckets: allow everyone, then deny all who do not come through the endpoint, from the
network or from the organisation. https://docs.aws.amazon.com/apigateway/latest/developerguide/apigateway-resource-policies-examples.html
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from typing import TypeAlias

from msgspec.structs import replace

from bot.engine.model.match import Subject
from bot.engine.model.value import Known, Unknown, Value
from bot.engine.pattern import Pattern
from bot.engine.views.reading import body_of, constant, elements, field, text, truth
from bot.engine.views.statement_conditions import ANYONE_CAN_MEET, is_anything

Test: TypeAlias = tuple[str, str, tuple[Value, ...]]  # operator, key, values

NEGATIVE = Pattern(r"^(forallvalues:|foranyvalue:)?(string|arn)?not(equals(ignorecase)?|like|ipaddress)(ifexists)?$", re.IGNORECASE)
# Beside a negative test: calls that AWS itself makes are let through.
OF_AWS_ITSELF = frozenset({"aws:principalisawsservice", "aws:viaawsservice"})


def json_tests(condition: Value | None) -> Iterator[Test]:
    """The tests of a JSON statement's `Condition`."""
    operators = condition.raw if isinstance(condition, Known) and isinstance(condition.raw, dict) else {}
    for operator, tests in operators.items():
        keys = body_of(tests)
        for key, values in () if isinstance(keys, Unknown) else keys.items():
            yield operator, key, elements(values)


def block_tests(conditions: Iterable[Value]) -> Iterator[Test]:
    """The tests of `condition` blocks."""
    for block in conditions:
        body = body_of(block)
        yield text(field(body, "test")) or "", text(field(body, "variable")) or "", elements(field(body, "values"))


def excepts_some(tests: Iterable[Test]) -> bool:
    """Whether the conditions hold of everybody but the callers that they name."""
    found = [(operator, key.lower(), values) for operator, key, values in tests if key.lower() not in OF_AWS_ITSELF]
    return bool(found) and all(
        NEGATIVE.match(operator) and key not in ANYONE_CAN_MEET and values and not is_anything(values) for operator, key, values in found
    )


def guarded(statements: Iterable[Subject]) -> Iterator[Subject]:
    """The statements of one document; those that a denial covers are narrowed by it."""
    found = tuple(statements)
    denials = [item for item in found if _denies_others(item)]
    for item in found:
        denial = next((one for one in denials if _covers(one, item)), None) if denials else None
        yield item if denial is None else replace(item, attributes={**item.attributes, "narrowed": constant(raw=True, span=denial.span)})


def _denies_others(item: Subject) -> bool:
    fields = item.attributes
    return text(fields.get("effect")) == "Deny" and truth(fields.get("everyone")) is True and truth(fields.get("excepts_some")) is True


def _covers(denial: Subject, item: Subject) -> bool:
    return text(item.attributes.get("effect")) == "Allow" and all(
        _holds(elements(denial.attributes.get(name)), elements(item.attributes.get(name))) for name in ("actions", "resources")
    )


def _holds(wide: tuple[Value, ...], narrow: tuple[Value, ...]) -> bool:
    """Whether each element of `narrow` is one of `wide`, which may say `*` or `service:*`."""
    names = {_name(item) for item in wide}
    return bool(narrow) and ("*" in names or all({_name(item), _service(item)} & names for item in narrow))


def _name(value: Value) -> str:
    if isinstance(value, Unknown):
        return f"{value.expression} {value.parts}"
    return text(value) or ""


def _service(value: Value) -> str:
    return f"{_name(value).partition(':')[0]}:*"
