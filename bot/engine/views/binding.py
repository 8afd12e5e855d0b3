"""Role bindings of Google Cloud: `role`, `members` (one list), `scope` (`project`, `folder`, `organization`, `resource`), `narrowed`.

Sources: the provider's google_*_iam_member, _binding and _policy resources, google_iam_policy data, and dataset access.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from bot.engine.model.match import Subject
from bot.engine.model.resource import Model, Resource
from bot.engine.model.value import Unknown, Value
from bot.engine.views.policy_text import structure_of
from bot.engine.views.reading import attribute, blocks, body_of, constant, elements, fact, field, known_as, listed, only, span_of, text

_BINDING = re.compile(r"google_(?P<thing>\w+)_iam_(?P<form>member|binding|policy)$")
SCOPES = frozenset({"project", "folder", "organization"})


def bindings(model: Model) -> Iterator[Subject]:
    """A fact for each role given to members, in order."""
    for resource in model.resources:
        if not resource.type.startswith("google_"):
            continue
        if resource.mode == "managed":
            yield from _of_resource(resource)
        elif resource.type == "google_iam_policy" and resource.mode == "data":
            yield from _of_policy(resource)


def _of_resource(resource: Resource) -> Iterator[Subject]:
    found = _BINDING.match(resource.type)
    if found is not None and found["form"] == "policy":
        yield from _of_text(resource, attribute(resource, "policy_data"), _scope(found["thing"]))
    elif found is not None:
        name = "member" if found["form"] == "member" else "members"
        yield _binding(resource, attribute(resource, "role"), elements(attribute(resource, name)), _scope(found["thing"]))
    elif resource.type in {"google_storage_bucket_access_control", "google_storage_default_object_access_control"}:
        yield _binding(resource, attribute(resource, "role"), elements(attribute(resource, "entity")), "resource")
    elif resource.type == "google_storage_bucket_acl":
        yield from _of_bucket_acl(resource)
    elif resource.type == "google_bigquery_dataset":
        yield from _of_dataset(resource)


def _scope(thing: str) -> str:
    return thing if thing in SCOPES else "resource"


def _of_text(resource: Resource, value: Value | None, scope: str) -> Iterator[Subject]:
    """A whole policy as JSON; one that is read from google_iam_policy data is judged there."""
    if value is None or (isinstance(value, Unknown) and value.structure is None and any("google_iam_policy." in ref for ref in value.refs)):
        return
    document = body_of(structure_of(value))
    found: tuple[Value, ...] = (document,) if isinstance(document, Unknown) else elements(document.get("bindings"))
    for index, block in enumerate(found):
        body, span = body_of(block), span_of(block, resource)
        members = listed(elements(field(body, "members")), span)
        yield _fact(resource, field(body, "role"), members, scope, f"policy_data.bindings[{index}]", block)


def _of_policy(resource: Resource) -> Iterator[Subject]:
    for index, block in enumerate(blocks(resource, "binding")):
        body, span = body_of(block), span_of(block, resource)
        yield _fact(resource, field(body, "role"), listed(elements(field(body, "members")), span), "resource", f"binding[{index}]", block)


def _of_bucket_acl(resource: Resource) -> Iterator[Subject]:
    for item in elements(attribute(resource, "role_entity")):
        role, _, entity = (text(item) or "").partition(":")
        yield _binding(resource, known_as(item, role) if entity else item, (known_as(item, entity) if entity else item,), "resource")


def _of_dataset(resource: Resource) -> Iterator[Subject]:
    for index, block in enumerate(blocks(resource, "access")):
        body, span = body_of(block), span_of(block, resource)
        members = [value for name in ("special_group", "iam_member") if (value := field(body, name)) is not None]
        if members:
            yield _fact(resource, field(body, "role"), listed(members, span), "resource", f"access[{index}]", block)


def _binding(resource: Resource, role: Value | None, members: tuple[Value, ...], scope: str) -> Subject:
    return _fact(resource, role, listed(members, resource.span), scope, "", None)


def _fact(resource: Resource, role: Value | None, members: Value, scope: str, path: str, block: Value | None) -> Subject:
    span = resource.span if block is None else span_of(block, resource)
    condition = only(resource, "condition")
    return fact(
        resource,
        "binding",
        span,
        path,
        provider=constant("google", span),
        role=role,
        members=members,
        scope=constant(scope, span),
        narrowed=constant(condition is not None, span),
    )
