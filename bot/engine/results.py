"""A compared match → a result: what a reader is told, where, and what decided it."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable

from msgspec import Struct
from msgspec.structs import replace

from bot.engine.baseline import Compared
from bot.engine.decisions.binding import own
from bot.engine.former import Former
from bot.engine.model.match import Change, Evidence, Match
from bot.engine.model.result import Deciding, Kind, Line, Place, Result
from bot.engine.model.rule import Disposition, Rule
from bot.engine.model.span import Span
from bot.engine.model.value import Known, Null, Plain, Unknown, Value, first_unknown, origins, plain
from bot.engine.pattern import Pattern

KIND_OF: dict[Disposition, Kind] = {"violation": "fail", "judgment": "review", "advice": "informational"}
_PLACEHOLDER = Pattern(r"\{([\w.]+)\}")
_OPTIONAL = Pattern(r"\[([^\[\]{}]*\{([\w.]+)\}[^\[\]{}]*)\]")
MAX_VALUE_TEXT = 200
EITHER = " or "  # between the values that a condition chooses among


class Caused(Struct, frozen=True):
    """A result together with the place that caused it. `changed`: it is about a value that is another one now. `chain`: where the value
    that decides is written and through which places it came, nearest first; empty for what is on the base or not set."""

    result: Result
    cause: tuple[object, ...]
    changed: bool = False
    chain: tuple[Span, ...] = ()


def result_of(compared: Compared, former: Former) -> Caused:
    """The result of one compared match; level, treatment and suppression are decided by `verdict`."""
    match, rule = compared.match, compared.match.rule
    leading = match.evidence[0] if match.evidence else None
    span = _span(match, leading)
    cause = match.subject.cause
    result = Result(
        id=compared.id,
        fingerprint=compared.fingerprint,
        rule=rule.id,
        kind=kind_of(match),
        severity=rule.severity,
        blocks=False,
        baseline_state=compared.state,
        file=span.path,
        line=span.line,
        end_line=span.last_line,
        column=span.column,
        end_column=span.end_column if span.last_line == span.line else 0,
        resource=match.subject.resource.address,
        title=rule.title,
        message=message(rule, match),
        question=filled(rule.question, match),
        fix=rule.fix,
        category=rule.category,
        aliases=aliases(rule),
        deciding=_changed(cause.change) if cause else _leading(compared, leading, former),
        further=tuple(_state(item.path, item.value, decided=match.truth != "unknown") for item in match.evidence[1:]),
        root=match.root or match.subject.resource.root,
        environment=match.environment,
        facts=cause.facts if cause else (),
        side="LEFT" if cause and cause.gone else "RIGHT",
        trail=() if cause and cause.gone else _trail(match, leading, span),
        removed=_removed(compared, former, span),
        subject=_subject(match),
        referenced=(*former.referenced(match, _open_values(match)), *(cause.rests if cause else ())),
    )
    return Caused(result, _cause(match, leading, span), cause is not None and bool(cause.change.path), _chain(match, leading))


def _open_values(match: Match) -> tuple[Value, ...]:
    """The deciding values of which something is not known."""
    cause = match.subject.cause
    values = [item.value for item in match.evidence] + ([cause.change.before, cause.change.after] if cause else [])
    return tuple(value for value in values if value is not None and first_unknown(value) is not None)


def _subject(match: Match) -> str:
    span = match.subject.span
    return f"{span.path}:{span.line}:{span.column} {match.subject.path} {match.element}"


def kind_of(match: Match) -> Kind:
    """What the match is, whatever the configuration makes of it."""
    if match.truth == "unknown":
        return "open"
    return KIND_OF[match.rule.disposition] if match.truth == "true" else "pass"


def aliases(rule: Rule) -> tuple[str, ...]:
    """The ids by which peers and the control map know the same rule, flat; those of a broader or narrower meaning are left out."""
    return tuple(sorted({name for names in rule.aliases.values() for name in names}))


def message(rule: Rule, match: Match) -> str:
    """The rule's message with the values of this match."""
    return filled(rule.message, match)


