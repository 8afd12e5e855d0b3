"""This process and its machine: settings, confinement, database, queue."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from bot.confine import Layer
from bot.settings import Note
from bot.web.condition import Part
from bot.web.examination.finding import Finding, Step, done, todo

# Without the first no file is out of reach, without one of the second no connection.
FILES, NETWORK = ("landlock", "seccomp"), ("seccomp", "network-namespace")


def settings(notes: Sequence[Note]) -> Iterator[Finding]:
    """What works and should be mended."""
    if not notes:
        yield done("settings", "settings-right")
    for note in notes:
        yield todo("settings", f"note-{note.key}", note.where, **note.fields)


def confinement(layers: Sequence[Layer]) -> Iterator[Finding]:
    """Whether a child that evaluates a pull request can reach files or the network, and which other layers this machine lacks."""
    active = {layer.name for layer in layers if layer.active}
    lacking = [f"{layer.name} ({layer.detail})" if layer.detail else layer.name for layer in layers if not layer.active]
    open_to = [name for name, closers in (("files", FILES), ("network", NETWORK)) if active.isdisjoint(closers)]
    for name in open_to:
        yield todo("confinement", f"confinement-{name}-open", names=", ".join(lacking))
    if not open_to and lacking:
        yield done("confinement", "confinement-partly", active=", ".join(sorted(active)), names=", ".join(lacking))
    elif not open_to:
        yield done("confinement", "confinement-right", active=", ".join(sorted(active)))


def part(step: Step, condition: Part) -> Iterator[Finding]:
    """A part that `/ready` asks too: database and queue."""
    make = done if condition.ok else todo
    yield make(step, f"{step}-{'right' if condition.ok else 'wrong'}", detail=condition.detail)
