"""A text → its sentences: of paragraphs, items of lists, headings and rows of tables, with the lines on which they stand.

Whatever the text, the work is in proportion to its length, and a sentence that is too long for one is none.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from itertools import pairwise
from typing import TypeAlias

from msgspec import Struct

from bot.engine.claims.text import Sentence, Text
from bot.engine.pattern import Pattern

# Of a text and what belongs together in it, in lower case: the finders that may hear something.
Hears: TypeAlias = Callable[[Text, str], tuple[str, ...]]
MAX_LINES = 4_000
MAX_SENTENCE = 600  # characters
WRAPPED = 50  # a line of a comment that is shorter was ended on purpose, if the next begins with a capital
_FENCES = ("```", "~~~")
_SET_APART = (*_FENCES, ">")
_INDENT = ("    ", "\t")
_ITEM = Pattern(r"\s*(?:[-*+•]|\(?\d{1,3}[.)]|\(?[a-z]\))\s+(?:\[[ xX]\]\s+)?(?=\S)")
_BOUNDARY = Pattern(r"[.!?][\"'\u201d\u2019)\]*_`]*\s+(?=[\"'\u201c\u2018(\[*_`]*[A-Z0-9])")
_ABBREVIATIONS = frozenset(
    {
        "e.g.",
        "i.e.",
        "eg.",
        "ie.",
        "vs.",
        "cf.",
        "approx.",
        "incl.",
        "excl.",
        "no.",
        "nr.",
        "sec.",
        "fig.",
        "art.",
        "dr.",
        "mr.",
        "st.",
        "resp.",
        "esp.",
        "req.",
        "rev.",
    }
)
_LINK = Pattern(r"!?\[([^\][\n]{0,300})\]\([^()\s]{0,500}(?:\s+\"[^\"]{0,200}\")?\)")
_TRAILER = Pattern(r"[A-Z][\w-]{1,40}: \S.*|\(cherry picked from .*")
_CODE = Pattern(r"[\w.\"\[\]-]+\s*=\s*\S+.*|[\w-]+(?:\s+\"[^\"]*\")*\s*\{.*|[\]})],?\s*$|\w+\s*=\s*$")
_OPEN_ENDS = frozenset(
    [
        "and",
        "or",
        "the",
        "a",
        "an",
        "of",
        "to",
        "in",
        "for",
        "with",
        "by",
        "on",
        "at",
        "from",
        "as",
        "is",
        "are",
        "be",
        "that",
        "which",
        "this",
        "these",
    ]
)
_QUOTES = {'"': '"', "\u201c": "\u201d", "'": "'", "\u2018": "\u2019"}


class _Piece(Struct, frozen=True):
    """What belongs together: lines with their numbers. `quoted`: somebody else's, an illustration, or hidden."""

    lines: tuple[tuple[int, str], ...]
    quoted: bool = False


def sentences(text: Text, hears: Hears | None = None) -> tuple[Sentence, ...]:
    """The sentences of which the change adds a line, in order. `hears`: what belongs together and nobody hears is left out."""
    found: list[Sentence] = []
    heading = ""
    for piece in _pieces(text):
        if text.source in ("document", "body") and piece.lines[0][1].startswith("#") and not piece.quoted:
            heading = piece.lines[0][1].lstrip("# ")
        if text.added is not None and not any(number in text.added for number, _ in piece.lines):
            continue
        heard = () if hears is None else hears(text, " ".join([line for _, line in piece.lines]).lower())
        if heard or hears is None:
            found += (item for item in _of_piece(text, piece, heading, heard) if text.added is None or _is_added(item, text.added))
    return tuple(found)


def _is_added(sentence: Sentence, added: frozenset[int]) -> bool:
    return not added.isdisjoint(range(sentence.line, sentence.last_line + 1))


def _numbered(text: Text) -> list[tuple[int, str]]:
    lines = text.content.split("\n")[:MAX_LINES]
    if text.lines:
        return list(zip(text.lines, lines, strict=False))
    return list(enumerate(lines, start=text.line or 1))


def _pieces(text: Text) -> Iterator[_Piece]:
    if text.source == "title":
        yield _Piece(((text.line or 1, text.content),))
        return
    lines = _numbered(text)
    if text.source == "code" and len(lines) == 1 and "<!--" not in text.content and not text.content.lstrip().startswith(_SET_APART):
        if (only := lines[0][1].strip()) and not _CODE.fullmatch(only):  # most comments and descriptions are of one line
            yield _Piece(tuple(lines))
        return
    if text.source == "commit":
        lines = _without_trailers(lines)
    if "<!--" in text.content:
        lines, hidden = _without_comments(lines)
        yield from hidden
    yield from _paragraphs(text, lines)


def _paragraphs(text: Text, lines: list[tuple[int, str]]) -> Iterator[_Piece]:
    pending: list[tuple[int, str]] = []
    for number, line, quoted in _fenced(text, lines):
        start = line.strip()
        if pending and (quoted or _begins(text, pending, line, start)):
            yield _Piece(tuple(pending))
            pending = []
        if quoted and start:
            yield _Piece(((number, start.lstrip("> ")),), quoted=True)
        elif start and (text.source != "code" or not _CODE.fullmatch(start)):
            pending.append((number, line))
    if pending:
        yield _Piece(tuple(pending))


