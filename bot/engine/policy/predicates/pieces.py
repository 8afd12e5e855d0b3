"""What can be said of a text that is only partly known."""

from __future__ import annotations

import re

from bot.engine.model.value import Known, Unknown, Value

Pieces = tuple[str | None, ...]

# The form of names that providers give to what they made: none is ever a word that a rule could look for.
_REFERENCE = re.compile(r"^(?:data\.)?(aws|azurerm|azuread|google)_\w+\.[\w\[\]\"-]+\.(?:\w+\.)*(arn|id|self_link|\w+_arn|\w+_id)$")
_STARTS = {("aws", "arn"): "arn:", ("azurerm", "id"): "/", ("google", "self_link"): "https://"}
GIVEN = frozenset({"computed", "data-source"})


def pieces(value: Value | None) -> Pieces:
    """A text's pieces in order, None where unknown; () when nothing at all is known of it."""
    if isinstance(value, Known):
        return (value.raw,) if isinstance(value.raw, str) else ()
    if not isinstance(value, Unknown):
        return ()
    if value.parts:
        return value.parts
    start = _start(value)
    return (start, None) if start else ()


def is_given(value: Unknown) -> bool:
    """Whether the provider gives it: an identifier of a thing that is made or read, so it is set and not empty."""
    return value.reason in GIVEN and _REFERENCE.match(value.expression) is not None


def _start(value: Unknown) -> str:
    found = _REFERENCE.match(value.expression) if value.reason in GIVEN else None
    if found is None:
        return ""
    kind = "arn" if found[2].endswith("arn") else found[2]
    return _STARTS.get((found[1], kind), "")


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
