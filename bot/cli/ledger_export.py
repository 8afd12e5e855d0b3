"""`countersign ledger export`: everything about one pull request."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING, Any

import msgspec

from bot.cli import output
from bot.cli.options import Options, Usage, number
from bot.cli.status import CLEAN, VIOLATIONS

if TYPE_CHECKING:
    from bot.cli.ledger import Opened
    from bot.ledger import Entry
    from bot.report.phrases import Phrases


def run(opened: Opened, options: Options, phrases: Phrases) -> int:
    """0 printed, 1 printed although the record was altered."""
    from bot.ledger.dossier import dossier, statement

    if options.get("--pull") is None:
        raise Usage("ledger-pull")
    repository, pull = opened.one(options), number(options, "--pull", 0, "ledger")
    place, chain = (repository, opened.name(repository)), opened.ledger.chain
    entries = chain.of_pull(repository, pull)
    if not entries:
        raise Usage("ledger-no-pull", number=pull, repository=place[1])
    if options.get("--format") == "in-toto":
        made = statement(place, pull, entries, chain.head(repository))
        if made is None:
            raise Usage("ledger-no-verdict", number=pull, repository=place[1])
    else:
        made = dossier(place, pull, entries, _verdict(opened, entries), chain.head(repository))
    output.write(msgspec.json.format(msgspec.json.encode(made), indent=2).decode() + "\n")
    altered = len(opened.ledger.verification.verify(repository).alterations)
    if altered:
        sys.stderr.write(phrases.say("usage.prefix", text=phrases.say("ledger.export-altered", n=altered)) + "\n")
    return VIOLATIONS if altered else CLEAN


def _verdict(opened: Opened, entries: tuple[Entry, ...]) -> Any:
    """Of the last evaluation, where it is kept."""
    from bot.workflows.page import Judged

    row = next((entry.row for entry in reversed(entries) if entry.kind == "evaluation" and entry.row is not None), None)
    if row is None:
        return None
    try:
        return msgspec.to_builtins(msgspec.msgpack.decode(opened.ledger.evaluations.get(row).verdict, type=Judged).verdict)
    except (KeyError, msgspec.DecodeError, msgspec.ValidationError):
        return None
