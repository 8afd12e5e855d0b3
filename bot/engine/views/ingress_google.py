"""Ways in of Google Cloud: VPC firewall rules, rules of firewall policies, and the authorised networks of Cloud SQL.

Sources: https://cloud.google.com/firewall/docs/firewalls (defaults: direction INGRESS, no source = every address, no ports = all)
and https://cloud.google.com/sql/docs/mysql/authorize-networks.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator

from bot.engine.model.match import Subject
from bot.engine.model.resource import Resource
from bot.engine.model.value import Known, Unknown, Value
from bot.engine.views.ports import all_ports, has_no_ports, port_ranges, protocol_of
from bot.engine.views.reading import (
    Body,
    attribute,
    blocks,
    body_of,
    constant,
    elements,
    fact,
    field,
    inner,
    listed,
    only,
    span_of,
    text,
    truth,
)

Found = Iterator[tuple[str, Subject]]

POLICY_RULES = (
    "google_compute_firewall_policy_rule",
    "google_compute_network_firewall_policy_rule",
    "google_compute_region_network_firewall_policy_rule",
)
POLICIES = (
    "google_compute_firewall_policy_with_rules",
    "google_compute_network_firewall_policy_with_rules",
    "google_compute_region_network_firewall_policy_with_rules",
)
LAYERS = ("layer4_configs", "layer4_config")
# https://cloud.google.com/firewall/docs/firewall-policies-rule-details#sources
OTHER_SOURCES = (
    "src_address_groups",
    "src_fqdns",
    "src_region_codes",
    "src_secure_tags",
    "src_secure_tag",
    "src_threat_intelligences",
    "src_networks",
)

SQL_PORTS = (("MYSQL", 3306), ("POSTGRES", 5432), ("SQLSERVER", 1433))


def firewall(resource: Resource) -> Found:
    """The `allow` blocks of an ingress rule that is not disabled."""
    allowed = _allowed(resource)
    if allowed is None:
        return
    prefixes = _sources(resource)
    for index, block in enumerate(blocks(resource, "allow")):
        body, span = body_of(block), span_of(block, resource)
        protocol = protocol_of(field(body, "protocol"))
        for first, last in _ports(body, protocol):
            yield (
                resource.address,
                fact(
                    resource,
                    "ingress",
                    span,
                    f"allow[{index}]",
                    provider=constant("google", span),
                    target=constant("virtual machines", span),
                    allowed=allowed,
                    protocol=protocol,
                    from_port=first,
                    to_port=last,
                    prefixes=prefixes,
                    description=attribute(resource, "description"),
                ),
            )


def policy_rule(resource: Resource) -> Found:
    """A rule of a firewall policy, on its own."""
    yield from _of_policy(resource, resource.attributes, "", Known(resource.attributes, resource.span))


def policy_with_rules(resource: Resource) -> Found:
    """The rules that a firewall policy holds itself."""
    for index, block in enumerate(blocks(resource, "rule")):
        yield from _of_policy(resource, body_of(block), f"rule[{index}]", block)


def _of_policy(resource: Resource, body: Body, path: str, at: Value) -> Found:
    span, allowed, match = span_of(at, resource), _policy_allows(body, resource), inner(body, "match")
    if allowed is None or match is None:
        return
    configs = (match,) if isinstance(match, Unknown) else [body_of(item) for name in LAYERS for item in elements(match.get(name))]
    for config in configs:
        protocol = protocol_of(field(config, "ip_protocol"))
        for first, last in _ports(config, protocol):
            yield (
                resource.address,
                fact(
                    resource,
                    "ingress",
                    span,
                    path,
                    provider=constant("google", span),
                    target=constant("virtual machines", span),
                    allowed=allowed,
                    protocol=protocol,
                    from_port=first,
                    to_port=last,
                    prefixes=_policy_sources(match, resource),
                    description=field(body, "description"),
                ),
            )


def _policy_allows(body: Body, resource: Resource) -> Value | None:
    action, direction, disabled = field(body, "action"), field(body, "direction"), field(body, "disabled")
    if (text(action) or "allow").lower() != "allow" or (text(direction) or "INGRESS").upper() != "INGRESS" or truth(disabled):
        return None
    unknown = next((value for value in (action, direction, disabled) if isinstance(value, Unknown)), None)
    return unknown if unknown is not None else constant(raw=True, span=resource.span)


def _policy_sources(match: Body, resource: Resource) -> Value:
    if isinstance(match, Unknown):
        return match
    found = elements(match.get("src_ip_ranges"))
    if found or any(elements(match.get(name)) for name in OTHER_SOURCES):
        return listed(found, resource.span)
    return Known((constant("0.0.0.0/0", resource.span),), resource.span)


def sql_instance(resource: Resource) -> Found:
    """The networks that may reach the public address of a Cloud SQL instance."""
    network = inner(only(resource, "settings"), "ip_configuration")
    if network is None:
        return
    if truth(field(network, "ipv4_enabled")) is False:
        return
    version = text(attribute(resource, "database_version")) or ""
    number = next((port for prefix, port in SQL_PORTS if version.startswith(prefix)), SQL_PORTS[0][1])
    for index, block in enumerate((network,) if isinstance(network, Unknown) else elements(network.get("authorized_networks"))):
        span = span_of(block, resource)
        port, value = constant(number, span), field(body_of(block), "value")
        yield (
            resource.address,
            fact(
                resource,
                "ingress",
                span,
                f"settings.ip_configuration.authorized_networks[{index}]",
                provider=constant("google", span),
                target=constant("database", span),
                allowed=constant(raw=True, span=span),
                protocol=constant("tcp", span),
                from_port=port,
                to_port=port,
                prefixes=listed(elements(value), span),
            ),
        )


def _allowed(resource: Resource) -> Value | None:
    direction, disabled = attribute(resource, "direction"), attribute(resource, "disabled")
    if (text(direction) or "INGRESS").upper() != "INGRESS" or truth(disabled):
        return None
    unknown = next((value for value in (direction, disabled) if isinstance(value, Unknown)), None)
    return unknown if unknown is not None else constant(raw=True, span=resource.span)


def _sources(resource: Resource) -> Value:
    ranges = attribute(resource, "source_ranges")
    found = elements(ranges)
    narrowed = any(elements(attribute(resource, name)) for name in ("source_tags", "source_service_accounts"))
    if found or narrowed:
        return listed(found, resource.span)
    return Known((constant("0.0.0.0/0", resource.span),), resource.span)


def _ports(body: Body, protocol: Value | None) -> tuple[tuple[Value | None, Value | None], ...]:
    if isinstance(body, Unknown):
        return ((body, body),)
    if has_no_ports(protocol):
        return ((None, None),)
    ranges = tuple(pair for item in elements(field(body, "ports")) for pair in port_ranges(item))
    return ranges or (all_ports(protocol) if protocol is not None else (None, None),)


ADAPTERS: dict[str, Callable[[Resource], Found]] = {
    "google_compute_firewall": firewall,
    **dict.fromkeys(POLICY_RULES, policy_rule),
    **dict.fromkeys(POLICIES, policy_with_rules),
    "google_sql_database_instance": sql_instance,
}
