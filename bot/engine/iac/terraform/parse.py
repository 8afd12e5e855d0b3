"""Bytes → `syntax.File`, for Terraform's native and JSON syntax.

Native syntax is read with tree-sitter-hcl. Facts are never taken from an attribute with an error inside, nor from what
stands behind an error in the same body.
"""

from __future__ import annotations

from functools import lru_cache

import tree_sitter

from bot.engine.iac.terraform.parse_body import BodyReader
from bot.engine.iac.terraform.parse_grammar import refusal
from bot.engine.iac.terraform.parse_source import Source
from bot.engine.iac.terraform.parse_text import LANGUAGE, parse_expression, parse_template
from bot.engine.iac.terraform.syntax import File
from bot.engine.model.resource import Extent, Limits, Unread, UnreadCause
from bot.engine.model.span import Span

__all__ = ["parse_expression", "parse_file", "parse_template"]

JSON_SUFFIXES = (".tf.json", ".tofu.json", ".tfvars.json")
_DEFAULT = Limits()
_EXTENTS: tuple[Extent, ...] = ("file", "block")


def parse_file(path: str, data: bytes, limits: Limits = _DEFAULT) -> File:
    """One file; the suffix of `path` chooses the syntax. Never raises: `File.unread` says what was not read.

    Columns of spans count Unicode code points from 1; a byte order mark does not count.
    """
    return _parse_file(path, data, limits)


@lru_cache(maxsize=512)
def _parse_file(path: str, data: bytes, limits: Limits) -> File:
    if len(data) > limits.file_bytes:
        return _not_read(path, "limit", "size")
    try:
        if path.endswith(JSON_SUFFIXES):
            from bot.engine.iac.terraform.json_syntax import parse_json  # noqa: PLC0415 — most trees hold none

            return parse_json(path, data, limits)
        return _parse_native(path, data, limits)
    except RecursionError:
        return _not_read(path, "limit", "nesting")


def _not_read(path: str, cause: UnreadCause, detail: str) -> File:
    return File(path, {}, (), (Unread(Span(path, 1), "file", cause, detail),))


def _parse_native(path: str, data: bytes, limits: Limits) -> File:
    source = Source(path, data)
    root = tree_sitter.Parser(LANGUAGE).parse(source.data).root_node
    reader = BodyReader(source, limits.nesting, has_error=root.has_error)
    nodes = [inner for child in root.children for inner in (child.children if child.type == "body" else [child])]
    body = reader.body(nodes, "file")
    return File(path, body.attributes, tuple(body.blocks), tuple(sorted({*reader.unread, *_syntax_errors(source, reader, limits)})))


def _syntax_errors(source: Source, reader: BodyReader, limits: Limits) -> list[Unread]:
    """What tree-sitter refuses, as a violation of the grammar only where HCL's grammar refuses the file too.

    HCL's own first place replaces the error of tree-sitter that it lies in.
    """
    text = source.data.decode("utf-8", "replace")
    refused = refusal(text, limits.nesting)
    if refused is None or refused.is_limit:
        cause: UnreadCause = "unsupported" if refused is None else "limit"
        return [Unread(span, extent, cause, "syntax error" if refused is None else refused.detail) for span, extent in reader.syntax_errors]
    place = source.place_of(text, refused.offset)
    around = [extent for span, extent in reader.syntax_errors if span.line <= place.line <= span.last_line]
    others = [
        Unread(span, extent, "grammar", "syntax error")
        for span, extent in reader.syntax_errors
        if not span.line <= place.line <= span.last_line
    ]
    widest: Extent = next((extent for extent in _EXTENTS if extent in around), "attribute")
    return [Unread(place, widest, "grammar", f"expected {refused.detail}"), *others]
