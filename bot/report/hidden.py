"""What must not be shown: sensitive values, and what looks like a key or a token in an echoed line."""

from __future__ import annotations

import re

from bot.report.phrases import Phrases

HIDDEN = "<hidden>"
_NAME = r"(?:pass(?:word|wd|phrase)?|secret|token|private_?key|api_?key|access_?key|credential|auth_?key|connection_?string|sas|pwd)"
_ASSIGNED = re.compile(rf'(?i)(["\']?[\w.-]*{_NAME}[\w.-]*["\']?\s*[=:]\s*)"((?:[^"\\]|\\.)+)"')
# Published token forms: the prefixes that GitHub, AWS, Google, Slack, GitLab, npm and Stripe give their secrets.
_TOKEN = re.compile(
    r"AKIA[0-9A-Z]{16}|ASIA[0-9A-Z]{16}|gh[opsur]_[A-Za-z0-9._-]{20,}|github_pat_\w{20,}|glpat-[\w-]{16,}|xox[abprs]-[\w-]{10,}"
    r"|AIza[\w-]{30,}|sk_live_\w{16,}|npm_\w{30,}|eyJ[\w-]{10,}\.[\w-]{10,}\.[\w-]*|-----BEGIN [A-Z ]*PRIVATE KEY-----.*"
    r"|(?<![\w/+=.-])(?=[A-Za-z0-9/+]*[0-9])(?=[A-Za-z0-9/+]*[a-z])(?=[A-Za-z0-9/+]*[A-Z])[A-Za-z0-9/+]{40}(?![\w/+=.-])"
)
_REFERENCE = re.compile(r"^\$\{[^}]*\}$")


def covered(phrases: Phrases, length: int | None = None) -> str:
    """What stands in place of a hidden value."""
    return phrases.say("terminal.hidden") if length is None else phrases.say("terminal.hidden-length", n=length)


def mask(text: str, phrases: Phrases) -> str:
    """An echoed line without the values of secret-named settings and without token-shaped strings."""

    def value(found: re.Match[str]) -> str:
        kept = _REFERENCE.match(found[2])
        return found[0] if kept else f"{found[1]}{covered(phrases, len(found[2]))}"

    return _TOKEN.sub(lambda found: covered(phrases, len(found[0])), _ASSIGNED.sub(value, text))
