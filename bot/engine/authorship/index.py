"""The table of signals, arranged so that a text is asked for what it holds, and no pattern is compiled that nothing calls for."""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import lru_cache

from bot.engine.authorship.identity import Identity
from bot.engine.model.signal import Place, Signal, Signals
from bot.engine.pattern import compiled


class Index:
    """Rows by what they are found with."""

    def __init__(self, signals: Signals) -> None:
        self.version = signals.version
        self.denials = signals.denials
        self._accounts: dict[int, list[Signal]] = {}
        self._texts: dict[str, list[Signal]] = {}
        self.by_key: dict[str, list[Signal]] = {}
        self.by_place: dict[Place, list[Signal]] = {}
        self.unaddressed: list[Signal] = []
        for row in signals.rows:
            self._take(row)
        self.keys = frozenset((*signals.keys, *self.by_key))

    def _take(self, row: Signal) -> None:
        for place in row.places:
            self.by_place.setdefault(place, []).append(row)
        for number in row.accounts:
            self._accounts.setdefault(number, []).append(row)
        for text in (*row.logins, *row.addresses):
            self._texts.setdefault(text, []).append(row)
        for key in row.keys:
            self.by_key.setdefault(key, []).append(row)
        if row.unaddressed:
            self.unaddressed.append(row)

    def identified(self, who: Identity, place: Place, name: str = "") -> list[Signal]:
        """The rows for an identity: by its number, else by its address, else by its login where no number says otherwise.

        Rows that ask for a name as well go before those that do not. Names alone count for authors, by the suffixes of the table.
        """
        found = self._of(who, place)
        named = [row for row in found if row.name and fits(row, row.name, name)]
        if named:
            return named
        found = [row for row in found if not row.name]
        if place == "author":
            found += [row for row in self.by_place.get("author", ()) if _is_name_alone(row) and fits(row, row.name, name)]
        return found or self._unlisted(who, place)

    def knows(self, who: Identity) -> bool:
        """Whether any row is about this identity, at whatever place."""
        return bool(self._accounts.get(who.account or 0) or self._texts.get(who.address) or self._texts.get(who.login))

    def _of(self, who: Identity, place: Place) -> list[Signal]:
        by_number = self._accounts.get(who.account or 0, [])
        by_login = [row for row in self._texts.get(who.login, ()) if who.account is None or not row.accounts]
        for rows in (self._texts.get(who.address, []), by_number, by_login):
            if found := [row for row in rows if place in row.places]:
                return found
        return []

    def _unlisted(self, who: Identity, place: Place) -> list[Signal]:
        if place not in ("author", "account"):
            return []
        rows = (row for row in self.by_place.get(place, ()) if row.general and row.pattern)
        return [row for row in rows if fits(row, row.pattern, who.shown)][:1]


def _is_name_alone(row: Signal) -> bool:
    return bool(row.name) and not (row.accounts or row.logins or row.addresses)


def fits(row: Signal, pattern: str, text: str) -> bool:
    """Whether the whole text fits a pattern of the row; it is compiled only for a text that holds what the row asks for."""
    lowered = text.lower()
    return (not row.contains or any(part in lowered for part in row.contains)) and matches(pattern, text)


def matches(pattern: str, text: str) -> bool:
    """Whether the whole text fits, whatever its case."""
    return _pattern(pattern).fullmatch(text) is not None


@lru_cache(maxsize=512)
def _pattern(text: str) -> re.Pattern[str]:
    return compiled(text, re.IGNORECASE)


def specific(rows: Iterable[Signal]) -> list[Signal]:
    """The rows that name a tool; the general ones only where there are no others."""
    found = list(rows)
    return [row for row in found if not row.general] or found
