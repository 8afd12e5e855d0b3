"""Everything a verdict may depend on, gathered before anything is decided."""

from __future__ import annotations

from datetime import datetime

from msgspec import Struct

from bot.engine.model.decision import Decision
from bot.engine.model.hold import Hold
from bot.engine.model.notice import Notice
from bot.engine.model.plan import Plan
from bot.engine.model.resource import Limits
from bot.engine.model.result import Level
from bot.engine.model.signal import Signals
from bot.engine.model.trial import Trial

CONFIGURATION = (".github/countersign.yml", ".github/countersign.yaml")
POLICIES = "countersign/policies.yml"
WAIVERS = (".github/countersign-waivers.yml", ".github/countersign-waivers.yaml")


class Entry(Struct, frozen=True):
    """One file of a tree. `mode` is git's (100644, 100755, 120000 symlink, 160000 submodule); `oid` the blob's id."""

    oid: str
    mode: str = "100644"


class Tree(Struct, frozen=True):
    """The listing of one side. `revision`: commit or directory name, shown to the reader."""

    revision: str
    entries: dict[str, Entry]


class CommitText(Struct, frozen=True):
    """A commit's message and identities, as data."""

    sha: str
    message: str
    author_name: str = ""
    author_email: str = ""
    committer_name: str = ""
    committer_email: str = ""


class PullText(Struct, frozen=True):
    """What a pull request says beside its commits, as data. `user`: the login that opened it; `account`: its number, where it is told."""

    user: str = ""
    account: int | None = None
    body: str = ""
    head_ref: str = ""
    labels: tuple[str, ...] = ()
    title: str = ""


class Snapshot(Struct, frozen=True):
    """`blobs`: bytes by object id, of both sides. `renames`: head path → base path, as the edge found them.

    `patch`: the unified diff of base and head with three lines of context, as GitHub shows it. Files that it leaves out
    (GitHub shows no large ones; directories and working trees come without a patch) are compared from their blobs.

    `policy`: rule files by path (the part before `examples:`). `configuration` and `waivers`: bytes of the files in
    force, with their paths for messages; empty bytes mean there is none.
    `organisation`: the organisation's configuration, which may protect keys; `repository` (owner/name) and its custom `properties`
    choose among its entries. `branch_configuration`: of the protected branch that is the base, where the repository's configuration
    lists it; it may only tighten. `policies`: the organisation's catalogue of its policies. `governance`: what the edge found out about
    these files, for the reader of the verdict.
    `codeowners`: CODEOWNERS of the default branch, where a configuration makes owners of those that it names; without a path there is none.
    `plans`: of roots of the head, already without what they hide.
    `decisions`: the recorded answers that may bear on this change, oldest first. `numbers`: id of a result → the number that it was given
    on this pull request (`J-2`), which nothing else gets.
    `holds`: rules that the operator holds, by rule.
    `pull`: None for a change that is no pull request. `signals`: by which authorship is told; without them it is not.
    `trial`: what our own files, as the head has them, would have made of earlier verdicts; None where nothing was tried.
    `now`: an aware time. `unfetched`: paths that the edge could not supply, with the reason.
    """

    base: Tree
    head: Tree
    blobs: dict[str, bytes]
    policy: dict[str, bytes]
    now: datetime
    renames: dict[str, str] = {}
    patch: bytes = b""
    configuration: bytes = b""
    configuration_path: str = CONFIGURATION[0]
    organisation: bytes = b""
    organisation_path: str = "countersign/config.yml"
    branch_configuration: bytes = b""
    branch_configuration_path: str = ".github/countersign.yml"
    repository: str = ""
    properties: dict[str, str] = {}
    waivers: bytes = b""
    waivers_path: str = WAIVERS[0]
    policies: bytes = b""
    policies_path: str = POLICIES
    commits: tuple[CommitText, ...] = ()
    pull: PullText | None = None
    signals: Signals = Signals()
    unfetched: dict[str, str] = {}
    default_level: Level = "enforce"
    limits: Limits = Limits()
    governance: tuple[Notice, ...] = ()
    plans: tuple[Plan, ...] = ()
    decisions: tuple[Decision, ...] = ()
    numbers: dict[str, str] = {}
    holds: tuple[Hold, ...] = ()
    codeowners: bytes = b""
    codeowners_path: str = ""
    trial: Trial | None = None


# What a snapshot did not have once: where it is empty it is left out of the digest, so that older ones keep theirs.
LATER = ("codeowners", "codeowners_path", "trial")
