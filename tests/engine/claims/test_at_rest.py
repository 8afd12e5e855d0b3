"""Encryption at rest, and whose key it is, on services of three clouds."""

from __future__ import annotations

import pytest

from bot.engine.model.snapshot import PullText
from tests.changes import review

KEYS = """\
resource "aws_kms_key" "own" {}
resource "google_kms_crypto_key" "own" {
  name     = "own"
  key_ring = "ring"
}
resource "azurerm_disk_encryption_set" "own" {}
"""
AWS, GOOGLE = "aws_kms_key.own.arn", "google_kms_crypto_key.own.id"


def _said(comment: str, kind: str, body: str) -> list[tuple[str, str]]:
    verdict = review({}, {"main.tf": f'# {comment}\nresource "{kind}" "orders" {{\n{body}\n}}\n{KEYS}'})
    return [(claim.status, (claim.by or "").partition(" (")[0]) for claim in verdict.claims]


@pytest.mark.parametrize(
    ("kind", "body", "shown"),
    [
        ("aws_efs_file_system", f"encrypted = true\nkms_key_id = {AWS}", f"kms_key_id = {AWS}"),
        ("aws_backup_vault", f'name = "orders"\nkms_key_arn = {AWS}', f"kms_key_arn = {AWS}"),
        ("aws_sqs_queue", f"kms_master_key_id = {AWS}", f"kms_master_key_id = {AWS}"),
        (
            "aws_msk_cluster",
            f"encryption_info {{\n encryption_at_rest_kms_key_arn = {AWS}\n}}",
            f"encryption_info.encryption_at_rest_kms_key_arn = {AWS}",
        ),
        ("aws_docdb_cluster", f"storage_encrypted = true\nkms_key_id = {AWS}", f"kms_key_id = {AWS}"),
        (
            "google_compute_disk",
            f'name = "orders"\ndisk_encryption_key {{\n kms_key_self_link = {GOOGLE}\n}}',
            f"disk_encryption_key.kms_key_self_link = {GOOGLE}",
        ),
        (
            "google_storage_bucket",
            f'name = "orders"\nlocation = "EU"\nencryption {{\n default_kms_key_name = {GOOGLE}\n}}',
            f"encryption.default_kms_key_name = {GOOGLE}",
        ),
        (
            "azurerm_managed_disk",
            "disk_encryption_set_id = azurerm_disk_encryption_set.own.id",
            "disk_encryption_set_id = azurerm_disk_encryption_set.own.id",
        ),
    ],
)
def test_a_key_of_ones_own(kind: str, body: str, shown: str) -> None:
    assert _said("Encrypted with a customer-managed key", kind, body) == [("supported", shown)]


@pytest.mark.parametrize(
    ("kind", "body", "shown"),
    [
        ("aws_efs_file_system", "encrypted = true", "kms_key_id = null"),
        ("aws_backup_vault", 'name = "orders"', "kms_key_arn = null"),
        ("aws_sns_topic", 'kms_master_key_id = "alias/aws/sns"', 'kms_master_key_id = "alias/aws/sns"'),
        ("aws_redshift_cluster", "encrypted = true", "kms_key_id = null"),
        ("google_pubsub_topic", 'name = "orders"', "kms_key_name = null"),
        ("azurerm_managed_disk", 'name = "orders"', "disk_encryption_set_id = null"),
    ],
)
def test_the_key_of_the_service_refutes_it(kind: str, body: str, shown: str) -> None:
    assert _said("Encrypted with a CMK", kind, body) == [("contradicted", shown)]


@pytest.mark.parametrize(
    ("kind", "body"),
    [
        ("aws_db_instance", 'snapshot_identifier = "orders"\nstorage_encrypted = true'),
        ("aws_ebs_volume", "encrypted = true"),
        ("azurerm_storage_account", 'name = "orders"'),
    ],
)
def test_a_key_that_may_come_from_elsewhere_is_not_missed(kind: str, body: str) -> None:
    assert _said("Encrypted with a customer-managed key", kind, body) == []


@pytest.mark.parametrize(
    ("comment", "kind", "body", "status", "shown"),
    [
        ("Encrypted at rest", "aws_efs_file_system", 'creation_token = "orders"', "contradicted", "encrypted = null"),
        ("The backup vault is encrypted", "aws_backup_vault", f"kms_key_arn = {AWS}", "supported", f"kms_key_arn = {AWS}"),
        (
            "Encrypted",
            "aws_dynamodb_table",
            "server_side_encryption {\n enabled = true\n}",
            "supported",
            "server_side_encryption.enabled = true",
        ),
        (
            "Encrypted",
            "azurerm_mssql_database",
            "transparent_data_encryption_enabled = false",
            "contradicted",
            "transparent_data_encryption_enabled = false",
        ),
    ],
)
def test_what_encrypts_by_a_switch_of_its_own(comment: str, kind: str, body: str, status: str, shown: str) -> None:
    assert _said(comment, kind, body) == [(status, shown)]


@pytest.mark.parametrize("kind", ["aws_dynamodb_table", "aws_msk_cluster", "google_storage_bucket"])
def test_what_its_service_always_encrypts_is_not_refuted(kind: str) -> None:
    assert _said("Encrypted at rest", kind, 'name = "orders"') == []


def test_a_message_that_switches_it_on_for_a_replication_group() -> None:
    before = 'resource "aws_elasticache_replication_group" "sessions" {\n  at_rest_encryption_enabled = false\n}\n'
    after = before.replace("false", "true")
    pull = PullText(title="Enable encryption for the ElastiCache replication group")
    verdict = review({"main.tf": before}, {"main.tf": after}, pull=pull)
    assert [(claim.status, claim.by) for claim in verdict.claims] == [("supported", "at_rest_encryption_enabled = true (main.tf:2)")]
