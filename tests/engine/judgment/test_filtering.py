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


def test_a_check_that_allows_and_one_that_goes_are_told_apart() -> None:
    found = asked(module(host("block"), GROUP), module(host()), live="true")
    assert sorted(result.message.partition(" of ")[0] for result in found) == ["common", "our-host"]
    assert {result.rule for result in found} == {"firewall-checks-less"}
