"""What governs, as a verdict shows it: roots by configuration, levels, notices, owners, and until when it holds."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from msgspec.structs import replace

from bot.engine.evaluation import evaluate, needs
from bot.engine.model.snapshot import Snapshot
from bot.engine.model.verdict import Verdict
from tests.changes import snapshot

WORLD = """resource "aws_security_group_rule" "db" {
  type        = "ingress"
  protocol    = "tcp"
  from_port   = 5432
  to_port     = 5432
  cidr_blocks = [%s]
}
"""
OPEN = {"main.tf": WORLD % '"0.0.0.0/0"'}


def under(before: dict[str, str], after: dict[str, str], **said: Any) -> Verdict:
    return evaluate(given(before, after, **said))


def given(before: dict[str, str], after: dict[str, str], **said: Any) -> Snapshot:
    return replace(snapshot(before, after), **said)


def test_a_protected_level_of_the_organisation_blocks_and_is_told() -> None:
    organisation, repository = b"level: enforce\nprotected: [level]\n", b"# ours\nlevel: observe\n"
    found = under({}, OPEN, organisation=organisation, configuration=repository)
    assert found.conclusion == "failure"
    (notice,) = found.governance
    assert (notice.key, notice.fields["where"], notice.fields["held"]) == ("protected", ".github/countersign.yml:2", "enforce")
    assert under({}, OPEN, organisation=b"level: enforce", configuration=repository).conclusion == "neutral"


def test_what_would_block_but_for_its_level_is_never_clean() -> None:
    for text in (b"level: comment", b"rules: {'*': {level: observe}}"):
        assert under({}, OPEN, configuration=text).state == "observing"


def test_the_default_level_is_the_edges() -> None:
    assert under({}, OPEN, default_level="observe").conclusion == "neutral"
    assert under({}, OPEN, default_level="observe", configuration=b"level: enforce").conclusion == "failure"


def test_a_verdict_holds_until_the_configuration_says_something_else() -> None:
    now = datetime(2026, 11, 28, 12, tzinfo=UTC)
    text = b"level: observe\nscopes: [{from: 2027-01-15, level: enforce}]"
    found = under({}, OPEN, configuration=text, now=now)
    assert (found.conclusion, found.valid_until) == ("neutral", datetime(2027, 1, 15, tzinfo=UTC))
    assert under({}, OPEN, configuration=text, now=datetime(2027, 1, 15, tzinfo=UTC)).conclusion == "failure"


def test_owners_of_what_is_asked_stand_in_the_verdict() -> None:
    asked = {"main.tf": WORLD % "var.x" + 'variable "x" {}\nterraform {\n  backend "s3" {}\n}\n'}
    found = under({}, asked, organisation=b"owners: {network: ['@acme/network'], data: ['@acme/data']}")
    assert (found.conclusion, found.owners) == ("action_required", {"network": ("@acme/network",)})


def test_a_path_that_the_organisation_ignores_is_not_even_fetched() -> None:
    case = given({}, {"vendor/main.tf": OPEN["main.tf"]}, organisation=b"paths: {ignore: [vendor/]}")
    assert needs(replace(case, blobs={})) == ()
    assert evaluate(case).coverage.ignored == 1


def test_a_declared_root_is_evaluated_although_another_calls_it() -> None:
    files = {
        "stacks/db/main.tf": WORLD % "var.x" + 'variable "x" {}\n',
        "main.tf": 'provider "aws" {}\nmodule "db" {\n  source = "./stacks/db"\n  x      = "10.0.0.0/8"\n}\n',
    }
    assert under({}, files).conclusion == "success"
    assert under({}, files, configuration=b"roots: [stacks/*]").conclusion == "action_required"
