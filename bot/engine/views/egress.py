"""Egress: one fact for each way out that a security group of AWS allows.

Fields: as in `ingress`, but the prefixes are those of the destinations: `provider`, `allowed` (true, or unknown when the direction is),
`protocol`, `from_port`, `to_port`, `prefixes`, `description`.
A group without a word about egress has none here: the provider then takes the service's own rule away.
https://docs.aws.amazon.com/vpc/latest/userguide/security-group-rules.html
"""

from __future__ import annotations

from collections.abc import Iterator

from msgspec.structs import replace

from bot.engine.model.match import Subject
from bot.engine.model.resource import Model, Resource
from bot.engine.views.ingress_aws import GROUPS, allowed_if, body_of_rule, inline_rules, opening
from bot.engine.views.prefix_list import prefix_lists, with_lists
from bot.engine.views.reading import attribute, managed, text

RULES = ("aws_security_group_rule", "aws_vpc_security_group_egress_rule")


def egress(model: Model) -> Iterator[Subject]:
    """The ways out of a model, group by group, then rule by rule."""
    lists = prefix_lists(model)
    for resource in managed(model, GROUPS):
        for subject in inline_rules(resource, "egress"):
            yield replace(with_lists(subject, lists), view="egress")
    for resource in managed(model, RULES):
        yield from (replace(with_lists(subject, lists), view="egress") for subject in _rule(resource))


def _rule(resource: Resource) -> Iterator[Subject]:
    if resource.type == "aws_vpc_security_group_egress_rule":
        yield opening(resource, body_of_rule(resource), ("cidr_ipv4", "cidr_ipv6"), "ip_protocol")
        return
    kind = attribute(resource, "type")
    if text(kind) != "ingress":
        yield allowed_if(opening(resource, body_of_rule(resource), ("cidr_blocks", "ipv6_cidr_blocks"), "protocol"), kind)
