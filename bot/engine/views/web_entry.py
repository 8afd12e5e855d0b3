"""Where requests from the web arrive at AWS: `kind` (`load balancer`, `api`), `public`, `firewall` (whether a web ACL stands before it).

A web ACL is set before these by an association, which names them.
https://docs.aws.amazon.com/waf/latest/developerguide/web-acl-associating.html
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from bot.engine.model.match import Subject
from bot.engine.model.resource import Model, Resource
from bot.engine.model.value import Value
from bot.engine.views.companion import certain, companions_of, doubt
from bot.engine.views.reading import (
    attribute,
    blocks,
    body_of,
    constant,
    elements,
    fact,
    field,
    known_as,
    managed,
    refers_to,
    text,
    truth,
)

BALANCERS = ("aws_lb", "aws_alb")
ASSOCIATIONS = ("aws_wafv2_web_acl_association", "aws_wafregional_web_acl_association")


def web_entries(model: Model) -> Iterator[Subject]:
    """A fact for each load balancer that reads HTTP, then for each stage of an API."""
    associations = list(managed(model, ASSOCIATIONS))
    for resource in managed(model, BALANCERS):
        kind = attribute(resource, "load_balancer_type")
        if text(kind) not in {"network", "gateway"}:
            yield _entry(resource, "load balancer" if kind is None or text(kind) is not None else kind, _public(resource), associations)
    for resource in managed(model, ["aws_api_gateway_stage"]):
        yield _entry(resource, "api", constant(not _is_private(resource, model), resource.span), associations)


def _entry(resource: Resource, kind: str | Value, public: Value, associations: Sequence[Resource]) -> Subject:
    span = resource.span
    said = constant(kind, span) if isinstance(kind, str) else kind
    return fact(resource, "web-entry", span, kind=said, public=public, firewall=_firewall(resource, associations))


def _is_private(stage: Resource, model: Model) -> bool:
    """Whether the stage is one of an API that answers inside networks only."""
    apis = (api for api in managed(model, ["aws_api_gateway_rest_api"]) if refers_to(attribute(stage, "rest_api_id"), api))
    kinds = (field(body_of(block), "types") for api in apis for block in blocks(api, "endpoint_configuration"))
    return any(text(kind) == "PRIVATE" for value in kinds for kind in elements(value))


def _public(resource: Resource) -> Value:
    """Public unless it is told to be internal."""
    internal = attribute(resource, "internal")
    known = truth(internal)
    if internal is None:
        return constant(raw=True, span=resource.span)
    return internal if known is None else known_as(internal, not known)


def _firewall(resource: Resource, associations: Sequence[Resource]) -> Value:
    mine = certain(companions_of(resource, associations, "resource_arn"))
    if mine:
        return constant(raw=True, span=mine[0].span)
    return doubt(resource, associations, "resource_arn") or constant(raw=False, span=resource.span)
