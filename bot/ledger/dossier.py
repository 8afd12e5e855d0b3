"""Everything that the record has about one pull request, as JSON and as an in-toto statement."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import msgspec

from bot.ledger.entry import Entry, Head

# https://github.com/in-toto/attestation/blob/main/spec/v1/statement.md and digest_set.md: gitCommit and gitTree are git's own object ids.
STATEMENT = "https://in-toto.io/Statement/v1"
PREDICATE = "urn:countersign:verdict:v1"


def dossier(repository: tuple[int, str], number: int, entries: Sequence[Entry], verdict: Any, last: Head | None) -> dict[str, Any]:
    """Every entry with its digests, so that each can be checked alone. `verdict`: the last one as plain values, None where it is not kept.

    `repository`: number and name. `last`: the place of the whole record.
    """
    return {
        "repository": {"id": repository[0], "name": repository[1]},
        "pull": number,
        "record": _place(last),
        "entries": [_entry(entry) for entry in entries],
        "verdict": verdict,
    }


def statement(repository: tuple[int, str], number: int, entries: Sequence[Entry], last: Head | None) -> dict[str, Any] | None:
    """An in-toto Statement about the head that was evaluated last, and about what the base branch got of it. None without an evaluation."""
    evaluated = _last(entries, "evaluation")
    if evaluated is None or evaluated.content is None:
        return None
    told, merge = evaluated.told, _last(entries, "merge")
    landed = merge.told if merge else {}
    subject = [{"name": f"{repository[1]}#{number}", "digest": {"gitCommit": told.get("head")}}]
    if landed.get("head") == told.get("head"):
        names = {"commit": "gitCommit", "tree": "gitTree"}
        digests = {name: landed[field] for field, name in names.items() if landed.get(field)}
        subject += [{"name": f"{repository[1]}@{landed.get('branch')}", "digest": digests}] if digests else []
    predicate = {
        "repository": {"id": repository[0], "name": repository[1]},
        "pull": number,
        "verdict": {name: told.get(name) for name in ("conclusion", "state", "check_name", "merge_base", "base", "base_ref", "engine")},
        "evaluatedAt": evaluated.at,
        "digests": {name: told.get(f"{name}_digest") for name in ("snapshot", "policy", "facts")} | {"verdict": told.get("verdict")},
        "decisions": [_said(entry) for entry in entries if entry.kind == "decision"],
        "waivers": [entry.told for entry in entries if entry.kind == "waiver" and entry.row == evaluated.row],
        "bypasses": [_said(entry) for entry in entries if entry.kind == "bypass"],
        "merge": landed or None,
        "record": {"evaluation": _place(evaluated.head), "last": _place(last)},
    }
    return {"_type": STATEMENT, "subject": subject, "predicateType": PREDICATE, "predicate": predicate}


def _last(entries: Sequence[Entry], kind: str) -> Entry | None:
    return next((entry for entry in reversed(entries) if entry.kind == kind), None)


def _said(entry: Entry) -> dict[str, Any]:
    return {**entry.told, "at": entry.at, "record": _place(entry.head)}


def _place(head: Head | None) -> dict[str, Any] | None:
    return {"position": head.position, "digest": head.digest} if head else None


def _entry(entry: Entry) -> dict[str, Any]:
    fields = {name: getattr(entry, name) for name in entry.__struct_fields__ if name != "content"}
    try:
        return fields | {"content": None if entry.content is None else entry.told}
    except msgspec.DecodeError:
        return fields | {"content": None}
