"""What is written where: the words, the terminal's abilities, progress."""

from __future__ import annotations

import os
import sys
from collections.abc import Mapping

import msgspec

from bot.cli import prepared
from bot.cli.resources import template
from bot.report.clean import line
from bot.report.phrases import Phrases, load
from bot.report.style import Style

MAX_WIDTH, MIN_WIDTH = 140, 40


def phrases() -> Phrases:
    """The catalogue of words."""
    data = template("phrases.yaml").encode()
    if found := prepared.phrases(data):
        return Phrases(msgspec.json.decode(found))
    return load(data)


def said(key: str, fields: Mapping[str, str | int], words: Phrases) -> str:
    """A problem in words, with what it echoes made safe to show."""
    safe = {name: line(value) if isinstance(value, str) else value for name, value in fields.items()}
    return words.say(f"usage.{key}", **safe)


def style(*, plain: bool) -> Style:
    """How standard output may be written to: colours only on a terminal and without NO_COLOR (https://no-color.org)."""
    terminal = sys.stdout.isatty()
    colour = terminal and not plain and not os.environ.get("NO_COLOR") and os.environ.get("TERM") != "dumb"
    encoding = (sys.stdout.encoding or "ascii").lower()
    return Style(width=_width(terminal), colour=colour, ascii=plain or not encoding.startswith("utf"))


def write(text: str) -> None:
    """Text to standard output; what its encoding lacks is written as an escape."""
    encoding = sys.stdout.encoding or "ascii"
    sys.stdout.write(text.encode(encoding, "backslashreplace").decode(encoding))


class Progress:
    """One line on standard error that is overwritten; nothing unless that is a terminal."""

    def __init__(self, *, plain: bool) -> None:
        self._active = sys.stderr.isatty() and not plain

    def show(self, text: str) -> None:
        if self._active:
            sys.stderr.write(f"\r\x1b[K{text}")
            sys.stderr.flush()

    def done(self) -> None:
        if self._active:
            sys.stderr.write("\r\x1b[K")
            sys.stderr.flush()


def _width(terminal: bool) -> int:  # noqa: FBT001
    if not terminal:
        return MAX_WIDTH
    try:
        return max(MIN_WIDTH, min(MAX_WIDTH, os.get_terminal_size(sys.stdout.fileno()).columns))
    except OSError:
        return 100