def _fenced(text: Text, lines: list[tuple[int, str]]) -> Iterator[tuple[int, str, bool]]:
    """Each line, and whether it is quoted: in a fence, behind the sign of a quotation, or indented as code. A fence is a blank line."""
    fence = ""
    before = ""
    for number, line in lines:
        start = line.strip()
        if start.startswith(fence or _FENCES) and (not fence or not start.strip(fence[0])):
            fence = "" if fence else start[:3]
            yield number, "", False
        else:
            indented = text.source in ("document", "body") and line.startswith(_INDENT) and not _ITEM.match(line)
            is_code = indented and (not before.strip() or before.startswith(_INDENT))
            yield number, line, bool(fence) or start.startswith(">") or is_code
        before = line


def _begins(text: Text, pending: list[tuple[int, str]], line: str, start: str) -> bool:
    """Whether a line does not go on with what is pending."""
    if not start or start.startswith(("|", "#")) or _ITEM.match(line):
        return True
    last = pending[-1][1].strip()
    if last.startswith(("|", "#")) or last.endswith(":") or (text.source == "commit" and pending[0][0] == (text.line or 1)):
        return True
    if text.source != "code":
        return False
    ended = len(last) < WRAPPED and start[:1].isupper() and last[-1:] not in ",;-(&/" and last.split()[-1].lower() not in _OPEN_ENDS
    return ended or _CODE.fullmatch(start) is not None


def _without_trailers(lines: list[tuple[int, str]]) -> list[tuple[int, str]]:
    """A message without the paragraph of trailers at its end."""
    end = len(lines)
    while end and not lines[end - 1][1].strip():
        end -= 1
    first = end
    while first and lines[first - 1][1].strip():
        first -= 1
    last = lines[first:end]
    is_trailers = first > 0 and all(_TRAILER.fullmatch(line) for _, line in last) and any("-by: " in line.lower() for _, line in last)
    return _without_trailers(lines[:first]) if is_trailers else lines[:end]


def _without_comments(lines: list[tuple[int, str]]) -> tuple[list[tuple[int, str]], list[_Piece]]:
    """The lines without what HTML comments hide, and that by itself. What is never closed hides nothing."""
    shown: list[tuple[int, str]] = []
    hidden: list[_Piece] = []
    last = max((position for position, (_, line) in enumerate(lines) if "-->" in line), default=-1)
    inside: list[tuple[int, str]] | None = None
    for position, (number, line) in enumerate(lines):
        rest, kept = line, ""
        while rest:
            sign = "-->" if inside is not None else "<!--"
            before, found, after = rest.partition(sign)
            if inside is None and (not found or ("-->" not in after and position >= last)):
                kept += rest
                break
            if inside is None:
                kept, rest, inside = kept + before, after, []
                continue
            inside.append((number, before))
            if not found:
                break
            hidden.append(_Piece(tuple([item for item in inside if item[1].strip()]), quoted=True))
            rest, inside = after, None
        shown.append((number, kept))
    return shown, [piece for piece in hidden if piece.lines]


def _of_piece(text: Text, piece: _Piece, heading: str, heard: tuple[str, ...]) -> Iterator[Sentence]:
    offsets: list[tuple[int, int]] = []
    joined = ""
    parts: list[str] = []
    length = 0
    for position, (number, line) in enumerate(piece.lines):
        part = _plain(line, first=position == 0)
        offsets.append((length, number))
        parts.append(part)
        length += len(part) + 1
    joined = " ".join(parts)
    for start, end in _split(joined):
        content = joined[start:end].strip()
        if content and len(content) <= MAX_SENTENCE:
            first, last = _line_at(offsets, start), _line_at(offsets, end - 1)
            yield Sentence(text, content, first, piece.quoted or _is_quotation(content), last, heading, heard)


def _plain(line: str, *, first: bool) -> str:
    """A line without the marks of lists, headings, emphasis and links."""
    if first:
        found = _ITEM.match(line)
        line = line[found.end() :] if found else line.strip().lstrip("#")
    line = line.strip().replace("**", "")
    return _LINK.sub(r"\1", line) if "](" in line else line


def _split(joined: str) -> Iterator[tuple[int, int]]:
    """Where sentences end. A row of a table is one, whatever stands in its cells."""
    cuts = [0]
    for found in _BOUNDARY.finditer(joined) if not joined.startswith("|") else ():
        word = joined[: found.start() + 1].rsplit(None, 1)[-1].lstrip("(\"'").lower() if found.start() < MAX_SENTENCE else ""
        if word not in _ABBREVIATIONS:
            cuts.append(found.end())
    yield from pairwise([*cuts, len(joined)])


def _line_at(offsets: list[tuple[int, int]], position: int) -> int:
    return next((number for start, number in reversed(offsets) if start <= position), offsets[0][1])


def _is_quotation(content: str) -> bool:
    closing = _QUOTES.get(content[0])
    return (
        closing is not None
        and len(content) > 2
        and content.rstrip(".!?,;").endswith(closing)
        and closing not in content[1:].rstrip(".!?,;")[:-1]
    )
