"""Whether the security groups of a balancer keep everything out that comes from the internet.

A balancer has a public address and is not reached where each group lets in only other groups, networks inside, and lists of prefixes
that AWS keeps for its own services (https://docs.aws.amazon.com/vpc/latest/userguide/working-with-aws-managed-prefix-lists.html).
"""

from __future__ import annotations

from collections.abc import Iterator

from bot.engine.model.resource import Model, Resource
from bot.engine.model.value import Unknown, Value
from bot.engine.views.ingress_aws import OWN_RANGE, body_of_rule
from bot.engine.views.prefixes import parse_range
from bot.engine.views.reading import Body, attribute, blocks, body_of, elements, field, managed, references, refers_to, text

GROUP = "aws_security_group"
RULES = ("aws_security_group_rule", "aws_vpc_security_group_ingress_rule")
RANGES = ("cidr_blocks", "ipv6_cidr_blocks", "cidr_ipv4", "cidr_ipv6")
LISTS = ("prefix_list_ids", "prefix_list_id")
LIST = "aws_ec2_managed_prefix_list"
OF_AWS = "com.amazonaws."
# https://www.rfc-editor.org/rfc/rfc1918, https://www.rfc-editor.org/rfc/rfc6598, https://www.rfc-editor.org/rfc/rfc4193
INSIDE = tuple(
    found for item in ("10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16", "100.64.0.0/10", "fc00::/7") if (found := parse_range(item))
)


def is_shut(balancer: Resource, model: Model) -> bool:
    """Whether every group is in sight, and nothing from the internet is certain or possible to get through any."""
    named = elements(attribute(balancer, "security_groups"))
    groups = [[group for group in managed(model, [GROUP]) if refers_to(value, group)] for value in named]
    if not named or not all(groups):
        return False
    ours = [group for found in groups for group in found]
    if _is_open_elsewhere(model) or any(_is_handed_out(group, model) for group in ours):
        return False
    return all(_is_inside(body, model) for group in ours for body in _rules(group, model))


def _rules(group: Resource, model: Model) -> Iterator[Body]:
    for block in blocks(group, "ingress"):
        yield body_of(block)
    for rule in managed(model, RULES):
        if refers_to(attribute(rule, "security_group_id"), group) and text(attribute(rule, "type")) != "egress":
            yield body_of_rule(rule)


def _is_open_elsewhere(model: Model) -> bool:
    """Whether a rule may be one of any group: nothing tells whose it is."""
    owners = (attribute(rule, "security_group_id") for rule in managed(model, RULES))
    return any(isinstance(owner, Unknown) and not owner.refs for owner in owners)


def _is_handed_out(group: Resource, model: Model) -> bool:
    """Whether a module that is not in the tree is given the group, and may write rules for it."""
    calls = (item for item in model.resources if item.mode == "module" and not (text(item.attributes.get("source")) or "").startswith("."))
    return any({group.address, group.definition} & references(call) for call in calls)


def _is_inside(body: Body, model: Model) -> bool:
    if isinstance(body, Unknown):
        return False
    ranges = all(_is_network_inside(item) for name in RANGES for item in elements(field(body, name)))
    return ranges and all(_is_of_aws(item, model) for name in LISTS for item in elements(field(body, name)))


def _is_network_inside(value: Value) -> bool:
    if isinstance(value, Unknown):
        return OWN_RANGE.match(value.expression) is not None
    found = parse_range(text(value) or "")
    return found is not None and any(found[0] == item[0] and item[1] <= found[1] and found[2] <= item[2] for item in INSIDE)


def _is_of_aws(value: Value, model: Model) -> bool:
    lists = (item for item in model.resources if item.mode == "data" and item.type == LIST and refers_to(value, item))
    return any((text(attribute(item, "name")) or "").startswith(OF_AWS) for item in lists)
