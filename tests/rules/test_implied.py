"""Where one result says another, the reader is told once; a rule may only name rules that there are."""

from __future__ import annotations

from msgspec.structs import replace

from bot.engine.baseline import Side, compare, worst_environment
from bot.engine.former import Former
from bot.engine.iac.terraform import evaluate
from bot.engine.model.result import Result
from bot.engine.policy import judge, load_policy
from bot.engine.policy.implied import told_once
from bot.engine.results import result_of
from tests.rules.pack import PATHS, ROOT, rule_file

SOURCES = {path: (ROOT / path).read_bytes() for path in PATHS}
TEXT = """
resource "aws_security_group" "a" {
  description = "a"
  ingress {
    description = "a"
    protocol    = "-1"
    from_port   = 0
    to_port     = 0
    cidr_blocks = ["0.0.0.0/0"]
  }
  ingress {
    description = "b"
    protocol    = "tcp"
    from_port   = 22
    to_port     = 22
    cidr_blocks = ["0.0.0.0/0"]
  }
}
resource "aws_iam_group_policy" "a" {
  group  = "g"
  policy = jsonencode({ Statement = [{ Effect = "Allow", Action = "*", Resource = "*" }] })
}
"""


def everything() -> tuple[Result, ...]:
    models = evaluate("", {"main.tf": TEXT.encode()})
    matches = worst_environment(match for model in models for match in judge(load_policy(SOURCES), model))
    no_base = Former((), (), {})
    return tuple(result_of(item, no_base).result for item in compare(Side((), ()), Side(matches, models), {}))


def told(results: tuple[Result, ...]) -> list[tuple[str, int]]:
    return sorted((result.rule, result.line) for result in told_once(results, load_policy(SOURCES).rules))


def test_one_result_for_every_port_and_for_full_administration() -> None:
    assert told(everything()) == [("all-ports-open-to-world", 9), ("aws-iam-full-administrator", 21), ("ssh-port-open-to-world", 16)]


def test_what_blocks_is_not_left_out_for_what_does_not() -> None:
    results = tuple(replace(result, blocks=result.rule != "all-ports-open-to-world") for result in everything())
    assert ("ssh-port-open-to-world", 9) in told(results)


def test_what_is_not_decided_says_nothing() -> None:
    results = tuple(replace(result, kind="open") if result.rule == "all-ports-open-to-world" else result for result in everything())
    assert ("ssh-port-open-to-world", 9) in told(results)


def test_what_is_not_known_is_told_beside_what_says_it_where_every_rule_answers() -> None:
    results = tuple(replace(result, kind="open") if result.rule == "ssh-port-open-to-world" else result for result in everything())
    rules = load_policy(SOURCES).rules
    answers = {(result.rule, result.line, result.kind) for result in told_once(results, rules, ("open",))}
    assert ("ssh-port-open-to-world", 9, "open") in answers
    assert ("rdp-port-open-to-world", 9, "fail") not in answers
    assert ("ssh-port-open-to-world", 9) not in told(results)


def test_the_one_that_is_told_bears_the_aliases_of_what_it_says_as_well() -> None:
    (every, *_) = [result for result in told_once(everything(), load_policy(SOURCES).rules) if result.rule == "all-ports-open-to-world"]
    assert {"CKV_AWS_277", "CKV_AWS_24", "CKV_AWS_25"} <= set(every.aliases)


def test_the_rules_that_imply_exist_and_read_the_same_things() -> None:
    rules = {rule_file(path).rule.id: rule_file(path).rule for path in PATHS}
    for rule in rules.values():
        for other in rule.implied_by:
            assert rules[other].targets == rule.targets
