"""A sentence → what it asserts of which kind of thing; nothing where it can be read in another way.

An assertion is taken from a clause of which every word before it is understood: what it speaks of is named by a word for a kind of
resource, by a name, or by nothing at all, as in a comment that stands above its block.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from msgspec import Struct
from msgspec.structs import replace

from bot.engine.claims.forms import PHRASES, VERBS, Found, found
from bot.engine.claims.hearing import ASSERTS
from bot.engine.claims.kinds import KIND_OF, joined, singular
from bot.engine.claims.lists import Part, items, parts
from bot.engine.claims.plain import is_order, unprefixed
from bot.engine.claims.subjects import Subject, subject, subject_of
from bot.engine.claims.text import Sentence, Text
from bot.engine.claims.vocabulary import ABSTAIN, NEGATORS, PLACES
from bot.engine.claims.words import Word, is_separator, listed, words
from bot.engine.pattern import Pattern

MOST_WORDS = 80
MOST_NAMING = 6  # words by which a comment may call its block
MESSAGES = frozenset({"title", "body", "commit"})
_TICK = Pattern(r"^[^\w\s`\"'(\[#<>$~*]{1,3}\s+")
# What a thing is for stands behind it and doubts nothing: `versioned, to ensure that nothing is lost`.
_PURPOSE = Pattern(r"(?<=\w),? (?:in order )?to (?:ensure|support|allow|help|guarantee|require)\b[^.;:()]*\.?$")
_IS = Pattern(r":\s+(?=(?:enabled|disabled|active|on|off)\b)", re.IGNORECASE)
_WRITTEN = frozenset({"document", "body"})
_TELLING = listed("""
    feature features security secure highlights highlight protection protected compliance purpose implemented includes included overview
    resources created what architecture backup backups recovery data storage encryption database infrastructure controls hardening
    """)
_ADVISING = listed("""
    practice practices recommended recommendations todo roadmap future prerequisites requirements troubleshooting limitations options
    optional usage example examples how checklist next considerations cost costs variables inputs outputs configure configuration not
    """)
_SIGNS = frozenset({",", "and", "&", "+", "."})
_BY_THE_WAY = listed("with using via by for to")
_SAID_OF_PARTS = frozenset({"private", "least-privilege", "read-only", "scoped"})  # of whatever may have it, one alone shows nothing
_GENERAL = ("var.", "output.", "data.", "provider.")  # what is said there is said of whatever a caller makes
_DOCUMENT = "data.aws_iam_policy_document."
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
    `general`: a bare plural tells what is so in general, so that nothing refutes it.
    """

    property: str
    holds: bool
    kinds: tuple[str, ...]
    names: tuple[str, ...]
    modifiers: tuple[str, ...]
    every: bool
    said: str
    general: bool = False


def assertions(sentence: Sentence) -> tuple[Assertion, ...]:
    """What the sentence asserts of the properties in the vocabulary."""
    content = sentence.content
    lowered = content.lower()
    if not any(part in lowered for part in ASSERTS):
        return ()
    if sentence.text.block.startswith(_GENERAL) and not sentence.text.block.startswith(_DOCUMENT):
        return ()
    if sentence.quoted or "|" in content or is_order(sentence) or any(sign in content for sign in _DIRECTIVES):
        return ()
    if content.rstrip("\"' ").endswith(("?", ":")):
        return ()
    source = sentence.text.source
    said = joined(words(_plain(unprefixed(content) if source in MESSAGES else content)))
    if source in MESSAGES:
        said = tuple([word for word in said if word.said != "old"])
    if len(said) > MOST_WORDS or not any(word.said in PHRASES for word in said) or _is_doubted(said, source):
        return ()
    told = [item for clause in _clauses(said) for item in _of_clause(clause, sentence.text)]
    told += [item for part in parts(said) for item in _of_list(part, sentence.text)]
    if not told and source in _WRITTEN and _is_item(sentence):
        told += _of_item(said)
    return tuple(_under(sentence.heading, item) for item in told)


def _plain(content: str) -> str:
    """Without a tick at its beginning, and a colon that stands for `is`: `Versioning: enabled`; and without its purpose."""
    return _PURPOSE.sub("", _IS.sub(" ", _TICK.sub("", content)))


def _is_item(sentence: Sentence) -> bool:
    """Whether what stands in a list below such a heading says what there is."""
    heading = {word.said for word in words(sentence.heading)}
    return sentence.heading != sentence.content and not heading.isdisjoint(_TELLING) and heading.isdisjoint(_ADVISING)


def _of_item(said: tuple[Word, ...]) -> Iterator[Assertion]:
    """What an item says that is phrases of the vocabulary and nothing else, behind its own name or a colon: `Data: encryption at rest`."""
    parted = max((position for position, word in enumerate(said) if word.said in {":", "-", "\u2014", "\u2013"}), default=-1)
    end = next((position for position, word in enumerate(said) if position > parted and word.said in _BY_THE_WAY), len(said))
    head, part = said[: max(0, parted)], said[parted + 1 : end]
    meant = subject_of(head) if head else Subject([], [], [])
    stated = list(items(part))
    if len(head) > MOST_NAMING or sum(item.end - item.start for item in stated) < len([word for word in part if word.said not in _SIGNS]):
        return
    known = meant if meant is not None and (meant.kinds or meant.names) else Subject([], [], [])
    yield from (_assertion(item, known, part) for item in stated if item.property not in _SAID_OF_PARTS)


