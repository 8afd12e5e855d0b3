"""Every step in order; one that fails is one that cannot be told, and the others still are."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence

from msgspec import Struct

from bot.github.refusal import Refusal
from bot.web.examination.finding import Finding, State, Step, unknown

Look = Callable[[], Iterable[Finding]]


class Examined(Struct, frozen=True):
    """All findings, in order."""

    findings: tuple[Finding, ...]

    def of(self, state: State) -> tuple[Finding, ...]:
        """Those in one state."""
        return tuple(found for found in self.findings if found.state == state)


def examine(steps: Sequence[tuple[Step, Look]]) -> Examined:
    """Runs the steps; one that waits for another raises `Unasked`."""
    return Examined(tuple(found for step, look in steps for found in _looked(step, look)))


class Unasked(Exception):  # noqa: N818 - a step that has to wait for an earlier one
    """An earlier step has to be mended first. `step` names it."""

    def __init__(self, step: Step) -> None:
        super().__init__(step)
        self.step = step


def _looked(step: Step, look: Look) -> list[Finding]:
    try:
        return list(look())
    except Refusal as refusal:
        return [unknown(step, f"refused-{refusal.kind}", status=refusal.status, detail=refusal.message, needed=refusal.needed)]
    except Unasked as waiting:
        return [Finding(step, "later", "after", fields={"first": waiting.step})]
    except Exception as error:  # noqa: BLE001 - whatever it is, the other steps are told; the type names no value
        return [unknown(step, "failed", detail=type(error).__name__)]
