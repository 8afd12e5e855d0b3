"""The lines of a file around a deciding value, with the value underlined and named."""

from __future__ import annotations

from collections.abc import Sequence

from msgspec import Struct

from bot.report.clean import cut, line, width
from bot.report.hidden import covered, literals, mask
from bot.report.phrases import Phrases
from bot.report.style import Style, Tone

BEFORE = 2
MAX_LINES = 6
MIN_LABEL = 16


class Mark(Struct, frozen=True):
    """What to underline: lines and columns from 1, `end_column` exclusive (0: to the end of the line).

    `hidden`: the value is not to be shown. `secret`: lines of the file whose literals are not to be shown either.
    """

    first: int
    last: int
    column: int = 1
    end_column: int = 0
    label: str = ""
    hidden: bool = False
    secret: frozenset[int] = frozenset()


def excerpt(source: Sequence[str], mark: Mark, phrases: Phrases, style: Style, tone: Tone) -> list[str]:
    """Two lines before, the marked ones, an underline under the first; empty when the file is not at hand or is no text."""
    if not 1 <= mark.first <= len(source) or "\0" in source[mark.first - 1]:
        return []
    start, last = max(1, mark.first - BEFORE), min(max(mark.first, mark.last), mark.first + MAX_LINES - 1, len(source))
    gutter = len(str(last))
    out = [_rail(gutter, "", style)]
    for number in range(start, last + 1):
        text = _masked(source[number - 1], mark, phrases) if number == mark.first else _shown(source[number - 1], phrases, mark, number)
        out.append(_rail(number, cut(text, style.width - gutter - 3, style.ellipsis), style, gutter))
        if number == mark.first:
            out += _underline(source[number - 1], mark, phrases, style, tone, gutter)
    if max(mark.first, mark.last) > last:
        out.append(_rail(gutter, style.ellipsis, style))
    return [*out, _rail(gutter, "", style)]


def _shown(text: str, phrases: Phrases, mark: Mark, number: int) -> str:
    """A neighbouring line; of a hidden value that spans lines nothing is shown."""
    if mark.hidden and mark.first < number <= mark.last:
        return covered(phrases)
    shown = mask(line(text), phrases)
    if number in mark.secret:
        return literals(shown, phrases) if '"' in shown or "=" in shown else covered(phrases)
    return shown


def _masked(text: str, mark: Mark, phrases: Phrases) -> str:
    if not mark.hidden:
        return _shown(text, phrases, mark, mark.first)
    start, end = _columns(text, mark)
    return line(text[:start]) + _stand_in(text, mark, phrases) + literals(line(text[end:]), phrases)


def _stand_in(text: str, mark: Mark, phrases: Phrases) -> str:
    """A reference stays readable; a literal does not."""
    start, end = _columns(text, mark)
    return literals(line(text[start:end]), phrases)


def _underline(text: str, mark: Mark, phrases: Phrases, style: Style, tone: Tone, gutter: int) -> list[str]:
    start, end = _columns(text, mark)
    if mark.hidden:
        before, length = width(line(text[:start])), width(_stand_in(text, mark, phrases))
    else:
        before = width(mask(line(text[:start]), phrases))
        length = max(1, width(_shown(text, phrases, mark, mark.first)) - before - width(line(text[end:])))
    room = style.width - gutter - 3
    if before >= room:
        return [_rail(gutter, style.paint(tone, cut(mark.label, room, style.ellipsis)), style)] if mark.label else []
    arrows = "^" * min(length, room - before)
    left = room - before - len(arrows) - 1
    if not mark.label or left >= min(MIN_LABEL, width(mark.label)):
        return [_rail(gutter, " " * before + style.paint(tone, f"{arrows} {cut(mark.label, left, style.ellipsis)}".rstrip()), style)]
    label = cut(mark.label, max(MIN_LABEL, room - before), style.ellipsis)
    indent = min(before, max(0, room - width(label)))
    return [
        _rail(gutter, " " * before + style.paint(tone, arrows), style),
        _rail(gutter, " " * indent + style.paint(tone, label), style),
    ]


def _columns(text: str, mark: Mark) -> tuple[int, int]:
    """The marked part of the first line as string positions; without leading and trailing blanks when no column is known."""
    stripped = len(text.rstrip())
    start = min(max(0, mark.column - 1), stripped)
    if mark.column <= 1:
        start = len(text) - len(text.lstrip())
    one_line = mark.last <= mark.first
    end = min(mark.end_column - 1, stripped) if mark.end_column and one_line else stripped
    return (start, end) if end > start else (start, max(start, stripped))


def _rail(number: int, text: str, style: Style, gutter: int = 0) -> str:
    """A line of the excerpt: with its number when `gutter` gives the width, else `number` is the width itself."""
    head = f"{number:>{gutter}} |" if gutter else " " * number + " |"
    return f"{style.paint('quiet', head)} {text}".rstrip()
