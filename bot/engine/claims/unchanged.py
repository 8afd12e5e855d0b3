"""What a title, body or message says of the whole change: that nothing of the infrastructure changes.

Base and head are compared in resolved values. Refuted: a value that both sides know is another, or something comes that nothing was
moved to. What only a reader notices (descriptions, tags) is no change of function. Shown: values and resources are the same.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from bot.engine.claims.hearing import DENIES
from bot.engine.claims.scene import Scene
from bot.engine.claims.text import Sentence, Stated
from bot.engine.claims.vocabulary import ABSTAIN
from bot.engine.claims.words import Word, ends, listed, phrase, words
from bot.engine.judgment import Difference
from bot.engine.model.match import Change
from bot.engine.model.resource import Resource
from bot.engine.model.value import Known, first_unknown, plain

MOST_WORDS = 14
_PHRASES = tuple(
    map(
        phrase,
        (
            "no functional|behavioral|behavioural|behaviour|behavior|infrastructure|infra|resource changes|change",
            "no changes|change to|in the? infrastructure|infra|resources|resource|behaviour|behavior",
            "no op refactor|refactoring|change",
            "pure refactor|refactoring",
            "only renames|formatting|whitespace|comments",
            "formatting|whitespace|comments|comment only change|changes?",
            "does|do not change any? resources|resource|infrastructure|infra|behaviour|behavior",
            "does|do not change the infrastructure|infra|behaviour|behavior",
            "nothing changes",
            "nothing of the infrastructure changes",
        ),
    )
)
_BEFORE = listed("this these the a an it is are pull request pr change changes commit there only just pure purely : , - with")
_AFTER = listed("intended here at all . , ! made in this pr change commit expected")
_COSMETIC = listed("description comment comments tags tags_all labels effective_labels annotations name_prefix display_name title")


def unchanged(spoken: Iterable[Sentence], scene: Scene) -> Iterator[Stated]:
    """What is said of the whole change, where one message is about all of it, and what differs."""
    said = [sentence for sentence in spoken if denies(sentence)]
    said = [sentence for sentence in said if sentence.text.source != "commit" or scene.commits == 1]
    if not said or not scene.differing:
        return
    found = _first(scene.differing)
    for sentence in said:
        if found is None and _is_known(scene):
            yield Stated(sentence, "property", "supported", sentence.content, key="property.same", fields={"n": _pairs(scene.differing)})
        elif found is not None:
            yield _stated(sentence, *found)


def denies(sentence: Sentence) -> bool:
    """Whether the sentence says this and nothing else."""
    lowered = sentence.content.lower()
    if sentence.text.source not in ("title", "body", "commit") or not any(word in lowered for word in DENIES):
        return False
    said = words(sentence.content.partition(";")[0])
    if sentence.quoted or len(said) > MOST_WORDS or sentence.content.endswith("?"):
        return False
    if any(word.said in ABSTAIN for word in words(sentence.content)):
        return False
    return any((end := ends(made, said, start)) is not None and _alone(said, start, end) for made in _PHRASES for start in range(len(said)))


def _alone(said: tuple[Word, ...], start: int, end: int) -> bool:
    return all(word.said in _BEFORE for word in said[:start]) and all(word.said in _AFTER for word in said[end:])


def _first(differing: Sequence[Difference]) -> tuple[Resource, Change] | None:
    """The first difference that matters, in the order of addresses."""
    found: list[tuple[str, Resource, Change]] = []
    for item in differing:
        moved = {loss.successor for loss in item.losses if loss.successor}
        found += [
            (made.address, made, Change("", None, None)) for made in item.created if made.address not in moved and made.exists is None
        ]
        for pair in item.pairs:
            change = next((one for one in item.changes(pair) if _matters(one)), None)
            if change is not None:
                found.append((pair.after.address, pair.after, change))
    return min(found, key=lambda one: one[0])[1:] if found else None


def _matters(change: Change) -> bool:
    sides = [value for value in (change.before, change.after) if value is not None]
    if any(first_unknown(value) is not None or value.sensitive for value in sides):
        return False
    return change.path.partition(".")[0].partition("[")[0] not in _COSMETIC


def _is_known(scene: Scene) -> bool:
    """Whether everything was read and compared, and nothing at all is another."""
    if any(model.unread for model in (*scene.base, *scene.head)):
        return False
    return not any(item.created or item.losses or any(map(item.changes, item.pairs)) for item in scene.differing)


def _pairs(differing: Sequence[Difference]) -> int:
    return sum(len(item.pairs) for item in differing)


def _stated(sentence: Sentence, resource: Resource, change: Change) -> Stated:
    value = change.after
    at = value.span if value is not None and value.span.line else resource.span
    place = f"({at.path}:{at.line})"
    by = f"{change.path}: {_shown(change.before)} \u2192 {_shown(value)} {place}" if change.path else f"+ {resource.address} {place}"
    return Stated(sentence, "property", "contradicted", sentence.content, by, resource.address, change=change, at=at)


def _shown(value: object) -> str:
    told = plain(value) if isinstance(value, Known) else None
    return "null" if told is None else str(told).lower() if isinstance(told, bool) else str(told)[:120]
