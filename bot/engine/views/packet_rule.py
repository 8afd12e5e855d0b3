"""Rules of packet filters in the order in which they are tried: what each is for, and whether an earlier one takes all of it.

Azure and network ACLs of AWS try the lower number first; Google too, and of equal numbers the denial.
https://learn.microsoft.com/azure/virtual-network/network-security-groups-overview ·
https://cloud.google.com/firewall/docs/firewalls · https://docs.aws.amazon.com/vpc/latest/userguide/nacl-rules.html
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from msgspec import Struct

from bot.engine.model.resource import Resource
from bot.engine.model.value import Unknown, Value
from bot.engine.views.ports import FIRST, LAST, port_ranges, protocol_of
from bot.engine.views.prefixes import parse_range
from bot.engine.views.reading import Body, attribute, blocks, body_of, elements, field, text, truth, whole

ANY, NAMES, WORLD = "*", "names", "0.0.0.0/0"
ALL_PORTS = (FIRST, LAST)


class PacketRule(Struct, frozen=True):
    """One rule whose order and access are known. `group`: of the rules that are tried together. `at`: the value that decides.

    `protocols`: each with its ranges of ports, None where they are not known. The other sets hold ranges, names, `*` for all, and
    the expression of what is not known, which only `*` covers; `targets` are the machines that a rule is for.
    """

    group: str
    order: int
    allows: bool
    name: str
    resource: Resource
    at: Value
    path: str
    protocols: tuple[tuple[str, tuple[tuple[int, int], ...] | None], ...]
    sources: frozenset[str]
    destinations: frozenset[str]
    origins: frozenset[str]
    targets: frozenset[str] = frozenset({ANY})


def covers(one: PacketRule, other: PacketRule) -> bool:
    """Whether `one` matches all that `other` does."""
    return (
        all(any(_takes(mine, its) for mine in one.protocols) for its in other.protocols)
        and _holds(one.sources, other.sources)
        and _holds(one.destinations, other.destinations)
        and _holds(one.origins, other.origins)
        and _holds(one.targets, other.targets)
    )


def is_tried_before(one: PacketRule, other: PacketRule) -> bool:
    """Whether `one` decides where both match."""
    return one.order < other.order or (one.order == other.order and not one.allows and other.allows)


def of_security_group(resource: Resource) -> Iterator[PacketRule]:
    """Rules inside of an `azurerm_network_security_group`."""
    for index, block in enumerate(blocks(resource, "security_rule")):
        yield from _of_azure(resource, body_of(block), f"security_rule[{index}]", resource.address)


def of_security_rule(resource: Resource) -> Iterator[PacketRule]:
    """An `azurerm_network_security_rule`."""
    group = owner_of(resource, attribute(resource, "network_security_group_name"), attribute(resource, "resource_group_name"))
    if group:
        yield from _of_azure(resource, resource.attributes, "", group)


def of_firewall(resource: Resource) -> Iterator[PacketRule]:
    """A `google_compute_firewall` that is not disabled."""
    priority = attribute(resource, "priority")
    order = 1000 if priority is None else whole(priority)
    group = owner_of(resource, attribute(resource, "network"), attribute(resource, "project"))
    direction = text(attribute(resource, "direction")) if attribute(resource, "direction") is not None else "INGRESS"
    off, allowed, denied = (attribute(resource, "disabled"), blocks(resource, "allow"), blocks(resource, "deny"))
    if order is None or not group or not direction or truth(off) or isinstance(off, Unknown) or bool(allowed) == bool(denied):
        return
    found = allowed or denied
    yield PacketRule(
        f"{group} {direction.upper()}",
        order,
        bool(allowed),
        resource.address,
        resource,
        priority if priority is not None else found[0],
        "",
        tuple([_of_google(body_of(block)) for block in found]),
        frozenset({ANY}),
        _names(resource, ("destination_ranges",)) or frozenset({ANY}),
        _from_google(resource),
        _names(resource, ("target_tags", "target_service_accounts")) or frozenset({ANY}),
    )


def of_acl(resource: Resource) -> Iterator[PacketRule]:
    """Rules inside of an `aws_network_acl`."""
    for way in ("ingress", "egress"):
        for index, block in enumerate(blocks(resource, way)):
            body = body_of(block)
            yield from _of_aws(resource, body, f"{way}[{index}]", (f"{resource.address} {way}", "rule_no", "action"))


def of_acl_rule(resource: Resource) -> Iterator[PacketRule]:
    """An `aws_network_acl_rule`."""
    way, group = attribute(resource, "egress"), owner_of(resource, attribute(resource, "network_acl_id"))
    if group and not isinstance(way, Unknown):
        named = (f"{group} {'egress' if truth(way) else 'ingress'}", "rule_number", "rule_action")
        yield from _of_aws(resource, resource.attributes, "", named)


def owner_of(resource: Resource, *values: Value | None) -> str:
    """Equal for two that name one thing: by reference, by a known text, or by one expression in one module; else empty."""
    first = values[0]
    if first is None or (first.refs and len(set(first.refs)) > 1):
        return ""
    if first.refs:
        return first.refs[0] if _is_of(first, first.refs[0]) else f"{first.refs[0]} {_expression(first)}"
    if text(first):
        return " ".join(text(value) or (_expression(value) if value is not None else "") for value in values)
    expression = first.expression if isinstance(first, Unknown) and not first.parts else ""
    return f"{resource.definition.rpartition('.')[0].rpartition('.')[0]} {expression}" if expression else ""


def _is_of(value: Value, address: str) -> bool:
    """Whether a value that is not known is an attribute of the resource itself, rather than one of several outputs made of it."""
    expression = _expression(value)
    if address.split(".")[-2:-1] == ["module"]:
        return not expression
    return not expression or address.partition("[")[0].endswith(expression.rpartition(".")[0].partition("[")[0])


def _of_azure(resource: Resource, body: Body, path: str, group: str) -> Iterator[PacketRule]:
    order, access, direction = (field(body, name) for name in ("priority", "access", "direction"))
    number, said, way = whole(order), (text(access) or "").lower(), (text(direction) or "").lower()
    if number is None or access is None or said not in ("allow", "deny") or not way:
        return
    ports = tuple(item for name in ("destination_port_range", "destination_port_ranges") for item in elements(field(body, name)))
    yield PacketRule(
        f"{group} {way}",
        number,
        said == "allow",
        text(field(body, "name")) or resource.address,
        resource,
        access,
        path,
        ((text(protocol_of(field(body, "protocol"))) or "unknown", _ranges(ports)),),
        _ports_as_names(body),
        _set(body, ("destination_address_prefix", "destination_address_prefixes", "destination_application_security_group_ids")),
        _set(body, ("source_address_prefix", "source_address_prefixes", "source_application_security_group_ids")),
    )


def _ports_as_names(body: Body) -> frozenset[str]:
    found = _set(body, ("source_port_range", "source_port_ranges"))
    return frozenset({ANY}) if found == frozenset({"0-65535"}) else found


def _of_google(body: Body) -> tuple[str, tuple[tuple[int, int], ...] | None]:
    protocol = protocol_of(field(body, "protocol"))
    ports = elements(field(body, "ports"))
    return text(protocol) or "unknown", _ranges(ports) if ports else (ALL_PORTS,)


def _from_google(resource: Resource) -> frozenset[str]:
    """Where traffic comes from. The whole of IPv4 holds what machines with a tag send."""
    found = _names(resource, ("source_ranges", "source_tags", "source_service_accounts")) or frozenset({WORLD})
    return found | {NAMES} if WORLD in found else found


def _of_aws(resource: Resource, body: Body, path: str, named: tuple[str, str, str]) -> Iterator[PacketRule]:
    group, number, action = named
    order, access = whole(field(body, number)), field(body, action)
    said = (text(access) or "").lower()
    if order is None or access is None or said not in ("allow", "deny"):
        return
    protocol = text(protocol_of(field(body, "protocol"))) or "unknown"
    low, high = whole(field(body, "from_port")), whole(field(body, "to_port"))
    ports = None if low is None or high is None else ((low, high),)
    yield PacketRule(
        group,
        order,
        said == "allow",
        f"number {order}",
        resource,
        access,
        path,
        ((protocol, (ALL_PORTS,) if protocol == "all" else ports),),
        frozenset({ANY}),
        frozenset({ANY}),
        _set(body, ("cidr_block", "ipv6_cidr_block")),
    )


def _names(resource: Resource, names: Iterable[str]) -> frozenset[str]:
    return _set(resource.attributes, names)


def _set(body: Body, names: Iterable[str]) -> frozenset[str]:
    """The elements of several lists; of one that is not known its own expression, which nothing but `*` covers."""
    found = [item for name in names for item in elements(field(body, name))]
    return frozenset(text(item) or f"<{item.refs or _expression(item)}>" for item in found if text(item) != "")


def _expression(value: Value) -> str:
    return value.expression if isinstance(value, Unknown) else ""


def _ranges(ports: Iterable[Value]) -> tuple[tuple[int, int], ...] | None:
    pairs = [(whole(first), whole(last)) for item in ports if text(item) != "" for first, last in port_ranges(item)]
    found = tuple([(first, last) for first, last in pairs if first is not None and last is not None])
    return found if pairs and len(found) == len(pairs) else None


def _takes(mine: tuple[str, tuple[tuple[int, int], ...] | None], its: tuple[str, tuple[tuple[int, int], ...] | None]) -> bool:
    protocol, ports = mine
    if protocol != "all" and (protocol != its[0] or protocol == "unknown"):
        return False
    if ports is None:
        return False
    if ALL_PORTS in ports or (protocol == its[0] and protocol in _PORTLESS):
        return True
    return its[1] is not None and all(any(low <= first and last <= high for low, high in ports) for first, last in its[1])


_PORTLESS = frozenset({"esp", "ah", "gre", "ipip"})


def _holds(mine: frozenset[str], its: frozenset[str]) -> bool:
    return ANY in mine or (bool(its) and all(any(_contains(one, other) for one in mine) for other in its))


def _contains(one: str, other: str) -> bool:
    if one.lower() == other.lower():
        return not one.startswith("<()")
    outer, inner = parse_range(one), parse_range(other)
    if outer is None:
        return one == NAMES and inner is None and not other.startswith("<") and other != ANY
    return inner is not None and outer[0] == inner[0] and outer[1] <= inner[1] and inner[2] <= outer[2]
