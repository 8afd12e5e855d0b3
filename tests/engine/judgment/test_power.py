"""Who gains a power, told once, and what only stands elsewhere now is no gain."""

from __future__ import annotations

import pytest

from bot.engine.evaluation import evaluate
from bot.engine.model.result import Result
from bot.engine.model.verdict import Verdict
from tests.changes import KEEPS_DATA, Files, review, snapshot

ROLE = 'resource "aws_iam_role" "a" {\n  name = "a"\n}\n'
SECRETS = """resource "aws_iam_role_policy" "a" {
  role   = aws_iam_role.a.id
  policy = jsonencode({ Statement = [{ Effect = "Allow", Action = "secretsmanager:GetSecretValue", Resource = "*" }] })
}
"""
MANAGED = """resource "aws_iam_policy" "a" {
  policy = jsonencode({ Statement = [{ Effect = "Allow", Action = "secretsmanager:GetSecretValue", Resource = "*" }] })
}
resource "aws_iam_role_policy_attachment" "a" {
  role       = aws_iam_role.a.name
  policy_arn = aws_iam_policy.a.arn
}
"""
USES = 'module "a" {\n  source = "%s"\n}\n'
CALL = 'module "%s" {\n  source = "./modules/role"\n}\n'


def asked(verdict: Verdict) -> list[Result]:
    return [item for item in verdict.results if item.rule == "aws-every-secret-read"]


def changed(before: Files, after: Files) -> list[Result]:
    return asked(review(before, after))


def test_what_a_module_gives_its_own_role_is_asked_at_its_line() -> None:
    call = {"main.tf": CALL % "a"}
    (question,) = changed(call | {"modules/role/main.tf": ROLE}, call | {"modules/role/main.tf": ROLE + SECRETS})
    assert (question.file, question.line) == ("modules/role/main.tf", 6)
    assert "module.a.aws_iam_role.a" in question.message


def test_two_calls_of_one_module_are_one_question() -> None:
    calls = {"main.tf": CALL % "a" + CALL % "b"}
    (question,) = changed(calls | {"modules/role/main.tf": ROLE}, calls | {"modules/role/main.tf": ROLE + SECRETS})
    assert len(question.places) == 1


def test_a_second_call_of_a_module_that_gives_it_is_another_bearer() -> None:
    module = {"modules/role/main.tf": ROLE + SECRETS}
    (question,) = changed({"main.tf": CALL % "a", **module}, {"main.tf": CALL % "a" + CALL % "b", **module})
    assert "module.b.aws_iam_role.a" in question.message


def test_a_policy_for_the_role_of_a_module_is_the_role_s() -> None:
    module = {"modules/role/main.tf": ROLE + 'output "name" {\n  value = aws_iam_role.a.name\n}\n'}
    outside = SECRETS.replace("aws_iam_role.a.id", "module.a.name")
    (question,) = changed({"main.tf": CALL % "a", **module}, {"main.tf": CALL % "a" + outside, **module})
    assert "module.a.aws_iam_role.a " in question.message


def test_a_root_that_is_renamed_gains_nothing() -> None:
    text = (ROLE + SECRETS).encode()
    given = snapshot({"old/a.tf": text}, {"new/a.tf": text}, renames={"new/a.tf": "old/a.tf"})
    assert asked(evaluate(given, KEEPS_DATA)) == []


def test_a_root_that_is_renamed_and_gives_more_is_asked() -> None:
    given = snapshot({"old/a.tf": ROLE.encode()}, {"new/a.tf": (ROLE + SECRETS).encode()}, renames={"new/a.tf": "old/a.tf"})
    assert [(item.file, item.line) for item in asked(evaluate(given, KEEPS_DATA))] == [("new/a.tf", 6)]


