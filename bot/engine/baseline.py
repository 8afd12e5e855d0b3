"""Base and head compared: which matches are new, which are worse, which are as they were, which are gone.

A match belongs to a slot: rule, root, resource address (mapped to the base through `moved`), path of the judged fact.
Within a slot matches are told apart by their deciding values, never by index or line: a rule block inserted above an old
one changes nothing, and a head match that is no worse than some base match of its slot is not new.
"""

from __future__ import annotations

import hashlib
import json
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping

from msgspec import Struct
from msgspec.structs import replace

from bot.engine.changeset.moves import moved_address, moves_between
from bot.engine.model.match import Match
from bot.engine.model.resource import Model
from bot.engine.model.result import BaselineState
from bot.engine.model.value import Plain, plain
from bot.engine.policy.order import no_worse, no_worse_elsewhere, normalise

Slot = tuple[str, str, str, str]
MAX_PAIRS = 4_000
_ENCODER = json.JSONEncoder(sort_keys=True, separators=(",", ":"), default=str)  # `json.dumps` would make one for each call
_STRICTNESS = {"advice": 0, "judgment": 1, "violation": 2}


class Compared(Struct, frozen=True):
    """One match with its standing. For `absent` the match is the base's; `before` is the base match it replaces."""

    match: Match
    state: BaselineState
    id: str
    fingerprint: str
    before: Match | None = None


class Side(Struct, frozen=True):
    """What the policy found on one tree, with the models it found it on."""

    matches: tuple[Match, ...]
    models: tuple[Model, ...]


def compare(base: Side, head: Side, root_of: Mapping[str, str]) -> tuple[Compared, ...]:
    """Every head match with its state, and the base matches that are gone. `root_of`: head root → base root of a moved root."""
    moves = moves_between(base.models, head.models)
    olds = _by_slot(base.matches, {}, {})
    news = _by_slot(head.matches, root_of, moves)
    paired = [_compare_slot(slot, olds.get(slot, []), news.get(slot, [])) for slot in sorted(olds.keys() | news.keys())]
    compared = [item for items in paired for item in items]
    return _join_renamed(_join_rules(compared, olds, root_of, moves), base, head, root_of)


def normalised(match: Match) -> Plain:
    """The deciding values without order, place or spelling."""
    found = [normalise(item) for item in match.evidence]
    return sorted(found, key=_canonical) if len(found) > 1 else found


def worst_environment(matches: Iterable[Match]) -> tuple[Match, ...]:
    """One root's matches under all of its environments: equal ones once, and an undecided one only where none is decided.

    Their `content` is made here, once: comparing reads it many times.
    """
    by_place: dict[Slot, dict[str, Match]] = defaultdict(dict)
    for match in matches:
        place = (*_slot(match, {}, {})[:3], f"{match.subject.path}|{match.element}|{match.subject.span}")
        content = _canonical([match.truth, normalised(match)])
        by_place[place].setdefault(content, replace(match, content=content))
    kept: list[Match] = []
    for found in by_place.values():
        decided = [match for match in found.values() if match.truth == "true"]
        kept.extend(decided or found.values())
    return tuple(kept)


def _compare_slot(slot: Slot, old: list[Match], new: list[Match]) -> list[Compared]:
    equal: dict[str, list[Match]] = defaultdict(list)
    for item in reversed(old):
        equal[item.content].append(item)
    used: dict[int, Match] = {}
    out: list[Compared] = []
    unmatched: list[Match] = []
    for match in new:
        same = equal.get(match.content)
        if not same:
            unmatched.append(match)
            continue
        before = same.pop()
        used[id(before)] = before
        out.append(_compared(slot, match, "unchanged", before))
    remaining = [item for item in old if id(item) not in used]
    narrowed_from: set[int] = set()
    worse: list[Match] = []
    for match in unmatched:
        wider = _wider(match, remaining, tuple(used.values()), len(unmatched))
        if wider is None:
            worse.append(match)
            continue
        narrowed_from.add(id(wider))
        out.append(_compared(slot, match, "unchanged", wider))
    remaining = [item for item in remaining if id(item) not in narrowed_from]
    for position, match in enumerate(worse):
        before_it = remaining[position] if position < len(remaining) else None
        out.append(_compared(slot, match, "updated" if before_it else "new", before_it))
    out.extend(_compared(slot, match, "absent", match) for match in remaining[len(worse) :])
    return out


def _wider(match: Match, remaining: list[Match], used: tuple[Match, ...], rivals: int) -> Match | None:
    """A base match that the head match is no worse than. Beyond the limit of pairs none is looked for: the match then counts as worse."""
    if rivals * (len(remaining) + len(used)) > MAX_PAIRS:
        return None
    return next((item for item in (*remaining, *used) if _no_worse(match, item)), None)


