"""Ingress: one fact for each way in that a packet filter allows, whatever the provider calls the filter.

Fields: `provider`, `allowed` (true, or unknown when direction or action is), `protocol` (`tcp`, `udp`, `all`, …), `from_port`
and `to_port` (not set where the protocol has no ports), `ports` (the two as a reader writes them: `443`, `8000-8100`), `port` or
`range` (the same: the one for a single port and for what is not known, the other for several), `prefixes` (all source ranges of both
families, one list, with those of prefix lists that the tree makes), `description`, `target` (the thing the rule guards: `virtual
machines`, `database`, `subnet`).
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator

from msgspec import Struct
from msgspec.structs import replace

from bot.engine.model.match import Subject
from bot.engine.model.resource import Model, Resource
from bot.engine.model.value import Known, Unknown, Value
from bot.engine.views.ingress_aws import ADAPTERS as AWS
from bot.engine.views.ingress_azure import ADAPTERS as AZURE
from bot.engine.views.ingress_google import ADAPTERS as GOOGLE
from bot.engine.views.prefix_list import prefix_lists, with_lists
from bot.engine.views.prefixes import covers_everything
from bot.engine.views.reading import known_as, text, whole

Adapter = Callable[[Resource], Iterable[tuple[str, Subject]]]
ADAPTERS: dict[str, Adapter] = {**AWS, **AZURE, **GOOGLE}
MAX_JOINED = 200


class Opening(Struct, frozen=True):
    """A fact with its numbers: what is known of it, ready to be compared."""

    subject: Subject
    protocol: str | None
    first: int | None
    last: int | None
    prefixes: tuple[str, ...] | None


def ingress(model: Model) -> Iterator[Subject]:
    """The ways in of a model. Rules of one group whose ranges only together are everything each carry the whole list."""
    groups: dict[str, list[Opening]] = {}
    lists = prefix_lists(model)
    for resource in model.resources:
        adapter = ADAPTERS.get(resource.type) if resource.mode == "managed" else None
        for group, subject in adapter(resource) if adapter else ():
            groups.setdefault(group, []).append(_opening(_with_ports(with_lists(subject, lists))))
    for openings in groups.values():
        yield from _joined(openings)


def _with_ports(subject: Subject) -> Subject:
    fields = subject.attributes
    first, last = fields.get("from_port"), fields.get("to_port")
    if first is None or last is None:
        return subject
    low, high = text(first), text(last)
    if low is None or high is None:
        unknown = first if low is None else last
        return replace(subject, attributes={**fields, "ports": unknown, "port": unknown})
    found = known_as(first, low if low == high else f"{low}-{high}")
    return replace(subject, attributes={**fields, "ports": found, "port" if low == high else "range": found})


def _opening(subject: Subject) -> Opening:
    fields = subject.attributes
    return Opening(
        subject, text(fields.get("protocol")), whole(fields.get("from_port")), whole(fields.get("to_port")), _known(fields["prefixes"])
    )


def _known(prefixes: Value) -> tuple[str, ...] | None:
    if not isinstance(prefixes, Known) or not isinstance(prefixes.raw, tuple):
        return None
    found = [text(item) for item in prefixes.raw]
    return tuple(item for item in found if item is not None)


def _joined(openings: list[Opening]) -> Iterator[Subject]:
    partial = [item for item in openings if item.prefixes and not covers_everything(item.prefixes)]
    for item in openings:
        others = [other for other in partial if _at_least(other, item)] if item in partial and len(partial) <= MAX_JOINED else []
        together = [prefix for other in others for prefix in other.prefixes or ()]
        yield _with_all(item, others) if len(others) > 1 and covers_everything(together) else item.subject


def _at_least(other: Opening, item: Opening) -> bool:
    """Whether `other` lets in everything on the ports and the protocol of `item`."""
    if other.protocol not in {item.protocol, "all"} or other.first is None or other.last is None:
        return False
    return item.first is not None and item.last is not None and other.first <= item.first and item.last <= other.last


def _with_all(item: Opening, others: list[Opening]) -> Subject:
    own = item.subject.attributes["prefixes"]
    rest = [other.subject.attributes["prefixes"] for other in others if other is not item]
    values = [
        value for prefixes in (own, *rest) if isinstance(prefixes, Known) and isinstance(prefixes.raw, tuple) for value in prefixes.raw
    ]
    if isinstance(own, Unknown) or not values:
        return item.subject
    return replace(item.subject, attributes={**item.subject.attributes, "prefixes": replace(own, raw=tuple(values))})
