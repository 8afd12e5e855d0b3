"""What texts are held against: the models of both sides, and the policy in force."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

from msgspec import Struct

from bot.engine.facts import NO_FACTS, Facts
from bot.engine.judgment import Difference
from bot.engine.model.resource import Model
from bot.engine.model.snapshot import Snapshot
from bot.engine.policy.dispatch import View
from bot.engine.policy.load import Policy
from bot.engine.policy.policies import NO_CATALOGUE, Catalogue, load_policies

if TYPE_CHECKING:
    from bot.engine.cost.rows import Root


class Scene(Struct, frozen=True, eq=False):
    """`touched`: root and address of what the change makes or alters.

    `differing`: how the two sides differ, root by root. `priced`: the resources of both sides with their prices. `snapshot`: None where
    an example of a rule is heard.
    """

    base: Sequence[Model]
    head: Sequence[Model]
    touched: frozenset[tuple[str, str]]
    policy: Policy
    views: Mapping[str, View]
    differing: Sequence[Difference] = ()
    facts: Facts = NO_FACTS
    snapshot: Snapshot | None = None
    priced: Sequence[Root] = ()

    @property
    def commits(self) -> int:
        return 0 if self.snapshot is None else len(self.snapshot.commits)

    @property
    def catalogue(self) -> Catalogue:
        """The organisation's policies. Raises `ConfigurationError`: the edge checks them before."""
        return load_policies(self.snapshot.policies, self.snapshot.policies_path) if self.snapshot else NO_CATALOGUE
