"""Numbers and places that only one may have, and that are given a second time: `kind`, `fault` (the second), `name`, `first`.

`fault` is unknown where one of the two may not be there. Who refuses:
https://learn.microsoft.com/azure/virtual-network/network-security-groups-overview ·
https://docs.aws.amazon.com/elasticloadbalancing/latest/application/listener-update-rules.html ·
https://docs.aws.amazon.com/vpc/latest/userguide/nacl-rules.html ·
https://docs.aws.amazon.com/waf/latest/developerguide/web-acl-processing-order.html ·
https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_CreateRoute.html
"""

from __future__ import annotations

from collections.abc import Iterator

from msgspec import Struct

from bot.engine.model.match import Subject
from bot.engine.model.resource import Model, Resource
from bot.engine.model.value import Unknown, Value
from bot.engine.views.packet_rule import owner_of
from bot.engine.views.reading import Body, attribute, body_of, constant, elements, fact, field, managed, text


class Unique(Struct, frozen=True):
    """Within one `owner` (an argument that names it; empty: the resource itself) and equal `also`, `name` is there once."""

    name: str
    owner: str = ""
    also: tuple[str, ...] = ()
    block: str = ""


RULES: dict[str, tuple[Unique, ...]] = {
    "aws_lb_listener_rule": (Unique("priority", "listener_arn"),),
    "aws_alb_listener_rule": (Unique("priority", "listener_arn"),),
    "aws_network_acl": (Unique("rule_no", block="ingress"), Unique("rule_no", block="egress")),
    "aws_network_acl_rule": (Unique("rule_number", "network_acl_id", ("egress",)),),
    "aws_route": (Unique("destination_cidr_block", "route_table_id"), Unique("destination_ipv6_cidr_block", "route_table_id")),
    "aws_wafv2_rule_group": (Unique("priority", block="rule"),),
    "aws_wafv2_web_acl": (Unique("priority", block="rule"),),
    "azurerm_network_security_group": (Unique("priority", also=("direction",), block="security_rule"),),
    "azurerm_network_security_rule": (Unique("priority", "network_security_group_name", ("direction", "resource_group_name")),),
    "google_compute_security_policy": (Unique("priority", block="rule"),),
}


def taken_twice(model: Model) -> Iterator[Subject]:
    """A fact for each that comes second, in the order of the text."""
    seen: dict[tuple[object, ...], tuple[Resource, Value]] = {}
    for resource in managed(model, RULES):
        for rule in RULES[resource.type]:
            for body in _bodies(resource, rule.block):
                value = field(body, rule.name) if not isinstance(body, Unknown) else None
                key = _key(resource, rule, body)
                if value is None or key is None:
                    continue
                first = seen.setdefault(key, (resource, value))
                if first[1] is not value:
                    yield _fact(resource, rule, value, first)


def _bodies(resource: Resource, block: str) -> Iterator[Body]:
    if not block:
        yield resource.attributes
    else:
        yield from (body_of(value) for value in elements(resource.attributes.get(block)))


def _key(resource: Resource, rule: Unique, body: Body) -> tuple[object, ...] | None:
    """Equal for two that exclude each other; None where something of it is not known."""
    owner = resource.address if not rule.owner else owner_of(resource, attribute(resource, rule.owner))
    said = tuple(text(field(body, name)) or "" for name in (rule.name, *rule.also) if not isinstance(field(body, name), Unknown))
    if not owner or not said or not said[0] or len(said) < 1 + len(rule.also):
        return None
    return resource.type, rule.block, rule.name, owner, *(part.lower() for part in said)


def _fact(resource: Resource, rule: Unique, value: Value, first: tuple[Resource, Value]) -> Subject:
    absent = resource.exists or first[0].exists
    return fact(
        resource,
        "taken-twice",
        value.span,
        f"{rule.block}.{rule.name} {text(value)}".lstrip("."),
        fault=value if absent is None else absent,
        name=constant(rule.name, value.span),
        first=constant(first[0].address, value.span),
    )
