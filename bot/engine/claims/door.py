"""The door: the texts of a change in, what they say and what was found about it out."""

from __future__ import annotations

from collections.abc import Sequence

from msgspec import Struct

from bot.engine.changeset.changes import Change
from bot.engine.claims.finders import FINDERS
from bot.engine.claims.hearing import Listener
from bot.engine.claims.scene import Scene
from bot.engine.claims.sentences import sentences
from bot.engine.claims.text import Sentence, Stated
from bot.engine.claims.texts import texts
from bot.engine.judgment import Said, Spoken
from bot.engine.model.snapshot import Snapshot
from bot.engine.model.span import Span
from bot.engine.model.verdict import Claim

_ORDER = ("contradicted", "nonexistent", "unverifiable", "supported")


class Heard(Struct, frozen=True):
    """What is shown to the reader, and what rules look at."""

    claims: tuple[Claim, ...] = ()
    spoken: tuple[Spoken, ...] = ()


def heard(snapshot: Snapshot, changed: Sequence[Change], scene: Scene) -> Heard:
    """Everything that the text of the change says and that was understood, the worst first."""
    said = texts(snapshot, changed)
    listener = Listener("\n".join([text.content for text in said]), catalogue=bool(snapshot.policies))
    spoken = [sentence for text in said for sentence in sentences(text, listener.hears)]
    return _found(spoken, scene)


def _found(spoken: Sequence[Sentence], scene: Scene) -> Heard:
    """What each finder finds in the sentences that it may hear: of the others it would read every word in vain."""
    heard_by: dict[str, list[Sentence]] = {}
    for sentence in spoken:
        for name in sentence.heard:
            heard_by.setdefault(name, []).append(sentence)
    every = (stated for name, find in FINDERS.items() if name in heard_by for stated in find(heard_by[name], scene))
    found = list({_key(stated): stated for stated in every}.values())
    if not found:
        return Heard()
    found.sort(key=lambda item: (_ORDER.index(item.status), item.sentence.text.path, item.sentence.line))
    infrastructure = bool(scene.head or scene.base)
    return Heard(tuple(map(_claim, found)), (Spoken(tuple(map(_said, found)), infrastructure),))


def _key(stated: Stated) -> tuple[object, ...]:
    """Equal for what two finders found of one sentence: it is told once."""
    sentence = stated.sentence
    what: object = stated.claimed if stated.key else (stated.at.path, stated.at.line)
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
