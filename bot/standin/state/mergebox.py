"""The merge box: may this pull request merge, and if not, what stands in the way."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from bot.standin.state import codeowners, merging
from bot.standin.state.accounts import RANK, Organisation, role_of

if TYPE_CHECKING:
    from bot.standin.state.accounts import Account
    from bot.standin.state.pulls import PullRequest
    from bot.standin.state.rules import Demands


@dataclass(frozen=True)
class Box:
    """`blockers`: sentences. `state`: GitHub's `mergeable_state`."""

    mergeable: bool
    state: str
    blockers: tuple[str, ...]

    def as_dict(self) -> dict[str, Any]:
        return {"mergeable": self.mergeable, "state": self.state, "blockers": list(self.blockers)}


def box(pull: PullRequest) -> Box:
    if not pull.is_open:
        return Box(mergeable=False, state="unknown", blockers=("merged" if pull.merged else "closed",))
    demands = pull.repository.demands(pull.base_ref)
    conflict = merging.test_merge(pull) is None
    behind = demands.strict and pull.merge_base != pull.base_tip
    rules = _rules(pull, demands)
    blockers = [
        *(["draft"] if pull.draft else []),
        *(["This branch has conflicts that must be resolved"] if conflict else []),
        *(["This branch is out-of-date with the base branch"] if behind else []),
        *rules,
    ]
    states = [("dirty", conflict), ("draft", pull.draft), ("blocked", bool(rules)), ("behind", behind), ("unstable", _unstable(pull))]
    return Box(not blockers, next((name for name, holds in states if holds), "clean"), tuple(blockers))


def _rules(pull: PullRequest, demands: Demands) -> list[str]:
    found = pull.repository.checks.missing(pull.head_sha, demands.checks)
    verdicts = standing(pull)
    able = [user for user, state in verdicts.items() if state == "APPROVED" and _counts(user, pull)]
    if len(able) < demands.approvals:
        found.append(f"At least {demands.approvals} approving review is required by reviewers with write access")
    if demands.approvals and any(state == "CHANGES_REQUESTED" and _counts(user, pull) for user, state in verdicts.items()):
        found.append("Changes requested")
    if demands.code_owners:
        found += [f"Review required from {owners}" for owners in _unapproved_owners(pull, able)]
    if demands.conversation_resolution and any(thread.resolved_by is None for thread in pull.threads):
        found.append("A conversation must be resolved before this pull request can be merged")
    return found


def standing(pull: PullRequest) -> dict[Account, str]:
    """Each reviewer's opinion in force: a mere comment does not replace it."""
    opinions: dict[Account, str] = {}
    for review in pull.reviews:
        if review.state in {"APPROVED", "CHANGES_REQUESTED", "DISMISSED"}:
            opinions[review.user] = review.state
    return opinions


def _counts(user: Account, pull: PullRequest) -> bool:
    return user is not pull.user and user.kind == "User" and RANK[role_of(user, pull.repository)] >= RANK["write"]


def _unapproved_owners(pull: PullRequest, approved: list[Account]) -> list[str]:
    found = codeowners.find(pull.repository, pull.base_tip)
    lines = codeowners.parse(found[1]) if found else []
    wanted = {owners for change in pull.changes if (owners := codeowners.owners_of(lines, change.path))}
    return [" or ".join(owners) for owners in sorted(wanted) if not any(_owns(user, owner, pull) for user in approved for owner in owners)]


def _owns(user: Account, owner: str, pull: PullRequest) -> bool:
    name = owner.removeprefix("@")
    organisation = pull.repository.owner
    if "/" in name and isinstance(organisation, Organisation):
        team = organisation.teams.get(name.split("/")[1])
        return team is not None and user.login in team.members
    return name.lower() in {user.login.lower(), user.email.lower()}


def _unstable(pull: PullRequest) -> bool:
    checks = pull.repository.checks
    runs = [run.conclusion not in {"success", "neutral", "skipped"} for run in checks.latest(pull.head_sha)]
    return any(runs) or any(status.state != "success" for status in checks.statuses_of(pull.head_sha))
