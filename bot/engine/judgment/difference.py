"""Base and head models matched by address: what stayed (and what of it changed), what goes, what comes.

Addresses of the head are first mapped to the base through `moved`. What Terraform moves by itself is no loss: a resource that gets or
loses `count` becomes or was its first instance
(https://developer.hashicorp.com/terraform/language/modules/develop/refactoring#enabling-count-or-for_each-for-a-resource). For a module
call it does not do so.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping

from msgspec import Struct

from bot.engine.changeset.moves import moved_address, moves_between
from bot.engine.facts import NO_FACTS
from bot.engine.facts.stateful import Stateful
from bot.engine.judgment.configured import Configured
from bot.engine.judgment.known_outside import KnownOutside
from bot.engine.judgment.losses import Loss, Losses
from bot.engine.judgment.reach import Reach
from bot.engine.judgment.values import Comparison
from bot.engine.model.match import Change
from bot.engine.model.resource import Mode, Model, Resource

FIRST = "[0]"


class Pair(Struct, frozen=True):
    """One resource on both sides."""

    before: Resource
    after: Resource


class Difference:
    """One root under one environment, before and after.

    `stateful`: the types that keep something. `changed`: the paths that the change touches; None where that is not known.
    `bases`: every root before that was read.
    """

    def __init__(
        self,
        base: Model,
        head: Model,
        stateful: Mapping[str, Stateful] = NO_FACTS.stateful,
        changed: Collection[str] | None = None,
        bases: tuple[Model, ...] = (),
    ) -> None:
        self.base = base
        self.bases = bases or (base,)
        self.head = head
        self.changed = changed
        self.stateful = stateful
        self.moves = moves_between([base], [head])
        self.pairs, gone, self.created = _matched(base, head, self.moves)
        self.names = {pair.after.address: pair.before.address for pair in self.pairs if pair.after.address != pair.before.address}
        self.comparison = Comparison(self.names)
        self.configured = Configured(base, head, self.comparison)
        self.known_outside = KnownOutside(base)
        self.reach = Reach(head, base)
        self.losses: tuple[Loss, ...] = tuple(Losses(base, head, gone, self.created, self.comparison).found())
        self._changes: dict[str, tuple[Change, ...]] = {}
        self._paired = {pair.after.address: pair.before for pair in self.pairs}
        self._olds = {(item.mode, item.address): item for item in base.resources}

    def former(self, item: Resource) -> Resource | None:
        """What a block of the head was on the base; None when it was not there."""
        if item.mode == "managed":
            return self._paired.get(item.address)
        return self._olds.get((item.mode, moved_address(item.address, self.moves)))

    def blocks(self, mode: Mode) -> Iterator[tuple[Resource | None, Resource]]:
        """The head's blocks of a mode, each with what it was on the base."""
        return ((self.former(item), item) for item in self.head.resources if item.mode == mode)

    def changes(self, pair: Pair) -> tuple[Change, ...]:
        """What changed in a resource that both sides have, in the order of paths."""
        address = pair.after.address
        if address not in self._changes:
            self._changes[address] = tuple(self.comparison.changes(pair.before.attributes, pair.after.attributes))
        return self._changes[address]


def differences(
    base: Iterable[Model],
    head: Iterable[Model],
    root_of: Mapping[str, str],
    stateful: Mapping[str, Stateful] = NO_FACTS.stateful,
    changed: Collection[str] | None = None,
) -> Iterator[Difference]:
    """A difference for each root and environment of the head that the base has too. `root_of`: head root → base root of a moved root.

    An environment that one side lacks is held against the root without variable file. A root that keeps a state and is gone is held
    against nothing.
    """
    bases = tuple(base)
    olds: dict[tuple[str, str | None], Model] = {(model.root, model.environment): model for model in bases if model.files}
    news = tuple(head)
    for model in news:
        root = root_of.get(model.root, model.root)
        former = olds.get((root, model.environment)) or olds.get((root, None))
        if former is not None and model.files:
            yield Difference(former, model, stateful, changed, bases)
    there = {root_of.get(model.root, model.root) for model in news if model.files}
    there |= {path.rpartition("/")[0] for model in news for path in model.files}
    for model in olds.values():
        if model.root not in there and _keeps_state(model):
            yield Difference(model, Model(model.root, model.environment, model.language, ()), stateful)


def _keeps_state(model: Model) -> bool:
    """Whether the root says where its state is: an example, or a module that nobody calls, does not."""
    own = (item for item in model.resources if item.mode == "terraform" and not item.calls)
    return any(name in item.attributes for item in own for name in ("backend", "cloud"))


def _matched(base: Model, head: Model, moves: Mapping[str, str]) -> tuple[tuple[Pair, ...], tuple[Resource, ...], tuple[Resource, ...]]:
    """Pairs, what the head lacks, what the base lacks."""
    olds = {item.address: item for item in base.resources if item.mode == "managed"}
    news = [(moved_address(item.address, moves), item) for item in head.resources if item.mode == "managed"]
    there = {address for address, _ in news}
    pairs: list[Pair] = []
    created: list[Resource] = []
    for address, item in news:
        former = next((name for name in _former(address, there) if name in olds), None)
        if former is None:
            created.append(item)
        else:
            pairs.append(Pair(olds.pop(former), item))
    return tuple(pairs), tuple(olds.values()), tuple(created)


def _former(address: str, there: set[str]) -> Iterator[str]:
    """The address itself, then the one that Terraform moves from by itself, unless something else has that one."""
    yield address
    implied = address.removesuffix(FIRST) if address.endswith(FIRST) else f"{address}{FIRST}"
    if implied not in there and (address.endswith(FIRST) or not address.endswith("]")):
        yield implied
