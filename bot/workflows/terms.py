"""What governs a repository now, and what governed it last, as the snapshot and the ledger need it."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from datetime import datetime
from functools import lru_cache
from typing import Any

import msgspec
from msgspec import Struct
from msgspec.structs import replace

from bot.engine.model.hold import Hold
from bot.engine.model.notice import Notice
from bot.engine.model.signal import Signals
from bot.engine.model.snapshot import Snapshot, Tree
from bot.engine.policy.governed import File, InForce, LastValid, governed
from bot.engine.policy.governed import Governing as Stands
from bot.github.facts import CodeOwnersFile, Governing, GoverningFile, RepositoryRef
from bot.ledger import Ledger

NOWHERE = Tree("", {})


class Shipped(Struct, frozen=True):
    """What came with the program: the files of the rules, what was made of them at installation (empty: nothing), the signals."""

    rules: dict[str, bytes]
    compiled: bytes = b""
    signals: Signals = Signals()


class Terms(Struct, frozen=True):
    """`empty`: the snapshot without the change, at level observe unless a file says otherwise. `key`: a digest of it without its time."""

    empty: Snapshot
    key: str
    in_force: InForce


def terms(repository: RepositoryRef, governing: Governing, shipped: Shipped, ledger: Ledger, now: datetime) -> Terms:
    """What is in force; the last valid versions are kept in the ledger."""
    scopes = (f"repository:{repository.id}", f"organisation:{repository.full_name.partition('/')[0].lower()}")
    own, organisation = (kept(ledger, scope) for scope in scopes)
    last = replace(own, organisation=organisation.organisation, rules=organisation.rules, policies=organisation.policies)
    found = governed(_stands(governing, now), last, shipped.rules, compiled=shipped.compiled)
    valid = found.valid
    of_repository = LastValid(configuration=valid.configuration, waivers=valid.waivers)
    of_organisation = LastValid(organisation=valid.organisation, rules=valid.rules, policies=valid.policies)
    for scope, before, after in zip(scopes, (own, organisation), (of_repository, of_organisation), strict=True):
        if before != after:
            ledger.places.keep(scope, msgspec.msgpack.encode(after), now)
    owning = _owning(governing.code_owners)
    bare = Snapshot(NOWHERE, NOWHERE, {}, shipped.rules, now, repository=repository.full_name, properties=governing.properties, **owning)
    holds = tuple(Hold(item.rule, item.since, item.reason, item.until) for item in ledger.holds.in_force(now))
    empty = found.onto(replace(bare, default_level="observe", signals=shipped.signals, holds=holds))
    if governing.code_owners.refused:
        unread = Notice("codeowners-unread", {"where": governing.code_owners.path, "reason": governing.code_owners.refused})
        empty = replace(empty, governance=(*empty.governance, unread))
    return Terms(empty, _key(empty), found)


def kept(ledger: Ledger, scope: str) -> LastValid:
    """What was in force last in `repository:ID` or `organisation:LOGIN`."""
    found = ledger.places.valid(scope)
    return LastValid() if found is None else msgspec.msgpack.decode(found, type=LastValid)


def _owning(found: CodeOwnersFile) -> dict[str, Any]:
    return {"codeowners": found.file.data if found.file else b"", "codeowners_path": found.path}


def _stands(governing: Governing, now: datetime) -> Stands:
    return Stands(
        now=now,
        configuration=_file(governing.configuration),
        waivers=_file(governing.waivers),
        organisation=_file(governing.organisation),
        organisation_seen=bool(governing.organisation_revision),
        rules=governing.rules,
        policies=_file(governing.policies),
        branch=_file(governing.branch),
        branch_name=governing.branch_name,
        unreadable=governing.unreadable,
    )


def _file(file: GoverningFile | None) -> File | None:
    return None if file is None else File(file.path, file.data)


def rules_digest(policy: Mapping[str, bytes]) -> str:
    """Of half a megabyte that is the same in nearly every review, so it is not made anew each time."""
    return _rules_digest(tuple(policy.items()))


@lru_cache(maxsize=16)
def _rules_digest(policy: tuple[tuple[str, bytes], ...]) -> str:
    return hashlib.sha256(msgspec.json.encode(dict(policy), order="sorted")).hexdigest()


def _key(empty: Snapshot) -> str:
    listed = replace(empty, now=datetime.min, policy={})  # noqa: DTZ901 - any fixed time
    return hashlib.sha256(msgspec.json.encode((listed, rules_digest(empty.policy)), order="sorted")).hexdigest()
