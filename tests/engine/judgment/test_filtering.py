"""What a web firewall lets past is asked about once for its block, and only where it is there already."""

from __future__ import annotations

import pytest

from bot.engine.model.result import Result
from tests.changes import review

GROUP = """
  rule {
    name     = "common"
    priority = 5
    override_action {
      none {}
    }
    statement {
      managed_rule_group_statement {
        name        = "AWSManagedRulesCommonRuleSet"
        vendor_name = "AWS"
      }
    }
  }
"""
HOST = """
  dynamic "rule" {
    for_each = var.open ? [1] : []
    content {
      name     = "our-host"
      priority = PRIORITY
      action {
        ACTION {}
      }
      statement {
        byte_match_statement {
          search_string         = "test.example.com"
          positional_constraint = "EXACTLY"
        }
      }
    }
  }
"""
CALL = 'module "waf" {\n  source = "../modules/waf"\n  open   = OPEN\n}\n'


def module(*rules: str) -> str:
    return 'variable "open" {\n  default = false\n}\nresource "aws_wafv2_web_acl" "a" {\n' + "".join(rules) + "}\n"


def host(action: str = "allow", priority: int = 1) -> str:
    return HOST.replace("ACTION", action).replace("PRIORITY", str(priority))


def asked(before: str, after: str, **roots: str) -> list[Result]:
    called = {f"{name}/main.tf": CALL.replace("OPEN", value) for name, value in roots.items()}
    sides = ({"modules/waf/main.tf": text} | called for text in (before, after))
    return [result for result in review(*sides).results if result.category == "network" and result.kind == "review"]


def test_every_root_that_switches_it_on_is_one_question_at_the_action() -> None:
    (question,) = asked(module(GROUP), module(host(), GROUP), live="true", trial="true", closed="false")
    assert (question.rule, question.file) == ("requests-let-past-firewall", "modules/waf/main.tf")
    assert "`our-host`" in question.question
    assert question.message.endswith("Checks after it: 1.")
    assert {place.resource for place in question.places} | {question.resource} == {"module.waf.aws_wafv2_web_acl.a"}


@pytest.mark.parametrize(
    ("before", "after"),
    [
        (module(GROUP), module(host("count"), GROUP)),
        (module(GROUP), module(host(priority=9), GROUP)),
        (module(host(), GROUP), module(host(priority=2), GROUP)),
        (module(host("block"), GROUP), module(GROUP, host("block", priority=7))),
    ],
    ids=["it only counts", "it comes last", "it was there", "another place"],
)
def test_what_lets_nothing_past_is_quiet(before: str, after: str) -> None:
    assert asked(before, after, live="true") == []


@pytest.mark.parametrize("unknown", ["priority", "action"])
def test_a_rule_of_which_it_is_not_known_what_it_does_is_not_taken_for_quiet(unknown: str) -> None:
    place = "var.priority" if unknown == "priority" else "1"
    action = "allow {}" if unknown == "priority" else 'dynamic "allow" {\n      for_each = var.priority\n      content {}\n    }'
    rule = f'variable "priority" {{}}\nresource "aws_wafv2_web_acl" "a" {{\n  rule {{\n    name     = "new"\n    priority = {place}\n'
    before, after = 'variable "priority" {}\n' + module(GROUP), rule + f"    action {{\n      {action}\n    }}\n  }}\n{GROUP}}}\n"
    results = review({"main.tf": before}, {"main.tf": after}).results
    assert [(item.rule, item.kind) for item in results if item.baseline_state == "new"] == [("requests-let-past-firewall", "open")]


CHOSEN = """
    action {
      dynamic "allow" {
        for_each = var.open ? [1] : []
        content {}
      }
      dynamic "block" {
        for_each = var.open ? [] : [1]
        content {}
      }
    }
"""


@pytest.mark.parametrize(("given", "told"), [("true", ["requests-let-past-firewall"]), ("false", [])])
def test_an_action_that_a_module_chooses_is_the_one_that_is_chosen(given: str, told: list[str]) -> None:
    rule = f'  rule {{\n    name     = "new"\n    priority = 1\n{CHOSEN}  }}\n'
    assert [item.rule for item in asked(module(GROUP), module(rule, GROUP), live=given)] == told


def test_a_rule_whose_name_is_partly_known_is_told_by_what_is_known_of_it() -> None:
    named = host().replace('"our-host"', '"${var.open}-host-${aws_lb.a.name}"')
    (question,) = asked(module(GROUP), module(named, GROUP), live="true")
    assert question.question.startswith("May whoever can write a request that `true-host-…` allows")


def test_a_check_that_allows_and_one_that_goes_are_told_apart() -> None:
    found = asked(module(host("block"), GROUP), module(host()), live="true")
    assert sorted(result.message.partition(" of ")[0] for result in found) == ["common", "our-host"]
    assert {result.rule for result in found} == {"firewall-checks-less"}
