"""Buckets, databases, volumes, endpoints, bindings, secrets: what is joined, and what is a default."""

from __future__ import annotations

import pytest

from bot.engine.model.value import Unknown
from bot.engine.views.provider_version import below_major
from tests.engine.views.facts import facts, read

BLOCK = """
resource "aws_s3_bucket_public_access_block" "a" {{
  bucket             = {reference}
  block_public_acls  = true
  ignore_public_acls = true
}}
"""


@pytest.mark.parametrize(
    ("bucket", "reference"),
    [
        ('bucket = "logs"', "aws_s3_bucket.a.id"),
        ('bucket = "logs"', "aws_s3_bucket.a.bucket"),
        ('bucket = "logs"', '"logs"'),
        ("bucket = var.name", "var.name"),
        ('bucket_prefix = "logs"', "aws_s3_bucket.a.id"),
    ],
)
def test_a_bucket_and_its_companion_are_one_fact(bucket: str, reference: str) -> None:
    text = f'variable "name" {{}}\nresource "aws_s3_bucket" "a" {{\n  {bucket}\n}}\n' + BLOCK.format(reference=reference)
    (found,) = facts("bucket", text)
    assert found.resource.address == "aws_s3_bucket.a"
    assert (read(found, "acls_ignored"), read(found, "policy_blocked")) == (True, False)


def test_companions_follow_the_instance_of_their_bucket() -> None:
    found = facts(
        "bucket",
        """
        resource "aws_s3_bucket" "a" {
          for_each = toset(["one", "two"])
          bucket   = each.key
        }
        resource "aws_s3_bucket_acl" "a" {
          for_each = toset(["one", "two"])
          bucket   = aws_s3_bucket.a[each.key].id
          acl      = each.key == "one" ? "public-read" : "private"
        }
        """,
    )
    assert {subject.resource.address: read(subject, "acl") for subject in found} == {
        'aws_s3_bucket.a["one"]': "public-read",
        'aws_s3_bucket.a["two"]': "private",
    }


def test_a_companion_of_a_bucket_elsewhere_is_a_fact_of_its_own() -> None:
    (found,) = facts("bucket", BLOCK.format(reference='"elsewhere"'))
    assert found.resource.type == "aws_s3_bucket_public_access_block"
    assert read(found, "restricted") is False


def test_a_bucket_without_a_block_has_the_service_default() -> None:
    (found,) = facts("bucket", 'resource "aws_s3_bucket" "a" {}')
    assert [read(found, name) for name in ("acls_ignored", "acls_blocked", "policy_blocked", "restricted")] == [None] * 4


@pytest.mark.parametrize(
    ("constraint", "below"),
    [
        ("~> 5.0", True),
        ("~> 5", True),
        ("5.1.0", True),
        ("= 5.0", True),
        (">= 4.0, < 6.0", True),
        ("< 6", True),
        ("<= 5.99", True),
        ("~> 6.0", False),
        (">= 5.0", False),
        ("", False),
        ("< 6.1", False),
        ("< 7", False),
        (">= 4, != 5.3", False),
    ],
)
def test_below_a_major_version(constraint: str, below: bool) -> None:  # noqa: FBT001
    assert below_major({"aws": constraint} if constraint else {}, "aws", 6) is below


def test_a_replica_is_encrypted_as_its_source() -> None:
    found = facts(
        "database",
        """
        resource "aws_db_instance" "source" {
          storage_encrypted = true
        }
        resource "aws_db_instance" "replica" {
          replicate_source_db = aws_db_instance.source.identifier
        }
        resource "aws_db_instance" "restored" {
          snapshot_identifier = "snap-1"
        }
        """,
    )
    by_name = {subject.resource.name: subject.attributes["encrypted"] for subject in found}
    assert read(found[1], "encrypted") is True
    assert isinstance(by_name["restored"], Unknown)


def test_not_set_and_on_by_default_are_told_apart() -> None:
    found = facts("database", 'resource "aws_db_instance" "a" {}\nresource "azurerm_mssql_server" "a" {}')
    assert [(read(subject, "encrypted"), read(subject, "public")) for subject in found] == [(None, None), (True, True)]


def test_a_volume_made_from_a_snapshot_is_as_the_snapshot() -> None:
    found = facts(
        "volume",
        """
        resource "aws_ebs_volume" "a" {
          snapshot_id = "snap-1"
        }
        resource "aws_ebs_volume" "b" {
          snapshot_id = "snap-1"
          encrypted   = true
        }
        """,
    )
    assert [str(read(subject, "encrypted")) for subject in found] == ["<unknown: snap-1>", "True"]


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        ("public_access_cidrs = []", ["0.0.0.0/0"]),
        ('public_access_cidrs = ["10.0.0.0/8"]', ["10.0.0.0/8"]),
        ("", ["0.0.0.0/0"]),
    ],
)
def test_who_reaches_a_cluster(body: str, expected: list[str]) -> None:
    (found,) = facts("cluster-endpoint", f'resource "aws_eks_cluster" "a" {{\n  vpc_config {{\n    {body}\n  }}\n}}')
    assert read(found, "prefixes") == expected


