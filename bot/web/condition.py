"""Whether the process lives, and whether it can do its work; with the reason where it cannot."""

from __future__ import annotations

import logging
from collections.abc import Callable, Mapping
from concurrent.futures import Future
from threading import Lock, Thread
from time import monotonic
from typing import TypeAlias

from msgspec import Struct

PATIENCE = 2.0

log = logging.getLogger(__name__)


class Part(Struct, frozen=True):
    """One thing the work needs. `detail`: the reason, or a number worth knowing; never a secret or a name of a repository."""

    ok: bool
    detail: str = ""


Probe: TypeAlias = Callable[[], Part]


class Condition(Struct, frozen=True):
    """All parts, by name."""

    parts: Mapping[str, Part]

    @property
    def ready(self) -> bool:
        return all(part.ok for part in self.parts.values())


class Probing:
    """Asks every part at once, and none twice at a time. One that fails, or says nothing for so many `seconds`, is not ready: whoever asks
    is answered all the same."""

    def __init__(self, probes: Mapping[str, Probe], seconds: float = PATIENCE) -> None:
        self._probes, self._seconds = probes, seconds
        self._lock = Lock()
        self._asking: dict[str, Future[Part]] = {}

    def look(self) -> Condition:
        """All parts, in their order."""
        end = monotonic() + self._seconds
        with self._lock:
            asking = {name: self._begun(name, probe) for name, probe in self._probes.items()}
        return Condition({name: _told(part, end) for name, part in asking.items()})

    def _begun(self, name: str, probe: Probe) -> Future[Part]:
        found = self._asking.get(name)
        if found is None or found.done():
            found = self._asking[name] = Future()
            Thread(target=_ask, args=(name, probe, found), name=f"probe-{name}", daemon=True).start()
        return found


def _ask(name: str, probe: Probe, into: Future[Part]) -> None:
    into.set_result(_asked(name, probe))


def _told(part: Future[Part], end: float) -> Part:
    try:
        return part.result(max(0.0, end - monotonic()))
    except TimeoutError:
        return Part(ok=False, detail="does not answer")


def _asked(name: str, probe: Probe) -> Part:
    try:
        return probe()
    except Exception as error:
        log.exception("probe-failed", extra={"part": name})
        return Part(ok=False, detail=type(error).__name__)