def test_a_policy_that_moves_to_another_file_name_or_kind_gains_nothing() -> None:
    before = {"a.tf": ROLE + SECRETS}
    assert changed(before, {"a.tf": ROLE, "b.tf": SECRETS}) == []
    assert changed(before, {"a.tf": ROLE + SECRETS.replace('"aws_iam_role_policy" "a"', '"aws_iam_role_policy" "b"')}) == []
    assert changed(before, {"a.tf": ROLE + MANAGED}) == []


def test_a_role_that_is_moved_keeps_what_it_could_do() -> None:
    text = (ROLE + SECRETS).replace('"aws_iam_role" "a"', '"aws_iam_role" "b"').replace("aws_iam_role.a.", "aws_iam_role.b.")
    moved = "moved {\n  from = aws_iam_role.a\n  to   = aws_iam_role.b\n}\n"
    assert changed({"a.tf": ROLE + SECRETS}, {"a.tf": text + moved}) == []


def test_a_role_that_moves_into_a_module_keeps_what_it_could_do() -> None:
    after = {"a.tf": CALL % "a" + "moved {\n  from = aws_iam_role.a\n  to   = module.a.aws_iam_role.a\n}\n"}
    assert changed({"a.tf": ROLE + SECRETS}, after | {"modules/role/main.tf": ROLE + SECRETS}) == []


def test_a_new_root_over_files_that_were_there_is_quiet() -> None:
    before = {"modules/role/main.tf": ROLE + SECRETS, "a/main.tf": "locals {}\n"}
    assert changed(before, before | {"b/main.tf": USES % "../modules/role"}) == []


def test_a_new_root_that_tries_a_new_module_out_is_asked_about_the_module_alone() -> None:
    new = {"modules/role/main.tf": ROLE + SECRETS, "modules/role/examples/a/main.tf": USES % "../.." + MANAGED + ROLE}
    assert [item.file for item in changed({"main.tf": "locals {}\n"}, {"main.tf": "locals {}\n"} | new)] == ["modules/role/main.tf"]


def test_a_policy_in_a_module_that_is_told_the_role_is_the_role_s() -> None:
    module = {"modules/role/main.tf": 'variable "role" {}\n' + SECRETS.replace("aws_iam_role.a.id", "var.role")}
    call = CALL.replace("\n}\n", "\n  role   = aws_iam_role.a.name\n}\n") % "a"
    (question,) = changed({"main.tf": ROLE}, {"main.tf": ROLE + call, **module})
    assert "aws_iam_role.a " in question.message
    assert changed({"main.tf": ROLE + SECRETS}, {"main.tf": ROLE + call, **module}) == []


def test_a_bearer_that_is_named_otherwise_in_the_code_alone_gains_nothing() -> None:
    before = {"a.tf": ROLE + SECRETS}
    assert changed(before, {"a.tf": ROLE + SECRETS.replace("aws_iam_role.a.id", '"a"')}) == []
    assert changed(before, {"a.tf": SECRETS.replace("aws_iam_role.a.id", '"a"')}) == []
    assert changed(before, {"a.tf": ROLE.replace('"a" {', '"b" {') + SECRETS.replace("role.a.id", "role.b.id")}) == []


def test_whatever_attaches_a_policy_names_its_bearer() -> None:
    policy = MANAGED.partition('resource "aws_iam_role_policy_attachment"')[0]
    attached = 'resource "aws_iam_policy_attachment" "a" {\n  roles      = [aws_iam_role.a.name]\n  policy_arn = aws_iam_policy.a.arn\n}\n'
    listed = ROLE.replace("}", "  managed_policy_arns = [aws_iam_policy.a.arn]\n}")
    for after in (ROLE + policy + attached, listed + policy):
        (question,) = changed({"a.tf": ROLE}, {"a.tf": after})
        assert "aws_iam_role.a " in question.message


def test_a_policy_that_is_attached_to_one_more_is_asked_about_for_that_one() -> None:
    _, mark, attached = MANAGED.partition('resource "aws_iam_role_policy_attachment"')
    more = ROLE.replace('"a"', '"b"') + mark + attached.replace('"a"', '"b"').replace("role.a", "role.b")
    (question,) = changed({"a.tf": ROLE + MANAGED}, {"a.tf": ROLE + MANAGED + more})
    assert "aws_iam_role.b " in question.message


