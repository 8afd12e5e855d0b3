"""List prices: what a unit of something costs for a month, by region, as far as the table has it."""

import msgspec

from bot.engine.facts.table import Table

Micros = tuple[int, int]  # millionths of a US dollar, lowest and highest: some prices differ by what the table does not tell


class TypePrices(msgspec.Struct, frozen=True, array_like=True):
    """`source` and `date` (ISO, of the oldest price). `regions`: region → name → price of a month of 730 hours."""

    source: str
    date: str
    regions: dict[str, dict[str, Micros]]


class Prices:
    """The table of prices. A record is read when it is first asked for."""

    def __init__(self, table: Table) -> None:
        self.table = table
        self._known: dict[str, TypePrices | None] = {}

    def of(self, name: str) -> TypePrices | None:
        """The prices under a name: a resource type, or what several share (`aws-machine`); None when the table has none."""
        if name not in self._known:
            record = self.table.record(name)
            self._known[name] = None if record is None else msgspec.msgpack.decode(record, type=TypePrices)
        return self._known[name]
