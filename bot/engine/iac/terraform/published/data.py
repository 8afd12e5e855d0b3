"""Modules that keep data: buckets, databases, tables, queues, keys, registries."""

from __future__ import annotations

from bot.engine.iac.terraform.published.inputs import inputs, passed, same, statements

_BUCKET = (
    inputs(
        "bucket bucket_prefix acl grant=[] versioning={} logging={} server_side_encryption_configuration={} lifecycle_rule=[] policy tags={} "
        "attach_policy=false attach_public_policy=true create_bucket=true force_destroy=false object_lock_enabled=false "
        "attach_deny_insecure_transport_policy=false block_public_acls block_public_policy ignore_public_acls restrict_public_buckets"
    )
    + """
locals {
  made    = var.create_bucket ? 1 : 0
  blocked = var.major > 3 || (var.major == 3 && var.minor >= 9)
}
resource "aws_s3_bucket" "this" {
  count               = local.made
  bucket              = var.bucket
  bucket_prefix       = var.bucket_prefix
  force_destroy       = var.force_destroy
  object_lock_enabled = var.object_lock_enabled
  acl                 = var.acl
  grant               = var.grant
  versioning          = []
  logging             = []
  policy              = null

  server_side_encryption_configuration = []
  tags                = var.tags
  dynamic "lifecycle_rule" {
    for_each = var.lifecycle_rule
    content {
      enabled = try(lifecycle_rule.value.enabled, lifecycle_rule.value.status == "Enabled")
    }
  }
}
resource "aws_s3_bucket_versioning" "this" {
  count  = local.made * (length(keys(var.versioning)) > 0 ? 1 : 0)
  bucket = aws_s3_bucket.this[0].id
  versioning_configuration {
    status     = try(tobool(var.versioning["enabled"]) ? "Enabled" : "Suspended", tobool(var.versioning["status"]) ? "Enabled" : "Suspended", var.versioning["status"])
    mfa_delete = try(tobool(var.versioning["mfa_delete"]) ? "Enabled" : "Disabled", var.versioning["mfa_delete"], null)
  }
}
resource "aws_s3_bucket_logging" "this" {
  count         = local.made * (length(keys(var.logging)) > 0 ? 1 : 0)
  bucket        = aws_s3_bucket.this[0].id
  target_bucket = try(var.logging["target_bucket"], null)
}
resource "aws_s3_bucket_server_side_encryption_configuration" "this" {
  count  = local.made * (length(keys(var.server_side_encryption_configuration)) > 0 ? 1 : 0)
  bucket = aws_s3_bucket.this[0].id
  rule   = var.server_side_encryption_configuration["rule"]
}
resource "aws_s3_bucket_public_access_block" "this" {
  count                   = local.made * (var.attach_public_policy ? 1 : 0)
  bucket                  = aws_s3_bucket.this[0].id
  block_public_acls       = var.block_public_acls == null ? local.blocked : var.block_public_acls
  block_public_policy     = var.block_public_policy == null ? local.blocked : var.block_public_policy
  ignore_public_acls      = var.ignore_public_acls == null ? local.blocked : var.ignore_public_acls
  restrict_public_buckets = var.restrict_public_buckets == null ? local.blocked : var.restrict_public_buckets
}
resource "aws_s3_bucket_policy" "this" {
  count  = local.made * (var.attach_policy && var.policy != null ? 1 : 0)
  bucket = aws_s3_bucket.this[0].id
  policy = var.policy
}
output "s3_bucket_id" {
  value = one(aws_s3_bucket.this[*].id)
}
"""
)

