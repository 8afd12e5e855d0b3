"""Guarded, located YAML and JSON.

Both are read from events or tokens with an explicit stack: neither nesting nor aliases can exhaust the process. YAML goes
through libyaml's event stream; JSON has a reader of its own, because JSON is not read faithfully as YAML (surrogate pairs,
tabs, keys beyond 1,024 characters, U+2028). Scalars follow YAML 1.2's core schema: `no`, `010` and dates are text.
"""

from __future__ import annotations

import math
import re
from bisect import bisect_right
from collections.abc import Iterator
from itertools import accumulate
from typing import Any, Literal, TypeAlias

from msgspec import Struct

from bot.engine.model.span import Span
from bot.engine.model.value import Plain
from bot.engine.pattern import Pattern

Cause: TypeAlias = Literal["grammar", "limit", "unsupported"]
Kind: TypeAlias = Literal["mapping", "sequence", "scalar"]

CORE = "tag:yaml.org,2002:"
_NULL = Pattern(r"(?:~|null|Null|NULL)?")
_BOOL = Pattern(r"true|True|TRUE|false|False|FALSE")
_INT = Pattern(r"[-+]?(?:0|[1-9][0-9]*)|0x[0-9a-fA-F]+|0o[0-7]+")
_FLOAT = Pattern(r"[-+]?(?:\.[0-9]+|(?:0|[1-9][0-9]*)(?:\.[0-9]*)?)(?:[eE][-+]?[0-9]+)?")
_RESOLVERS = (("null", _NULL), ("bool", _BOOL), ("int", _INT), ("float", _FLOAT))
_MAX_DIGITS = 400


class NotReadable(Exception):  # noqa: N818 — said of a document; the name is part of the interface
    """The document cannot be used. `cause`: `grammar` is the author's error, the others are ours."""

    def __init__(self, span: Span, cause: Cause, detail: str) -> None:
        super().__init__(f"{span.path}:{span.line}: {detail}")
        self.span = span
        self.cause: Cause = cause
        self.detail = detail


class Node(Struct, frozen=True):
    """A located node. `tag`: as written (`!Ref`), else the core schema's (`tag:yaml.org,2002:str`).

    `text`: of a scalar, without quotes and escapes. `items`: of a sequence; `pairs`: of a mapping, in order, duplicates kept.
    """

    span: Span
    kind: Kind
    tag: str
    text: str = ""
    items: tuple[Node, ...] = ()
    pairs: tuple[tuple[Node, Node], ...] = ()

    def get(self, key: str) -> Node | None:
        """The value under a key; the last one when it is written twice."""
        return next((value for name, value in reversed(self.pairs) if name.text == key and name.kind == "scalar"), None)


def load(
    data: bytes, path: str, *, json: bool = False, max_depth: int = 60, max_aliases: int = 50, max_nodes: int = 200_000
) -> tuple[Node, ...]:
    """All documents of a file. Raises only `NotReadable`. Columns count code points from 1."""
    builder = _Builder(path, max_depth, max_aliases, max_nodes)
    text = _decoded(data, path)
    (_read_json if json else _read_yaml)(text, builder)
    return tuple(builder.documents)


def scalar(node: Node) -> str | bool | int | float | None:
    """The value of a scalar by its tag; the text under any other tag, and for a mapping or sequence the empty text."""
    kind = node.tag.removeprefix(CORE)
    if kind == "null":
        return None
    if kind == "bool" and _BOOL.fullmatch(node.text):
        return node.text.lower() == "true"
    if kind == "int" and _INT.fullmatch(node.text) and len(node.text) <= _MAX_DIGITS:
        return int(node.text, 0 if node.text[:2] in {"0x", "0o"} else 10)
    if kind in {"int", "float"} and _FLOAT.fullmatch(node.text) and math.isfinite(number := float(node.text)):
        return number
    return node.text


def to_plain(node: Node) -> Plain:
    """The node as plain data; keys are texts, of a key written twice the last counts, tags of mappings and sequences are lost."""
    if node.kind == "mapping":
        return {key.text: to_plain(value) for key, value in node.pairs}
    if node.kind == "sequence":
        return [to_plain(item) for item in node.items]
    return scalar(node)


def resolved_tag(text: str) -> str:
    """The core schema's tag of a plain scalar."""
    return next((CORE + name for name, pattern in _RESOLVERS if pattern.fullmatch(text)), CORE + "str")


def _decoded(data: bytes, path: str) -> str:
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise NotReadable(Span(path, data.count(b"\n", 0, error.start) + 1), "grammar", "not UTF-8") from None


