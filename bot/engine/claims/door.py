"""The door: the texts of a change in, what they say and what was found about it out."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence

from msgspec import Struct

from bot.engine.changeset.changes import Change
from bot.engine.claims.arguments import arguments, may_say
from bot.engine.claims.assertions import may_assert
from bot.engine.claims.authority import may_rest, rested
from bot.engine.claims.citations import cited, may_cite
from bot.engine.claims.defaults import defaults, may_tell
from bot.engine.claims.instruction import instructed, may_instruct
from bot.engine.claims.properties import properties
from bot.engine.claims.scene import Scene
from bot.engine.claims.sentences import Hears, sentences
from bot.engine.claims.text import Sentence, Stated, Text
from bot.engine.claims.texts import texts
from bot.engine.claims.unchanged import may_deny, unchanged
from bot.engine.judgment import Said, Spoken
from bot.engine.model.snapshot import Snapshot
from bot.engine.model.span import Span
from bot.engine.model.verdict import Claim


class Finder(Struct, frozen=True):
    """One kind of thing that is sought. `hears`: whether it can be in some words; only sentences of such are made."""

    find: Callable[[Sequence[Sentence], Scene], Iterable[Stated]]
    hears: Hears


FINDERS: tuple[Finder, ...] = (
    Finder(properties, may_assert),
    Finder(arguments, may_say),
    Finder(defaults, may_tell),
    Finder(unchanged, may_deny),
    Finder(cited, may_cite),
    Finder(rested, may_rest),
    Finder(instructed, may_instruct),
)
_ORDER = ("contradicted", "nonexistent", "unverifiable", "supported")


class Heard(Struct, frozen=True):
    """What is shown to the reader, and what rules look at."""

    claims: tuple[Claim, ...] = ()
    spoken: tuple[Spoken, ...] = ()


def heard(snapshot: Snapshot, changed: Sequence[Change], scene: Scene) -> Heard:
    """Everything that the text of the change says and that was understood, the worst first."""
    return found_in([sentence for text in texts(snapshot, changed) for sentence in sentences(text, _hears)], scene)


def _hears(text: Text, lowered: str) -> bool:
    return any(finder.hears(text, lowered) for finder in FINDERS)


def found_in(spoken: Sequence[Sentence], scene: Scene) -> Heard:
    """The same for the sentences alone."""
    every = (stated for finder in FINDERS for stated in finder.find(spoken, scene))
    found = list({_key(stated): stated for stated in every}.values())
    if not found:
        return Heard()
    found.sort(key=lambda item: (_ORDER.index(item.status), item.sentence.text.path, item.sentence.line))
    infrastructure = bool(scene.head or scene.base)
    return Heard(tuple(map(_claim, found)), (Spoken(tuple(map(_said, found)), infrastructure),))


def _key(stated: Stated) -> tuple[object, ...]:
    """Equal for what two finders found of one sentence: it is told once."""
    sentence = stated.sentence
    what = stated.claimed if stated.key else stated.at
    return sentence.text.source, sentence.text.path, sentence.text.sha, sentence.line, sentence.content, stated.resource, what


def _claim(stated: Stated) -> Claim:
    text = stated.sentence.text
    source = f"{text.source} {text.sha[:12]}".strip()
    place: dict[str, str | int] = {"path": text.path, "line": stated.sentence.line} if text.path else {"source": source}
    return Claim(
        stated.sentence.content,
        place,
        stated.status,
        stated.by or None,
        stated.resource or None,
        stated.about,
        stated.key,
        stated.fields,
    )


def _said(stated: Stated) -> Said:
    sentence = stated.sentence
    text = sentence.text
    own = Span(text.path, sentence.line, 1, sentence.last_line) if text.path else stated.at
    return Said(stated.about, stated.status, text.source, sentence.content, stated.by, stated.resource, own, stated.change)
