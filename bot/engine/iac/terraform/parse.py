"""Bytes → `syntax.File`, for Terraform's native and JSON syntax.

Native syntax is read with tree-sitter-hcl. Facts are never taken from an attribute with an error inside, nor from what
stands behind an error in the same body.
"""

from __future__ import annotations

from functools import lru_cache

import tree_sitter

from bot.engine.iac.terraform.parse_body import BodyReader
from bot.engine.iac.terraform.parse_source import Source
from bot.engine.iac.terraform.parse_text import LANGUAGE, parse_expression, parse_template
from bot.engine.iac.terraform.syntax import File
from bot.engine.model.resource import Limits, Unread, UnreadCause
from bot.engine.model.span import Span

__all__ = ["parse_expression", "parse_file", "parse_template"]

JSON_SUFFIXES = (".tf.json", ".tofu.json", ".tfvars.json")
_DEFAULT = Limits()


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
    tree = tree_sitter.Parser(LANGUAGE).parse(source.data)
    root = tree.root_node
    if root.is_error:  # no part of the file was recognised as a whole, so no name in it has a certain place
        return _not_read(path, "grammar", "syntax error")
    reader = BodyReader(source, limits.nesting)
    nodes = [inner for child in root.children for inner in (child.children if child.type == "body" else [child])]
    body = reader.body(nodes, "file")
    if root.has_error and not reader.syntax_errors:
        reader.syntax_errors.append((source.span(root), "file"))
    return File(path, body.attributes, tuple(body.blocks), _unread(reader))


def _unread(reader: BodyReader) -> tuple[Unread, ...]:
    errors = [Unread(span, extent, "grammar", "syntax error") for span, extent in reader.syntax_errors]
    return tuple(sorted({*errors, *reader.unread}))
