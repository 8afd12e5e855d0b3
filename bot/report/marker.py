"""The hidden first line of everything we post: a comment is found again by it, together with its author.

Anybody can paste a marker, so it names nothing but digests and is read only at the very beginning of a comment of our own.
"""

from __future__ import annotations

from collections.abc import Iterable
from hashlib import sha256

from msgspec import Struct

from bot.engine.model.result import Result
from bot.engine.pattern import Pattern

KEY, PRINT = 16, 12
MAX_REMEMBERED = 200
_RESULT = Pattern(rf"\A<!-- countersign:result ([0-9a-f]{{{KEY}}}) ([0-9a-f]{{{PRINT}}})( settled)? -->(?:\r?\n|\Z)")
_SUMMARY = Pattern(rf"\A<!-- countersign:summary((?: [0-9a-f]{{{KEY}}}:[0-9a-f]{{{PRINT}}})*) -->(?:\r?\n|\Z)")


class Marked(Struct, frozen=True):
    """What the marker of a comment on a result says. `settled`: the comment says already that its result is gone."""

    key: str
    print: str
    settled: bool = False


def key(result: Result) -> str:
    """Stable over pushes: of the result's id."""
    return sha256(result.id.encode("utf-8", "replace")).hexdigest()[:KEY]


def of(result: Result) -> Marked:
    """The marker of a comment on the result."""
    return Marked(key(result), sha256(result.fingerprint.encode("utf-8", "replace")).hexdigest()[:PRINT])


def line(marked: Marked) -> str:
    """The marker as the first line of a comment."""
    return f"<!-- countersign:result {marked.key} {marked.print}{' settled' if marked.settled else ''} -->\n"


def read(body: str) -> Marked | None:
    """The marker of a comment on a result; None when the comment does not begin with one."""
    found = _RESULT.match(body)
    return Marked(found[1], found[2], bool(found[3])) if found else None


def summary_line(remembered: Iterable[tuple[str, str]] = ()) -> str:
    """The marker of the summary comment; it remembers what was posted, so that what a person deleted stays away."""
    pairs = list(remembered)[-MAX_REMEMBERED:]
    return f"<!-- countersign:summary{''.join(f' {name}:{print_}' for name, print_ in pairs)} -->\n"


def read_summary(body: str) -> dict[str, str] | None:
    """Key → fingerprint of everything posted so far; None when the comment is not the summary."""
    found = _SUMMARY.match(body)
    return dict(pair.split(":") for pair in found[1].split()) if found else None


def without(body: str) -> str:
    """The comment as a reader sees it."""
    return _SUMMARY.sub("", _RESULT.sub("", body, count=1), count=1)
