"""`countersign decisions`: the questions that wait for an answer, the longest first; reads the ledger and asks GitHub nothing."""

from __future__ import annotations

import os
import sys
from typing import TYPE_CHECKING

import msgspec

from bot.cli import configured, output
from bot.cli.options import Options, Spec
from bot.cli.status import CLEAN, NOT_EVALUATED, OPEN
from bot.report.clean import line

if TYPE_CHECKING:
    from bot.ledger import Question
    from bot.report.phrases import Phrases
    from bot.report.style import Style

SPEC = Spec("decisions", values=("--config-file", "--format"), flags=("--plain",), choices={"--format": ("text", "json")})
SQLITE = "sqlite:///"


def run(options: Options) -> int:
    """0 nothing waits, 2 something waits, 3 the ledger could not be read."""
    phrases = output.phrases()
    settings = configured.settings(options.get("--config-file"), phrases)
    if settings is None:
        return NOT_EVALUATED
    try:
        found = _waiting(settings.ledger_url.reveal())
    except Exception as error:  # noqa: BLE001 - every driver has its own, and their texts may hold a password
        text = phrases.say("serve.problem.database", detail=type(error).__name__)
        sys.stderr.write(phrases.say("usage.prefix", text=text) + "\n")
        return NOT_EVALUATED
    if options.get("--format") == "json":
        output.write(document(found))
    else:
        output.write(text_of(found, phrases, output.style(plain=options.has("--plain"))))
    return OPEN if found else CLEAN


def _waiting(url: str) -> tuple[Question, ...]:
    """Makes and changes nothing: without a ledger, and under one that the next start brings up to date, nothing waits yet."""
    from contextlib import closing

    from bot.ledger import Database
    from bot.ledger.questions import Questions

    if url.startswith(SQLITE) and not os.path.exists(url.removeprefix(SQLITE)):
        return ()
    with closing(Database(url)) as database:
        return Questions(database).waiting() if database.current() else ()


def text_of(found: tuple[Question, ...], phrases: Phrases, style: Style) -> str:
    """Two lines for each: where, who, since when; and what is asked."""
    lines = [told for item in found for told in (_heading(item, phrases, style), f"  {line(item.about)}", "")]
    pulls = len({(item.repository_id, item.number) for item in found})
    last = phrases.say("queue.waiting", n=len(found), pulls=phrases.say("queue.pulls", n=pulls)) if found else phrases.say("queue.nothing")
    return style.finish("\n".join([*lines, last]) + "\n")


def document(found: tuple[Question, ...]) -> str:
    """For programs, in the same order."""
    rows = [
        {
            "repository": item.repository,
            "number": item.number,
            "question": item.handle,
            "category": item.category,
            "about": item.about,
            "owners": item.owners,
            "since": item.since,
        }
        for item in found
    ]
    return msgspec.json.format(msgspec.json.encode({"questions": rows}), indent=2).decode() + "\n"


def _heading(item: Question, phrases: Phrases, style: Style) -> str:
    since = f"{item.since:%Y-%m-%d %H:%M} UTC" if item.since else ""
    parts = (
        style.paint("strong", line(f"{item.repository}#{item.number} {item.handle}")),
        line(item.category),
        line(", ".join(item.owners)) or phrases.say("queue.nobody"),
        phrases.say("queue.since", at=since),
    )
    return f" {style.dot} ".join(parts)
