"""Base and head compared: which matches are new, which are worse, which are as they were, which are gone.

A match belongs to a slot: rule, root, resource address (mapped to the base through `moved`), path of the judged fact.
Within a slot matches are told apart by their deciding values, never by index or line: a rule block inserted above an old
one changes nothing, and a head match that is no worse than some base match of its slot is not new.
"""

from __future__ import annotations

import hashlib
import json
from collections import defaultdict
from collections.abc import Iterable, Mapping

from msgspec import Struct

from bot.engine.model.match import Match
from bot.engine.model.resource import Model
from bot.engine.model.result import BaselineState
from bot.engine.model.value import Plain, plain
from bot.engine.policy.order import no_worse, normalise

Slot = tuple[str, str, str, str]


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
    moves = _moves(head.models)
    olds = _by_slot(base.matches, {}, {})
    news = _by_slot(head.matches, root_of, moves)
    paired = [_compare_slot(slot, olds.get(slot, []), news.get(slot, [])) for slot in sorted(olds.keys() | news.keys())]
    compared = [item for items in paired for item in items]
    return _join_renamed(compared, base, head, root_of)


def normalised(match: Match) -> Plain:
    """The deciding values without order, place or spelling."""
    return sorted((normalise(item) for item in match.evidence), key=_canonical)


def worst_environment(matches: Iterable[Match]) -> tuple[Match, ...]:
    """One root's matches under all of its environments: equal ones once, and an undecided one only where none is decided."""
    by_place: dict[Slot, dict[str, Match]] = defaultdict(dict)
    for match in matches:
        place = (*_slot(match, {}, {})[:3], f"{match.subject.path}|{match.element}|{match.subject.span}")
        by_place[place].setdefault(f"{match.truth}{_canonical(normalised(match))}", match)
    kept: list[Match] = []
    for found in by_place.values():
        decided = [match for match in found.values() if match.truth == "true"]
        kept.extend(decided or found.values())
    return tuple(kept)


def _compare_slot(slot: Slot, old: list[Match], new: list[Match]) -> list[Compared]:
    remaining = list(old)
    out: list[Compared] = []
    unmatched: list[Match] = []
    used: list[Match] = []
    for match in new:
        same = next((item for item in remaining if _same(match, item)), None)
        if same is None:
            unmatched.append(match)
            continue
        remaining.remove(same)
        used.append(same)
        out.append(_compared(slot, match, "unchanged", same))
    narrowed_from: list[Match] = []
    worse: list[Match] = []
    for match in unmatched:
        wider = next((item for item in (*remaining, *used) if _no_worse(match, item)), None)
        if wider is None:
            worse.append(match)
            continue
        narrowed_from.append(wider)
        out.append(_compared(slot, match, "unchanged", wider))
    remaining = [item for item in remaining if not any(item is wider for wider in narrowed_from)]
    for match in worse:
        before = remaining.pop(0) if remaining else None
        out.append(_compared(slot, match, "updated" if before else "new", before))
    out.extend(_compared(slot, match, "absent", match) for match in remaining)
    return out


def _same(head: Match, base: Match) -> bool:
    return head.truth == base.truth and normalised(head) == normalised(base)


def _no_worse(head: Match, base: Match) -> bool:
    return head.truth == "true" and base.truth == "true" and no_worse(head.evidence, base.evidence)


def _compared(slot: Slot, match: Match, state: BaselineState, before: Match | None) -> Compared:
    key = _digest(slot, match.element)
    return Compared(match, state, key, _digest(key, match.truth, normalised(match)), before)


def _slot(match: Match, root_of: Mapping[str, str], moves: Mapping[str, str]) -> Slot:
    resource = match.subject.resource
    root = root_of.get(resource.root, resource.root)
    return match.rule.id, root, moved_address(resource.address, moves), match.subject.view


def _by_slot(matches: Iterable[Match], root_of: Mapping[str, str], moves: Mapping[str, str]) -> dict[Slot, list[Match]]:
    slots: dict[Slot, list[Match]] = defaultdict(list)
    for match in matches:
        slots[_slot(match, root_of, moves)].append(match)
    return {slot: sorted(found, key=lambda match: _canonical([match.truth, normalised(match)])) for slot, found in slots.items()}


def _moves(models: Iterable[Model]) -> dict[str, str]:
    return {to: source for model in models for source, to in model.moves}


def moved_address(address: str, moves: Mapping[str, str]) -> str:
    """The address that a head address had on the base: the longest `moved` target that it is or lies in, followed through chains."""
    for _ in range(len(moves) + 1):
        target = max((to for to in moves if address == to or address.startswith((f"{to}.", f"{to}["))), key=len, default=None)
        if target is None:
            return address
        address = moves[target] + address[len(target) :]
    return address


def _join_renamed(compared: list[Compared], base: Side, head: Side, root_of: Mapping[str, str]) -> tuple[Compared, ...]:
    """Joins a `new` match with an `absent` one when only the name of the resource or the key of its instance changed."""
    there = {(resource.root, resource.address) for model in base.models for resource in model.resources}
    here = {(root_of.get(resource.root, resource.root), resource.address) for model in head.models for resource in model.resources}
    gone: dict[str, list[Compared]] = defaultdict(list)
    for item in compared:
        if item.state == "absent" and _place(item, {}) not in here:
            for key in _names(item.match):
                gone[key].append(item)
    joined: list[Compared] = []
    out = [item if _place(item, root_of) in there or item.state != "new" else _renamed(item, gone, joined) for item in compared]
    return tuple(item for item in out if not any(item is before for before in joined))


def _renamed(item: Compared, gone: Mapping[str, list[Compared]], joined: list[Compared]) -> Compared:
    for key in _names(item.match):
        before = next((old for old in gone.get(key, ()) if not any(old is taken for taken in joined)), None)
        if before is not None:
            joined.append(before)
            return Compared(item.match, "unchanged", before.id, before.fingerprint, before.match)
    return item


def _place(item: Compared, root_of: Mapping[str, str]) -> tuple[str, str]:
    resource = item.match.subject.resource
    return root_of.get(resource.root, resource.root), resource.address


def _names(match: Match) -> tuple[str, str]:
    """What stays equal under another instance key, and under another name of a resource whose body is the same."""
    resource = match.subject.resource
    content = [match.rule.id, resource.type, match.subject.view, match.truth, normalised(match)]
    body = {name: plain(value) for name, value in resource.attributes.items()}
    return _canonical([*content, resource.definition]), _canonical([*content, body])


def _canonical(value: object) -> str:
    return json.dumps(value, sort_keys=True, separators=(",", ":"), default=str)


def _digest(*parts: object) -> str:
    return hashlib.sha256(_canonical(parts).encode()).hexdigest()[:16]
