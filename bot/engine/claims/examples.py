"""What is said in the example of a rule, so that a rule on claims is proved by its own file like any other."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import UTC, datetime

from bot.engine.changeset.changes import changes
from bot.engine.claims.door import heard
from bot.engine.claims.scene import Scene
from bot.engine.facts import NO_FACTS, Facts
from bot.engine.judgment import Spoken
from bot.engine.model.resource import Model
from bot.engine.model.snapshot import Entry, PullText, Snapshot, Tree
from bot.engine.policy.examples import Example, Listen
from bot.engine.policy.load import Policy
from bot.engine.views import VIEWS

_NOW = datetime(2026, 1, 1, tzinfo=UTC)


def listening(policy: Policy, facts: Facts = NO_FACTS) -> Listen:
    """What hears an example under the rules of a policy; everything in its models counts as altered."""

    def listen(example: Example, base: Sequence[Model], head: Sequence[Model]) -> Iterable[Spoken]:
        taken = _snapshot(example)
        altered = frozenset((item.root, item.address) for model in head for item in model.resources)
        return heard(taken, changes(taken), Scene(base, head, altered, policy, VIEWS, facts=facts)).spoken

    return listen


def _snapshot(example: Example) -> Snapshot:
    """The texts of the example as a snapshot; a file is known by its side and path, or by its bytes where both sides have them."""
    before = example.before or {}
    ids = {path: path if before.get(path) == data else f"head/{path}" for path, data in example.files.items()}
    return Snapshot(
        base=Tree("base", {path: Entry(path) for path in before}),
        head=Tree("head", {path: Entry(oid) for path, oid in ids.items()}),
        blobs=before | {ids[path]: data for path, data in example.files.items()},
        policy={},
        now=_NOW,
        pull=PullText(title=example.title, body=example.body),
    )
