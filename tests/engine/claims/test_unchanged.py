"""A message that says that nothing changes, held against what differs; and a policy that is said to read only."""

from __future__ import annotations

import pytest

from bot.engine.model.snapshot import CommitText, PullText
from tests.changes import review

BEFORE = """\
terraform {
  backend "s3" {}
}

resource "aws_instance" "web" {
  ami           = "ami-1"
  instance_type = "t3.micro"
  tags          = { team = "a" }
}
"""


def _claims(after: str, **said: object) -> list[tuple[str, str | None]]:
    return [(claim.status, claim.by) for claim in review({"main.tf": BEFORE}, {"main.tf": after}, **said).claims]


@pytest.mark.parametrize("said", ["No functional changes.", "Pure refactoring", "No-op change", "This PR does not change any resources."])
def test_a_value_differs(said: str) -> None:
    after = BEFORE.replace("t3.micro", "t3.small")

    assert _claims(after, pull=PullText(body=said)) == [("contradicted", "instance_type: t3.micro \u2192 t3.small (main.tf:7)")]


def test_something_comes() -> None:
    after = BEFORE + 'resource "aws_eip" "a" {\n  domain = "vpc"\n}\n'

    assert _claims(after, pull=PullText(title="No infrastructure changes")) == [("contradicted", "+ aws_eip.a (main.tf:10)")]


def test_nothing_differs() -> None:
    after = BEFORE.replace("{ team", "{  team")

    verdict = review({"main.tf": BEFORE}, {"main.tf": after}, pull=PullText(title="No functional changes"))
    assert [(claim.status, claim.key, claim.fields) for claim in verdict.claims] == [("supported", "property.same", {"n": 1})]


@pytest.mark.parametrize(
    "said",
    [
        "There should be no functional changes.",
        "No functional changes except the size.",
        "No functional changes for callers of the module.",
        "Were there no functional changes?",
        "No breaking changes.",
        "> No functional changes.",
    ],
)
def test_in_doubt_nothing_is_said(said: str) -> None:
    assert _claims(BEFORE.replace("t3.micro", "t3.small"), pull=PullText(body=said)) == []


def test_tags_are_no_function() -> None:
    assert _claims(BEFORE.replace('"a"', '"b"'), pull=PullText(body="No functional changes.")) == []


def test_a_message_is_about_its_own_commit() -> None:
    after = BEFORE.replace("t3.micro", "t3.small")
    commit = CommitText("a1", "Tidy up\n\nNo functional changes.")

    assert [status for status, _ in _claims(after, commits=(commit,))] == ["contradicted"]
    assert _claims(after, commits=(commit, CommitText("b2", "Make it larger"))) == []


POLICY = """\
# {comment}
resource "aws_iam_role_policy" "a" {{
  role = "a"
  policy = jsonencode({{
    Version   = "2012-10-17"
    Statement = [{{ Effect = "Allow", Action = {actions}, Resource = "*" }}]
  }})
}}
"""


@pytest.mark.parametrize(
    ("comment", "actions", "status"),
    [
        ("Read-only.", '["s3:GetObject", "s3:PutObject"]', "contradicted"),
        ("Read-only access for the report", '["s3:*"]', "contradicted"),
        ("Read-only access for the report", '["s3:GetObject", "logs:PutLogEvents"]', None),
        ("Least privilege role", '["*"]', "contradicted"),
        ("Least privilege role", '["s3:GetObject"]', None),
    ],
)
def test_a_policy(comment: str, actions: str, status: str | None) -> None:
    found = review({}, {"main.tf": POLICY.format(comment=comment, actions=actions)}).claims

    assert [claim.status for claim in found] == ([status] if status else [])
