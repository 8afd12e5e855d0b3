"""What is paid for whether or not anything uses it: `kind` (`address`, `volume`), `attached`.

An address counts as attached when it names a machine or an interface, or when anything else takes its allocation.
https://docs.aws.amazon.com/vpc/latest/userguide/vpc-eips.html · https://docs.aws.amazon.com/ebs/latest/userguide/ebs-volumes.html
"""

from __future__ import annotations

from collections.abc import Iterator

from bot.engine.model.match import Subject
from bot.engine.model.resource import Model, Resource
from bot.engine.model.value import Known, Unknown, Value
from bot.engine.views.companion import doubt
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


def attachables(model: Model) -> Iterator[Subject]:
    """A fact for each address and each volume."""
    addresses = _taken(model, TAKES_ADDRESS)
    associations = list(managed(model, ["aws_eip_association"]))
    for resource in managed(model, [ADDRESS]):
        attached = _of_address(resource, model) or _by_others(resource, addresses) or doubt(resource, associations, "allocation_id")
        yield _fact(resource, "address", attached)
    volumes = _taken(model, TAKES_VOLUME)
    attachments = list(managed(model, ["aws_volume_attachment"]))
    for resource in managed(model, [VOLUME]):
        yield _fact(resource, "volume", _by_others(resource, volumes) or doubt(resource, attachments, "volume_id"))


def _fact(resource: Resource, kind: str, attached: Value | None) -> Subject:
    found = constant(raw=False, span=resource.span) if attached is None else attached
    return fact(resource, "attachable", resource.span, kind=constant(kind, resource.span), attached=found)


def _of_address(resource: Resource, model: Model) -> Value | None:
    """What the address itself names; an interface of ours counts when it is attached in turn."""
    interface = attribute(resource, "network_interface")
    own = next((item for item in managed(model, [INTERFACE]) if interface is not None and _refers(interface, item)), None)
    if own is not None:
        return constant(_is_used(own, model), resource.span)
    for value in (attribute(resource, "instance"), interface):
        if isinstance(value, Unknown) and not value.refs:
            return value
        if value is not None:
            return constant(raw=True, span=resource.span)
    return None


def _refers(value: Value, target: Resource) -> bool:
    return any(ref in {target.address, target.definition} for ref in value.refs)


def _is_used(interface: Resource, model: Model) -> bool:
    return attribute(interface, "attachment") is not None or _by_others(interface, _taken(model, TAKES_INTERFACE)) is not None


def _by_others(resource: Resource, taken: frozenset[str]) -> Value | None:
    return constant(raw=True, span=resource.span) if taken & {resource.address, resource.definition} else None


def _taken(model: Model, names: frozenset[str]) -> frozenset[str]:
    """The addresses of what other resources, and called modules, refer to by these arguments."""
    found: set[str] = set()
    for resource in model.resources:
        if resource.mode == "module":
            found.update(ref for value in resource.attributes.values() for ref in _refs(value, None, 0))
        elif resource.mode == "managed" and resource.type not in TAKES_NOTHING:
            found.update(ref for name, value in resource.attributes.items() for ref in _refs(value, names, 0, taking=name in names))
    return frozenset(found)


def _refs(value: Value, names: frozenset[str] | None, depth: int, *, taking: bool = True) -> Iterator[str]:
    """What a value refers to; below a nested block only by the arguments that are meant."""
    if taking:
        yield from value.refs
    if not isinstance(value, Known) or depth >= MAX_DEPTH:
        return
    if isinstance(value.raw, tuple):
        for item in value.raw:
            yield from _refs(item, names, depth + 1, taking=taking)
    elif isinstance(value.raw, dict):
        for name, item in value.raw.items():
            yield from _refs(item, names, depth + 1, taking=taking or names is None or name in names)
