"""One thing that was found, and the order of the steps."""

from __future__ import annotations

from typing import Literal, TypeAlias, get_args

from msgspec import Struct

Step: TypeAlias = Literal[
    "settings",
    "clock",
    "credentials",
    "permissions",
    "webhook",
    "installations",
    "required-check",
    "organisation",
    "deciders",
    "deliveries",
    "database",
    "queue",
    "confinement",
]
# In this order, because what stands above is often the reason of what stands below.
STEPS: tuple[Step, ...] = get_args(Step)
# `later`: waits for a step above that has to be mended first.
State: TypeAlias = Literal["done", "to-do", "unknown", "later"]


class Finding(Struct, frozen=True):
    """`key`: of the phrase below `doctor`. `fields`: its values; `subject`: the repository, organisation or file it is about."""

    step: Step
    state: State
    key: str
    subject: str = ""
    fields: dict[str, str | int] = {}


def done(step: Step, key: str, subject: str = "", **fields: str | int) -> Finding:
    """As it should be."""
    return Finding(step, "done", key, subject, fields)


def todo(step: Step, key: str, subject: str = "", **fields: str | int) -> Finding:
    """Somebody has to do something."""
    return Finding(step, "to-do", key, subject, fields)


def unknown(step: Step, key: str, subject: str = "", **fields: str | int) -> Finding:
    """It cannot be told."""
    return Finding(step, "unknown", key, subject, fields)
