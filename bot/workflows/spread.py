"""What one delivery means for others: a new policy, a new installation, a closed pull request, a head that several share."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import msgspec
from msgspec.structs import replace

from bot.github.facts import PullRequest, RepositoryRef, Work
from bot.ledger import Delivery, Stored
from bot.workflows.landing import pushed_of
from bot.workflows.page import Parts

# Of an installation's events: those after which there is less to do, not more.
LESS = ("deleted", "suspend", "removed", "archived")


class Spread:
    """Finds the further work; raises `Refusal`. `stored` is told the name of each delivery that need not wait."""

    def __init__(self, parts: Parts, stored: Callable[[str], None]) -> None:
        self._parts, self._stored = parts, stored

    def spread(self, delivery: Stored, work: Work) -> int:
        """Stores a delivery of our own for each; how many there are. Their names follow from this one's, so none is stored twice."""
        return self.store(delivery.guid, tuple(self._found(work)))

    def store(self, guid: str, works: tuple[Work, ...]) -> int:
        """Stores further work of one delivery."""
        now = self._parts.now()
        for work in works:
            place = f"{work.repository_id}" if work.number is None else f"{work.repository_id}.{work.number}"
            background = work.trigger == "configuration"
            own = delivery_of(f"{guid[:60]}/{place}", work.trigger, work, background=background)
            if self._parts.ledger.deliveries.store(own, now) and not background:
                self._stored(own.guid)
        return len(works)

    def _found(self, work: Work) -> Iterator[Work]:
        if work.kind == "installation":
            if work.reason.rpartition(".")[2] not in LESS:
                yield from self._repositories(work)
        elif work.kind == "close":
            if work.number is not None:
                self._parts.ledger.questions.closed(work.repository_id, work.number)
            yield from self._sharing(work)
        elif work.kind == "configuration":
            if work.repository.endswith("/.github"):
                yield from self._repositories(work)
            pulls = self._pulls(replace(work, trigger="configuration"))
            yield from (found for found in pulls if work.base_ref in ("", found.base_ref))
        elif work.kind == "review":
            yield from (found for found in self._pulls(work) if found.head_sha == work.head_sha)

    def _repositories(self, work: Work) -> Iterator[Work]:
        for repository in self._parts.installations.reader(work.installation_id).repositories():
            if repository.id != work.repository_id or work.kind == "installation":
                self._parts.ledger.places.seen(repository.id, work.installation_id, repository.full_name, self._parts.now())
                yield Work("configuration", "configuration", work.installation_id, repository.id, repository.full_name)

    def _pulls(self, work: Work) -> Iterator[Work]:
        repository = RepositoryRef(work.repository_id, work.repository, work.installation_id)
        for pull in self._parts.installations.reader(work.installation_id).open_pulls(repository):
            yield _review(work, pull)

    def _sharing(self, work: Work) -> Iterator[Work]:
        """The check of the head showed the worst of all; without this one it may be better."""
        for number in sorted(self._parts.ledger.evaluations.numbers(work.repository_id, work.head_sha) - {work.number, 0}):
            yield replace(work, kind="review", trigger="sweep", number=number, reopened=True)


def delivery_of(guid: str, event: str, work: Work, *, digest: str = "", background: bool = False) -> Delivery:
    """The work as the ledger keeps it."""
    place = (work.kind, work.installation_id, work.repository_id, work.number)
    pusher = work.sender.id if work.pushed and work.sender else 0
    landed = pushed_of(work) if digest else {}
    default = work.landed is not None and work.landed.default
    return Delivery(guid, event, digest, *place, msgspec.msgpack.encode(work), background, pusher, work.head_sha, landed, default)


def _review(work: Work, pull: PullRequest) -> Work:
    place = (work.installation_id, work.repository_id, work.repository)
    return Work("review", work.trigger, *place, number=pull.number, head_sha=pull.head_sha, base_ref=pull.base_ref)
