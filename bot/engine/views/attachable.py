"""What is paid for whether or not anything uses it: `kind` (`address`, `volume`), `attached`.

An address counts as attached when it names a machine or an interface, or when anything else takes its allocation.
https://docs.aws.amazon.com/vpc/latest/userguide/vpc-eips.html · https://docs.aws.amazon.com/ebs/latest/userguide/ebs-volumes.html
"""

from __future__ import annotations

from collections.abc import Iterator

from msgspec import Struct

from bot.engine.model.match import Subject
from bot.engine.model.resource import Model, Resource
from bot.engine.model.value import Known, Unknown, Value
from bot.engine.views.reading import attribute, constant, fact, managed

ADDRESS, VOLUME, INTERFACE = "aws_eip", "aws_ebs_volume", "aws_network_interface"
# Arguments, at any depth, through which other resources take an address.
TAKES_ADDRESS = frozenset(
    {
        "allocation_id",
        "allocation_ids",
        "secondary_allocation_ids",
        "address_allocation_ids",
        "eip_allocation_ids",
        "eip_id",
        "elastic_ip",
        "public_ip",
        "public_ips",
    }
)
TAKES_VOLUME = frozenset({"volume_id"})
TAKES_INTERFACE = frozenset({"network_interface_id", "network_interface_ids", "network_interface", "primary_network_interface"})
TAKES_NOTHING = frozenset({ADDRESS, "aws_ebs_snapshot"})  # they name a thing, and leave it as idle as it was
MAX_DEPTH = 8


class Taken(Struct, frozen=True):
    """What other resources take: the addresses that they refer to, and an argument of which nothing tells what it takes."""

    addresses: frozenset[str]
    untold: Unknown | None

    def of(self, resource: Resource) -> Value | None:
        """Whether the resource is taken; None when it is not."""
        if self.addresses & {resource.address, resource.definition}:
            return constant(raw=True, span=resource.span)
        return self.untold


def attachables(model: Model) -> Iterator[Subject]:
    """A fact for each address and each volume."""
    addresses, volumes = list(managed(model, [ADDRESS])), list(managed(model, [VOLUME]))
    taken = _taken(model, TAKES_ADDRESS if addresses else frozenset())
    for resource in addresses:
        yield _fact(resource, "address", _of_address(resource, model) or taken.of(resource))
    taken = _taken(model, TAKES_VOLUME if volumes else frozenset())
    for resource in volumes:
        yield _fact(resource, "volume", taken.of(resource))


def _fact(resource: Resource, kind: str, attached: Value | None) -> Subject:
    found = constant(raw=False, span=resource.span) if attached is None else attached
    return fact(resource, "attachable", resource.span, kind=constant(kind, resource.span), attached=found)


def _of_address(resource: Resource, model: Model) -> Value | None:
    """What the address itself names; an interface of ours counts when it is attached in turn."""
    interface = attribute(resource, "network_interface")
    own = next((item for item in managed(model, [INTERFACE]) if interface is not None and _refers(interface, item)), None)
    if own is not None:
        return _is_used(own, model, resource)
    for value in (attribute(resource, "instance"), interface):
        if isinstance(value, Unknown) and not value.refs:
            return value
        if value is not None:
            return constant(raw=True, span=resource.span)
    return None


def _refers(value: Value, target: Resource) -> bool:
    return any(ref in {target.address, target.definition} for ref in value.refs)


def _is_used(interface: Resource, model: Model, address: Resource) -> Value:
    """Whether the interface of an address is attached itself, told at the address."""
    taken = _taken(model, TAKES_INTERFACE).of(interface)
    if isinstance(taken, Unknown):
        return taken
    return constant(taken is not None or attribute(interface, "attachment") is not None, address.span)


def _taken(model: Model, names: frozenset[str]) -> Taken:
    """What is referred to by these arguments of other resources, and by any of called modules."""
    found: list[Value] = []
    for resource in model.resources if names else ():
        if resource.mode == "module":
            found.extend(item for value in resource.attributes.values() for item in _values(value, None, 0, taking=True) if item.refs)
        elif resource.mode == "managed" and resource.type not in TAKES_NOTHING:
            found.extend(item for name, value in resource.attributes.items() for item in _values(value, names, 0, taking=name in names))
    untold = (value for value in found if isinstance(value, Unknown) and not value.refs)
    return Taken(frozenset(ref for value in found for ref in value.refs), next(untold, None))


def _values(value: Value, names: frozenset[str] | None, depth: int, *, taking: bool) -> Iterator[Value]:
    """The values of an argument; below a nested block only those of the arguments that are meant."""
    if taking:
        yield value
    if not isinstance(value, Known) or depth >= MAX_DEPTH:
        return
    if isinstance(value.raw, tuple):
        for item in value.raw:
            yield from _values(item, names, depth + 1, taking=taking)
    elif isinstance(value.raw, dict):
        for name, item in value.raw.items():
            yield from _values(item, names, depth + 1, taking=taking or names is None or name in names)
