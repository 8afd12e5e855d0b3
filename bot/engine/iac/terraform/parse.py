"""Bytes → `syntax.File`, for Terraform's native and JSON syntax.

Native syntax is read with tree-sitter-hcl. Facts are never taken from an attribute with an error inside, nor from what
stands behind an error in the same body.
"""

from __future__ import annotations

from functools import lru_cache

import tree_sitter
import tree_sitter_hcl

from bot.engine.iac.terraform.parse_body import MAX_TEXT, BodyReader
from bot.engine.iac.terraform.parse_expression import Reader
from bot.engine.iac.terraform.parse_source import PlacedSource, Refused, Source
from bot.engine.iac.terraform.parse_template import read_text
from bot.engine.iac.terraform.syntax import Expression, File, Literal, Unparsed
from bot.engine.iac.terraform.template import normalize
from bot.engine.model.resource import Limits, Unread, UnreadCause
from bot.engine.model.span import Span

JSON_SUFFIXES = (".tf.json", ".tofu.json", ".tfvars.json")
_LANGUAGE = tree_sitter.Language(tree_sitter_hcl.language())
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
    tree = tree_sitter.Parser(_LANGUAGE).parse(source.data)
    root = tree.root_node
    reader = BodyReader(source, limits.nesting)
    nodes = [inner for child in root.children for inner in (child.children if child.type == "body" else [child])]
    body = reader.body(nodes, "file")
    return File(path, body.attributes, tuple(body.blocks), _unread(reader))


def _unread(reader: BodyReader) -> tuple[Unread, ...]:
    errors = [Unread(span, extent, "grammar", "syntax error") for span, extent in reader.syntax_errors]
    return tuple(sorted({*errors, *reader.unread}))


def parse_template(text: str, span: Span, limits: Limits = _DEFAULT) -> Expression:
    """The expression of a template given as text, as in a string of the JSON syntax or a template file.

    Only `$${` and `%%{` are escapes in it. Every part stands at `span`. Yields `Unparsed` for what is no template.
    """
    if "${" not in text and "%{" not in text:
        return Literal(span, normalize(text))
    marker = b"TEMPLATE"
    content = text.encode("utf-8", "replace")
    while marker in content:
        marker += b"_"
    source = PlacedSource(span, b"t = <<" + marker + b"\n" + content + b"\n" + marker + b"\n")
    tree = tree_sitter.Parser(_LANGUAGE).parse(source.data)
    heredoc = _heredoc(tree.root_node)
    if heredoc is None:
        return Unparsed(span, text[:MAX_TEXT], "syntax error")
    start = len(marker) + 7
    try:
        return read_text(Reader(source, limits.nesting), heredoc, start, start + len(content))
    except Refused as refused:
        return Unparsed(span, text[:MAX_TEXT], refused.detail)
    except RecursionError:
        return Unparsed(span, text[:MAX_TEXT], "nesting")


def _heredoc(root: tree_sitter.Node) -> tree_sitter.Node | None:
    """The heredoc of a source that holds one attribute with one heredoc and nothing else."""
    node = root
    if root.has_error:
        return None
    for kind in ("body", "attribute", "expression", "template_expr", "heredoc_template"):
        inner = [child for child in node.children if child.type == kind]
        if len(inner) != 1 or (kind == "attribute" and len(node.children) != 1):
            return None
        node = inner[0]
    return node
