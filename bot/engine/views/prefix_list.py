"""Prefix lists of AWS that the tree makes: a rule that names one lets in, or out, what its entries say.

A list that is only looked up, or kept by AWS, says nothing here.
https://docs.aws.amazon.com/vpc/latest/userguide/managed-prefix-lists.html
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from msgspec import Struct
from msgspec.structs import replace

from bot.engine.model.match import Subject
from bot.engine.model.resource import Model, Resource
from bot.engine.model.value import Known, Value
from bot.engine.views.reading import Body, attribute, blocks, body_of, elements, field, listed, managed, refers_to, relocated, span_of

NAMES = ("prefix_list_ids", "prefix_list_id")


class PrefixList(Struct, frozen=True):
    """A list and the ranges in it."""

    resource: Resource
    ranges: tuple[Value, ...]


def prefix_lists(model: Model) -> tuple[PrefixList, ...]:
    """Every list of the model, with the entries inside of it and those that are resources of their own."""
    apart = list(managed(model, ["aws_ec2_managed_prefix_list_entry"]))
    return tuple(PrefixList(item, tuple(_ranges(item, apart))) for item in managed(model, ["aws_ec2_managed_prefix_list"]))


def _ranges(whole: Resource, apart: Sequence[Resource]) -> Iterator[Value]:
    inside = [field(body_of(block), "cidr") for block in blocks(whole, "entry")]
    beside = [attribute(entry, "cidr") for entry in apart if refers_to(attribute(entry, "prefix_list_id"), whole)]
    yield from (value for value in (*inside, *beside) if value is not None)


def with_lists(subject: Subject, lists: Sequence[PrefixList]) -> Subject:
    """The fact of a rule, its `prefixes` with those of the lists that it names, at the place where it names them."""
    own = subject.attributes.get("prefixes")
    if not lists or not isinstance(own, Known) or not subject.resource.type.startswith("aws_"):
        return subject
    body, resource = _written(subject), subject.resource
    named = [value for name in NAMES for value in elements(field(body, name))]
    added = [
        relocated(value, span_of(ref, resource))
        for ref in named
        for item in lists
        if refers_to(ref, item.resource)
        for value in item.ranges
    ]
    return replace(subject, attributes={**subject.attributes, "prefixes": listed((*elements(own), *added), own.span)}) if added else subject


def _written(subject: Subject) -> Body:
    """The block of a rule inside a group (`ingress[0]`), else the rule that is a resource of its own."""
    name, _, index = subject.path.partition("[")
    return body_of(blocks(subject.resource, name)[int(index.rstrip("]"))]) if index else dict(subject.resource.attributes)
