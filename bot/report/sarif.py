"""A verdict as SARIF 2.1.0.

Standard: https://docs.oasis-open.org/sarif/sarif/v2.1.0/sarif-v2.1.0.html. A `kind` other than `fail` has the level `none`
(§3.27.10); the levels of `fail` follow the rule's severity.
"""

from __future__ import annotations

from collections.abc import Iterable

import msgspec

from bot import __version__
from bot.engine.model.result import Result
from bot.engine.model.rule import Rule
from bot.engine.model.verdict import Coverage, Verdict
from bot.report.clean import line
from bot.report.decided import said
from bot.report.hidden import mask
from bot.report.notices import all_said
from bot.report.phrases import Phrases
from bot.report.titles import title
from bot.report.values import deciding, undecided

SCHEMA = "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json"
_LEVELS = {"critical": "error", "high": "error", "medium": "warning", "low": "note"}
_UNRESERVED = frozenset(b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~/")
Object = dict[str, object]


def render(verdict: Verdict, rules: Iterable[Rule], phrases: Phrases) -> str:
    """One run with every result and the rules they name."""
    return log(verdict.results, verdict.coverage, rules, phrases, verdict)


def log(results: Iterable[Result], seen: Coverage, rules: Iterable[Rule], phrases: Phrases, verdict: Verdict | None = None) -> str:
    """The log file; `verdict` is given for a change, not for a scan."""
    found = tuple(results)
    known = {rule.id: rule for rule in rules}
    ids = sorted({item.rule for item in found})
    run: Object = {
        "tool": {"driver": {"name": "Countersign", "version": __version__, "rules": [_rule(known.get(name), name) for name in ids]}},
        "columnKind": "unicodeCodePoints",
        "invocations": [_invocation(seen, verdict, phrases)],
        "results": [_result(item, ids.index(item.rule), phrases, compared=verdict is not None) for item in found],
    }
    if verdict is not None:
        run["properties"] = {"conclusion": verdict.conclusion, "title": title(verdict, phrases)}
    document = {"$schema": SCHEMA, "version": "2.1.0", "runs": [run]}
    return msgspec.json.format(msgspec.json.encode(document), indent=2).decode() + "\n"


def _rule(rule: Rule | None, name: str) -> Object:
    if rule is None:
        return {"id": name}
    out: Object = {
        "id": name,
        "shortDescription": {"text": rule.title},
        "fullDescription": {"text": rule.rationale.strip() or rule.title},
        "help": {"text": rule.fix or rule.title},
        "defaultConfiguration": {"level": _LEVELS[rule.severity] if rule.disposition == "violation" else "none"},
        "properties": {"tags": [rule.category, rule.disposition], "aliases": sorted({i for ids in rule.aliases.values() for i in ids})},
    }
    if rule.references:
        out["helpUri"] = rule.references[0]
    return out


def _result(item: Result, index: int, phrases: Phrases, *, compared: bool) -> Object:
    out: Object = {
        "ruleId": item.rule,
        "ruleIndex": index,
        "kind": item.kind,
        "level": _LEVELS.get(item.severity, "warning") if item.kind == "fail" else "none",
        "message": {"text": mask(_message(item, phrases), phrases)},
        "locations": [_location(item.file, item.line, _region(item), item.resource)],
        "partialFingerprints": {"resultId/v1": item.id, "facts/v1": item.fingerprint},
        "properties": {"blocks": item.blocks, "number": item.number, "category": item.category},
    }
    if compared:
        out["baselineState"] = item.baseline_state
    if related := _related(item, phrases):
        out["relatedLocations"] = related
    if item.suppression:
        reference = f"{item.suppression.kind} {item.suppression.ref}"
        out["suppressions"] = [
            {"kind": "external", "status": "accepted", "justification": line(" ".join((*said(item, phrases), reference)))}
        ]
    return out


def _message(item: Result, phrases: Phrases) -> str:
    return undecided(item, phrases) if item.kind == "open" else item.question or item.message or item.title


def _region(item: Result) -> Object:
    region: Object = {"startLine": max(1, item.line), "startColumn": max(1, item.column)}
    if item.end_line > item.line:
        region["endLine"] = item.end_line
    elif item.end_column > item.column:
        region["endColumn"] = item.end_column
    return region


def _location(path: str, number: int, region: Object | None = None, resource: str = "") -> Object:
    place: Object = {"artifactLocation": {"uri": _uri(path)}, "region": region or {"startLine": max(1, number)}}
    out: Object = {"physicalLocation": place}
    if resource:
        out["logicalLocations"] = [{"fullyQualifiedName": resource, "kind": "resource"}]
    return out


def _related(item: Result, phrases: Phrases) -> list[Object]:
    """The way the deciding value came, nearest first, then further places with the same cause."""
    value = line(deciding(item.deciding, phrases))
    out: list[Object] = [{**_location(place.file, place.line), "message": {"text": value}} for place in item.deciding.origin]
    out += [{**_location(place.file, place.line, None, place.resource), "message": {"text": item.title}} for place in item.places]
    return [{"id": number, **place} for number, place in enumerate(out, start=1)]


def _invocation(seen: Coverage, verdict: Verdict | None, phrases: Phrases) -> Object:
    """A file that was not read is a notification, so that silence about it is never taken for a pass."""
    died = verdict is not None and verdict.state == "own-failure"
    notes = [
        {
            "level": "warning",
            "message": {"text": _detail(file.status, file.detail, phrases)},
            "locations": [{"physicalLocation": {"artifactLocation": {"uri": _uri(file.path)}}}],
        }
        for file in seen.files
        if file.status in ("unread", "partly")
    ]
    notes += [{"level": "error", "message": {"text": notice}} for notice in (verdict.notices if verdict else ())]
    said = [{"level": "warning", "message": {"text": line(text)}} for text in (all_said(verdict, phrases) if verdict else ())]
    configured = {"toolConfigurationNotifications": said} if said else {}
    return {"executionSuccessful": not died, "toolExecutionNotifications": notes, **configured}


def _detail(status: str, detail: str, phrases: Phrases) -> str:
    known = phrases.say(f"unfetched.{detail}") if phrases.has(f"unfetched.{detail}") else detail
    return phrases.say(f"sarif.{status}", detail=known)


def _uri(path: str) -> str:
    """A relative reference: everything outside RFC 3986's unreserved characters is percent-encoded."""
    return "".join(chr(byte) if byte in _UNRESERVED else f"%{byte:02X}" for byte in path.encode("utf-8", "replace"))
