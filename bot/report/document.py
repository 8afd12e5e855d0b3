"""A verdict as JSON: the stable form for programs. `schema` describes it; docs/result.schema.json is its output."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, Literal

import msgspec
from msgspec import UNSET, Struct, UnsetType

from bot.engine.model.authorship import Authorship
from bot.engine.model.result import Anchor, BaselineState, Deciding, Kind, Line, Result, Suppression
from bot.engine.model.value import Plain
from bot.engine.model.verdict import Assumed, Claim, Conclusion, Coverage, Verdict
from bot.report.authorship import shown
from bot.report.claims import said
from bot.report.cost_document import CostDocument
from bot.report.cost_document import documents as priced
from bot.report.hidden import HIDDEN, covered, mask
from bot.report.notices import all_said
from bot.report.phrases import Phrases
from bot.report.titles import title
from bot.report.values import undecided


class DecidingDocument(Struct, frozen=True):
    """Either `value` (null: not set) or `unknown` (the expression that is missing) with its `reason`."""

    path: str
    reason: str | None
    origin: tuple[Line, ...]
    value: Plain | UnsetType = UNSET
    unknown: str | UnsetType = UNSET


class ResultDocument(Struct, frozen=True):
    """One result. `file` and `line` are the deciding line, relative to the root that was given."""

    id: str
    fingerprint: str
    rule: str
    kind: Kind
    severity: str
    blocks: bool
    baseline_state: BaselineState
    file: str
    line: int
    end_line: int
    resource: str
    title: str
    message: str
    aliases: tuple[str, ...]
    deciding: DecidingDocument
    anchor: Anchor | None
    suppression: Suppression | None


class ClaimDocument(Struct, frozen=True):
    """A claim of the text, held against evidence. `by`: what shows it; `place`: `path` and `line`, or the `source`."""

    text: str
    place: dict[str, str | int]
    status: Literal["supported", "contradicted", "unverifiable", "nonexistent"]
    by: str | None
    resource: str | None


class CoverageDocument(Struct, frozen=True):
    """Numbers of files, resources and rules."""

    files_seen: int
    read: int
    partly: int
    unread: int
    resources: int
    fully_known: int
    rules_applicable: int
    rules: int


class ReviewDocument(Struct, frozen=True):
    """What `review --format json` prints. `notices`: which version of a file is in force, and what is said without effect.
    `assumed`: what the change leaves to defaults of the provider; `unstated`: topics that rules look at and no baseline is stated on.
    `costs`: of every root whose prices the change touches."""

    conclusion: Conclusion
    title: str
    results: tuple[ResultDocument, ...]
    claims: tuple[ClaimDocument, ...]
    authorship: Authorship
    coverage: CoverageDocument
    notices: tuple[str, ...] = ()
    assumed: tuple[Assumed, ...] = ()
    unstated: tuple[str, ...] = ()
    costs: tuple[CostDocument, ...] = ()


class ScanEnd(Struct, frozen=True):
    """The last line of `scan --format jsonl`; the others are results."""

    coverage: CoverageDocument


def render(verdict: Verdict, phrases: Phrases) -> str:
    """The document of `review`, indented, with a line break at its end."""
    return msgspec.json.format(msgspec.json.encode(review(verdict, phrases)), indent=2).decode() + "\n"


def review(verdict: Verdict, phrases: Phrases) -> ReviewDocument:
    """The document of one change."""
    return ReviewDocument(
        conclusion=verdict.conclusion,
        title=title(verdict, phrases),
        results=tuple(result(item, phrases) for item in verdict.results),
        claims=tuple(claim(item, phrases) for item in verdict.claims),
        authorship=shown(verdict.authorship, phrases),
        coverage=coverage(verdict.coverage),
        notices=all_said(verdict, phrases),
        assumed=verdict.assumed,
        unstated=verdict.unstated,
        costs=priced(verdict.costs, phrases),
    )


def lines(results: Iterable[Result], seen: Coverage, phrases: Phrases) -> Iterable[str]:
    """The JSON lines of `scan`: a result each, the coverage last."""
    for item in results:
        yield msgspec.json.encode(result(item, phrases)).decode() + "\n"
    yield msgspec.json.encode(ScanEnd(coverage(seen))).decode() + "\n"


def result(item: Result, phrases: Phrases) -> ResultDocument:
    """One result."""
    same = {name: getattr(item, name) for name in ResultDocument.__struct_fields__ if name not in ("deciding", "message")}
    message = undecided(item, phrases) if item.kind == "open" else item.message
    return ResultDocument(**same, message=mask(message, phrases), deciding=_deciding(item.deciding, phrases))


def claim(item: Claim, phrases: Phrases) -> ClaimDocument:
    """One claim, with what was found in words where no value says it."""
    return ClaimDocument(mask(item.text, phrases), item.place, item.status, said(item, phrases) or None, item.resource)


def coverage(seen: Coverage) -> CoverageDocument:
    """The numbers of the coverage."""
    return CoverageDocument(**{name: getattr(seen, name) for name in CoverageDocument.__struct_fields__})


def schema() -> str:
    """JSON Schema of everything that is printed, by the names of the documents."""
    (_, _, _), components = msgspec.json.schema_components((ReviewDocument, ResultDocument, ScanEnd), ref_template="#/$defs/{name}")
    told: dict[str, Any] = components["DecidingDocument"]
    told["oneOf"] = [{"required": ["value"]}, {"required": ["unknown"]}]
    for described in components.values():
        described["additionalProperties"] = False
    document = {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": "Countersign: the output of review --format json, and each line of scan --format jsonl",
        "oneOf": [{"$ref": f"#/$defs/{name}"} for name in ("ReviewDocument", "ResultDocument", "ScanEnd")],
        "$defs": components,
    }
    return msgspec.json.format(msgspec.json.encode(document), indent=2).decode() + "\n"


def _deciding(item: Deciding, phrases: Phrases) -> DecidingDocument:
    if item.state == "unknown":
        return DecidingDocument(item.path, item.reason, item.origin, unknown=item.expression or "")
    return DecidingDocument(item.path, item.reason, item.origin, value=_shown(item.value, phrases))


def _shown(value: Plain, phrases: Phrases) -> Plain:
    if isinstance(value, list):
        return [_shown(item, phrases) for item in value]
    if isinstance(value, dict):
        return {key: _shown(item, phrases) for key, item in value.items()}
    if isinstance(value, str):
        return covered(phrases) if value == HIDDEN else mask(value, phrases)
    return value
