"""What an organisation means to spend for a month."""

from __future__ import annotations

from decimal import Decimal

from msgspec import Struct

from bot.engine.model.price import MICRO


class Budget(Struct, frozen=True):
    """Of each root, or of what bears the labels in it, for a month in US dollars.

    `roots`: patterns of directories (`.` is the top), empty for all. `labels`: tags or labels that a resource has to bear, name → value,
    `*` for any. Up to `lower` nothing is said; up to `upper` a person is asked; above it policy says no. `place`: inside the file.
    """

    lower: str = ""
    upper: str = ""
    name: str = ""
    roots: tuple[str, ...] = ()
    labels: dict[str, str] = {}
    place: str = ""

    @property
    def bands(self) -> tuple[int | None, int | None]:
        """Lower and upper in millionths of a dollar; None where it is not set."""
        return _micros(self.lower), _micros(self.upper)


def _micros(text: str) -> int | None:
    return int(Decimal(text) * MICRO) if text else None