def filled(template: str, match: Match) -> str:
    """The template with `{path}` replaced by values of the subject, `{resource}` by the address. A part in brackets around a placeholder
    stands only where that is set."""
    told = _OPTIONAL.sub(lambda part: part[1] if _text(part[2], match) is not None else "", template)
    return _PLACEHOLDER.sub(lambda found: _text(found[1], match) or "not set", told)


def _text(name: str, match: Match) -> str | None:
    if name == "resource":
        return match.subject.resource.address
    if name == "type":
        return match.subject.resource.type
    found = next((item.value for item in match.evidence if item.path == name or item.path.endswith(f".{name}")), None)
    value = found if found is not None else _at(match.subject.attributes, name)
    return None if value is None else shown(value)


def _at(attributes: dict[str, Value], path: str) -> Value | None:
    current: Value | None = Known(attributes)
    for step in path.split("."):
        if isinstance(current, Known) and isinstance(current.raw, tuple) and len(current.raw) == 1:
            current = current.raw[0]
        current = current.raw.get(step) if isinstance(current, Known) and isinstance(current.raw, dict) else None
    return current


def shown(value: Value) -> str:
    """A value as one line of text; an unknown by its expression, a list by its elements."""
    if value.sensitive:
        return "(hidden)"
    if isinstance(value, Unknown):
        return EITHER.join(dict.fromkeys(map(shown, value.branches))) or value.expression or value.reason
    if isinstance(value, Null):
        return "null"
    text = ", ".join(map(shown, value.raw)) if isinstance(value.raw, tuple) else _scalar(plain(value))
    return text if len(text) <= MAX_VALUE_TEXT else text[: MAX_VALUE_TEXT - 1] + "…"


def _scalar(value: Plain) -> str:
    return str(value).lower() if isinstance(value, bool) else str(value)


def _span(match: Match, leading: Evidence | None) -> Span:
    if match.subject.cause:
        return match.subject.span
    value = leading.value if leading else None
    return value.span if value is not None and value.span.line else match.subject.span


def _trail(match: Match, leading: Evidence | None, span: Span) -> tuple[Line, ...]:
    resource = match.subject.resource
    origin = _origins(match, leading)
    spans = (span, *origin, match.subject.span, resource.span, *(call.span for call in reversed(resource.calls)))
    return tuple(dict.fromkeys(Line(item.path, item.line) for item in spans if item.line))


def _removed(compared: Compared, former: Former, span: Span) -> tuple[Line, ...]:
    """Lines of the base that a comment may stand on: of what is gone, of companions that the head lacks."""
    match = compared.match
    if match.subject.cause is None:
        return former.removed(match) if compared.state == "new" else ()
    if not match.subject.cause.gone:
        return ()
    resource = match.subject.resource
    spans = (span, resource.span, *(call.span for call in reversed(resource.calls)))
    return tuple(dict.fromkeys(Line(item.path, item.line) for item in spans if item.line))


def _changed(change: Change) -> Deciding:
    """A path of which both sides are known to be different."""
    found, old = _state(change.path, change.after), _state(change.path, change.before)
    if not change.path:
        return found
    return replace(found, before=old.value if old.state == "known" else old.expression, before_state=old.state)


def _leading(compared: Compared, item: Evidence | None, former: Former) -> Deciding:
    """The first deciding value, by the path it is written at where that is in the resource, and what stood there before."""
    if item is None:
        return Deciding("", "absent")
    match, before = compared.match, compared.before
    path = former.written_path(match.subject.resource, item.value)
    found = _state(path or item.path, item.value, decided=match.truth != "unknown")
    if compared.state not in ("new", "updated"):
        return found
    past = before.evidence[0].value if before and before.evidence else former.value(match, path)
    if before is None and past is None:
        return found
    old = _state(path, past)
    return replace(found, before=old.value if old.state == "known" else old.expression, before_state=old.state)


