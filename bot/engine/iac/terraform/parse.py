"""Bytes → `syntax.File`, for Terraform's native and JSON syntax.

Native syntax: HCL's own grammar (`parse_grammar`) says whether the file is valid and where not, `parse_recovery` cuts a file
with errors into parts without, tree-sitter-hcl gives the tree of each part, `parse_body` and `parse_expression` read it.
"""

from __future__ import annotations

from functools import lru_cache

import tree_sitter

from bot.engine.iac.terraform.parse_body import BodyReader, cut_off
from bot.engine.iac.terraform.parse_grammar import check
from bot.engine.iac.terraform.parse_recovery import Part, Trouble, recover, without_unsupported
from bot.engine.iac.terraform.parse_source import MAX_BROKEN, Source
from bot.engine.iac.terraform.parse_text import LANGUAGE, parse_expression, parse_template
from bot.engine.iac.terraform.syntax import Attribute, Block, File
from bot.engine.model.resource import Limits, Unread, UnreadCause
from bot.engine.model.span import Span
from bot.engine.pattern import Pattern

__all__ = ["parse_expression", "parse_file", "parse_template"]

JSON_SUFFIXES = (".tf.json", ".tofu.json", ".tfvars.json")
_DEFAULT = Limits()
_RUNS = Pattern(rb"\s{100,}")
MAX_PADDING = 100_000_000  # one run of 10,000 characters, half a second


def parse_file(path: str, data: bytes, limits: Limits = _DEFAULT) -> File:
    """One file; the suffix of `path` chooses the syntax. Never raises: `File.unread` says what was not read.

    Columns of spans count Unicode code points from 1; a byte order mark does not count.
    """
    return _parse_file(path, data, limits)


@lru_cache(maxsize=512)
def _parse_file(path: str, data: bytes, limits: Limits) -> File:
    if len(data) > limits.file_bytes:
        return _not_read(path, "limit", "size")
    if _padding(data) > MAX_PADDING:
        return _not_read(path, "limit", "white space")
    try:
        if path.endswith(JSON_SUFFIXES):
            from bot.engine.iac.terraform.json_syntax import parse_json  # noqa: PLC0415 — most trees hold none

            return parse_json(path, data, limits)
        return _NativeFile(path, limits).read(data)
    except RecursionError:
        return _not_read(path, "limit", "nesting")


def _padding(data: bytes) -> int:
    """What runs of white space cost the parser, whose time grows with the square of a run: 5 ns each (measured)."""
    return sum([len(run) ** 2 for run in _RUNS.findall(data)])


def _not_read(path: str, cause: UnreadCause, detail: str) -> File:
    return File(path, {}, (), (Unread(Span(path, 1), "file", cause, detail),))


class _NativeFile:
    def __init__(self, path: str, limits: Limits) -> None:
        self.path = path
        self.limits = limits
        self.attributes: dict[str, Attribute] = {}
        self.blocks: list[Block] = []
        self.unread: set[Unread] = set()

    def read(self, data: bytes) -> File:
        source = Source(self.path, data)
        if len(source.broken) >= MAX_BROKEN:
            return _not_read(self.path, "unsupported", "not UTF-8")
        text = source.data.decode()
        refusal = check(text, self.limits.nesting).refusal
        parts, troubles = ([Part(text, 0, {})], []) if refusal is None or refusal.is_limit else recover(text, self.limits.nesting)
        self._note(troubles)
        for part in parts:
            self._read_part(part, source.broken)
        return File(self.path, self.attributes, tuple(self.blocks), tuple(sorted(self.unread)))

    def _note(self, troubles: list[Trouble]) -> None:
        for trouble in troubles:
            line, column = trouble.row + 1, trouble.column + 1
            self.unread.add(Unread(Span(self.path, line, column, line, column + 1), trouble.extent, trouble.cause, trouble.detail))

    def _read_part(self, part: Part, broken: tuple[tuple[int, int], ...]) -> None:
        root = _tree(part.text)
        if root.has_error:
            self._note(without_unsupported(part, lambda text: not _tree(text).has_error, self.limits.nesting))
            root = _tree(part.text)
        source = Source(self.path, part.text.encode(), part.first_row)
        inside = tuple([(row - part.first_row, column) for row, column in broken])
        reader = BodyReader(source, self.limits.nesting, {row - part.first_row: text for row, text in part.spoilt.items()}, inside)
        body = reader.file(root)
        self.attributes |= body.attributes
        self.blocks.extend(cut_off(tuple(body.blocks), part.open_blocks))
        self.unread.update(reader.unread)


def _tree(text: str) -> tree_sitter.Node:
    return tree_sitter.Parser(LANGUAGE).parse(text.encode()).root_node
