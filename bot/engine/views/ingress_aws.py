"""Ways in of AWS: security groups inline and as rule resources.

Sources: the provider's pages of aws_security_group, aws_security_group_rule, aws_vpc_security_group_ingress_rule.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator

from bot.engine.model.match import Subject
from bot.engine.model.resource import Resource
from bot.engine.model.span import Span
from bot.engine.model.value import Known, Unknown, Value
from bot.engine.pattern import Pattern
from bot.engine.views.ports import all_ports, has_no_ports, protocol_of
from bot.engine.views.reading import (
    Body,
    attribute,
    blocks,
    body_of,
    constant,
    elements,
    fact,
    field,
    known_as,
    listed,
    owner,
    span_of,
    text,
    whole,
)

Found = Iterator[tuple[str, Subject]]

# The range of a VPC or a subnet is at most a /16, so what it is exactly cannot matter to "everything".
# https://docs.aws.amazon.com/vpc/latest/userguide/vpc-cidr-blocks.html
OWN_RANGE = Pattern(r"^(data\.)?aws_(default_)?(vpc|subnet)\.[\w-]+(\[.*\])?\.(ipv6_)?cidr_block$")


def security_group(resource: Resource) -> Found:
    """Inline rules, as blocks or as a list of objects."""
    for subject in inline_rules(resource, "ingress"):
        yield resource.address, subject


def inline_rules(resource: Resource, direction: str) -> Iterator[Subject]:
    """The rules of one direction (`ingress`, `egress`) that stand in a group."""
    for index, block in enumerate(blocks(resource, direction)):
        yield opening(resource, body_of(block), ("cidr_blocks", "ipv6_cidr_blocks"), "protocol", f"{direction}[{index}]", block)


def security_group_rule(resource: Resource) -> Found:
    """The older rule resource, of either direction."""
    kind = attribute(resource, "type")
    if text(kind) == "egress":
        return
    subject = opening(resource, body_of_rule(resource), ("cidr_blocks", "ipv6_cidr_blocks"), "protocol")
    yield _group(resource), allowed_if(subject, kind)


def ingress_rule(resource: Resource) -> Found:
    """The newer rule resource, one range each."""
    yield _group(resource), opening(resource, body_of_rule(resource), ("cidr_ipv4", "cidr_ipv6"), "ip_protocol")


def _group(resource: Resource) -> str:
    return owner(attribute(resource, "security_group_id")) or resource.address


def body_of_rule(resource: Resource) -> Body:
    """What a rule that is a resource of its own says."""
    return {name: value for name in resource.attributes if (value := attribute(resource, name)) is not None}


def allowed_if(subject: Subject, kind: Value | None) -> Subject:
    """The fact, its `allowed` unknown where the direction is."""
    if isinstance(kind, Unknown):
        return Subject(subject.resource, {**subject.attributes, "allowed": kind}, subject.span, subject.view, subject.path)
    return subject


def opening(resource: Resource, body: Body, ranges: tuple[str, str], protocol: str, path: str = "", at: Value | None = None) -> Subject:
    """The fact of one rule; `ranges` and `protocol` are the names that its arguments have."""
    span = span_of(at, resource) if at is not None else resource.span
    spoken = protocol_of(_or_incomplete(resource, body, protocol)) or _unlimited(resource, body, span)
    first, last = _ports(body, spoken, resource)
    found = [item for name in ranges for item in elements(_or_incomplete(resource, body, name)) if not _is_own(item)]
    return fact(
        resource,
        "ingress",
        span,
        path,
        provider=constant("aws", span),
        target=constant("virtual machines", span),
        allowed=constant(raw=True, span=span),
        protocol=spoken,
        from_port=first,
        to_port=last,
        prefixes=listed(found, span),
        description=field(body, "description"),
    )


def _unlimited(resource: Resource, body: Body, span: Span) -> Value | None:
    """A rule that names neither a protocol nor a port limits nothing."""
    named = any(_or_incomplete(resource, body, name) is not None for name in ("from_port", "to_port"))
    return None if named else constant("all", span)


def _or_incomplete(resource: Resource, body: Body, name: str) -> Value | None:
    found = field(body, name)
    return resource.incomplete if found is None else found


def _ports(body: Body, protocol: Value | None, resource: Resource) -> tuple[Value | None, Value | None]:
    if has_no_ports(protocol):
        return None, None
    if text(protocol) == "all" and protocol is not None:
        return all_ports(protocol)
    if isinstance(protocol, Unknown):
        return protocol, protocol  # with a protocol of all the ports that are written do not count
    first, last = _or_incomplete(resource, body, "from_port"), _or_incomplete(resource, body, "to_port")
    if first is None and last is None and isinstance(protocol, Unknown):
        return protocol, protocol
    return _number(first), _number(first if last is None else last)


def _number(value: Value | None) -> Value | None:
    found = whole(value)
    return value if value is None or found is None else known_as(value, found)


def _is_own(value: Value) -> bool:
    return (isinstance(value, Unknown) and OWN_RANGE.match(value.expression) is not None) or (isinstance(value, Known) and value.raw == "")


GROUPS = ("aws_security_group", "aws_default_security_group")
ADAPTERS: dict[str, Callable[[Resource], Found]] = {
    "aws_security_group": security_group,
    "aws_default_security_group": security_group,
    "aws_security_group_rule": security_group_rule,
    "aws_vpc_security_group_ingress_rule": ingress_rule,
}