def _state(path: str, value: Value | None, *, decided: bool = False) -> Deciding:
    """`decided`: the rule is decided, so that of a condition's known branches each decides alike."""
    if value is None:
        return Deciding(path, "absent")
    origin = tuple(dict.fromkeys(Line(span.path, span.line) for span in origins(value)))
    unknown = first_unknown(value)
    if unknown is None:
        return Deciding(path, "known", plain(value), origin=origin)
    if decided and isinstance(value, Unknown) and value.branches:
        return Deciding(path, "known", shown(value), origin=origin)
    return Deciding(path, "unknown", None, unknown.reason, unknown.expression, origin)


def _cause(match: Match, leading: Evidence | None, span: Span) -> tuple[object, ...]:
    """Where it comes from: the last place of the chain; of references to what does not exist the one name that a module lacks, or the
    one sign that more of the module is made elsewhere; of a port the filter that opens it."""
    chain = _origins(match, leading)
    known = match.subject.cause
    if match.subject.view == "unread" and match.truth == "true":
        return match.rule.id, match.truth, span.path  # one slip is often repeated, and what follows it may be no slip
    if match.subject.view == "reference" and not chain:
        missing = match.subject.attributes.get("missing")
        sign = missing.detail if isinstance(missing, Unknown) else ""
        return match.rule.id, match.truth, match.subject.resource.root, sign or _text("missing", match) or ""
    if match.subject.view == "ingress" and match.truth == "true" and match.subject.path and not chain:
        return match.rule.id, match.truth, match.subject.resource.span, _text("ports", match)  # the same port for both protocols
    place: object = known.key if known and known.key else chain[-1] if chain else span
    return match.rule.id, match.truth, place


def _origins(match: Match, leading: Evidence | None) -> tuple[Span, ...]:
    """The places through which the deciding value came."""
    value = _decides(match, leading)
    return origins(value) if value else ()


def _chain(match: Match, leading: Evidence | None) -> tuple[Span, ...]:
    value = _decides(match, leading)
    is_there = value is not None and value.span.line and not (match.subject.cause and match.subject.cause.gone)
    return (value.span, *origins(value)) if value is not None and is_there else ()


def _decides(match: Match, leading: Evidence | None) -> Value | None:
    known = match.subject.cause
    return known.change.after if known else leading.value if leading else None


def merge_causes(found: Iterable[Caused]) -> tuple[Result, ...]:
    """One result for each cause and state; the further places stand in `places`."""
    groups: dict[tuple[object, ...], list[Caused]] = defaultdict(list)
    for item in found:
        groups[(*item.cause, item.result.baseline_state)].append(item)
    return tuple(sorted(map(_merged, groups.values()), key=order))


def _merged(group: list[Caused]) -> Result:
    results = sorted((item.result for item in group), key=order)
    first, rest = results[0], results[1:]
    places = {Place(item.file, item.line, item.resource, item.root, item.environment) for item in rest}
    places.discard(Place(first.file, first.line, first.resource, first.root, first.environment))
    merged = {*(own(item) for item in rest), *(digest for item in results for digest in item.merged)}
    also = {rule for item in results for rule in item.also}
    return replace(first, places=tuple(sorted(places, key=_whereabouts)), merged=tuple(sorted(merged)), also=tuple(sorted(also)))


def _whereabouts(place: Place) -> tuple[str, int, str, str, str]:
    return place.file, place.line, place.resource, place.root, place.environment or ""


SEVERITIES = ("critical", "high", "medium", "low")


def order(result: Result) -> tuple[object, ...]:
    """Most severe first, then by place."""
    place = result.file, result.line, result.resource, result.environment or ""
    return SEVERITIES.index(result.severity), *place, result.rule, result.fingerprint
