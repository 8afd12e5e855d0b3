"""The check's summary in GitHub's Markdown, from `templates/summary.md.j2`."""

from __future__ import annotations

import re
from functools import partial

from msgspec import Struct
from msgspec.structs import replace

from bot.engine.model.result import Result
from bot.engine.model.verdict import FileCoverage, Verdict
from bot.report import titles, values
from bot.report.clean import cut
from bot.report.hidden import mask
from bot.report.markdown import Safe, cell, code, finalize, prose
from bot.report.phrases import Phrases

MAX_CHARACTERS = 65_000  # GitHub refuses 65,536 and more, and then the check stays pending
LISTED = (40, 15, 6, 2, 1)
MAX_TEXT = 600
_BLANKS = re.compile(r"\n{3,}")


class View(Struct, frozen=True):
    """What the template reads: every list already cut, with the number of what was left out in `more`."""

    title: str
    verdict: Verdict
    violations: tuple[Result, ...]
    decisions: tuple[Result, ...]
    unknowns: tuple[Result, ...]
    advice: tuple[Result, ...]
    fixed: tuple[Result, ...]
    already: tuple[Result, ...]
    waived: tuple[Result, ...]
    unread: tuple[FileCoverage, ...]
    more: dict[str, int]


def render(verdict: Verdict, phrases: Phrases, template: str) -> str:
    """The summary, short enough for a check run: the lists shrink until it fits."""
    from jinja2 import Environment, StrictUndefined  # noqa: PLC0415 - 25 ms that only Markdown pays

    environment = Environment(autoescape=False, undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True, finalize=finalize)  # noqa: S701 - `finalize` escapes for Markdown
    environment.filters |= {"code": code, "cell": cell, "prose": prose}
    environment.globals |= {
        "value": partial(values.deciding, phrases=phrases),
        "former": partial(values.former, phrases=phrases),
        "reason": partial(_reason, phrases=phrases),
        "detail": partial(_detail, phrases=phrases),
        "place": _place,
    }
    compiled = environment.from_string(template)
    for listed in LISTED:
        out = compiled.render(v=_view(verdict, phrases, listed))
        if len(out) <= MAX_CHARACTERS:
            break
    return _BLANKS.sub("\n\n", out).strip() + "\n"


def _view(verdict: Verdict, phrases: Phrases, listed: int) -> View:
    found = [_shortened(item, phrases) for item in verdict.results]
    shown = replace(verdict, results=tuple(found))
    blocking = titles.would_block(shown) if verdict.state == "observing" else ()
    lists: dict[str, tuple[Result, ...] | tuple[FileCoverage, ...]] = {
        "violations": titles.violations(shown) or tuple(item for item in blocking if item.treatment == "violation"),
        "decisions": titles.decisions(shown) or tuple(item for item in blocking if item.treatment == "judgment"),
        "unknowns": titles.unknowns(shown),
        "advice": tuple(item for item in found if item.kind == "informational" and item.baseline_state in ("new", "updated")),
        "fixed": tuple(item for item in found if item.baseline_state == "absent"),
        "already": tuple(item for item in found if item.baseline_state == "unchanged" and item.treatment != "advice"),
        "waived": tuple(item for item in found if item.suppression and item.baseline_state in ("new", "updated")),
        "unread": tuple(file for file in verdict.coverage.files if file.status in ("unread", "partly")),
    }
    more = {name: max(0, len(items) - listed) for name, items in lists.items()}
    cuts = {name: items[:listed] for name, items in lists.items()}
    return View(titles.title(verdict, phrases), verdict, more=more, **cuts)  # type: ignore[arg-type]  # the names are the fields


def _shortened(item: Result, phrases: Phrases) -> Result:
    """Long text cut, secrets masked; the template escapes the rest."""

    def short(value: str) -> str:
        return mask(cut(" ".join(value.split()), MAX_TEXT), phrases)

    names = ("file", "resource", "title", "message", "fix", "question", "rule")
    return replace(item, **{name: short(getattr(item, name)) for name in names})


def _place(item: Result) -> Safe:
    return code(f"{item.file}:{item.line}")


def _reason(item: Result, phrases: Phrases) -> str:
    key = f"reason.{item.deciding.reason}"
    return phrases.say(key) if phrases.has(key) else item.deciding.reason or ""


def _detail(file: FileCoverage, phrases: Phrases) -> str:
    key = f"unfetched.{file.detail}"
    return phrases.say(key) if phrases.has(key) else file.detail
