"""What is replaced because of what is replaced: an argument that cannot change in place refers to what only a new resource will tell.

A plan shows such a value as known after apply, which is another value, and so another resource:
https://developer.hashicorp.com/terraform/language/resources/behavior
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping

from msgspec import Struct
from msgspec.structs import replace

from bot.engine.decisions.binding import digest
from bot.engine.judgment.difference import Difference, Pair
from bot.engine.judgment.guards import stops, value_of
from bot.engine.judgment.reaching import NAMED, reach
from bot.engine.judgment.replacement import ignored_paths, is_ignored
from bot.engine.model.match import Subject
from bot.engine.model.notice import Notice
from bot.engine.model.value import Known, Unknown, Value
from bot.engine.views.reading import constant, text, truth

CERTAIN = ("destroyed", "replaced")


class Consequence(Struct, frozen=True):
    """A resource of both sides that is replaced, the argument that forces it, what that refers to, and what it all began with."""

    pair: Pair
    path: str
    through: str
    root: str


def with_consequences(difference: Difference, found: tuple[Subject, ...]) -> Iterator[Subject]:
    """The facts, each with what it leads to. What others answer for is a fact of its own, at the place of its cause."""
    begun = {fact.resource.address: fact for fact in reversed(found) if _is_made_anew(fact)}
    led_to: dict[str, list[Consequence]] = defaultdict(list)
    for one in _consequences(difference, begun) if begun else ():
        led_to[one.root].append(one)
    instead = {one.pair.after.address for group in led_to.values() for one in group}
    for fact in found:
        address = fact.resource.address
        if address in instead:
            continue
        if begun.get(address) is not fact:
            yield fact
            continue
        of_the_same = [one for one in led_to[address] if _keeps(difference, one) == text(fact.attributes["keeps"])]
        yield _leading(fact, of_the_same)
        yield from (_by_itself(difference, one, fact) for one in led_to[address] if one not in of_the_same)


def _is_made_anew(fact: Subject) -> bool:
    action = fact.attributes["action"]
    return isinstance(action, Known) and action.raw in CERTAIN and truth(fact.attributes.get("anew")) is True


def _consequences(difference: Difference, begun: Mapping[str, Subject]) -> Iterator[Consequence]:
    """Step by step: what is led to leads on."""
    roots = dict(_names(difference, begun))
    pending = [pair for pair in difference.pairs if pair.after.address not in begun and pair.after.type in difference.stateful]
    step = True
    while step:
        found = [one for pair in pending if (one := _of(difference, pair, roots)) is not None]
        yield from found
        pending = [pair for pair in pending if all(one.pair is not pair for one in found)]
        roots |= {one.pair.after.address: one.root for one in found}
        step = bool(found)


def _names(difference: Difference, begun: Mapping[str, Subject]) -> Iterator[tuple[str, str]]:
    """What arguments call the things that are made anew → what each was: itself, and what takes its place. Of a block with several
    instances only those that are named: which one an unknown key means is not known."""
    blocks: dict[str, str] = {}
    for address, fact in begun.items():
        successor = fact.attributes.get("successor")
        blocks[fact.resource.definition] = address
        yield address, address
        if isinstance(successor, Known):
            yield str(successor.raw), address
    for item in difference.created:
        if item.definition in blocks:
            yield item.address, blocks[item.definition]


def _of(difference: Difference, pair: Pair, roots: Mapping[str, str]) -> Consequence | None:
    ignored = tuple(ignored_paths(pair.after))
    for fact in difference.stateful[pair.after.type].forces:
        path = fact.path.removesuffix(".*")
        if fact.certain and not is_ignored(path, ignored):
            through = next((ref for ref in _awaited(value_of(pair.after, path)) if ref in roots), None)
            if through is not None:
                return Consequence(pair, path, through, roots[through])
    return None


def _awaited(value: Value | None) -> Iterator[str]:
    """Addresses of what only a resource that is made will tell."""
    if isinstance(value, Unknown):
        yield from value.refs if value.reason == "computed" else ()
    elif isinstance(value, Known) and isinstance(value.raw, tuple):
        for item in value.raw:
            yield from _awaited(item)


def _keeps(difference: Difference, one: Consequence) -> str:
    return difference.stateful[one.pair.after.type].keeps


def _leading(fact: Subject, led_to: list[Consequence]) -> Subject:
    """The fact, told of the first few and resting on all of them."""
    if not led_to or fact.cause is None:
        return fact
    more = (Notice("replaced-through-more", {"n": len(led_to) - NAMED}),) if len(led_to) > NAMED else ()
    told = (*fact.cause.facts, *map(_notice, led_to[:NAMED]), *more)
    rests = (*fact.cause.rests, digest(sorted((one.pair.after.address, one.path) for one in led_to)))
    return replace(fact, cause=replace(fact.cause, facts=told, rests=rests))


def _by_itself(difference: Difference, one: Consequence, root: Subject) -> Subject:
    """A replacement at the place of its cause, with the cause's change."""
    item, facts = one.pair.after, difference.stateful[one.pair.after.type]
    assert root.cause is not None
    told = (_notice(one), *stops(one.pair.before, facts, item), *reach(difference, item))
    words: dict[str, str | bool] = {"action": "replaced", "how": "argument", "anew": True, "by": one.path, "keeps": facts.keeps}
    words |= {"kind": facts.kind.replace("-", " ")}
    attributes: dict[str, Value] = {name: constant(value, root.span) for name, value in words.items()}
    cause = replace(root.cause, gone=False, facts=told)
    return Subject(replace(item, span=root.span, calls=()), attributes, root.span, root.view, root.path, cause)


def _notice(one: Consequence) -> Notice:
    return Notice("replaced-through", {"resource": one.pair.after.address, "path": one.path, "through": one.through})