class _Open(Struct):
    """A mapping or sequence whose end is not reached. `size` and `depth` count what aliases repeat."""

    start: Span
    kind: Kind
    tag: str
    anchor: str | None
    children: list[Node]
    size: int = 1
    depth: int = 1


class _Builder:
    """Puts nodes together and holds the limits. A size is the number of nodes with every alias written out."""

    def __init__(self, path: str, max_depth: int, max_aliases: int, max_nodes: int) -> None:
        self.path = path
        self.documents: list[Node] = []
        self._max_depth, self._max_aliases, self._max_nodes = max_depth, max_aliases, max_nodes
        self._open: list[_Open] = []
        self._anchors: dict[str, tuple[Node, int, int]] = {}
        self._aliases = self._nodes = 0

    def fail(self, span: Span, cause: Cause, detail: str) -> NotReadable:
        return NotReadable(span, cause, detail)

    def start_document(self) -> None:
        self._anchors.clear()

    def start(self, span: Span, kind: Kind, tag: str, anchor: str | None) -> None:
        self._check(span, len(self._open) + 1)
        self._anchors.pop(anchor or "", None)
        self._open.append(_Open(span, kind, tag, anchor, []))

    def end(self, span: Span) -> None:
        done = self._open.pop()
        whole = Span(self.path, done.start.line, done.start.column, span.end_line, span.end_column)
        if done.kind == "mapping":
            pairs = tuple(zip(done.children[::2], done.children[1::2], strict=True))
            node = Node(whole, "mapping", done.tag, pairs=pairs)
        else:
            node = Node(whole, "sequence", done.tag, items=tuple(done.children))
        self._add(node, done.anchor, done.size, done.depth)

    def scalar(self, span: Span, tag: str, text: str, anchor: str | None = None) -> None:
        self._check(span, len(self._open))
        self._add(Node(span, "scalar", tag, text), anchor, 1, 1)

    def alias(self, span: Span, anchor: str) -> None:
        self._aliases += 1
        if self._aliases > self._max_aliases:
            raise self.fail(span, "limit", "aliases")
        if anchor not in self._anchors:
            recursive = any(node.anchor == anchor for node in self._open)
            raise self.fail(span, "unsupported" if recursive else "grammar", "an alias to what is not defined before it")
        self._add(self._anchors[anchor][0], None, *self._anchors[anchor][1:])

    def _check(self, span: Span, depth: int) -> None:
        self._nodes += 1
        if self._nodes > self._max_nodes:
            raise self.fail(span, "limit", "nodes")
        if depth > self._max_depth:
            raise self.fail(span, "limit", "nesting")

    def _add(self, node: Node, anchor: str | None, size: int, depth: int) -> None:
        if anchor:
            self._anchors[anchor] = (node, size, depth)
        if not self._open:
            self.documents.append(node)
            return
        parent = self._open[-1]
        parent.children.append(node)
        parent.size += size
        parent.depth = max(parent.depth, depth + 1)
        if parent.size > self._max_nodes or len(self._open) + depth > self._max_depth + 1:
            raise self.fail(node.span, "limit", "nodes" if parent.size > self._max_nodes else "nesting")


# YAML


def _read_yaml(text: str, builder: _Builder) -> None:
    import yaml  # noqa: PLC0415 — costs 30 ms that most commands never need

    try:
        for event in yaml.parse(text, Loader=yaml.CSafeLoader):
            _take_event(event, type(event).__name__, builder)
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        span = Span(builder.path, mark.line + 1, mark.column + 1) if mark else Span(builder.path, 1)
        problem = error.problem or "not YAML"
        raise builder.fail(span, "limit" if "nesting depth" in problem else "grammar", problem) from None
    except yaml.reader.ReaderError as error:
        line = text.count("\n", 0, error.position) + 1 if isinstance(error.position, int) else 1
        raise builder.fail(Span(builder.path, line), "grammar", error.reason) from None
    except (yaml.YAMLError, ValueError) as error:
        raise builder.fail(Span(builder.path, 1), "grammar", str(error)) from None


def _take_event(event: Any, kind: str, builder: _Builder) -> None:
    if kind == "ScalarEvent":
        is_plain = event.implicit[0] and not event.tag
        tag = resolved_tag(event.value) if is_plain else event.tag if event.tag not in {None, "!"} else CORE + "str"
        builder.scalar(_event_span(event, builder.path), tag, event.value, event.anchor)
    elif kind == "MappingStartEvent":
        builder.start(_event_span(event, builder.path), "mapping", event.tag or CORE + "map", event.anchor)
    elif kind == "SequenceStartEvent":
        builder.start(_event_span(event, builder.path), "sequence", event.tag or CORE + "seq", event.anchor)
    elif kind in {"MappingEndEvent", "SequenceEndEvent"}:
        builder.end(_event_span(event, builder.path))
    elif kind == "AliasEvent":
        builder.alias(_event_span(event, builder.path), event.anchor)
    elif kind == "DocumentStartEvent":
        builder.start_document()


