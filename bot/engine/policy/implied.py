"""Results that another one on the same subject already says, so that a reader is told once.

They are left out only after base and head are compared: a narrowing from every port to one is then still a narrowing.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import TypeAlias

from bot.engine.model.match import Match

Place: TypeAlias = tuple[str, str | None, str, str, str]


def implied(matches: Iterable[Match]) -> frozenset[int]:
    """The positions, in the order given, of matches whose rule is implied by a rule that is true of the same subject."""
    found = tuple(matches)
    told = {(match.rule.id, place(match)) for match in found if match.truth == "true"}
    return frozenset(at for at, match in enumerate(found) if any((rule, place(match)) in told for rule in match.rule.implied_by))


def place(match: Match) -> Place:
    """What a match is about: the root and environment, the resource, and the fact about it."""
    subject = match.subject
    return match.root or subject.resource.root, match.environment, subject.resource.address, subject.view, subject.path
