"""IAM statements, one fact each, wherever they are written: JSON text, heredoc, `jsonencode`, `aws_iam_policy_document`.

Fields: `effect`, `actions`, `not_actions`, `resources`, `not_resources`, `principals` and `not_principals` (`AWS:*`, `Service:…`, or `*`),
`others` (the principals but identities of the configuration's own), `everyone` (some principal is anybody at all), `has_condition`,
`narrowed` (a condition limits who may call, here or in a statement that denies all others), `excepts_some` (the conditions hold of
everybody but some),
`document` (`identity`, `resource`, `trust`, `endpoint`, `boundary`), `sid`, `version`,
`conditions` (each test: `operator`, `key`, `values`).
Grammar: https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_grammar.html
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import TypeAlias

from msgspec.structs import replace

from bot.engine.model.match import Subject
from bot.engine.model.resource import Model, Resource
from bot.engine.model.value import Known, Unknown, Value
from bot.engine.views.policy_text import structure_of
from bot.engine.views.reading import (
    Body,
    as_list,
    attribute,
    blocks,
    body_of,
    constant,
    elements,
    fact,
    field,
    listed,
    named,
    span_of,
    text,
    truth,
)
from bot.engine.views.statement_conditions import block_conditions, blocks_as_list, has_condition, json_as_list, json_conditions, narrowed
from bot.engine.views.statement_denials import block_tests, excepts_some, guarded, json_tests
from bot.engine.views.statement_places import RESOURCE, limiting, places_of
from bot.engine.views.statement_principals import block_principals, everyone, json_principals, others

DATA = "aws_iam_policy_document"
MERGED = ("source_policy_documents", "override_policy_documents", "source_json", "override_json")
FIELDS = (
    "effect",
    "actions",
    "not_actions",
    "resources",
    "not_resources",
    "principals",
    "not_principals",
    "others",
    "everyone",
    "has_condition",
    "narrowed",
    "sid",
    "conditions",
)
OLDEST = "2008-10-17"  # what a document without a version is
JSON_NAMES = {"actions": "Action", "not_actions": "NotAction", "resources": "Resource", "not_resources": "NotResource"}


Uses: TypeAlias = dict[str, str | Unknown]  # address of a document → what it is, or why that is not in sight

_last: list[tuple[Model, tuple[Subject, ...]]] = []  # of the two models looked at last: several views begin with their statements


def statements(model: Model) -> tuple[Subject, ...]:
    """Every statement of the model's policy documents; a document that is not known is one fact of unknowns."""
    found = next((kept for looked, kept in _last if looked is model), None)
    if found is None:
        found = tuple(_statements(model))
        _last[:] = [*_last[-1:], (model, found)]
    return found


def _statements(model: Model) -> Iterator[Subject]:
    documents = {resource.address for resource in model.resources if resource.mode == "data" and resource.type == DATA}
    documents |= {resource.definition for resource in model.resources if resource.mode == "data" and resource.type == DATA}
    limits = limiting(model)
    uses: Uses = _handed_on(model, _out_of_sight(model, documents) | _uses(model, limits))
    for resource in model.resources:
        if resource.mode == "data" and resource.type == DATA:
            yield from _of_data(resource, uses, documents)
        elif resource.mode == "managed":
            for name, kind in places_of(resource, limits):
                yield from _of_attribute(resource, name, kind, documents)


def _uses(model: Model, limits: frozenset[str]) -> Uses:
    """What a data document is used for, by the attributes that read it."""
    found: Uses = {}
    for resource in model.resources:
        for name, kind in places_of(resource, limits) if resource.mode == "managed" else ():
            for value in _texts(resource, name):
                found.update(dict.fromkeys(value.refs, kind))
    return _with_sources(model, found)


def _with_sources(model: Model, found: Uses) -> Uses:
    """A document that another is merged from is what that one is, unless it is read elsewhere as well."""
    pending = list(found)
    by_name = {name: each for each in model.resources if each.type == DATA for name in (each.address, each.definition)}
    for name in pending:
        merged = by_name.get(name)
        values = [value for argument in MERGED for value in elements(attribute(merged, argument))] if merged is not None else []
        for ref in (ref for value in values for ref in value.refs if ref in by_name and ref not in found):
            found[ref] = found[name]
            pending.append(ref)
    return found


def _handed_on(model: Model, uses: Uses) -> Uses:
    """With the documents that are parts of others, each used as the whole is."""
    found = [resource for resource in model.resources if resource.mode == "data" and resource.type == DATA]
    parts = [(whole, [*named([part for name in MERGED for part in elements(attribute(whole, name))])]) for whole in found]
    for _ in parts:
        use = {whole.address: uses.get(whole.address) or uses.get(whole.definition) for whole, _ in parts}
        added = {ref: kind for whole, refs in parts if (kind := use[whole.address]) is not None for ref in refs if ref not in uses}
        if not added:
            break
        uses = {**uses, **added}
    return uses


