"""A file of infrastructure code → its comments and descriptions, each with its lines and the block that it speaks of.

The file is read line by line and not parsed: what a comment says is worth reading in a file that has an error too.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterator

from msgspec import Struct

from bot.engine.claims.text import Argument
from bot.engine.pattern import Pattern

_TOKEN = Pattern(r'"(?:\\.|[^"\\])*"|#|//|/\*')
_BICEP_TOKEN = Pattern(r"'(?:\\.|[^'\\])*'|//|/\*")
_HEADER = Pattern(
    r'(resource|data|module|variable|output|provider|check|locals|terraform)\b\s*+(?:"?([\w-]++)"?\s*+)?(?:"?([\w-]++)"?\s*+)?\{'
)
_WORDED = Pattern(r'\s*"?(description|Description|comment|Comment)"?\s*[=:]\s*"((?:\\.|[^"\\])+)"\s*,?\s*(?:(?:#|//).*)?$')
_HEREDOC = Pattern(r'(?:^\s*"?([\w-]+)"?\s*[=:]\s*|.*?)<<[-~]?"?([A-Za-z_]\w*)"?\s*$')
_ARGUMENT = Pattern(r'\s*"?([A-Za-z_][\w-]*)"?\s*[=:](?![=:])\s*(\S.*)$')
_WORDS = ("description", "Description", "comment", "Comment")
_KINDS = {"variable": "var.", "output": "output.", "module": "module.", "provider": "provider."}
_INNER = ("locals", "terraform", "check")  # what is said inside of them is said of no resource
_RULED = "#=*~_/+-"
MAX_LINE = 2_000  # characters; nobody writes a longer line of code by hand, and patterns are not tried on one
_YAML_COMMENT = Pattern(r"(?:^|\s)#\s?(.*)$")
_YAML_QUOTED = Pattern(r"\"(?:\\.|[^\"\\])*\"|'[^']*'")


class Run(Struct, frozen=True):
    """Consecutive comment lines, or one description. `lines`: the number and the words of each line. `block`, `argument`: as in `Text`."""

    lines: tuple[tuple[int, str], ...]
    block: str = ""
    argument: Argument | None = None


def comments(language: str, text: str) -> Iterator[Run]:
    """Every run of a file, in order. What stands on a line of more than `MAX_LINE` characters is not read."""
    lines = [line if len(line) <= MAX_LINE else "" for line in text.split("\n")]
    if language == "terraform":
        yield from _Terraform(lines).runs()
    elif language == "bicep":
        yield from _Terraform(lines, _BICEP_TOKEN).runs()
    elif language == "docker":
        yield from _joined((number, line.lstrip()[1:].strip()) for number, line in enumerate(lines, 1) if line.lstrip().startswith("#"))
    else:
        yield from _joined(_of_yaml(lines))


class _Terraform:
    """A file of Terraform or Bicep as it is read from above to below."""

    def __init__(self, lines: list[str], token: Pattern[str] = _TOKEN) -> None:
        self._lines = lines
        self._token = token
        self._hcl = token is _TOKEN
        self._block = ""
        self._pending: list[tuple[int, str]] = []
        self._alone: dict[str, list[int]] = {}

    def runs(self) -> Iterator[Run]:
        position = 0
        while position < len(self._lines):
            line = self._lines[position].strip()
            if line.startswith("//") or (self._hcl and line.startswith("#")):
                self._pending.append((position + 1, _words(line)))
            elif line.startswith("/*"):
                position = self._long(position, line[2:])
            else:
                if self._pending:
                    yield self._flush(self._above(position), _argument(line, position + 1) if self._block else None)
                if line:
                    yield from self._code(position)
                    position = self._after_heredoc(position)
                    if self._pending:
                        yield self._flush(self._block)
            position += 1
        if self._pending:
            yield self._flush(self._block)

    def _flush(self, block: str, argument: Argument | None = None) -> Run:
        found = Run(tuple(self._pending), block, argument)
        self._pending = []
        return found

    def _above(self, position: int) -> str:
        """The block whose header stands on the line, else the one that is open."""
        found = _HEADER.match(self._lines[position]) if self._hcl else None
        return _address(found) if found else self._block

    def _long(self, position: int, first: str) -> int:
        """Takes a comment that ends with a sign of its own; the line on which it ends."""
        line = first
        while "*/" not in line and position + 1 < len(self._lines):
            self._pending.append((position + 1, _words(line)))
            position += 1
            line = self._lines[position]
        self._pending.append((position + 1, _words(line.partition("*/")[0])))
        return position

    def _code(self, position: int) -> Iterator[Run]:
        line = self._lines[position]
        if self._hcl:
            self._enter(line)
        if "#" in line or "//" in line or "/*" in line:
            found = next((token for token in self._token.finditer(line) if token[0][0] not in "\"'"), None)
            if found:
                said = line[found.end() :].partition("*/")[0] if found[0] == "/*" else line[found.end() :]
                yield Run(((position + 1, _words(said)),), self._block, _argument(line[: found.start()], position + 1))
        if "=" in line and any(word in line for word in _WORDS) and (worded := _WORDED.match(line)):
            yield Run(((position + 1, _unescaped(worded[2])),), self._block)

    def _enter(self, line: str) -> None:
        if line.startswith("}"):
            self._block = ""
        elif line[:1].isalpha() and (found := _HEADER.match(line)):
            self._block = "" if line.rstrip().endswith("}") else _address(found)

    def _after_heredoc(self, position: int) -> int:
        """The line on which a text ends that begins here; the words of a description are taken."""
        line = self._lines[position]
        found = _HEREDOC.match(line) if "<<" in line and self._hcl else None
        if not found:
            return position
        end = self._next(found[2], position)
        if end is not None and found[1] in _WORDS:
            self._pending += [(number + 1, self._lines[number].strip()) for number in range(position + 1, end)]
        return position if end is None else end

    def _next(self, word: str, position: int) -> int | None:
        """The first line below that says nothing else. Looked up: of texts without an end each would be sought to the end of the file."""
        if not self._alone:
            for number, line in enumerate(self._lines):
                self._alone.setdefault(line.strip(), []).append(number)
        places = self._alone.get(word, [])
        later = bisect_right(places, position)
        return places[later] if later < len(places) else None


def _argument(line: str, number: int) -> Argument | None:
    """The argument on a line, as far as it stands there."""
    found = _ARGUMENT.match(line)
    return Argument(found[1], found[2].partition(" #")[0].partition(" //")[0].strip(), number) if found else None


def _address(found: re.Match[str]) -> str:
    kind, first, second = found[1], found[2] or "", found[3] or ""
    if kind in ("resource", "data"):
        return f"{'data.' if kind == 'data' else ''}{first}.{second}"
    return _KINDS[kind] + first if kind in _KINDS and first else kind if kind in _INNER else ""


def _words(line: str) -> str:
    """A comment line without its signs and rules; what begins an item of a list stays."""
    said = line.strip().lstrip("#/").strip()
    said = _without_rules(said) if len(said) > 2 else said
    return said[2:] if said.startswith("* ") else said.strip()


def _without_rules(said: str) -> str:
    """A line without a row of one sign at its begin and at its end."""
    if said[0] in _RULED and len(bare := said.lstrip(said[0])) <= len(said) - 3:
        said = bare.lstrip()
    if said and said[-1] in _RULED and len(bare := said.rstrip(said[-1])) <= len(said) - 3:
        said = bare.rstrip()
    return said


def _unescaped(text: str) -> str:
    return text.replace('\\"', '"').replace("\\n", " ") if "\\" in text else text


def _of_yaml(lines: list[str]) -> Iterator[tuple[int, str]]:
    for number, line in enumerate(lines, 1):
        if "#" not in line:
            continue
        plain = line if line.lstrip().startswith("#") else _YAML_QUOTED.sub(lambda found: "_" * len(found[0]), line)
        found = _YAML_COMMENT.search(plain)
        if found:
            yield number, _words(line[found.start(1) :])


def _joined(found: Iterator[tuple[int, str]]) -> Iterator[Run]:
    pending: list[tuple[int, str]] = []
    for number, line in found:
        if pending and pending[-1][0] != number - 1:
            yield Run(tuple(pending))
            pending = []
        pending.append((number, line))
    if pending:
        yield Run(tuple(pending))
