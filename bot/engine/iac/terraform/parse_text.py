"""Templates and expressions that are themselves values: strings of the JSON syntax, template files."""

from __future__ import annotations

from collections.abc import Callable
from functools import lru_cache

import tree_sitter
import tree_sitter_hcl

from bot.engine.iac.terraform.parse_expression import Reader
from bot.engine.iac.terraform.parse_source import PlacedSource, Refused
from bot.engine.iac.terraform.parse_template import read_text
from bot.engine.iac.terraform.syntax import Expression, Literal, Unparsed
from bot.engine.iac.terraform.template import normalize
from bot.engine.model.resource import Limits
from bot.engine.model.span import Span

LANGUAGE = tree_sitter.Language(tree_sitter_hcl.language())
MAX_TEXT = 200
_DEFAULT = Limits()


@lru_cache(maxsize=64)
def parse_template(text: str, span: Span, limits: Limits = _DEFAULT) -> Expression:
    """The expression of a template given as text, as in a string of the JSON syntax or a template file.

    Only `$${` and `%%{` are escapes in it. Every part stands at `span`. Yields `Unparsed` for what is no template.
    Remembered, since the instances of a resource read one file.
    """
    if "${" not in text and "%{" not in text:
        return Literal(span, normalize(text))
    marker = b"TEMPLATE"
    content = text.encode("utf-8", "replace")
    while marker in content:
        marker += b"_"
    source = PlacedSource(span, b"t = <<" + marker + b"\n" + content + b"\n" + marker + b"\n")
    start = len(marker) + 7
    path = ("body", "attribute", "expression", "template_expr", "heredoc_template")
    return _read(text, source, path, lambda node: read_text(Reader(source, limits.nesting), node, start, start + len(content)))


def parse_expression(text: str, span: Span, limits: Limits = _DEFAULT) -> Expression:
    """The expression given as text (`aws_vpc.main`, `list(string)`). Every part stands at `span`; `Unparsed` for what is none."""
    source = PlacedSource(span, b"t = (" + text.encode("utf-8", "replace") + b"\n)\n")
    return _read(text, source, ("body", "attribute", "expression"), lambda node: Reader(source, limits.nesting).expression(node))


def _read(text: str, source: PlacedSource, path: tuple[str, ...], read: Callable[[tree_sitter.Node], Expression]) -> Expression:
    node = _descend(tree_sitter.Parser(LANGUAGE).parse(source.data).root_node, path)
    detail = "syntax error"
    try:
        if node is not None:
            return read(node)
    except Refused as refused:
        detail = refused.detail
    except RecursionError:
        detail = "nesting"
    return Unparsed(source.place, text[:MAX_TEXT], detail)


def _descend(root: tree_sitter.Node, path: tuple[str, ...]) -> tree_sitter.Node | None:
    """The node at the end of `path`, if on the way nothing else stands beside it and there is no error."""
    node = root
    if root.has_error:
        return None
    for kind in path:
        inner = [child for child in node.children if child.type not in {"comment", "identifier", "="}]
        if len(inner) != 1 or inner[0].type != kind:
            return None
        node = inner[0]
    return node