def _out_of_sight(model: Model, documents: set[str]) -> Uses:
    """Documents that are handed to a module: where its text is not there, nobody here can tell what they are the policy of."""
    found: Uses = {}
    for call in model.resources:
        if call.mode == "module":
            for name, value in call.attributes.items():
                elsewhere = Unknown("module-source", f"{call.address}.{name}", call.span)
                found |= {ref: elsewhere for ref in named((value,)) if ref in documents}
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
    yield from guarded(_of_document(resource, body, path, kind))


def _of_document(resource: Resource, body: Body, path: str, kind: str) -> Iterator[Subject]:
    found = elements(body.get("Statement")) if not isinstance(body, Unknown) else (body,)
    version = field(body, "Version")
    for index, statement in enumerate(found):
        where = f"{path}.Statement[{index}]"
        if isinstance(statement, Unknown):
            yield _unknown(resource, statement, where, kind)
        elif isinstance(statement, Known) and isinstance(statement.raw, dict):
            yield _of_json(resource, statement, statement.raw, where, kind, version)


def _of_json(resource: Resource, at: Value, body: dict[str, Value], path: str, kind: str, version: Value | None) -> Subject:
    span = span_of(at, resource)
    lists = {name: as_list(body.get(key), span) for name, key in JSON_NAMES.items()}
    condition = body.get("Condition")
    principals, excepted = (json_principals(body.get(name), span) for name in ("Principal", "NotPrincipal"))
    return fact(
        resource,
        "statement",
        span,
        path,
        effect=field(body, "Effect"),
        document=constant(kind, span),
        **lists,
        principals=principals,
        not_principals=excepted,
        others=others(principals, span),
        everyone=everyone(principals, excepted, span),
        has_condition=has_condition(condition, span),
        narrowed=narrowed(json_conditions(condition), condition, span),
        excepts_some=constant(excepts_some(json_tests(condition)), span),
        sid=field(body, "Sid"),
        version=constant(OLDEST, span) if version is None else version,
        conditions=json_as_list(condition, span),
    )


def _of_data(resource: Resource, uses: Mapping[str, str | Unknown], documents: set[str]) -> Iterator[Subject]:
    used_as = uses.get(resource.address) or uses.get(resource.definition)
    for name in MERGED:
        for value in elements(attribute(resource, name)):
            if not any(ref in documents for ref in value.refs):
                yield from _of_text(resource, value, name, used_as if isinstance(used_as, str) else "identity")
    yield from guarded(_of_blocks(resource, used_as))


def _of_blocks(resource: Resource, used_as: str | Unknown | None) -> Iterator[Subject]:
    for index, block in enumerate(blocks(resource, "statement")):
        body, path = body_of(block), f"statement[{index}]"
        yield (
            _unknown(resource, body, path, used_as if isinstance(used_as, str) else "identity")
            if isinstance(body, Unknown)
            else _of_block(resource, block, body, path, used_as)
        )


def _of_block(resource: Resource, at: Value, body: dict[str, Value], path: str, used_as: str | Unknown | None) -> Subject:
    span = span_of(at, resource)
    lists = {name: as_list(body.get(name), span) for name in JSON_NAMES}
    conditions = elements(body.get("condition"))
    principals, excepted = (block_principals(body, name, span) for name in ("principals", "not_principals"))
    kind = used_as if isinstance(used_as, str) else _kind(principals if excepted is None else excepted, lists["actions"])
    return fact(
        resource,
        "statement",
        span,
        path,
        effect=field(body, "effect") or constant("Allow", span),
        document=constant(kind, span),
        **lists,
        principals=principals,
        not_principals=excepted,
        others=others(principals, span),
        everyone=_let_in(everyone(principals, excepted, span), kind, used_as),
        has_condition=has_condition(listed(conditions, span) if conditions else None, span),
        narrowed=narrowed(block_conditions(conditions), listed(conditions, span) if conditions else None, span),
        excepts_some=constant(excepts_some(block_tests(conditions)), span),
        sid=field(body, "sid"),
        conditions=blocks_as_list(conditions, span),
        used=constant(used_as, span) if isinstance(used_as, str) else None,
    )


def _let_in(found: Value | None, kind: str, used_as: str | Unknown | None) -> Value | None:
    """Whether everyone is let in. A module that is not there may give the document to an endpoint, which lets in who is inside anyway."""
    if isinstance(used_as, Unknown) and kind == RESOURCE and truth(found) is True and found is not None:
        return replace(used_as, span=found.span)
    return found


def _kind(principals: Value | None, actions: Value | None) -> str:
    """A document whose use is not in sight: with principals it guards something, and only `sts:` actions make it a trust policy."""
    if principals is None:
        return "identity"
    found = [text(item) or "" for item in elements(actions)]
    return "trust" if found and all(action.lower().startswith("sts:") for action in found) else "resource"


def _unknown(resource: Resource, value: Unknown, path: str, kind: str) -> Subject:
    span = span_of(value, resource)
    return fact(resource, "statement", span, path, document=constant(kind, span), **dict.fromkeys(FIELDS, value))
