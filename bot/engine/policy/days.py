"""What the files say in days: how long a violation may be waived by a command, and how soon somebody is told that something lapses.

The later file holds. Where a key is protected, or a file may only tighten, the stricter holds: the shorter waiver, the earlier telling,
and that somebody is told.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence

from msgspec import Struct

from bot.engine.decisions.command import LONGEST_WAIVER
from bot.engine.policy.configuration import Section
from bot.engine.policy.reading import below
from bot.engine.policy.resolution import Layer, Said, is_protected

AHEAD = 14
LONGEST, TOLD, ISSUE = "waivers.longest-days", "lapsing.days", "lapsing.issue"
KEPT, NEVER = "kept", "never"
DEFAULTS: dict[str, str] = {LONGEST: str(LONGEST_WAIVER), TOLD: str(AHEAD), ISSUE: KEPT}
STRICTER: dict[str, Callable[[str, str], bool]] = {
    LONGEST: lambda one, other: int(one) < int(other),
    TOLD: lambda one, other: int(one) > int(other),
    ISSUE: lambda one, other: one == KEPT != other,
}


class Days(Struct, frozen=True):
    """`longest`: of a waiver by command. `told`: so long before it lapses something is told of in the repository's issue; `issue`: whether
    there is one. `lost`: what is said and has no effect."""

    longest: int
    told: int
    issue: bool
    lost: tuple[Said, ...] = ()


def days(layers: Sequence[Layer]) -> Days:
    """What the files come to, the weightiest last."""
    lost: list[Said] = []
    held = {key: _held(layers, key, lost) for key in DEFAULTS}
    return Days(int(held[LONGEST]), int(held[TOLD]), held[ISSUE] == KEPT, tuple(lost))


def _held(layers: Sequence[Layer], key: str, lost: list[Said]) -> str:
    held = DEFAULTS[key]
    for number, layer in enumerate(layers):
        guarded = layer.tightens or is_protected(layers[:number], key)
        for section in layer.sections:
            for value in _said(section, key):
                if not guarded or STRICTER[key](value, held):
                    held = value
                elif value != held:
                    lost.append(Said(value, number, below(section.place, key)))
    return held


def _said(section: Section, key: str) -> Iterator[str]:
    value = {LONGEST: section.waivers.longest, TOLD: section.lapsing.days, ISSUE: section.lapsing.issue}[key]
    if value:
        yield value
