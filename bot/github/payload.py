"""The parts of a delivery's payload that we read, with the form they must have; everything else may be anything.

GitHub adds fields, events and actions without notice, and its own examples do not all fit its own schema: only what is used is checked.
https://docs.github.com/en/webhooks/webhook-events-and-payloads
"""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Any

from msgspec import Meta, Struct

from bot.github.facts import Account

Number = Annotated[int, Meta(ge=1, le=2**63 - 1)]
# Of SHA-1 or SHA-256: it goes into paths.
Sha = Annotated[str, Meta(pattern=r"^[0-9a-f]{40}([0-9a-f]{24})?\Z")]
FullName = Annotated[str, Meta(pattern=r"^(?!\.{1,2}/)[A-Za-z0-9_.-]{1,100}/(?!\.{1,2}\Z)[A-Za-z0-9_.-]{1,100}\Z")]
Ref = Annotated[str, Meta(min_length=1, max_length=1000)]


class Sender(Struct, frozen=True):
    id: int = 0
    login: str = ""
    type: str = "Unknown"

    def account(self) -> Account:
        return Account(self.id, self.login, self.type if self.type in ("User", "Bot", "Organization", "Mannequin") else "Unknown")  # type: ignore[arg-type]  # one of the kinds


class InstallationRef(Struct, frozen=True):
    id: Number


class Repository(Struct, frozen=True):
    id: Number
    full_name: FullName
    default_branch: str = ""

    @property
    def is_the_organisations(self) -> bool:
        """Whether it is `<org>/.github`."""
        return self.full_name.endswith("/.github")


class Nothing(Struct, frozen=True):
    """Any object."""


class Payload(Struct, frozen=True):
    """What nearly every event has."""

    action: str = ""
    installation: InstallationRef | None = None
    repository: Repository | None = None
    sender: Sender | None = None


class End(Struct, frozen=True):
    """One end of a pull request. Its repository is not read: it is null when the fork is gone."""

    sha: Sha
    ref: Ref


class Pull(Struct, frozen=True):
    number: Number
    head: End
    base: End
    state: str = "open"
    merged: bool | None = None
    merge_commit_sha: Sha | None = None


class PullRequestPayload(Payload, frozen=True, kw_only=True):
    pull_request: Pull
    changes: dict[str, Any] = {}


class OwningApp(Struct, frozen=True):
    id: int = 0
    client_id: str | None = None

    def is_app(self, app: int | str) -> bool:
        return str(app) in (str(self.id), self.client_id)


class Place(Struct, frozen=True):
    repo: InstallationRef | None = None


class PullOfSuite(Struct, frozen=True):
    """A pull request of a suite. Its base may be in another repository than the suite's."""

    number: Number
    base: Place | None = None


class Suite(Struct, frozen=True):
    """`pull_requests` is empty and `head_branch` null when the head is in a fork."""

    head_sha: Sha
    head_branch: str | None = None
    app: OwningApp | None = None
    pull_requests: tuple[PullOfSuite, ...] = ()


class SuitePayload(Payload, frozen=True, kw_only=True):
    check_suite: Suite


class BranchOfSuite(Struct, frozen=True):
    head_branch: str | None = None


class Run(Struct, frozen=True):
    head_sha: Sha
    app: OwningApp | None = None
    check_suite: BranchOfSuite | None = None
    pull_requests: tuple[PullOfSuite, ...] = ()


class RunPayload(Payload, frozen=True, kw_only=True):
    check_run: Run


class Group(Struct, frozen=True):
    head_sha: Sha
    head_ref: Ref
    base_sha: Sha
    base_ref: Ref


class GroupPayload(Payload, frozen=True, kw_only=True):
    merge_group: Group


class Pushed(Struct, frozen=True):
    id: str = ""
    added: tuple[str, ...] = ()
    modified: tuple[str, ...] = ()
    removed: tuple[str, ...] = ()


class Tip(Struct, frozen=True):
    """The newest commit of a push; null where the branch is gone."""

    tree_id: str = ""


class PushPayload(Payload, frozen=True, kw_only=True):
    ref: Ref
    after: Sha
    before: Sha | None = None
    forced: bool = False
    head_commit: Tip | None = None
    commits: tuple[Pushed, ...] = ()


class Issue(Struct, frozen=True):
    """`pull_request` is there when the issue is one."""

    number: Number
    state: str = "open"
    pull_request: Any = None


class Comment(Struct, frozen=True):
    """A comment in the conversation or at a line of the diff. `in_reply_to_id`: the first of its thread, where it is a reply."""

    id: Number
    created_at: datetime
    updated_at: datetime | None = None
    body: str | None = None
    in_reply_to_id: int | None = None


class CommentPayload(Payload, frozen=True, kw_only=True):
    comment: Comment
    issue: Issue


class ReviewCommentPayload(Payload, frozen=True, kw_only=True):
    comment: Comment
    pull_request: Pull


class Review(Struct, frozen=True):
    """`state`: approved, changes_requested, commented, dismissed. `submitted_at` null: it is pending, and nobody else sees it."""

    id: Number
    state: str = ""
    body: str | None = None
    submitted_at: datetime | None = None


class ReviewPayload(Payload, frozen=True, kw_only=True):
    review: Review
    pull_request: Pull


class ChangesPayload(Payload, frozen=True, kw_only=True):
    changes: dict[str, Any] = {}


def without_nulls(value: Any) -> Any:
    """What is there, at any depth."""
    if isinstance(value, dict):
        return {name: without_nulls(inner) for name, inner in value.items() if inner is not None}
    return [without_nulls(inner) for inner in value] if isinstance(value, list) else value
