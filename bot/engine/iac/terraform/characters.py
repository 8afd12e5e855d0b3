"""What counts as one character. Terraform counts grapheme clusters of normalised text."""

from __future__ import annotations

from bot.engine.iac.terraform.function_kinds import UnsupportedError

_JOINING = ((0x1100, 0x11FF), (0xA960, 0xA97F), (0xD7B0, 0xD7FF), (0x1F1E6, 0x1F1FF), (0x1F3FB, 0x1F3FF))
_MARKS = frozenset({"Mn", "Mc", "Me", "Cf"})
_MARKS_BY_NAME = frozenset("\u0e33\u0eb3")


def simple(text: str) -> str:
    """The text, when each of its code points is a character of its own. Raises UnsupportedError otherwise."""
    if text.isascii():
        if "\r\n" in text:
            raise UnsupportedError("characters of several code points")
        return text
    if "\r\n" in text or any(map(_joins, text)):
        raise UnsupportedError("characters of several code points")
    return text


def _joins(character: str) -> bool:
    import unicodedata  # noqa: PLC0415 - few texts need it

    code = ord(character)
    return (
        unicodedata.category(character) in _MARKS or character in _MARKS_BY_NAME or any(first <= code <= last for first, last in _JOINING)
    )
