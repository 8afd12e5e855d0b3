"""Every control that a rule says it answers exists in that edition of the framework; a selection does what it says."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest

from bot.engine.policy import load_policy
from bot.engine.policy.configuration import frameworks_of, load_configuration
from bot.engine.policy.inforce import configuration_problems
from bot.engine.policy.precedence import governance
from bot.engine.policy.resolution import Where
from tests.changes import NOW, shipped_rules

POLICY = load_policy(shipped_rules())
# Identifiers by framework and edition, extracted from the catalogues of prowler@3e000faa (Apache-2.0), usnistgov/oscal-content@88bb8dee
# (public domain) and Azure/azure-policy@f4a50bac (MIT).
KNOWN = json.loads((Path(__file__).parent / "frameworks.json").read_text())
STATED = ("cis-azure-1.3.0", "cis-gcp-1.2.0")  # older than the editions of the catalogue: as several scanners state them
NAMED = sorted({(name, control) for rule in POLICY.rules for name, ids in rule.frameworks.items() for control in ids})


def settings(text: str, rule: str) -> tuple[str, str]:
    """Level and disposition of a rule under a configuration."""
    found = governance([(load_configuration(text.encode(), "c.yml"), False)], Where(NOW.date(), "observe"))
    held = found.settings(next(item for item in POLICY.rules if item.id == rule))
    return held.level, held.disposition


def test_every_control_exists() -> None:
    assert [item for item in NAMED if item[0] in KNOWN and item[1] not in KNOWN[item[0]]] == []
    assert [item for item in NAMED if item[0] in STATED and not re.fullmatch(r"\d+(\.\d+){1,2}", item[1])] == []


def test_every_framework_is_one_of_those_in_the_manual() -> None:
    text = (Path(__file__).parents[2] / "docs/configuration.md").read_text()
    assert set(frameworks_of(POLICY)) == {*KNOWN, *STATED}
    assert all(f"`{name}`" in text for name in frameworks_of(POLICY))


def test_a_selected_framework_is_enforced_and_asks_where_it_would_advise() -> None:
    advice = next(rule.id for rule in POLICY.rules if "cis-aws-1.4.0" in rule.frameworks and rule.disposition == "advice")
    other = next(rule.id for rule in POLICY.rules if not rule.frameworks and rule.disposition == "advice")
    assert settings("level: observe", advice) == ("observe", "advice")
    assert settings("frameworks: [cis-aws-1.4.0]", advice) == ("enforce", "judgment")
    assert settings("frameworks: [cis-aws-1.4.0]", other) == ("observe", "advice")
    assert settings(f"frameworks: [cis-aws-1.4.0]\nrules:\n  {advice}: {{level: comment}}", advice) == ("comment", "judgment")


def test_rules_of_a_framework_can_be_said_anything_of() -> None:
    rule = next(rule.id for rule in POLICY.rules if "mcsb-2.0" in rule.frameworks)
    assert settings("rules:\n  mcsb-2.0: {level: comment, disposition: violation}", rule) == ("comment", "violation")


@pytest.mark.parametrize("key", ["frameworks: [cis-aws-1.4]", "level: comment\nframeworks:\n  - cis-aws-1.4"])
def test_a_selection_that_matches_nothing_is_an_error_with_its_place(key: str) -> None:
    (problem,) = configuration_problems(key.encode(), "c.yml", POLICY)
    line = key.count("\n") + 1
    start = f"`c.yml:{line}` `frameworks[0]` is not a framework of any rule. One of: aws-fsbp-2026-08, cis-aws-1.4.0, "
    assert str(problem).startswith(start)
    assert str(problem).endswith("Did you mean `cis-aws-1.4.0`?")
