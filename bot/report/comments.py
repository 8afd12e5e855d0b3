"""The comments of a verdict: one in the diff for each thing that blocks, or would but for the level `comment`; one in the conversation
about what blocks; and what becomes of those settled."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Literal

from msgspec import Struct

from bot.engine.model.result import Result
from bot.engine.model.verdict import Verdict, owners_of
from bot.engine.pattern import Pattern
from bot.report import marker, titles
from bot.report.decided import bypassed, said
from bot.report.limit import COMMENT, fit
from bot.report.markdown import Safe, code, prose
from bot.report.phrases import Phrases
from bot.report.publication import FixedComment, InlineComment
from bot.report.summary import Asked
from bot.report.template import render, shortened

MOST = 10
LISTED = 30
MARGIN = 8_000  # for what the publisher adds: the memory in the marker, and comments that no place would take
SEVERITIES = ("critical", "high", "medium", "low")
_HEADLINE = Pattern(r"\A\s*\*\*(.+)\*\*\s*$", re.MULTILINE)
_RULE = Pattern(r"\A[\w.-]+\Z", re.ASCII)


class Words(Struct, frozen=True):
    """The catalogue and the templates, by the names of their files."""

    phrases: Phrases
    templates: Mapping[str, str]


class Held(Struct, frozen=True):
    """A comment of ours that stands on the page, minimised or not."""

    key: str
    body: str
    path: str = ""


class Page(Struct, frozen=True):
    """The pull request as comments see it.

    `held`: what stands there. `files`: paths of the diff. `head`: short id of the head commit, for "Fixed in". `rules`: address of the
    page about a rule, to which its id is added. `checks`: address of the pull request's checks.
    `silent`: no new comment (draft, first day, observing). `single`: at most one comment, in the conversation (bots).
    """

    held: tuple[Held, ...] = ()
    files: frozenset[str] = frozenset()
    head: str = ""
    rules: str = ""
    checks: str = ""
    silent: bool = False
    single: bool = False
    summarised: bool = False


def blocking(verdict: Verdict) -> tuple[Result, ...]:
    """What blocks, violations first, the most severe of each first."""
    return tuple(item for group in (titles.violations(verdict), titles.decisions(verdict)) for item in sorted(group, key=_severity))


def commented(verdict: Verdict) -> tuple[Result, ...]:
    """What gets a comment in the diff: what blocks, then what would but for the level `comment`."""
    noted = (item for item in verdict.results if item.commented and not item.blocks)
    return (*blocking(verdict), *sorted(noted, key=_severity))


def inline(verdict: Verdict, page: Page, asked: Asked, words: Words) -> tuple[InlineComment, ...]:
    """Every comment that stands and still holds, and new ones up to the limit."""
    standing = {item.key for item in page.held}
    found = [item for item in commented(verdict) if marker.key(item) in standing or _target(item, page.files)]
    kept = [item for item in found if marker.key(item) in standing]
    fresh = [] if page.silent or page.single else [item for item in found if marker.key(item) not in standing]
    return tuple(_comment(item, page, asked, words) for item in (*kept, *fresh[: max(0, MOST - len(kept))]))


def apart(verdict: Verdict, files: frozenset[str]) -> frozenset[str]:
    """Ids of results with a comment that neither a line nor a file of the diff can carry."""
    return frozenset(item.id for item in commented(verdict) if _target(item, files) is None)


def settled(verdict: Verdict, page: Page, words: Words) -> tuple[FixedComment, ...]:
    """The comments whose result needs none any more; none of a file that was not wholly read: nothing is known of those."""
    unread = {file.path for file in verdict.coverage.files if file.status in ("unread", "partly", "unchanged-unread")}
    results = {marker.key(item): item for item in verdict.results}
    still = {marker.key(item) for item in commented(verdict)}
    gone = [item for item in page.held if item.key not in still and item.path not in unread]
    return tuple(FixedComment(item.key, _settled(item, results.get(item.key), page, words)) for item in gone)


def conversation(verdict: Verdict, page: Page, asked: Asked, words: Words) -> str | None:
    """The comment in the conversation; None where there is nothing to say and none stands."""
    asks = [shortened(item, words.phrases) for item in blocking(verdict)]
    if not page.summarised and (not asks or page.silent):
        return None
    text = render(
        words.templates["conversation.md.j2"],
        words.phrases,
        marker=Safe(marker.summary_line()),
        title=titles.title(verdict, words.phrases, asked.deciders(verdict)),
        violations=[item for item in asks if item.treatment == "violation"],
        decisions=[item for item in asks if item.treatment != "violation"],
        decided=[shortened(item, words.phrases) for item in titles.answered(verdict)],
        bypass=bypassed(verdict, words.phrases),
        asked=asked,
        listed=LISTED,
        link=Safe(page.checks),
    )
    return fit(text, COMMENT - MARGIN, words.phrases.say("check.cut"))


def _severity(item: Result) -> int:
    return SEVERITIES.index(item.severity) if item.severity in SEVERITIES else len(SEVERITIES)


def _target(item: Result, files: frozenset[str]) -> tuple[str, int | None, Literal["LEFT", "RIGHT"]] | None:
    """Path, line and side of the comment; no line: on the file as a whole."""
    if item.anchor:
        return item.anchor.path, item.anchor.line, item.anchor.side
    paths = (item.file, *(line.file for line in (*item.trail, *item.removed)))
    return next(((path, None, "RIGHT") for path in paths if path in files), None)


def _comment(item: Result, page: Page, asked: Asked, words: Words) -> InlineComment:
    shown = shortened(item, words.phrases)
    body = render(
        words.templates["comment.md.j2"],
        words.phrases,
        marker=Safe(marker.line(marker.of(item))),
        r=shown,
        owners=owners_of(asked.owners, item),
        commands=asked.commands,
        link=Safe(page.rules + item.rule if page.rules and _RULE.match(item.rule) else ""),
    )
    path, line, side = _target(item, page.files) or (item.file, None, "RIGHT")
    return InlineComment(marker.key(item), path, fit(body, COMMENT, words.phrases.say("check.cut")), line, side)


def _settled(held: Held, now: Result | None, page: Page, words: Words) -> str:
    marked = marker.read(held.body)
    if marked is None or marked.settled:
        return held.body
    old = marker.without(held.body)
    found = _HEADLINE.search(old)
    text = render(
        words.templates["fixed.md.j2"],
        words.phrases,
        marker=Safe(marker.line(marker.Marked(marked.key, marked.print, settled=True))),
        headline=Safe(found[1]) if found else "",
        settled=Safe(_why(now, page.head, words.phrases)),
        old=Safe((old[: found.start()] + old[found.end() :] if found else old).strip()),
    )
    return fit(text, COMMENT, words.phrases.say("check.cut"))


def _why(now: Result | None, head: str, phrases: Phrases) -> str:
    if now is None or now.baseline_state == "absent":
        return phrases.say("comment.settled.fixed", sha=head)
    if now.suppression and now.answer:
        return " ".join(prose(text) for text in said(now, phrases))
    if now.suppression:
        word = {"waiver": "waived", "decision": "decided", "peer": "peer"}[now.suppression.kind]
        return phrases.say(f"comment.settled.{word}", ref=code(now.suppression.ref))
    return phrases.say("comment.settled.unchanged" if now.baseline_state == "unchanged" else "comment.settled.level")
