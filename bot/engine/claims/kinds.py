"""Words that name a kind of resource."""

from __future__ import annotations

from collections.abc import Mapping

from bot.engine.claims.words import Word

# A word that names a kind of resource → the types it may stand for, by prefix. A sentence about another thing is not about the resource.
KINDS: Mapping[str, tuple[str, ...]] = {
    "bucket": ("aws_s3_bucket", "google_storage_bucket"),
    "database|db|rds|postgres|postgresql|mysql|aurora|documentdb|neptune|redshift": (
        "aws_db_instance",
        "aws_rds_cluster",
        "aws_docdb_cluster",
        "aws_neptune_cluster",
        "aws_redshift_cluster",
        "azurerm_mssql_server",
        "azurerm_mysql",
        "azurerm_postgresql",
        "azurerm_mariadb_server",
        "google_sql_database_instance",
        "google_alloydb_cluster",
    ),
    "volume|ebs": ("aws_ebs_volume", "aws_instance", "aws_launch_template"),
    "disk": ("aws_ebs_volume", "azurerm_managed_disk", "google_compute_disk", "google_compute_region_disk"),
    "filesystem|efs|file_system": ("aws_efs_file_system",),
    "queue|sqs|dlq": ("aws_sqs_queue",),
    "topic|sns|pubsub": ("aws_sns_topic", "google_pubsub_topic"),
    "stream|kinesis": ("aws_kinesis_stream", "aws_kinesis_firehose_delivery_stream"),
    "cache|redis|elasticache|valkey": (
        "aws_elasticache_replication_group",
        "aws_elasticache_cluster",
        "azurerm_redis_cache",
        "google_redis_instance",
    ),
    "replication_group": ("aws_elasticache_replication_group",),
    "opensearch|elasticsearch": ("aws_elasticsearch_domain", "aws_opensearch_domain"),
    "table|dynamodb": ("aws_dynamodb_table",),
    "cloudtrail|trail": ("aws_cloudtrail",),
    "cluster": (
        "aws_eks_cluster",
        "aws_rds_cluster",
        "aws_docdb_cluster",
        "aws_neptune_cluster",
        "aws_redshift_cluster",
        "aws_msk_cluster",
        "aws_elasticache_replication_group",
        "google_container_cluster",
        "azurerm_kubernetes_cluster",
        "aws_dax_cluster",
    ),
    "eks_cluster": ("aws_eks_cluster",),
    "rds_cluster|aurora_cluster": ("aws_rds_cluster",),
    "rds_instance|db_instance": ("aws_db_instance", "aws_rds_cluster_instance"),
    "ec2_instance": ("aws_instance",),
    "instance|server|vm|machine|host": (
        "aws_instance",
        "aws_db_instance",
        "aws_rds_cluster_instance",
        "google_compute_instance",
        "google_sql_database_instance",
        "azurerm_mssql_server",
        "azurerm_mysql",
        "azurerm_postgresql",
    ),
    "load_balancer|alb|nlb|elb|lb": ("aws_lb", "aws_alb", "aws_elb"),
    "listener": ("aws_lb_listener", "aws_alb_listener"),
    "distribution|cloudfront|cdn": ("aws_cloudfront_distribution",),
    "security_group|sg": ("aws_security_group",),
    "role|policy|permission|iam": (
        "aws_iam_role",
        "aws_iam_policy",
        "aws_iam_role_policy",
        "aws_iam_user_policy",
        "aws_iam_group_policy",
        "aws_s3_bucket_policy",
        "aws_sqs_queue_policy",
        "aws_sns_topic_policy",
        "aws_kms_key_policy",
        "aws_ssoadmin_permission_set",
        "azurerm_role_assignment",
    ),
    "permission_set": ("aws_ssoadmin_permission_set",),
    "service_account": ("google_service_account",),
    "identity": ("azurerm_user_assigned_identity", "google_service_account", "aws_iam_role", "azuread_service_principal"),
    "secret": ("aws_secretsmanager_secret",),
    "registry|ecr|ecr_repository": ("aws_ecr_repository",),
    "storage_account": ("azurerm_storage_account",),
    "log_group": ("aws_cloudwatch_log_group",),
    "route_table": ("aws_route_table",),
    "function|lambda": ("aws_lambda_function",),
    "repository|repo": ("github_repository",),
    "kafka|msk": ("aws_msk_cluster",),
    "firewall_rule": ("google_compute_firewall",),
    "user_pool": ("aws_cognito_user_pool",),
    "hosted_zone": ("aws_route53_zone",),
    "kms_key": ("aws_kms_key",),
    "route53_record|dns_record": ("aws_route53_record", "google_dns_record_set", "azurerm_dns_a_record"),
    "backup_vault": ("aws_backup_vault",),
    "parameter_group": ("aws_db_parameter_group", "aws_rds_cluster_parameter_group"),
    "cloud_sql": ("google_sql_database_instance",),
    "dataset|bigquery": ("google_bigquery_dataset",),
    "cosmos|cosmosdb": ("azurerm_cosmosdb_account",),
    "web_app|function_app|app_service": (
        "azurerm_linux_web_app",
        "azurerm_windows_web_app",
        "azurerm_linux_function_app",
        "azurerm_windows_function_app",
        "azurerm_app_service",
        "azurerm_function_app",
    ),
}
JOINED = frozenset(
    (
        ("eks", "cluster"),
        ("rds", "cluster"),
        ("aurora", "cluster"),
        ("rds", "instance"),
        ("db", "instance"),
        ("ec2", "instance"),
        ("load", "balancer"),
        ("security", "group"),
        ("storage", "account"),
        ("log", "group"),
        ("file", "system"),
        ("firewall", "rule"),
        ("user", "pool"),
        ("permission", "set"),
        ("ecr", "repository"),
        ("ecr", "public"),
        ("service", "account"),
        ("hosted", "zone"),
        ("kms", "key"),
        ("route", "table"),
        ("replication", "group"),
        ("backup", "vault"),
        ("route53", "record"),
        ("dns", "record"),
        ("parameter", "group"),
        ("cloud", "sql"),
        ("web", "app"),
        ("function", "app"),
        ("app", "service"),
    )
)
KIND_OF = {word: types for names, types in KINDS.items() for word in names.split("|")}


def singular(word: str) -> str:
    """A word that names a kind in its plural → in its singular."""
    if word in KIND_OF or not word.endswith("s"):
        return word
    return word[:-3] + "y" if word.endswith("ies") else word[:-1]


def joined(said: tuple[Word, ...]) -> tuple[Word, ...]:
    """The words, two of which name a kind of resource as one."""
    found: list[Word] = []
    for word in said:
        if found and (found[-1].said, singular(word.said)) in JOINED:
            found[-1] = Word(f"{found[-1].said}_{word.said}")
        else:
            found.append(word)
    return tuple(found)
