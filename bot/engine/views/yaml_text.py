"""A YAML text as located values, also when parts of the text are unknown: what stands in a hole is unknown, the rest is read."""

from __future__ import annotations

import re

from bot.engine.documents import Node, NotReadable, load, scalar
from bot.engine.model.span import Span
from bot.engine.model.value import Known, Null, Unknown, Value
from bot.engine.views.policy_text import HOLE, home, partly_known, source_of


def yaml_structure(value: Value) -> Value | None:
    """What a text encodes; the first document that holds something. None when it is not read as YAML."""
    if isinstance(value, Known | Unknown) and value.structure is not None:
        return value.structure
    source = source_of(value)
    if source is None:
        return value if isinstance(value, Unknown) else None
    try:
        documents = load(source.encode(), value.span.path)
    except (NotReadable, UnicodeEncodeError):
        return None
    found = next((node for node in documents if node.kind == "mapping"), None)
    return None if found is None else _Reader(value, source).read(found)


class _Reader:
    """`value`: the text; a heredoc's lines are the lines of its place."""

    def __init__(self, value: Value, source: str) -> None:
        self.value, self.home = value, home(value, len(source.rstrip().split("\n")))

    def read(self, node: Node) -> Value:
        span, origin = self.home.at(node.span.line - 1, self.value)
        if node.kind == "mapping":
            return Known({key.text: self.read(item) for key, item in node.pairs}, span, origin, self.value.refs)
        if node.kind == "sequence":
            return Known(tuple(map(self.read, node.items)), span, origin, self.value.refs)
        if HOLE in node.text:
            return self._with_hole(node, span, origin)
        raw = scalar(node)
        return Null(span, origin) if raw is None else Known(raw, span, origin, self.value.refs, self.value.sensitive)

    def _with_hole(self, node: Node, span: Span, origin: tuple[Span, ...]) -> Unknown:
        parts = tuple(None if piece == HOLE else piece for piece in re.split(f"({HOLE})", node.text) if piece)
        return partly_known(self.value, span, origin, parts)
