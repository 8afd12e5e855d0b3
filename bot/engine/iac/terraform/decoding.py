"""JSON and YAML texts as values; those of a file of the tree say on which of its lines each part is written."""

from __future__ import annotations

from msgspec.structs import replace

from bot.engine.documents import Node, NotReadable, load, scalar
from bot.engine.iac.terraform import syntax as s
from bot.engine.iac.terraform.conversions import to_text
from bot.engine.iac.terraform.describe import describe
from bot.engine.iac.terraform.function_kinds import Function, wrong
from bot.engine.iac.terraform.scope import Run, Scope
from bot.engine.iac.terraform.values import inherited, known, unknown
from bot.engine.model.span import Span
from bot.engine.model.value import Known, Null, Unknown, Value, moved_to


def document(data: bytes, path: str, *, json: bool, run: Run) -> Value:
    """The value of the only document of a file, at its places. Raises NotReadable."""
    nodes = load(data, path, json=json)
    if len(nodes) != 1:
        raise NotReadable(Span(path, 1), "grammar", "not one document")
    return _value(nodes[0], run)


def _value(node: Node, run: Run) -> Value:
    run.hold_collection(1)
    if node.kind == "mapping":
        return Known({key.text: _value(item, run) for key, item in node.pairs}, node.span)
    if node.kind == "sequence":
        return Known(tuple([_value(item, run) for item in node.items]), node.span)
    raw = scalar(node)
    return Null(node.span) if raw is None else Known(raw, node.span)


def decoder(*, json: bool) -> Function:
    """`jsondecode` and `yamldecode`. What was encoded before is what decoding yields, with its places."""

    def apply(args: list[Value], e: s.Call, scope: Scope) -> Value:
        if len(args) != 1:
            return wrong(e, "wrong number of arguments")
        source = args[0]
        structure = source.structure if not isinstance(source, Null) else None
        if structure is not None:
            return inherited(moved_to(structure, e.span), source)
        text = to_text(source.raw) if isinstance(source, Known) else None
        if text is None:
            return unknown(source, e.span, args) if isinstance(source, Unknown) else wrong(e, "needs text")
        path = _path(source, text, scope.run)
        try:
            value = document(text.encode(), path or e.span.path, json=json, run=scope.run)
        except NotReadable as problem:
            if problem.cause == "limit":
                return Unknown("limit", describe(e), e.span, detail=problem.detail)
            return wrong(e, problem.detail)
        return inherited(moved_to(value, e.span), source) if path else known(_placed(value, e.span).raw, e.span, args)  # type: ignore[union-attr]

    return apply


def _path(source: Value, text: str, run: Run) -> str | None:
    """The file of the tree that the text is the whole content of."""
    path = source.origin[-1].path if source.origin else ""
    return path if run.files.get(path) == text.encode() else None


def _placed(value: Value, span: Span) -> Value:
    """Every part at one place, since a text that was computed has no lines of its own."""
    if isinstance(value, Known) and isinstance(value.raw, tuple):
        return Known(tuple([_placed(item, span) for item in value.raw]), span)
    if isinstance(value, Known) and isinstance(value.raw, dict):
        return Known({key: _placed(item, span) for key, item in value.raw.items()}, span)
    return replace(value, span=span)


DECODING: dict[str, Function] = {"jsondecode": decoder(json=True), "yamldecode": decoder(json=False)}
