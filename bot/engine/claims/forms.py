"""The phrases of the vocabulary in a clause: which property is said to hold or not, by an adjective or by what is switched on or off."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Literal, TypeAlias

from msgspec import Struct
from msgspec.structs import replace

from bot.engine.claims.kinds import KIND_OF, singular
from bot.engine.claims.vocabulary import PROPERTIES
from bot.engine.claims.words import Phrase, Word, ends, listed, phrase

Form: TypeAlias = Literal["adjective", "act", "state", "reversed"]
MOST_BETWEEN = 5  # words between a verb and what it switches
VERBS = listed("is are be being remains remain stays stay kept")
_ON = listed(
    """enable enables enabled enabling activate activates enforce enforces with has have having use uses using add adds
    added adding configure configures configured configuring turn"""
)
_OFF = listed("disable disables disabled disabling no without lacks remove removes removed removing drop drops dropped")
_STOPS = listed(
    """no without block blocks blocked blocking deny denies denied disable disables disabled disabling prevent prevents preventing forbid
    forbids"""
)
_BETWEEN = listed("the its all any full explicit automatic default explicitly new on s3 aws gcp google azure")
JOINS = frozenset({",", "and", "&", "+"})
# Behind a noun they make of it what something else is of: `add deletion protection configuration` switches nothing on.
_MEANT = listed(
    "configuration config settings setting options option variable variables support toggle flag flags input inputs parameter test tests"
)
# A protocol is a part of many names (`add SSL protocols`, `remove the HTTPS statement`): it is a noun only where no other follows.
_PROTOCOLS = frozenset({"https", "tls", "ssl"})
_APART = listed("to of in for from between by with at into over via through under behind inside per about against around is are not as")
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
_IS_LAST = {"on": True, "off": False}  # where nothing comes behind it
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
    """An assertion between two words of a clause. `noun`: where its phrase begins; what stands between a verb and it is spoken of."""

    property: str
    holds: bool
    form: Form
    start: int
    end: int
    noun: int


def _index() -> dict[str, list[tuple[Phrase, str, bool, Form]]]:
    found: dict[str, list[tuple[Phrase, str, bool, Form]]] = {}
    for name, item in PROPERTIES.items():
        forms: tuple[tuple[tuple[str, ...], bool, Form], ...] = (
            (item.holds, True, "adjective"),
            (item.fails, False, "adjective"),
            (item.acts, True, "act"),
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
    """The assertions of a clause, in order. A noun in a list is what the noun before it is: `with versioning, encryption and logging`."""
    position = 0
    last: Found | None = None
    open_: list[Found] = []  # nouns of which nothing is said yet
    while position < len(clause):
        best = longest(clause, position)
        placed = None if best is None else _placed(clause, best) or _continued(clause, best, last)
        if placed is not None:
            yield from _before(clause, open_, placed)
            yield placed
            last, open_ = placed, []
        elif best is not None:
            open_.append(best)
        position = position + 1 if best is None else max(best.end, placed.end if placed else 0)


def _continued(clause: tuple[Word, ...], item: Found, last: Found | None) -> Found | None:
    if last is None or item.form != "state" or last.form != "state" or last.start == last.noun:
        return None
    between = {word.said for word in clause[last.end : item.start]}
    return replace(item, holds=last.holds) if between and between <= JOINS else None


def _before(clause: tuple[Word, ...], nouns: list[Found], placed: Found) -> Iterator[Found]:
    """The nouns of a list at whose end it is said of all what they are: `PITR and deletion protection are on`."""
    after = placed.form == "state" and placed.end > placed.noun and placed.start == placed.noun
    ends_at = placed.start
    kept: list[Found] = []
    for item in reversed(nouns if after else []):
        between = {word.said for word in clause[item.end : ends_at]}
        if item.form != "state" or not between or not between <= JOINS:
            break
        kept.append(replace(item, holds=placed.holds))
        ends_at = item.start
    yield from reversed(kept)


def longest(clause: tuple[Word, ...], position: int) -> Found | None:
    """The longest phrase that begins at a word."""
    best: Found | None = None
    for made, name, holds, form in PHRASES.get(clause[position].said, ()):
        end = ends(made, clause, position)
        if end is not None and (best is None or end > best.end or (end == best.end and form == "state" and _is_switched(clause, end))):
            best = Found(name, holds, form, position, end, position)
    return best


def _is_switched(clause: tuple[Word, ...], end: int) -> bool:
    return any(ends(made, clause, end) is not None for made in (*_IS_ON, *_IS_OFF))


def _placed(clause: tuple[Word, ...], item: Found) -> Found | None:
    """The assertion with what switches it on or off; None for a noun of which nothing is said."""
    if item.form in ("adjective", "act"):
        before = clause[item.start - 1].said if item.start else ""
        is_one_of_two = item.property == "read-only" and before in {"and", "or", "&", "+"}  # `create and read only`
        return None if before in {"un", "non", "semi"} or is_one_of_two else item
    if _is_of_another(clause, item):
        return None
    on, off = (_IS_OPEN, _IS_STOPPED) if item.form == "reversed" else (_IS_ON, _IS_OFF)
    after = [
        (end, good) for good, listed in ((True, on), (False, off)) for made in listed if (end := ends(made, clause, item.end)) is not None
    ]
    if item.form == "state" and item.end + 1 == len(clause) and clause[item.end].said in _IS_LAST:
        after.append((item.end + 1, _IS_LAST[clause[item.end].said]))
    start = _verb(clause, item.start)
    verb = clause[start].said if start is not None else ""
    if after:
        end, good = max(after)
        if verb in _OFF - {"disabled"} or verb in _STOPS or verb == "not":
            return None
        has = start is not None and verb in {"with", "has", "have"}
        return replace(item, holds=good is (item.form == "state"), start=start if has and start is not None else item.start, end=end)
    if start is None or (verb not in _STOPS if item.form == "reversed" else verb not in _ON and verb not in _OFF):
        return None
    return replace(item, holds=item.form == "reversed" or verb in _ON, start=start)


def _is_of_another(clause: tuple[Word, ...], item: Found) -> bool:
    """Whether a noun follows that the phrase is a part of, so that the other is switched."""
    following = clause[item.end].said if item.end < len(clause) else ""
    if clause[item.end - 1].said not in _PROTOCOLS:
        return following in _MEANT
    goes_on = following in _APART or following in JOINS or following in _IS_LAST
    return following.isalnum() and not goes_on and not _is_switched(clause, item.end)


def _verb(clause: tuple[Word, ...], noun: int) -> int | None:
    """Where the verb stands that switches a noun: before its article, or a kind of thing that it is of (`enable RDS encryption`)."""
    loose = 0
    for position in range(noun - 1, max(-1, noun - 2 - MOST_BETWEEN), -1):
        word = clause[position]
        if word.said in _ON or word.said in _OFF or word.said in _STOPS:
            return position
        if word.said in _BETWEEN:
            continue
        kind = singular(word.said) in KIND_OF or word.name
        if word.said in JOINS or word.said in _APART or not (kind or loose):
            return None
        loose += 1
    return None
