"""A file with syntax errors, cut into parts that can be read without any.

An error-tolerant parser attaches values to wrong names and blocks to wrong bodies. So the file is cut at the blocks that
start at the first column, each part is checked by HCL's own grammar, and of a part that is refused only this is used: the
rest when replacing one argument on one line by a placeholder makes the whole part valid; else what stands before the error.
"""

from __future__ import annotations

from collections.abc import Iterator

from msgspec import Struct

from bot.engine.iac.terraform.parse_body import BodyParser
from bot.engine.iac.terraform.parse_scanner import Refusal
from bot.engine.iac.terraform.parse_source import PlacedSource
from bot.engine.model.resource import Extent
from bot.engine.model.span import NOWHERE
from bot.engine.pattern import Pattern

_HEADER = Pattern(r'[^\W\d][\w-]*(?:[ \t]+(?:"[^"\n]*"|[^\W\d][\w-]*))*[ \t]*\{')
_HEREDOC = Pattern(r"<<-?([^\W\d][\w-]*)\r?\n?$")
_ARGUMENT = Pattern(r"[^\W\d][\w-]*[ \t]*=[ \t]*(?=[^\s=>])")
PLACEHOLDER = "0"
MAX_REPAIRS = 5
MAX_TROUBLES = 100  # of one file; what stands behind them is not read


class Trouble(Struct, frozen=True):
    """One thing that is not read: `row` and `column` in the file, from 0, in code points."""

    row: int
    column: int
    extent: Extent
    detail: str


class Check(Struct, frozen=True):
    """The first refusal, if any; then `start` is where its argument or block begins, `open_blocks` how many bodies are open there."""

    refusal: Refusal | None
    start: int
    open_blocks: int


def check(text: str, nesting: int) -> Check:
    """Whether HCL's grammar accepts `text`."""
    parser = BodyParser(PlacedSource(NOWHERE, text), nesting)
    refusal = parser.refusal()
    return Check(refusal, parser.item, parser.open_blocks)


class Part(Struct):
    """Text that HCL accepts, from `first_row` of the file on.

    `spoilt`: rows of the file with an argument whose value is a placeholder → the text that stood there. `open_blocks`:
    as many blocks, one in the other, are the last of the part and were cut off.
    """

    text: str
    first_row: int
    spoilt: dict[int, str]
    open_blocks: int = 0


def recover(text: str, nesting: int) -> tuple[list[Part], list[Trouble]]:
    """The usable parts of a text that HCL refuses, and every place that it refuses, up to a limit that is told."""
    parts: list[Part] = []
    troubles: list[Trouble] = []
    for first_row, chunk in _chunks(text):
        if len(troubles) >= MAX_TROUBLES:
            troubles.append(Trouble(first_row, 0, "file", f"more than {MAX_TROUBLES} errors"))
            break
        part = Part(chunk, first_row, {})
        _repair(part, troubles, nesting)
        parts.append(part)
    return parts, troubles


def _chunks(text: str) -> Iterator[tuple[int, str]]:
    """Row and text from each block at the first column to the next; heredocs and comments are not looked into."""
    start, lines = 0, text.splitlines(keepends=True) if text.isascii() else [line + "\n" for line in text.split("\n")]
    until = ""
    for row, line in enumerate(lines):
        if until:
            until = "" if (line.strip() == until or (until == "*/" and until in line)) else until
            continue
        if row > start and _HEADER.match(line):
            yield start, "".join(lines[start:row])
            start = row
        heredoc = _HEREDOC.search(line)
        until = heredoc[1] if heredoc else "*/" if line.lstrip().startswith("/*") and "*/" not in line else ""
    yield start, "".join(lines[start:])


def _repair(part: Part, troubles: list[Trouble], nesting: int) -> None:
    found = check(part.text, nesting)
    for _ in range(MAX_REPAIRS):
        if found.refusal is None:
            return
        text = part.text
        replaced = _without_argument(part, found)
        again = check(replaced, nesting) if replaced else found
        if replaced is None or (again.refusal and _row(replaced, again.refusal.offset) <= _row(text, found.refusal.offset)):
            break
        row = part.first_row + _row(text, found.start)
        part.spoilt[row] = text[found.start :].split("\n", 1)[0]
        troubles.append(_trouble(part, found, "attribute"))
        part.text, found = replaced, again
    if found.refusal is not None:
        _cut(part, found, troubles)
        _drop_if_refused(part, troubles, nesting)


def _without_argument(part: Part, found: Check) -> str | None:
    """The text with a placeholder for the value of the argument that is refused, when both stand on one line and move no brace."""
    match = _ARGUMENT.match(part.text, found.start)
    end = part.text.find("\n", found.start)
    if found.refusal is None or match is None or not found.start <= found.refusal.offset <= end:
        return None
    value = part.text[match.end() : end]
    if "<<" in value or "/*" in value or any(value.count(left) != value.count(right) for left, right in ("{}", "[]", "()")):
        return None
    return part.text[: match.end()] + PLACEHOLDER + part.text[end:]


def _cut(part: Part, found: Check, troubles: list[Trouble]) -> None:
    """Keep what stands before the refused item and close the blocks that are open there."""
    rest = part.text[found.start :].split("\n", 1)
    is_swallowing = len(rest) > 1 and any(map(_HEADER.match, rest[1].split("\n")))
    troubles.append(_trouble(part, found, "block" if found.open_blocks and not is_swallowing else "file"))
    part.text = part.text[: found.start] + "\n" + "}\n" * found.open_blocks
    part.open_blocks = found.open_blocks


def _drop_if_refused(part: Part, troubles: list[Trouble], nesting: int) -> None:
    """What was not read of an argument beyond a limit may have hidden where its block ends."""
    found = check(part.text, nesting)
    if found.refusal is not None:
        troubles.append(_trouble(part, found, "file"))
        part.text, part.open_blocks = "", 0


def _trouble(part: Part, found: Check, extent: Extent) -> Trouble:
    refusal = found.refusal
    if refusal is None:
        raise AssertionError("only a refusal is a trouble")
    row = _row(part.text, refusal.offset)
    column = refusal.offset - (part.text.rfind("\n", 0, refusal.offset) + 1)
    return Trouble(part.first_row + row, column, extent, f"expected {refusal.detail}")


def _row(text: str, offset: int) -> int:
    return text.count("\n", 0, offset)