def test_a_policy_of_bindings_in_text_is_read() -> None:
    found = facts(
        "binding",
        """
        resource "google_project_iam_policy" "a" {
          policy_data = jsonencode({ bindings = [
            { role = "roles/viewer", members = ["user:a@example.com"] },
            { role = "roles/owner", members = ["allUsers"] },
          ] })
        }
        """,
    )
    assert [(read(subject, "role"), read(subject, "members"), read(subject, "scope")) for subject in found] == [
        ("roles/viewer", ["user:a@example.com"], "project"),
        ("roles/owner", ["allUsers"], "project"),
    ]


def test_a_policy_read_from_data_is_judged_once() -> None:
    found = facts(
        "binding",
        """
        data "google_iam_policy" "a" {
          binding {
            role    = "roles/owner"
            members = ["allUsers"]
          }
        }
        resource "google_project_iam_policy" "a" {
          policy_data = data.google_iam_policy.a.policy_data
        }
        """,
    )
    assert [subject.resource.mode for subject in found] == ["data"]


@pytest.mark.parametrize(
    "name", ["password", "db_password", "MASTER_PASSWORD", "client_secret", "api-key", "apiKey", "connection_string", "secret_access_key"]
)
def test_names_that_say_secret(name: str) -> None:
    (found,) = facts("secret", f'variable "{name}" {{\n  default = "any7thing"\n}}')
    assert (read(found, "name"), read(found, "kind"), read(found, "value")) == (name, "name", "<hidden>")


@pytest.mark.parametrize(
    "name", ["password_length", "secret_name", "token_ttl", "creation_token", "public_key", "http_token", "hash_key", "kms_key_id"]
)
def test_names_that_only_sound_like_it(name: str) -> None:
    assert facts("secret", f'variable "{name}" {{\n  default = "any7thing"\n}}') == []


@pytest.mark.parametrize(
    ("name", "value"), [("api_token", "minutes"), ("ssm_key_password", "k3y"), ("db_password", "db_password"), ("secret_key", "test")]
)
def test_values_and_names_that_are_no_secret(name: str, value: str) -> None:
    assert facts("secret", f'variable "{name}" {{\n  default = "{value}"\n}}') == []


def test_a_policy_that_the_tree_makes_is_no_attachment_to_judge() -> None:
    found = facts(
        "attachment",
        """
        resource "aws_iam_policy" "own" {
          count = 2
        }
        data "aws_iam_policy" "read" {
          name = "ReadOnlyAccess"
        }
        variable "policy" {}
        resource "aws_iam_role_policy_attachment" "own" {
          policy_arn = join("", aws_iam_policy.own[*].arn)
        }
        resource "aws_iam_role_policy_attachment" "read" {
          policy_arn = data.aws_iam_policy.read.arn
        }
        resource "aws_iam_role" "given" {
          managed_policy_arns = [var.policy]
        }
        """,
    )
    assert [read(subject, "policy") for subject in found] == ["arn:aws:iam::aws:policy/ReadOnlyAccess", "<unknown: var.policy>"]


def test_databases_that_are_made_from_each_other_in_a_circle_are_not_known() -> None:
    text = """
        resource "aws_db_instance" "a" {
          replicate_source_db = aws_db_instance.b.identifier
        }
        resource "aws_db_instance" "b" {
          replicate_source_db = aws_db_instance.a.identifier
        }
    """
    assert all(isinstance(found.attributes["encrypted"], Unknown) for found in facts("database", text))


def test_a_binding_without_members_is_no_fact_and_one_with_unknown_members_is() -> None:
    text = """
        variable "members" {}
        resource "google_project_iam_binding" "none" {
          role    = "roles/editor"
          members = []
        }
        resource "google_project_iam_binding" "some" {
          role    = "roles/editor"
          members = var.members
        }
    """
    assert [found.resource.name for found in facts("binding", text)] == ["some"]


@pytest.mark.parametrize(
    ("text", "left_to"),
    [
        ('resource "aws_ebs_volume" "a" {\n  encrypted = false\n}', "nobody"),
        ('resource "aws_ebs_volume" "a" {}', "account"),
        ('resource "aws_instance" "a" {\n  root_block_device {}\n}', "account"),
        ('resource "aws_efs_file_system" "a" {}', "service"),
    ],
)
def test_who_decides_on_the_encryption_of_a_volume(text: str, left_to: str) -> None:
    (found,) = facts("volume", text)
    assert read(found, "left_to") == left_to


@pytest.mark.parametrize(
    ("policy", "ended"),
    [
        ("", False),
        ('resource "aws_ecr_lifecycle_policy" "a" {\n  repository = aws_ecr_repository.a.name\n}', True),
        ('resource "aws_ecr_lifecycle_policy" "a" {\n  repository = "other"\n}', False),
        ('resource "aws_ecr_lifecycle_policy" "a" {\n  count = var.n\n  repository = aws_ecr_repository.a.name\n}', "<unknown: var.n>"),
        ('resource "aws_ecr_lifecycle_policy" "a" {\n  repository = var.n\n}', "<unknown: var.n>"),
    ],
)
def test_a_policy_of_its_own_ends_the_images_of_a_repository(policy: str, ended: object) -> None:
    (fact,) = facts("image-registry", f'variable "n" {{}}\nresource "aws_ecr_repository" "a" {{\n  name = "a"\n}}\n{policy}')
    assert read(fact, "lifecycle") == ended
