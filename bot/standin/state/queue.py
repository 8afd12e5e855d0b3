"""The merge queue: a group of pull requests merged onto each other on a branch of its own, checked as one."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal

from bot.standin import shape
from bot.standin.git import merge_trees
from bot.standin.state import events
from bot.standin.state.ids import locked

if TYPE_CHECKING:
    from threading import RLock

    from bot.standin.state.accounts import Account
    from bot.standin.state.pulls import PullRequest
    from bot.standin.state.repository import Repository

Reason = Literal["merged", "invalidated", "dequeued"]


class MergeGroup:
    """`head_sha` is what must be checked; the pull requests' own results do not count here."""

    def __init__(self, repo: Repository, members: list[PullRequest], by: Account) -> None:
        self.repository, self.members, self.by = repo, members, by
        self.base_ref = members[0].base_ref
        self.base_sha = members[0].base_tip
        self.head_sha = self._build()
        self.head_ref = f"refs/heads/gh-readonly-queue/{self.base_ref}/pr-{members[-1].number}-{self.base_sha}"
        self.reason: Reason | None = None

    @property
    def lock(self) -> RLock:
        return self.repository.lock

    def _build(self) -> str:
        repo, here = self.repository, self.base_sha
        for pull in self.members:
            base = repo.merge_base(here, pull.head_sha)
            old = repo.commit_of(base).tree if base else None
            tree = merge_trees(repo.store, old, repo.commit_of(here).tree, repo.commit_of(pull.head_sha).tree)
            if tree is None:
                raise ValueError(f"#{pull.number} conflicts in the queue")
            text = f"Merge pull request #{pull.number} from {pull.head_owner.login}/{pull.head_ref}\n\n{pull.title}"
            here = repo.store.commit(tree, [here, pull.head_sha], self.by.person(), text)
        return here

    def started(self) -> MergeGroup:
        self.repository.merge_groups.append(self)
        for pull in self.members:
            pull.queued = True
            pull.tell("enqueued", self.by)
        self.repository.update_ref(self.head_ref, self.head_sha, self.by)
        self._tell("checks_requested", {})
        return self

    def missing(self) -> list[str]:
        demands = self.repository.demands(self.base_ref)
        return self.repository.checks.missing(self.head_sha, demands.checks)

    @locked
    def settle(self, *, timed_out: bool = False) -> Reason | None:
        """What the queue does next: merge when the checks allow, eject when one failed (or time is up), else wait (None)."""
        missing = self.missing()
        if not missing:
            return self._end("merged")
        waiting = all(text.endswith((": queued", ": in_progress")) or "Expected" in text for text in missing)
        return None if waiting and not timed_out else self._end("invalidated")

    @locked
    def dequeue(self) -> None:
        self._end("dequeued")

    def _end(self, reason: Reason) -> Reason:
        self.reason = reason
        if reason == "merged":
            for pull in self.members:
                pull.merged_by = self.by
                pull.merge_commit_sha, pull.queued, pull.base_sha = self.head_sha, False, self.base_sha
                pull.close(self.by)
            self.repository.update_ref(f"refs/heads/{self.base_ref}", self.head_sha, self.by)
        else:
            for pull in self.members:
                pull.queued = False
                pull.tell("dequeued", self.by, {"reason": "CI_FAILURE" if reason == "invalidated" else "MANUAL"})
        self._tell("destroyed", {"reason": reason})
        self.repository.update_ref(self.head_ref, None, self.by)
        return reason

    def _tell(self, action: str, more: dict[str, str]) -> None:
        events.emit("merge_group", action, self.repository, self.by, lambda urls: {"merge_group": shape.merge_group(self, urls), **more})
