"""What texts are held against: the models of both sides, and the policy in force."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from msgspec import Struct

from bot.engine.facts import NO_FACTS, Facts
from bot.engine.model.resource import Model
from bot.engine.model.snapshot import Snapshot
from bot.engine.policy.dispatch import View
from bot.engine.policy.load import Policy


class Scene(Struct, frozen=True, eq=False):
    """`touched`: root and address of what the change makes or alters. `root_of`: head root → base root, where it was renamed.

    `snapshot`: None where an example of a rule is heard.
    """

    base: Sequence[Model]
    head: Sequence[Model]
    touched: frozenset[tuple[str, str]]
    policy: Policy
    views: Mapping[str, View]
    root_of: Mapping[str, str] = {}
    facts: Facts = NO_FACTS
    snapshot: Snapshot | None = None
