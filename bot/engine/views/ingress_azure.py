"""Ways in of Azure: network security rules (inline and on their own) and the firewall rules of database servers.

An Allow that a Deny of a lower number makes void for every address is not a way in.
Sources: https://learn.microsoft.com/azure/virtual-network/network-security-groups-overview and the provider's pages.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator

from msgspec import Struct
from msgspec.structs import replace

from bot.engine.model.match import Subject
from bot.engine.model.resource import Resource
from bot.engine.model.value import Known, Null, Unknown, Value
from bot.engine.views.ports import LAST, has_no_ports, port_ranges, protocol_of
from bot.engine.views.prefixes import covers_everything
from bot.engine.views.reading import Body, attribute, blocks, body_of, constant, elements, fact, field, listed, owner, span_of, text, whole

Found = Iterator[tuple[str, Subject]]

DATABASE_PORTS = {
    "azurerm_sql_firewall_rule": 1433,
    "azurerm_mssql_firewall_rule": 1433,
    "azurerm_mysql_firewall_rule": 3306,
    "azurerm_mysql_flexible_server_firewall_rule": 3306,
    "azurerm_mariadb_firewall_rule": 3306,
    "azurerm_postgresql_firewall_rule": 5432,
    "azurerm_postgresql_flexible_server_firewall_rule": 5432,
    "azurerm_cosmosdb_postgresql_firewall_rule": 5432,
    "azurerm_mongo_cluster_firewall_rule": 27017,
    "azurerm_redis_firewall_rule": 6379,
    "azurerm_synapse_firewall_rule": 1433,
}


# https://registry.terraform.io/providers/hashicorp/azurerm/latest/docs/resources/network_security_rule#protocol-1
OTHER_PROTOCOLS = ("tcp", "udp", "icmp", "esp", "ah")


class Deny(Struct, frozen=True):
    """A Deny from everywhere whose priority, protocol and ports are known."""

    priority: int
    protocol: str
    first: int
    last: int


def network_security_group(resource: Resource) -> Found:
    """Inline rules, as blocks or as a list of objects."""
    bodies = [(f"security_rule[{index}]", body_of(block), block) for index, block in enumerate(blocks(resource, "security_rule"))]
    denials = [denial for _, body, _ in bodies for denial in _denials(body)]
    for path, body, at in bodies:
        yield from ((resource.address, subject) for subject in _openings(resource, body, path, at, denials))


def network_security_rule(resource: Resource) -> Found:
    """A rule on its own; other rules of the group are not weighed against it."""
    group = owner(attribute(resource, "network_security_group_name")) or resource.address
    at = Known(resource.attributes, resource.span)
    for subject in _openings(resource, resource.attributes, "", at, ()):
        yield group, subject


def database_firewall_rule(resource: Resource) -> Found:
    """A range of addresses that may reach a database server."""
    start, end = (attribute(resource, f"{name}_ip_address") or attribute(resource, f"{name}_ip") for name in ("start", "end"))
    server = attribute(resource, "server_id") or attribute(resource, "server_name") or attribute(resource, "redis_cache_name")
    at = start if start is not None else Known("", resource.span)
    port = constant(DATABASE_PORTS[resource.type], resource.span)
    yield (
        owner(server) or resource.address,
        fact(
            resource,
            "ingress",
            resource.span,
            provider=constant("azure", resource.span),
            target=constant("database", resource.span),
            allowed=constant(raw=True, span=resource.span),
            protocol=constant("tcp", resource.span),
            from_port=port,
            to_port=port,
            prefixes=listed(_span_of_addresses(start, end, at), resource.span),
        ),
    )


def _span_of_addresses(start: Value | None, end: Value | None, at: Value) -> list[Value]:
    unknown = next((value for value in (start, end) if isinstance(value, Unknown)), None)
    if unknown is not None:
        return [unknown]
    return [Known(f"{text(start)}-{text(end)}", at.span, at.origin, at.refs)] if start is not None and end is not None else []


def _openings(resource: Resource, body: Body, path: str, at: Value, denials: Iterable[Deny]) -> Iterator[Subject]:
    allowed = _allowed(body, at)
    if allowed is None:
        return
    span = span_of(at, resource)
    protocol = protocol_of(field(body, "protocol"))
    for first, last in _ports(body, protocol):
        if _is_void(field(body, "priority"), protocol, first, last, denials):
            continue
        found = fact(
            resource,
            "ingress",
            span,
            path,
            provider=constant("azure", span),
            target=constant("virtual machines", span),
            allowed=allowed,
            protocol=protocol if _is_every(first, last) or text(protocol) != "all" else None,
            from_port=first,
            to_port=last,
            prefixes=listed(_sources(body), span),
            description=field(body, "description"),
        )
        if not isinstance(protocol, Unknown) or _is_every(first, last):
            yield found
        else:
            yield replace(found, attributes={**found.attributes, "protocol": _any_protocol(protocol)})


def _any_protocol(value: Unknown) -> Unknown:
    """One that is not known, as a choice among those it may be: with ports that are named, all of them are not set, as above."""
    named = [protocol_of(item) for item in value.branches] or [Known(name, value.span) for name in OTHER_PROTOCOLS] + [Known("all")]
    return replace(value, branches=tuple([Null(value.span) if item is None or text(item) == "all" else item for item in named]))


def _is_every(first: Value | None, last: Value | None) -> bool:
    """Whether every port is meant. Ports that are named hold for `*` too, while elsewhere a rule for all protocols looks at none.

    https://learn.microsoft.com/azure/virtual-network/network-security-groups-overview#security-rules
    """
    low, high = whole(first), whole(last)
    return first is None if low is None or high is None else low <= 1 and high >= LAST


def _allowed(body: Body, at: Value) -> Value | None:
    """True, unknown, or None for a rule that is certainly no way in."""
    access, direction = field(body, "access"), field(body, "direction")
    if (text(access) or "allow").lower() != "allow" or (text(direction) or "inbound").lower() != "inbound":
        return None
    unknown = next((value for value in (access, direction) if isinstance(value, Unknown)), None)
    return unknown if unknown is not None else Known(raw=True, span=at.span)


def _sources(body: Body) -> list[Value]:
    if isinstance(body, Unknown):
        return [body]
    return [
        item for name in ("source_address_prefix", "source_address_prefixes") for item in elements(field(body, name)) if text(item) != ""
    ]


def _ports(body: Body, protocol: Value | None) -> tuple[tuple[Value | None, Value | None], ...]:
    if isinstance(body, Unknown):
        return ((body, body),)
    if has_no_ports(protocol):
        return ((None, None),)
    found = [item for name in ("destination_port_range", "destination_port_ranges") for item in elements(field(body, name))]
    ranges: list[tuple[Value | None, Value | None]] = [pair for item in found if text(item) != "" for pair in port_ranges(item)]
    return tuple(ranges) or ((None, None),)


def _denials(body: Body) -> Iterator[Deny]:
    access, direction, priority = field(body, "access"), field(body, "direction"), whole(field(body, "priority"))
    if (text(access) or "").lower() != "deny" or (text(direction) or "").lower() != "inbound" or priority is None:
        return
    sources = [text(item) or "" for item in _sources(body)]
    destinations = [text(item) for item in elements(field(body, "destination_address_prefix"))]
    protocol = text(protocol_of(field(body, "protocol")))
    if protocol is None or not covers_everything(sources) or destinations != ["*"]:
        return
    ranges = _ports(body, field(body, "protocol")) if protocol != "all" else _ports(body, None)
    for first, last in ranges:
        low, high = whole(first), whole(last)
        if low is not None and high is not None:
            yield Deny(priority, protocol, low, high)


def _is_void(priority: Value | None, protocol: Value | None, first: Value | None, last: Value | None, denials: Iterable[Deny]) -> bool:
    number, low, high = whole(priority), whole(first), whole(last)
    if number is None or low is None or high is None:
        return False
    same = {text(protocol), "all"}
    return any(deny.priority < number and deny.protocol in same and deny.first <= low and high <= deny.last for deny in denials)


ADAPTERS: dict[str, Callable[[Resource], Found]] = {
    "azurerm_network_security_group": network_security_group,
    "azurerm_network_security_rule": network_security_rule,
    **dict.fromkeys(DATABASE_PORTS, database_firewall_rule),
}
