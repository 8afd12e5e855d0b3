"""Resource types that cost nothing by themselves, and those that are only paid by use."""

from __future__ import annotations

import re
from functools import lru_cache

# What a rule, a right, a name or a link is made of. From the pricing pages of the providers, which do not list them.
NOTHING = (
    r"aws_(?:iam_|security_group|vpc_security_group_|default_|network_acl|route(?:_table)?(?:$|_association)|main_route|subnet|vpc$"
    r"|vpc_(?:dhcp|endpoint_(?:policy|route|subnet|security)|peering|ipv4)|internet_gateway|egress_only|eip_association|key_pair"
    r"|launch_|placement_group|ami|volume_attachment|network_interface|flow_log|lb_(?:target|listener)|alb_(?:target|listener)"
    r"|autoscaling_(?:policy|attachment|schedule|lifecycle|notification|group_tag)|appautoscaling_|db_(?:subnet|parameter|option|event)"
    r"|rds_cluster(?:_parameter_group|_role.*)|elasticache_(?:subnet|parameter|user)|redshift_(?:subnet|parameter)"
    r"|docdb_(?:subnet|cluster_parameter)|neptune_(?:subnet|parameter|cluster_parameter)|dms_(?:replication_subnet|endpoint|certificate)"
    r"|s3_bucket_|s3_account|ecs_(?:cluster|task_definition|capacity|account)|ecr_(?:lifecycle|repository_policy|registry)"
    r"|eks_(?:addon|access|pod_identity|identity)|lambda_(?:permission|alias|event_source|layer)|kms_(?:alias|grant)|sns_topic_policy"
    r"|sqs_queue_policy|cloudwatch_(?:event_(?:rule|target|permission)|log_(?:stream|resource|subscription|metric|destination))"
    r"|cloudformation_|organizations_|ssm_(?:document|association|maintenance|patch)|resourcegroups_|ram_|budgets_"
    r"|ebs_(?:encryption|default)|api_gateway_(?:resource|method|integration|deployment|model|account|authorizer|domain|base|usage|api_key"
    r"|gateway)|apigatewayv2_(?:integration|route|stage|deployment|authorizer|api_mapping|domain)|cognito_(?:user_pool_|identity_pool_)"
    r"|secretsmanager_secret_|route53_record|dynamodb_table_item|backup_(?:plan|selection|vault_)|wafv2_(?:ip_set|regex|web_acl_)"
    r"|glue_(?:security|classifier|connection)|codebuild_(?:source|webhook)|codestar|msk_(?:configuration|scram)"
    r"|ses|customer_gateway|vpn_(?:gateway|connection_route)|ec2_(?:tag|transit_gateway(?:$|_route|_(?:vpc|peering)_attachment_accepter))"
    r"|cloudfront_(?:origin|cache|function|response|public|key)|sfn_alias|athena_(?:workgroup|named)|lakeformation_|mq_configuration)"
    r"|azurerm_(?:resource_group|role_|user_assigned|virtual_network$|subnet|network_security_|network_interface|route(?:$|_table|_filter|_map)|public_ip_association"
    r"|availability_set|proximity|virtual_machine_(?:extension|data_disk)|policy_|management_|key_vault_(?:access|secret)"
    r"|storage_(?:container|management|account_(?:network|customer))|.*firewall_rule.*|.*_virtual_network_rule|mssql_(?:server|firewall)"
    r"|sql_server|postgresql_(?:database|configuration|flexible_server_(?:database|configuration))|mysql_(?:database|configuration"
    r"|flexible_(?:database|server_configuration))|linux_web_app|windows_web_app|app_service$|app_service_(?:slot|custom|virtual)"
    r"|container_group_|federated_|monitor_(?:diagnostic|autoscale)|dns_(?!zone).*_record|private_dns_(?!zone$|resolver).*|lb_|nat_gateway_"
    r"|virtual_network_(?:peering|dns)|virtual_hub_(?:connection|route)|application_security|eventhub_(?:authorization|consumer"
    r"|namespace_authorization)|servicebus_(?:queue|topic|subscription|namespace_authorization)|cosmosdb_(?:sql_role|sql_database)"
    r"|backup_policy|subscription|lighthouse|consumption_budget|advanced_threat|security_center_contact"
    r"|disk_encryption_set|monitor_data_collection|private_dns_zone_virtual_network_link|key_vault$)"
    r"|google_(?:.*_iam_.*|service_account|project|folder|organization|compute_(?:network|subnetwork|firewall|route|router$|router_"
    r"|instance_template|region_instance_template|health_check|region_health_check|http|backend|region_backend|url_map|region_url_map"
    r"|target|region_target|ssl|region_ssl|managed_ssl|autoscaler|region_autoscaler|resource_policy|shared_vpc|security"
    r"|vpn_gateway|ha_vpn|external_vpn|instance_group$|project|attached)|kms_key_ring|sql_(?:database$|user|ssl)|storage_bucket_(?:acl"
    r"|access|object_acl)|storage_default|pubsub_schema|bigquery_(?:dataset_access|routine)|dns_record|cloud_run_.*policy|access_context"
    r"|iap_|identity_|billing_budget|monitoring_(?:alert|notification|dashboard|uptime)|logging_(?:metric|.*exclusion)|essential_contacts"
    r"|tags_|gke_hub|service_networking|vpc_access_connector_)"
)
BY_USE = (
    r"aws_(?:lambda_function|s3_bucket|s3_object|s3_bucket_object|sqs_queue|sns_topic|sns_topic_subscription|dynamodb_table|cloudwatch_"
    r"(?:log_group|metric_alarm|event_bus|event_archive)|api_gateway_rest_api|apigatewayv2_api|cloudfront_distribution|ecr_repository"
    r"|rds_cluster|docdb_cluster|neptune_cluster|kinesis_firehose_delivery_stream|sfn_state_machine|codebuild_project|glue_(?:job|crawler"
    r"|catalog_.*)|athena_database|ebs_snapshot.*|backup_vault|config_.*|cloudtrail|cognito_user_pool|cognito_identity_pool|eks_fargate"
    r"_profile|ssm_parameter|acm_certificate.*|guardduty_.*|securityhub_.*|xray_.*|batch_.*|appsync_.*|ses_.*)"
    r"|azurerm_(?:storage_account|storage_(?:queue|share|table|blob)|function_app|linux_function_app|windows_function_app"
    r"|log_analytics_.*|application_insights|monitor_(?:action_group|metric_alert|.*alert.*)|cosmosdb_.*|automation_.*|cdn_.*"
    r"|eventgrid_.*|logic_app_workflow|data_factory|sentinel_.*|container_group|container_app|cognitive_.*|backup_.*|snapshot|image|key_vault_(?:key|certificate)"
    r"|recovery_services_.*)"
    r"|google_(?:storage_bucket|storage_bucket_object|cloudfunctions2?_function|cloud_run_.*|bigquery_(?:dataset|table|job)|pubsub_(?:topic"
    r"|subscription|lite_.*)|logging_.*|secret_manager_.*|artifact_registry_.*|container_registry|dns_managed_zone|compute_(?:router_nat"
    r"|snapshot|image|global_address)|cloud_scheduler_job|cloud_tasks_queue|firestore_.*|datastore_.*|monitoring_.*|cloudbuild_.*)"
)


@lru_cache(maxsize=2048)
def costs_nothing(name: str) -> bool:
    """Whether a resource of this type is not billed."""
    return _compiled(NOTHING).match(name) is not None


@lru_cache(maxsize=2048)
def is_paid_by_use(name: str) -> bool:
    """Whether a resource of this type has no part that is there all month."""
    return _compiled(BY_USE).fullmatch(name) is not None


@lru_cache(maxsize=2)
def _compiled(pattern: str) -> re.Pattern[str]:
    return re.compile(pattern)
