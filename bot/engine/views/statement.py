"""IAM statements, one fact each, wherever they are written: JSON text, heredoc, `jsonencode`, `aws_iam_policy_document`.

Fields: `effect`, `actions`, `not_actions`, `resources`, `not_resources`, `principals` and `not_principals` (`AWS:*`, `Service:…`, or `*`),
`has_condition`, `narrowed` (a condition limits who may call), `document` (`identity`, `resource`, `trust`, `endpoint`, `boundary`).
Grammar: https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_grammar.html
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping

from bot.engine.model.match import Subject
from bot.engine.model.resource import Model, Resource
from bot.engine.model.span import Span
from bot.engine.model.value import Known, Null, Unknown, Value
from bot.engine.views.policy_text import structure_of
from bot.engine.views.reading import Body, attribute, blocks, body_of, constant, elements, fact, field, known_as, listed, span_of, text
from bot.engine.views.statement_places import PLACES

DATA = "aws_iam_policy_document"
MERGED = ("source_policy_documents", "override_policy_documents", "source_json", "override_json")
FIELDS = ("effect", "actions", "not_actions", "resources", "not_resources", "principals", "not_principals", "has_condition", "narrowed")
JSON_NAMES = {"actions": "Action", "not_actions": "NotAction", "resources": "Resource", "not_resources": "NotResource"}

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
EVERYONE = re.compile(r"\*|0\.0\.0\.0/0|::/0|arn:[^:]*:iam:[^:]*:\*.*")
# Both hold when the key is not in the request at all.
# https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_condition_operators.html
HOLDS_WITHOUT_KEY = re.compile(r"^forallvalues:|ifexists$", re.IGNORECASE)


def statements(model: Model) -> Iterator[Subject]:
    """Every statement of the model's policy documents; a document that is not known is one fact of unknowns."""
    documents = {resource.address for resource in model.resources if resource.mode == "data" and resource.type == DATA}
    documents |= {resource.definition for resource in model.resources if resource.mode == "data" and resource.type == DATA}
    uses = _uses(model)
    for resource in model.resources:
        if resource.mode == "data" and resource.type == DATA:
            yield from _of_data(resource, uses, documents)
        elif resource.mode == "managed" and resource.type in PLACES:
            for name, kind in PLACES[resource.type]:
                yield from _of_attribute(resource, name, kind, documents)


def _uses(model: Model) -> dict[str, str]:
    """What a data document is used for, by the attributes that read it."""
    found: dict[str, str] = {}
    for resource in model.resources:
        for name, kind in PLACES.get(resource.type, ()) if resource.mode == "managed" else ():
            for value in _texts(resource, name):
                found.update(dict.fromkeys(value.refs, kind))
    return found


def _texts(resource: Resource, name: str) -> tuple[Value, ...]:
    """The documents at `name`, which may lie in a repeated block (`inline_policy.policy`)."""
    outer, _, rest = name.partition(".")
    if rest:
        found = (field(body_of(block), rest) for block in blocks(resource, outer))
        return tuple(value for value in found if value is not None)
    value = attribute(resource, name)
    return () if value is None else (value,)


def _of_attribute(resource: Resource, name: str, kind: str, documents: set[str]) -> Iterator[Subject]:
    for value in _texts(resource, name):
        if isinstance(value, Unknown) and value.structure is None and not value.parts and any(ref in documents for ref in value.refs):
            continue
        yield from _of_text(resource, value, name, kind)


def _of_text(resource: Resource, value: Value, path: str, kind: str) -> Iterator[Subject]:
    document = structure_of(value)
    if isinstance(document, Unknown):
        yield _unknown(resource, document, path, kind)
        return
    body = body_of(document)
    found = elements(body.get("Statement")) if not isinstance(body, Unknown) else (body,)
    for index, statement in enumerate(found):
        where = f"{path}.Statement[{index}]"
        if isinstance(statement, Unknown):
            yield _unknown(resource, statement, where, kind)
        elif isinstance(statement, Known) and isinstance(statement.raw, dict):
            yield _of_json(resource, statement, statement.raw, where, kind)


def _of_json(resource: Resource, at: Value, body: dict[str, Value], path: str, kind: str) -> Subject:
    span = span_of(at, resource)
    lists = {name: _list(body.get(key), span) for name, key in JSON_NAMES.items()}
    condition = body.get("Condition")
    return fact(
        resource,
        "statement",
        span,
        path,
        effect=field(body, "Effect"),
        document=constant(kind, span),
        **lists,
        principals=_json_principals(body.get("Principal"), span),
        not_principals=_json_principals(body.get("NotPrincipal"), span),
        has_condition=_has(condition, span),
        narrowed=_narrowed(_json_conditions(condition), condition, span),
    )


