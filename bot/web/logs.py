"""Logs: one JSON object a line on standard error, with nothing secret in it, wherever the text came from."""

from __future__ import annotations

import logging
import re
import sys
from collections.abc import Iterable
from datetime import UTC, datetime
from typing import TextIO

import msgspec

from bot.settings import Secret

HIDDEN = "(hidden)"
# Tokens of GitHub, the form with a JWT inside too: https://docs.github.com/en/authentication/keeping-your-account-and-data-secure/about-authentication-to-github
_FORMS = re.compile(
    r"""-----BEGIN [A-Z ]*PRIVATE[ ]KEY-----.*?(?:-----END [A-Z ]*PRIVATE[ ]KEY-----|\Z)
      | \b(?:gh[a-z]|github_pat)_[A-Za-z0-9._-]{20,}
      | \beyJ[A-Za-z0-9_-]{10,}\.[A-Za-z0-9_-]{4,}\.[A-Za-z0-9_-]*
      | (?<=\bsha256=)[0-9a-f]{64}
      | (?<=://)[^/\s:@]*:[^/\s@]+(?=@)
      | (?i:(?<=\bbearer[ ])|(?<=\btoken[ ]))[A-Za-z0-9._~+/=-]{16,}
    """,
    re.DOTALL | re.VERBOSE,
)
_OWN = frozenset(vars(logging.makeLogRecord({}))) | {"message", "asctime", "taskName"}
_SHORTEST = 6

log = logging.getLogger("bot")


class Redaction:
    """Hides what looks like a secret, and the secrets it was told."""

    def __init__(self, secrets: Iterable[Secret] = ()) -> None:
        texts = {part for secret in secrets for part in _parts(secret.reveal()) if len(part) >= _SHORTEST}
        self._told = re.compile("|".join(re.escape(text) for text in sorted(texts, key=len, reverse=True))) if texts else None

    def hide(self, text: str) -> str:
        """The text without them."""
        text = _FORMS.sub(HIDDEN, text)
        return self._told.sub(HIDDEN, text) if self._told else text


class Lines(logging.Formatter):
    """`event` is the message; what was passed as `extra` stands beside it. Redacted before it is encoded, so no escape hides a secret."""

    def __init__(self, redaction: Redaction) -> None:
        super().__init__()
        self._redaction = redaction

    def format(self, record: logging.LogRecord) -> str:
        entry: dict[str, object] = {
            "time": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname.lower(),
            "logger": record.name,
            "event": record.getMessage(),
        }
        entry |= {name: value for name, value in vars(record).items() if name not in _OWN and not name.startswith("_")}
        if record.exc_info:
            entry["exception"] = self.formatException(record.exc_info)
        return msgspec.json.encode(self._clean(entry), order="deterministic").decode()

    def _clean(self, value: object) -> object:
        if isinstance(value, bool | int | float) or value is None:
            return value
        if isinstance(value, dict):
            return {self._redaction.hide(str(name)): self._clean(inner) for name, inner in value.items()}
        if isinstance(value, list | tuple | set | frozenset):
            return [self._clean(inner) for inner in value]
        return self._redaction.hide(str(value))


def configure(level: str, secrets: Iterable[Secret], stream: TextIO | None = None) -> logging.Handler:
    """Sends every logger of the process through one handler; returns it. Libraries speak from `warning` on."""
    handler = logging.StreamHandler(stream or sys.stderr)
    handler.setFormatter(Lines(Redaction(secrets)))
    root = logging.getLogger()
    root.handlers[:] = [handler]
    root.setLevel(logging.WARNING)
    logging.getLogger("bot").setLevel(level.upper())
    logging.getLogger("waitress.queue").setLevel(logging.ERROR)  # it tells of every request that waits for a thread; metrics tell how long
    adopt()
    return handler


def adopt() -> None:
    """Takes away the handlers that libraries gave themselves; called again once they are loaded."""
    for name, logger in logging.root.manager.loggerDict.items():
        if isinstance(logger, logging.Logger) and not name.startswith("bot"):
            logger.handlers.clear()
            logger.propagate = True


def _parts(text: str) -> Iterable[str]:
    """A secret, each line of one that has several, and what is secret in one that is an address: its password."""
    yield text.strip()
    yield from (line for line in text.splitlines() if not line.startswith("-----"))
    if found := re.search(r"://[^/\s:@]*:([^/\s@]+)@", text):
        yield found[1]
