"""Waivers: exceptions from a rule, for a resource or a path, with reason, owner and expiry."""

from __future__ import annotations

import re
from datetime import UTC, date, datetime

from msgspec import Struct

from bot.engine.documents import Node
from bot.engine.model.span import NOWHERE, Span
from bot.engine.policy.globs import matches
from bot.engine.policy.problem import ConfigurationError
from bot.engine.policy.reading import Reader

KEYS = ("rule", "resource", "path", "reason", "owner", "expires")
REQUIRED = ("rule", "reason", "owner", "expires")
_KEYS_OF_INSTANCES = re.compile(r"\[(?:\"[^\"]*\"|\d+)\]")


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
    reader = Reader(columns=False)
    node = reader.document(data, path) if data.strip() else None
    found = [_waiver(reader, item, place) for item, place in reader.entries(node, "$")]
    if reader.problems:
        raise ConfigurationError(reader.problems)
    return tuple(waiver for waiver in found if waiver is not None)


def _waiver(reader: Reader, node: Node, place: str) -> Waiver | None:
    found = reader.fields(node, place, KEYS, REQUIRED)
    texts = {key: reader.text(value, f"{place}.{key}") for key, value in found.items()}
    if node.kind == "mapping" and not texts.get("resource") and not texts.get("path"):
        reader.report(node.span, place, "has to name a `resource` or a `path`.")
    expires = _day(reader, found["expires"], f"{place}.expires") if "expires" in found else None
    if expires is None:
        return None
    return Waiver(
        rule=texts.get("rule", ""),
        reason=texts.get("reason", ""),
        owner=texts.get("owner", ""),
        expires=expires,
        resource=texts.get("resource", ""),
        path=texts.get("path", ""),
        span=node.span,
    )


def _day(reader: Reader, node: Node, place: str) -> date | None:
    text = node.text.strip()
    try:
        found = date.fromisoformat(text) if re.fullmatch(r"\d{4}-\d\d-\d\d", text) else None
    except ValueError:
        found = None
    if found is None and text:
        reader.report(node.span, place, "is not a day. Write it as 2027-01-31.", text)
    return found
