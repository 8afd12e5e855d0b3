"""What is understood of lists, verbs and messages, and to what it is bound: as a reader of the check would see it."""

from __future__ import annotations

import pytest

from bot.confine.tables import facts
from bot.engine.claims.hearing import ASSERTS
from bot.engine.claims.vocabulary import PROPERTIES
from bot.engine.evaluation import evaluate
from bot.engine.model.snapshot import CommitText, PullText
from bot.engine.model.verdict import Verdict
from tests.changes import review, snapshot

BUCKET = """\
resource "aws_s3_bucket" "logs" {
  bucket = "logs"
}

# Configure S3 bucket versioning
resource "aws_s3_bucket_versioning" "logs" {
  bucket = aws_s3_bucket.logs.id
  versioning_configuration {
    status = "Suspended"
  }
}

# Deny non-TLS requests
resource "aws_s3_bucket_policy" "logs" {
  bucket = aws_s3_bucket.logs.id
  policy = data.aws_iam_policy_document.logs.json
}

# TLS only
data "aws_iam_policy_document" "logs" {
  statement {
    effect    = "Deny"
    actions   = ["s3:*"]
    resources = ["${aws_s3_bucket.logs.arn}/*"]
    principals {
      type        = "*"
      identifiers = ["*"]
    }
    condition {
      test     = "Bool"
      variable = "aws:SecureTransport"
      values   = ["false"]
    }
  }
}

resource "aws_iam_role_policy" "ci" {
  role = "ci"
  policy = jsonencode({
    Version = "2012-10-17"
    Statement = [
      # Read-only
      {
        Effect   = "Allow"
        Action   = ["s3:GetObject", "s3:ListBucket"]
        Resource = ["arn:aws:s3:::state/*"]
      },
      # Scoped to the logs
      {
        Effect   = "Allow"
        Action   = ["s3:PutObject"]
        Resource = ["*"]
      },
    ]
  })
}

# State (with prevent_destroy)
resource "aws_dynamodb_table" "locks" {
  name     = "locks"
  hash_key = "LockID"
}
"""


def _claims(verdict: Verdict) -> list[tuple[str, str, str | None]]:
    return [(claim.text, claim.status, claim.by) for claim in verdict.claims]


def test_comments_at_companions_documents_and_statements() -> None:
    assert _claims(review({}, {"main.tf": BUCKET})) == [
        ("Configure S3 bucket versioning", "contradicted", 'versioning = "Suspended" (main.tf:9)'),
        ("Scoped to the logs", "contradicted", 'resources = "*" (main.tf:52)'),
        ("State (with prevent_destroy)", "contradicted", "lifecycle.prevent_destroy = null (main.tf:59)"),
        ("Deny non-TLS requests", "supported", 'conditions.key = "aws:SecureTransport" (main.tf:31)'),
        ("TLS only", "supported", 'conditions.key = "aws:SecureTransport" (main.tf:31)'),
        ("Read-only", "supported", 'actions = "s3:GetObject" (main.tf:45)'),
    ]


DATABASE = """\
resource "aws_db_instance" "orders" {
  engine                  = "postgres"
  engine_version          = "15.4"
  instance_class          = "db.t3.small"
  storage_encrypted       = false
  multi_az                = true
  backup_retention_period = 7
  deletion_protection     = false
}
"""


@pytest.mark.parametrize(
    ("said", "found"),
    [
        ("Orders database (encrypted, multi-AZ)", {"contradicted": "encrypted = false", "supported": "multi_az = true"}),
        ("RDS: encrypted, no public access", {"contradicted": "encrypted = false"}),
        ("feat(rds): enable RDS deletion protection", {"contradicted": "deletion_protection = false"}),
        ("OPS-12: Add a database with deletion protection and encryption", {"contradicted": "encrypted = false"}),
        ("Disable deletion protection", {"supported": "deletion_protection = false"}),
        ("Upgrade PostgreSQL from 14.2 to 15", {"supported": 'engine_version = "15.4"'}),
        ("Upgrade PostgreSQL to 16", {"contradicted": 'engine_version = "15.4"'}),
        ("Scale db.t3.micro -> db.t3.medium", {"contradicted": 'instance_class = "db.t3.small"'}),
        ("Keep backups for 7 days", {"supported": "backup_retention_period = 7"}),
        ("Retention of at least 14 days", {"contradicted": "backup_retention_period = 7"}),
        ("Raise the backup retention from 3 to 14 days", {"contradicted": "backup_retention_period = 7"}),
        ("Set deletion_protection to true", {"contradicted": "deletion_protection = false"}),
        ("Set `multi_az` to true", {"supported": "multi_az = true"}),
    ],
)
def test_a_title_speaks_of_what_comes(said: str, found: dict[str, str]) -> None:
    verdict = review({}, {"main.tf": DATABASE}, pull=PullText(title=said))

    told = {claim.status: str(claim.by).partition(" (")[0] for claim in verdict.claims}
    assert told == found


