"""`countersign ledger replay --policy DIR`: what another policy would have made of changes that were judged before."""

from __future__ import annotations

import os
from collections.abc import Iterator
from typing import TYPE_CHECKING

import msgspec

from bot.cli import output
from bot.cli.options import Usage
from bot.cli.status import CLEAN, NOT_EVALUATED, VIOLATIONS
from bot.report.clean import line

if TYPE_CHECKING:
    from bot.cli.ledger import Opened
    from bot.cli.options import Options
    from bot.engine.trial import Proposal
    from bot.report.phrases import Phrases
    from bot.workflows.replay import Replay, Retried

MAX_BYTES = 1_000_000


def run(opened: Opened, options: Options, phrases: Phrases, replay: Replay, wanted: tuple[int, ...]) -> int:
    """0 none would differ, 1 some would, 3 of some it is not known. Raises `Usage`."""
    proposed = _proposal(options.get("--policy") or ".")
    found = [replay.retried(identifier, proposed) for identifier in wanted]
    if any(item.outcome == "not-valid" for item in found):
        raise Usage("ledger-policy-invalid", path=options.get("--policy") or ".")
    if options.get("--format") == "json":
        output.write(msgspec.json.format(msgspec.json.encode(found), indent=2).decode() + "\n")
    else:
        output.write("\n".join(_lines(opened, found, phrases)) + "\n")
    outcomes = {item.outcome for item in found}
    if "not-known" in outcomes:
        return NOT_EVALUATED
    return VIOLATIONS if "differs" in outcomes else CLEAN


def _lines(opened: Opened, found: list[Retried], phrases: Phrases) -> Iterator[str]:
    if not found:
        yield phrases.say("ledger.replay.none")
        return
    for item in found:
        fields = {"id": str(item.evaluation), "repository": line(opened.name(item.repository)), "number": str(item.number)}
        if item.outcome == "differs":
            steps = {"before": str(item.before), "after": str(item.after)}
            yield phrases.say("ledger.policy.differs" if item.before != item.after else "ledger.policy.others", **fields, **steps)
        elif item.outcome == "not-known":
            why = phrases.say(f"ledger.policy.why.{item.why}")
            yield phrases.say("ledger.policy.not-known", **fields, why=why)
    known = [item for item in found if item.outcome != "not-known"]
    differing = sum(item.outcome == "differs" for item in known)
    yield phrases.say("ledger.policy.count", n=len(known), differing=str(differing), unknown=str(len(found) - len(known)))


def _proposal(top: str) -> Proposal:
    """What stands below a directory that is laid out as a repository is. Raises `Usage` where it holds none of our files."""
    from bot.engine.trial import GOVERNING, OF_THE_ORGANISATION, Proposal

    files: dict[str, tuple[str, bytes]] = {}
    for field, names in {**GOVERNING, **OF_THE_ORGANISATION}.items():
        there = next((name for name in names if os.path.isfile(os.path.join(top, name))), None)
        if there is not None:
            files[field] = there, _read(top, there)
    rules = {path: _read(top, path) for path in sorted(_rules(top))}
    if not files and not rules:
        raise Usage("ledger-policy-empty", path=top)
    return Proposal(files, dict(rules))


def _rules(top: str) -> Iterator[str]:
    for directory, _, names in os.walk(os.path.join(top, "countersign", "rules")):
        for name in names:
            if name.endswith((".yaml", ".yml")):
                yield os.path.relpath(os.path.join(directory, name), top).replace(os.sep, "/")


def _read(top: str, name: str) -> bytes:
    try:
        with open(os.path.join(top, name), "rb") as file:
            data = file.read(MAX_BYTES + 1)
    except OSError as error:
        raise Usage("ledger-policy-unreadable", path=f"{top}/{name}", detail=error.strerror or "") from None
    if len(data) > MAX_BYTES:
        raise Usage("ledger-policy-unreadable", path=f"{top}/{name}", detail=f"> {MAX_BYTES}")
    return data
