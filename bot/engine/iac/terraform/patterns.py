"""Regular expressions of RE2 as patterns of Python, as long as both mean the same and matching takes time linear in the text.

What RE2 refuses is refused; what the two read differently is not supported, so that nothing is matched by accident.
https://github.com/google/re2/wiki/Syntax
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import lru_cache

from bot.engine.iac.terraform.function_kinds import UnsupportedError
from bot.engine.pattern import Pattern

MAX_LENGTH = 1000
MAX_REPEAT = 1000
WORK = 2_000_000  # bound of the characters that a backtracking match may look at
_TOKEN = Pattern(r"\\x\{[0-9A-Fa-f]{1,6}\}|\\x[0-9A-Fa-f]{2}|\\[\s\S]|\(\?[^)\s]?[<=!>]?|\[\^?\]?|\{\d*,?\d*\}|[\s\S]")
_CLASS_TOKEN = Pattern(r"\\x\{[0-9A-Fa-f]{1,6}\}|\\x[0-9A-Fa-f]{2}|\\[\s\S]|\[:\^?[a-z]+:\]|[\s\S]")
_FLAGS = Pattern(r"\(\?([ims]+)\)")
_CHANGES = Pattern(r"\(\?[imsU-]+[:)]")
_GROUP = Pattern(r"\(\?(?::|[ims]+:|P?<([A-Za-z_]\w*)>)")
_SAME_ESCAPES = frozenset("dDwWbBAntrfva")
_POSIX = {
    "alpha": "a-zA-Z", "digit": "0-9", "alnum": "a-zA-Z0-9", "upper": "A-Z", "lower": "a-z", "space": r"\t\n\v\f\r ",
    "blank": r"\t ", "xdigit": "0-9A-Fa-f", "word": "a-zA-Z0-9_", "punct": r"!-/:-@\[-`{-~", "cntrl": r"\x00-\x1f\x7f",
}  # fmt: skip
_SPACES = r"\t\n\f\r "


class _Translation:
    """A pattern on the way from one syntax to the other."""

    def __init__(self, written: str) -> None:
        self.written = written
        self.at = 0
        self.out: list[str] = []
        self.loops = 0
        self.flags = ""

    def run(self) -> tuple[str, int]:
        found = _FLAGS.match(self.written)
        if found:
            self.flags, self.at = found.group(1), found.end()
            self.out.append(found.group())
        before = ""
        while self.at < len(self.written):
            token = _TOKEN.match(self.written, self.at)
            assert token is not None  # its last branch takes any character
            self.at = token.end()
            before = self._take(token.group(), before)
        return "".join(self.out), self.loops

    def _take(self, token: str, before: str) -> str:
        """Translate one token; what it is to a repetition that follows."""
        if token.startswith("["):
            self._class(token)
            return "atom"
        if token.startswith("(?"):
            self._group(self.at - len(token))
            return "open"
        if token in ("*", "+", "?") or (token.startswith("{") and token[1:2].isdigit() and token.endswith("}")):
            return self._repeat(token, before)
        if token.startswith("{,"):
            raise UnsupportedError("regular expression")  # a repetition here, literal there
        if token.startswith("\\"):
            self.out.append(self._escape(token))
        elif token == "$":  # noqa: S105 - a mark of the syntax
            self.out.append("$" if "m" in self.flags else r"\Z")
        else:
            self.out.append(token)
        return {")": "close", "(": "open", "|": "open"}.get(token, "atom")

    def _repeat(self, token: str, before: str) -> str:
        if before == "repeat" and token == "?":  # noqa: S105 - a mark of the syntax
            self.out.append(token)
            return "lazy"
        if before in ("repeat", "lazy", "open", ""):
            raise ValueError("nothing that can be repeated")
        if token.startswith("{"):
            bounds = [int(bound) for bound in token[1:-1].split(",") if bound]
            if max(bounds) > MAX_REPEAT or bounds != sorted(bounds):
                raise ValueError("bounds of a repetition")
        if token != "?":  # noqa: S105 - a mark of the syntax
            if before == "close":
                raise UnsupportedError("regular expression")  # repeated groups can take exponential time
            self.loops += 1
        self.out.append(token)
        return "repeat"

    def _escape(self, token: str, *, inside: bool = False) -> str:
        letter = token[1]
        if letter == "x" and len(token) > 2:
            return re.escape(chr(min(int(token[2:].strip("{}"), 16), 0x10FFFF)))
        if letter in "sS":
            if inside and letter == "S":
                raise UnsupportedError("regular expression")
            return _SPACES if inside else f"[{_SPACES}]" if letter == "s" else f"[^{_SPACES}]"
        if letter == "z" and not inside:
            return r"\Z"
        if letter in (_SAME_ESCAPES - set("bBA") if inside else _SAME_ESCAPES) or (letter.isascii() and not letter.isalnum()):
            return token
        if letter in "pPQEC0x" or not letter.isascii():
            raise UnsupportedError("regular expression")
        raise ValueError("an escape that does not exist")

    def _group(self, start: int) -> None:
        found = _GROUP.match(self.written, start)
        if found is None:
            if _CHANGES.match(self.written, start):
                raise UnsupportedError("regular expression")
            raise ValueError("a group that does not exist")
        self.at = found.end()
        self.out.append(f"(?P<{found.group(1)}>" if found.group(1) else found.group())
        if "m" in found.group().partition(":")[0] and not found.group(1):
            raise UnsupportedError("regular expression")  # the meaning of $ would depend on the place

    def _class(self, opening: str) -> None:
        self.out.append(opening if not opening.endswith("]") else opening[:-1] + r"\]")
        while self.at < len(self.written):
            token = _CLASS_TOKEN.match(self.written, self.at)
            assert token is not None  # its last branch takes any character
            self.at = token.end()
            text = token.group()
            if text == "]":
                self.out.append("]")
                return
            self.out.append(self._member(text))
        raise ValueError("a class without its end")

    def _member(self, text: str) -> str:
        if text.startswith("[:"):
            if text[2:-2] not in _POSIX:
                raise UnsupportedError("regular expression")
            return _POSIX[text[2:-2]]
        if text.startswith("\\"):
            return self._escape(text, inside=True)
        return f"\\{text}" if text in "[&~|" else text


@lru_cache(maxsize=256)
def _translated(written: str) -> tuple[re.Pattern[str], int]:
    if len(written) > MAX_LENGTH:
        raise UnsupportedError("regular expression")
    text, loops = _Translation(written).run()
    if re.search(r"(?<!\\)-\\?-|\[\^?-|\\[dws]-|-\\[dws]", text):
        raise UnsupportedError("regular expression")  # what a class with such a dash holds is read differently
    names = re.findall(r"(?<!\\)\(\?P<(\w+)>", text)
    if len(set(names)) < len(names):
        raise UnsupportedError("regular expression")
    try:
        return re.compile(text, re.ASCII), loops
    except (re.error, OverflowError, RecursionError) as problem:
        raise ValueError("not a regular expression") from problem


def pattern_for(written: str, text: str) -> re.Pattern[str]:
    """The pattern, when it cannot take long on the text. Raises ValueError when it is none, UnsupportedError otherwise."""
    pattern, loops = _translated(written)
    if (len(text) + 1) ** (loops + 1) > WORK:
        raise UnsupportedError("regular expression")
    if pattern.flags & re.IGNORECASE and not (written + text).isascii():
        raise UnsupportedError("regular expression")
    return pattern


def found_in(pattern: re.Pattern[str], text: str) -> Iterator[re.Match[str]]:
    """The matches one after the other. An empty one right after another is none, as in Go."""
    position, end = 0, -1
    while position <= len(text):
        found = pattern.search(text, position)
        if found is None:
            return
        if found.end() > found.start() or found.start() != end:
            yield found
        end = found.end()
        position = end if found.end() > found.start() else end + 1


def captured(found: re.Match[str]) -> object:
    """What Terraform makes of a match: the text, or what each group took."""
    named = found.re.groupindex
    if not found.re.groups:
        return found.group(0)
    if named and len(named) != found.re.groups:
        raise ValueError("groups with and without names")
    return found.groupdict() if named else found.groups()


def expanded(template: str, found: re.Match[str]) -> str:
    """Go's `$1`, `${name}` and `$$`; a group that does not exist is empty."""

    def group(match: re.Match[str]) -> str:
        name = match.group(1) or match.group(2)
        if name is None:
            return "$"
        if name.isdecimal():
            return (found.group(int(name)) or "") if int(name) <= found.re.groups else ""
        return (found.group(name) or "") if name in found.re.groupindex else ""

    return re.sub(r"\$(?:\$|\{(\w+)\}|(\w+))", group, template)
