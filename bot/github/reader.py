"""Reads an installation: pull requests, what governs them, and snapshots (`bot.github.protocols.Reader`)."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any
from urllib.parse import quote

from msgspec import Struct
from msgspec.structs import replace

from bot.engine.changeset.changes import changes as changed
from bot.engine.decisions.question import Person
from bot.engine.model.snapshot import PullText, Snapshot
from bot.github import conversation, people, queries
from bot.github.answers import decoded
from bot.github.branch import may_tighten, with_branch
from bot.github.cache import Cache, Memory
from bot.github.changes import Comparison, listed_files, short_of
from bot.github.facts import Account, Comment, CommentRef, Governing, Hands, Merge, MergeGroup, PullRequest, RepositoryRef, Review
from bot.github.governing import Governor, governed
from bot.github.graphql import refusal_in
from bot.github.protocols import Answered, Gateway, Look
from bot.github.pulls import Heads, Shown, Talk, pull_request, shown
from bot.github.refusal import Refusal
from bot.github.snapshots import Ends, Needs, Reading, with_all_files


class InstallationReader:
    """Reads through one installation's gateway. `memory`: shared by the readers of a process, and may live as long as it does.

    `own`: login of the App's account, by which its comments are told from those with a marker that somebody pasted.
    """

    def __init__(self, gateway: Gateway, memory: Memory | None = None, own: Callable[[], str] = str) -> None:
        self._gateway, self._cache, self._own = gateway, Cache(memory or Memory(), gateway.installation_id), own
        self._governor = Governor(gateway, self._cache)

    def look(self, repository: RepositoryRef, number: int) -> Look | None:
        """One call where there are at most 100 open pull requests, none shares the head, and the organisation's files are known."""
        answer = self._gateway.partly(queries.LOOK, {**self._governor.variables(repository), "number": number})
        if (there := _repository(repository, answer)) is None or answer.data["repository"].get("pullRequest") is None:
            return None
        row = answer.data["repository"]["pullRequest"]
        found, talk = shown(row), decoded(row, Talk)
        numbers = [other for page in self._heads(there, answer) for other in page.at(found.head_ref_oid) if other != number]
        sharing, governing = self._named(there, tuple(numbers)), self._governor.governing(there, answer)
        return Look(self._facts(found, there), sharing, self._tightened(there, governing, found.base_ref_name), talk.silent)

    def governing(self, repository: RepositoryRef, base: str = "") -> Governing:
        """What governs a change to the branch `base`. Raises `Refusal`, `not-found` for a repository that is gone."""
        answer = self._gateway.partly(queries.GOVERNING, self._governor.variables(repository))
        there = _repository(repository, answer)
        if there is None:
            raise Refusal("not-found", f"{repository.full_name} is not there")
        return self._tightened(there, self._governor.governing(there, answer), base or there.default_branch)

    def open_pulls(self, repository: RepositoryRef) -> tuple[PullRequest, ...]:
        """Every open pull request, oldest first, 50 a call."""
        found: list[PullRequest] = []
        after: str | None = None
        while True:
            answer = self._gateway.partly(queries.OPEN_PULLS, {**_names(repository), "after": after})
            if (there := _repository(repository, answer)) is None:
                return tuple(found)
            page = answer.data["repository"]["open"]
            found += [self._facts(shown(node), there) for node in page["nodes"] if node is not None]
            if not page["pageInfo"]["hasNextPage"]:
                return tuple(found)
            after = page["pageInfo"]["endCursor"]

    def merge(self, repository: RepositoryRef, number: int) -> Merge | None:
        """What the base branch got of a pull request; None where it is not merged or not there.

        REST tells it no more: https://docs.github.com/en/rest/about-the-rest-api/breaking-changes?apiVersion=2026-03-10
        """
        answer = self._gateway.partly(queries.MERGE, {**_names(repository), "number": number})
        pull = (answer.data.get("repository") or {}).get("pullRequest") or {}
        made = pull.get("mergeCommit")
        return Merge(str(made["oid"]), str(made["tree"]["oid"])) if made else None

    def protected(self, repository: RepositoryRef, branch: str) -> bool:
        try:
            return self._said_of_protection(repository, branch) is not False
        except Refusal as refusal:
            if refusal.passing:
                raise
            return refusal.kind != "not-found"

    def surely_protected(self, repository: RepositoryRef, branch: str) -> bool:
        try:
            return self._said_of_protection(repository, branch) is True
        except Refusal as refusal:
            if refusal.passing:
                raise
            return False

    def _said_of_protection(self, repository: RepositoryRef, branch: str) -> object:
        """https://docs.github.com/en/rest/branches/branches#get-a-branch: protection rules and rulesets both count there."""
        found = self._gateway.get(f"/repos/{repository.full_name}/branches/{quote(branch, safe='')}")
        return found.get("protected") if isinstance(found, dict) else None

    def parents(self, repository: RepositoryRef, sha: str) -> tuple[str, ...]:
        try:
            found = self._gateway.get(f"/repos/{repository.full_name}/commits/{quote(sha, safe='')}", {"per_page": 1})
        except Refusal as refusal:
            if refusal.passing:
                raise
            return ()
        return tuple(parent.sha for parent in decoded(found, _Commit).parents)

    def repositories(self) -> tuple[RepositoryRef, ...]:
        """The repositories that the installation covers."""
        rows = decoded(self._gateway.pages("/installation/repositories", {"per_page": 100}, key="repositories"), list[_Covered])
        return tuple(RepositoryRef(row.id, row.full_name, self._gateway.installation_id, row.default_branch) for row in rows)

    def snapshot(self, pull: PullRequest, empty: Snapshot, needs: Needs) -> Snapshot:
        """Raises `Refusal`: `not-found` when the head is gone, `unavailable` when less was read than GitHub counts."""
        reading = Reading(self._gateway, self._cache, pull.repository, Ends(pull.base_sha, pull.head_sha))
        comparison = reading.comparison()
        found = reading.trees(self._with_all_files(pull, comparison), empty, needs)
        count = len(changed(found)) + len(found.unfetched)  # of two files under one name, one is read
        if short_of(pull, comparison, count):
            counted = "counts no" if pull.changed_files is None else f"counts {pull.changed_files}"
            told = f"GitHub {counted} changed files, {count} were read"
            raise Refusal("unavailable", f"{pull.repository.full_name}#{pull.number}: {told}")
        return reading.contents(replace(found, pull=_said(pull)), needs)

    def merge_group(self, group: MergeGroup, empty: Snapshot, needs: Needs) -> Snapshot:
        """A merge group has no list of files of its own: beyond 300 what moved is told by equal contents."""
        reading = Reading(self._gateway, self._cache, group.repository, Ends(group.base_sha, group.head_sha))
        return reading.contents(reading.trees(reading.comparison(), empty, needs), needs)

    def comment(self, repository: RepositoryRef, ref: CommentRef) -> Comment | None:
        """One call."""
        return conversation.read(self._gateway, repository, ref)

    def reviews(self, repository: RepositoryRef, number: int) -> tuple[Review, ...]:
        """One call for a hundred."""
        return conversation.reviews(self._gateway, repository, number)

    def key_of_thread(self, repository: RepositoryRef, first: int) -> str:
        """One call."""
        return conversation.key_of_thread(self._gateway, repository, first, self._own())

    def person(self, repository: RepositoryRef, account: Account, owners: tuple[str, ...]) -> Person:
        """One call, and one for each team among the owners."""
        return people.person(self._gateway, repository, account, owners)

    def hands(self, pull: PullRequest) -> Hands:
        """Two calls up to a hundred commits."""
        return people.hands(self._gateway, pull)

    def _with_all_files(self, pull: PullRequest, comparison: Comparison) -> Comparison:
        if comparison.complete or not comparison.merge_base:
            return comparison
        return with_all_files(comparison, listed_files(self._gateway, pull.repository.full_name, pull.number))

    def _tightened(self, repository: RepositoryRef, governing: Governing, base: str) -> Governing:
        """Two calls more, or three, for another base than the default branch where that lists branches."""
        if base == repository.default_branch or not may_tighten(governing) or not self.protected(repository, base):
            return governing
        return with_branch(self._gateway, repository.full_name, governing, base)

    def _facts(self, found: Shown, repository: RepositoryRef) -> PullRequest:
        if (tree := found.head_tree()) is not None:
            self._cache.tree_of.put(found.head_ref_oid, tree)
        known = self._cache.comparisons.get((repository.id, found.base_ref_oid, found.head_ref_oid))
        return pull_request(found, repository, known.merge_base if known else "")

    def _heads(self, repository: RepositoryRef, answer: Answered) -> Iterator[Heads]:
        page = decoded(answer.data["repository"]["open"], Heads)
        yield page
        while page.after is not None:
            data = self._gateway.graphql(queries.OPEN_HEADS, {**_names(repository), "after": page.after})
            page = decoded(data["repository"]["open"], Heads)
            yield page

    def _named(self, repository: RepositoryRef, numbers: tuple[int, ...]) -> tuple[PullRequest, ...]:
        """Pull requests by number, in the same order."""
        if not numbers:
            return ()
        answer = self._gateway.partly(queries.pulls(numbers), _names(repository))
        _repository(repository, answer)
        rows = (answer.data["repository"].get(f"p{number}") for number in numbers)
        return tuple(self._facts(shown(row), repository) for row in rows if row is not None)


