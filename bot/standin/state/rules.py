"""Branch protection and rulesets: what a branch demands before a merge."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime
from fnmatch import fnmatchcase
from typing import TYPE_CHECKING, Literal, NamedTuple

if TYPE_CHECKING:
    from bot.standin.state.accounts import Account
    from bot.standin.state.repository import Repository
    from bot.standin.world import World

ANY_APP = -1


class RequiredCheck(NamedTuple):
    """`app_id` -1: whoever reports a check or status of that name."""

    context: str
    app_id: int = ANY_APP


@dataclass
class Protection:
    """Classic protection of one branch (a name or a pattern)."""

    pattern: str
    checks: tuple[RequiredCheck, ...] = ()
    strict: bool = False
    approvals: int = 0
    code_owners: bool = False
    conversation_resolution: bool = False
    enforce_admins: bool = False


@dataclass
class Ruleset:
    """`branches`: patterns, or `~DEFAULT_BRANCH`, `~ALL`. `bypass`: logins that may merge regardless."""

    repository: Repository
    name: str
    branches: tuple[str, ...]
    checks: tuple[RequiredCheck, ...] = ()
    enforcement: Literal["active", "evaluate", "disabled"] = "active"
    strict: bool = False
    approvals: int | None = None
    code_owners: bool = False
    conversation_resolution: bool = False
    merge_queue: bool = False
    bypass: frozenset[str] = frozenset()
    id: int = 0
    node_id: str = ""
    created_at: datetime | None = None

    def matches(self, branch: str) -> bool:
        return any(
            pattern == "~ALL"
            or (pattern == "~DEFAULT_BRANCH" and branch == self.repository.default_branch)
            or fnmatchcase(branch, pattern.removeprefix("refs/heads/"))
            for pattern in self.branches
        )


@dataclass
class Demands:
    """Everything that a branch asks for, protection and active rulesets together."""

    checks: set[RequiredCheck] = field(default_factory=set)
    strict: bool = False
    approvals: int = 0
    code_owners: bool = False
    conversation_resolution: bool = False
    merge_queue: bool = False
    admins_too: bool = False
    bypass: set[str] = field(default_factory=set)


class Rules:
    """The part of a repository that holds its rules."""

    world: World
    default_branch: str

    def __init__(self) -> None:
        self.protections: dict[str, Protection] = {}
        self.rulesets: dict[int, Ruleset] = {}

    def protect(  # noqa: PLR0913  # the words of a test
        self,
        pattern: str = "main",
        checks: Iterable[tuple[str, int]] = (),
        *,
        strict: bool = False,
        approvals: int = 0,
        code_owners: bool = False,
        conversation_resolution: bool = False,
        enforce_admins: bool = False,
    ) -> Protection:
        """Classic branch protection; `checks` are (name, App id or -1)."""
        required = tuple(RequiredCheck(*check) for check in checks)
        protection = Protection(pattern, required, strict, approvals, code_owners, conversation_resolution, enforce_admins)
        self.protections[pattern] = protection
        return protection

    def ruleset(  # noqa: PLR0913  # the words of a test
        self,
        name: str,
        checks: Iterable[tuple[str, int]] = (),
        *,
        branches: Iterable[str] = ("~DEFAULT_BRANCH",),
        enforcement: Literal["active", "evaluate", "disabled"] = "active",
        strict: bool = False,
        merge_queue: bool = False,
        bypass: Iterable[Account] = (),
    ) -> Ruleset:
        """A ruleset of the repository; `checks` are (name, integration id or -1)."""
        required = tuple(RequiredCheck(*check) for check in checks)
        names = frozenset(account.login for account in bypass)
        made = Ruleset(self, name, tuple(branches), required, enforcement, strict, merge_queue=merge_queue, bypass=names)  # type: ignore[arg-type]
        made.id = self.world.ids.small()
        made.node_id = self.world.ids.node(made, made.id)
        made.created_at = self.world.clock.moment()
        self.rulesets[made.id] = made
        return made

    def protection_of(self, branch: str) -> Protection | None:
        exact = self.protections.get(branch)
        return exact or next((rule for rule in self.protections.values() if fnmatchcase(branch, rule.pattern)), None)

    def active(self, branch: str) -> list[Ruleset]:
        return [ruleset for ruleset in self.rulesets.values() if ruleset.enforcement == "active" and ruleset.matches(branch)]

    def demands(self, branch: str) -> Demands:
        protection, total = self.protection_of(branch), Demands()
        if protection:
            total = Demands(
                set(protection.checks),
                protection.strict,
                protection.approvals,
                protection.code_owners,
                protection.conversation_resolution,
                admins_too=protection.enforce_admins,
            )
        for ruleset in self.active(branch):
            total.checks |= set(ruleset.checks)
            total.strict |= ruleset.strict
            total.approvals = max(total.approvals, ruleset.approvals or 0)
            total.code_owners |= ruleset.code_owners
            total.conversation_resolution |= ruleset.conversation_resolution
            total.merge_queue |= ruleset.merge_queue
            total.admins_too = True
            total.bypass |= ruleset.bypass
        return total
