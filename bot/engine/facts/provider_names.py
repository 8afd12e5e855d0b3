"""Which names of a kind there are, by provider: regions, machine types."""

from __future__ import annotations

import msgspec

from bot.engine.facts.table import Table


class ProviderNames:
    """A table with one set of names for each provider, spelled as the script in `tools` that made it says."""

    def __init__(self, table: Table) -> None:
        self.table = table
        self._known: dict[str, frozenset[str]] = {}

    def of(self, provider: str) -> frozenset[str]:
        """A provider's names; none of a provider that the table does not have."""
        if provider not in self._known:
            record = self.table.record(provider)
            self._known[provider] = frozenset() if record is None else msgspec.msgpack.decode(record, type=frozenset[str])
        return self._known[provider]
