"""Plans that continuous integration uploads: taken in, and put to the review of the head that they were made for.

A plan is testimony: it may always add results. It settles what the code leaves open only when the workflow that made it stands on a
protected branch and the configuration lists it.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Callable, Iterator
from typing import Literal, TypeAlias

from msgspec import Struct, msgpack
from msgspec.structs import replace

from bot.confine import Died
from bot.engine.model.notice import Notice
from bot.engine.model.plan import Plan
from bot.engine.policy.precedence import Governance
from bot.github.facts import PullRequest, RepositoryRef, Work
from bot.github.protocols import Reader
from bot.github.workload import Run
from bot.ledger import UploadedPlan
from bot.workflows.page import Parts
from bot.workflows.spread import delivery_of

Fault: TypeAlias = Literal["not-a-pull", "not-ours", "not-a-root", "not-a-plan", "too-much"]
# https://docs.github.com/en/actions/reference/workflows-and-actions/events-that-trigger-workflows#pull_request
PULL = re.compile(r"refs/pull/([1-9][0-9]{0,8})/merge")
ROOT = re.compile(r"(?:[A-Za-z0-9_+~][A-Za-z0-9_.+~ -]*/)*[A-Za-z0-9_+~][A-Za-z0-9_.+~ -]*")
MAX_ROOT = 400
BRANCH = "refs/heads/"
PARENTS = 2  # of a merge commit: the base and the head


class NotTaken(Exception):  # noqa: N818 - about what was sent
    """`key`: of a phrase under `upload`; `detail`: what is wrong with the file."""

    def __init__(self, key: Fault, detail: str = "") -> None:
        super().__init__(key)
        self.key: Fault = key
        self.detail = detail


class Uploads:
    """Takes plans in. `stored` is told the delivery's name, so that a review begins soon."""

    def __init__(self, parts: Parts, stored: Callable[[str], None]) -> None:
        self._parts, self._stored = parts, stored

    def take(self, run: Run, root: str, data: bytes) -> int:
        """The number of the pull request that is reviewed with it. Raises `NotTaken`; what the plan hides is not stored."""
        found = PULL.fullmatch(run.ref)
        if found is None:
            raise NotTaken("not-a-pull", run.ref)
        directory = "" if root in ("", ".") else root.removeprefix("./").rstrip("/")
        if directory and (not ROOT.fullmatch(directory) or len(directory) > MAX_ROOT):
            raise NotTaken("not-a-root")
        installation = self._parts.ledger.places.installation(run.repository_id)
        if installation is None:
            raise NotTaken("not-ours", run.repository)
        number = int(found[1])
        plan = self._read(data, f"run {run.number}, attempt {run.attempt}", directory)
        now = self._parts.now()
        self._parts.ledger.plans.store(UploadedPlan(run.repository_id, number, directory, run.sha, run.workflow, plan), now)
        work = Work("review", "plan", installation, run.repository_id, run.repository, number=number)
        guid = f"plan/{run.number}.{run.attempt}/{hashlib.sha256(directory.encode() + plan).hexdigest()[:24]}"
        if self._parts.ledger.deliveries.store(delivery_of(guid, "plan", work), now):
            self._stored(guid)
        return number

    def _read(self, data: bytes, path: str, root: str) -> bytes:
        try:
            found = self._parts.evaluator.plan(data, path, root)
        except Died:
            raise NotTaken("too-much") from None
        if found.detail:
            raise NotTaken("not-a-plan", found.detail)
        return found.plan


class Planned(Struct, frozen=True):
    """What a review is put under. `digest`: of all of it, empty without plans. `notices`: for the reader, of plans for other heads."""

    plans: tuple[Plan, ...] = ()
    notices: tuple[Notice, ...] = ()
    digest: str = ""


def planned(parts: Parts, reader: Reader, pull: PullRequest, governance: Governance) -> Planned:
    """The plans of this head. Raises `Refusal` for what may pass."""
    stored = parts.ledger.plans.of(pull.repository.id, pull.number)
    if not stored:
        return Planned()
    placed = [_placed(parts, reader, pull, item) for item in stored]
    others = (item for item in placed if item.head != pull.head_sha)
    late = tuple(Notice("plan-other-head", {"root": item.root or ".", "head": item.head[:7]}) for item in others)
    plans = tuple(_trusting(placed, pull, reader, governance))
    return Planned(plans, late, hashlib.sha256(msgpack.encode((plans, late))).hexdigest())


def _placed(parts: Parts, reader: Reader, pull: PullRequest, item: UploadedPlan) -> UploadedPlan:
    """With the head that the merge commit is of, which GitHub tells once."""
    if item.head:
        return item
    parents = reader.parents(pull.repository, item.merged)
    head = parents[1] if len(parents) == PARENTS else "none"
    parts.ledger.plans.placed(item, head)
    return replace(item, head=head)


def _trusting(placed: list[UploadedPlan], pull: PullRequest, reader: Reader, governance: Governance) -> Iterator[Plan]:
    for item in placed:
        if item.head == pull.head_sha:
            plan = msgpack.decode(item.plan, type=Plan)
            yield replace(plan, trusted=item.workflow in governance.workflows and _protected(reader, pull.repository, item.workflow))


def _protected(reader: Reader, repository: RepositoryRef, workflow: str) -> bool:
    """Whether the branch that the workflow stands on is protected for certain."""
    path, _, ref = workflow.partition("@")
    owner, name, *_ = path.split("/")
    place = replace(repository, full_name=f"{owner}/{name}")
    return ref.startswith(BRANCH) and reader.surely_protected(place, ref.removeprefix(BRANCH))
