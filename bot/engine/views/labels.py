"""What things are marked with: `provider`, `keys` (of tags or labels; `nothing` is always among them), `kind` (`tags`, `labels`).

Facts are what is paid for by itself and takes tags. Default tags of the AWS provider count for its resources
(https://registry.terraform.io/providers/hashicorp/aws/latest/docs/guides/resource-tagging), default labels of Google's likewise.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping

from bot.engine.model.match import Subject
from bot.engine.model.resource import Model, Resource
from bot.engine.model.value import Known, Unknown, Value
from bot.engine.views.reading import attribute, body_of, constant, fact, field, listed, only, span_of, text

AWS = (
    "aws_instance aws_ebs_volume aws_s3_bucket aws_db_instance aws_rds_cluster aws_rds_cluster_instance aws_dynamodb_table "
    "aws_lambda_function aws_ecs_cluster aws_ecs_service aws_eks_cluster aws_eks_node_group aws_elasticache_cluster "
    "aws_elasticache_replication_group aws_elasticsearch_domain aws_opensearch_domain aws_lb aws_alb aws_elb aws_nat_gateway aws_eip "
    "aws_efs_file_system aws_fsx_lustre_file_system aws_redshift_cluster aws_kinesis_stream aws_msk_cluster aws_mq_broker "
    "aws_sagemaker_notebook_instance aws_sqs_queue aws_sns_topic aws_cloudfront_distribution aws_docdb_cluster aws_neptune_cluster "
    "aws_kms_key aws_secretsmanager_secret aws_ecr_repository aws_launch_template"
)
AZURE = (
    "azurerm_resource_group azurerm_linux_virtual_machine azurerm_windows_virtual_machine azurerm_virtual_machine "
    "azurerm_managed_disk azurerm_linux_virtual_machine_scale_set azurerm_windows_virtual_machine_scale_set azurerm_storage_account "
    "azurerm_kubernetes_cluster azurerm_mssql_server azurerm_mssql_database azurerm_postgresql_flexible_server "
    "azurerm_mysql_flexible_server azurerm_cosmosdb_account azurerm_redis_cache azurerm_service_plan azurerm_linux_web_app "
    "azurerm_windows_web_app azurerm_linux_function_app azurerm_container_registry azurerm_application_gateway azurerm_firewall "
    "azurerm_public_ip azurerm_nat_gateway azurerm_key_vault azurerm_log_analytics_workspace"
)
GOOGLE = (
    "google_compute_instance google_compute_instance_template google_compute_disk google_storage_bucket google_bigquery_dataset "
    "google_pubsub_topic google_cloudfunctions_function google_cloudfunctions2_function google_redis_instance "
    "google_filestore_instance google_spanner_instance google_secret_manager_secret google_artifact_registry_repository"
)
TAGGED = {
    **dict.fromkeys(AWS.split(), ("aws", "tags")),
    **dict.fromkeys(AZURE.split(), ("azure", "tags")),
    **dict.fromkeys(GOOGLE.split(), ("google", "labels")),
}
NOTHING = "nothing"


def labels(model: Model) -> Iterator[Subject]:
    """A fact for each resource that is paid for and can be marked."""
    defaults = {f"{resource.name}{_alias(resource)}": _defaults(resource) for resource in model.resources if resource.mode == "provider"}
    for resource in model.resources:
        found = TAGGED.get(resource.type) if resource.mode == "managed" else None
        if found is not None:
            yield _fact(resource, *found, defaults.get(resource.provider))


def borne(model: Model, wanted: Mapping[str, str]) -> Callable[[Resource], bool | None]:
    """Whether a resource of the model bears all of these tags or labels, `*` for any value; None where it cannot be told."""
    defaults = {f"{resource.name}{_alias(resource)}": _defaults(resource) for resource in model.resources if resource.mode == "provider"}

    def answer(resource: Resource) -> bool | None:
        own = attribute(resource, "labels" if resource.type.startswith("google_") else "tags")
        told = [_bears((own, defaults.get(resource.provider)), name, value) for name, value in wanted.items()]
        return False if False in told else None if None in told else True

    return answer


def _bears(maps: Iterable[Value | None], name: str, wanted: str) -> bool | None:
    """The first map that has the name says it; one that is not known may have it."""
    for value in maps:
        body = body_of(value) if value is not None else {}
        if isinstance(body, Unknown):
            return None
        if name in body:
            return True if wanted == "*" else None if isinstance(body[name], Unknown) else text(body[name]) == wanted
    return False


def _alias(provider: Resource) -> str:
    alias = attribute(provider, "alias")
    return f".{alias.raw}" if isinstance(alias, Known) else ""


def _defaults(provider: Resource) -> Value | None:
    block = only(provider, "default_tags")
    return attribute(provider, "default_labels") if block is None else block if isinstance(block, Unknown) else field(block, "tags")


def _fact(resource: Resource, provider: str, path: str, default: Value | None) -> Subject:
    own = attribute(resource, path)
    span = resource.span if own is None else span_of(own, resource)
    said = {name: constant(raw, resource.span) for name, raw in (("provider", provider), ("kind", path))}
    return fact(resource, "labels", span, path, keys=_keys((own, default), resource), **said)


def _keys(maps: Iterable[Value | None], resource: Resource) -> Value:
    """The keys of all maps; with a map that is not known, those that are certain and one more that is not."""
    found: list[Value] = []
    for value in maps:
        body = body_of(value) if value is not None else {}
        if isinstance(body, Unknown):
            certain = body.structure.raw if isinstance(body.structure, Known) and isinstance(body.structure.raw, dict) else {}
            found += [body, *(Known(key, item.span) for key, item in certain.items())]
        else:
            found += [Known(key, value.span if value is not None else resource.span) for key in body]
    return listed([*found, constant(NOTHING, resource.span)], resource.span)
