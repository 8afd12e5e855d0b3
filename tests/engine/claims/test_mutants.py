"""True claims beside code that is changed: so that they no longer hold, and so that they still do. All of it is made up.

Each value is written in six ways. What is said to differ has to be a claim that was broken, and no broken one may be shown as so.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from typing import NamedTuple

import pytest

from bot.engine.model.snapshot import PullText
from tests.changes import review


class Case(NamedTuple):
    """`code`: with `$` for the value of one argument. `good`, `bad`: values with which the claim holds, and with which it does not.

    `absent`: what takes the place of the whole argument where leaving it out breaks the claim. `title`: said there, not in the code.
    `of_two`: it says another thing too, which goes on to hold.
    """

    said: str
    code: str
    good: tuple[str, ...]
    bad: tuple[str, ...]
    absent: str = ""
    title: bool = False
    of_two: bool = False


RDS = 'resource "aws_db_instance" "orders" {\n  engine = "postgres"\n  $\n}\n'
ZONES = RDS.replace("$", "multi_az = true\n  $")
ROLE = """\
resource "aws_iam_role" "auditor" {
  name               = "auditor"
  assume_role_policy = "{}"
}

resource "aws_iam_role_policy_attachment" "auditor" {
  role = aws_iam_role.auditor.name
  $
}
"""
POLICY = """\
resource "aws_iam_policy" "reader" {
  name = "reader"
  policy = jsonencode({
    Version   = "2012-10-17"
    Statement = [{ Effect = "Allow", Resource = ["arn:aws:s3:::orders/*"], Action = VALUE }]
  })
}
"""
RULE = """\
resource "aws_vpc_security_group_ingress_rule" "web" {
  security_group_id = "sg-1"
  ip_protocol       = "tcp"
  from_port         = 443
  to_port           = 443
  $
}
"""
TABLE = 'resource "aws_dynamodb_table" "orders" {\n  name     = "orders"\n  hash_key = "id"\n  $\n}\n'
VERSIONED = """\
resource "aws_s3_bucket" "orders" {
  bucket = "orders"
}

