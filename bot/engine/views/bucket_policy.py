"""Policies of buckets as a whole: `tls_only` (a statement denies everybody what is asked without TLS).

Unknown where a statement or the document is. Form: https://docs.aws.amazon.com/AmazonS3/latest/userguide/example-bucket-policies.html
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from bot.engine.model.match import Subject
from bot.engine.model.resource import Model, Resource
from bot.engine.model.value import Unknown, Value
from bot.engine.views.policy_text import structure_of
from bot.engine.views.reading import attribute, blocks, body_of, constant, elements, fact, field, text, truth
from bot.engine.views.statement_denials import Test, block_tests, json_tests
from bot.engine.views.statement_principals import block_principals, everyone, json_principals

PLACES = ("aws_s3_bucket_policy", "aws_s3_bucket")
DOCUMENT = "aws_iam_policy_document"
MERGED = ("source_policy_documents", "override_policy_documents")
KEY = "aws:securetransport"


def bucket_policies(model: Model) -> Iterator[Subject]:
    """A fact for each policy that is given to a bucket."""
    documents = [item for item in model.resources if item.mode == "data" and item.type == DOCUMENT]
    for resource in model.resources:
        policy = attribute(resource, "policy") if resource.mode == "managed" and resource.type in PLACES else None
        if policy is not None:
            yield fact(resource, "bucket-policy", resource.span, "policy", tls_only=_tls_only(policy, documents, resource))


def _named(policy: Value, documents: Sequence[Resource]) -> list[Resource]:
    """The documents that a policy is read from, the instance before all of its block."""
    found = [item for item in documents if item.address in policy.refs]
    return found or [item for item in documents if item.definition in policy.refs]


def _tls_only(policy: Value, documents: Sequence[Resource], resource: Resource) -> Value:
    mine = _named(policy, documents)
    answers = list(_of_document(mine[0], documents, set()) if mine else _of_text(policy))
    if any(answer is True for answer in answers):
        return constant(raw=True, span=resource.span)
    unknown = next((answer for answer in answers if isinstance(answer, Unknown)), None)
    return unknown or constant(raw=False, span=policy.span if policy.span.line else resource.span)


def _of_text(policy: Value) -> Iterator[bool | Unknown]:
    document = structure_of(policy)
    body = body_of(document)
    for statement in (body,) if isinstance(body, Unknown) else elements(body.get("Statement")):
        found = statement if isinstance(statement, Unknown) else body_of(statement)
        if isinstance(found, Unknown):
            yield found
        elif text(field(found, "Effect")) == "Deny":
            principals, excepted = (json_principals(found.get(name), policy.span) for name in ("Principal", "NotPrincipal"))
            denied = everyone(principals, excepted, policy.span)
            yield truth(denied) is True and any(map(_is_plain, json_tests(found.get("Condition"))))


def _of_document(document: Resource, documents: Sequence[Resource], seen: set[str]) -> Iterator[bool | Unknown]:
    """Of a document and those that it is merged from."""
    seen.add(document.address)
    yield from _of_blocks(document)
    for value in (value for name in MERGED for value in elements(attribute(document, name)) if isinstance(value, Unknown)):
        parts = [part for part in _named(value, documents) if part.address not in seen]
        if not parts:
            yield value
        for part in parts:
            yield from _of_document(part, documents, seen)


def _of_blocks(document: Resource) -> Iterator[bool | Unknown]:
    for block in blocks(document, "statement"):
        body = body_of(block)
        if isinstance(body, Unknown):
            yield body
        elif text(field(body, "effect")) == "Deny":
            span = document.span
            principals, excepted = (block_principals(body, name, span) for name in ("principals", "not_principals"))
            denied = everyone(principals, excepted, span)
            yield truth(denied) is True and any(map(_is_plain, block_tests(elements(body.get("condition")))))


def _is_plain(test: Test) -> bool:
    operator, key, values = test
    return key.lower() == KEY and operator.lower().startswith("bool") and any(truth(value) is False for value in values)
