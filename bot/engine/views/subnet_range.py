"""Ranges of subnets that cannot be made: outside of their network's ranges, or over those of another subnet there.

Fields: `kind` (`outside`, `overlap`), `fault` (the range; unknown where one of the two may not be made), `range`, `other` (the ranges
of the network, or the other subnet and its range). Only what is known whole is compared.
https://docs.aws.amazon.com/vpc/latest/userguide/subnet-sizing.html ·
https://learn.microsoft.com/azure/virtual-network/manage-subnet-overview · https://cloud.google.com/vpc/docs/subnets
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from msgspec import Struct

from bot.engine.model.match import Subject
from bot.engine.model.resource import Model, Resource
from bot.engine.model.value import Unknown, Value
from bot.engine.views.packet_rule import owner_of
from bot.engine.views.prefixes import Range, parse_range
from bot.engine.views.reading import attribute, blocks, body_of, constant, elements, fact, field, managed, text

ADDED = "aws_vpc_ipv4_cidr_block_association"
MAY_OVERLAP = frozenset({"PRIVATE_NAT", "PEER_MIGRATION"})  # of Google
# Type of a subnet → the argument that names its network, and what narrows a literal name.
OWNERS: Mapping[str, tuple[str, ...]] = {
    "aws_subnet": ("vpc_id",),
    "azurerm_subnet": ("virtual_network_name", "resource_group_name"),
    "google_compute_subnetwork": ("network", "project"),
}
# Type of a network → its ranges.
SPACES: Mapping[str, str] = {"aws_vpc": "cidr_block", "azurerm_virtual_network": "address_space"}
RANGES = ("cidr_block", "address_prefixes", "address_prefix", "ip_cidr_range")
MAX_SUBNETS = 500  # of one network; each is held against each


class Piece(Struct, frozen=True):
    """One known range of a subnet, with the network's key."""

    owner: str
    resource: Resource
    value: Value
    range: Range
    path: str


def subnet_ranges(model: Model) -> Iterator[Subject]:
    """A fact for each range that is outside, then for each that overlaps an earlier one."""
    pieces = _pieces(model)
    spaces = _spaces(model)
    for piece in pieces:
        space = spaces.get(piece.owner)
        if space is not None and not any(_holds(one, piece.range) for one in space[1] if one[0] == piece.range[0]):
            yield _fact(piece, "outside", space[0], ", ".join(space[2]))
    by_owner: dict[str, list[Piece]] = {}
    for piece in pieces:
        earlier = by_owner.setdefault(piece.owner, [])
        if piece.owner and (first := _first_over(piece, earlier)) is not None:
            yield _fact(piece, "overlap", first.resource, f"{first.resource.address} ({text(first.value)})")
        if len(earlier) < MAX_SUBNETS:
            earlier.append(piece)


def _pieces(model: Model) -> list[Piece]:
    found: list[Piece] = []
    added = {resource.address: _owner(resource, ("vpc_id",)) for resource in managed(model, [ADDED])}
    for resource in managed(model, [*OWNERS, "azurerm_virtual_network"]):
        if resource.type in OWNERS:
            owner = _owner(resource, OWNERS[resource.type])
            if text(attribute(resource, "purpose")) not in MAY_OVERLAP:
                found += _of(resource, added.get(owner, owner), resource.attributes, "")
        else:
            for index, block in enumerate(blocks(resource, "subnet")):
                body = body_of(block)
                found += _of(resource, resource.address, {} if isinstance(body, Unknown) else body, f"subnet[{index}]")
    return found


def _owner(resource: Resource, names: tuple[str, ...]) -> str:
    values = [attribute(resource, name) for name in names]
    found = owner_of(resource, *values)
    return found if not found or (values[0] is not None and values[0].refs) else f"{resource.type} {found}"


def _of(resource: Resource, owner: str, body: dict[str, Value], path: str) -> Iterator[Piece]:
    values = [value for name in RANGES for value in elements(body.get(name))]
    values += [
        value
        for block in (elements(body.get("secondary_ip_range")) if resource.type == "google_compute_subnetwork" else ())
        for value in elements(field(body_of(block), "ip_cidr_range"))
    ]
    for value in values:
        found = parse_range(text(value) or "")
        if found is not None:
            yield Piece(owner, resource, value, found, path)


def _spaces(model: Model) -> dict[str, tuple[Resource, list[Range], list[str]]]:
    """Networks whose ranges are all known, by address."""
    added = list(managed(model, [ADDED]))
    result = {}
    for resource in managed(model, SPACES):
        values = list(elements(attribute(resource, SPACES[resource.type])))
        more = [other for other in added if resource.type == "aws_vpc" and _may_be_of(other, resource)]
        values += [value for other in more for value in elements(attribute(other, "cidr_block")) or (Unknown("computed"),)]
        texts = [text(value) or "" for value in values]
        ranges = [found for one in texts if (found := parse_range(one)) is not None]
        if ranges and len(ranges) == len(values):
            result[resource.address] = (resource, ranges, texts)
    return result


def _may_be_of(other: Resource, vpc: Resource) -> bool:
    owner = _owner(other, ("vpc_id",))
    return owner in (vpc.address, vpc.definition) or not attribute(other, "vpc_id") or owner == ""


def _holds(one: Range, other: Range) -> bool:
    return one[1] <= other[1] and other[2] <= one[2]


def _first_over(piece: Piece, earlier: Sequence[Piece]) -> Piece | None:
    for other in earlier:
        if other.range[0] == piece.range[0] and other.range[1] <= piece.range[2] and piece.range[1] <= other.range[2]:
            if other.resource is not piece.resource and other.resource.address == piece.resource.address:
                continue  # declared twice
            if not (other.resource.exists and piece.resource.exists):
                return other
    return None


def _fact(piece: Piece, kind: str, against: Resource, other: str) -> Subject:
    absent = against.exists or (piece.resource.exists if kind == "overlap" else None)
    return fact(
        piece.resource,
        "subnet-range",
        piece.value.span,
        f"{piece.path} {text(piece.value)}".strip(),
        kind=constant(kind, piece.value.span),
        fault=absent or piece.value,
        range=constant(text(piece.value) or "", piece.value.span),
        other=constant(other, piece.value.span),
    )