_COMMON = (
    "deletion_protection=false iam_database_authentication_enabled=false enabled_cloudwatch_logs_exports=[] kms_key_id snapshot_identifier "
    "engine engine_version skip_final_snapshot=false performance_insights_enabled=false apply_immediately copy_tags_to_snapshot tags={}"
)
_INSTANCE = (
    f"identifier instance_class multi_az=false publicly_accessible=false backup_retention_period auto_minor_version_upgrade=true password "
    f"ca_cert_identifier storage_type allocated_storage iops storage_throughput replicate_source_db username monitoring_interval=0 {_COMMON}"
)
_RDS = (
    inputs(f"{_INSTANCE} storage_encrypted create_db_instance=true")
    + f"""
resource "aws_db_instance" "this" {{
  count             = var.create_db_instance ? 1 : 0
  storage_encrypted = var.storage_encrypted == null ? var.major >= 4 : var.storage_encrypted
{passed(same(_INSTANCE))}
}}
output "db_instance_arn" {{
  value = one(aws_db_instance.this[*].arn)
}}
"""
)
_CLUSTER = f"storage_encrypted=true global_cluster_identifier replication_source_identifier master_password engine_mode {_COMMON}"
_AURORA = (
    inputs(f"{_CLUSTER} backup_retention_period publicly_accessible instances={{}} auto_minor_version_upgrade create_cluster=true")
    + f"""
resource "aws_rds_cluster" "this" {{
  count                   = var.create_cluster ? 1 : 0
  backup_retention_period = var.backup_retention_period == null ? (var.major < 9 ? 7 : null) : var.backup_retention_period
  replicate_source_db     = null
{passed(same(_CLUSTER))}
}}
resource "aws_rds_cluster_instance" "this" {{
  for_each            = var.instances
  publicly_accessible = try(each.value.publicly_accessible, var.publicly_accessible)

  auto_minor_version_upgrade = try(each.value.auto_minor_version_upgrade, var.auto_minor_version_upgrade)
}}
"""
)
_TABLE_INPUTS = 'name hash_key range_key billing_mode="PAY_PER_REQUEST" deletion_protection_enabled tags={}'
_TABLE = (
    inputs(f"{_TABLE_INPUTS} server_side_encryption_enabled=false server_side_encryption_kms_key_arn point_in_time_recovery_enabled=false")
    + f"""
resource "aws_dynamodb_table" "this" {{
{passed(same(_TABLE_INPUTS))}
  point_in_time_recovery {{
    enabled = var.point_in_time_recovery_enabled
  }}
  server_side_encryption {{
    enabled     = var.server_side_encryption_enabled
    kms_key_arn = var.server_side_encryption_kms_key_arn
  }}
}}
"""
)
_QUEUE = (
    inputs(
        "name kms_master_key_id sqs_managed_sse_enabled policy create_queue_policy=false source_queue_policy_documents=[] "
        "override_queue_policy_documents=[] queue_policy_statements={} tags={}"
    )
    + """
resource "aws_sqs_queue" "this" {
  name                    = var.name
  kms_master_key_id       = var.kms_master_key_id
  sqs_managed_sse_enabled = var.kms_master_key_id != null ? null : var.sqs_managed_sse_enabled == null ? var.major >= 4 : var.sqs_managed_sse_enabled
  policy                  = var.policy == "" ? null : var.policy
  tags                    = var.tags
}
data "aws_iam_policy_document" "this" {
  count = var.create_queue_policy ? 1 : 0

  source_policy_documents   = var.source_queue_policy_documents
  override_policy_documents = var.override_queue_policy_documents
"""
    + statements("queue_policy_statements")
    + """
}
resource "aws_sqs_queue_policy" "this" {
  count     = var.create_queue_policy ? 1 : 0
  queue_url = aws_sqs_queue.this.id
  policy    = data.aws_iam_policy_document.this[0].json
}
"""
)
_TOPIC = (
    inputs(
        "name kms_master_key_id policy topic_policy create_topic_policy=true source_topic_policy_documents=[] override_topic_policy_documents=[] "
        "topic_policy_statements={} tags={}"
    )
    + f"""
resource "aws_sns_topic" "this" {{
{passed("name kms_master_key_id tags")}
  policy = var.major < 5 ? var.policy : var.create_topic_policy ? null : var.topic_policy
}}
locals {{
  given = length(concat(keys(var.topic_policy_statements), var.source_topic_policy_documents, var.override_topic_policy_documents)) > 0
}}
data "aws_iam_policy_document" "this" {{
  count = var.major >= 5 && var.create_topic_policy && local.given ? 1 : 0

  source_policy_documents   = var.source_topic_policy_documents
  override_policy_documents = var.override_topic_policy_documents
{statements("topic_policy_statements")}
}}
resource "aws_sns_topic_policy" "this" {{
  count  = length(data.aws_iam_policy_document.this)
  arn    = aws_sns_topic.this.arn
  policy = data.aws_iam_policy_document.this[0].json
}}
"""
)
_KEY_INPUTS = (
    "description enable_key_rotation=true policy key_usage customer_master_key_spec custom_key_store_id deletion_window_in_days "
    "multi_region is_enabled tags={}"
)
_KEY = inputs(_KEY_INPUTS) + f'resource "aws_kms_key" "this" {{\n{passed(same(_KEY_INPUTS))}\n}}\n'
_IMAGES = (
    inputs(
        'repository_name repository_image_tag_mutability="IMMUTABLE" repository_image_scan_on_push=true repository_encryption_type '
        "repository_kms_key repository_policy create_repository_policy=true attach_repository_policy=true create=true create_repository=true "
        'repository_type="private" tags={}'
    )
    + """
resource "aws_ecr_repository" "this" {
  name                 = var.repository_name
  image_tag_mutability = var.repository_image_tag_mutability
  tags                 = var.tags
  image_scanning_configuration {
    scan_on_push = var.repository_image_scan_on_push
  }
  encryption_configuration {
    encryption_type = var.repository_encryption_type
    kms_key         = var.repository_kms_key
  }
}
locals {
  takes_policy = var.create && var.create_repository && var.repository_type == "private" && var.attach_repository_policy
}
resource "aws_ecr_repository_policy" "this" {
  count      = local.takes_policy && !var.create_repository_policy ? 1 : 0
  repository = var.repository_name
  policy     = var.repository_policy
}
"""
)
_FILES = inputs("name encrypted=true kms_key_arn tags={}") + (
    f'resource "aws_efs_file_system" "this" {{\n{passed("creation_token=name encrypted kms_key_id=kms_key_arn tags")}\n}}\n'
)
_CACHE_INPUTS = (
    'replication_group_id engine="redis" node_type at_rest_encryption_enabled=true transit_encryption_enabled=true transit_encryption_mode auth_token '
    "snapshot_retention_limit multi_az_enabled=false automatic_failover_enabled auto_minor_version_upgrade global_replication_group_id "
    "description num_cache_clusters tags={}"
)
_CACHE = inputs(f"{_CACHE_INPUTS} kms_key_arn create_replication_group=true") + (
    'resource "aws_elasticache_replication_group" "this" {\n  count = var.create_replication_group ? 1 : 0\n'
    f"{passed(f'{same(_CACHE_INPUTS)} kms_key_id=kms_key_arn')}\n}}\n"
)
_WAREHOUSE = (
    inputs(
        "cluster_identifier node_type publicly_accessible=false enhanced_vpc_routing kms_key_arn tags={} encrypted logging allow_version_upgrade "
        "snapshot_identifier"
    )
    + f"""
resource "aws_redshift_cluster" "this" {{
  logging      = []
  snapshot_arn = null

  encrypted = var.encrypted == null ? (var.major >= 7 ? null : var.major >= 4) : var.encrypted
{passed("cluster_identifier node_type publicly_accessible enhanced_vpc_routing kms_key_id=kms_key_arn allow_version_upgrade snapshot_identifier tags")}
}}
resource "aws_redshift_logging" "this" {{
  count              = length(keys(var.logging == null ? {{}} : var.logging)) > 0 ? 1 : 0
  cluster_identifier = aws_redshift_cluster.this.id
}}
"""
)
_LOG_GROUP = inputs("name retention_in_days kms_key_id tags={}") + (
    f'resource "aws_cloudwatch_log_group" "this" {{\n{passed("name retention_in_days kms_key_id tags")}\n}}\n'
)

# Module → the first and the newest major version that the form holds for, and the form.
DATA: dict[str, tuple[int, int, str]] = {
    "s3-bucket": (1, 5, _BUCKET),
    "rds": (2, 7, _RDS),
    "rds-aurora": (2, 10, _AURORA),
    "dynamodb-table": (1, 5, _TABLE),
    "sqs": (2, 5, _QUEUE),
    "sns": (2, 7, _TOPIC),
    "kms": (1, 4, _KEY),
    "ecr": (1, 3, _IMAGES),
    "efs": (1, 2, _FILES),
    "elasticache": (1, 1, _CACHE),
    "redshift": (1, 7, _WAREHOUSE),
    "cloudwatch//modules/log-group": (2, 5, _LOG_GROUP),
}
