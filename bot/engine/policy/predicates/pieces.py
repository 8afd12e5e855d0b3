"""What can be said of a text that is only partly known."""

from __future__ import annotations

from bot.engine.model.given import pieces_of
from bot.engine.model.value import Known, Unknown, Value

Pieces = tuple[str | None, ...]


def pieces(value: Value | None) -> Pieces:
    """A text's pieces in order, None where unknown; () when nothing at all is known of it."""
    if isinstance(value, Known):
        return (value.raw,) if isinstance(value.raw, str) else ()
    if not isinstance(value, Unknown):
        return ()
    found = pieces_of(value)
    return found if any(found) else ()


def may_be(parts: Pieces, text: str) -> bool:
    """Whether the text could be this one: the known pieces occur in it in order, the outer ones at its ends."""
    if not parts:
        return True
    if parts[0] is not None and not text.startswith(parts[0]):
        return False
    at = 0
    for piece in parts:
        if piece is None:
            continue
        found = text.find(piece, at)
        if found < 0:
            return False
        at = found + len(piece)
    last = parts[-1]
    return last is None or (text.endswith(last) and sum(len(piece) for piece in parts if piece) <= len(text))