def _under(heading: str, item: Assertion) -> Assertion:
    """The same of what the heading names, where the sentence names nothing: `Versioning enabled` below `S3 bucket`."""
    meant = None if not heading or item.kinds or item.names else subject_of(joined(words(heading)))
    if meant is None or not meant.kinds or meant.names:
        return item
    kinds = tuple(dict.fromkeys(kind for kinds in meant.kinds for kind in kinds))
    return replace(item, kinds=kinds, modifiers=(*item.modifiers, *meant.modifiers), every=item.every or meant.every)


def _is_doubted(said: tuple[Word, ...], source: str) -> bool:
    """Whether a word of doubt stands outside of all phrases: `default encryption` is the name of a thing.

    A message tells of places (`in staging`): what it speaks of is to be found there.
    """
    doubts = ABSTAIN - PLACES if source in MESSAGES else ABSTAIN
    if all(word.said not in doubts for word in said):
        return False
    taken = {position for item in found(said) for position in range(item.noun, item.end)}
    return any(word.said in doubts for position, word in enumerate(said) if position not in taken)


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


def _of_clause(clause: tuple[Word, ...], text: Text) -> Iterator[Assertion]:
    source = text.source
    asserted = [item for item in found(clause) if not (source == "document" and _is_order(clause, item))]
    taken = {position for item in asserted for position in range(item.start, item.end)}
    loose = {word.said for position, word in enumerate(clause) if position not in taken}
    if not asserted or not loose.isdisjoint(NEGATORS) or "only" in loose or "or" in loose:
        return
    for item in asserted:
        meant = subject(clause, item, taken)
        is_by_place = meant is None and item.property == "scoped" and source == "code"
        meant = Subject([], [], []) if is_by_place else meant
        if meant is None or not _ends_well(clause, item, taken):
            continue
        done = source in MESSAGES and item.form != "adjective"
        if source in MESSAGES:
            meant.modifiers += [word.said for word in clause if word.said in PLACES and word.said not in meant.modifiers]
        if source in MESSAGES or not (text.block or source == "document"):
            meant.modifiers += meant.tail
        made = _assertion(item, meant, clause)
        is_certain = (meant.certain or not meant.every or done) and not is_by_place
        yield made if is_certain else replace(made, general=True)


def _of_list(part: Part, text: Text) -> Iterator[Assertion]:
    """What a list says of the thing before it: `RDS (encrypted, private)`. One thing has to be named, or the block that a comment is at."""
    stated = [item for item in items(part.said) if not (item.property == "private" and text.source == "document")]
    holding = {(item.property, item.holds) for item in stated}
    meant = subject_of(part.head)
    if meant is None and _is_block_itself(part.head, text):
        meant, stated = Subject([], [], []), [item for item in stated if item.property == "guarded"]
    if meant is None or (meant.every and not meant.certain) or (text.source != "code" and not (meant.kinds or meant.names)):
        return
    yield from (_assertion(item, meant, part.said) for item in stated if (item.property, not item.holds) not in holding)


def _is_block_itself(head: tuple[Word, ...], text: Text) -> bool:
    """Whether a comment above a block may call it so: what is said of its `lifecycle` can be said of nothing else."""
    named = any(singular(word.said) in KIND_OF or word.name for word in head)
    return not named and text.source == "code" and text.argument is None and len(head) <= MOST_NAMING


def _assertion(item: Found, meant: Subject, clause: tuple[Word, ...]) -> Assertion:
    kinds = tuple(dict.fromkeys(kind for kinds in meant.kinds for kind in kinds))
    said = " ".join(word.said for word in clause[item.start : item.end])
    return Assertion(item.property, item.holds, kinds, tuple(meant.names), tuple(meant.modifiers), meant.every, said)


def _is_order(clause: tuple[Word, ...], item: Found) -> bool:
    """Whether a reader is told to do it."""
    return item.start <= 0 and clause[0].said in {
        "enable",
        "disable",
        "activate",
        "enforce",
        "use",
        "add",
        "configure",
        "remove",
        "drop",
        "block",
        "deny",
        "require",
        "prevent",
        "protect",
    }


def _ends_well(clause: tuple[Word, ...], item: Found, taken: set[int]) -> bool:
    """Whether an adjective is not the first of two things: `private and public subnets`."""
    after = clause[item.end].said if item.end < len(clause) else ""
    if item.form != "adjective" or after not in {"and", "&", "/", "or"}:
        return True
    return item.end + 1 in taken or (item.start > 0 and clause[item.start - 1].said in VERBS)
