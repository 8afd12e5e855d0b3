"""What a clause speaks of: kinds of resources, names, and what else is said of them. A word that is not understood ends it."""

from __future__ import annotations

from msgspec import Struct

from bot.engine.claims.forms import JOINS, VERBS, Found
from bot.engine.claims.kinds import KIND_OF, singular
from bot.engine.claims.vocabulary import PLACES
from bot.engine.claims.words import Word, listed

MOST_MODIFIERS = 4
_FILLERS = listed(
    """an a the this these our its it all every each both new now also always fully strictly explicitly is are be being remains remain
    stays stay kept keep keeps stored make makes made set sets setup create creates created creating add adds added adding define defines
    provision provisions provisioned configure configures configured deploy deploys deployed as and & , . s3 aws amazon gcp google azure
    main primary has have gets get + here enforce enforces inline dedicated
    apply applies applied applying custom single simple separate secure hardened"""
)
_PREPOSITIONS = listed("to of in for from between by on with at into over via through under behind inside per about against around")
_FOLLOWS = frozenset({",", ".", "with", "using", "by", "via", "at", "for", "to", "through", "!", "(", "and", "&", "+"})


class Subject(Struct):
    """`certain`: one or all of them are meant, as `the` or `all` says; a bare plural says what is so in general.

    `tail`: what is said behind the kind.
    """

    kinds: list[tuple[str, ...]]
    names: list[str]
    modifiers: list[str]
    every: bool = False
    tail: list[str] = []
    certain: bool = False


def subject(clause: tuple[Word, ...], item: Found, taken: set[int]) -> Subject | None:
    """What is spoken of, by the words before the assertion and a noun right behind it; None where a word is not understood."""
    found = Subject([], [], [])
    if not _read_before(
        clause[: item.start], [position in taken for position in range(item.start)], found, with_verb=item.form != "adjective"
    ):
        return None
    if item.form == "adjective":
        return found if _read_noun(clause, item, taken, found) else None
    if not _read_before(clause[item.start + 1 : item.noun], [False] * (item.noun - item.start - 1), found, with_verb=False):
        return None
    _read_after(clause[_end_of_list(clause, item, taken) :], found)
    return found


def _end_of_list(clause: tuple[Word, ...], item: Found, taken: set[int]) -> int:
    """Where the list ends of which the assertion is an item: what comes behind it is said of all."""
    end = item.end
    while end + 1 < len(clause) and clause[end].said in JOINS and (end + 1 in taken or clause[end + 1].said in JOINS):
        end += 1
        while end in taken:
            end += 1
    return end


def subject_of(head: tuple[Word, ...]) -> Subject | None:
    """What some words name, if they name it and say nothing else."""
    found = Subject([], [], [])
    return found if _read_before(head, [False] * len(head), found, with_verb=True) else None


def _read_before(said: tuple[Word, ...], taken: list[bool], found: Subject, *, with_verb: bool) -> bool:
    unknown: list[str] = []
    noun = -1
    for position, word in enumerate(said):
        kind = None if word.quoted else KIND_OF.get(singular(word.said))
        if kind is not None or (word.name and not taken[position]):
            _take(word, kind, found, adjacent=position > 0 and position - 1 == noun and not unknown)
            noun = position if kind is not None else noun
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
        elif word.said == "with" and position + 1 == len(said) and not with_verb and (found.kinds or found.names):
            found.modifiers += unknown  # `a role with least privilege permissions`
            unknown = []
        elif word.said in _PREPOSITIONS or len(unknown) > MOST_MODIFIERS or word.quoted or not word.said.isalnum():
            return False
        else:
            unknown.append(word.said)
    return not unknown or (unknown[0] == "for" and with_verb)


def _take(word: Word, kind: tuple[str, ...] | None, found: Subject, *, adjacent: bool = False) -> None:
    if kind is None:
        found.names.append(word.name)
        return
    found.every = found.every or singular(word.said) != word.said
    both = tuple(name for name in found.kinds[-1] if name in kind) if found.kinds and adjacent else ()
    if adjacent and found.kinds:
        found.kinds[-1] = both or kind  # `Redis cluster` is both, `database security group` is the last
    else:
        found.kinds.append(kind)
    found.certain = found.certain or not found.every


def _read_noun(clause: tuple[Word, ...], item: Found, taken: set[int], found: Subject) -> bool:
    """Reads on to the noun that the adjective stands before; false where it is a thing of another kind."""
    if (
        item.start
        and clause[item.start - 1].said in VERBS
        and (found.kinds or found.names or clause[0].said in {"it", "this", "is", "are"})
    ):
        return True
    unknown: list[str] = []
    for position in range(item.end, min(len(clause), item.end + MOST_MODIFIERS)):
        word = clause[position]
        kind = None if word.quoted else KIND_OF.get(singular(word.said))
        if kind is not None:
            _take(word, kind, found)
            found.modifiers += unknown
            following = clause[position + 1].said if position + 1 < len(clause) else ""
            if singular(following) in KIND_OF:
                continue
            if _names_more(clause[position + 1 :]):
                return False
            _read_tail(clause[position + 1 :], found)
            return not following or following in _FOLLOWS or following in _PREPOSITIONS
        joins = word.said in {"and", "&", ","} and position + 1 in taken
        if joins or position in taken or (word.said in _FILLERS and not unknown and word.said not in {"and", "&", "+", ",", "."}):
            continue
        if word.said in _FOLLOWS:
            return not unknown
        unknown.append(word.said)
    return not unknown


def _names_more(said: tuple[Word, ...]) -> bool:
    """Whether one more kind follows: of `encrypted RDS, S3, EBS` one alone does not show it."""
    listed_on = len(said) > 1 and said[0].said in JOINS
    return listed_on and any(singular(word.said) in KIND_OF or word.said == "s3" for word in said[1:3])


def _read_after(said: tuple[Word, ...], found: Subject) -> None:
    """`on the orders database`: what a state is switched on for."""
    if not said or said[0].said not in {"on", "for", "of", "in", "to", "from"}:
        return
    unknown: list[str] = []
    for position, word in enumerate(said[1:]):
        kind = None if word.quoted else KIND_OF.get(singular(word.said))
        if word.said in {"all", "every", "each"}:
            found.every = found.certain = True
        elif word.said in {"the", "both", "our", "these"}:
            found.certain = True
        elif kind is not None or word.name:
            _take(word, kind, found)
            found.modifiers += unknown
            _read_tail(said[position + 2 :], found)
            return
        elif word.said in _PREPOSITIONS:
            break
        elif word.said not in _FILLERS:
            unknown.append(word.said)
    found.modifiers += unknown


def _read_tail(said: tuple[Word, ...], found: Subject) -> None:
    """`of config`, `for CloudTrail logs`: which of its kind is meant. In a document or comment it is said by the way."""
    if not said or said[0].said not in {"of", "for", "in", "behind", "under"}:
        return
    for word in said[1 : 2 + MOST_MODIFIERS]:
        if word.said in _PREPOSITIONS or word.said in {",", ".", "and", "("}:
            return
        if word.said not in _FILLERS and word.said not in PLACES and word.said.isalnum():
            found.tail.append(word.said)
