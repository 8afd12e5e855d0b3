"""A verdict as JSON: the stable form for programs (docs/result.schema.json)."""

from __future__ import annotations

from collections.abc import Iterable

import msgspec

from bot.engine.model.result import Deciding, Result
from bot.engine.model.value import Plain
from bot.engine.model.verdict import Coverage, Verdict
from bot.report.hidden import HIDDEN, covered
from bot.report.phrases import Phrases
from bot.report.titles import title

Document = dict[str, object]


def render(verdict: Verdict, phrases: Phrases) -> str:
    """The document of `review`, indented, with a line break at its end."""
    return msgspec.json.format(msgspec.json.encode(review(verdict, phrases)), indent=2).decode() + "\n"


def review(verdict: Verdict, phrases: Phrases) -> Document:
    """The document of one change."""
    return {
        "conclusion": verdict.conclusion,
        "title": title(verdict, phrases),
        "results": [result(item, phrases) for item in verdict.results],
        "claims": [msgspec.to_builtins(claim) for claim in verdict.claims],
        "authorship": msgspec.to_builtins(verdict.authorship),
        "coverage": coverage(verdict.coverage),
    }


def lines(results: Iterable[Result], seen: Coverage, phrases: Phrases) -> Iterable[str]:
    """The JSON lines of `scan`: a result each, the coverage last."""
    for item in results:
        yield msgspec.json.encode(result(item, phrases)).decode() + "\n"
    yield msgspec.json.encode({"coverage": coverage(seen)}).decode() + "\n"


def result(item: Result, phrases: Phrases) -> Document:
    """One result."""
    return {
        "id": item.id,
        "fingerprint": item.fingerprint,
        "rule": item.rule,
        "kind": item.kind,
        "severity": item.severity,
        "blocks": item.blocks,
        "baseline_state": item.baseline_state,
        "file": item.file,
        "line": item.line,
        "end_line": item.end_line,
        "resource": item.resource,
        "title": item.title,
        "message": item.message,
        "aliases": list(item.aliases),
        "deciding": _deciding(item.deciding, phrases),
        "anchor": msgspec.to_builtins(item.anchor),
        "suppression": msgspec.to_builtins(item.suppression),
    }


def coverage(seen: Coverage) -> Document:
    """The numbers of the coverage."""
    names = ("files_seen", "read", "partly", "unread", "resources", "fully_known", "rules_applicable", "rules")
    return {name: getattr(seen, name) for name in names}


def _deciding(item: Deciding, phrases: Phrases) -> Document:
    """Either `value` (null when the attribute is not set) or `unknown` (the expression) with its reason."""
    known = item.state != "unknown"
    told: Document = {"value": _shown(item.value, phrases)} if known else {"unknown": item.expression or ""}
    return {"path": item.path, **told, "reason": item.reason, "origin": [msgspec.to_builtins(place) for place in item.origin]}


def _shown(value: Plain, phrases: Phrases) -> Plain:
    if isinstance(value, list):
        return [_shown(item, phrases) for item in value]
    if isinstance(value, dict):
        return {key: _shown(item, phrases) for key, item in value.items()}
    return covered(phrases) if value == HIDDEN else value
