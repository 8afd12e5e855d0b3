"""A row of the table that was matched at a place → evidence, with the strength that the place allows."""

from __future__ import annotations

from msgspec import Struct

from bot.engine.model.authorship import Evidence, Found
from bot.engine.model.signal import Role, Signal, Strength

MOST = 200  # characters of what is shown
_ORDER: tuple[Strength, ...] = ("hint", "strong", "proof")
_BEST: dict[Found, Strength] = {
    "account": "proof", "author": "strong", "trailer": "strong", "marker": "strong", "note": "strong", "label": "strong",
    "committer": "hint", "malformed-trailer": "hint", "branch": "hint",
}  # fmt: skip


class Match(Struct, frozen=True):
    """`declares`: it says outright that a tool took part. A malformed trailer does, although it is read with less certainty."""

    evidence: Evidence
    tool: str
    declares: bool


def match(row: Signal, place: Found, text: str, *, role: Role | None = None, illustrates: bool = False) -> Match:
    """The evidence. `role`: in place of the row's. `illustrates`: it stands where an author rather explains than signs: a hint."""
    strength = "hint" if illustrates else min(row.strength, _BEST[place], key=_ORDER.index)
    declares = row.strength != "hint" and not illustrates and place not in ("committer", "branch")
    shown = " ".join(text.split())
    cut = shown if len(shown) <= MOST else shown[: MOST - 1] + "…"
    return Match(Evidence(row.id, role or row.role, strength, place, cut), row.tool, declares)
