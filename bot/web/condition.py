"""Whether the process lives, and whether it can do its work; with the reason where it cannot."""

from __future__ import annotations

import logging
from collections.abc import Callable, Mapping
from typing import TypeAlias

from msgspec import Struct

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


def look(probes: Mapping[str, Probe]) -> Condition:
    """Asks every part; one that fails to answer is not ready, and says which kind of failure it was."""
    return Condition({name: _asked(name, probe) for name, probe in probes.items()})


def _asked(name: str, probe: Probe) -> Part:
    try:
        return probe()
    except Exception as error:
        log.exception("probe-failed", extra={"part": name})
        return Part(ok=False, detail=type(error).__name__)