def _said(pull: PullRequest) -> PullText:
    return PullText(pull.author.login, pull.author.id or None, pull.body, pull.head_ref, pull.labels, pull.title)


class _Parent(Struct, frozen=True):
    sha: str


class _Commit(Struct, frozen=True):
    """https://docs.github.com/en/rest/commits/commits#get-a-commit; its files come in pages, which nobody needs here."""

    parents: tuple[_Parent, ...] = ()


class _Covered(Struct, frozen=True):
    id: int
    full_name: str
    default_branch: str = "main"


def _names(repository: RepositoryRef) -> dict[str, Any]:
    owner, _, name = repository.full_name.partition("/")
    return {"owner": owner, "name": name}


def _repository(repository: RepositoryRef, answer: Answered) -> RepositoryRef | None:
    """The repository as it is named now; None when it, or the pull request asked for, is gone or the name belongs to another one.

    Raises `Refusal` for errors that leave the answer without meaning. A fork that cannot be seen is like one that is gone.
    """
    for error in answer.errors:
        if governed(error) or error.path[-1:] == ("headRepository",):
            continue
        if error.kind != "NOT_FOUND":
            raise refusal_in((error,))
    there = answer.data.get("repository")
    if there is None or there.get("databaseId") not in (None, repository.id):  # null above 2^31, which an `Int` does not hold
        return None
    branch = (there.get("defaultBranchRef") or {}).get("name") or repository.default_branch
    return RepositoryRef(repository.id, there.get("nameWithOwner") or repository.full_name, repository.installation_id, branch)
