"""View `loss`: what is destroyed that keeps something, whether its block goes or a change replaces it.

Fields: `action` (`destroyed`, `replaced`, `may-be-replaced`, `abandoned` with its root, `left-behind` under another configuration of its
provider; unknown where it cannot be told), `keeps` and `kind` of the type, `how` (`block`, `call`, `instance`, `call-instance`, `renamed`,
`root`, `argument`, `provider`), `anew` (whether the same block makes another in its place), `by` (the argument that forces),
the address that has the same values now (`successor`) and, of an identity that is made anew, whether others may name it (`named`).
"""

from __future__ import annotations

from collections.abc import Iterator
from posixpath import dirname

from msgspec.structs import replace

from bot.engine.facts.stateful import Stateful
from bot.engine.judgment.consequences import with_consequences
from bot.engine.judgment.custody import moved_region
from bot.engine.judgment.difference import Difference, Pair
from bot.engine.judgment.guards import stops
from bot.engine.judgment.losses import Loss
from bot.engine.judgment.reaching import reach
from bot.engine.judgment.replacement import Forced, forced
from bot.engine.judgment.subjects import place_of, placed, subject
from bot.engine.model.match import Cause, Change, Subject
from bot.engine.model.notice import Notice
from bot.engine.model.resource import Resource
from bot.engine.model.value import Unknown, plain

FIELDS = ("action", "keeps", "kind", "how", "anew", "by", "successor", "named")
IDENTITIES = ("identity", "role")
_IDENTITIES_KEY = ("loss", "identities")  # those of one change are one question


def losses(difference: Difference) -> Iterator[Subject]:
    """A fact for each resource instance that keeps something and is, or may be, destroyed, and for what that leads to."""
    yield from with_consequences(difference, tuple(_first(difference)))


def _first(difference: Difference) -> Iterator[Subject]:
    """What the change itself does."""
    for loss in difference.losses:
        facts = difference.stateful.get(loss.resource.type)
        if facts is not None:
            yield _destroyed(difference, loss, facts)
    for pair in difference.pairs:
        facts = difference.stateful.get(pair.after.type)
        if facts is not None:
            yield from _uncertain(difference, pair, facts)
            found = forced(pair.after, _written_out(difference, pair), facts)
            if found:
                yield _replaced(difference, pair, facts, found)
            yield from _left_behind(difference, pair, facts)


def _written_out(difference: Difference, pair: Pair) -> Iterator[Change]:
    """What changed; a place that is written at the resource only now is held against that of its configuration."""
    for change in difference.changes(pair):
        place = difference.configured.place(pair.before, change.path) if change.before is None else None
        yield change if place is None else replace(change, before=place)


def _destroyed(difference: Difference, loss: Loss, facts: Stateful) -> Subject:
    place = loss.place
    item = loss.resource if loss.gone else replace(loss.resource, span=place, calls=())
    cause = Cause(
        Change("", None, loss.uncertain),
        key=_IDENTITIES_KEY if loss.anew and facts.kind in IDENTITIES else _key(loss),
        gone=loss.gone,
        facts=(*_successor(loss), *stops(item, facts), *reach(difference, item)),
    )
    known = "abandoned" if loss.how == "root" else "destroyed"
    action = known if loss.uncertain is None else placed(loss.uncertain, place)
    what: dict[str, str | bool | None] = {"how": loss.how, "anew": loss.anew, "successor": loss.successor or None}
    return subject("loss", item, place, cause, action=action, **what, **_kept(difference, loss.resource, facts))


def _replaced(difference: Difference, pair: Pair, facts: Stateful, found: tuple[Forced, ...]) -> Subject:
    first = found[0]
    place = place_of(first.change.after, pair.after)
    others = tuple(Notice("also-forces", {"path": item.change.path}) for item in found[1:] if item.certain)
    key = _IDENTITIES_KEY if facts.kind in IDENTITIES else moved_region("loss", pair.after, first.change)
    told = (*others, *stops(pair.before, facts, pair.after), *reach(difference, pair.after))
    cause = Cause(first.change, key=key, facts=told)
    action = first.unknown or ("replaced" if first.certain else "may-be-replaced")
    kept = _kept(difference, pair.before, facts)
    return subject("loss", pair.after, place, cause, action=action, how="argument", anew=True, by=first.change.path, **kept)


def _uncertain(difference: Difference, pair: Pair, facts: Stateful) -> Iterator[Subject]:
    """A resource that was there for certain, and now is there for some value that is not known."""
    exists = pair.after.exists
    if exists is None or pair.before.exists is not None:
        return
    place = place_of(exists, pair.after)
    cause = Cause(Change("", None, exists), key=("exists", str(place)), facts=reach(difference, pair.after))
    yield subject("loss", pair.after, place, cause, action=exists, how="instance", **_kept(difference, pair.before, facts))


def _left_behind(difference: Difference, pair: Pair, facts: Stateful) -> Iterator[Subject]:
    """What is looked for under another configuration from now on: Terraform does not find it there, and makes another."""
    change = difference.configured.change(pair.before, pair.after)
    if change is None:
        return
    action = change.after if isinstance(change.after, Unknown) else "left-behind"
    # A configuration that is written outside of the tree is one thing that nobody can tell, whichever roots take it.
    root = "" if isinstance(change.after, Unknown) else pair.after.root
    key = ("provider", root, *(str(plain(side)) for side in (change.before, change.after) if side is not None))
    cause = Cause(change, key=key, facts=(*stops(pair.before, facts), *reach(difference, pair.after)))
    kept = _kept(difference, pair.before, facts)
    yield subject("loss", pair.after, pair.after.span, cause, action=action, how="provider", anew=True, by=change.path, **kept)


def _key(loss: Loss) -> tuple[str, ...]:
    """The blocks and calls that go from one directory are one question, whatever roots call it; so are the instances of one block, of one
    call, and the roots that go from one directory."""
    if loss.how == "root":
        return loss.how, dirname(loss.resource.root)
    if loss.how in ("block", "call") and loss.gone:
        return "gone", dirname(loss.place.path)
    return loss.how, str(loss.resource.span if loss.how == "renamed" else loss.place)


def _kept(difference: Difference, item: Resource, facts: Stateful) -> dict[str, str | bool]:
    kept: dict[str, str | bool] = {"keeps": facts.keeps, "kind": facts.kind.replace("-", " ")}
    return kept | {"named": difference.known_outside.is_known(item)} if facts.kind in IDENTITIES else kept


def _successor(loss: Loss) -> tuple[Notice, ...]:
    return (Notice("successor", {"from": loss.resource.address, "to": loss.successor}),) if loss.successor else ()
