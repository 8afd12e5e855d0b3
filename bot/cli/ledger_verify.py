"""`countersign ledger verify`: whether the record is as it was written."""

from __future__ import annotations

import re
import sys
from typing import TYPE_CHECKING, Any

import msgspec

from bot.cli import output
from bot.cli.options import Options, Usage, number
from bot.cli.status import CLEAN, NOT_EVALUATED, VIOLATIONS
from bot.report.clean import line

if TYPE_CHECKING:
    from bot.cli.ledger import Opened
    from bot.ledger import Alteration, Head, Verified
    from bot.report.phrases import Phrases

HEAD = re.compile(r"([1-9][0-9]{0,17}):([0-9a-f]{64})\Z")
SHOWN = 50
PULLS = 100


def run(opened: Opened, options: Options, phrases: Phrases) -> int:
    """0 as it was written, 1 altered, 3 GitHub could not be asked."""
    from bot.github.refusal import Refusal

    given = _given(options)
    repositories = (opened.one(options),) if given else opened.chosen(options)
    try:
        witnesses = {repository: [*given, *_on_github(opened, options, repository)] for repository in repositories}
    except Refusal as refusal:
        sys.stderr.write(phrases.say("usage.prefix", text=phrases.say("ledger.unreachable", detail=line(refusal.message))) + "\n")
        return NOT_EVALUATED
    found = [opened.ledger.verification.verify(repository, witnesses[repository]) for repository in repositories]
    if options.get("--format") == "json":
        output.write(msgspec.json.format(msgspec.json.encode([_entry(opened, item, phrases) for item in found]), indent=2).decode() + "\n")
    else:
        output.write("\n".join(_text(opened, found, phrases)) + "\n")
    return VIOLATIONS if any(item.alterations for item in found) else CLEAN


def _given(options: Options) -> list[Head]:
    """The place that `--head` names. Raises `Usage`."""
    from bot.ledger import Head

    text = options.get("--head")
    if text is None:
        return []
    found = HEAD.match(text)
    if found is None:
        raise Usage("ledger-head", value=text)
    return [Head(int(found[1]), found[2])]


def _on_github(opened: Opened, options: Options, repository: int) -> list[Head]:
    """The places that our check runs carry. Raises `Refusal`, and `Usage` without the App's settings."""
    if not options.has("--against-github") or not repository:
        return []
    if opened.settings is None:
        raise Usage("ledger-no-app")
    from bot.cli.ledger_github import heads

    return heads(opened, opened.settings, repository, number(options, "--last", PULLS, "ledger"))


def _text(opened: Opened, found: list[Verified], phrases: Phrases) -> list[str]:
    lines = [] if found else [phrases.say("ledger.empty")]
    for item in found:
        name = line(opened.name(item.repository_id))
        last = phrases.say("ledger.last", position=str(item.last.position), digest=item.last.digest) if item.last else "-"
        key = "altered" if item.alterations else "intact"
        lines.append(phrases.say(f"ledger.{key}", repository=name, n=item.entries, last=last, alterations=len(item.alterations)))
        lines += [f"  {_sentence(alteration, phrases)}" for alteration in item.alterations[:SHOWN]]
        if len(item.alterations) > SHOWN:
            lines.append(f"  {phrases.say('ledger.more', n=len(item.alterations) - SHOWN)}")
        lines += [f"  {phrases.say(f'ledger.{key}', n=count)}" for key, count in _counts(item) if count]
    if any(not item.witnesses for item in found):
        lines.append(phrases.say("ledger.no-witness"))
    return lines


def _counts(item: Verified) -> tuple[tuple[str, int], ...]:
    return (("stubs", item.stubs), ("older", item.older), ("witnesses", item.witnesses))


def _sentence(alteration: Alteration, phrases: Phrases) -> str:
    fields = {name: line(value) if isinstance(value, str) else value for name, value in alteration.fields.items()}
    told = phrases.say(f"ledger.alteration.{alteration.key}", **{name: str(value) for name, value in fields.items()})
    return phrases.say("ledger.at", position=str(alteration.position), text=told) if alteration.position else told


def _entry(opened: Opened, item: Verified, phrases: Phrases) -> dict[str, Any]:
    told = [{**msgspec.to_builtins(alteration), "text": _sentence(alteration, phrases)} for alteration in item.alterations]
    return {"repository": opened.name(item.repository_id), **msgspec.to_builtins(item), "alterations": told}
