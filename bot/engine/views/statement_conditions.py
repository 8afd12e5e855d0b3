"""Whether a statement's conditions limit who may call. A condition is a key and the values it is tested against."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import TypeAlias

from bot.engine.model.span import Span
from bot.engine.model.value import Known, Unknown, Value
from bot.engine.pattern import Pattern
from bot.engine.views.reading import body_of, constant, elements, field, text

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
