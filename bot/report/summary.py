"""The check's summary in GitHub's Markdown, from `templates/summary.md.j2`."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from msgspec import Struct
from msgspec.structs import replace

from bot.engine.model.result import Result
from bot.engine.model.verdict import FileCoverage, Verdict
from bot.report import titles
from bot.report.limit import CHECK, size
from bot.report.phrases import Phrases
from bot.report.template import render as filled
from bot.report.template import shortened

LISTED = (40, 15, 6, 2, 1)
ADVICE = 10  # what nobody has to act on; the rest stands in the lists
NAMED = 5  # of what is only counted, the template names so many


class Asked(Struct, frozen=True):
    """What GitHub adds to a verdict. `owners`: category → who decides. `commands`: whether an answer is a command in a comment.

    `base`: name of the base branch. `apart`: ids of results with a comment that no line and no file of the diff can carry.
    """

    owners: Mapping[str, tuple[str, ...]] = {}
    commands: bool = False
    base: str = ""
    apart: frozenset[str] = frozenset()

    def deciders(self, verdict: Verdict) -> Sequence[str]:
        """Who has to answer what is open, each once."""
        return titles.deciders(verdict, self.owners)


class View(Struct, frozen=True):
    """What the template reads: every list already cut, with the number of what was left out in `more`."""

    title: str
    verdict: Verdict
    violations: tuple[Result, ...]
    decisions: tuple[Result, ...]
    noted: tuple[Result, ...]
    unknowns: tuple[Result, ...]
    advice: tuple[Result, ...]
    fixed: tuple[Result, ...]
    already: tuple[Result, ...]
    waived: tuple[Result, ...]
    decided: tuple[Result, ...]
    unread: tuple[FileCoverage, ...]
    more: dict[str, int]


def render(verdict: Verdict, phrases: Phrases, template: str, asked: Asked | None = None) -> str:
    """The summary, short enough for a check run."""
    found = tuple(shortened(item, phrases) for item in verdict.results)
    return fitting(verdict, phrases, template, asked or Asked(verdict.owners), found)[0]


def fitting(verdict: Verdict, phrases: Phrases, template: str, asked: Asked, found: Sequence[Result]) -> tuple[str, int]:
    """The summary and how long its lists are: they shrink until it fits. `found`: the results, shortened."""
    out, listed = "", LISTED[0]
    for listed in LISTED:
        out = filled(template, phrases, v=_view(verdict, found, phrases, listed, asked), asked=asked)
        if size(out) <= CHECK:
            break
    return out, listed


def _view(verdict: Verdict, found: Sequence[Result], phrases: Phrases, listed: int, asked: Asked) -> View:
    shown = replace(verdict, results=tuple(found))
    blocking = titles.would_block(shown) if verdict.state == "observing" else ()
    lists: dict[str, tuple[Result, ...] | tuple[FileCoverage, ...]] = {
        "violations": titles.violations(shown) or tuple(item for item in blocking if item.treatment == "violation"),
        "decisions": titles.decisions(shown) or tuple(item for item in blocking if item.treatment == "judgment"),
        "noted": tuple(item for item in titles.would_block(shown) if not item.blocks) if verdict.state != "observing" else (),
        "unknowns": titles.unknowns(shown),
        "advice": tuple(item for item in found if item.kind == "informational" and item.baseline_state in ("new", "updated")),
        "fixed": tuple(item for item in found if item.baseline_state == "absent"),
        "already": tuple(item for item in found if item.baseline_state == "unchanged" and item.treatment != "advice"),
        "waived": titles.waived(shown),
        "decided": titles.answered(shown),
        "unread": tuple(file for file in verdict.coverage.files if file.status in ("unread", "partly")),
    }
    cuts = {name: items[: min(listed, ADVICE) if name == "advice" else listed] for name, items in lists.items()}
    more = {name: len(items) - len(cuts[name]) for name, items in lists.items()}
    return View(titles.title(verdict, phrases, asked.deciders(verdict)), verdict, more=more, **cuts)  # type: ignore[arg-type]  # the names are the fields
