"""Principals as one list (`AWS:*`, `Service:s3.amazonaws.com`, `*`), whether some of them is everyone, and which are none of our own.

https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_principal.html
"""

from __future__ import annotations

from collections.abc import Iterator

from msgspec.structs import replace

from bot.engine.model.span import Span
from bot.engine.model.value import Known, Null, Unknown, Value
from bot.engine.pattern import Pattern
from bot.engine.views.reading import Body, as_list, body_of, constant, elements, field, known_as, listed, text

EVERYONE = Pattern(r"\*|AWS:\*|AWS:arn:[^:]*:iam:[^:]*:\*.*")
# Identifiers that AWS gives out are never `*`.
_GIVEN = Pattern(r"\.(\w*arns?|\w*ids?|account_id|unique_id)(\[.*\])?$")
# Of what a configuration makes none has the address of an account's root; of what it reads some have (`aws_elb_service_account`).
# https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_identifiers.html#identifiers-arns
_OWN = Pattern(r"(aws_\w+|data\.aws_iam_(role|user))\.[\w-]+(\[.*\])?\.(iam_)?arn")


def json_principals(value: Value | None, span: Span) -> Value | None:
    """`Principal` of a JSON statement; None when there is none."""
    if value is None or isinstance(value, Null | Unknown):
        return None if isinstance(value, Null) else value
    if not isinstance(value.raw, dict):
        return as_list(value, span)
    return listed([_principal(kind, item) for kind, ids in value.raw.items() for item in elements(ids)], value.span)


def block_principals(body: dict[str, Value], name: str, span: Span) -> Value | None:
    """The same of `principals` blocks."""
    found = elements(body.get(name))
    items = [item for block in found for item in _block_principal(body_of(block))]
    return listed(items, span) if found else None


def everyone(principals: Value | None, excepted: Value | None, span: Span) -> Value:
    """Whether anybody at all is among the principals, at the place of the one that says so. All but some is everybody else."""
    if excepted is not None:
        return excepted if isinstance(excepted, Unknown) else constant(raw=True, span=excepted.span)
    items = elements(principals)
    certain = next((item for item in items if EVERYONE.fullmatch(text(item) or "")), None)
    if certain is not None:
        return Known(raw=True, span=certain.span, origin=certain.origin)
    possible = next((item for item in items if isinstance(item, Unknown) and _may_be_everyone(item)), None)
    return constant(raw=False, span=span) if possible is None else possible


def others(principals: Value | None, span: Span) -> Value | None:
    """The principals but those that are one identity which the configuration makes or reads; None where there are none at all."""
    if not isinstance(principals, Known) or not isinstance(principals.raw, tuple):
        return principals
    return listed([item for item in principals.raw if not (isinstance(item, Unknown) and _is_own(item))], span)


def _is_own(item: Unknown) -> bool:
    return item.reason in {"computed", "data-source"} and _OWN.fullmatch(item.expression) is not None


def _may_be_everyone(item: Unknown) -> bool:
    kind, _, name = "".join(part or "" for part in item.parts).partition(":")
    if item.parts and (kind not in {"AWS", "*"} or name.strip("*")):
        return False
    return item.reason not in {"computed", "data-source"} or not _GIVEN.search(item.expression)


def _principal(kind: str, item: Value) -> Value:
    name = text(item)
    if name is not None:
        return known_as(item, name if kind == "*" else f"{kind}:{name}")
    if not isinstance(item, Unknown):
        return item
    first, rest = (item.parts[0], item.parts[1:]) if item.parts else (None, ())
    return replace(item, parts=(f"{kind}:", None, *rest) if first is None else (f"{kind}:{first}", *rest))


def _block_principal(body: Body) -> Iterator[Value]:
    kind = text(field(body, "type")) or "AWS"
    for item in elements(field(body, "identifiers")):
        yield _principal(kind, item)
