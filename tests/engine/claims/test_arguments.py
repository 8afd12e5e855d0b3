"""What is said of an argument or a default, held against what is written."""

from __future__ import annotations

import pytest

from tests.changes import review


def _claims(code: str, **more: str) -> list[tuple[str, str, str | None]]:
    return [(claim.status, claim.text, claim.by) for claim in review({}, {"main.tf": code, **more}).claims]


def _queue(line: str) -> str:
    return f'resource "aws_sqs_queue" "orders" {{\n  {line}\n}}\n'


@pytest.mark.parametrize(
    ("line", "status"),
    [
        ("message_retention_seconds = 1209600 # 14 days", "supported"),
        ("message_retention_seconds = 14 * 24 * 3600 # 14 days", "supported"),
        ("message_retention_seconds = 345600 # 14 days", "contradicted"),
        ("message_retention_seconds = 345600 # at most 14 days", "supported"),
        ("# Keep for 2 weeks.\n  message_retention_seconds = 1209600", "supported"),
        ("visibility_timeout_seconds = 120 # 10 minutes", "contradicted"),
        ("visibility_timeout_seconds = 30 // 30s", "supported"),
        ("enabled_for_deployment = true # Disabled for deployment", "contradicted"),
    ],
)
def test_an_amount_or_a_switch(line: str, status: str) -> None:
    assert [found for found, _, _ in _claims(_queue(line))] == [status]


@pytest.mark.parametrize(
    "line",
    [
        "message_retention_seconds = 345600 # 14 days would be better",
        "message_retention_seconds = 345600 # was 14 days",
        "message_retention_seconds = 345600 # 4 to 14 days",
        "message_retention_seconds = 345600 # not 14 days",
        "message_retention_seconds = 345600 # seven times 14 days",
        "message_retention_seconds = var.kept # 14 days",
        "delay = 5 # 14 days",
        "kms_reuse = 300 # 20 GB",
        'name = "orders" # 14 days',
        "block_public_acls = true # Disable public acls",
        "enable_public_acls = true # Enable",
    ],
)
def test_in_doubt_nothing_is_said(line: str) -> None:
    assert _claims(_queue(line)) == []


def test_a_size_that_is_another() -> None:
    code = 'resource "aws_instance" "a" {\n  instance_type = "t3.small" # t3.micro\n  ami           = "ami-1"\n}\n'

    assert _claims(code) == [("contradicted", "t3.micro", 'instance_type = "t3.small" (main.tf:2)')]
    assert _claims(code.replace("# t3.micro", "# t3.micro is too small")) == []


def _variable(description: str, default: str) -> str:
    return f'variable "days" {{\n  description = "{description}"\n  default     = {default}\n}}\n'


@pytest.mark.parametrize(
    ("description", "default", "status"),
    [
        ("How long. Defaults to 30.", "30", "supported"),
        ("How long. Defaults to 30.", "14", "contradicted"),
        ("Whether (default: true)", "false", "contradicted"),
        ("Default is `eu-west-1`.", '"eu-west-1"', None),
        ("Defaults to 1,209,600 seconds", "345600", None),
        ("Defaults to 1 day", "86400", None),
        ("Defaults to 30 in production", "14", None),
        ("Defaults to 30.", "null", None),
        ("Defaults to 30, formerly default 14.", "14", None),
    ],
)
def test_the_default_of_a_variable(description: str, default: str, status: str | None) -> None:
    found = [item for item, _, _ in _claims(_variable(description, default))]

    assert found == ([status] if status else [])


def test_a_table_of_inputs_is_only_told_where_it_differs() -> None:
    row = '| <a name="input_days"></a> [days](#input\\_days) | How long. | `number` | `{}` | no |\n'

    assert _claims(_variable("How long.", "30"), **{"README.md": row.format(30)}) == []
    found = _claims(_variable("How long.", "14"), **{"README.md": row.format(30)})
    assert found == [("contradicted", "days | `30`", "default = 14 (main.tf:3)")]
