"""Reader and publisher of each installation, made once and kept: their caches and their distance between writes are shared."""

from __future__ import annotations

from threading import Lock

from bot.github.app import App
from bot.github.cache import Memory
from bot.github.publisher import AppPublisher
from bot.github.reader import InstallationReader
from bot.report.publish import Notes


class AppInstallations:
    """`app_id`: the App's number, by which its check runs are known. Safe to share between threads."""

    def __init__(self, app: App, app_id: int, notes: Notes) -> None:
        self._app, self._app_id, self._notes = app, app_id, notes
        self._memory = Memory()
        self._readers: dict[int, InstallationReader] = {}
        self._resolving: frozenset[int] = frozenset()
        self._lock = Lock()

    def reader(self, installation_id: int) -> InstallationReader:
        """Reads what the installation covers."""
        with self._lock:
            if installation_id not in self._readers:
                gateway = self._app.gateway(installation_id)
                self._readers[installation_id] = InstallationReader(gateway, self._memory, self._own)
            return self._readers[installation_id]

    def publisher(self, installation_id: int) -> AppPublisher:
        """Writes there as the App."""
        gateway = self._app.gateway(installation_id)
        return AppPublisher(gateway, self._app_id, self._notes, resolves=installation_id in self._resolving, own=self._own)

    def _own(self) -> str:
        return self._app.own()[0]

    def resolve_where_granted(self) -> None:
        """Asks which installations granted `contents: write`, which resolving a thread needs. Raises `Refusal`."""
        self._resolving = frozenset(item.id for item in self._app.installations() if item.permissions.get("contents") == "write")
