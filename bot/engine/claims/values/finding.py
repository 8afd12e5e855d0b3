"""The values that a text states, held against the arguments of what it speaks of.

A comment speaks of the block that it stands at, a document of its directory, a message of what the change makes or alters. What is
said is shown where one of them has the value. It is refuted where the only argument that can be meant has another.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from bot.engine.claims.scene import Scene
from bot.engine.claims.text import Sentence, Stated
from bot.engine.claims.values.held import Argument, arguments_of, is_of, same, stated
from bot.engine.claims.values.reading import Wanted, readings, says_nothing_else
from bot.engine.claims.values.sight import Sight

MOST = 200  # values of one change that are held against arguments


def values(spoken: Iterable[Sentence], scene: Scene) -> Iterator[Stated]:
    """What is said of values, and what they are; nothing where it is not plain which argument is meant."""
    said = [(sentence, wanted) for sentence in spoken for wanted in readings(sentence)][:MOST]
    if not said:
        return
    sight = Sight(scene)
    for sentence, wanted in said:
        found = _found(sentence, wanted, sight, scene.commits)
        if found is not None:
            yield stated(sentence, wanted.said, *found)


def _found(sentence: Sentence, wanted: Wanted, sight: Sight, commits: int) -> tuple[bool, Argument] | None:
    """Whether the value is there, and the argument that shows it."""
    text = sentence.text
    among = [item for resource in sight.of(text, wanted.places) for item in arguments_of(resource) if is_of(wanted, item)]
    beside = text.argument.line if text.argument is not None else 0
    among = [item for item in among if item.value.span.line == beside] or ([] if beside and wanted.topic == "count" else among)
    there = next((item for item in among if same(wanted, item)), None)
    if there is not None:
        return True, there
    if not wanted.sure or text.source == "document" or (text.source == "commit" and commits != 1) or not _is_one(among):
        return None
    if text.source == "code":
        return (False, among[0]) if says_nothing_else(sentence.content, wanted, among[0].resource) else None
    return (False, among[0]) if sight.is_set(among[0].resource, among[0].path) else None


def _is_one(among: Sequence[Argument]) -> bool:
    """Whether one argument of one block is all that can be meant, with one value that is known."""
    return len({(item.resource.definition, item.path) for item in among}) == 1 and len({item.value.raw for item in among}) == 1
