"""Which argument names the key by which a service encrypts, and whether a resource that names none has the service's own key."""

from __future__ import annotations

from collections.abc import Mapping

from bot.engine.claims.vocabulary.property import Check

# A path → the types whose key it names. One that is left out means the provider's own key, unless what it is made from brings one.
# https://docs.aws.amazon.com/kms/latest/developerguide/service-integration.html, https://cloud.google.com/kms/docs/cmek,
# https://learn.microsoft.com/azure/security/fundamentals/encryption-models; paths: the providers' schemas.
OWN_KEY: Mapping[str, tuple[str, ...]] = {
    "kms_key_id": (
        "aws_db_instance",
        "aws_docdb_cluster",
        "aws_efs_file_system",
        "aws_elasticache_replication_group",
        "aws_elasticache_serverless_cache",
        "aws_fsx_lustre_file_system",
        "aws_fsx_ontap_file_system",
        "aws_fsx_openzfs_file_system",
        "aws_fsx_windows_file_system",
        "aws_rds_cluster",
        "aws_redshift_cluster",
        "aws_redshiftserverless_namespace",
    ),
    "kms_key_arn": ("aws_backup_vault", "aws_dms_replication_instance", "aws_neptune_cluster"),
    "kms_master_key_id": ("aws_sns_topic", "aws_sqs_queue"),
    "encryption_info.encryption_at_rest_kms_key_arn": ("aws_msk_cluster",),
    "encrypt_at_rest.kms_key_id": ("aws_elasticsearch_domain", "aws_opensearch_domain"),
    "encryption_options.kms_key_id": ("aws_mq_broker",),
    "server_side_encryption.key_arn": ("aws_kinesis_firehose_delivery_stream",),
    "customer_managed_key": ("google_redis_instance",),
    "kms_key": ("google_redis_cluster",),
    "kms_key_name": ("google_artifact_registry_repository", "google_filestore_instance", "google_pubsub_topic"),
    "encryption_key_name": ("google_sql_database_instance",),
    "encryption.default_kms_key_name": ("google_storage_bucket",),
    "default_encryption_configuration.kms_key_name": ("google_bigquery_dataset",),
    "encryption_config.kms_key_name": ("google_alloydb_cluster", "google_spanner_database"),
    "disk_encryption_set_id": ("azurerm_managed_disk",),
    "customer_managed_key.key_vault_key_id": (
        "azurerm_mysql_flexible_server",
        "azurerm_postgresql_flexible_server",
        "azurerm_servicebus_namespace",
    ),
    "encryption.key_vault_key_id": ("azurerm_container_registry",),
    "key_vault_key_id": ("azurerm_cosmosdb_account",),
}
# The same where another resource, or the account, may bring the key: one that is left out refutes nothing.
KEY_ELSEWHERE: Mapping[str, tuple[str, ...]] = {
    "kms_key_id": ("aws_ebs_volume", "aws_kinesis_stream"),
    "kms_key_arn": ("aws_lambda_function",),
    "root_block_device.kms_key_id": ("aws_instance",),
    "customer_managed_key.key_vault_key_id": ("azurerm_storage_account", "azurerm_cognitive_account"),
    "disk_encryption_set_id": ("azurerm_kubernetes_cluster",),
    "database_encryption.key_name": ("google_container_cluster",),
    "transparent_data_encryption_key_vault_key_id": ("azurerm_mssql_server",),
}
# What these name brings its own encryption along.
INHERITED = (
    "snapshot_identifier",
    "snapshot_arn",
    "replicate_source_db",
    "replication_source_identifier",
    "restore_to_point_in_time",
    "global_cluster_identifier",
    "global_replication_group_id",
    "backup_id",
)
# https://docs.aws.amazon.com/kms/latest/developerguide/concepts.html#aws-managed-cmk
SERVICE_KEYS = tuple(
    f"alias/aws/{name}"
    for name in ("backup", "dms", "elasticache", "elasticfilesystem", "es", "fsx", "kafka", "rds", "redshift", "sns", "sqs")
)
# Encrypted by the service whatever is written, so that a key that is named shows it and one that is not refutes nothing.
_ALWAYS = (
    "kms_key_arn",
    "encryption_info.encryption_at_rest_kms_key_arn",
    "kms_key_name",
    "encryption_key_name",
    "encryption.default_kms_key_name",
    "default_encryption_configuration.kms_key_name",
    "encryption_config.kms_key_name",
    "disk_encryption_set_id",
    "customer_managed_key",
    "customer_managed_key.key_vault_key_id",
    "encryption.key_vault_key_id",
    "key_vault_key_id",
)


def without_own_key(path: str) -> str:
    """The name of the condition that no key is named."""
    return f"claim-without-key-{path}"


def with_key_elsewhere(path: str) -> str:
    """The name of the condition that no key is named where another may bring it."""
    return f"claim-key-elsewhere-{path}"


KEYED = (
    *(Check(without_own_key(path), absent=True, shows=(path,)) for path in OWN_KEY),
    *(Check(with_key_elsewhere(path), refutes=False, shows=(path,)) for path in KEY_ELSEWHERE),
)
SHOWN_BY_KEY = tuple([Check(without_own_key(path), refutes=False, shows=(path,)) for path in _ALWAYS])
