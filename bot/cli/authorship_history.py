"""`countersign authorship --history`: the share of each grade and tool in a clone's history, by month. Never by person."""

from __future__ import annotations

from collections import Counter
from datetime import UTC, date, datetime

from bot.cli import output
from bot.cli.options import Options, Usage
from bot.cli.status import CLEAN
from bot.engine.authorship.change import commit
from bot.engine.authorship.index import Index
from bot.engine.model.authorship import Remark
from bot.local.clone import named_commit
from bot.local.git import Repository
from bot.local.history import history, notes
from bot.report import authorship as report


def run(options: Options, index: Index) -> int:
    """Reads a clone, counts, prints."""
    since = _seconds(options.get("--since"))
    phrases = output.phrases()
    with Repository(options.get("--repo") or ".") as repository:
        found = _counted(repository, named_commit(repository, options.get("--head") or "HEAD").sha, since, options, index)
    if options.get("--format") == "json":
        output.write(report.history_json(found))
    else:
        output.write(report.history_text(found, phrases, output.style(plain=options.has("--plain"))))
    return CLEAN


def _counted(repository: Repository, head: str, since: int, options: Options, index: Index) -> report.History:
    noted = notes(repository) if options.has("--notes") else {}
    past = history(repository, head, since)
    months: dict[str, tuple[Counter[str], Counter[str]]] = {}
    remarks: Counter[Remark] = Counter()
    for item in past:
        graded, told = commit(item.text, index, noted.get(item.text.sha, ""))
        grades, tools = months.setdefault(datetime.fromtimestamp(item.at, UTC).strftime("%Y-%m"), (Counter(), Counter()))
        grades[graded.grade] += 1
        tools.update(graded.tools if graded.grade.startswith("ai-") else ())
        remarks.update(remark for remark in told if remark.key == "unknown-account")
    rows = tuple(report.month(name, *months[name]) for name in sorted(months))
    accounts = {remark.text: count for remark, count in remarks.most_common()}
    return report.History(head, index.version, rows, accounts, notes=len(noted), cut=past.cut)


def _seconds(text: str | None) -> int:
    """The beginning of a day in UTC; 0 for none. Raises `Usage`."""
    if text is None:
        return 0
    try:
        day = date.fromisoformat(text)
    except ValueError:
        day = None
    if day is None or day.isoformat() != text:
        raise Usage("authorship-since", value=text)
    return int(datetime(day.year, day.month, day.day, tzinfo=UTC).timestamp())
