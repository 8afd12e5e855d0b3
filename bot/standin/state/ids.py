"""Ids: database numbers above 2³¹ as GitHub's are today, node ids that say their kind."""

import base64
import itertools
from collections.abc import Callable
from contextlib import AbstractContextManager
from functools import wraps
from typing import Concatenate, ParamSpec, Protocol, TypeVar, cast

PREFIXES = {
    "Account": "U",
    "Organisation": "O",
    "App": "A",
    "Repository": "R",
    "Issue": "I",
    "PullRequest": "PR",
    "IssueComment": "IC",
    "ReviewComment": "PRRC",
    "Review": "PRR",
    "Thread": "PRRT",
    "CheckRun": "CR",
    "CheckSuite": "CS",
    "Team": "T",
    "Installation": "MDIz",
    "Label": "LA",
    "Reaction": "REA",
    "Status": "SC",
    "Ruleset": "RRS",
}


class Ids:
    """Hands out numbers and remembers which object a node id names."""

    def __init__(self) -> None:
        self._numbers = itertools.count(2_400_000_001)
        self._small = itertools.count(1_000_001)
        self.nodes: dict[str, object] = {}

    def number(self) -> int:
        return next(self._numbers)

    def small(self) -> int:
        return next(self._small)

    def node(self, owner: object, number: int) -> str:
        prefix = PREFIXES[type(owner).__name__]
        name = f"{prefix}_kwDO{base64.urlsafe_b64encode(number.to_bytes(6, 'big')).decode()}"
        self.nodes[name] = owner
        return name


class Locked(Protocol):
    """Anything whose acts are serialised by the stand-in's one lock."""

    @property
    def lock(self) -> AbstractContextManager[bool]: ...


P = ParamSpec("P")
R = TypeVar("R")
S = TypeVar("S", bound=Locked)


def locked(act: Callable[Concatenate[S, P], R]) -> Callable[Concatenate[S, P], R]:
    """One act at a time: requests and the test's own calls share one lock."""

    @wraps(act)
    def inner(self: S, *args: P.args, **kwargs: P.kwargs) -> R:
        with self.lock:
            return act(self, *args, **kwargs)

    return cast("Callable[Concatenate[S, P], R]", inner)
