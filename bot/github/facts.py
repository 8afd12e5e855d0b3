"""What GitHub tells us, as values; nothing of PyGithub and no payload passes beyond this package."""

from __future__ import annotations

from datetime import datetime
from typing import Literal

from msgspec import Struct


class Account(Struct, frozen=True):
    """A user, bot or organisation. Compare by `id`, never by `login`."""

    id: int
    login: str
    kind: Literal["User", "Bot", "Organization", "Mannequin", "Unknown"] = "User"


class RepositoryRef(Struct, frozen=True):
    """A repository within an installation. `full_name` may change; `id` does not."""

    id: int
    full_name: str
    installation_id: int
    default_branch: str = "main"


class PullRequest(Struct, frozen=True):
    """A pull request as GitHub holds it now. `merge_base` is filled by the reader. `head_repository` is None for a deleted fork."""

    repository: RepositoryRef
    number: int
    state: Literal["open", "closed"]
    draft: bool
    title: str
    body: str
    author: Account
    head_sha: str
    head_ref: str
    base_sha: str
    base_ref: str
    head_repository: str | None
    changed_files: int | None
    created_at: datetime
    merged: bool = False
    merge_base: str = ""
    labels: tuple[str, ...] = ()


class CheckRun(Struct, frozen=True):
    """A check run of ours.

    `twins`: further runs of ours of the same name and head, oldest first; they are completed alike.
    `contested`: it was in progress already when this work began, so another process may be publishing too.
    """

    id: int
    name: str
    head_sha: str
    status: str
    conclusion: str | None
    external_id: str
    twins: tuple[int, ...] = ()
    contested: bool = False


class GoverningFile(Struct, frozen=True):
    """A file of the default branch or the organisation. `data` as it stands there."""

    path: str
    data: bytes


class CodeOwnersFile(Struct, frozen=True):
    """CODEOWNERS of the default branch. `file` None: there is none, or it was `refused`, and why, at `path`."""

    file: GoverningFile | None = None
    path: str = ""
    refused: str = ""


class Governing(Struct, frozen=True):
    """What the default branch and the organisation say; None where the file does not exist.

    `revision`, `organisation_revision`: the commits they were read at. `rules`, `policies`: of `<org>/.github`, below `countersign/`.
    `properties`: the repository's custom properties. `branch`: the configuration of the base `branch_name`, where that is protected and
    not the default branch. `code_owners`: where a configuration asks for them. `unreadable`: paths that are there and could not be
    read, with the reason (`BRANCH:PATH` of that branch). `default_branch`: its name.
    """

    revision: str = ""
    default_branch: str = ""
    configuration: GoverningFile | None = None
    waivers: GoverningFile | None = None
    organisation_revision: str = ""
    organisation: GoverningFile | None = None
    rules: dict[str, bytes] = {}
    policies: GoverningFile | None = None
    properties: dict[str, str] = {}
    branch: GoverningFile | None = None
    branch_name: str = ""
    code_owners: CodeOwnersFile = CodeOwnersFile()
    unreadable: dict[str, str] = {}


class MergeGroup(Struct, frozen=True):
    """A group of the merge queue: it has a base and a head, and no pull request of its own."""

    repository: RepositoryRef
    head_sha: str
    head_ref: str
    base_sha: str
    base_ref: str


class CommentRef(Struct, frozen=True):
    """Where a comment stands, and what it was when it was delivered: nothing of its text is taken from a delivery but that it begins
    like a command. `kind`: in the conversation, at a line of the diff, the text of a review, or that a review approves or ceased to;
    ids of each are numbered apart. `digest`: of its text. `state`: of a review (approved, changes_requested, commented, dismissed).
    `updated_at`: what it was last touched at then; one that was drafted in a review is touched when that is submitted.
    `thread`: the first comment of the thread in which it answers, None where it answers none.
    """

    kind: Literal["conversation", "diff", "review", "approval"]
    id: int
    created_at: datetime
    digest: str
    updated_at: datetime
    thread: int | None = None
    state: str = ""


class Comment(Struct, frozen=True):
    """A comment as it stands now. `through_app`: another App wrote it in the name of its author."""

    id: int
    author: Account
    body: str
    created_at: datetime
    updated_at: datetime
    through_app: bool = False


class Review(Struct, frozen=True):
    """A submitted review as it stands now. `state`: APPROVED, CHANGES_REQUESTED, COMMENTED, DISMISSED. `head`: the commit it was given on.

    https://docs.github.com/en/rest/pulls/reviews
    """

    id: int
    author: Account
    state: str
    head: str
    body: str
    submitted_at: datetime


class Hands(Struct, frozen=True):
    """Who had a hand in a pull request, as GitHub links them: account numbers. `complete` False: it lists fewer commits than there are.

    `shas`: of the listed commits, the oldest first. `assignees`: of the pull request, among them the person who set an agent to work.
    """

    committers: frozenset[int] = frozenset()
    co_authors: frozenset[int] = frozenset()
    assignees: frozenset[int] = frozenset()
    shas: tuple[str, ...] = ()
    complete: bool = True


class Landed(Struct, frozen=True):
    """What came into a branch, as a delivery tells it: a push, or a pull request that was merged. Not from whom: that is the sender.

    `branch`, `default`: the branch, and whether it is the default one. `after`: the commit it has now, or the one of the merge (empty:
    not told). `before`: the commit before a push, zeros for a branch that is new; `after` zeros: it is gone. `tree`: of `after`, where
    told. `commits`: ids of the pushed ones, the newest last, at most 250; `count`: how many there were.
    """

    kind: Literal["push", "merge"]
    branch: str
    default: bool
    after: str = ""
    before: str = ""
    tree: str = ""
    forced: bool = False
    commits: tuple[str, ...] = ()
    count: int = 0


class Merge(Struct, frozen=True):
    """What the base branch got of a merged pull request: the commit, the last one of a rebase, and its tree."""

    commit: str
    tree: str


Trigger = Literal["delivery", "command", "re-request", "configuration", "plan", "expiry", "sweep"]


class Work(Struct, frozen=True):
    """One thing to do, as the webhook or the sweep found it. `number`: the pull request; None for a merge group or a push.

    `kind`: review (evaluate and publish), command (answer `comment`), close (cancel), configuration (the default branch changed its
    policy), installation (repositories added or removed), lapse (tell of what lapses), ignore (nothing for us; `reason` says why).
    A review without `number` is a re-request that names only the head: it is for every open pull request with that head.
    A close without `number` ends a merge group. `reason` is also the word of a command (`accept`; `unknown` for any other; `approve` and
    `withdraw` for a review that holds none, and says or unsays by its state), and of an
    installation the event and its action (`installation.deleted`, `installation_repositories.added`, `repository.renamed`).
    `pushed`: the sender opened the pull request, reopened it or moved its head, and so had a hand in it; or pushed `head_sha` to a branch
    that may become one's head, of which nothing else is to be done.
    `landed`: what came into a branch by it.
    """

    kind: Literal["review", "command", "merge-group", "close", "configuration", "installation", "lapse", "ignore"]
    trigger: Trigger
    installation_id: int
    repository_id: int
    repository: str
    number: int | None = None
    head_sha: str = ""
    base_sha: str = ""
    base_ref: str = ""
    head_ref: str = ""
    sender: Account | None = None
    reopened: bool = False
    reason: str = ""
    pushed: bool = False
    comment: CommentRef | None = None
    landed: Landed | None = None
