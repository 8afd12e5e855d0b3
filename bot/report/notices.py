"""What a verdict says beside its results: which version of a file is in force, and what is said without effect."""

from __future__ import annotations

from bot.engine.model.notice import Notice
from bot.engine.model.result import Result
from bot.engine.model.verdict import Verdict
from bot.report.clean import cut
from bot.report.hidden import mask
from bot.report.phrases import Phrases

MOST, MAX_FIELD, MAX_PROBLEM = 10, 120, 500


def said(notice: Notice, phrases: Phrases, group: str = "notice") -> str:
    """The notice in words, on one line; backticks mark code. Its fields come from files and are still to be escaped.

    `group`: where the words stand in the catalogue.
    """
    fields = {name: _field(name, value, phrases) for name, value in notice.fields.items()}
    return phrases.say(f"{group}.{notice.key}", **fields)


def facts(result: Result, phrases: Phrases) -> tuple[str, ...]:
    """What somebody should know to decide, a sentence each."""
    return tuple(said(notice, phrases, "fact") for notice in result.facts)


def all_said(verdict: Verdict, phrases: Phrases) -> tuple[str, ...]:
    """All notices of a verdict, the first ten; how many more there are."""
    found = tuple(said(notice, phrases) for notice in verdict.governance[:MOST])
    left = len(verdict.governance) - len(found)
    return (*found, phrases.say("notice.more", n=left)) if left else found


def _field(name: str, value: str | int, phrases: Phrases) -> str | int:
    """A problem marks its parts as code itself; nothing else may end the code it stands in."""
    if isinstance(value, int):
        return value
    text = " ".join(value.split())
    if name == "problem":
        return mask(cut(text, MAX_PROBLEM), phrases)
    return mask(cut(text.replace("`", "'"), MAX_FIELD), phrases)
