"""What the documents say is what the project does."""

from __future__ import annotations

import re
from datetime import UTC, datetime
from importlib import import_module
from pathlib import Path

import pytest
import yaml

from bot.cli.main import COMMANDS
from bot.engine.judgment import VIEWS as DIFFERENCES
from bot.engine.model.rule import CATEGORIES
from bot.engine.policy.configuration import check, load_configuration, load_organisation
from bot.engine.policy.load import load_policy
from bot.engine.policy.policies import load_policies
from bot.engine.policy.predicates import PREDICATES
from bot.engine.policy.rulefile import OPTIONAL, REQUIRED
from bot.engine.policy.waiver import load_waivers
from bot.engine.views import VIEWS
from tests.changes import shipped_rules
from tests.cli.command import ROOT, countersign

README = (ROOT / "README.md").read_text()
CLI = (ROOT / "docs/cli.md").read_text()
RULES = (ROOT / "docs/rules.md").read_text()


@pytest.mark.parametrize("name", ["countersign", *COMMANDS])
def test_help_stands_in_the_documents_word_for_word(name: str) -> None:
    assert (ROOT / f"templates/help/{name}.txt").read_text().rstrip() in CLI


@pytest.mark.parametrize("name", COMMANDS)
def test_help_names_every_option_and_no_other(name: str) -> None:
    spec = import_module(f"bot.cli.{name}").SPEC
    text = (ROOT / f"templates/help/{name}.txt").read_text()
    assert set(re.findall(r"(?<![\w-])--[a-z-]+", text)) == {option for option in spec.names if option != "--help"}
    assert all(choice in text for choices in spec.choices.values() for choice in choices)


def test_overview_names_every_command() -> None:
    text = (ROOT / "templates/help/countersign.txt").read_text()
    assert set(re.findall(r"^  countersign (\w+)", text, re.MULTILINE)) == set(COMMANDS)


@pytest.mark.slow
def test_readme_shows_what_the_demonstration_prints() -> None:
    (shown,) = re.findall(r"```\n(error\[.*?)\n```", README, re.DOTALL)
    printed = countersign("demo", "--exit").out
    for block in shown.split("\n\n"):
        assert _without_counts(block) in _without_counts(printed)


def test_readme_shows_a_rule_that_is_shipped() -> None:
    (shown,) = re.findall(r"```yaml\n(id: .*?)\n```", README, re.DOTALL)
    name = shown.split("\n")[0].removeprefix("id: ")
    (path,) = (ROOT / "rules").rglob(f"{name}.yaml")
    assert set(shown.split("\n")) <= set(path.read_text().split("\n"))


def test_every_key_of_a_rule_is_explained() -> None:
    assert {f"`{key}`" for key in (*REQUIRED, *OPTIONAL, *CATEGORIES)} <= set(re.findall(r"`[^`\n]+`", RULES))


def test_every_predicate_and_view_is_explained() -> None:
    assert {f"`{name}`" for name in (*PREDICATES, *VIEWS, *DIFFERENCES)} <= set(re.findall(r"`[^`\n]+`", RULES))


def test_configuration_in_the_documents_is_valid() -> None:
    text = (ROOT / "docs/configuration.md").read_text()
    configuration, baseline, *parts, organisation, waivers, policies = re.findall(r"```yaml\n(.*?)```", text, re.DOTALL)
    policy = load_policy(shipped_rules())
    for text in (configuration, *parts):
        assert check(load_configuration(text.encode(), "configuration.md"), policy) == ()
    for text in (baseline, organisation):
        assert check(load_organisation(text.encode(), "configuration.md"), policy) == ()
    (waiver,) = load_waivers(waivers.encode(), "waivers.md")
    assert waiver.valid(datetime(2026, 11, 24, tzinfo=UTC))
    assert [policy.id for policy in load_policies(policies.encode(), "policies.md").policies] == ["SEC-LOG-007", "NET-3"]


def test_links_of_the_documents_lead_somewhere() -> None:
    for path in [ROOT / "README.md", *(ROOT / "docs").glob("*.md")]:
        for target in re.findall(r"\]\(([^)#:]+)\)", path.read_text()):
            assert (path.parent / target).exists(), f"{path.name}: {target}"


def test_decisions_are_numbered_without_gaps() -> None:
    found = sorted(path.name for path in (ROOT / "docs/decisions").glob("0*.md"))
    assert [name[:4] for name in found] == [f"{number:04}" for number in range(1, len(found) + 1)]


def test_manifest_asks_for_no_more_than_github_knows() -> None:
    manifest = yaml.safe_load((ROOT / "app.yaml").read_text())
    assert set(manifest) <= {"name", "url", "hook_attributes", "description", "public", "default_events", "default_permissions"}
    assert "contents" in manifest["default_permissions"]
    assert manifest["default_permissions"]["contents"] == "read"
    assert set(manifest["default_permissions"].values()) <= {"read", "write"}


def _without_counts(text: str) -> str:
    return re.sub(r"\d+ of \d+ rules", "rules", text)


def test_help_texts_are_the_only_ones() -> None:
    assert {path.stem for path in Path(ROOT / "templates/help").iterdir()} == {"countersign", *COMMANDS}


def test_every_wrong_person_and_moment_is_shown_by_a_test_that_there_is() -> None:
    shown = re.findall(r"^\| .+ \| .+ \| `(tests/\S+\.py)` `(test_\w+)` \|$", (ROOT / "docs/answers.md").read_text(), re.MULTILINE)
    assert len(shown) >= 16
    assert [(path, name) for path, name in shown if f"def {name}(" not in (ROOT / path).read_text()] == []
