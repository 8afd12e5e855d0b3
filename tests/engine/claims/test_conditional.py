"""What is said to be made on a condition: above the block, at its count, beside an argument, in a message and a document."""

from __future__ import annotations

import pytest

from bot.engine.model.snapshot import PullText
from bot.engine.model.verdict import Verdict
from tests.changes import review

VARIABLES = 'variable "create_queue" {\n  type = bool\n}\nvariable "create_topic" {\n  type = bool\n}\n'
COUNT = "  count = var.create_queue ? 1 : 0\n"


def _code(comment: str, count: str = COUNT) -> str:
    return f'# {comment}\nresource "aws_sqs_queue" "logs" {{\n{count}  name = "logs"\n}}\n{VARIABLES}'


def _status(verdict: Verdict) -> list[str]:
    return [claim.status for claim in verdict.claims]


@pytest.mark.parametrize(
    ("comment", "count", "status"),
    [
        ("Only created if create_queue is set", COUNT, ["supported"]),
        ("Only created if create_topic is set", COUNT, []),
        ("Only created if create_queue is set", "", ["contradicted"]),
        ("Queue for the logs; is only created if var.create_queue is not given", COUNT, ["supported"]),
        ("Queue for the logs (if enabled)", COUNT, ["supported"]),
        ("Queue for the logs (if create_queue is true)", COUNT, ["supported"]),
        ("Queue for the logs. Only added for production accounts", COUNT, ["supported"]),
        ("Queue for the logs (if needed)", COUNT, []),
        ("Queue for the logs (if enabled)", "", []),
        ("Should only be created when create_queue is set", COUNT, []),
    ],
)
def test_a_comment_above_a_block(comment: str, count: str, status: list[str]) -> None:
    assert _status(review({}, {"main.tf": _code(comment, count)})) == status


@pytest.mark.parametrize(
    ("body", "shown"),
    [
        (
            f"  # Only create the queue when it is wanted\n{COUNT}",
            ["count = var.create_queue ? 1 : 0 (main.tf:4)"],
        ),
        (
            "  # Only set when create_topic is on\n  delay_seconds = var.create_topic ? 5 : null\n",
            ["delay_seconds = var.create_topic ? 5 : null (main.tf:4)"],
        ),
        ("  # Only set when create_queue is on\n  delay_seconds = var.create_topic ? 5 : null\n", []),
        ("  # Only set when create_topic is on\n  delay_seconds = var.delay\n", []),
    ],
)
def test_a_comment_inside_of_a_block(body: str, shown: list[str]) -> None:
    code = f'\nresource "aws_sqs_queue" "logs" {{\n{body}  name = "logs"\n}}\n{VARIABLES}'

    assert [claim.by for claim in review({}, {"main.tf": code}).claims] == shown


@pytest.mark.parametrize(
    ("title", "count", "status"),
    [
        ("Create the queue conditionally (#364)", COUNT, ["supported"]),
        ("feat: make the logs queue optional", COUNT, ["supported"]),
        ("Only create the queue if create_queue is set", COUNT, ["supported"]),
        ("The queue is only created when create_topic is set", COUNT, []),
        ("Make the logs queue optional", "", []),
        ("Make the description optional", COUNT, []),
    ],
)
def test_a_message(title: str, count: str, status: list[str]) -> None:
    assert _status(review({}, {"main.tf": _code("Logs", count)}, pull=PullText(title=title))) == status


@pytest.mark.parametrize(
    ("said", "status"),
    [
        ("`aws_sqs_queue.logs` is only created when `create_queue = true`.", ["supported"]),
        ("The queue is only created when `create_queue = true`.", ["supported"]),
        ("The topic is only created when `create_queue = true`.", []),
    ],
)
def test_a_document(said: str, status: list[str]) -> None:
    assert _status(review({}, {"main.tf": _code("Logs"), "README.md": f"# Queue\n\n{said}\n"})) == status
