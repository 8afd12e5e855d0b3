"""A repository: refs over shared objects, commits and pushes, and the door to its pull requests, checks and rules."""

from __future__ import annotations

import itertools
from collections.abc import Iterable, Mapping, Sequence
from typing import TYPE_CHECKING, Any, NamedTuple

from bot.standin import shape
from bot.standin.git import Commit, FileChange, ObjectStore, Person, ancestors, between, changes, edit_tree, flatten, lookup, merge_base
from bot.standin.state import checks, events, issues, pulls, queue
from bot.standin.state.ids import locked
from bot.standin.state.rules import Rules

if TYPE_CHECKING:
    from threading import RLock

    from bot.standin.state.accounts import Account, Role
    from bot.standin.state.pulls import PullRequest
    from bot.standin.world import World

EMPTY_COMMIT = "0" * 40


class File(NamedTuple):
    """Content with a mode: `File(b"../x", 0o120000)` is a link; a submodule has the commit's id as content and mode 0o160000."""

    data: bytes
    mode: int = 0o100644


Content = str | bytes | File | None


class Repository(Rules):
    """`refs`: full name → commit. `store` is shared with all forks. `collaborators`: login → role."""

    def __init__(
        self, world: World, owner: Account, name: str, *, private: bool, default_branch: str, parent: Repository | None = None
    ) -> None:
        super().__init__()
        self.world, self.owner, self.name, self.private = world, owner, name, private
        self.id = world.ids.small()
        self.node_id = world.ids.node(self, self.id)
        self.default_branch, self.parent = default_branch, parent
        self.store: ObjectStore = parent.store if parent else ObjectStore()
        self.refs: dict[str, str] = {}
        self.created_at = self.updated_at = self.pushed_at = world.clock.moment()
        self.deleted = self.archived = False
        self.issues: dict[int, issues.Issue] = {}
        self.labels: dict[str, issues.Label] = {}
        self.collaborators: dict[str, Role] = {}
        self.contributors: set[str] = set()
        self.properties: dict[str, Any] = {}
        self.checks = checks.Checks(self)
        self.merge_groups: list[queue.MergeGroup] = []
        self._numbers = itertools.count(1)
        self._diffs: dict[tuple[str | None, str], tuple[FileChange, ...]] = {}

    @property
    def lock(self) -> RLock:
        return self.world.lock

    @property
    def full_name(self) -> str:
        return f"{self.owner.login}/{self.name}"

    @property
    def pulls(self) -> list[PullRequest]:
        return [issue for issue in self.issues.values() if isinstance(issue, pulls.PullRequest)]

    def next_number(self) -> int:
        return next(self._numbers)

    def pull(self, number: int) -> PullRequest | None:
        found = self.issues.get(number)
        return found if isinstance(found, pulls.PullRequest) else None

    # Reading

    def branch(self, name: str) -> str | None:
        return self.refs.get(f"refs/heads/{name}")

    def branches(self) -> dict[str, str]:
        return {ref[11:]: oid for ref, oid in self.refs.items() if ref.startswith("refs/heads/")}

    def resolve(self, name: str) -> str | None:
        """The commit a branch, tag, full ref, or object id (also abbreviated) stands for."""
        for ref in (f"refs/heads/{name}", f"refs/tags/{name}", f"refs/{name}", name):
            if ref in self.refs:
                return self.refs[ref]
        if name == "HEAD":
            return self.branch(self.default_branch)
        oid = name if len(name) == 40 else self.store.abbreviated(name) if len(name) >= 7 else None
        return oid if oid and self.store.is_commit(oid) else None

    def read(self, path: str, ref: str | None = None) -> bytes | None:
        """The bytes of a file, None when it is not there."""
        oid = self.resolve(ref or self.default_branch)
        entry = lookup(self.store, self.store.read_commit(oid).tree, path) if oid else None
        return self.store.data(entry.oid) if entry and entry.kind == "blob" else None

    def files(self, ref: str | None = None) -> dict[str, bytes]:
        oid = self.resolve(ref or self.default_branch)
        entries = flatten(self.store, self.store.read_commit(oid).tree) if oid else {}
        return {path: self.store.data(entry.oid) for path, entry in entries.items() if entry.kind == "blob"}

    def commit_of(self, oid: str) -> Commit:
        return self.store.read_commit(oid)

    def diff(self, base: str | None, head: str) -> tuple[FileChange, ...]:
        """Changed files between two commits, base None for the empty tree."""
        if (base, head) not in self._diffs:
            old = self.store.read_commit(base).tree if base else None
            self._diffs[base, head] = changes(self.store, old, self.store.read_commit(head).tree)
        return self._diffs[base, head]

    def merge_base(self, one: str, other: str) -> str | None:
        return merge_base(self.store, one, other)

    def between(self, base: str, head: str) -> list[str]:
        """Commits of head that base has not, parents first."""
        return between(self.store, base, head)

    def own_changes(self, oid: str) -> tuple[FileChange, ...]:
        """What one commit changed against its first parent."""
        parents = self.commit_of(oid).parents
        return self.diff(parents[0] if parents else None, oid)

    def order(self, oid: str) -> tuple[int, int]:
        """Sorts commits by time, then by the length of their history."""
        commit = self.commit_of(oid)
        return commit.committer.when, len(ancestors(self.store, oid))

    # Writing

    def write_tree(self, base: str | None, files: Mapping[str, Content]) -> str:
        """A tree: that of a commit with some files set, or removed where the content is None."""
        edits: dict[str, tuple[int, str] | None] = {}
        for path, content in files.items():
            file = File(content.encode()) if isinstance(content, str) else File(content) if isinstance(content, bytes) else content
            edits[path] = None if file is None else (file.mode, self._object(file))
        start = self.store.read_commit(base).tree if base else None
        return edit_tree(self.store, start, edits) or self.store.tree(())

    def _object(self, file: File) -> str:
        return file.data.decode() if file.mode == 0o160000 else self.store.blob(file.data)

    def write_commit(
        self, parents: Sequence[str], files: Mapping[str, Content], message: str, author: Person, committer: Person | None = None
    ) -> str:
        return self.store.commit(self.write_tree(parents[0] if parents else None, files), parents, author, message, committer)

    @locked
    def commit(
        self,
        files: Mapping[str, Content],
        *,
        message: str = "Change files",
        by: Account | None = None,
        branch: str | None = None,
        author: Person | None = None,
    ) -> str:
        """Commit on a branch (made from the default branch when new) and push it. Returns the commit's id."""
        name, account = branch or self.default_branch, by or self.owner
        parent = self.branch(name) or self.branch(self.default_branch)
        committer = account.person()
        oid = self.write_commit([parent] if parent else [], files, message, author or committer, committer)
        self.update_ref(f"refs/heads/{name}", oid, account)
        return oid

    @locked
    def update_ref(self, ref: str, oid: str | None, by: Account, *, forced: bool = False) -> None:
        """Move, make (new name) or delete (None) a ref: one push, with all it causes."""
        before = self.refs.get(ref)
        if before == oid:
            return
        if oid is None:
            del self.refs[ref]
        else:
            self.refs[ref] = oid
        self.pushed_at = self.updated_at = self.world.clock.moment()
        self.contributors.add(by.login)
        pushed = (before, oid)
        events.emit("push", None, self, by, lambda urls: shape.push(self, ref, pushed, by, urls, forced=forced))
        if ref.startswith("refs/heads/"):
            self._moved(ref[11:], before, oid, by)

    def _moved(self, branch: str, before: str | None, oid: str | None, by: Account) -> None:
        if oid is not None:
            self.checks.pushed(oid, branch, by)
            for pull in self.world.pulls_from(self, branch):
                pull.synchronise(before or EMPTY_COMMIT, oid, by)
            merged = ancestors(self.store, oid) if any(pull.base_ref == branch and pull.is_open for pull in self.pulls) else set()
            for pull in self.pulls:
                if pull.is_open and pull.base_ref == branch and pull.head_sha in merged and pull.head_sha != before:
                    pull.landed(by, oid)
        else:
            for pull in self.world.pulls_from(self, branch):
                pull.close(by)

    @locked
    def create_branch(self, name: str, start: str | None = None, by: Account | None = None) -> str:
        """A branch at a commit or branch (default: the default branch)."""
        oid = self.resolve(start or self.default_branch)
        if oid is None:
            raise ValueError(f"{start} names no commit of {self.full_name}")
        self.update_ref(f"refs/heads/{name}", oid, by or self.owner)
        return oid

    @locked
    def pull_request(  # noqa: PLR0913  # the words of a test
        self,
        branch: str,
        *,
        files: Mapping[str, Content] | None = None,
        by: Account | None = None,
        message: str = "Change files",
        title: str | None = None,
        body: str | None = None,
        base: str | None = None,
        draft: bool = False,
        head: Repository | None = None,
        author: Person | None = None,
    ) -> PullRequest:
        """Push files on a branch (of this repository, or of the fork `head`) and open a pull request from it."""
        source, account = head or self, by or self.owner
        if files is not None:
            source.commit(files, message=message, by=account, branch=branch, author=author)
        text = (title or message.split("\n", 1)[0], body)
        pull = pulls.PullRequest(self, account, text, (source, branch), base or self.default_branch)
        pull.draft = draft
        return pull.opened()

    @locked
    def issue(self, title: str, *, by: Account | None = None, body: str | None = None) -> issues.Issue:
        return issues.Issue(self, by or self.owner, title, body).opened()

    @locked
    def merge_group(self, members: Iterable[PullRequest], by: Account | None = None) -> queue.MergeGroup:
        """Put pull requests, in this order, into one group of the merge queue."""
        return queue.MergeGroup(self, list(members), by or self.owner).started()

    @locked
    def fork(self, by: Account, name: str | None = None) -> Repository:
        """Objects are shared with the parent: its pull requests' commits can be read through it."""
        copy = Repository(self.world, by, name or self.name, private=self.private, default_branch=self.default_branch, parent=self)
        copy.refs = {ref: oid for ref, oid in self.refs.items() if ref.startswith("refs/heads/")}
        self.world.add_repository(copy)
        return copy

    @locked
    def collaborator(self, account: Account, role: Role = "write") -> Account:
        known = account.login in self.collaborators
        self.collaborators[account.login] = role
        if not known:
            events.emit("member", "added", self, self.owner, lambda urls: {"member": shape.user(account, urls)})
        return account

    @locked
    def rename(self, name: str, by: Account | None = None) -> None:
        """The old name keeps redirecting (301)."""
        old = self.name
        self.world.rename(self, name)
        change = {"changes": {"repository": {"name": {"from": old}}}}
        events.emit("repository", "renamed", self, by or self.owner, lambda _: change)

    @locked
    def delete(self, by: Account | None = None) -> None:
        """A deleted fork leaves `head.repo` null on its pull requests."""
        events.emit("repository", "deleted", self, by or self.owner, lambda _: {})
        self.deleted = True
        self.world.forget(self)

    @locked
    def label(self, name: str, color: str = "ededed", description: str | None = None) -> issues.Label:
        if name.lower() not in self.labels:
            self.labels[name.lower()] = issues.Label(self, name, color, description)
        return self.labels[name.lower()]
