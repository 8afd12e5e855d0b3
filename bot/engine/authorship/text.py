"""A message or body → the lines that its author says. What is quoted, fenced or commented out is somebody else's, or an illustration.

No regular expression is compiled for an ordinary message: that would cost a cold command more than everything else here.
"""

from __future__ import annotations

from collections.abc import Iterator

from msgspec import Struct

MOST = 65_536  # characters that are read, from the end: what tools write stands there
MOST_OF_LINE = 500  # characters by which a line is taken for one of attribution
MOST_ELEMENTS = 100  # of one line; what follows them is read as it stands
_INVISIBLE = dict.fromkeys([*range(0x200B, 0x2010), 0x2060, 0xFEFF, 0x00AD]) | {0xA0: " "}
_FENCES = ("```", "~~~")
_COMMENT, _COMMENT_END = "<!--", "-->"
_QUOTING = ("pre", "blockquote", "code")
_OPENINGS = (_COMMENT, *(f"<{name}" for name in _QUOTING))
_RULES = "-=_*"
_ISSUE_WORDS = frozenset(
    {"fix", "fixes", "fixed", "close", "closes", "closed", "resolve", "resolves", "resolved", "ref", "refs", "see", "re", "part", "issue"}
)
MOST_KEY_WORDS = 4


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
    plain = text[-MOST:]
    if not plain.isascii():
        plain = plain.translate(_INVISIBLE)
    comments: list[str] = []
    visible = [line.rstrip() for line in _visible(plain.splitlines(), comments)]
    return Text(tuple(_placed(visible)), tuple(comments), len(text) > MOST)


def _visible(lines: list[str], comments: list[str]) -> Iterator[str]:
    """The lines without what is hidden: it leaves nothing behind, so that it can change nothing. What is never closed hides nothing."""
    last = _Closings(lines)
    position = 0
    while position < len(lines):
        line = lines[position]
        start = line.lstrip()
        if start.startswith(_FENCES) and (end := last.fence(_run(start), position)) is not None:
            position = end + 1
            continue
        if not start.startswith(">"):
            kept, position = _without_elements(lines, position, last, comments) if _opens(line) else (line, position)
            if kept is not None:
                yield kept
        position += 1


def _opens(line: str) -> bool:
    if "<" not in line:
        return False
    lowered = line.lower()
    return any(opening in lowered for opening in _OPENINGS)


def _run(text: str) -> str:
    """The signs of one kind with which a text begins."""
    return text[: len(text) - len(text.lstrip(text[0]))]


def _without_elements(lines: list[str], position: int, last: _Closings, comments: list[str]) -> tuple[str | None, int]:
    """The line without comments and quoting elements, and the line on which the last of them ends. None when nothing is left of it."""
    line, kept, changed = lines[position], "", False
    for _ in range(MOST_ELEMENTS):
        found = _opening(line)
        if found is None:
            break
        start, after, closing = found
        end = last.element(closing, position, line[after:])
        if end is None:
            kept, line = kept + line[:after], line[after:]
            continue
        inside = [line[after:]] if end == position else [line[after:], *lines[position + 1 : end + 1]]
        at = inside[-1].lower().find(closing)
        rest = inside[-1][at + len(closing) :]
        if closing == _COMMENT_END:
            comments.append("\n".join([*inside[:-1], inside[-1][:at]]).strip())
        kept, line, position, changed = kept + line[:start], rest, end, True
    kept += line
    return (kept if kept.strip() or not changed else None), position


def _opening(line: str) -> tuple[int, int, str] | None:
    """The first thing that is opened: where, what follows it, and what closes it."""
    lowered = line.lower()
    starts = ((lowered.find(opening), opening) for opening in _OPENINGS)
    first = min((found for found in starts if found[0] >= 0), default=None)
    if first is None:
        return None
    start, opening = first
    if opening == _COMMENT:
        return start, start + len(opening), _COMMENT_END
    return start, start + len(opening), f"</{opening[1:]}>"


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
            line = self._lines[number].strip()
            if len(line) >= len(opening) and line.startswith(opening) and not line.strip(opening[0]):
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
        paragraphs = list(_paragraphs(part))
        first = _first_of_last(paragraphs)
        before = ""
        for number, paragraph in enumerate(paragraphs):
            for line in paragraph:
                yield Line(line, number >= first, before.endswith(":"))
                before = line


def _first_of_last(paragraphs: list[list[str]]) -> int:
    """The last paragraph, and each before one that only says who took part."""
    first = len(paragraphs) - 1
    while first > 0 and all(_attributes(line) for line in paragraphs[first]):
        first -= 1
    return first


def _attributes(line: str) -> bool:
    """Whether a line of a paragraph only says who or what took part: a trailer, a footer, an address, an issue, a tag."""
    text = line[:MOST_OF_LINE].strip().lstrip("*_~-+ ")
    lowered = text.lower()
    if "generated with" in lowered or "generated by" in lowered or lowered.startswith(("http", "(cherry picked from", "[", "<", "#")):
        return True
    key, colon, value = text.partition(":")
    if colon and value.strip() and len(key.split()) <= MOST_KEY_WORDS and key[:1].isalpha():
        return True
    words = lowered.split()
    return not any(char.isalnum() for char in text) or (bool(words) and words[0] in _ISSUE_WORDS)


def _parts(lines: list[str]) -> Iterator[list[str]]:
    part: list[str] = []
    for number, line in enumerate(lines):
        rule = _is_rule(line)
        if part and (rule or _is_heading(line) or _is_squashed(lines, number)):
            yield part
            part = []
        if not rule:
            part.append(line)
    if part:
        yield part


def _is_rule(line: str) -> bool:
    signs = line.replace(" ", "") if line[:4].lstrip()[:1] in tuple(_RULES) else ""
    return len(signs) >= len("---") and not signs.strip(signs[0])


def _is_heading(line: str) -> bool:
    """Whether a section begins: below a heading, or in a block that folds, as bots append them to a body."""
    return (line.startswith("#") and line.lstrip("#").startswith((" ", "\t"))) or line.startswith("<details")


def _is_squashed(lines: list[str], number: int) -> bool:
    """Whether the title of a squashed message stands there: a list item alone in its paragraph, as GitHub writes it."""
    if not lines[number].startswith("* "):
        return False
    return not (number and lines[number - 1]) and not (number + 1 < len(lines) and lines[number + 1])


def _paragraphs(lines: list[str]) -> Iterator[list[str]]:
    paragraph: list[str] = []
    for line in [*lines, ""]:
        if line:
            paragraph.append(line)
        elif paragraph:
            yield paragraph
            paragraph = []
