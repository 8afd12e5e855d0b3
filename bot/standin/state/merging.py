"""Merging: the test merge, and the merges a person can choose."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal

from bot.standin.git import merge_trees
from bot.standin.state.accounts import RANK, role_of

if TYPE_CHECKING:
    from bot.standin.state.accounts import Account
    from bot.standin.state.pulls import PullRequest


class Blocked(Exception):  # noqa: N818  # a state, not a fault of the program
    """The merge box refuses; the message is the first reason."""


def test_merge(pull: PullRequest) -> str | None:
    """The tree of base and head merged, None on conflict."""
    repo, base = pull.repository, pull.merge_base
    old = repo.commit_of(base).tree if base else None
    return merge_trees(repo.store, old, repo.commit_of(pull.base_tip).tree, repo.commit_of(pull.head_sha).tree)


def merge(pull: PullRequest, by: Account, how: Literal["merge", "squash", "rebase", "bypass"], message: str | None) -> str:
    """Returns the commit that the base branch now has."""
    _refuse(pull, by, bypass=how == "bypass")
    tree = test_merge(pull)
    if tree is None:
        raise Blocked("Pull Request is not mergeable")
    makers = {"squash": _squash, "rebase": _rebase}
    commit = makers.get(how, _merge)(pull, by, tree, message)
    pull.base_sha, pull.merged_by, pull.merge_commit_sha = pull.base_tip, by, commit
    pull.state = "closed"
    repo = pull.repository
    repo.update_ref(f"refs/heads/{pull.base_ref}", commit, by)
    pull.state = "open"
    pull.landed(by, commit)
    return commit


def _refuse(pull: PullRequest, by: Account, *, bypass: bool) -> None:
    if not pull.is_open:
        raise Blocked("Pull Request is not mergeable")
    blockers = pull.box().blockers
    hard = [text for text in blockers if text == "draft" or "conflicts" in text]
    if hard or (blockers and not (bypass and may_bypass(pull, by))):
        raise Blocked((hard or blockers)[0])
    if pull.repository.demands(pull.base_ref).merge_queue and not bypass:
        raise Blocked("Changes must be made through the merge queue")


def may_bypass(pull: PullRequest, by: Account) -> bool:
    demands = pull.repository.demands(pull.base_ref)
    administrator = RANK[role_of(by, pull.repository)] >= RANK["admin"]
    return by.login in demands.bypass or (administrator and not demands.admins_too)


def _merge(pull: PullRequest, by: Account, tree: str, message: str | None) -> str:
    text = message or f"Merge pull request #{pull.number} from {pull.head_owner.login}/{pull.head_ref}\n\n{pull.title}"
    return pull.repository.store.commit(tree, [pull.base_tip, pull.head_sha], by.person(), text)


def _squash(pull: PullRequest, by: Account, tree: str, message: str | None) -> str:
    text = message or f"{pull.title} (#{pull.number})"
    return pull.repository.store.commit(tree, [pull.base_tip], pull.user.person(), text, by.person())


def _rebase(pull: PullRequest, by: Account, _tree: str, _message: str | None) -> str:
    repo, here = pull.repository, pull.base_tip
    for oid in pull.commits:
        commit = repo.commit_of(oid)
        parent = repo.commit_of(commit.parents[0]).tree if commit.parents else None
        tree = merge_trees(repo.store, parent, repo.commit_of(here).tree, commit.tree)
        if tree is None:
            raise Blocked("This branch can't be rebased")
        here = repo.store.commit(tree, [here], commit.author, commit.message, by.person())
    return here
