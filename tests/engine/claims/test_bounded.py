"""The most and the least that a value may be, against the value."""

from __future__ import annotations

import pytest

from bot.engine.model.snapshot import PullText
from tests.changes import review

LOGS = 'resource "aws_cloudwatch_log_group" "orders" {\n  name              = "orders"\n  retention_in_days = 30\n}\n'
MAILER = 'resource "aws_lambda_function" "mailer" {\n  function_name = "mailer"\n  timeout     = 60\n  memory_size = 512\n}\n'
GROUP = 'resource "aws_autoscaling_group" "web" {\n  min_size = 2\n  max_size = 50\n}\n'


def _told(comment: str, code: str) -> list[tuple[str, str]]:
    claims = review({}, {"main.tf": f"# {comment}\n{code}"}).claims
    return [(claim.status, claim.by or "") for claim in claims]


@pytest.mark.parametrize(
    ("comment", "code", "status", "by"),
    [
        ("Logs are kept for at most 30 days", LOGS, "supported", "retention_in_days = 30 (main.tf:4)"),
        ("Logs are kept for no longer than 2 weeks", LOGS, "contradicted", "retention_in_days = 30 (main.tf:4)"),
        ("Retention of at least 90 days", LOGS, "contradicted", "retention_in_days = 30 (main.tf:4)"),
        ("Retention of at least 1 week", LOGS, "supported", "retention_in_days = 30 (main.tf:4)"),
        ("Timeout of no more than 30 seconds", MAILER, "contradicted", "timeout = 60 (main.tf:4)"),
        ("Timeout capped at 1 minute", MAILER, "supported", "timeout = 60 (main.tf:4)"),
        ("Memory: no less than 1 GB", MAILER, "contradicted", "memory_size = 512 (main.tf:5)"),
        ("At most 40 instances", GROUP, "contradicted", "max_size = 50 (main.tf:4)"),
        ("Up to 50 machines", GROUP, "supported", "max_size = 50 (main.tf:4)"),
        ("At least 2 instances", GROUP, "supported", "min_size = 2 (main.tf:3)"),
        ("At least 3 instances", GROUP, "contradicted", "min_size = 2 (main.tf:3)"),
    ],
)
def test_a_bound_above_a_block(comment: str, code: str, status: str, by: str) -> None:
    assert _told(comment, code) == [(status, by)]


def test_what_a_service_allows_is_not_taken_for_the_bound() -> None:
    assert _told("Max 80 machines for each address", GROUP) == []


def test_a_bound_beside_its_argument() -> None:
    assert _told("Orders", LOGS.replace("= 30", "= 30 # at most 14 days")) == [("contradicted", "retention_in_days = 30 (main.tf:4)")]


@pytest.mark.parametrize(
    "comment",
    [
        "Up to 14 days of retention are free of charge",  # what a service allows, as often as not
        "Timeout should be at most 30 seconds",
        "The caller waits at most 30 seconds",
        "Retention of at least 90 days until the audit is over",
        "A batch has at most 10 messages",
        "Maximum of 15 minutes",
        "Kept for at most 7 days, archived for at most 90 days",
    ],
)
def test_what_is_left_alone(comment: str) -> None:
    assert [item for item in _told(comment, LOGS + MAILER.replace("mailer", "second")) if item[0] != "supported"] == []


@pytest.mark.parametrize(
    ("title", "told"),
    [
        ("Cap the timeout of the mailer: no more than 60 seconds", [("supported", "timeout = 60 (main.tf:3)")]),
        ("Timeout of at most 30 seconds", [("contradicted", "timeout = 60 (main.tf:3)")]),
        ("Memory of at most 256 MB", []),
    ],
)
def test_a_message_tells_of_what_the_change_sets(title: str, told: list[tuple[str, str]]) -> None:
    verdict = review({"main.tf": MAILER.replace("60", "10")}, {"main.tf": MAILER}, pull=PullText(title=title))
    assert [(claim.status, claim.by or "") for claim in verdict.claims] == told
