"""IAM: which services there are, by the prefix of their actions, and which actions each has."""

from __future__ import annotations

from collections.abc import Iterator

import msgspec

from bot.engine.facts.table import Table


class Actions:
    """The table of actions. Case does not count in IAM."""

    def __init__(self, table: Table) -> None:
        self.table = table
        self._services: dict[str, dict[str, str]] = {}

    def services(self) -> tuple[str, ...]:
        """All prefixes, sorted; they are in lower case."""
        return self.table.names

    def of(self, service: str) -> dict[str, str] | None:
        """The actions of a service: name in lower case → as it is written; None when the table does not have the service."""
        found = self._services.get(service)
        if found is None and (record := self.table.record(service)) is not None:
            names = msgspec.msgpack.decode(record, type=tuple[str, ...])
            found = self._services[service] = {name.lower(): name for name in names}
        return found

    def having(self, action: str) -> Iterator[str]:
        """The services that have an action of this name. Reads the whole table."""
        wanted = action.lower()
        return (service for service in self.services() if wanted in (self.of(service) or {}))
