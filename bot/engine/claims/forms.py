"""The phrases of the vocabulary in a clause: which property is said to hold or not, by an adjective or by what is switched on or off."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Literal, TypeAlias

from msgspec import Struct

from bot.engine.claims.vocabulary import PROPERTIES
from bot.engine.claims.words import Phrase, Word, ends, listed, phrase

Form: TypeAlias = Literal["adjective", "state", "reversed"]
VERBS = listed("is are be being remains remain stays stay kept")
_ON = listed("enable enables enabled enabling activate activates enforce enforces with has have having use uses using add adds added")
_OFF = listed("disable disables disabled disabling no without lacks remove removes removed removing drop drops dropped")
_STOPS = listed(
    """no without block blocks blocked blocking deny denies denied disable disables disabled disabling prevent prevents preventing forbid
    forbids"""
)
_BETWEEN = listed("the its all any full explicit automatic default explicitly")
_IS_ON = tuple(
    map(
        phrase,
        (
            "is|are always|now|also|explicitly? enabled|on|active|enforced|configured",
            "is|are? turned|switched on",
            "enabled|active|enforced",
        ),
    )
)
_IS_OFF = tuple(
    map(
        phrase,
        (
            "is|are now|explicitly? disabled|off|inactive",
            "is|are? turned|switched off",
            "is|are not enabled|active|configured",
            "disabled|inactive",
        ),
    )
)
_IS_STOPPED = tuple(map(phrase, ("is|are? now|fully|always? blocked|disabled|denied|off|prevented|forbidden",)))
_IS_OPEN = tuple(map(phrase, ("is|are now? enabled|on|open", "enabled")))


class Found(Struct, frozen=True):
    """An assertion between two words of a clause."""

    property: str
    holds: bool
    form: Form
    start: int
    end: int


def _index() -> dict[str, list[tuple[Phrase, str, bool, Form]]]:
    found: dict[str, list[tuple[Phrase, str, bool, Form]]] = {}
    for name, item in PROPERTIES.items():
        forms: tuple[tuple[tuple[str, ...], bool, Form], ...] = (
            (item.holds, True, "adjective"),
            (item.fails, False, "adjective"),
            (item.state, True, "state"),
            (item.reversed, True, "reversed"),
        )
        for phrases, holds, form in forms:
            for text in phrases:
                made = phrase(text)
                for word in _beginnings(made):
                    found.setdefault(word, []).append((made, name, holds, form))
    return found


def _beginnings(made: Phrase) -> Iterator[str]:
    for alternatives, optional in made.slots:
        yield from alternatives
        if not optional:
            return


PHRASES = _index()


def found(clause: tuple[Word, ...]) -> Iterator[Found]:
    position = 0
    while position < len(clause):
        best = _longest(clause, position)
        if best is not None:
            placed = _placed(clause, best)
            if placed is not None:
                yield placed
            position = max(best.end, placed.end if placed else 0)
        else:
            position += 1


def _longest(clause: tuple[Word, ...], position: int) -> Found | None:
    best: Found | None = None
    for made, name, holds, form in PHRASES.get(clause[position].said, ()):
        end = ends(made, clause, position)
        if end is not None and (best is None or end > best.end):
            best = Found(name, holds, form, position, end)
    return best


def _placed(clause: tuple[Word, ...], item: Found) -> Found | None:
    """The assertion with what switches it on or off; None for a noun of which nothing is said."""
    if item.form == "adjective":
        before = clause[item.start - 1].said if item.start else ""
        return None if before in {"un", "non", "semi"} else item
    on, off = (_IS_OPEN, _IS_STOPPED) if item.form == "reversed" else (_IS_ON, _IS_OFF)
    after = [
        (end, good) for good, listed in ((True, on), (False, off)) for made in listed if (end := ends(made, clause, item.end)) is not None
    ]
    start = item.start
    while start and clause[start - 1].said in _BETWEEN:
        start -= 1
    verb = clause[start - 1].said if start else ""
    if after:
        end, good = max(after)
        if verb in _OFF - {"disabled"} or verb in _STOPS or verb == "not":
            return None
        start = start - 1 if verb in {"with", "has", "have"} else item.start
        return Found(item.property, good is (item.form == "state"), item.form, start, end)
    if item.form == "reversed":
        return Found(item.property, holds=True, form=item.form, start=start - 1, end=item.end) if verb in _STOPS else None
    if verb in _ON or verb in _OFF:
        return Found(item.property, verb in _ON, item.form, start - 1, item.end)
    return None
