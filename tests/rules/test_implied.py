"""Where one result says another, the reader is told once; a rule may only name rules that there are."""

from __future__ import annotations

from bot.engine.iac.terraform import evaluate
from bot.engine.policy import judge, load_policy
from bot.engine.policy.implied import implied
from tests.rules.pack import PATHS, ROOT, rule_file

ALL_PORTS = b"""
resource "aws_security_group" "a" {
  ingress {
    protocol    = "-1"
    from_port   = 0
    to_port     = 0
    cidr_blocks = ["0.0.0.0/0"]
  }
  ingress {
    protocol    = "tcp"
    from_port   = 22
    to_port     = 22
    cidr_blocks = ["0.0.0.0/0"]
  }
}
resource "aws_iam_user_policy" "a" {
  user   = "u"
  policy = jsonencode({ Statement = [{ Effect = "Allow", Action = "*", Resource = "*" }] })
}
"""


def test_one_result_for_every_port_and_for_full_administration() -> None:
    policy = load_policy({path: (ROOT / path).read_bytes() for path in PATHS})
    (model,) = evaluate("", {"main.tf": ALL_PORTS})
    matches = judge(policy, model)
    left_out = implied(matches)
    told = sorted((match.rule.id, match.subject.path) for at, match in enumerate(matches) if at not in left_out)
    assert told == [
        ("all-ports-open-to-world", "ingress[0]"),
        ("aws-iam-full-administrator", "policy.Statement[0]"),
        ("ssh-port-open-to-world", "ingress[1]"),
    ]
    assert len(left_out) > len(told)


def test_the_rules_that_imply_exist_and_read_the_same_view() -> None:
    rules = {rule_file(path).rule.id: rule_file(path).rule for path in PATHS}
    for rule in rules.values():
        for other in rule.implied_by:
            assert rules[other].targets == rule.targets
