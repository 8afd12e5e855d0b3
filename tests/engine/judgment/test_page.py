"""The page that lists the questions lists every one of them."""

from __future__ import annotations

import re
from pathlib import Path

import yaml

from bot.engine.judgment import VIEWS
from tests.changes import RULES

PAGE = (Path(__file__).parents[3] / "docs/judgment.md").read_text()


def test_the_page_lists_every_question_about_a_difference_in_its_words() -> None:
    rules = [yaml.safe_load(path.read_text()) for path in sorted(RULES.rglob("*.yaml"))]
    views = [(rule, rule["applies_to"]["view"]) for rule in rules if isinstance(rule["applies_to"], dict) and "view" in rule["applies_to"]]
    asking = [(rule, view) for rule, view in views if rule["disposition"] == "judgment" and view in VIEWS]
    listed = [f"| {rule['category']} | `{view}` | `{rule['id']}` | {len(rule['examples'])} | {rule['question']} |" for rule, view in asking]
    assert sorted(listed) == sorted(re.findall(r"^\| [\w-]+ \| `[\w-]+` \| `[\w-]+` \| \d+ \| .+ \|$", PAGE, re.MULTILINE))
