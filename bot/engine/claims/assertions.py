"""A sentence → what it asserts of which kind of thing; nothing where it can be read in another way.

An assertion is taken from a clause of which every word before it is understood: what it speaks of is named by a word for a kind of
resource, by a name, or by nothing at all, as in a comment that stands above its block.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Literal, TypeAlias

from msgspec import Struct

from bot.engine.claims.text import Sentence, Text
from bot.engine.claims.vocabulary import ABSTAIN, JOINED, KINDS, NEGATORS, PROPERTIES
from bot.engine.claims.words import Phrase, Word, ends, is_separator, listed, phrase, words
from bot.engine.pattern import Pattern

Form: TypeAlias = Literal["adjective", "state", "reversed"]
MOST_WORDS = 80
MOST_MODIFIERS = 4

_FILLERS = listed(
    """an a the this these our its it all every each both new now also always fully strictly explicitly is are be being remains remain
    stays stay kept keep keeps stored make makes made set sets setup create creates created creating add adds added adding define defines
    provision provisions provisioned configure configures configured deploy deploys deployed as and & , . s3 aws amazon gcp google azure
    main primary has have gets get"""
)
_PREPOSITIONS = listed("to of in for from between by on with at into over via through under behind inside per about against around")
_VERBS = listed("is are be being remains remain stays stay kept")
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
_FOLLOWS = frozenset({",", ".", "with", "using", "by", "via", "at", "for", "to", "through", "!", "(", "and", "&"})
_GENERAL = ("var.", "output.", "data.", "provider.")  # what is said there is said of whatever a caller makes
_DIRECTIVES = (
    "checkov:skip",
    "tfsec:ignore",
    "trivy:ignore",
    "tflint-ignore",
    "bridgecrew:skip",
    "nosemgrep",
    "kics-scan",
    "terraform-docs",
)


class Assertion(Struct, frozen=True):
    """`holds`: whether the sentence says that the property holds. `kinds`: the types that its subject may have; empty where none is named.

    `names` and `modifiers`: what else is said of the subject; they have to fit it. `every`: of all things of the kind. `said`: the words.
    """

    property: str
    holds: bool
    kinds: tuple[str, ...]
    names: tuple[str, ...]
    modifiers: tuple[str, ...]
    every: bool
    said: str


class _Found(Struct, frozen=True):
    """An assertion between two words of a clause."""

    property: str
    holds: bool
    form: Form
    start: int
    end: int


class _Subject(Struct):
    """`certain`: one or all of them are meant, as `the` or `all` says; a bare plural says what is so in general."""

    kinds: list[tuple[str, ...]]
    names: list[str]
    modifiers: list[str]
    every: bool = False
    certain: bool = False


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


_PHRASES = _index()
_KIND_OF = {word: types for names, types in KINDS.items() for word in names.split("|")}
# Parts of words of which one stands in every phrase: what has none of them asserts nothing.
_STEMS = Pattern(
    "crypt|priva|public|intern|https|tls|ssl|plain|privilege|permission|read[ -]only|logg|logs|back|snapshot|time[ -]rec|pitr|versio"
    "|multi|single|protect|reachab|expos|access|open to|transit"
)


def assertions(sentence: Sentence) -> tuple[Assertion, ...]:
    """What the sentence asserts of the properties in the vocabulary."""
    content = sentence.content
    if sentence.text.block.startswith(_GENERAL):
        return ()
    if sentence.quoted or "|" in content or content.rstrip("\"' ").endswith(("?", ":")) or any(sign in content for sign in _DIRECTIVES):
        return ()
    said = _joined(words(content))
    if len(said) > MOST_WORDS or not any(word.said in _PHRASES for word in said) or any(word.said in ABSTAIN for word in said):
        return ()
    return tuple(item for clause in _clauses(said) for item in _of_clause(clause, sentence))


def _joined(said: tuple[Word, ...]) -> tuple[Word, ...]:
    """The words, two of which name a kind of resource as one."""
    found: list[Word] = []
    for word in said:
        if found and (found[-1].said, _singular(word.said)) in JOINED:
            found[-1] = Word(f"{found[-1].said}_{word.said}")
        else:
            found.append(word)
    return tuple(found)


def _singular(word: str) -> str:
    if word in _KIND_OF or not word.endswith("s"):
        return word
    return word[:-3] + "y" if word.endswith("ies") else word[:-1]


def _clauses(said: tuple[Word, ...]) -> Iterator[tuple[Word, ...]]:
    """What stands between signs that part. What is put in brackets is said by the way; what a colon follows is a heading."""
    start = depth = 0
    for position, word in enumerate(said):
        if is_separator(word):
            if not depth and word.said != ":":
                yield said[start:position]
            depth = max(0, depth + {"(": 1, ")": -1}.get(word.said, 0))
            start = position + 1
    if not depth:
        yield said[start:]


def _of_clause(clause: tuple[Word, ...], sentence: Sentence) -> Iterator[Assertion]:
    found = [item for item in _found(clause) if not (sentence.text.source == "document" and _is_order(clause, item))]
    taken = {position for item in found for position in range(item.start, item.end)}
    loose = {word.said for position, word in enumerate(clause) if position not in taken}
    if not found or not loose.isdisjoint(NEGATORS) or "only" in loose or "or" in loose:
        return
    for item in found:
        subject = _subject(clause, item, taken)
        if subject is not None and _ends_well(clause, item, taken) and (subject.certain or not subject.every):
            kinds = tuple(dict.fromkeys(kind for kinds in subject.kinds for kind in kinds))
            said = " ".join(word.said for word in clause[item.start : item.end])
            yield Assertion(item.property, item.holds, kinds, tuple(subject.names), tuple(subject.modifiers), subject.every, said)


def _is_order(clause: tuple[Word, ...], item: _Found) -> bool:
    """Whether a reader is told to do it."""
    return item.start <= 0 and clause[0].said in {
        "enable",
        "disable",
        "activate",
        "enforce",
        "use",
        "add",
        "remove",
        "drop",
        "block",
        "deny",
    }


def _found(clause: tuple[Word, ...]) -> Iterator[_Found]:
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


def _longest(clause: tuple[Word, ...], position: int) -> _Found | None:
    best: _Found | None = None
    for made, name, holds, form in _PHRASES.get(clause[position].said, ()):
        end = ends(made, clause, position)
        if end is not None and (best is None or end > best.end):
            best = _Found(name, holds, form, position, end)
    return best


def _placed(clause: tuple[Word, ...], item: _Found) -> _Found | None:
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
        return _Found(item.property, good is (item.form == "state"), item.form, start, end)
    if item.form == "reversed":
        return _Found(item.property, holds=True, form=item.form, start=start - 1, end=item.end) if verb in _STOPS else None
    if verb in _ON or verb in _OFF:
        return _Found(item.property, verb in _ON, item.form, start - 1, item.end)
    return None


def _subject(clause: tuple[Word, ...], item: _Found, taken: set[int]) -> _Subject | None:
    """What is spoken of, by the words before the assertion and a noun right behind it; None where a word is not understood."""
    found = _Subject([], [], [])
    if not _read_before(
        clause[: item.start], [position in taken for position in range(item.start)], found, with_verb=item.form != "adjective"
    ):
        return None
    if item.form == "adjective":
        return found if _read_noun(clause, item, taken, found) else None
    _read_after(clause[item.end :], found)
    return found


def _read_before(said: tuple[Word, ...], taken: list[bool], found: _Subject, *, with_verb: bool) -> bool:
    unknown: list[str] = []
    for position, word in enumerate(said):
        kind = None if word.quoted else _KIND_OF.get(_singular(word.said))
        if kind is not None or word.name:
            _take(word, kind, found)
            found.modifiers += unknown
            unknown = []
        elif word.said in {"all", "every", "each"}:
            found.every = found.certain = True
        elif word.said in {"the", "both", "our", "these"} and not unknown:
            found.certain = True
        elif taken[position] or word.said in _FILLERS:
            if unknown and not (word.said == "," and unknown[0] == "for"):
                return False
            unknown = []
        elif word.said == "for" and (found.kinds or found.names) and not unknown:
            unknown = ["for"]
        elif word.said in _PREPOSITIONS or len(unknown) > MOST_MODIFIERS or word.quoted or not word.said.isalnum():
            return False
        else:
            unknown.append(word.said)
    return not unknown or (unknown[0] == "for" and with_verb)


def _take(word: Word, kind: tuple[str, ...] | None, found: _Subject) -> None:
    if kind is None:
        found.names.append(word.name)
        return
    found.every = found.every or _singular(word.said) != word.said
    found.kinds.append(kind)
    found.certain = found.certain or not found.every


def _read_noun(clause: tuple[Word, ...], item: _Found, taken: set[int], found: _Subject) -> bool:
    """Reads on to the noun that the adjective stands before; false where it is a thing of another kind."""
    if (
        item.start
        and clause[item.start - 1].said in _VERBS
        and (found.kinds or found.names or clause[0].said in {"it", "this", "is", "are"})
    ):
        return True
    unknown: list[str] = []
    for position in range(item.end, min(len(clause), item.end + MOST_MODIFIERS)):
        word = clause[position]
        kind = None if word.quoted else _KIND_OF.get(_singular(word.said))
        if kind is not None:
            _take(word, kind, found)
            found.modifiers += unknown
            following = clause[position + 1].said if position + 1 < len(clause) else ""
            if _singular(following) in _KIND_OF:
                continue
            return not following or following in _FOLLOWS or following in _PREPOSITIONS
        joins = word.said in {"and", "&", ","} and position + 1 in taken
        if joins or position in taken or (word.said in _FILLERS and not unknown and word.said not in {"and", "&", ",", "."}):
            continue
        if word.said in _FOLLOWS:
            return not unknown
        unknown.append(word.said)
    return not unknown


def _read_after(said: tuple[Word, ...], found: _Subject) -> None:
    """`on the orders database`: what a state is switched on for."""
    if not said or said[0].said not in {"on", "for", "of", "in", "to"}:
        return
    unknown: list[str] = []
    for word in said[1:]:
        kind = None if word.quoted else _KIND_OF.get(_singular(word.said))
        if word.said in {"all", "every", "each"}:
            found.every = found.certain = True
        elif word.said in {"the", "both", "our", "these"}:
            found.certain = True
        elif kind is not None or word.name:
            _take(word, kind, found)
            found.modifiers += unknown
            return
        elif word.said in _PREPOSITIONS:
            return
        elif word.said not in _FILLERS:
            unknown.append(word.said)


def _ends_well(clause: tuple[Word, ...], item: _Found, taken: set[int]) -> bool:
    """Whether an adjective is not the first of two things: `private and public subnets`."""
    after = clause[item.end].said if item.end < len(clause) else ""
    if item.form != "adjective" or after not in {"and", "&", "/", "or"}:
        return True
    return item.end + 1 in taken or (item.start > 0 and clause[item.start - 1].said in _VERBS)


def may_assert(_: Text, lowered: str) -> bool:
    """Whether words can assert anything; cheap, and true of much that asserts nothing."""
    return _STEMS.search(lowered) is not None
