"""Many results for a person: a line each, ordered by place."""

from __future__ import annotations

from collections.abc import Sequence

from bot.engine.model.result import Result
from bot.engine.model.verdict import Coverage, Verdict
from bot.report.clean import cut, width
from bot.report.style import Tone
from bot.report.terminal import Page, missing, seen, sentence, tone_of, unread

MAX_PLACE = 60
MAX_PER_CHANGE = 5
SHORT = 9
MIN_SAID = 30
WORDS: dict[Tone, str] = {"violation": "violation", "decision": "decision", "unverified": "unverified"}


def render(path: str, results: Sequence[Result], coverage: Coverage, page: Page) -> str:
    """Every result of a tree, then what was seen."""
    rows = [(f"{page.echo(result.file)}:{result.line}", result) for result in sorted(results, key=_place)]
    column = min(max((width(place) for place, _ in rows), default=0), MAX_PLACE)
    lines = [_row(place, result, column, page) for place, result in rows]
    count = page.phrases.say("count.results", n=len(results))
    fields = seen(coverage, page)
    closing = page.say("scanned", path=page.echo(path), results=count, **fields)
    parts = ["\n".join(part) for part in (lines, unread(coverage, page), [page.style.paint("strong", closing)]) if part]
    return page.style.finish("\n\n".join(parts) + "\n")


def change(sha: str, message: str, verdict: Verdict, page: Page) -> list[str]:
    """A change of the history: its id and subject, then a line for each result that would have asked or stopped."""
    subject = page.echo(message.partition("\n")[0])
    lines = [f"{page.style.paint('strong', sha[:SHORT])}  {cut(subject, page.style.width - SHORT - 2, page.style.ellipsis)}"]
    if verdict.state == "own-failure":
        return [*lines, "  " + page.phrases.say("backtest.line-failed", reason="; ".join(map(page.echo, verdict.notices)))]
    blocking = [result for result in verdict.results if result.blocks]
    lines += ["  " + _row(f"{page.echo(result.file)}:{result.line}", result, 0, page) for result in blocking[:MAX_PER_CHANGE]]
    if len(blocking) > MAX_PER_CHANGE:
        lines.append("  " + page.say("more", n=len(blocking) - MAX_PER_CHANGE))
    seen_nothing = verdict.coverage.unread and not verdict.coverage.read + verdict.coverage.partly
    lines += ["  " + text for text in unread(verdict.coverage, page)] if seen_nothing and not blocking else []
    return lines if len(lines) > 1 else []


def word(result: Result, page: Page) -> str:
    """What the result is, in one word."""
    if result.kind == "pass":
        return page.say("pass")
    if result.kind == "open":
        return page.say("unverified")
    return page.say(WORDS.get(tone_of(result), "advice"))


def _row(place: str, result: Result, column: int, page: Page) -> str:
    tone: Tone = "quiet" if result.kind == "pass" else "unverified" if result.kind == "open" else tone_of(result)
    said = f"{page.prose(result.title)} ({missing(result, page)})" if result.kind == "open" else sentence(result, page)
    head = f"{place}{' ' * max(0, column - width(place))}  "
    room = max(MIN_SAID, page.style.width - width(head) - len(word(result, page)) - len(result.rule) - 5)
    return f"{head}{page.style.paint(tone, word(result, page))}  {cut(said, room, page.style.ellipsis)}  [{result.rule}]"


def _place(result: Result) -> tuple[str, int, str]:
    return result.file, result.line, result.rule
