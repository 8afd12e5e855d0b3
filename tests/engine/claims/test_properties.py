"""What is said of a resource, held against what the rules find there: as a reader of the check would see it."""

from __future__ import annotations

import pytest

from bot.engine.model.snapshot import CommitText, PullText
from bot.engine.model.verdict import Verdict
from tests.changes import review

DATABASE = """\
resource "aws_db_instance" "orders" {
  engine              = "postgres"
  storage_encrypted   = false
  publicly_accessible = true
  deletion_protection = true
  multi_az            = var.zones
}

variable "zones" {
  type = bool
}
"""


def _claims(verdict: Verdict) -> list[tuple[str, str | None]]:
    return [(claim.status, claim.by) for claim in verdict.claims]


def _above(comment: str, code: str = DATABASE) -> Verdict:
    return review({}, {"main.tf": f"# {comment}\n{code}"})


@pytest.mark.parametrize(
    ("comment", "status", "by"),
    [
        ("Encrypted at rest.", "contradicted", "encrypted = false (main.tf:4)"),
        ("The orders database is encrypted.", "contradicted", "encrypted = false (main.tf:4)"),
        ("PostgreSQL for orders, with encryption at rest enabled", "contradicted", "encrypted = false (main.tf:4)"),
        ("Not encrypted.", "supported", "encrypted = false (main.tf:4)"),
        ("Not publicly accessible", "contradicted", "public = true (main.tf:5)"),
        ("Private database", "contradicted", "public = true (main.tf:5)"),
        ("It isn't exposed to the internet", "contradicted", "public = true (main.tf:5)"),
        ("Deletion protection is on", "supported", "deletion_protection = true (main.tf:6)"),
        ("Deletion protection is disabled", "contradicted", "deletion_protection = true (main.tf:6)"),
        ("Multi-AZ", "unverifiable", "multi_az = var.zones (main.tf:7)"),
    ],
)
def test_a_comment_above_a_block(comment: str, status: str, by: str) -> None:
    assert _claims(_above(comment)) == [(status, by)]


@pytest.mark.parametrize(
    "comment",
    [
        "Should be encrypted at rest",
        "TODO: encrypted at rest",
        "Will be encrypted at rest",
        "Encrypted at rest once the key exists",
        "Encrypted at rest, except in development",
        "Encrypted at rest by default",
        "Was encrypted at rest",
        "Is it encrypted at rest?",
        '"Encrypted at rest"',
        "They call it 'private' and \"encrypted\"",
        "Encryption at rest",
        "Supports encryption at rest",
        "Enable encryption if the key exists",
        "Encrypted backups are kept elsewhere",
        "The traffic is encrypted",
        "The bucket is encrypted",
        "Keeps the encrypted card numbers",
        "Stores private keys",
        "Lives in the private subnets",
        "Private and public subnets",
        "Not only encrypted but private",
        "Never un-encrypted",
        "No longer encrypted",
        "checkov:skip=CKV_AWS_16: encrypted at rest",
        "storage_encrypted = true",
        "Encrypted: see the page",
        "Holds orders (encrypted at rest)",
    ],
)
def test_in_doubt_nothing_is_said(comment: str) -> None:
    assert _claims(_above(comment)) == []


def test_what_is_refuted_in_a_file_is_a_violation_on_its_line() -> None:
    verdict = review({"main.tf": DATABASE}, {"main.tf": f"# The database\n# is encrypted at rest.\n{DATABASE}"})

    (result,) = [item for item in verdict.results if item.rule == "claim-contradicted"]
    assert (result.kind, result.blocks, result.file, result.line, result.end_line) == ("fail", True, "main.tf", 1, 2)
    assert result.resource == "aws_db_instance.orders"
    assert (
        result.message == 'It says "The database is encrypted at rest.". Found at aws_db_instance.orders: `encrypted = false (main.tf:5)`.'
    )


@pytest.mark.parametrize(
    ("said", "rule"),
    [
        ({"pull": PullText(body="The database is encrypted at rest.")}, "claim-contradicted-in-message"),
        ({"pull": PullText(title="Add an encrypted database")}, "claim-contradicted-in-message"),
        ({"commits": (CommitText("3f2c9ab0", "Add the database\n\nIt is small. The database is encrypted at rest."),)}, None),
    ],
)
def test_beside_the_files_it_asks_at_most(said: dict[str, object], rule: str | None) -> None:
    verdict = review({}, {"main.tf": DATABASE}, **said)

    asked = [(item.rule, item.kind, item.file, item.line) for item in verdict.results if item.category == "claims"]
    assert asked == ([(rule, "review", "main.tf", 3)] if rule else [])
    assert _claims(verdict) == [("contradicted", "encrypted = false (main.tf:3)")]


def test_a_message_speaks_of_what_the_change_alters() -> None:
    other = DATABASE.replace('"orders"', '"audit"')
    said = PullText(body="The database is encrypted.\n\n- All databases are encrypted.\n- The audit database is private.")

    assert _claims(review({"main.tf": DATABASE}, {"main.tf": DATABASE, "b.tf": "locals {}\n"}, pull=said)) == []
    both = review({}, {"main.tf": DATABASE, "b.tf": other.partition("variable")[0]}, pull=said)
    assert [(claim.text, claim.resource) for claim in both.claims] == [
        ("All databases are encrypted.", "aws_db_instance.audit"),
        ("The audit database is private.", "aws_db_instance.audit"),
    ]


def test_a_document_speaks_of_its_directory() -> None:
    files = {"db/main.tf": DATABASE, "db/README.md": "# Orders\n\nThe database is private.\n", "README.md": "The database is private.\n"}

    verdict = review({}, files)

    assert [(claim.place, claim.status) for claim in verdict.claims] == [({"path": "db/README.md", "line": 3}, "contradicted")]


def test_a_default_that_a_caller_may_set_refutes_nothing() -> None:
    code = DATABASE.replace("= false", "= var.on") + 'variable "on" {\n  default = false\n}\n'

    assert _claims(_above("Encrypted at rest.", code)) == [("unverifiable", "encrypted = false (main.tf:4)")]


def test_a_companion_speaks_for_its_bucket() -> None:
    code = """\
resource "aws_s3_bucket" "logs" {
  bucket = "logs"
}

# Block all public access
resource "aws_s3_bucket_public_access_block" "logs" {
  bucket                  = aws_s3_bucket.logs.id
  block_public_acls       = true
  block_public_policy     = true
  ignore_public_acls      = true
  restrict_public_buckets = true
}
"""
    assert _claims(review({}, {"main.tf": code})) == [("supported", "acls_blocked = true (main.tf:8)")]


def test_open_to_every_address() -> None:
    code = """\
# Not reachable from the internet.
resource "aws_security_group" "web" {
  ingress {
    from_port   = 443
    to_port     = 443
    protocol    = "tcp"
    cidr_blocks = ["0.0.0.0/0"]
  }
}
"""
    assert _claims(review({}, {"main.tf": code})) == [("contradicted", 'prefixes = ["0.0.0.0/0"] (main.tf:7)')]


def test_the_same_words_elsewhere_change_nothing() -> None:
    before = {"main.tf": f"# Encrypted at rest.\n{DATABASE}"}

    assert review(before, {"main.tf": before["main.tf"].replace("postgres", "mysql")}).claims == ()
