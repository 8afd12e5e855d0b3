"""A message or body → the lines that its author says. What is quoted, fenced or commented out is somebody else's, or an illustration."""

from __future__ import annotations

import re
from collections.abc import Iterator

from msgspec import Struct

MOST_OF_LINE = 500  # characters by which a line is taken for one of attribution
MOST_ELEMENTS = 100  # of one line; what follows them is read as it stands
MOST = 65_536  # characters that are read, from the end: what tools write stands there
_BREAK = re.compile(r"\r\n?|\u2028|\u2029|\x85|\x0b|\x0c")
_INVISIBLE = re.compile("[\u200b-\u200f\u2060\ufeff\u00ad]")
_FENCE = re.compile(r"\s{0,3}(`{3,}|~{3,})")
_BARE_FENCE = re.compile(r"\s{0,3}(`{3,}|~{3,})\s*$")
_ELEMENT = re.compile(r"<(pre|blockquote|code)\b[^>]{0,200}>", re.IGNORECASE)
_SQUASHED = re.compile(r"\* \S")  # https://docs.github.com/en/pull-requests: a squash lists the messages of its commits so
_RULE = re.compile(r"\s{0,3}([-=_*])(?:\s*\1){2,}\s*$")
_HEADING = re.compile(r"\s{0,3}#{1,6}\s")
# A line of a paragraph that only says who or what took part: a trailer, a footer, an address, an issue, an HTML tag.
_ATTRIBUTION = re.compile(
    r"\W*(?:[A-Za-z][\w-]*(?: [\w-]+){0,3}: ?\S|(?:co-)?generated (?:with|by)|https?://\S+\W*$|\[[^\]]*\]\(https?://|"
    r"(?:fix(?:es|ed)?|close[sd]?|resolve[sd]?|refs?|see)\b:? \S+\W*$|<[^>]+>\W*$|\(cherry picked from|---)",
    re.IGNORECASE,
)


class Line(Struct, frozen=True):
    """One visible line. `last`: it stands in the last paragraphs of its part; `introduced`: the line before announces it with a colon."""

    text: str
    last: bool = False
    introduced: bool = False


class Text(Struct, frozen=True):
    """`comments`: what stands in HTML comments outside of quotes and fences. `cut`: there was more than is read."""

    lines: tuple[Line, ...] = ()
    comments: tuple[str, ...] = ()
    cut: bool = False


def read(text: str) -> Text:
    """The visible lines of a text, with their standing; every size is read in linear time."""
    cut = len(text) > MOST
    plain = _INVISIBLE.sub("", _BREAK.sub("\n", text[-MOST:])).replace("\xa0", " ")
    comments: list[str] = []
    visible = [line.rstrip() for line in _visible(plain.split("\n"), comments)]
    return Text(tuple(_placed(visible)), tuple(comments), cut)


def _visible(lines: list[str], comments: list[str]) -> Iterator[str]:
    """The lines without what is hidden: it leaves nothing behind, so that it can change nothing. What is never closed hides nothing."""
    last = _Closings(lines)
    position = 0
    while position < len(lines):
        line = lines[position]
        if fence := _FENCE.match(line):
            end = last.fence(fence[1], position)
            if end is not None:
                position = end + 1
                continue
        if not line.lstrip().startswith(">"):
            kept, position = _without_elements(lines, position, last, comments)
            if kept is not None:
                yield kept
        position += 1


def _without_elements(lines: list[str], position: int, last: _Closings, comments: list[str]) -> tuple[str | None, int]:
    """The line without comments and quoting elements, and the line on which the last of them ends. None when nothing is left of it."""
    line, kept, changed = lines[position], "", False
    for _ in range(MOST_ELEMENTS):
        comment, element = line.find("<!--"), _ELEMENT.search(line)
        if comment < 0 and element is None:
            break
        is_comment = comment >= 0 and (element is None or comment < element.start())
        start = comment if is_comment or element is None else element.start()
        after = start + 4 if is_comment or element is None else element.end()
        closing = "-->" if is_comment or element is None else f"</{element[1].lower()}>"
        end = last.element(closing, position, line[after:])
        if end is None:
            kept, line = kept + line[:after], line[after:]
            continue
        inside = [line[after:]] if end == position else [line[after:], *lines[position + 1 : end + 1]]
        at = inside[-1].lower().find(closing)
        rest = inside[-1][at + len(closing) :]
        if is_comment:
            comments.append("\n".join([*inside[:-1], inside[-1][:at]]).strip())
        kept, line, position, changed = kept + line[:start], rest, end, True
    kept += line
    return (kept if kept.strip() or not changed else None), position


class _Closings:
    """Where what is opened is closed. What has been sought and not found is not sought again."""

    def __init__(self, lines: list[str]) -> None:
        self._lines = lines
        self._absent: dict[str, int] = {}

    def fence(self, opening: str, position: int) -> int | None:
        """The line that closes a fence: of the same sign, at least as long, and bare."""
        if self._absent.get(opening, len(self._lines)) <= position:
            return None
        for number in range(position + 1, len(self._lines)):
            found = _BARE_FENCE.match(self._lines[number])
            if found and found[1][0] == opening[0] and len(found[1]) >= len(opening):
                return number
        self._absent[opening] = position
        return None

    def element(self, closing: str, position: int, rest: str) -> int | None:
        """The line on which an element is closed; `rest`: what follows its opening on the same line."""
        if self._absent.get(closing, len(self._lines)) <= position:
            return None
        if closing in rest.lower():
            return position
        for number in range(position + 1, len(self._lines)):
            if closing in self._lines[number].lower():
                return number
        self._absent[closing] = position
        return None


def _placed(lines: list[str]) -> Iterator[Line]:
    """The lines with their standing, part by part. A squash has a part for each of its messages, a body one below each heading."""
    for part in _parts(lines):
        paragraphs = [[line for line in paragraph if line] for paragraph in _paragraphs(part)]
        first = _first_of_last(paragraphs)
        before = ""
        for number, paragraph in enumerate(paragraphs):
            for line in paragraph:
                yield Line(line, number >= first, before.endswith(":"))
                before = line


def _first_of_last(paragraphs: list[list[str]]) -> int:
    """The last paragraph, and each before one that only says who took part."""
    first = len(paragraphs) - 1
    while first > 0 and all(_ATTRIBUTION.match(line[:MOST_OF_LINE]) for line in paragraphs[first]):
        first -= 1
    return first


def _parts(lines: list[str]) -> Iterator[list[str]]:
    part: list[str] = []
    for number, line in enumerate(lines):
        alone = number + 1 == len(lines) or not lines[number + 1]
        begins = _HEADING.match(line) or (_SQUASHED.match(line) and alone and (not number or not lines[number - 1]))
        if (begins or _RULE.match(line)) and part:
            yield part
            part = []
        if not _RULE.match(line):
            part.append(line)
    if part:
        yield part


def _paragraphs(lines: list[str]) -> Iterator[list[str]]:
    paragraph: list[str] = []
    for line in [*lines, ""]:
        if line:
            paragraph.append(line)
        elif paragraph:
            yield paragraph
            paragraph = []
