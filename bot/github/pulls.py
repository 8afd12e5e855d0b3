"""Pull requests as GraphQL shows them → facts."""

from __future__ import annotations

from datetime import datetime
from typing import Any, Literal, cast, get_args

from msgspec import UNSET, Struct, UnsetType

from bot.github.answers import decoded
from bot.github.facts import Account, PullRequest, RepositoryRef

Kind = Literal["User", "Bot", "Organization", "Mannequin", "Unknown"]
GHOST = Account(0, "ghost", "Unknown")  # whose account is gone


class Heads(Struct, frozen=True, rename="camel"):
    """One page of open pull requests: number and head of each, and the cursor of the next page (None: the last)."""

    nodes: list[_Head | None]
    page_info: _Page

    @property
    def after(self) -> str | None:
        return self.page_info.end_cursor if self.page_info.has_next_page else None

    def at(self, head: str) -> list[int]:
        """The numbers of those with this head."""
        return [node.number for node in self.nodes if node is not None and node.head_ref_oid == head]


class _Head(Struct, frozen=True, rename="camel"):
    number: int
    head_ref_oid: str


class _Page(Struct, frozen=True, rename="camel"):
    has_next_page: bool
    end_cursor: str | None = None


class _Author(Struct, frozen=True, rename={"kind": "__typename", "id": "databaseId"}):
    kind: str
    login: str
    id: int | None = None


class _Place(Struct, frozen=True, rename="camel"):
    name_with_owner: str


class _Oid(Struct, frozen=True):
    oid: str


class _Commit(Struct, frozen=True):
    oid: str
    tree: _Oid


class _Committed(Struct, frozen=True):
    commit: _Commit


class _Commits(Struct, frozen=True):
    nodes: list[_Committed | None]


class _Label(Struct, frozen=True):
    name: str


class _Labels(Struct, frozen=True):
    nodes: list[_Label | None]


class _Count(Struct, frozen=True, rename="camel"):
    total_count: int


class Talk(Struct, frozen=True, rename="camel"):
    """How much stands on a pull request: comments of its conversation, threads of its diff."""

    comments: _Count
    review_threads: _Count

    @property
    def silent(self) -> bool:
        return self.comments.total_count == self.review_threads.total_count == 0


class Shown(Struct, frozen=True, rename="camel"):
    """The fields of `queries.PULL`."""

    number: int
    state: Literal["OPEN", "CLOSED", "MERGED"]
    merged: bool
    is_draft: bool
    title: str
    body: str
    created_at: str
    head_ref_oid: str
    head_ref_name: str
    base_ref_oid: str
    base_ref_name: str
    commits: _Commits
    changed_files: int | UnsetType = UNSET  # GitHub always tells it; a server without GraphQL may not
    head_repository: _Place | None = None
    author: _Author | None = None
    labels: _Labels | None = None

    def head_tree(self) -> str | None:
        """The id of the head's tree, where the answer tells."""
        return next((item.commit.tree.oid for item in self.commits.nodes if item and item.commit.oid == self.head_ref_oid), None)


def shown(answer: Any) -> Shown:
    """One pull request of an answer."""
    return decoded(answer, Shown)


def pull_request(found: Shown, repository: RepositoryRef, merge_base: str = "") -> PullRequest:
    """The facts. `repository`: as it is named now."""
    return PullRequest(
        repository=repository,
        number=found.number,
        state="open" if found.state == "OPEN" else "closed",
        draft=found.is_draft,
        title=found.title,
        body=found.body,
        author=_account(found.author),
        head_sha=found.head_ref_oid,
        head_ref=found.head_ref_name,
        base_sha=found.base_ref_oid,
        base_ref=found.base_ref_name,
        head_repository=found.head_repository.name_with_owner if found.head_repository else None,
        changed_files=None if found.changed_files is UNSET else found.changed_files,
        created_at=datetime.fromisoformat(found.created_at),
        merged=found.merged,
        merge_base=merge_base,
        labels=tuple(label.name for label in found.labels.nodes if label) if found.labels else (),
    )


def _account(author: _Author | None) -> Account:
    """GraphQL leaves the suffix of a bot's login out; payloads and the other interface have it."""
    if author is None:
        return GHOST
    kind = cast("Kind", author.kind if author.kind in get_args(Kind) else "Unknown")
    suffix = "[bot]" if kind == "Bot" and not author.login.endswith("[bot]") else ""
    return Account(author.id or 0, author.login + suffix, kind)
