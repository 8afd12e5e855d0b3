"""Text from a change, made safe to show: it can neither steer a terminal nor reorder what a reader sees."""

from __future__ import annotations

TAB = "    "
# Bidirectional controls, zero-width characters and line separators: https://trojansource.codes, Unicode TR 36.
_INVISIBLE = (*range(0x200B, 0x2010), *range(0x2028, 0x202F), *range(0x2060, 0x2070), 0xFEFF, 0x00AD, 0x061C, 0x180E)
_CONTROLS = (*range(0x20), *range(0x7F, 0xA0))
_VISIBLE = {code: f"\\x{code:02x}" if code < 0x100 else f"\\u{code:04x}" for code in (*_CONTROLS, *_INVISIBLE)}
_VISIBLE_LINE = {**_VISIBLE, 0x09: TAB}


def line(text: str) -> str:
    """One line: tabs as spaces, every control, direction and zero-width character as its escape."""
    return text if text.isascii() and text.isprintable() else _tags(text.translate(_VISIBLE_LINE))


def _tags(text: str) -> str:
    """Tag characters and lone surrogates, which the table would be too long for."""
    if text.isascii():
        return text
    return "".join(f"\\U{ord(char):08x}" if 0xE0000 <= ord(char) <= 0xE0FFF or 0xD800 <= ord(char) <= 0xDFFF else char for char in text)


def width(text: str) -> int:
    """Columns that the text takes on a terminal."""
    if text.isascii():
        return len(text)
    from unicodedata import combining, east_asian_width  # noqa: PLC0415 - 3 ms that only such text pays

    return sum(0 if combining(char) else 2 if east_asian_width(char) in "WF" else 1 for char in text)


def cut(text: str, columns: int, mark: str = "…") -> str:
    """The text, shortened with a mark when it takes more columns than there are."""
    if width(text) <= columns:
        return text
    taken, used = [], width(mark)
    for char in text:
        used += width(char)
        if used > columns:
            break
        taken.append(char)
    return "".join(taken) + mark
