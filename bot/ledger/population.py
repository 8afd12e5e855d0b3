"""Every merge into protected branches of one repository within a time, from its record alone: what an auditor samples from. Gaps first."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import datetime
from typing import Any, Literal, TypeAlias

import msgspec
from msgspec import Struct

from bot.ledger.entry import Entry

Standing: TypeAlias = Literal[
    "direct-push",  # no pull request brought it
    "not-evaluated",  # merged before there was a verdict on that head
    "failing",  # merged although the last verdict on that head did not let it through
    "bypassed",  # merged by a break-glass
    "not-known",  # the entry has given up its content
    "observed",  # at level observe nothing blocks
    "passed",
]
GAPS: tuple[Standing, ...] = ("direct-push", "not-evaluated", "failing", "bypassed", "not-known")
ORDER: tuple[Standing, ...] = (*GAPS, "observed", "passed")
CONCLUDED: dict[str, Standing] = {"success": "passed", "neutral": "observed"}


class Landing(Struct, frozen=True):
    """One row. `position`: of the entry that tells of it; `verdict_position`: of the evaluation that counted, None without one.

    `decisions`, `waivers`: what the pull request's verdict rested on, in words of the record. `at`: when we were told.
    """

    standing: Standing
    at: datetime
    position: int
    branch: str = ""
    number: int | None = None
    head: str = ""
    commit: str = ""
    tree: str = ""
    by: str = ""
    account: int = 0
    conclusion: str = ""
    state: str = ""
    evaluation: int | None = None
    verdict_position: int | None = None
    policy: str = ""
    snapshot: str = ""
    decisions: tuple[str, ...] = ()
    waivers: tuple[str, ...] = ()

    @property
    def gap(self) -> bool:
        """Whether it went past the check, or cannot be told not to have."""
        return self.standing in GAPS


class Population:
    """Reads a whole chain, in order: a merge counts with the last verdict that stood before it."""

    def __init__(self, start: datetime, end: datetime) -> None:
        self._start, self._end = start, end
        self._evaluated: dict[tuple[int | None, str], Entry] = {}
        self._decided: dict[int | None, list[str]] = {}
        self._waived: dict[int | None, list[str]] = {}
        self._merged: set[str] = set()
        self._pushes: list[Entry] = []
        self._found: list[Landing] = []

    def of(self, entries: Iterable[Entry]) -> tuple[Landing, ...]:
        """The rows, gaps first, then by time. `start` counts, `end` does not."""
        for entry in entries:
            self._take(entry, _told(entry))
        found = [*self._found, *self._direct()]
        return tuple(sorted(found, key=lambda item: (ORDER.index(item.standing), item.at, item.position)))

    def _take(self, entry: Entry, told: dict[str, Any]) -> None:
        if entry.kind == "evaluation" and told:
            self._evaluated[entry.number, str(told.get("head"))] = entry
        elif entry.kind == "decision" and told:
            self._decide(entry, told)
        elif entry.kind == "waiver" and told:
            self._waived.setdefault(entry.row, []).append(str(told.get("waiver")))
        elif entry.kind == "merge":
            self._merge(entry, told)
        elif entry.kind == "push" and self._within(entry):
            self._pushes.append(entry)

    def _decide(self, entry: Entry, told: dict[str, Any]) -> None:
        if told.get("refused"):
            return
        self._decided.setdefault(entry.number, []).append(f"{told.get('handle')} {told.get('verb')} by {told.get('by')}".strip())

    def _merge(self, entry: Entry, told: dict[str, Any]) -> None:
        commit = str(told.get("commit", ""))
        if commit:
            self._merged.add(commit)
        if not self._within(entry):
            return
        if not told:
            self._found.append(Landing("not-known", entry.at, entry.position, number=entry.number))
            return
        head = str(told.get("head", ""))
        evaluated = self._evaluated.get((entry.number, head))
        self._found.append(_row(_standing(evaluated), entry, told, evaluated, self._decisions(entry, evaluated)))

    def _decisions(self, entry: Entry, evaluated: Entry | None) -> tuple[tuple[str, ...], tuple[str, ...]]:
        waived = self._waived.get(evaluated.row, []) if evaluated else []
        return tuple(self._decided.get(entry.number, ())), tuple(waived)

    def _direct(self) -> Iterator[Landing]:
        """Pushes that no merge explains: the newest commit of a merge is the one that a pull request got, however it was merged."""
        for entry in self._pushes:
            told = _told(entry)
            if not told:
                yield Landing("not-known", entry.at, entry.position)
            elif told.get("after") not in self._merged:
                yield _row("direct-push", entry, {**told, "commit": told.get("after", "")}, None, ((), ()))

    def _within(self, entry: Entry) -> bool:
        return self._start <= entry.at < self._end


def _standing(evaluated: Entry | None) -> Standing:
    if evaluated is None:
        return "not-evaluated"
    told = _told(evaluated)
    return "bypassed" if told.get("state") == "bypassed" else CONCLUDED.get(str(told.get("conclusion")), "failing")


def _row(
    standing: Standing, entry: Entry, told: dict[str, Any], evaluated: Entry | None, rests: tuple[tuple[str, ...], tuple[str, ...]]
) -> Landing:
    place = {name: str(told.get(name, "")) for name in ("branch", "head", "commit", "tree", "by")}
    verdict = _told(evaluated) if evaluated else {}
    digests = {"policy": str(verdict.get("policy_digest", "")), "snapshot": str(verdict.get("snapshot_digest", ""))}
    return Landing(
        standing,
        entry.at,
        entry.position,
        number=entry.number,
        account=int(told.get("account") or 0),
        conclusion=str(verdict.get("conclusion", "")),
        state=str(verdict.get("state", "")),
        evaluation=evaluated.row if evaluated else None,
        verdict_position=evaluated.position if evaluated else None,
        decisions=rests[0],
        waivers=rests[1],
        **place,
        **digests,
    )


def _told(entry: Entry) -> dict[str, Any]:
    try:
        return entry.told
    except msgspec.DecodeError:
        return {}