def _of_data(resource: Resource, uses: Mapping[str, str], documents: set[str]) -> Iterator[Subject]:
    used_as = uses.get(resource.address) or uses.get(resource.definition)
    for name in MERGED:
        for value in elements(attribute(resource, name)):
            if not any(ref in documents for ref in value.refs):
                yield from _of_text(resource, value, name, used_as or "identity")
    for index, block in enumerate(blocks(resource, "statement")):
        body, path = body_of(block), f"statement[{index}]"
        yield (
            _unknown(resource, body, path, used_as or "identity")
            if isinstance(body, Unknown)
            else _of_block(resource, block, body, path, used_as)
        )


def _of_block(resource: Resource, at: Value, body: dict[str, Value], path: str, used_as: str | None) -> Subject:
    span = span_of(at, resource)
    lists = {name: _list(body.get(name), span) for name in JSON_NAMES}
    conditions = elements(body.get("condition"))
    principals = _block_principals(body, "principals", span)
    return fact(
        resource,
        "statement",
        span,
        path,
        effect=field(body, "effect") or constant("Allow", span),
        document=constant(used_as or _kind(principals, lists["actions"]), span),
        **lists,
        principals=principals,
        not_principals=_block_principals(body, "not_principals", span),
        has_condition=_has(listed(conditions, span) if conditions else None, span),
        narrowed=_narrowed(_block_conditions(conditions), listed(conditions, span) if conditions else None, span),
    )


def _kind(principals: Value | None, actions: Value | None) -> str:
    """A document whose use is not in sight: with principals it guards something, and only `sts:` actions make it a trust policy."""
    if principals is None:
        return "identity"
    found = [text(item) or "" for item in elements(actions)]
    return "trust" if found and all(action.lower().startswith("sts:") for action in found) else "resource"


def _unknown(resource: Resource, value: Unknown, path: str, kind: str) -> Subject:
    span = span_of(value, resource)
    return fact(resource, "statement", span, path, document=constant(kind, span), **dict.fromkeys(FIELDS, value))


def _list(value: Value | None, span: Span) -> Value | None:
    """One or several, always as a list."""
    if value is None or isinstance(value, Null | Unknown) or isinstance(value.raw, tuple):
        return None if isinstance(value, Null) else value
    return listed((value,), span)


def _json_principals(value: Value | None, span: Span) -> Value | None:
    if value is None or isinstance(value, Null | Unknown):
        return None if isinstance(value, Null) else value
    if not isinstance(value.raw, dict):
        return _list(value, span)
    return listed([_principal(kind, item) for kind, ids in value.raw.items() for item in elements(ids)], value.span)


def _principal(kind: str, item: Value) -> Value:
    name = text(item)
    return item if name is None else known_as(item, name if kind == "*" else f"{kind}:{name}")


def _block_principals(body: dict[str, Value], name: str, span: Span) -> Value | None:
    found = elements(body.get(name))
    items = [item for block in found for item in _block_principal(body_of(block))]
    return listed(items, span) if found else None


def _block_principal(body: Body) -> Iterator[Value]:
    kind = text(field(body, "type")) or ""
    for item in elements(field(body, "identifiers")):
        yield _principal(kind, item)


def _has(condition: Value | None, span: Span) -> Value:
    if isinstance(condition, Unknown):
        return condition
    return constant(bool(condition is not None and isinstance(condition, Known) and condition.raw), span)


def _narrowed(conditions: Iterator[tuple[str, tuple[Value, ...]]], condition: Value | None, span: Span) -> Value:
    """Whether some condition limits who may call; unknown when one of them is."""
    if isinstance(condition, Unknown):
        return condition
    found = [(key.lower(), values) for key, values in conditions]
    return constant(any(key not in ANYONE_CAN_MEET and not _is_everyone(values) for key, values in found), span)


def _is_everyone(values: tuple[Value, ...]) -> bool:
    return any(EVERYONE.fullmatch(text(value) or "") for value in values)


def _json_conditions(condition: Value | None) -> Iterator[tuple[str, tuple[Value, ...]]]:
    operators = condition.raw if isinstance(condition, Known) and isinstance(condition.raw, dict) else {}
    for operator, tests in operators.items():
        keys = {} if HOLDS_WITHOUT_KEY.search(operator) else body_of(tests)
        if isinstance(keys, Unknown):
            yield "", ()
        else:
            yield from ((key, elements(values)) for key, values in keys.items())


def _block_conditions(conditions: tuple[Value, ...]) -> Iterator[tuple[str, tuple[Value, ...]]]:
    for block in conditions:
        body = body_of(block)
        if not HOLDS_WITHOUT_KEY.search(text(field(body, "test")) or ""):
            yield text(field(body, "variable")) or "", elements(field(body, "values"))
