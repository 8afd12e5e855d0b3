"""What of a review goes into the repository's record, and the record's place that its check carries."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator

from bot.engine.model.snapshot import Snapshot
from bot.engine.model.verdict import Verdict
from bot.ledger import Grounds, Shown, pack
from bot.report.hidden import holds_secret
from bot.report.publication import Publication
from bot.report.record import recorded
from bot.workflows.page import Parts
from bot.workflows.terms import Terms, rules_digest
from bot.workflows.version import engine

FILES = ("configuration", "organisation", "branch_configuration", "waivers", "codeowners")


def grounds(parts: Parts, verdict: Verdict, found: Terms, base_tip: str, snapshot: Snapshot | None) -> Grounds:
    """What the verdict rested on, in digests, and the snapshot where there is one that may be kept."""
    used: dict[str, tuple[str, ...]] = {}
    for result in verdict.results:
        if result.suppression is not None and result.suppression.kind == "waiver":
            used[result.suppression.ref] = (*used.get(result.suppression.ref, ()), result.id)
    withheld = _withheld(parts, snapshot)
    kept = pack(snapshot) if snapshot and not withheld else None
    return Grounds(verdict.state, engine(), verdict.facts_digest, base_tip, governing(found.empty), used, kept, withheld)


def _withheld(parts: Parts, snapshot: Snapshot | None) -> str:
    """Why the snapshot is not kept: empty where it is. A secret that a change or its repository holds is stored nowhere."""
    if snapshot is None:
        return "no-verdict"
    if not parts.keeps_snapshots:
        return "disabled"
    return "sensitive" if any(map(holds_secret, _texts(snapshot))) else ""


def _texts(snapshot: Snapshot) -> Iterator[str]:
    for data in (*snapshot.blobs.values(), snapshot.patch):
        yield data.decode("utf-8", "replace")
    yield from (commit.message for commit in snapshot.commits)
    if snapshot.pull is not None:
        yield f"{snapshot.pull.title}\n{snapshot.pull.body}"


def governing(empty: Snapshot) -> dict[str, str]:
    """Part → digest of what governs; empty parts are left out."""
    digests = {name: hashlib.sha256(data).hexdigest() for name in FILES if (data := getattr(empty, name))}
    return {name: f"sha256:{digest}" for name, digest in (digests | {"rules": rules_digest(empty.policy)}).items()}


def witnessed(parts: Parts, repository_id: int, evaluation: int, publication: Publication) -> Publication:
    """With the place of the evaluation's own entry, so that it is the same however often it is published. One from before the record
    has none."""
    entry = parts.ledger.chain.of_row(repository_id, "evaluation", evaluation)
    return publication if entry is None else recorded(publication, entry.position, entry.digest, parts.words.phrases)


def shown(run: int, publication: Publication, written: Iterable[str]) -> Shown:
    """What GitHub was given."""
    return Shown(run, publication.conclusion, tuple(written))
