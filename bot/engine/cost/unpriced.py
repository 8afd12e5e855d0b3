"""Resource types that cost nothing by themselves, and those that are only paid by use."""

from __future__ import annotations

from functools import lru_cache

from bot.engine.pattern import Pattern

# What a rule, a right, a name or a link is made of. From the pricing pages of the providers, which do not list them.
NOTHING = {
    "aws": Pattern(
        r"aws_(?:iam_|security_group|vpc_security_group_|default_|network_acl|route(?:_table)?(?:$|_association)|main_route"
        r"|subnet|vpc$|vpc_(?:dhcp|endpoint_(?:policy|route|subnet|security)|peering|ipv4)|internet_gateway|egress_only"
        r"|eip_association|key_pair|launch_|placement_group|ami|volume_attachment|network_interface|flow_log|lb_(?:target"
        r"|listener)|alb_(?:target|listener)|autoscaling_(?:policy|attachment|schedule|lifecycle|notification|group_tag)"
        r"|appautoscaling_|db_(?:subnet|parameter|option|event)|rds_cluster(?:_parameter_group|_role.*)|elasticache_(?:subnet"
        r"|parameter|user)|redshift_(?:subnet|parameter)|docdb_(?:subnet|cluster_parameter)|neptune_(?:subnet|parameter"
        r"|cluster_parameter)|dms_(?:replication_subnet|endpoint|certificate)|s3_bucket_|s3_account|ecs_(?:cluster"
        r"|task_definition|capacity|account)|ecr_(?:lifecycle|repository_policy|registry)|eks_(?:addon|access|pod_identity"
        r"|identity)|lambda_(?:permission|alias|event_source|layer)|kms_(?:alias|grant)|sns_topic_policy|sqs_queue_policy"
        r"|cloudwatch_(?:event_(?:rule|target|permission)|log_(?:stream|resource|subscription|metric|destination))"
        r"|cloudformation_|organizations_|ssm_(?:document|association|maintenance|patch)|resourcegroups_|ram_|budgets_"
        r"|ebs_(?:encryption|default)|api_gateway_(?:resource|method|integration|deployment|model|account|authorizer|domain"
        r"|base|usage|api_key|gateway)|apigatewayv2_(?:integration|route|stage|deployment|authorizer|api_mapping|domain)"
        r"|cognito_(?:user_pool_|identity_pool_)|secretsmanager_secret_|route53_record|dynamodb_table_item|backup_(?:plan"
        r"|selection|vault_)|wafv2_(?:ip_set|regex|web_acl_)|glue_(?:security|classifier|connection)|codebuild_(?:source"
        r"|webhook)|codestar|msk_(?:configuration|scram)|ses|customer_gateway|vpn_(?:gateway|connection_route)|ec2_(?:tag"
        r"|transit_gateway(?:$|_route|_(?:vpc|peering)_attachment_accepter))|cloudfront_(?:origin|cache|function|response"
        r"|public|key)|sfn_alias|athena_(?:workgroup|named)|lakeformation_|mq_configuration)"
    ),
    "azurerm": Pattern(
        r"azurerm_(?:resource_group|role_|user_assigned|virtual_network$|subnet|network_security_|network_interface|route(?:$"
        r"|_table|_filter|_map)|public_ip_association|availability_set|proximity|virtual_machine_(?:extension|data_disk)"
        r"|policy_|management_|key_vault_(?:access|secret)|storage_(?:container|management|account_(?:network|customer))"
        r"|.*firewall_rule.*|.*_virtual_network_rule|mssql_(?:server|firewall)|sql_server|postgresql_(?:database|configuration"
        r"|flexible_server_(?:database|configuration))|mysql_(?:database|configuration|flexible_(?:database"
        r"|server_configuration))|linux_web_app|windows_web_app|app_service$|app_service_(?:slot|custom|virtual)"
        r"|container_group_|federated_|monitor_(?:diagnostic|autoscale)|dns_(?!zone).*_record|private_dns_(?!zone$|resolver).*"
        r"|lb_|nat_gateway_|virtual_network_(?:peering|dns)|virtual_hub_(?:connection|route)|application_security"
        r"|eventhub_(?:authorization|consumer|namespace_authorization)|servicebus_(?:queue|topic|subscription"
        r"|namespace_authorization)|cosmosdb_(?:sql_role|sql_database)|backup_policy|subscription|lighthouse|consumption_budget"
        r"|advanced_threat|security_center_contact|disk_encryption_set|monitor_data_collection"
        r"|private_dns_zone_virtual_network_link|key_vault$)"
    ),
    "google": Pattern(
        r"google_(?:.*_iam_.*|service_account|project|folder|organization|compute_(?:network|subnetwork|firewall|route|router$"
        r"|router_|instance_template|region_instance_template|health_check|region_health_check|http|backend|region_backend"
        r"|url_map|region_url_map|target|region_target|ssl|region_ssl|managed_ssl|autoscaler|region_autoscaler|resource_policy"
        r"|shared_vpc|security|vpn_gateway|ha_vpn|external_vpn|instance_group$|project|attached)|kms_key_ring|sql_(?:database$"
        r"|user|ssl)|storage_bucket_(?:acl|access|object_acl)|storage_default|pubsub_schema|bigquery_(?:dataset_access|routine)"
        r"|dns_record|cloud_run_.*policy|access_context|iap_|identity_|billing_budget|monitoring_(?:alert|notification"
        r"|dashboard|uptime)|logging_(?:metric|.*exclusion)|essential_contacts|tags_|gke_hub|service_networking"
        r"|vpc_access_connector_)"
    ),
}
BY_USE = {
    "aws": Pattern(
        r"aws_(?:lambda_function|s3_bucket|s3_object|s3_bucket_object|sqs_queue|sns_topic|sns_topic_subscription|dynamodb_table"
        r"|cloudwatch_(?:log_group|metric_alarm|event_bus|event_archive)|api_gateway_rest_api|apigatewayv2_api"
        r"|cloudfront_distribution|ecr_repository|rds_cluster|docdb_cluster|neptune_cluster|kinesis_firehose_delivery_stream"
        r"|sfn_state_machine|codebuild_project|glue_(?:job|crawler|catalog_.*)|athena_database|ebs_snapshot.*|backup_vault"
        r"|config_.*|cloudtrail|cognito_user_pool|cognito_identity_pool|eks_fargate_profile|ssm_parameter|acm_certificate.*"
        r"|guardduty_.*|securityhub_.*|xray_.*|batch_.*|appsync_.*|ses_.*)"
    ),
    "azurerm": Pattern(
        r"azurerm_(?:storage_account|storage_(?:queue|share|table|blob)|function_app|linux_function_app|windows_function_app"
        r"|log_analytics_.*|application_insights|monitor_(?:action_group|metric_alert|.*alert.*)|cosmosdb_.*|automation_.*"
        r"|cdn_.*|eventgrid_.*|logic_app_workflow|data_factory|sentinel_.*|container_group|container_app|cognitive_.*|backup_.*"
        r"|snapshot|image|key_vault_(?:key|certificate)|recovery_services_.*)"
    ),
    "google": Pattern(
        r"google_(?:storage_bucket|storage_bucket_object|cloudfunctions2?_function|cloud_run_.*|bigquery_(?:dataset|table|job)"
        r"|pubsub_(?:topic|subscription|lite_.*)|logging_.*|secret_manager_.*|artifact_registry_.*|container_registry"
        r"|dns_managed_zone|compute_(?:router_nat|snapshot|image|global_address)|cloud_scheduler_job|cloud_tasks_queue"
        r"|firestore_.*|datastore_.*|monitoring_.*|cloudbuild_.*)"
    ),
}


@lru_cache(maxsize=2048)
def costs_nothing(name: str) -> bool:
    """Whether a resource of this type is not billed."""
    return NOTHING[name.partition("_")[0]].match(name) is not None


@lru_cache(maxsize=2048)
def is_paid_by_use(name: str) -> bool:
    """Whether a resource of this type has no part that is there all month."""
    return BY_USE[name.partition("_")[0]].fullmatch(name) is not None
