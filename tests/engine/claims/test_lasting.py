"""What is there already, what outlasts a replacement, what is there on a condition, and whose key it is."""

from __future__ import annotations

import pytest

from bot.engine.model.snapshot import PullText
from bot.engine.model.verdict import Verdict
from tests.changes import review

MACHINE = """\
resource "aws_instance" "web" {
  ami           = "ami-1"
  instance_type = "t3.small"

  root_block_device {
    delete_on_termination = true
  }

  ebs_block_device {
    device_name           = "/dev/sdf"
    delete_on_termination = false
  }

  lifecycle {
    ignore_changes = [ami, user_data]
  }
}
"""


def _told(verdict: Verdict) -> list[tuple[str, str | None]]:
    return [(claim.status, claim.by) for claim in verdict.claims]


@pytest.mark.parametrize(
    ("said", "status"),
    [
        ("Prevent instance replacement on AMI updates", ["supported"]),
        ("Ignore changes to ami", ["supported"]),
        ("Ignore changes to ami and instance_type", ["contradicted"]),
        ("EBS volume preserved on termination", ["supported"]),
        ("Root volume is kept after termination", ["contradicted"]),
        ("Should ignore changes to instance_type", []),
    ],
)
def test_what_outlasts(said: str, status: list[str]) -> None:
    assert [one for one, _ in _told(review({}, {"main.tf": f"# {said}\n{MACHINE}"}))] == status


NETWORK = 'resource "aws_vpc" "main" {\n  cidr_block = "10.0.0.0/16"\n}\n\n'
GROUP = 'resource "aws_security_group" "web" {\n  name   = "web"\n  vpc_id = VPC\n}\n'


@pytest.mark.parametrize(
    ("before", "after", "told"),
    [
        (NETWORK, NETWORK + GROUP.replace("VPC", "aws_vpc.main.id"), [("supported", "vpc_id = aws_vpc.main.id (main.tf:7)")]),
        (
            GROUP.replace("web", "api"),
            NETWORK + GROUP.replace("VPC", "aws_vpc.main.id"),
            [("contradicted", "vpc_id = aws_vpc.main.id (main.tf:7)")],
        ),
        ("", GROUP.replace("VPC", "var.vpc_id") + 'variable "vpc_id" {}\n', [("supported", "vpc_id = var.vpc_id (main.tf:3)")]),
        ("", NETWORK + GROUP.replace("VPC", "aws_vpc.main.id"), []),
    ],
)
def test_what_stood_before(before: str, after: str, told: list[tuple[str, str]]) -> None:
    base = {"main.tf": before} if before else {}

    assert _told(review(base, {"main.tf": after}, pull=PullText(title="Add a group in the existing VPC"))) == told


@pytest.mark.parametrize(
    ("said", "count", "status"),
    [
        ("Only created when logging is on", "  count = 1\n", ["supported"]),
        ("Only created when logging is on", "", ["contradicted"]),
        ("Queue for the logs (optional)", "  count = 1\n", ["supported"]),
        ("Queue for the logs (optional)", "", []),
    ],
)
def test_on_a_condition(said: str, count: str, status: list[str]) -> None:
    code = f'# {said}\nresource "aws_sqs_queue" "logs" {{\n{count}  name = "logs"\n}}\n'

    assert [one for one, _ in _told(review({}, {"main.tf": code}))] == status


def test_a_module_call_on_a_condition() -> None:
    files = {"main.tf": '# Logs (conditional)\nmodule "logs" {\n  count  = 1\n  source = "./logs"\n}\n', "logs/main.tf": ""}

    assert [(claim.status, claim.resource) for claim in review({}, files).claims] == [("supported", "module.logs[0]")]


@pytest.mark.parametrize(
    ("key", "told"),
    [
        ("", ("contradicted", "kms_key_id = null (main.tf:2)")),
        ('  kms_key_id = "alias/aws/secretsmanager"\n', ("contradicted", 'kms_key_id = "alias/aws/secretsmanager" (main.tf:4)')),
        ("  kms_key_id = aws_kms_key.own.arn\n", ("supported", "kms_key_id = aws_kms_key.own.arn (main.tf:4)")),
    ],
)
def test_whose_key_it_is(key: str, told: tuple[str, str]) -> None:
    code = f'# Encrypted with a customer-managed KMS key\nresource "aws_secretsmanager_secret" "token" {{\n  name = "token"\n{key}}}\n'

    assert _told(review({}, {"main.tf": f'{code}resource "aws_kms_key" "own" {{}}\n'})) == [told]
