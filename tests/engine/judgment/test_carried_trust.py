"""A trust from before and what its role gains now are one question, which names both places."""

from __future__ import annotations

from bot.engine.model.result import Result
from tests.changes import Files, review

ROLE = """resource "aws_iam_role" "a" {
  name               = "a"
  assume_role_policy = jsonencode({
    Statement = [{
      Effect    = "Allow"
      Action    = "sts:AssumeRoleWithWebIdentity"
      Principal = { Federated = "arn:aws:iam::111122223333:oidc-provider/token.actions.githubusercontent.com" }
      Condition = { StringLike = { "token.actions.githubusercontent.com:sub" = "repo:example/*:*" } }
    }]
  })
}
"""
POLICY = """resource "aws_iam_role_policy" "a" {
  role   = aws_iam_role.a.id
  policy = jsonencode({ Statement = [{ Effect = "Allow", Action = ["s3:PutObject", "s3:DeleteObject"], Resource = "*" }] })
}
"""
CALL = 'module "%s" {\n  source = "./modules/role"\n}\n'


def asked(before: Files, after: Files) -> list[Result]:
    return [item for item in review(before, after).results if item.rule == "aws-wide-trust-gains-actions"]


def test_the_question_stands_at_the_new_action_and_names_the_trust() -> None:
    (question,) = asked({"a.tf": ROLE}, {"a.tf": ROLE, "b.tf": POLICY})
    assert (question.file, question.line) == ("b.tf", 3)
    assert question.message == (
        "aws_iam_role.a gains `s3:PutObject`, and whoever `repo:example/*:*` stands for may become it (a.tf, line 8)."
    )
    assert [notice.fields["n"] for notice in question.facts] == [1]


def test_two_calls_of_one_module_are_one_question() -> None:
    calls = {"main.tf": CALL % "a" + CALL % "b"}
    (question,) = asked(calls | {"modules/role/main.tf": ROLE}, calls | {"modules/role/main.tf": ROLE + POLICY})
    assert len(question.places) == 1


def test_another_call_of_what_was_there_gains_nothing() -> None:
    module = {"modules/role/main.tf": ROLE + POLICY}
    assert asked({"main.tf": CALL % "a", **module}, {"main.tf": CALL % "a" + CALL % "b", **module}) == []


def test_actions_that_move_to_another_policy_are_no_gain() -> None:
    moved = POLICY.replace('"aws_iam_role_policy" "a"', '"aws_iam_role_policy" "b"')
    assert asked({"a.tf": ROLE + POLICY}, {"a.tf": ROLE, "b.tf": moved}) == []


def test_a_role_that_is_moved_is_still_the_role() -> None:
    moved = "moved {\n  from = aws_iam_role.a\n  to   = aws_iam_role.b\n}\n"
    after = ROLE.replace('"aws_iam_role" "a"', '"aws_iam_role" "b"') + POLICY.replace("role.a.", "role.b.") + moved
    assert asked({"a.tf": ROLE + POLICY}, {"a.tf": after}) == []
    assert len(asked({"a.tf": ROLE}, {"a.tf": after})) == 1


def test_a_trust_that_is_narrowed_by_the_same_change_is_quiet() -> None:
    narrow = ROLE.replace("example/*:*", "example/app:ref:refs/heads/main")
    assert asked({"a.tf": ROLE}, {"a.tf": narrow + POLICY}) == []
