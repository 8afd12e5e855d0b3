"""The shipped table, and what a test asks of it."""

from __future__ import annotations

from functools import cache
from pathlib import Path

from bot.engine.authorship.change import commit
from bot.engine.authorship.index import Index
from bot.engine.authorship.table import load_signals
from bot.engine.model.authorship import CommitAuthorship, Remark
from bot.engine.model.signal import Signals
from bot.engine.model.snapshot import CommitText

FILE = Path(__file__).parents[3] / "facts/authorship.yaml"
PERSON = ("Kim", "kim@example.com")
GITHUB = ("GitHub", "noreply@github.com")


@cache
def signals() -> Signals:
    return load_signals(FILE.read_bytes(), "facts/authorship.yaml")


@cache
def index() -> Index:
    return Index(signals())


def told(
    message: str = "Fix it", author: tuple[str, str] = PERSON, committer: tuple[str, str] | None = None, note: str = ""
) -> tuple[CommitAuthorship, tuple[Remark, ...]]:
    return commit(CommitText("1f3c", message, *author, *(committer or author)), index(), note)


def graded(message: str = "Fix it", author: tuple[str, str] = PERSON, committer: tuple[str, str] | None = None, note: str = "") -> str:
    return told(message, author, committer, note)[0].grade


def found(message: str, author: tuple[str, str] = PERSON, committer: tuple[str, str] | None = None) -> list[tuple[str, str, str]]:
    """Rule, place and strength of everything that was matched."""
    return [(item.rule, item.place, item.strength) for item in told(message, author, committer)[0].evidence]
