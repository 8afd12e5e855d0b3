"""A root that is copied with the place of its state is asked about at the copy; a place that was shared before is not new."""

from __future__ import annotations

from bot.engine.model.result import Result
from tests.changes import review

RULE = "state-shared-with-another-root"
TRIAL = """
terraform {
  backend "s3" {
    bucket = "example-states"
    key    = "trial/terraform.tfstate"
  }
}
"""


def found(before: dict[str, str], after: dict[str, str]) -> list[Result]:
    return [item for item in review(before, after).results if item.rule == RULE and item.baseline_state in ("new", "updated")]


def test_a_copy_is_asked_about_where_its_key_stands() -> None:
    (question,) = found({"trial/main.tf": TRIAL}, {"trial/main.tf": TRIAL, "live/main.tf": TRIAL})
    assert (question.kind, question.file, question.line) == ("review", "live/main.tf", 5)
    assert "`trial`" in question.question
    assert "s3://example-states/trial/terraform.tfstate" in question.question


def test_a_copy_with_a_key_of_its_own_is_quiet() -> None:
    live = TRIAL.replace("trial/", "live/")
    assert found({"trial/main.tf": TRIAL}, {"trial/main.tf": TRIAL, "live/main.tf": live}) == []


def test_what_was_shared_before_is_not_new() -> None:
    before = {"trial/main.tf": TRIAL, "live/main.tf": TRIAL}
    assert found(before, before | {"live/main.tf": f"{TRIAL}\nlocals {{\n  a = 1\n}}\n"}) == []
