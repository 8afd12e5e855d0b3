"""Our answers beside Terraform's own, over all functions and their edges."""

from __future__ import annotations

import json
import re
import shutil
import subprocess
from pathlib import Path

import pytest

from bot.engine.iac.terraform.functions import KNOWN_FUNCTIONS
from tests.engine.iac.terraform.conformance import Case, ask, ours, recorded, same

needs_terraform = pytest.mark.skipif(shutil.which("terraform") is None, reason="terraform is not installed")
DOCUMENT = Path(__file__).parents[4] / "docs" / "terraform.md"


def test_no_answer_differs_from_terraforms() -> None:
    cases = recorded()
    answers = ours(case.expression for case in cases)
    assert [case for case in cases if not case.is_open and not same(answers[case.expression], case.answer)] == []


def test_what_is_left_open_is_listed() -> None:
    cases = recorded()
    answers = ours(case.expression for case in cases)
    assert [case.expression for case in cases if case.is_open] == [case.expression for case in cases if answers[case.expression] == "open"]
    assert sum(case.is_open for case in cases) <= 60


@needs_terraform
def test_the_record_is_what_terraform_answers(tmp_path: Path) -> None:
    cases = recorded()
    answers = ask([case.expression for case in cases], tmp_path)
    assert [case for case, answer in zip(cases, answers, strict=True) if case.answer != answer] == []


@needs_terraform
def test_every_function_of_terraform_has_a_state() -> None:
    done = subprocess.run(["terraform", "metadata", "functions", "-json"], capture_output=True, text=True, check=True)
    documented = {name for name in json.loads(done.stdout)["function_signatures"] if "::" not in name}
    assert documented - set(KNOWN_FUNCTIONS) == set()


def test_the_document_lists_every_function_with_its_state() -> None:
    rows = dict(re.findall(r"^\| `(\w+)` \| (\w+) \|", DOCUMENT.read_text(encoding="utf-8"), re.MULTILINE))
    assert rows == {name: state for name, (state, _) in KNOWN_FUNCTIONS.items()}


def test_every_supported_function_is_compared() -> None:
    asked = {name for case in recorded() for name in re.findall(r"\b([a-z]\w*)\(", case.expression)}
    never = {name for name, (state, _) in KNOWN_FUNCTIONS.items() if state != "open"} - asked
    assert never == {"list", "map"}  # gone since Terraform 0.12


def test_a_refusal_is_told_from_what_is_left_open() -> None:
    assert ours(["upper(null)", "upper(uuid())"]) == {"upper(null)": "refused", "upper(uuid())": "open"}
    assert isinstance(recorded()[0], Case)
