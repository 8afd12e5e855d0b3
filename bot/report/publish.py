"""Verdict → everything that one pull request shows: the check, comments in the diff, one in the conversation."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from msgspec import Struct
from msgspec.structs import replace

from bot.engine.model.result import Result
from bot.engine.model.verdict import Assumed, Coverage, FileCoverage, Verdict
from bot.report import comments, summary, titles, vouched
from bot.report.comments import Held, Page, Words
from bot.report.limit import CHECK, fit
from bot.report.markdown import text as escaped
from bot.report.publication import Publication
from bot.report.summary import Asked
from bot.report.template import render, shortened

NAME, PREVIEW = "countersign", "countersign (preview)"
MAX_TITLE = 250


class Context(Struct, frozen=True):
    """What a publication needs besides the verdict.

    `held`: the comments of ours that stand on the page; `summarised`: whether one of them is the summary comment.
    `head`: id of the head commit. `base`: name of the base branch. `files`: paths that the diff shows.
    `draft`, `first_day` (opened before the installation, no push since), `observing` (level observe): the check and no new comment.
    `bot`: opened by a bot, so at most one comment. `owners`: category → who decides, if not as the verdict says. `commands`: whether
    commands are answered.
    `rules`: address of the pages about rules, with a slash at its end. `checks`: address of the pull request's checks. `number`: its
    number; 0 where the check says nothing that is to be found again.
    """

    check_name: str = NAME
    head: str = ""
    base: str = ""
    held: tuple[Held, ...] = ()
    summarised: bool = False
    files: frozenset[str] = frozenset()
    draft: bool = False
    first_day: bool = False
    observing: bool = False
    bot: bool = False
    owners: Mapping[str, tuple[str, ...]] = {}
    commands: bool = True
    rules: str = ""
    checks: str = ""
    number: int = 0

    @property
    def page(self) -> Page:
        """The pull request as comments see it."""
        silent = self.draft or self.first_day or self.observing
        return Page(self.held, self.files, self.head[:7], self.rules, self.checks, silent, self.bot, self.summarised)


class Incident(Struct, frozen=True):
    """Our own failure as operators know it: who was told, when (UTC), its code, until when it is tried again."""

    who: str
    at: str
    code: str
    until: str


class Output(Struct, frozen=True):
    """Title and summary of a check run that is not completed."""

    title: str
    summary: str


class Notes(Struct, frozen=True):
    """What the publisher says by itself: while there is no verdict, where GitHub refused the summary, above comments that no place
    would take, and where a text was cut."""

    started: Output
    refused: str
    unplaced: str
    cut: str


def publication(verdict: Verdict, context: Context, words: Words) -> Publication:
    """What the pull request shows for this verdict. When we failed, only the check says so: what stands stays."""
    check, asked = checked(verdict, context, words), _asked(verdict, context)
    if verdict.state == "own-failure":
        return check
    page = context.page
    return replace(
        check,
        comments=comments.inline(verdict, page, asked, words),
        fixed=comments.settled(verdict, page, words),
        summary_comment=comments.conversation(verdict, page, asked, words),
    )


def checked(verdict: Verdict, context: Context, words: Words) -> Publication:
    """Of that the check alone, which is the same whatever stands on the page."""
    asked = _asked(verdict, context)
    title = titles.title(verdict, words.phrases, asked.deciders(verdict))
    note, hidden = words.phrases.say("check.cut"), ""
    if context.number and verdict.state != "own-failure":
        hidden = vouched.line(verdict, context.number)
    found = tuple(shortened(item, words.phrases) for item in verdict.results)
    shown, listed = summary.fitting(verdict, words.phrases, words.templates["summary.md.j2"], asked, found)
    lists = fit(_lists(verdict, found, listed, words), CHECK, note)
    return Publication(context.check_name, verdict.conclusion, title[:MAX_TITLE], hidden + fit(shown, CHECK - len(hidden), note), lists)


def _asked(verdict: Verdict, context: Context) -> Asked:
    return Asked(context.owners or verdict.owners, context.commands, context.base, comments.apart(verdict, context.files))


def failed(reason: str, context: Context, words: Words, incident: Incident | None = None) -> Publication:
    """The publication when there is no verdict because we failed; `reason` in a reader's words."""
    made = publication(Verdict("own-failure", "failure", (), Coverage(), notices=(reason,)), context, words)
    if incident is None:
        return made
    told = words.phrases.say("check.incident", who=escaped(incident.who), at=incident.at, code=incident.code, until=incident.until)
    return replace(made, summary=fit(f"{made.summary}\n{told}\n", CHECK, words.phrases.say("check.cut")))


def notes(words: Words) -> Notes:
    """What the publisher says by itself."""
    say = words.phrases.say
    started = Output(say("check.started"), say("check.started-summary"))
    return Notes(started, refused=say("check.refused"), unplaced=say("comment.unplaced"), cut=say("check.cut"))


def _lists(verdict: Verdict, found: Sequence[Result], listed: int, words: Words) -> str:
    """The lists that the summary does not show whole; empty when there is none."""
    whole = replace(verdict, results=tuple(found))
    asked = [item for item in found if item.baseline_state in ("new", "updated")]
    lists: dict[str, tuple[int, Sequence[Result | FileCoverage | Assumed]]] = {
        "assumed": (summary.NAMED, verdict.assumed),
        "unknowns": (listed, titles.unknowns(whole)),
        "advice": (min(listed, summary.ADVICE), [item for item in asked if item.kind == "informational"]),
        "waived": (summary.NAMED, titles.waived(whole)),
        "decided": (listed, titles.answered(whole)),
        "fixed": (summary.NAMED, [item for item in found if item.baseline_state == "absent"]),
        "already": (summary.NAMED, [item for item in found if item.baseline_state == "unchanged" and item.treatment != "advice"]),
        "places": (0, [item for item in found if item.blocks and len(item.places) > 1]),
        "files": (listed, [file for file in verdict.coverage.files if file.status in ("unread", "partly")]),
    }
    cut = {name: items if len(items) > shown else () for name, (shown, items) in lists.items()}
    return render(words.templates["lists.md.j2"], words.phrases, **cut) if any(cut.values()) else ""