@pytest.mark.parametrize(
    "said",
    [
        "Enable deletion protection in production",
        "Enable deletion protection once the data is moved",
        "Revert upgrade of PostgreSQL to 16",
        "Upgrade Redis to 7",
        "Do not set deletion_protection to true",
        "Bump node to 20",
        "Encrypt the audit database",
        "KMS-encrypted RDS, S3, EBS",
        "Modules (encrypted, private)",
        "Enable deletion protection for the ledger service",
        "Set deletion_protection to true on the load balancer",
        "Enable deletion protection on the database of the ledger",
        "Add encryption and deletion protection to the audit database",
    ],
)
def test_of_what_is_not_there_nothing_is_said(said: str) -> None:
    assert review({}, {"main.tf": DATABASE}, pull=PullText(title=said)).claims == ()


def test_a_value_that_the_change_leaves_alone_refutes_no_message() -> None:
    after = DATABASE.replace("multi_az                = true", "multi_az                = false")

    assert review({"main.tf": DATABASE}, {"main.tf": after}, pull=PullText(title="Upgrade PostgreSQL to 16")).claims == ()


def test_one_of_several_commits_is_not_held_against_the_whole() -> None:
    commits = (CommitText("3f2c9ab0", "Upgrade PostgreSQL to 16"), CommitText("4f2c9ab0", "Go back"))

    assert review({}, {"main.tf": DATABASE}, commits=commits).claims == ()


def test_a_document_names_things_by_its_headings_and_speaks_of_what_lies_below() -> None:
    files = {
        "README.md": "# Stack\n\n## RDS database\n\n- Deletion protection is enabled.\n- Multi-AZ enabled\n",
        "db/main.tf": DATABASE,
    }

    assert _claims(review({}, files)) == [("Multi-AZ enabled", "supported", "multi_az = true (db/main.tf:6)")]


OPENINGS = """\
resource "aws_security_group" "web" {
  name = "web"
  # HTTPS only from 10.0.0.0/8
  ingress {
    from_port   = 443
    to_port     = 443
    protocol    = "tcp"
    cidr_blocks = ["10.1.0.0/16"]
  }
  # Only port 443
  ingress {
    from_port   = 80
    to_port     = 80
    protocol    = "tcp"
    cidr_blocks = ["10.1.0.0/16"]
  }
}

# Only created when logging is on
resource "aws_sqs_queue" "logs" {
  name = "logs"
  # Tagged with `Owner` and `CostCenter`
  tags = { Owner = "web" }
}

provider "aws" {
  region = "eu-west-1"
}
"""


def test_only_on_a_condition_and_tagged() -> None:
    assert _claims(review({}, {"main.tf": OPENINGS})) == [
        ("Only port 443", "contradicted", "ports = 80 (main.tf:12)"),
        ("Only created when logging is on", "contradicted", None),
        ("Tagged with `Owner` and `CostCenter`", "contradicted", "tags = {Owner} (main.tf:23)"),
        ("HTTPS only from 10.0.0.0/8", "supported", 'prefixes = ["10.1.0.0/16"] (main.tf:8)'),
    ]
    counted = OPENINGS.replace('  name = "logs"\n', '  name  = "logs"\n  count = 1\n').replace('"web" }', '"web", CostCenter = "1" }')
    told = [claim.status for claim in review({}, {"main.tf": counted}).claims]
    assert told == ["contradicted", "supported", "supported", "supported"]


@pytest.mark.parametrize(
    ("said", "after", "status"),
    [
        ("Fully backward compatible.", 'variable "name" {}\nvariable "zone" {}\n', ["contradicted"]),
        ("Maintains backward compatibility while adding a zone", 'variable "zone" {\n  default = ""\n}\n', ["contradicted"]),
        ("Fully backward compatible.", 'variable "name" {}\nvariable "zone" {\n  default = ""\n}\n', []),
        ("Not backward compatible.", 'variable "zone" {}\n', []),
    ],
)
def test_compatible_with_its_callers(said: str, after: str, status: list[str]) -> None:
    verdict = review({"main.tf": 'variable "name" {}\n'}, {"main.tf": after}, pull=PullText(title="Zones", body=said))

    assert [claim.status for claim in verdict.claims] == status


def test_every_phrase_of_the_vocabulary_is_heard() -> None:
    spoken = [text for item in PROPERTIES.values() for text in (*item.holds, *item.fails, *item.acts, *item.state, *item.reversed)]
    shortest = [" ".join(slot.partition("|")[0] for slot in text.split() if not slot.endswith("?")) for text in spoken]

    assert [text for text in shortest if not any(word in text for word in ASSERTS)] == []


MACHINE = """\
provider "aws" {
  region = "us-east-1"
}

# ~$60/month
resource "aws_instance" "web" {
  ami           = "ami-1"
  instance_type = "m5.large"
  root_block_device {
    volume_size = 8
    volume_type = "gp3"
  }
}
"""


@pytest.mark.parametrize(
    ("said", "status"),
    [
        ("Saves ~$60/month", []),
        ("~$71/month", ["supported"]),
        ("$7 per month", ["unverifiable"]),
        ("~$50-80/month", ["supported"]),
        ("$60 to $75 per month", ["supported"]),
        ("~$5-8/month", ["unverifiable"]),
        ("Saves $50-80/month", []),
    ],
)
def test_a_sum_is_shown_beside_the_prices_of_the_table(said: str, status: list[str]) -> None:
    taken = snapshot({}, {"main.tf": MACHINE.replace("~$60/month", said)})
    assert [(claim.status) for claim in evaluate(taken, facts()).claims] == status
