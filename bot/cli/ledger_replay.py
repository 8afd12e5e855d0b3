"""`countersign ledger replay`: stored evaluations, made again under the rules that were stored with them."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

import msgspec

from bot.cli import ledger_policy, output
from bot.cli.options import Options, Usage, number
from bot.cli.status import CLEAN, NOT_EVALUATED, VIOLATIONS
from bot.report.clean import line

if TYPE_CHECKING:
    from bot.cli.ledger import Opened
    from bot.report.phrases import Phrases
    from bot.workflows.replay import Replayed

LAST = 100


def run(opened: Opened, options: Options, phrases: Phrases) -> int:
    """0 the same, 1 another verdict, 3 one could not be made again."""
    from bot.confine import Supervisor
    from bot.workflows.evaluating import Evaluator
    from bot.workflows.replay import Replay

    wanted = _wanted(opened, options)
    with Supervisor() as supervisor:
        replay = Replay(opened.ledger, Evaluator(supervisor))
        if options.get("--policy") is not None:
            return ledger_policy.run(opened, options, phrases, replay, wanted)
        found = [replay.replay(identifier) for identifier in wanted]
    if options.get("--format") == "json":
        output.write(msgspec.json.format(msgspec.json.encode([_entry(item) for item in found]), indent=2).decode() + "\n")
    else:
        output.write("\n".join(_lines(found, phrases)) + "\n")
    outcomes = {item.outcome for item in found}
    if outcomes <= {"same", "differs"}:
        return VIOLATIONS if "differs" in outcomes else CLEAN
    return NOT_EVALUATED


def _wanted(opened: Opened, options: Options) -> tuple[int, ...]:
    """The evaluation with this number, or the newest whose snapshots are kept. Raises `Usage`."""
    if len(options.positionals) > 1:
        text = options.positionals[1]
        if not (text.isascii() and text.isdigit() and len(text) < 18):
            raise Usage("ledger-evaluation", value=text)
        return (int(text),)
    here = opened.one(options) if options.get("--repository") else None
    return opened.ledger.snapshots.newest(number(options, "--last", LAST, "ledger"), here)


def _lines(found: list[Replayed], phrases: Phrases) -> Iterator[str]:
    if not found:
        yield phrases.say("ledger.replay.none")
        return
    for item in found:
        if item.outcome != "same":
            yield _sentence(item, phrases)
    same = sum(item.outcome == "same" for item in found)
    yield phrases.say("ledger.replay.same", n=len(found), same=str(same))
    for name in ("engine", "facts"):
        others = {getattr(item, name) for item in found if getattr(item, name) != getattr(item, f"now_{name}")}
        for other in sorted(others):
            now = next(getattr(item, f"now_{name}") for item in found if getattr(item, name) == other)
            yield phrases.say(f"ledger.replay.{name}", then=line(other[:27]) or "-", now=now[:27])


def _sentence(item: Replayed, phrases: Phrases) -> str:
    fields = {"id": str(item.evaluation), "number": str(item.number), "head": item.head[:12], "detail": line(item.detail)}
    if item.outcome == "absent":
        return phrases.say("ledger.replay.absent", id=str(item.evaluation), why=phrases.say(f"ledger.replay.why.{item.detail}"))
    differing = ", ".join(line(place) for place in item.differing)
    return phrases.say(f"ledger.replay.{item.outcome}", differing=differing, **fields)


def _entry(item: Replayed) -> dict[str, Any]:
    told: dict[str, Any] = msgspec.to_builtins(item)
    return told
