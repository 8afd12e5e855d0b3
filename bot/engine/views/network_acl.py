"""Ways in and out that a network ACL of AWS leaves open: its allowing entries, less what an entry before them denies.

Fields: `allowed` (true, or unknown when direction, action or order is), `protocol`, `from_port`, `to_port`, `prefixes`.
Entries are tried in the order of their numbers, and the first that fits decides.
https://docs.aws.amazon.com/vpc/latest/userguide/nacl-rules.html
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from msgspec import Struct

from bot.engine.model.match import Subject
from bot.engine.model.resource import Model, Resource
from bot.engine.model.span import Span
from bot.engine.model.value import Unknown, Value
from bot.engine.views.ingress_aws import body_of_rule
from bot.engine.views.ports import all_ports, has_no_ports, protocol_of
from bot.engine.views.prefixes import covers_everything
from bot.engine.views.reading import (
    Body,
    attribute,
    blocks,
    body_of,
    constant,
    fact,
    field,
    known_as,
    listed,
    managed,
    owner,
    span_of,
    text,
    truth,
    whole,
)

INLINE = ("aws_network_acl", "aws_default_network_acl")
VIEWS = {"ingress": "network-acl", "egress": "network-acl-egress"}
Ports = tuple[int, int]


class Entry(Struct, frozen=True):
    """One entry of a direction as it is written."""

    resource: Resource
    at: Value | None
    path: str
    number: Value | None
    action: Value | None
    protocol: Value | None
    ports: tuple[Value | None, Value | None]
    prefixes: tuple[Value, ...]
    outward: Value | None
    view: str


def network_acls(model: Model) -> Iterator[Subject]:
    """A fact for each range of ports that an entry lets in and none before it denies."""
    return _left_open(model, "ingress")


def network_acls_outward(model: Model) -> Iterator[Subject]:
    """The same of what it lets out."""
    return _left_open(model, "egress")


def _left_open(model: Model, way: str) -> Iterator[Subject]:
    groups: dict[str, list[Entry]] = {}
    for resource in managed(model, INLINE):
        groups.setdefault(resource.address, []).extend(_inline(resource, way))
    for resource in managed(model, ["aws_network_acl_rule"]):
        outward = attribute(resource, "egress")
        if isinstance(outward, Unknown) or (truth(outward) is True) == (way == "egress"):
            groups.setdefault(owner(attribute(resource, "network_acl_id")) or resource.address, []).append(_rule(resource, way))
    for entries in groups.values():
        denials = [entry for entry in entries if text(entry.action) == "deny"]
        for entry in entries:
            if text(entry.action) != "deny":
                yield from _open(entry, denials)


def _inline(resource: Resource, way: str) -> Iterator[Entry]:
    for index, block in enumerate(blocks(resource, way)):
        yield _entry(resource, body_of(block), ("rule_no", "action"), VIEWS[way], f"{way}[{index}]", block)


def _rule(resource: Resource, way: str) -> Entry:
    return _entry(resource, body_of_rule(resource), ("rule_number", "rule_action"), VIEWS[way])


def _entry(resource: Resource, body: Body, names: tuple[str, str], view: str, path: str = "", at: Value | None = None) -> Entry:
    protocol = protocol_of(field(body, "protocol"))
    ranges = [value for name in ("cidr_block", "ipv6_cidr_block") if (value := field(body, name)) is not None and text(value) != ""]
    number, action = (field(body, name) for name in names)
    return Entry(resource, at, path, number, action, protocol, _ports(body, protocol), tuple(ranges), field(body, "egress"), view)


def _ports(body: Body, protocol: Value | None) -> tuple[Value | None, Value | None]:
    if isinstance(protocol, Unknown):
        return protocol, protocol
    if protocol is None or has_no_ports(protocol):
        return None, None
    return all_ports(protocol) if text(protocol) == "all" else (field(body, "from_port"), field(body, "to_port"))


def _open(entry: Entry, denials: Iterable[Entry]) -> Iterator[Subject]:
    """What stays open of an entry; an order that is not known leaves open whether it is."""
    before = [denial for denial in denials if _fits(denial, entry)]
    unsure = next((number for denial in before if (number := _unordered(denial, entry)) is not None), None)
    first, last = (whole(port) for port in entry.ports)
    if first is None or last is None or unsure is not None or not before:
        yield _fact(entry, entry.protocol, entry.ports, _allowed(entry) if unsure is None else unsure)
        return
    taken = sorted(ports for denial in before if _is_before(denial, entry) and (ports := _range(denial)) is not None)
    of_all = entry.protocol if taken and text(entry.protocol) == "all" else None
    protocol = entry.protocol if of_all is None else known_as(of_all, "tcp")
    for low, high in _rest((first, last), taken):
        ends = tuple(None if port is None else known_as(port, end) for port, end in zip(entry.ports, (low, high), strict=True))
        yield _fact(entry, protocol, (ends[0], ends[1]), _allowed(entry))


def _fits(denial: Entry, entry: Entry) -> bool:
    """Whether a denial is about every source of the entry, and about its protocol; of all protocols TCP is what counts here."""
    texts = [found for value in denial.prefixes if (found := text(value)) is not None]
    same = {text(value) for value in entry.prefixes} <= set(texts)
    protocols = {"all", "tcp" if text(entry.protocol) == "all" else text(entry.protocol)}
    return text(denial.protocol) in protocols and (same or covers_everything(texts))


def _unordered(denial: Entry, entry: Entry) -> Unknown | None:
    return next((number for number in (denial.number, entry.number) if isinstance(number, Unknown)), None)


def _is_before(denial: Entry, entry: Entry) -> bool:
    first, second = whole(denial.number), whole(entry.number)
    return first is not None and second is not None and first < second


def _range(entry: Entry) -> Ports | None:
    first, last = (whole(port) for port in entry.ports)
    return None if first is None or last is None else (first, last)


def _rest(ports: Ports, taken: Iterable[Ports]) -> Iterator[Ports]:
    """What of a range is in none of the others, which are in order."""
    low, high = ports
    for first, last in taken:
        if low < first:
            yield low, min(high, first - 1)
        low = max(low, last + 1)
        if low > high:
            return
    yield low, high


def _allowed(entry: Entry) -> Value:
    open_ended = next((value for value in (entry.action, entry.outward) if isinstance(value, Unknown)), None)
    return constant(raw=True, span=_span(entry)) if open_ended is None else open_ended


def _fact(entry: Entry, protocol: Value | None, ports: tuple[Value | None, Value | None], allowed: Value) -> Subject:
    span = _span(entry)
    return fact(
        entry.resource,
        entry.view,
        span,
        entry.path,
        allowed=allowed,
        protocol=protocol,
        from_port=ports[0],
        to_port=ports[1],
        prefixes=listed(entry.prefixes, span),
    )


def _span(entry: Entry) -> Span:
    return entry.resource.span if entry.at is None else span_of(entry.at, entry.resource)
