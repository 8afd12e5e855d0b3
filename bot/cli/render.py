"""A verdict in the format that was asked for."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from contextlib import suppress
from functools import cache

from msgspec import Struct

from bot.cli import output
from bot.cli.options import Options
from bot.engine.model.rule import Rule
from bot.engine.model.snapshot import Snapshot, Tree
from bot.engine.model.verdict import Verdict
from bot.engine.supply import Source
from bot.report.phrases import Phrases

FORMATS = ("text", "json", "sarif", "markdown")
MAX_FILE = 5_000_000
Lines = Callable[[str], Sequence[str]]


class SourceLines(Struct, frozen=True):
    """Path → the lines of that file on the head (on the base for a file that is gone), and on the base; empty when not at hand."""

    head: Lines
    base: Lines


def rendered(verdict: Verdict, options: Options, phrases: Phrases, lines: SourceLines, compared: str = "") -> str:
    """The verdict as text, JSON, SARIF or Markdown. The renderer is imported here: each costs what only its reader should pay."""
    form = options.get("--format") or "text"
    if form == "json":
        from bot.report import document

        return document.render(verdict, phrases)
    if form == "sarif":
        return _sarif(verdict, options, phrases)
    if form == "markdown":
        return markdown(verdict, phrases)
    from bot.report import terminal

    page = terminal.Page(phrases, output.style(plain=options.has("--plain")), lines.head, former=lines.base)
    return terminal.render(verdict, page, compared)


def markdown(verdict: Verdict, phrases: Phrases) -> str:
    """The check's summary."""
    from bot.cli.resources import template
    from bot.report import summary

    return summary.render(verdict, phrases, template("summary.md.j2"))


def source_lines(snapshot: Snapshot, source: Source) -> SourceLines:
    """The lines of the files of both trees."""

    def of(*trees: Tree) -> Lines:
        @cache
        def lines(path: str) -> Sequence[str]:
            entry = next((tree.entries[path] for tree in trees if path in tree.entries), None)
            if entry is None:
                return ()
            data = snapshot.blobs.get(entry.oid) or source.blob(entry.oid, MAX_FILE).data or b""
            return data.decode("utf-8", "replace").split("\n")

        return lines

    return SourceLines(of(snapshot.head, snapshot.base), of(snapshot.base))


NO_LINES = SourceLines(lambda _: (), lambda _: ())  # where no file is at hand


def _sarif(verdict: Verdict, options: Options, phrases: Phrases) -> str:
    from bot.cli import resources
    from bot.engine.policy import PolicyError, load_policy
    from bot.report import sarif

    rules: Iterable[Rule] = ()
    with suppress(PolicyError):  # the verdict says it already
        rules = load_policy(resources.rules(options.get("--rules"))).rules
    return sarif.render(verdict, rules, phrases)
