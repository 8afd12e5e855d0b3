"""The settings for commands that run the App; what is wrong with them is printed, all of it."""

from __future__ import annotations

import os
import sys
from collections.abc import Mapping
from typing import TYPE_CHECKING

from bot.report.clean import line
from bot.report.phrases import Phrases

if TYPE_CHECKING:
    from bot.settings import Note, Settings, SettingsProblem


def settings(file: str | None, phrases: Phrases, environment: Mapping[str, str] | None = None) -> Settings | None:
    """The settings; None after saying on standard error what is wrong."""
    from bot.settings import SettingsError, load

    try:
        return load(os.environ if environment is None else environment, file)
    except SettingsError as error:
        heading = phrases.say("settings.heading", n=len(error.problems))
        lines = [phrases.say("usage.prefix", text=heading), *(f"  {said(problem, phrases)}" for problem in error.problems)]
        sys.stderr.write("\n".join(lines) + "\n")
        return None


def said(problem: SettingsProblem | Note, phrases: Phrases, below: str = "settings") -> str:
    """Where, and what was expected there; of a file that is the place itself its path stands in the phrase."""
    fields = {name: line(value) if isinstance(value, str) else value for name, value in problem.fields.items()}
    text = phrases.say(f"{below}.{problem.key}", **fields)
    return text if problem.fields.get("path") == problem.where else f"{line(problem.where)}: {text}"
