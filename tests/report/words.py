"""The words and templates of the repository."""

from __future__ import annotations

from functools import cache
from pathlib import Path

from bot.report.comments import Words
from tests.report.samples import phrases

TEMPLATES = Path(__file__).parents[2] / "templates"


@cache
def words() -> Words:
    return Words(phrases(), {path.name: path.read_text() for path in TEMPLATES.glob("*.md.j2")})
