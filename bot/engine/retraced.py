"""Where a change begins, when one line stands for several values.

A value comes from the end of its chain, so that one default is one cause. But where the change is in the text of a module that several
calls share, what the calls hand in is as it was: the one line of the module is what everything comes from. And where several calls of one
root hand in something else, whoever answers for the root is asked about that line once, and is told every place.

Whatever else a value is put together from, the line that the change writes is what people are asked about: once, with all that it reaches.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping

from msgspec.structs import replace

from bot.engine.changeset.hunks import DiffLines
from bot.engine.model.span import Span
from bot.engine.results import Caused

Lines = Callable[[frozenset[str]], Mapping[str, DiffLines]]
CHANGED = ("new", "updated")
ASKED = ("review", "open")


def retraced(found: Iterable[Caused], lines: Lines) -> tuple[Caused, ...]:
    """The results, those about a difference that share a line of a block with that line as their cause: in all roots where nothing that
    they come from further up is touched, else in each root by itself. Questions of one rule that come from one touched place have one
    cause.

    `lines`: paths → the lines of each that the change adds. Asked for only where it can make one of several.
    """
    items = tuple(found)
    shared = _of_one_place(items)
    asked = _of_one_rule(items)
    if not shared and not asked:
        return items
    paths = {path for item in shared.values() for path in (item.result.file, _end(item).path)}
    touched = lines(frozenset(paths | {place.path for item in asked.values() for place in item.chain}))
    traced = tuple(_at_own_place(item, touched) if id(item) in shared else item for item in items)
    begun = tuple(_begun(item, touched) if id(item) in asked else None for item in items)
    return _joined(traced, begun)


def _of_one_rule(items: tuple[Caused, ...]) -> dict[int, Caused]:
    """Questions of one rule that the change asks for several causes; by identity."""
    groups: dict[tuple[object, ...], list[Caused]] = defaultdict(list)
    for item in items:
        if item.chain and item.result.kind in ASKED and item.result.baseline_state in CHANGED:
            groups[item.cause[:2]].append(item)
    several = (group for group in groups.values() if len({item.cause for item in group}) > 1)
    return {id(item): item for group in several for item in group}


def _begun(item: Caused, touched: Mapping[str, DiffLines]) -> Span | None:
    """The furthest place of its chain that the change writes."""
    return next((place for place in reversed(item.chain) if _is_added(place.path, place.line, touched)), None)


def _joined(items: tuple[Caused, ...], begun: tuple[Span | None, ...]) -> tuple[Caused, ...]:
    """The results with one cause for all that begin at one place, and for all that share one with any of these."""
    same: dict[tuple[object, ...], tuple[object, ...]] = {}

    def first(cause: tuple[object, ...]) -> tuple[object, ...]:
        while same.get(cause, cause) != cause:
            cause = same[cause]
        return cause

    for item, place in zip(items, begun, strict=True):
        if place is not None:
            here = first((*item.cause[:2], place))
            same[first(item.cause)] = here
    return tuple(replace(item, cause=first(item.cause)) for item in items)


def _of_one_place(items: tuple[Caused, ...]) -> dict[int, Caused]:
    """Those that stand at one place, for one rule, and come from several; by identity."""
    groups: dict[tuple[object, ...], list[Caused]] = defaultdict(list)
    for item in items:
        if item.changed and item.result.baseline_state in CHANGED and item.result.line and isinstance(item.cause[-1], Span):
            groups[item.cause[:-1], _place(item)].append(item)
    several = (group for group in groups.values() if len({item.cause for item in group}) > 1)
    return {id(item): item for group in several for item in group}


def _begins_there(item: Caused, touched: Mapping[str, DiffLines]) -> bool:
    return _is_added(item.result.file, item.result.line, touched) and not _is_added(_end(item).path, _end(item).line, touched)


def _is_added(path: str, line: int, touched: Mapping[str, DiffLines]) -> bool:
    return path in touched and line in touched[path].added


def _at_own_place(item: Caused, touched: Mapping[str, DiffLines]) -> Caused:
    root = () if _begins_there(item, touched) else (item.result.root,)
    return replace(item, cause=(*item.cause[:-1], (*_place(item), *root)))


def _place(item: Caused) -> tuple[str, int, int]:
    return item.result.file, item.result.line, item.result.column


def _end(item: Caused) -> Span:
    place = item.cause[-1]
    assert isinstance(place, Span)
    return place
