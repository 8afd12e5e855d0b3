"""Which changes of a resource make the provider destroy it and create another.

Facts: the providers' schemas (`ForceNew`, `RequiresReplace`), in `tables`. An argument that is added may repeat what the provider had
filled in, and one that is taken away leaves it: neither replaces for certain.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from msgspec import Struct

from bot.engine.facts.stateful import Forcing, Stateful
from bot.engine.judgment.subjects import unknown_of
from bot.engine.model.match import Change
from bot.engine.model.resource import Resource
from bot.engine.model.value import Known, Null, Unknown, Value, is_fully_known
from bot.engine.pattern import Pattern

MAX_DIGITS = 16
SIZES = Pattern(r"(?:^|[._])(?:size|storage|capacity|iops|throughput)|_(?:size|gb|gib)$")
PLACES = frozenset({"location", "region", "zone"})
NOTHING = ("", "false", "0")  # what SDKs take for not set: https://developer.hashicorp.com/terraform/plugin/sdkv2/schemas/schema-types


class Forced(Struct, frozen=True):
    """A change that replaces. `certain` is False where only the provider can tell; `unknown`: the value that decides is not known."""

    change: Change
    certain: bool = True
    unknown: Unknown | None = None


def forced(after: Resource, changes: Iterable[Change], facts: Stateful) -> tuple[Forced, ...]:
    """The changes that replace the resource, those that are certain first."""
    ignored = tuple(ignored_paths(after))
    found = [item for change in changes if not is_ignored(change.path, ignored) for item in _forced(change, facts.forces)]
    return tuple(sorted(found, key=lambda item: (item.unknown is not None, not item.certain, item.change.path)))


def ignored_paths(resource: Resource) -> Iterator[str]:
    """What `lifecycle.ignore_changes` names, without indices and keys; `all` for everything."""
    for block in _items(resource.attributes.get("lifecycle")):
        named = block.raw.get("ignore_changes") if isinstance(block, Known) and isinstance(block.raw, dict) else None
        for item in _items(named):
            if isinstance(item, Known):
                yield str(item.raw).partition("[")[0]


def is_ignored(path: str, ignored: Iterable[str]) -> bool:
    """Whether a change at the path is left alone."""
    return any(name in ("all", path) or path.startswith(f"{name}.") for name in ignored)


def _forced(change: Change, forces: Iterable[Forcing]) -> Iterator[Forced]:
    fact = next((item for item in forces if _covers(item.path, change.path)), None)
    if fact is None:
        yield from _inside_unknown(change, forces)
        return
    unknown = unknown_of(change)
    if _is_no_change(change, fact):
        return
    if unknown is not None:
        yield Forced(change, certain=False, unknown=unknown)
    else:
        yield Forced(change, certain=fact.certain and not (change.before is None and fact.computed))


def _inside_unknown(change: Change, forces: Iterable[Forcing]) -> Iterator[Forced]:
    """A block that is not known, where something inside it would force."""
    unknown = unknown_of(change)
    if unknown is not None and any(item.path.startswith(f"{change.path}.") for item in forces):
        yield Forced(change, certain=False, unknown=unknown)


def _covers(fact: str, path: str) -> bool:
    return path == fact or (fact.endswith(".*") and path.startswith(fact[:-1]))


def _is_no_change(change: Change, fact: Forcing) -> bool:
    """What the provider takes for the same: the default written out, and what it filled in left alone."""
    before, after = _told(change.before, fact), _told(change.after, fact)
    if change.after is None and fact.computed and fact.default is None:
        return True
    if before is None or after is None:
        return False
    if not fact.certain and _grows(fact.path, before, after):
        return True
    if fact.path.rpartition(".")[2] in PLACES:
        return before.replace(" ", "").lower() == after.replace(" ", "").lower()
    return before == after


def _grows(path: str, before: str, after: str) -> bool:
    """A disk that grows: where providers replace in some cases only, those are the ones where it shrinks."""
    if not SIZES.search(path) or not (before.isdecimal() and after.isdecimal()):
        return False
    return max(len(before), len(after)) < MAX_DIGITS and int(after) > int(before)


def _told(value: Value | None, fact: Forcing) -> str | None:
    """A value as text; what is not set is the default. None: no text can stand for it."""
    if value is None:
        return fact.default or ("" if not fact.computed else None)
    if not is_fully_known(value) or not isinstance(value, Known) or isinstance(value.raw, tuple | dict):
        return None
    text = str(value.raw).lower() if isinstance(value.raw, bool) else str(value.raw)
    return "" if fact.default is None and text in NOTHING else text


def _items(value: Value | None) -> tuple[Value, ...]:
    if value is None or isinstance(value, Null):
        return ()
    return value.raw if isinstance(value, Known) and isinstance(value.raw, tuple) else (value,)
