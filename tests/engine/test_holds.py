"""A rule that the operator holds: its results observe, every verdict says so, and it ends by itself."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

from bot.engine.evaluation import digest, evaluate
from bot.engine.model.hold import Hold
from bot.engine.model.notice import Notice
from tests.changes import NOW, review, snapshot

OPEN = {
    "main.tf": """
resource "aws_security_group_rule" "db" {
  type        = "ingress"
  from_port   = 5432
  to_port     = 5432
  protocol    = "tcp"
  cidr_blocks = ["0.0.0.0/0"]
}
"""
}
RULE = "database-port-open-to-world"
HELD = Hold(RULE, NOW - timedelta(days=1), "too many false alarms")


def test_results_of_a_held_rule_observe_and_the_verdict_says_so() -> None:
    without, found = review({}, OPEN), review({}, OPEN, holds=(HELD,))
    assert (without.conclusion, found.conclusion) == ("failure", "neutral")
    (result,) = (item for item in found.results if item.rule == RULE)
    assert (result.level, result.blocks, result.kind) == ("observe", False, "fail")
    assert Notice("held", {"rule": RULE, "since": "2026-11-23", "reason": "too many false alarms"}) in found.governance


def test_a_hold_is_told_although_the_rule_finds_nothing() -> None:
    assert [item.key for item in review({}, {"a.tf": "locals {}\n"}, holds=(HELD,)).governance] == ["held"]


def test_a_hold_ends_after_its_last_day_and_the_verdict_lapses_then() -> None:
    until = Hold(RULE, HELD.since, "", date(2026, 11, 24))
    found = review({}, OPEN, holds=(until,))
    assert (found.conclusion, found.valid_until) == ("neutral", datetime(2026, 11, 24, 23, 59, 59, 999999, UTC))
    later = review({}, OPEN, holds=(until,), now=NOW + timedelta(days=1))
    assert (later.conclusion, later.governance) == ("failure", ())


def test_what_keeps_a_verdict_honest_and_what_is_no_rule_cannot_be_held() -> None:
    broken = {"main.tf": 'resource "aws_vpc" {{{\n'}
    names = ("countersign-invalid-syntax", "no-such-rule")
    found = review({}, broken, holds=tuple(Hold(name, HELD.since, "") for name in names))
    assert (found.conclusion, found.governance) == ("failure", ())


def test_a_hold_is_part_of_what_the_verdict_rests_on() -> None:
    plain, held = snapshot({}, OPEN), snapshot({}, OPEN, holds=(HELD,))
    assert digest(plain) != digest(held)
    assert evaluate(held) == evaluate(held)