def test_instances_of_a_role_are_each_given_what_their_attachment_says() -> None:
    each = '{\n  for_each = toset(["x", "y"])\n'
    many = ROLE.replace("{\n", each).replace('name = "a"', "name = each.key")
    policy = SECRETS.replace("{\n", each, 1).replace("role.a.id", "role.a[each.key].id")
    (question,) = changed({"a.tf": many}, {"a.tf": many + policy})
    assert [question.resource, *(place.resource for place in question.places)] == [
        'aws_iam_role_policy.a["x"]',
        'aws_iam_role_policy.a["y"]',
    ]


def test_a_policy_that_nobody_is_seen_to_bear_is_new_only_where_nobody_could_do_it() -> None:
    parted = """data "aws_iam_policy_document" "a" {
  statement {
    actions   = ["secretsmanager:GetSecretValue"]
    resources = ["*"]
  }
}
locals {
  policies = { a = data.aws_iam_policy_document.a.json }
}
resource "aws_iam_policy" "a" {
  for_each = local.policies
  policy   = each.value
}
"""
    assert changed({"a.tf": ROLE + SECRETS}, {"a.tf": ROLE + parted}) == []
    assert len(changed({"a.tf": ROLE}, {"a.tf": ROLE + parted})) == 1


def test_what_is_cut_down_from_more_is_no_gain() -> None:
    granted = 'Action = "secretsmanager:GetSecretValue"'
    for wider in ('Action = "*"', 'Action = "secretsmanager:*"', 'Action = ["secretsmanager:*", "s3:GetObject"]'):
        assert changed({"a.tf": ROLE + SECRETS.replace(granted, wider)}, {"a.tf": ROLE + SECRETS}) == []


def test_fewer_services_that_take_a_role_are_no_gain_and_another_one_is() -> None:
    def passed(condition: str) -> Files:
        allowed = f'Effect = "Allow", Action = "iam:PassRole", Resource = "arn:aws:iam::*:role/*"{condition}'
        return {"a.tf": ROLE + SECRETS.replace('Effect = "Allow", Action = "secretsmanager:GetSecretValue", Resource = "*"', allowed)}

    def by(*services: str) -> str:
        named = ", ".join(f'"{name}.amazonaws.com"' for name in services)
        return f', Condition = {{ StringEquals = {{ "iam:PassedToService" = [{named}] }} }}'

    def rules(before: Files, after: Files) -> list[str]:
        return [item.rule for item in review(before, after).results if item.baseline_state == "new" and "passed" in item.rule]

    assert rules(passed(by("ec2", "ecs")), passed(by("ecs"))) == []
    assert rules(passed(""), passed(by("ecs"))) == []
    assert rules(passed(by("ecs")), passed(by("ec2", "ecs"))) == ["aws-roles-passed-by-pattern"]


@pytest.mark.parametrize("roles", ["arn:aws:iam::111122223333:role/*", "arn:aws:iam::${var.account}:role/*"])
def test_every_role_of_an_account_is_one_question(roles: str) -> None:
    allowed = f'Effect = "Allow", Action = "iam:PassRole", Resource = "{roles}"'
    after = ROLE + SECRETS.replace('Effect = "Allow", Action = "secretsmanager:GetSecretValue", Resource = "*"', allowed)
    found = review({"a.tf": ROLE}, {"a.tf": f'variable "account" {{}}\n{after}'}).results
    assert [item.rule for item in found if item.kind in ("review", "open")] == ["aws-iam-privilege-escalation"]


def test_every_action_on_the_things_of_another_service_reads_no_secret() -> None:
    other = SECRETS.replace('"secretsmanager:GetSecretValue", Resource = "*"', '"*", Resource = "arn:aws:s3:::logs/*"')
    assert changed({"a.tf": ROLE}, {"a.tf": ROLE + other}) == []
