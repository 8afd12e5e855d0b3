"""`countersign ledger report`: what an auditor samples from, as CSV. Gaps first."""

from __future__ import annotations

import csv
import io
import re
import sys
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from bot.cli import output
from bot.cli.options import Options, Usage
from bot.cli.status import CLEAN, VIOLATIONS

if TYPE_CHECKING:
    from bot.cli.ledger import Opened
    from bot.ledger.population import Landing
    from bot.report.phrases import Phrases

COLUMNS = (
    "gap",
    "standing",
    "at",
    "repository",
    "branch",
    "pull",
    "head",
    "commit",
    "tree",
    "merged_by",
    "merged_by_id",
    "conclusion",
    "state",
    "evaluation",
    "policy_digest",
    "snapshot_digest",
    "decisions",
    "waivers",
    "entry",
    "verdict_entry",
)
DAY = re.compile(r"\A\d{4}-\d{2}-\d{2}\Z", re.ASCII)
# What a spreadsheet takes for a formula: https://owasp.org/www-community/attacks/CSV_Injection
FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n", "\N{FULLWIDTH EQUALS SIGN}", "\N{FULLWIDTH PLUS SIGN}", "\N{FULLWIDTH COMMERCIAL AT}")


def run(opened: Opened, options: Options, phrases: Phrases) -> int:
    """0 printed, 1 printed although a record was altered."""
    from bot.ledger.population import ORDER, Population

    start, end = _day(options, "--from"), _day(options, "--to")
    if start >= end:
        raise Usage("ledger-days")
    rows: list[tuple[str, Landing]] = []
    altered = 0
    for repository in opened.chosen(options):
        name = opened.name(repository)
        rows += [(name, item) for item in Population(start, end).of(opened.ledger.chain.entries(repository))]
        altered += len(opened.ledger.verification.verify(repository).alterations)
    rows.sort(key=lambda row: (ORDER.index(row[1].standing), row[0], row[1].at, row[1].position))
    output.write(table(rows))
    if altered:
        sys.stderr.write(phrases.say("usage.prefix", text=phrases.say("ledger.export-altered", n=altered)) + "\n")
    return VIOLATIONS if altered else CLEAN


def table(rows: list[tuple[str, Landing]]) -> str:
    """The rows as CSV (https://www.rfc-editor.org/rfc/rfc4180)."""
    text = io.StringIO()
    writer = csv.writer(text)
    writer.writerow(COLUMNS)
    writer.writerows([_cell(value) for value in _values(name, item)] for name, item in rows)
    return text.getvalue()


def _values(name: str, item: Landing) -> tuple[object, ...]:
    return (
        "yes" if item.gap else "no",
        item.standing,
        item.at.astimezone(UTC).isoformat(timespec="seconds").replace("+00:00", "Z"),
        name,
        item.branch,
        item.number,
        item.head,
        item.commit,
        item.tree,
        item.by,
        item.account or None,
        item.conclusion,
        item.state,
        item.evaluation,
        item.policy,
        item.snapshot,
        "; ".join(item.decisions),
        "; ".join(item.waivers),
        item.position,
        item.verdict_position,
    )


def _cell(value: object) -> str:
    """A text that no spreadsheet computes."""
    text = "" if value is None else str(value)
    return f"'{text}" if text.startswith(FORMULA) else text


def _day(options: Options, name: str) -> datetime:
    """The beginning of a day (UTC). Raises `Usage`."""
    given = options.get(name) or "-"
    try:
        return datetime.fromisoformat(DAY.findall(given)[0]).replace(tzinfo=UTC)
    except (IndexError, ValueError):
        raise Usage("ledger-day", option=name, value=given) from None
