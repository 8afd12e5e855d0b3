"""Whether a sentence says something without a doubt, and where it stands to the blocks around it."""

from __future__ import annotations

import re
from collections.abc import Collection

from bot.engine.claims.text import Sentence, Text
from bot.engine.claims.vocabulary import ABSTAIN, NEGATORS
from bot.engine.claims.words import Word, words
from bot.engine.model.span import Span
from bot.engine.pattern import Pattern

_ORDER = Pattern(
    r"(?:^|[\u2014\u2013:-] )(?:Create|Install|Run|Download|Copy|Ensure|Make sure|Upgrade|Check|Clone|Verify|Replace|Set up|Open|Go to)\b"
)

# `feat(rds): `, `OPS-12: `: what a message begins with.
_PREFIX = Pattern(
    r"^(?:(?:fix|feat|chore|refactor|docs|ci|build|perf|style|test|security)(?:\([^()]*\))?!?:|\[?[A-Z]{2,10}-\d+\]?[:\s-]+)\s*",
    re.IGNORECASE,
)


def unprefixed(message: str) -> str:
    """A message without what tells its kind or its ticket."""
    return _PREFIX.sub("", message)


def plainly(sentence: Sentence, most: int, *, allowed: Collection[str] = (), denied: bool = False) -> tuple[Word, ...]:
    """The words of a sentence that asks, quotes and doubts nothing; else none. `allowed`: words that are no doubt here.

    `denied`: whether it may deny something.
    """
    content = sentence.content
    if sentence.quoted or "|" in content or content.rstrip("\"' ").endswith(("?", ":")):
        return ()
    said = words(content)
    doubts = ABSTAIN if denied else ABSTAIN | NEGATORS
    is_doubted = any(word.said in doubts and word.said not in allowed for word in said)
    return () if len(said) > most or is_doubted else said


def is_order(sentence: Sentence) -> bool:
    """Whether a document tells its reader what to do: `Install Python 3.12`, `S3 bucket \u2014 Create it with versioning`."""
    return sentence.text.source == "document" and _ORDER.search(sentence.content) is not None


def last_line(text: Text) -> int:
    """The last line of a text in its file."""
    return max(text.lines, default=text.line)


def is_above(text: Text, span: Span) -> bool:
    """Whether a comment stands directly above a block, or at its header."""
    return span.path == text.path and span.line in (last_line(text), last_line(text) + 1)
