"""Whether a statement's conditions limit who may call. A condition is a key and the values it is tested against."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from typing import TypeAlias

from bot.engine.model.span import Span
from bot.engine.model.value import Known, Unknown, Value
from bot.engine.pattern import Pattern
from bot.engine.views.reading import body_of, constant, elements, field, listed, text

Tested: TypeAlias = tuple[str, tuple[Value, ...]]

# Conditions that say how, when or on what a call is made, not who makes it; a caller can meet them at will.
# https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_condition-keys.html
ANYONE_CAN_MEET = frozenset(
    {
        "aws:securetransport",
        "aws:currenttime",
        "aws:epochtime",
        "aws:useragent",
        "aws:referer",
        "aws:requestedregion",
        "aws:tokenissuetime",
        "aws:multifactorauthpresent",
        "aws:multifactorauthage",
        "sts:rolesessionname",
        "sts:durationseconds",
        "s3:tlsversion",
        "s3:prefix",
        "s3:delimiter",
        "s3:max-keys",
        "s3:x-amz-acl",
        "s3:x-amz-server-side-encryption",
        "s3:x-amz-server-side-encryption-aws-kms-key-id",
        "s3:signatureversion",
        "s3:signatureage",
        "s3:authtype",
        "sqs:protocol",
        "sns:protocol",
    }
)
ANYTHING = Pattern(r"\*|0\.0\.0\.0/0|::/0|arn:[^:]*:iam:[^:]*:\*.*")
# Both hold when the key is not in the request at all.
# https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_condition_operators.html
HOLDS_WITHOUT_KEY = Pattern(r"^forallvalues:|ifexists$", re.IGNORECASE)


def has_condition(condition: Value | None, span: Span) -> Value:
    if isinstance(condition, Unknown):
        return condition
    return constant(bool(condition is not None and isinstance(condition, Known) and condition.raw), span)


def narrowed(conditions: Iterator[Tested], condition: Value | None, span: Span) -> Value:
    """Whether some condition limits who may call; unknown when one of them is."""
    if isinstance(condition, Unknown):
        return condition
    found = [(key.lower(), values) for key, values in conditions]
    return constant(any(key not in ANYONE_CAN_MEET and not is_anything(values) for key, values in found), span)


def is_anything(values: tuple[Value, ...]) -> bool:
    return any(ANYTHING.fullmatch(text(value) or "") for value in values)


def json_conditions(condition: Value | None) -> Iterator[Tested]:
    operators = condition.raw if isinstance(condition, Known) and isinstance(condition.raw, dict) else {}
    for operator, tests in operators.items():
        keys = {} if HOLDS_WITHOUT_KEY.search(operator) else body_of(tests)
        if isinstance(keys, Unknown):
            yield "", ()
        else:
            yield from ((key, elements(values)) for key, values in keys.items())


def block_conditions(conditions: tuple[Value, ...]) -> Iterator[Tested]:
    for block in conditions:
        body = body_of(block)
        if not HOLDS_WITHOUT_KEY.search(text(field(body, "test")) or ""):
            yield text(field(body, "variable")) or "", elements(field(body, "values"))


def json_as_list(condition: Value | None, span: Span) -> Value | None:
    """Each test of a JSON condition as an object of `operator`, `key` and `values`; None when there are none."""
    if condition is None or isinstance(condition, Unknown):
        return condition
    found: list[Value] = []
    for operator, tests in _fields(condition):
        keys = body_of(tests)
        if isinstance(keys, Unknown):
            found.append(keys)
        else:
            found += [_test(constant(operator, at.span), constant(key, at.span), at) for key, at in keys.items()]
    return listed(found, span) if found else None


def blocks_as_list(conditions: tuple[Value, ...], span: Span) -> Value | None:
    """The same of `condition` blocks."""
    found: list[Value] = []
    for block in conditions:
        body = body_of(block)
        if isinstance(body, Unknown):
            found.append(body)
            continue
        operator, key, values = (field(body, name) for name in ("test", "variable", "values"))
        if operator is not None and key is not None and values is not None:
            found.append(_test(operator, key, values))
    return listed(found, span) if found else None


def _fields(value: Value) -> Iterable[tuple[str, Value]]:
    return value.raw.items() if isinstance(value, Known) and isinstance(value.raw, dict) else ()


def _test(operator: Value, key: Value, values: Value) -> Value:
    return Known({"operator": operator, "key": key, "values": values}, operator.span, operator.origin)
