"""Waivers: exceptions from a rule, for a resource or a path, with reason, owner and expiry."""

from __future__ import annotations

from datetime import UTC, date, datetime
from functools import lru_cache

import msgspec
from msgspec import Struct
from msgspec.structs import replace

from bot.engine.model.span import NOWHERE, Span
from bot.engine.model.value import Plain
from bot.engine.pattern import Pattern
from bot.engine.policy.configuration import MAX_BYTES, few
from bot.engine.policy.globs import matches
from bot.engine.policy.load import Policy
from bot.engine.policy.problem import ConfigurationError, Problem, not_allowed
from bot.engine.policy.reading import Reader

_KEYS_OF_INSTANCES = Pattern(r"\[(?:\"[^\"]*\"|\d+)\]")


class Waiver(Struct, frozen=True):
    """`resource`: pattern of addresses (`*` for anything; an address without keys covers all instances). `path`: pattern of
    files. `expires`: the last day on which it holds (UTC). `ref`: where it stands."""

    rule: str
    reason: str
    owner: str
    expires: date
    resource: str = ""
    path: str = ""
    span: Span = NOWHERE

    @property
    def ref(self) -> str:
        return f"{self.span.path}:{self.span.line}"

    def covers(self, rule: str, resource: str, path: str) -> bool:
        """Whether it is an exception for this rule at this place, whatever the date."""
        return rule == self.rule and self._covers_resource(resource) and (not self.path or matches(self.path, path, parts=True))

    def _covers_resource(self, address: str) -> bool:
        return not self.resource or any(matches(self.resource, name) for name in (address, _KEYS_OF_INSTANCES.sub("", address)))

    def valid(self, now: datetime) -> bool:
        """Whether it still holds at this time (aware)."""
        return now.astimezone(UTC).date() <= self.expires


def load_waivers(data: bytes, path: str) -> tuple[Waiver, ...]:
    """The waivers of a file, in its order; empty bytes are none. Raises `ConfigurationError` with every problem."""
    return _loaded(data, path)


def check_waivers(waivers: tuple[Waiver, ...], policy: Policy) -> tuple[Problem, ...]:
    """The waivers of rules that the policy does not have and never had."""
    names = policy.rules.ids
    known = {*names, *policy.deprecated}
    return tuple(
        Problem(item.span, f"$[{number}].rule", not_allowed("a rule", item.rule, few(item.rule, names)), item.rule, columns=False)
        for number, item in enumerate(waivers)
        if item.rule not in known
    )


@lru_cache(maxsize=32)
def _loaded(data: bytes, path: str) -> tuple[Waiver, ...]:
    if not data.strip():
        return ()
    from bot.engine.policy.forms import Reading  # noqa: PLC0415 - without a file there is nothing to read
    from bot.engine.policy.keys import WAIVERS  # noqa: PLC0415

    reader = Reader(columns=False)
    reading = Reading(reader)
    node = reader.document(data, path, MAX_BYTES)
    found = reading.read(WAIVERS, node, "$") if node is not None else []
    items = found if isinstance(found, list) else []
    for number, item in enumerate(items):
        _names_a_place(reader, item, reading.spans[f"$[{number}]"], f"$[{number}]")
    if reader.problems:
        raise ConfigurationError(reader.problems)
    return tuple(replace(msgspec.convert(item, Waiver), span=reading.spans[f"$[{number}]"]) for number, item in enumerate(items))


def _names_a_place(reader: Reader, item: Plain, span: Span, place: str) -> None:
    if isinstance(item, dict) and not item.get("resource") and not item.get("path"):
        reader.report(span, place, "has to name a `resource` or a `path`.")