def _no_worse(head: Match, base: Match) -> bool:
    return head.truth == "true" and base.truth == "true" and no_worse(head.evidence, base.evidence)


def _compared(slot: Slot, match: Match, state: BaselineState, before: Match | None) -> Compared:
    key = _digest(slot, match.element)
    return Compared(match, state, key, _digest(key, match.content), before)


def _slot(match: Match, root_of: Mapping[str, str], moves: Mapping[str, str]) -> Slot:
    resource = match.subject.resource
    root = root_of.get(resource.root, resource.root)
    return match.rule.id, root, moved_address(resource.address, moves), match.subject.view


def _by_slot(matches: Iterable[Match], root_of: Mapping[str, str], moves: Mapping[str, str]) -> dict[Slot, list[Match]]:
    slots: dict[Slot, list[Match]] = defaultdict(list)
    for match in matches:
        slots[_slot(match, root_of, moves)].append(match)
    return {slot: sorted(found, key=lambda match: match.content) for slot, found in slots.items()}


def _join_rules(
    compared: list[Compared], olds: Mapping[Slot, list[Match]], root_of: Mapping[str, str], moves: Mapping[str, str]
) -> list[Compared]:
    """A `new` match of one rule is `unchanged` where another rule, at least as strict, was true of values at least as bad.

    `every port` narrowed to port 22 is a narrowing although another rule names it now.
    """
    others: dict[tuple[str, ...], list[Match]] = defaultdict(list)
    for slot, found in olds.items():
        others[slot[1:]].extend(match for match in found if match.truth == "true")
    asking = Counter(_slot(item.match, root_of, moves)[1:] for item in compared if item.state == "new")
    for place, count in asking.items():
        del others[place][max(1, MAX_PAIRS // count) :]
    return [_narrowed(item, others[_slot(item.match, root_of, moves)[1:]]) if item.state == "new" else item for item in compared]


def _narrowed(item: Compared, others: list[Match]) -> Compared:
    match = item.match
    strict = _STRICTNESS[match.rule.disposition]
    for other in others if match.truth == "true" else ():
        if _STRICTNESS[other.rule.disposition] >= strict and no_worse_elsewhere(match.evidence, other.evidence):
            return Compared(match, "unchanged", item.id, item.fingerprint, other)
    return item


def _join_renamed(compared: list[Compared], base: Side, head: Side, root_of: Mapping[str, str]) -> tuple[Compared, ...]:
    """Joins a `new` match with an `absent` one when only the name of the resource or the key of its instance changed."""
    if not any(item.state == "absent" for item in compared):
        return tuple(compared)
    there = {(resource.root, resource.address) for model in base.models for resource in model.resources}
    here = {(root_of.get(resource.root, resource.root), resource.address) for model in head.models for resource in model.resources}
    gone: dict[str, list[Compared]] = defaultdict(list)
    bodies: dict[int, str] = {}
    for item in compared:
        if item.state == "absent" and _place(item, {}) not in here:
            for key in _names(item.match, bodies):
                gone[key].append(item)
    if not gone:
        return tuple(compared)
    joined: set[int] = set()
    out = [item if _place(item, root_of) in there or item.state != "new" else _renamed(item, gone, joined, bodies) for item in compared]
    return tuple(item for item in out if id(item) not in joined)


def _renamed(item: Compared, gone: Mapping[str, list[Compared]], joined: set[int], bodies: dict[int, str]) -> Compared:
    for key in _names(item.match, bodies):
        before = next((old for old in gone.get(key, ()) if id(old) not in joined), None)
        if before is not None:
            joined.add(id(before))
            return Compared(item.match, "unchanged", before.id, before.fingerprint, before.match)
    return item


def _place(item: Compared, root_of: Mapping[str, str]) -> tuple[str, str]:
    resource = item.match.subject.resource
    return root_of.get(resource.root, resource.root), resource.address


def _names(match: Match, bodies: dict[int, str]) -> tuple[str, str]:
    """What stays equal under another instance key, and under another name of a resource whose body is the same.

    `bodies` remembers the body of each resource, which may be large and have many matches.
    """
    resource = match.subject.resource
    content = [match.rule.id, resource.type, match.subject.view, match.content]
    body = bodies.get(id(resource))
    if body is None:
        body = bodies[id(resource)] = _digest({name: plain(value) for name, value in resource.attributes.items()})
    return _canonical([*content, resource.definition]), _canonical([*content, body])


def _canonical(value: object) -> str:
    return _ENCODER.encode(value)


def _digest(*parts: object) -> str:
    return hashlib.sha256(_canonical(parts).encode()).hexdigest()[:16]
