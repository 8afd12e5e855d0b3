"""Authorship in words and as JSON: beside a verdict, for rows, for a history. It informs and never accuses; no person is named."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

import msgspec
from msgspec import Struct
from msgspec.structs import replace

from bot.engine.model.authorship import Authorship, CommitAuthorship, Evidence, Grade, Remark
from bot.report.hidden import mask
from bot.report.phrases import Phrases
from bot.report.style import Style

AI: tuple[Grade, ...] = ("ai-declared", "ai-partial", "ai-suspected")
GRADES: tuple[Grade, ...] = (*AI, "automation", "no-evidence")
HINTS = ("branch", "committer")
MOST_TOOLS, MOST_ACCOUNTS = 4, 10


class CommitLine(Struct, frozen=True, omit_defaults=True):
    """A line for a commit. `table`: version of the signals."""

    sha: str
    grade: Grade
    tools: tuple[str, ...]
    evidence: tuple[Evidence, ...]
    table: str
    remarks: tuple[Remark, ...] = ()


class PullLine(Struct, frozen=True, omit_defaults=True):
    """A line for a pull request; `commits` where they were given."""

    number: int | str
    grade: Grade | None
    tools: tuple[str, ...]
    evidence: tuple[Evidence, ...]
    table: str
    remarks: tuple[Remark, ...] = ()
    commits: tuple[CommitAuthorship, ...] = ()


class Month(Struct, frozen=True):
    """The commits of one month. `share`: declared and partial ones among those that are not automation, in per cent; None of none."""

    month: str
    commits: int
    grades: dict[Grade, int]
    tools: dict[str, int]
    share: float | None


class History(Struct, frozen=True):
    """A history. `unknown_accounts`: Apps that the table does not list, with their commits. `notes`: how many git-ai notes were read."""

    head: str
    table: str
    months: tuple[Month, ...]
    unknown_accounts: dict[str, int]
    notes: int = 0
    cut: bool = False


def commit_line(found: CommitAuthorship, remarks: tuple[Remark, ...], table: str) -> str:
    """One commit as a line of JSON."""
    return _line(CommitLine(found.sha, found.grade, found.tools, found.evidence, table, remarks))


def pull_line(number: int | str, found: Authorship) -> str:
    """One pull request as a line of JSON; its evidence is that of its commits too."""
    evidence = tuple(dict.fromkeys((*found.evidence, *(item for each in found.commits for item in each.evidence))))
    return _line(PullLine(number, found.grade, found.tools, evidence, found.table, found.remarks, found.commits))


def said(found: Authorship, phrases: Phrases) -> str:
    """The grade of a change in a few words ("AI-declared: 7 of 9 commits, Claude Code (trailer)"); empty where there is nothing to say."""
    if found.grade in (None, "no-evidence"):
        return ""
    counted = [each for each in found.commits if _counts(each, found)]
    evidence = [*found.evidence, *(item for each in counted for item in each.evidence)]
    roles = ("automation",) if found.grade == "automation" else ("writer", "partial")
    ignored = () if found.grade == "ai-suspected" else HINTS
    told = dict.fromkeys(item.place for item in evidence if item.role in roles and item.place not in ignored)
    places = ", ".join(phrases.say(f"authorship.place.{place}") for place in told)
    what = _counted(len(counted), len(found.commits), phrases)
    tools = ", ".join(found.tools[:MOST_TOOLS]) or phrases.say("authorship.no-tool")
    return phrases.say(f"authorship.{found.grade}", what=what, tools=tools, places=places)


def _counted(counted: int, commits: int, phrases: Phrases) -> str:
    if not counted:
        return phrases.say("authorship.pull")
    return phrases.say("authorship.only" if commits == 1 else "authorship.commits", n=counted, all=commits)


def shown(found: Authorship, phrases: Phrases) -> Authorship:
    """The same, without what must not be shown in the texts that it quotes."""

    def covered(evidence: tuple[Evidence, ...]) -> tuple[Evidence, ...]:
        return tuple(replace(item, text=mask(item.text, phrases)) for item in evidence)

    commits = tuple(replace(each, evidence=covered(each.evidence)) if each.evidence else each for each in found.commits)
    remarks = tuple(replace(item, text=mask(item.text, phrases)) for item in found.remarks)
    return replace(found, evidence=covered(found.evidence), commits=commits, remarks=remarks)


def conflicts(found: Authorship, phrases: Phrases) -> tuple[str, ...]:
    """What the text denies against other evidence, in words; the quoted line is still to be escaped."""
    return tuple(phrases.say(f"authorship.{item.key}", text=item.text) for item in found.remarks if item.key == "declaration-conflicts")


def month(name: str, grades: Mapping[str, int], tools: Mapping[str, int]) -> Month:
    """One month from its counts."""
    each = {grade: grades.get(grade, 0) for grade in GRADES}
    written = sum(each.values()) - each["automation"]
    share = round(100 * (each["ai-declared"] + each["ai-partial"]) / written, 1) if written else None
    ordered = dict(sorted(tools.items(), key=lambda item: (-item[1], item[0])))
    return Month(name, sum(each.values()), each, ordered, share)


def history_json(found: History) -> str:
    """The history as one document."""
    return msgspec.json.format(msgspec.json.encode(found), indent=2).decode() + "\n"


def history_text(found: History, phrases: Phrases, style: Style) -> str:
    """The history as a table, a line a month, with what it cannot tell below."""
    if not found.months:
        return style.finish(phrases.say("authorship.history.none") + "\n")
    columns = ["month", "commits", *GRADES, "share"]
    rows = [[phrases.say(f"authorship.history.{name}") for name in columns], *(_cells(item) for item in found.months)]
    widths = [max(len(row[column]) for row in rows) for column in range(len(columns))]
    lines = ["  ".join(cell.rjust(width) for cell, width in zip(row, widths, strict=True)) for row in rows]
    lines[0] = style.paint("strong", lines[0])
    for number, item in enumerate(found.months, 1):
        lines[number] = f"{lines[number]}  {', '.join(f'{tool} {count}' for tool, count in list(item.tools.items())[:MOST_TOOLS])}".rstrip()
    return style.finish("\n".join([*lines, "", *_below(found, phrases)]) + "\n")


def _below(found: History, phrases: Phrases) -> Iterable[str]:
    total = month("", _summed(item.grades for item in found.months), _summed(item.tools for item in found.months))
    share = phrases.say("authorship.history.of-none") if total.share is None else f"{total.share} %"
    yield phrases.say("authorship.history.closing", n=total.commits, share=share, table=found.table, head=found.head[:9])
    if total.tools:
        listed = ", ".join(f"{tool} {count}" for tool, count in total.tools.items())
        yield phrases.say("authorship.history.tools", tools=listed)
    if found.unknown_accounts:
        names = [f"{name} {count}" for name, count in list(found.unknown_accounts.items())[:MOST_ACCOUNTS]]
        more = len(found.unknown_accounts) - len(names)
        yield phrases.say("authorship.history.unknown", names=", ".join(names) + (f" (+{more})" if more else ""))
    if found.cut:
        yield phrases.say("authorship.history.cut")
    yield phrases.say("authorship.history.limits")


def _summed(counts: Iterable[Mapping[Grade, int] | Mapping[str, int]]) -> dict[str, int]:
    total: dict[str, int] = {}
    for each in counts:
        for name, count in each.items():
            total[name] = total.get(name, 0) + count
    return total


def _cells(item: Month) -> list[str]:
    share = "-" if item.share is None else f"{item.share} %"
    return [item.month, str(item.commits), *(str(item.grades[grade]) for grade in GRADES), share]


def _counts(each: CommitAuthorship, found: Authorship) -> bool:
    return each.grade == found.grade


def _line(found: CommitLine | PullLine) -> str:
    return msgspec.json.encode(found).decode() + "\n"
