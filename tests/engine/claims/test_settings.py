"""What is said of a timeout, of memory, of storage and of bounds, in words and not by the argument's name."""

from __future__ import annotations

import pytest

from bot.engine.model.snapshot import PullText
from tests.changes import review

FUNCTION = 'resource "aws_lambda_function" "mailer" {\n  function_name = "mailer"\n  timeout = $T\n  memory_size = $M\n}\n'
GROUP = 'resource "aws_autoscaling_group" "web" {\n  min_size = 1\n  max_size = 4\n  desired_capacity = 2\n}\n'


def _function(timeout: int, memory: int) -> str:
    return FUNCTION.replace("$T", str(timeout)).replace("$M", str(memory))


def _told(comment: str, code: str) -> list[tuple[str, str]]:
    claims = review({}, {"main.tf": f"# {comment}\n{code}"}).claims
    return [(claim.status, (claim.by or "").partition(" (")[0]) for claim in claims]


@pytest.mark.parametrize(
    ("comment", "told"),
    [
        ("Timeout of 30 seconds", [("supported", "timeout = 30")]),
        ("Timeout is 60 seconds", [("contradicted", "timeout = 30")]),
        ("Mailer with a 30 second timeout", [("supported", "timeout = 30")]),
        ("Mailer with 512 MB of memory", [("supported", "memory_size = 512")]),
        ("Memory: 1024 MB", [("contradicted", "memory_size = 512")]),
        ("512 MB memory and a timeout of 30 seconds", [("supported", "timeout = 30"), ("supported", "memory_size = 512")]),
        ("Timeout of at most 60 seconds", [("supported", "timeout = 30")]),
        ("The caller has a timeout of 60 seconds", []),
    ],
)
def test_a_comment(comment: str, told: list[tuple[str, str]]) -> None:
    assert sorted(_told(comment, _function(30, 512))) == sorted(told)


@pytest.mark.parametrize(
    ("title", "told"),
    [
        ("Increase the Lambda timeout to 60 seconds", [("supported", "timeout = 60")]),
        ("fix: increase lambda timeout from 30 to 90 seconds", [("contradicted", "timeout = 60")]),
        ("Reduce Lambda memory from 256 MB to 128 MB", [("contradicted", "memory_size = 512")]),
        ("Increase memory_size from 256 to 512 (required by the new runtime)", [("supported", "memory_size = 512")]),
        ("Increase the timeout of the database to 90 seconds", []),
        ("Wait with a timeout of 90 seconds in the client", []),
    ],
)
def test_a_message(title: str, told: list[tuple[str, str]]) -> None:
    verdict = review({"main.tf": _function(30, 256)}, {"main.tf": _function(60, 512)}, pull=PullText(title=title))
    assert [(claim.status, (claim.by or "").partition(" (")[0]) for claim in verdict.claims] == told


@pytest.mark.parametrize(
    ("comment", "told"),
    [
        ("min 1, max 4, desired 2", ["min_size = 1", "max_size = 4", "desired_capacity = 2"]),
        ("Minimum of 1 and maximum of 4", ["min_size = 1", "max_size = 4"]),
        ("min 3", []),
    ],
)
def test_bounds_are_only_ever_shown(comment: str, told: list[str]) -> None:
    assert sorted(_told(comment, GROUP)) == sorted(("supported", one) for one in told)
