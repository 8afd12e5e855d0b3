"""What is said to outlast something: arguments whose changes are ignored, a replacement that is prevented, a volume that is preserved.

Held against `lifecycle.ignore_changes` and `delete_on_termination` as they are written.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence

from msgspec import Struct

from bot.engine.claims.plain import plainly
from bot.engine.claims.scene import Scene
from bot.engine.claims.text import Sentence, Stated
from bot.engine.claims.values.held import Argument, arguments_of, stated
from bot.engine.claims.values.sight import Sight
from bot.engine.claims.vocabulary import PLACES
from bot.engine.claims.words import listed
from bot.engine.model.resource import Resource
from bot.engine.pattern import Pattern

MOST_WORDS = 25
_ALLOWED = PLACES | listed("when after")
_IGNORED = Pattern(r"\bignor(?:e|es|ed|ing)[ _]changes? (?:to|in|for|of|on) (?P<names>.{1,120})", re.IGNORECASE)
_PREVENTED = Pattern(
    r"\b(?:prevent|avoid)(?:s|ing)?\b.{0,40}\b(?:replacement|recreation|destruction|replacing|recreating)\b.{0,12}"
    r"\b(?:on|when|due to|by|from|after)\b.{0,10}\bamis?\b",
    re.IGNORECASE,
)
_PRESERVED = Pattern(
    r"\b(?P<kind>ebs|data|root) volumes? (?:is |are )?(?:preserved|kept|retained|survives?|persists?) "
    r"(?:on|after|across|upon) (?:instance )?"
    r"(?:termination|replacement)\b",
    re.IGNORECASE,
)
_NAME = Pattern(r"[a-z][a-z0-9_]*")


class Lasting(Struct, frozen=True):
    """`ignored`: words that may name arguments whose changes are ignored; else `volume`: which kind of volume is preserved."""

    ignored: tuple[str, ...] = ()
    volume: str = ""


def lifecycle(spoken: Iterable[Sentence], scene: Scene) -> Iterator[Stated]:
    """What is said to last, and what the blocks say."""
    sight: Sight | None = None
    for sentence in spoken:
        said = reading(sentence)
        if said is None:
            continue
        sight = sight or Sight(scene)
        meant = [item for item in sight.of(sentence.text, ()) if item.mode == "managed"]
        found = _ignores(said, meant) if said.ignored else _preserves(said, meant)
        if found is not None and (found[0] or sentence.text.source == "code"):
            yield stated(sentence, sentence.content, *found)


def reading(sentence: Sentence) -> Lasting | None:
    """What a sentence says lasts; None where nothing."""
    content = sentence.content
    if sentence.text.source == "document" or not plainly(sentence, MOST_WORDS, allowed=_ALLOWED):
        return None
    if found := _IGNORED.search(content):
        return Lasting(ignored=tuple(_NAME.findall(found["names"])))
    if _PREVENTED.search(content):
        return Lasting(ignored=("ami",))
    return Lasting(volume=preserved["kind"].lower()) if (preserved := _PRESERVED.search(content)) else None


def _ignores(said: Lasting, meant: Sequence[Resource]) -> tuple[bool, Argument] | None:
    """Whether each argument that is named is among those whose changes are ignored, of the one block that ignores any."""
    every = [(item, [one for one in arguments_of(item) if ".ignore_changes" in one.path]) for item in meant]
    ignoring = [(item, found) for item, found in every if found]
    if len({item.definition for item, _ in ignoring}) != 1:
        return None
    resource, found = ignoring[0]
    ignored = {str(one.value.raw).partition("[")[0] for one in found}
    named = [name for name in said.ignored if name in resource.attributes or name in ignored]
    if not named:
        return None
    missing = [name for name in named if name not in ignored and "all" not in ignored]
    return (not missing, next((one for one in found if one.value.raw in named), found[0]))


def _preserves(said: Lasting, meant: Sequence[Resource]) -> tuple[bool, Argument] | None:
    machines = [item for item in meant if item.type in ("aws_instance", "aws_launch_template")]
    devices = [
        one for item in machines for one in arguments_of(item) if one.name == "delete_on_termination" and _is_of(said.volume, one.path)
    ]
    if len({one.resource.definition for one in devices}) != 1:
        return None
    kept = [one for one in devices if one.value.raw is False]
    return bool(kept), (kept or devices)[0]


def _is_of(volume: str, path: str) -> bool:
    return path.startswith("root_block_device") is (volume == "root")
