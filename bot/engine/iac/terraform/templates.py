"""Text from a template: known when every piece is, else unknown with the pieces that are known."""

from __future__ import annotations

from bot.engine.iac.terraform import syntax as s
from bot.engine.iac.terraform.conversions import to_text
from bot.engine.iac.terraform.dispatch import evaluate
from bot.engine.iac.terraform.scope import LimitReachedError, Scope
from bot.engine.iac.terraform.values import failure, known, unknown
from bot.engine.model.given import pieces_of
from bot.engine.model.span import Span
from bot.engine.model.value import Known, Null, Unknown, Value, moved_to


def template(e: s.Template, scope: Scope) -> Value:
    """A template of one interpolation alone is that value itself, whatever its type."""
    if len(e.parts) == 1 and not isinstance(e.parts[0], (s.TemplateIf, s.TemplateFor)):
        return moved_to(evaluate(e.parts[0], scope), e.span)
    return joined([evaluate(part, scope) for part in e.parts], e.span, scope)


def joined(values: list[Value], span: Span, scope: Scope) -> Value:
    """The values' texts one after the other."""
    pieces: list[str | None] = []
    cause: Unknown | None = None
    for value in values:
        if isinstance(value, Unknown):
            cause = cause or value
            pieces.extend(pieces_of(value))
            continue
        text = None if isinstance(value, Null) else to_text(value.raw)
        if text is None:
            return failure("null in a template" if isinstance(value, Null) else "a collection in a template", span)
        pieces.append(text)
    scope.run.hold_text(sum([len(piece) for piece in pieces if piece]))
    if cause is None:
        return known("".join([piece for piece in pieces if piece]), span, values)
    return unknown(cause, span, values, merged(pieces))


def merged(pieces: list[str | None]) -> tuple[str | None, ...]:
    """Neighbouring known pieces as one, neighbouring unknown ones as one; nothing when nothing is known."""
    parts: list[str | None] = []
    for piece in pieces:
        if piece == "":
            continue
        if parts and piece is not None and parts[-1] is not None:
            parts[-1] += piece
        elif not parts or piece is not None or parts[-1] is not None:
            parts.append(piece)
    return tuple(parts) if any(parts) else ()


def directive(e: s.TemplateIf | s.TemplateFor, scope: Scope) -> Value:
    """`%{ if }` and `%{ for }`, each as one value of the template around it."""
    if isinstance(e, s.TemplateIf):
        return evaluate(s.Conditional(e.span, e.condition, _text(e.then), _text(e.otherwise)), scope)
    lines = evaluate(s.For(e.span, e.key, e.value, e.collection, _text(e.body)), scope)
    if isinstance(lines, Known) and isinstance(lines.raw, tuple):
        return joined(list(lines.raw), e.span, scope)
    if isinstance(lines, (Known, Null)):
        raise LimitReachedError("template")
    return lines


def _text(body: s.Template) -> s.Expression:
    return body if body.parts else s.Literal(body.span, "")
