"""Which machine types there are, by provider."""

from __future__ import annotations

import msgspec

from bot.engine.facts.table import Table


class Machines:
    """The table of machine types."""

    def __init__(self, table: Table) -> None:
        self.table = table
        self._known: dict[str, frozenset[str]] = {}

    def of(self, provider: str) -> frozenset[str]:
        """The names of a provider's types; none of a provider that the table does not have."""
        if provider not in self._known:
            record = self.table.record(provider)
            self._known[provider] = frozenset() if record is None else msgspec.msgpack.decode(record, type=frozenset[str])
        return self._known[provider]
