"""Modules that compute or serve: machines, clusters, functions, load balancers, distributions; and rights."""

from __future__ import annotations

from bot.engine.iac.terraform.published.inputs import inputs, passed, same

_MACHINE_INPUTS = (
    "ami instance_type monitoring associate_public_ip_address ebs_optimized user_data user_data_base64 key_name subnet_id tags={}"
)
_MACHINE = (
    inputs(f"{_MACHINE_INPUTS} create=true metadata_options root_block_device ebs_block_device=[]")
    + f"""
resource "aws_instance" "this" {{
  count = var.create ? 1 : 0
{passed(same(_MACHINE_INPUTS))}
  dynamic "metadata_options" {{
    for_each = var.metadata_options == null ? (var.major >= 5 ? [{{ http_tokens = "required" }}] : []) : [var.metadata_options]
    content {{
      http_endpoint               = lookup(metadata_options.value, "http_endpoint", "enabled")
      http_tokens                 = lookup(metadata_options.value, "http_tokens", var.major >= 5 ? "required" : "optional")
      http_put_response_hop_limit = lookup(metadata_options.value, "http_put_response_hop_limit", 1)
    }}
  }}
  root_block_device = var.root_block_device == null ? [] : try(tolist(var.root_block_device), [var.root_block_device])
  ebs_block_device  = var.ebs_block_device
}}
output "id" {{
  value = one(aws_instance.this[*].id)
}}
"""
)
_TEMPLATE = (
    inputs(
        "name image_id instance_type ebs_optimized enable_monitoring metadata_options block_device_mappings network_interfaces user_data "
        "user_data_base64 associate_public_ip_address root_block_device=[] ebs_block_device=[] create_lc create_lt key_name"
    )
    + """
resource "aws_launch_configuration" "this" {
  count                       = (var.major == 3 && var.create_lc != false) || (var.major == 4 && var.create_lc == true) ? 1 : 0
  image_id                    = var.image_id
  instance_type               = var.instance_type
  ebs_optimized               = var.ebs_optimized
  user_data                   = var.user_data
  user_data_base64            = var.user_data_base64
  associate_public_ip_address = var.associate_public_ip_address
  enable_monitoring           = var.enable_monitoring == null && var.major == 3 ? true : var.enable_monitoring
  root_block_device           = var.root_block_device
  ebs_block_device            = var.ebs_block_device
  metadata_options            = var.metadata_options == null ? [] : [var.metadata_options]
}
resource "aws_launch_template" "this" {
  count         = var.major >= 5 || (var.major == 4 && var.create_lt == true) ? 1 : 0
  image_id      = var.image_id
  instance_type = var.instance_type
  ebs_optimized = var.ebs_optimized
  user_data     = var.user_data
  monitoring {
    enabled = var.enable_monitoring == null ? var.major >= 6 : var.enable_monitoring
  }
  metadata_options      = var.metadata_options == null ? (var.major >= 9 ? [{ http_tokens = "required" }] : []) : [var.metadata_options]
  block_device_mappings = var.block_device_mappings == null ? [] : var.block_device_mappings
  network_interfaces    = var.network_interfaces == null ? [] : var.network_interfaces
}
"""
)
_KUBERNETES = (
    inputs(
        "cluster_name name cluster_version cluster_endpoint_public_access endpoint_public_access cluster_endpoint_public_access_cidrs "
        "endpoint_public_access_cidrs cluster_endpoint_private_access endpoint_private_access cluster_enabled_log_types enabled_log_types "
        "cluster_encryption_config encryption_config create_eks=true"
    )
    + """
locals {
  public  = var.major >= 21 ? var.endpoint_public_access : var.cluster_endpoint_public_access
  from    = var.major >= 21 ? var.endpoint_public_access_cidrs : var.cluster_endpoint_public_access_cidrs
  private = var.major >= 21 ? var.endpoint_private_access : var.cluster_endpoint_private_access
  logs    = var.major >= 21 ? var.enabled_log_types : var.cluster_enabled_log_types
  secrets = var.major >= 21 ? var.encryption_config : var.cluster_encryption_config
}
resource "aws_eks_cluster" "this" {
  count                     = var.create_eks ? 1 : 0
  name                      = var.name == null ? var.cluster_name : var.name
  enabled_cluster_log_types = local.logs == null ? (var.major >= 18 ? ["audit", "api", "authenticator"] : []) : local.logs
  vpc_config {
    endpoint_public_access  = local.public == null ? var.major < 19 : local.public
    endpoint_private_access = local.private == null ? var.major >= 19 : local.private
    public_access_cidrs     = local.from == null ? ["0.0.0.0/0"] : local.from
  }
  encryption_config = local.secrets == null ? (var.major >= 19 ? [{ resources = ["secrets"] }] : []) : try(tolist(local.secrets), [merge({ resources = ["secrets"] }, local.secrets)])
}
"""
)
_FUNCTION_INPUTS = "function_name kms_key_arn reserved_concurrent_executions=-1 code_signing_config_arn runtime package_type tags={}"
_FUNCTION = (
    inputs(
        f"{_FUNCTION_INPUTS} tracing_mode environment_variables={{}} vpc_subnet_ids vpc_security_group_ids dead_letter_target_arn "
        "create_function=true create_layer=false create=true allowed_triggers={} create_current_version_allowed_triggers=true "
        "create_unqualified_alias_allowed_triggers=true"
    )
    + f"""
resource "aws_lambda_function" "this" {{
  count = var.create && var.create_function && !var.create_layer ? 1 : 0
{passed(same(_FUNCTION_INPUTS))}
  dynamic "tracing_config" {{
    for_each = var.tracing_mode == null ? [] : [true]
    content {{
      mode = var.tracing_mode
    }}
  }}
  dynamic "environment" {{
    for_each = length(keys(var.environment_variables)) > 0 ? [true] : []
    content {{
      variables = var.environment_variables
    }}
  }}
  dynamic "vpc_config" {{
    for_each = var.vpc_subnet_ids == null ? [] : [true]
    content {{
      subnet_ids         = var.vpc_subnet_ids
      security_group_ids = var.vpc_security_group_ids
    }}
  }}
  dynamic "dead_letter_config" {{
    for_each = var.dead_letter_target_arn == null ? [] : [true]
    content {{
      target_arn = var.dead_letter_target_arn
    }}
  }}
}}
resource "aws_lambda_permission" "current_version_triggers" {{
  for_each = {{
    for name, trigger in var.allowed_triggers : name => trigger
    if var.create && var.create_function && !var.create_layer
    && (var.create_current_version_allowed_triggers || var.create_unqualified_alias_allowed_triggers)
  }}
  function_name    = var.function_name
  action           = try(each.value.action, "lambda:InvokeFunction")
  principal        = try(each.value.principal, "${{try(each.value.service, "")}}.amazonaws.com")
  principal_org_id = try(each.value.principal_org_id, null)
  source_arn       = try(each.value.source_arn, null)
  source_account   = try(each.value.source_account, null)
}}
"""
)
_BALANCER_INPUTS = 'name internal load_balancer_type="application" tags={}'
_BALANCER = (
    inputs(
        f"{_BALANCER_INPUTS} access_logs drop_invalid_header_fields enable_deletion_protection listeners={{}} http_tcp_listeners=[] https_listeners=[] "
        'listener_ssl_policy_default="ELBSecurityPolicy-2016-08" create=true'
    )
    + f"""
resource "aws_lb" "this" {{
  count = var.create ? 1 : 0
{passed(same(_BALANCER_INPUTS))}
  drop_invalid_header_fields = var.drop_invalid_header_fields == null ? var.major >= 9 : var.drop_invalid_header_fields
  enable_deletion_protection = var.enable_deletion_protection == null ? var.major >= 9 : var.enable_deletion_protection
  dynamic "access_logs" {{
    for_each = length(keys(var.access_logs == null ? {{}} : var.access_logs)) > 0 ? [var.access_logs] : []
    content {{
      bucket  = try(access_logs.value.bucket, null)
      enabled = try(access_logs.value.enabled, true)
    }}
  }}
}}
resource "aws_lb_listener" "this" {{
  for_each          = var.listeners
  load_balancer_arn = aws_lb.this[0].arn
  port              = try(each.value.port, null)
  protocol          = try(each.value.protocol, null)
  ssl_policy        = try(each.value.ssl_policy, contains(["HTTPS", "TLS"], each.value.protocol) ? "ELBSecurityPolicy-TLS13-1-2-Res-2021-06" : null)
  certificate_arn   = try(each.value.certificate_arn, null)
  default_action    = try([{{ type = "redirect", redirect = [each.value.redirect] }}], [{{ type = "forward" }}])
}}
resource "aws_lb_listener" "frontend_http_tcp" {{
  count             = length(var.http_tcp_listeners)
  load_balancer_arn = aws_lb.this[0].arn
  port              = var.http_tcp_listeners[count.index].port
  protocol          = var.http_tcp_listeners[count.index].protocol
  certificate_arn   = null
  ssl_policy        = null
  default_action    = try([{{ type = var.http_tcp_listeners[count.index].action_type, redirect = [var.http_tcp_listeners[count.index].redirect] }}], [{{ type = "forward" }}])
}}
resource "aws_lb_listener" "frontend_https" {{
  count             = length(var.https_listeners)
  load_balancer_arn = aws_lb.this[0].arn
  port              = var.https_listeners[count.index].port
  protocol          = try(var.https_listeners[count.index].protocol, "HTTPS")
  ssl_policy        = try(var.https_listeners[count.index].ssl_policy, var.listener_ssl_policy_default)
  certificate_arn   = try(var.https_listeners[count.index].certificate_arn, null)
  default_action    = [{{ type = "forward" }}]
}}
"""
)
_CLASSIC = (
    inputs("name internal=false access_logs={} listener=[] tags={}")
    + """
resource "aws_elb" "this" {
  name        = var.name
  internal    = var.internal
  access_logs = length(keys(var.access_logs)) > 0 ? [var.access_logs] : []
  listener    = var.listener
  tags        = var.tags
}
"""
)
_DISTRIBUTION = (
    inputs(
        "web_acl_id logging_config viewer_certificate default_cache_behavior ordered_cache_behavior=[] origin default_root_object enabled=true"
    )
    + """
resource "aws_cloudfront_distribution" "this" {
  enabled                = var.enabled
  web_acl_id             = var.web_acl_id
  default_root_object    = var.default_root_object
  logging_config         = length(keys(var.logging_config == null ? {} : var.logging_config)) > 0 ? [var.logging_config] : []
  default_cache_behavior = var.default_cache_behavior == null ? [] : [var.default_cache_behavior]
  ordered_cache_behavior = var.ordered_cache_behavior
  viewer_certificate     = var.viewer_certificate == null ? [{ cloudfront_default_certificate = true, minimum_protocol_version = "TLSv1" }] : [var.viewer_certificate]
}
"""
)
_CONTAINERS = (
    inputs("cluster_name name cluster_settings setting")
    + """
locals {
  given = var.setting == null ? var.cluster_settings : var.setting
}
resource "aws_ecs_cluster" "this" {
  name    = var.name == null ? var.cluster_name : var.name
  setting = local.given == null ? [{ name = "containerInsights", value = "enabled" }] : try(tolist(local.given), [local.given])
}
"""
)
_POLICY = inputs('name path policy="" create=true') + (
    f'resource "aws_iam_policy" "this" {{\n  count = var.create ? 1 : 0\n{passed("name path policy")}\n}}\n'
)
_SIGN_IN_INPUTS = (
    "minimum_password_length=8 require_symbols=true require_numbers=true require_uppercase_characters=true require_lowercase_characters=true "
    "max_password_age=0 password_reuse_prevention hard_expiry=false allow_users_to_change_password=true"
)
_ACCOUNT = inputs(f"{_SIGN_IN_INPUTS} create_account_password_policy=true") + (
    'resource "aws_iam_account_password_policy" "this" {\n  count = var.create_account_password_policy ? 1 : 0\n'
    f"{passed(same(_SIGN_IN_INPUTS))}\n}}\n"
)

# Module → the first and the newest major version that the form holds for, and the form.
COMPUTING: dict[str, tuple[int, int, str]] = {
    "ec2-instance": (2, 6, _MACHINE),
    "autoscaling": (3, 9, _TEMPLATE),
    "eks": (12, 21, _KUBERNETES),
    "lambda": (1, 8, _FUNCTION),
    "alb": (5, 10, _BALANCER),
    "elb": (2, 4, _CLASSIC),
    "cloudfront": (1, 6, _DISTRIBUTION),
    "ecs": (4, 7, _CONTAINERS),
    "ecs//modules/cluster": (5, 7, _CONTAINERS),
    "iam//modules/iam-policy": (2, 6, _POLICY),
    "iam//modules/iam-account": (2, 6, _ACCOUNT),
}
