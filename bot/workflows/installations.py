"""What the workflows need for one installation; made by the service that knows the App."""

from __future__ import annotations

from typing import Protocol

from bot.github.protocols import Publisher, Reader


class Installations(Protocol):
    """Safe to share between threads."""

    def reader(self, installation_id: int) -> Reader:
        """Reads what the installation covers."""

    def publisher(self, installation_id: int) -> Publisher:
        """Writes there as the App."""