# Versioning is enabled
resource "aws_s3_bucket_versioning" "orders" {
  bucket = aws_s3_bucket.orders.id
  versioning_configuration {
    $
  }
}
"""
BALANCER = 'resource "aws_lb" "web" {\n  name = "web"\n  $\n}\n'
CACHE = 'resource "aws_elasticache_replication_group" "cache" {\n  replication_group_id = "cache"\n  description = "c"\n  $\n}\n'
LOGS = 'resource "aws_cloudwatch_log_group" "web" {\n  name = "web"\n  $\n}\n'
SERVICE = 'resource "aws_ecs_service" "web" {\n  name = "web"\n  # Three replicas\n  $\n}\n'
VOLUME = 'resource "aws_ebs_volume" "data" {\n  availability_zone = "eu-west-1a"\n  size = 8\n  $\n}\n'
WINDOW = 'resource "aws_kms_key" "data" {\n  # Deleted after 30 days\n  $\n}\n'
IMAGES = """\
# Keep the last 10 images
resource "aws_ecr_lifecycle_policy" "web" {
  repository = "web"
  policy = jsonencode({ rules = [{ rulePriority = 1, action = { type = "expire" }, selection = {
    tagStatus = "any", countType = "imageCountMoreThan"
    $
  } }] })
}
"""
READ, WRITE, ADMIN = (f'"arn:aws:iam::aws:policy/{name}"' for name in ("ReadOnlyAccess", "AmazonS3FullAccess", "AdministratorAccess"))
CASES = (
    Case("Encrypted at rest", RDS, ("storage_encrypted = true",), ("storage_encrypted = false",), "engine_version = 1"),
    Case("Not publicly accessible", RDS, ("publicly_accessible = false",), ("publicly_accessible = true",)),
    Case("Deletion protection is on", RDS, ("deletion_protection = true",), ("deletion_protection = false",), "engine_version = 1"),
    Case("Multi-AZ", RDS, ("multi_az = true",), ("multi_az = false",), "engine_version = 1"),
    Case("With automated backups", RDS, ("backup_retention_period = 7", "backup_retention_period = 30"), ("backup_retention_period = 0",)),
    Case(
        "With 7-day backups",
        RDS,
        ("backup_retention_period = 7",),
        ("backup_retention_period = 3", "backup_retention_period = 14"),
        title=True,
    ),
    Case("Add an encrypted database", RDS, ("storage_encrypted = true",), ("storage_encrypted = false",), title=True),
    Case("RDS: encrypted, multi-AZ", ZONES, ("storage_encrypted = true",), ("storage_encrypted = false",), title=True, of_two=True),
    Case("Scale to db.t3.large", RDS, ('instance_class = "db.t3.large"',), ('instance_class = "db.t3.small"',), title=True),
    Case("Upgrade PostgreSQL to 16", RDS, ('engine_version = "16.3"',), ('engine_version = "15.4"',), title=True),
    Case("Read-only role for auditors", ROLE, (f"policy_arn = {READ}",), (f"policy_arn = {WRITE}", f"policy_arn = {ADMIN}")),
    Case("Least-privilege role", ROLE, (f"policy_arn = {READ}",), (f"policy_arn = {WRITE}", f"policy_arn = {ADMIN}")),
    Case("HTTPS from the VPC", RULE, ('cidr_ipv4 = "10.0.0.0/16"', 'cidr_ipv4 = "172.16.4.0/24"'), ('cidr_ipv4 = "0.0.0.0/0"',)),
    Case("Only the load balancer: HTTPS from the ALB", RULE, ('cidr_ipv4 = "10.0.4.0/24"',), ('cidr_ipv4 = "0.0.0.0/0"',)),
    Case("HTTPS only from 10.0.0.0/8", RULE, ('cidr_ipv4 = "10.0.0.0/16"',), ('cidr_ipv4 = "0.0.0.0/0"', 'cidr_ipv4 = "8.8.8.0/24"')),
    Case(
        "Deletion protection enabled",
        TABLE,
        ("deletion_protection_enabled = true",),
        ("deletion_protection_enabled = false",),
        "read_capacity = 1",
    ),
    Case("", VERSIONED, ('status = "Enabled"',), ('status = "Suspended"', 'status = "Disabled"')),
    Case("Internal load balancer", BALANCER, ("internal = true",), ("internal = false",), "idle_timeout = 60"),
    Case(
        "Deletion protection is enabled",
        BALANCER,
        ("enable_deletion_protection = true",),
        ("enable_deletion_protection = false",),
        "idle_timeout = 60",
    ),
    Case("Encrypted in transit", CACHE, ("transit_encryption_enabled = true",), ("transit_encryption_enabled = false",)),
    Case("Multi-AZ", CACHE, ("multi_az_enabled = true",), ("multi_az_enabled = false",), "port = 6379"),
    Case("Retention: 30 days", LOGS, ("retention_in_days = 30",), ("retention_in_days = 7", "retention_in_days = 365")),
    Case("", SERVICE, ("desired_count = 3",), ("desired_count = 1", "desired_count = 4")),
    Case("", WINDOW, ("deletion_window_in_days = 30",), ("deletion_window_in_days = 7",)),
    Case("", IMAGES, ("countNumber = 10",), ("countNumber = 3", "countNumber = 100")),
    Case("Encrypted volume", VOLUME, ("encrypted = true",), ("encrypted = false",)),
    Case(
        "Scale web from 1 to 3 replicas",
        SERVICE.replace("# Three replicas", ""),
        ("desired_count = 3",),
        ("desired_count = 2",),
        title=True,
    ),
    Case("Raise the log retention from 7 to 30 days", LOGS, ("retention_in_days = 30",), ("retention_in_days = 7",), title=True),
)
NAMED = ("literal", "local", "variable", "condition", "index", "map")


def _written(argument: str, way: str) -> tuple[str, str]:
    """The argument with its value written in a way, and what else has to stand in the file."""
    name, _, value = argument.partition(" = ")
    said = {
        "literal": (value, ""),
        "local": ("local.kept", f"locals {{\n  kept = {value}\n}}\n"),
        "variable": ("var.kept", 'variable "kept" {}\n'),
        "condition": (f"1 == 1 ? {value} : null", ""),
        "index": (f"[{value}][0]", ""),
        "map": ("local.all.kept", f"locals {{\n  all = {{ kept = {value} }}\n}}\n"),
    }[way]
    return f"{name} = {said[0]}", said[1]


def _mutants(case: Case) -> Iterator[tuple[bool, str, dict[str, str]]]:
    comment = f"# {case.said}\n" if case.said and not case.title else ""
    for holds, values in ((True, case.good), (False, case.bad)):
        for argument in values:
            for way in NAMED:
                written, more = _written(argument, way)
                files = {"main.tf": comment + case.code.replace("$", written) + more}
                if way == "variable":
                    files["terraform.tfvars"] = f"kept = {argument.partition(' = ')[2]}\n"
                yield holds, f"{argument} as {way}", files
    if case.absent:
        yield False, "absent", {"main.tf": comment + case.code.replace("$", case.absent)}


def _told(case: Case, files: dict[str, str]) -> set[str]:
    pull = PullText(title=case.said) if case.title else None
    return {claim.status for claim in review({}, files, pull=pull).claims}


@pytest.mark.parametrize("case", CASES, ids=[case.said or case.bad[0] for case in CASES])
def test_what_differs_was_broken_and_what_is_so_was_not(case: Case) -> None:
    for holds, how, files in _mutants(case):
        told = _told(case, files)
        assert ("contradicted" in told) is not holds, how
        assert holds or case.of_two or "supported" not in told, how


@pytest.mark.parametrize(
    ("actions", "status"),
    [
        ('["s3:GetObject", "s3:ListBucket"]', {"supported"}),
        ('["s3:Get*", "s3:List*"]', {"supported"}),
        ('["s3:GetObject", "s3:PutObject"]', {"contradicted"}),
        ('["s3:*"]', {"contradicted"}),
        ('["*"]', {"contradicted"}),
        ('["s3:GetObject", "sqs:ReceiveMessage"]', set()),
        ('["s3:GetObject", "sqs:SendMessage"]', {"contradicted"}),
    ],
)
def test_what_a_policy_that_reads_may_do(actions: str, status: set[str]) -> None:
    for said in ("Read-only", "Read-only policy"):
        files = {"main.tf": f"# {said}\n{POLICY.replace('VALUE', actions)}"}
        assert {claim.status for claim in review({}, files).claims} == status


def test_there_are_enough_of_them() -> None:
    count = Counter(holds for case in CASES for holds, _, _ in _mutants(case))
    assert min(count.values()) >= 170
    assert count.total() >= 380