def _event_span(event: Any, path: str) -> Span:
    start, end = event.start_mark, event.end_mark
    return Span(path, start.line + 1, start.column + 1, end.line + 1, end.column + 1)


# JSON (RFC 8259)

_SPACE = Pattern(r"[ \t\n\r]*")
_TOKEN = Pattern(
    r"(?P<mark>[{}\[\]:,])"
    r'|"(?P<str>[^"\\\x00-\x1f]*(?:\\(?:["\\/bfnrt]|u[0-9a-fA-F]{4})[^"\\\x00-\x1f]*)*)"'
    r"|(?P<float>-?(?:0|[1-9][0-9]*)(?:\.[0-9]+(?:[eE][+-]?[0-9]+)?|[eE][+-]?[0-9]+))"
    r"|(?P<int>-?(?:0|[1-9][0-9]*))|(?P<bool>true|false)|(?P<null>null)"
)
_ESCAPE = Pattern(r"\\u([dD][89abAB][0-9a-fA-F]{2})\\u([dD][c-fC-F][0-9a-fA-F]{2})|\\(?:u([0-9a-fA-F]{4})|(.))")
_SHORT = {"b": "\b", "f": "\f", "n": "\n", "r": "\r", "t": "\t"}
_Token: TypeAlias = tuple[str, str, Span]


def _read_json(text: str, builder: _Builder) -> None:
    """A pushdown automaton: `expected` names what may come next, `nest` holds the open brackets."""
    nest: list[str] = []
    expected = "value"
    for kind, word, span in _tokens(text, builder):
        allowed = expected
        if kind == "str" and allowed in {"key", "key or end"}:
            builder.scalar(span, CORE + "str", word)
            expected = "colon"
        elif kind != "mark" and allowed in {"value", "value or end"}:
            builder.scalar(span, CORE + kind, word)
            expected = "comma or end" if nest else "nothing"
        elif kind == "mark" and word in "{[" and allowed in {"value", "value or end"}:
            builder.start(span, *(("mapping", CORE + "map") if word == "{" else ("sequence", CORE + "seq")), None)
            nest.append("}" if word == "{" else "]")
            expected = "key or end" if word == "{" else "value or end"
        elif kind == "mark" and nest and word == nest[-1] and allowed in {"key or end", "value or end", "comma or end"}:
            nest.pop()
            builder.end(span)
            expected = "comma or end" if nest else "nothing"
        elif word == ":" and kind == "mark" and allowed == "colon":
            expected = "value"
        elif word == "," and kind == "mark" and allowed == "comma or end":
            expected = "key" if nest[-1] == "}" else "value"
        else:
            raise builder.fail(span, "grammar", f"expected {allowed}")
    if expected != "nothing":
        line = text.count("\n") + 1
        raise builder.fail(Span(builder.path, line), "grammar", f"expected {expected}, not the end of the file")


def _tokens(text: str, builder: _Builder) -> Iterator[_Token]:
    starts = [0, *accumulate(len(line) + 1 for line in text.split("\n"))]
    at = _end_of_space(text, 0)
    while at < len(text):
        row = bisect_right(starts, at) - 1
        match = _TOKEN.match(text, at)
        if match is None:
            raise builder.fail(Span(builder.path, row + 1, at - starts[row] + 1), "grammar", "not JSON")
        kind = match.lastgroup or ""
        word = match.group(kind)
        span = Span(builder.path, row + 1, at - starts[row] + 1, row + 1, match.end() - starts[row] + 1)
        yield kind, _ESCAPE.sub(_unescape, word) if kind == "str" and "\\" in word else word, span
        at = _end_of_space(text, match.end())


def _end_of_space(text: str, at: int) -> int:
    match = _SPACE.match(text, at)
    return match.end() if match else at


def _unescape(match: re.Match[str]) -> str:
    high, low, unit, short = match.groups()
    if high:
        return chr(0x10000 + ((int(high, 16) - 0xD800) << 10) + (int(low, 16) - 0xDC00))
    if unit:
        code = int(unit, 16)
        return "\ufffd" if 0xD800 <= code <= 0xDFFF else chr(code)
    return _SHORT.get(short, short)
