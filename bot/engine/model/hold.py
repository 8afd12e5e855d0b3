"""A rule that the operator holds: until it is released its results observe, in every repository."""

from __future__ import annotations

from datetime import UTC, date, datetime

from msgspec import Struct


class Hold(Struct, frozen=True):
    """`since`: an aware time. `until`: the last day (UTC) on which it holds, None for no end."""

    rule: str
    since: datetime
    reason: str
    until: date | None = None

    def holds(self, now: datetime) -> bool:
        """Whether it holds at that time."""
        return self.since <= now and (self.until is None or now.astimezone(UTC).date() <= self.until)
