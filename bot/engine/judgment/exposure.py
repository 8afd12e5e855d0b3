"""View `exposure`: networks that meet, ways out to the internet, and what is reachable from there from now on.

Fields: `form` (`peering`, `internet-route`, `public`; unknown where it cannot be told), `name` (the type, or the argument that opens).
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from bot.engine.judgment.difference import Difference, Pair
from bot.engine.judgment.guards import value_of
from bot.engine.judgment.let_in import is_shut
from bot.engine.judgment.reaching import reach
from bot.engine.judgment.subjects import block_key, place_of, resting, subject, written_key
from bot.engine.model.match import Cause, Change, Subject
from bot.engine.model.resource import Resource
from bot.engine.model.value import Unknown, Value
from bot.engine.views.reading import attribute, body_of, elements, field, references, text, truth

FIELDS = ("form", "name")
PEERINGS = frozenset(
    {
        "aws_vpc_peering_connection",
        "aws_vpc_peering_connection_accepter",
        "aws_ec2_transit_gateway_vpc_attachment",
        "aws_ec2_transit_gateway_peering_attachment",
        "aws_vpn_connection",
        "azurerm_virtual_network_peering",
        "azurerm_virtual_hub_connection",
        "azurerm_virtual_network_gateway_connection",
        "google_compute_network_peering",
        "google_compute_vpn_tunnel",
        "google_compute_interconnect_attachment",
    }
)
# Argument → the value that opens, and what holds where it is not set.
SWITCHES: Mapping[tuple[str, str], tuple[bool, bool]] = {
    ("aws_lb", "internal"): (False, False),
    ("aws_alb", "internal"): (False, False),
    ("aws_elb", "internal"): (False, False),
    ("aws_subnet", "map_public_ip_on_launch"): (True, False),
    ("aws_instance", "associate_public_ip_address"): (True, False),
    ("aws_redshift_cluster", "publicly_accessible"): (True, False),
    ("aws_dms_replication_instance", "publicly_accessible"): (True, False),
    ("aws_mq_broker", "publicly_accessible"): (True, False),
    ("google_sql_database_instance", "settings.ip_configuration.ipv4_enabled"): (True, True),
    ("google_container_cluster", "private_cluster_config.enable_private_endpoint"): (False, False),
    ("google_container_cluster", "private_cluster_config.enable_private_nodes"): (False, False),
}
AZURE = "public_network_access_enabled"  # of every service that has it, open where it is not set
GROUPS = "security_groups"
ENTRIES = frozenset({"aws_lb", "aws_alb", "aws_elb"})
ANYWHERE = ("0.0.0.0/0", "::/0")
GATEWAY = "aws_internet_gateway."


def exposures(difference: Difference) -> Iterator[Subject]:
    """A fact for each peering and route that is new, and each thing that opens."""
    for item in difference.created:
        if item.type in PEERINGS:
            yield _fact(difference, item, "peering", item.type, Change("", None, item.exists))
        elif item.type in ENTRIES and not is_shut(item, difference.head):
            yield from _opened(difference, item, "internal", None)
    for pair in difference.pairs:
        if pair.after.type in ENTRIES and is_shut(pair.after, difference.head):
            continue
        if pair.after.type in ENTRIES and is_shut(pair.before, difference.base):
            yield from _let_in(difference, pair.after)
            continue
        for path in _switches(pair.after):
            if not difference.comparison.same(value_of(pair.before, path), value_of(pair.after, path)):
                yield from _opened(difference, pair.after, path, pair)
    yield from _routes(difference)


def _let_in(difference: Difference, item: Resource) -> Iterator[Subject]:
    """A balancer whose groups kept the internet out until now."""
    internal = value_of(item, "internal")
    if truth(internal) is not True:
        form = internal if isinstance(internal, Unknown) else item.exists or "public"
        yield _fact(difference, item, form, GROUPS, Change("", None, item.exists), value_of(item, GROUPS))


def _switches(item: Resource) -> tuple[str, ...]:
    found = tuple(path for kind, path in SWITCHES if kind == item.type)
    return (*found, AZURE) if item.type.startswith("azurerm_") and AZURE in item.attributes else found


def _opened(difference: Difference, item: Resource, path: str, pair: Pair | None) -> Iterator[Subject]:
    opens, default = SWITCHES.get((item.type, path), (True, True))
    before, after = value_of(pair.before, path) if pair else None, value_of(item, path)
    if pair is not None and ((before is None and default is opens) or truth(before) is opens):
        return
    change = Change(path, before, after)
    if isinstance(after, Unknown):
        yield _fact(difference, item, after, path, change)
    elif (default if after is None else truth(after)) is opens:
        yield _fact(difference, item, item.exists or "public", path, change)


def _routes(difference: Difference) -> Iterator[Subject]:
    """Routes to an internet gateway, where the network or its table was there before."""
    there = {item.address for item in difference.base.resources} | {item.definition for item in difference.base.resources}
    for former, item in difference.blocks("managed"):
        if item.type not in ("aws_route", "aws_route_table", "aws_default_route_table") or not there & references(item):
            continue
        if not any(map(_leads_out, _destinations(former))) if former else True:
            value = next((route["gateway_id"] for route in _destinations(item) if _leads_out(route)), None)
            if value is not None:
                change = Change("gateway_id", None, item.exists or value)
                yield _fact(difference, item, item.exists or "internet-route", "gateway_id", change, value)


def _destinations(item: Resource) -> Iterator[dict[str, Value]]:
    if item.type == "aws_route":
        yield item.attributes
    for block in elements(attribute(item, "route")):
        body = body_of(block)
        if isinstance(body, dict):
            yield body


def _leads_out(route: dict[str, Value]) -> bool:
    gateway = route.get("gateway_id")
    out = gateway is not None and (any(GATEWAY in ref for ref in gateway.refs) or (text(gateway) or "").startswith("igw-"))
    names = ("destination_cidr_block", "destination_ipv6_cidr_block", "cidr_block", "ipv6_cidr_block")
    found = [value for name in names if (value := field(route, name)) is not None]
    return out and any(isinstance(value, Unknown) or text(value) in ANYWHERE for value in found)


def _fact(difference: Difference, item: Resource, form: str | Unknown, name: str, change: Change, at: Value | None = None) -> Subject:
    known = item.exists if isinstance(form, str) and item.exists else form
    rests = () if change.path and name != "gateway_id" else resting(item.attributes)  # of a peering and a route all of it decides
    key = block_key("exposure", item, name) if name == "gateway_id" else written_key("exposure", item, name, change)
    cause = Cause(change, key=key, facts=reach(difference, item), rests=rests)
    return subject("exposure", item, place_of(at if at is not None else change.after, item), cause, form=known, name=name)
