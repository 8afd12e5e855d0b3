"""Modules that connect: APIs, brokers, search domains, secrets; and roles and groups."""

from __future__ import annotations

from bot.engine.iac.terraform.published.inputs import inputs, passed

_GROUP = (
    inputs("name create_group=true custom_group_policies=[]")
    + """
resource "aws_iam_policy" "custom" {
  count  = length(var.custom_group_policies)
  name   = var.custom_group_policies[count.index]["name"]
  policy = var.custom_group_policies[count.index]["policy"]
}
"""
)
_ROLE = (
    inputs(
        "create_role=false role_name trusted_role_arns=[] trusted_role_services=[] trusted_role_actions role_requires_mfa=true "
        'role_sts_externalid=[] custom_role_trust_policy="" create_custom_role_trust_policy=false trust_policy_conditions=[]'
    )
    + """
locals {
  given = var.major >= 5 ? var.create_custom_role_trust_policy : var.custom_role_trust_policy != ""
  names = flatten([var.role_sts_externalid])
}
data "aws_iam_policy_document" "trust" {
  statement {
    actions = var.trusted_role_actions == null ? ["sts:AssumeRole"] : var.trusted_role_actions
    principals {
      type        = "AWS"
      identifiers = var.trusted_role_arns
    }
    principals {
      type        = "Service"
      identifiers = var.trusted_role_services
    }
    dynamic "condition" {
      for_each = var.role_requires_mfa ? [true] : []
      content {
        test     = "Bool"
        variable = "aws:MultiFactorAuthPresent"
        values   = ["true"]
      }
    }
    dynamic "condition" {
      for_each = length(local.names) != 0 ? [true] : []
      content {
        test     = "StringEquals"
        variable = "sts:ExternalId"
        values   = local.names
      }
    }
    dynamic "condition" {
      for_each = var.trust_policy_conditions
      content {
        test     = condition.value.test
        variable = condition.value.variable
        values   = condition.value.values
      }
    }
  }
}
resource "aws_iam_role" "this" {
  count              = var.create_role ? 1 : 0
  name               = var.role_name
  assume_role_policy = local.given ? var.custom_role_trust_policy : data.aws_iam_policy_document.trust.json
}
"""
)
_BROKERS = (
    inputs(
        "name create=true broker_node_connectivity_info encryption_at_rest_kms_key_arn encryption_in_transit_client_broker "
        "encryption_in_transit_in_cluster cloudwatch_logs_enabled=false firehose_logs_enabled=false s3_logs_enabled=false tags={}"
    )
    + """
resource "aws_msk_cluster" "this" {
  count        = var.create ? 1 : 0
  cluster_name = var.name
  tags         = var.tags
  broker_node_group_info {
    connectivity_info {
      public_access {
        type = try(var.broker_node_connectivity_info.public_access.type, null)
      }
    }
  }
  encryption_info {
    encryption_at_rest_kms_key_arn = var.encryption_at_rest_kms_key_arn
    encryption_in_transit {
      client_broker = var.encryption_in_transit_client_broker
      in_cluster    = var.encryption_in_transit_in_cluster
    }
  }
  logging_info {
    broker_logs {
      cloudwatch_logs {
        enabled = var.cloudwatch_logs_enabled
      }
      firehose {
        enabled = var.firehose_logs_enabled
      }
      s3 {
        enabled = var.s3_logs_enabled
      }
    }
  }
}
"""
)
_SEARCH = (
    inputs(
        "domain_name create=true domain_endpoint_options={enforce_https=true} encrypt_at_rest={enabled=true} node_to_node_encryption={enabled=true} "
        "log_publishing_options tags={}"
    )
    + """
resource "aws_opensearch_domain" "this" {
  count       = var.create ? 1 : 0
  domain_name = var.domain_name
  tags        = var.tags
  dynamic "domain_endpoint_options" {
    for_each = length(var.domain_endpoint_options) > 0 ? [var.domain_endpoint_options] : []
    content {
      enforce_https       = try(domain_endpoint_options.value.enforce_https, true)
      tls_security_policy = try(domain_endpoint_options.value.tls_security_policy, "Policy-Min-TLS-1-2-2019-07")
    }
  }
  dynamic "encrypt_at_rest" {
    for_each = length(var.encrypt_at_rest) > 0 ? [var.encrypt_at_rest] : []
    content {
      enabled    = try(encrypt_at_rest.value.enabled, true)
      kms_key_id = try(encrypt_at_rest.value.kms_key_id, null)
    }
  }
  dynamic "node_to_node_encryption" {
    for_each = length(var.node_to_node_encryption) > 0 ? [var.node_to_node_encryption] : []
    content {
      enabled = try(node_to_node_encryption.value.enabled, true)
    }
  }
  dynamic "log_publishing_options" {
    for_each = var.log_publishing_options == null ? [{ log_type = "INDEX_SLOW_LOGS" }, { log_type = "SEARCH_SLOW_LOGS" }] : var.log_publishing_options
    content {
      enabled  = try(log_publishing_options.value.enabled, true)
      log_type = log_publishing_options.value.log_type
    }
  }
}
"""
)
_SECRET = (
    inputs("name kms_key_id create=true tags={}")
    + f"""
resource "aws_secretsmanager_secret" "this" {{
  count = var.create ? 1 : 0
{passed("name kms_key_id tags")}
}}
"""
)
_API = (
    inputs(
        "name create=true create_default_stage=true create_stage=true default_stage_access_log_destination_arn default_stage_access_log_format "
        "create_default_stage_access_log_group=false stage_access_log_settings={}"
    )
    + """
locals {
  older = var.create_default_stage_access_log_group || var.default_stage_access_log_destination_arn != null
}
resource "aws_apigatewayv2_stage" "default" {
  count               = var.create && (var.major >= 5 ? var.create_stage : var.create_default_stage) ? 1 : 0
  name                = "$default"
  access_log_settings = (var.major >= 5 ? var.stage_access_log_settings != null : local.older && var.default_stage_access_log_format != null) ? [{ format = "given" }] : []
}
"""
)

# Module → the first and the newest major version that the form holds for, and the form.
SERVICES: dict[str, tuple[int, int, str]] = {
    "iam//modules/iam-group-with-policies": (2, 5, _GROUP),
    "iam//modules/iam-assumable-role": (3, 5, _ROLE),
    "msk-kafka-cluster": (1, 3, _BROKERS),
    "opensearch": (1, 2, _SEARCH),
    "secrets-manager": (1, 2, _SECRET),
    "apigateway-v2": (1, 6, _API),
}
