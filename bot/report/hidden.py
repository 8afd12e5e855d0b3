"""What must not be shown: sensitive values, and what looks like a key or a token in an echoed line."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence

from bot.engine.model.result import Line, Result
from bot.engine.model.value import Plain
from bot.engine.pattern import Pattern
from bot.report.phrases import Phrases

HIDDEN = "<hidden>"
_NAME = r"(?:pass(?:word|wd|phrase)?|secret|token|private_?key|api_?key|access_?key|credential|auth_?key|connection_?string|sas|pwd)"
_SECRET = Pattern(_NAME, re.IGNORECASE)
# Only the beginning of a word is tried: the text is hostile, and the time has to stay linear.
_ASSIGNED = Pattern(r'(?<![\w.-])([\w.-]+)(["\']?\s*[=:]\s*)"((?:[^"\\]|\\.)+)"')
# Published token forms: the prefixes that GitHub, AWS, Google, Slack, GitLab, npm and Stripe give their secrets.
_TOKEN = Pattern(
    r"AKIA[0-9A-Z]{16}|ASIA[0-9A-Z]{16}|gh[opsur]_[A-Za-z0-9._-]{20,}|github_pat_\w{20,}|glpat-[\w-]{16,}|xox[abprs]-[\w-]{10,}"
    r"|AIza[\w-]{30,}|sk_live_\w{16,}|npm_\w{30,}|(?<![A-Za-z0-9])eyJ[\w-]{10,}\.[\w-]{10,}\.[\w-]*|-----BEGIN [A-Z ]*PRIVATE KEY-----.*"
    r"|(?<![\w/+=.-])(?=[A-Za-z0-9/+]*[0-9])(?=[A-Za-z0-9/+]*[a-z])(?=[A-Za-z0-9/+]*[A-Z])[A-Za-z0-9/+]{40}(?![\w/+=.-])"
)
_LITERAL = Pattern(r'"((?:[^"\\]|\\.)*)"')
_HEREDOC = Pattern(r"<<-?(\w+)\s*$")
# Of which one stands, in small letters, in everything that _TOKEN or _SECRET finds.
_PREFIX = Pattern(r"akia|asia|gh[opsur]_|github_pat_|glpat-|xox|aiza|sk_live_|npm_|eyj|-----begin")
_WORD = Pattern(r"pass|secret|token|private_?key|api_?key|access_?key|credential|auth_?key|connection_?string|sas|pwd")
_RUN = Pattern(r"[A-Za-z0-9/+]{40}")
_SENSITIVE = Pattern(r"[ \t]*sensitive[ \t]*=[ \t]*true\b")
_DEFAULT = Pattern(r"[ \t]*default[ \t]*=[ \t]*(?!null\b|\"\")\S")
_REFERENCE = Pattern(r"^\$\{[^}]*\}$")


def covered(phrases: Phrases, length: int | None = None) -> str:
    """What stands in place of a hidden value."""
    return phrases.say("terminal.hidden") if length is None else phrases.say("terminal.hidden-length", n=length)


def literals(text: str, phrases: Phrases) -> str:
    """The text with every quoted literal covered; a lone reference inside quotes is none."""
    return _LITERAL.sub(lambda found: found[0] if _REFERENCE.match(found[1]) else covered(phrases, len(found[1])), text)


def secret_lines(results: Iterable[Result]) -> frozenset[Line]:
    """The lines on which a hidden value stands, or through which it came."""
    found: set[Line] = set()
    for result in results:
        for item in (result.deciding, *result.further):
            if is_hidden(item.value) or is_hidden(item.before):
                found |= {Line(result.file, number) for number in range(result.line, result.end_line + 1)}
                found |= set(item.origin)
    return frozenset(found)


def numbers(secret: Iterable[Line], path: str, source: Sequence[str]) -> frozenset[int]:
    """The line numbers among them of one file; of a heredoc every line."""
    found: set[int] = set()
    for place in secret:
        if place.file == path and 1 <= place.line <= len(source):
            found |= set(range(place.line, _heredoc_end(source, place.line) + 1))
    return frozenset(found)


def _heredoc_end(source: Sequence[str], start: int) -> int:
    opened = _HEREDOC.search(source[start - 1])
    if not opened:
        return start
    return next((number for number in range(start + 1, len(source) + 1) if source[number - 1].strip() == opened[1]), len(source))


def is_hidden(value: Plain) -> bool:
    """Whether any part of the value is hidden."""
    if isinstance(value, list):
        return any(map(is_hidden, value))
    if isinstance(value, dict):
        return any(map(is_hidden, value.values()))
    return value == HIDDEN


def mask(text: str, phrases: Phrases) -> str:
    """An echoed line without the values of secret-named settings and without token-shaped strings."""

    def value(found: re.Match[str]) -> str:
        kept = not _SECRET.search(found[1]) or _REFERENCE.match(found[3])
        return found[0] if kept else f"{found[1]}{found[2]}{covered(phrases, len(found[3]))}"

    return _TOKEN.sub(lambda found: covered(phrases, len(found[0])), _ASSIGNED.sub(value, text))


def holds_secret(text: str) -> bool:
    """Whether any value in it would have to be hidden: a token, a literal under a name of secrets, the default of a sensitive variable.

    It is asked of what might be kept, so it rather says yes too often; and of much text, so what cannot match is not tried.
    """
    lower = text.lower()
    if (_PREFIX.search(lower) or _RUN.search(text)) and _TOKEN.search(text):
        return True
    if _WORD.search(lower) and any(_SECRET.search(found[1]) and not _REFERENCE.match(found[3]) for found in _ASSIGNED.finditer(text)):
        return True
    return "sensitive" in lower and _has_sensitive_default(text)


def _has_sensitive_default(text: str) -> bool:
    """Line by line: the text is hostile, and the time has to stay linear."""
    sensitive = default = False
    for line in text.splitlines():
        if line.startswith(("variable", "}")):
            sensitive = default = False
        sensitive = sensitive or bool(_SENSITIVE.match(line))
        default = default or bool(_DEFAULT.match(line))
        if sensitive and default:
            return True
    return False
