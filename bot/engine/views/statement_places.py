"""Where AWS resources carry policy documents, and what each document is.

`identity`: what its bearer may do. `resource`: who may use the thing. `trust`: who may become the role. `endpoint` and
`boundary` only limit what other policies or networks grant. Attribute names: the provider's schema.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Final

from bot.engine.model.resource import Model, Resource
from bot.engine.model.value import Unknown, Value
from bot.engine.views.reading import attribute, blocks, elements

IDENTITY, RESOURCE, TRUST, ENDPOINT, BOUNDARY = "identity", "resource", "trust", "endpoint", "boundary"

_BY_POLICY: Final = {
    IDENTITY: ("aws_iam_policy", "aws_iam_role_policy", "aws_iam_user_policy", "aws_iam_group_policy"),
    RESOURCE: (
        "aws_s3_bucket",
        "aws_s3_bucket_policy",
        "aws_s3_access_point",
        "aws_s3control_bucket_policy",
        "aws_sqs_queue",
        "aws_sqs_queue_policy",
        "aws_sns_topic",
        "aws_sns_topic_policy",
        "aws_kms_key",
        "aws_kms_key_policy",
        "aws_kms_external_key",
        "aws_kms_replica_key",
        "aws_ecr_repository_policy",
        "aws_ecr_registry_policy",
        "aws_ecrpublic_repository_policy",
        "aws_secretsmanager_secret",
        "aws_secretsmanager_secret_policy",
        "aws_efs_file_system_policy",
        "aws_backup_vault_policy",
        "aws_api_gateway_rest_api",
        "aws_api_gateway_rest_api_policy",
        "aws_media_store_container_policy",
        "aws_ses_identity_policy",
        "aws_sesv2_email_identity_policy",
        "aws_glue_resource_policy",
        "aws_cloudwatch_event_bus_policy",
        "aws_dynamodb_resource_policy",
        "aws_kinesis_resource_policy",
    ),
    ENDPOINT: ("aws_vpc_endpoint", "aws_vpc_endpoint_policy"),
}

_BY_OTHER_NAME: Final = {
    "aws_iam_role": (("assume_role_policy", TRUST), ("inline_policy.policy", IDENTITY)),
    "aws_ssoadmin_permission_set_inline_policy": (("inline_policy", IDENTITY),),
    "aws_elasticsearch_domain": (("access_policies", RESOURCE),),
    "aws_elasticsearch_domain_policy": (("access_policies", RESOURCE),),
    "aws_opensearch_domain": (("access_policies", RESOURCE),),
    "aws_opensearch_domain_policy": (("access_policies", RESOURCE),),
    "aws_glacier_vault": (("access_policy", RESOURCE),),
    "aws_cloudwatch_log_resource_policy": (("policy_document", RESOURCE),),
    "aws_organizations_policy": (("content", BOUNDARY),),
}

PLACES: Final[dict[str, tuple[tuple[str, str], ...]]] = {
    **{resource: (("policy", kind),) for kind, resources in _BY_POLICY.items() for resource in resources},
    **_BY_OTHER_NAME,
}

# A search domain inside a network is reached through its security groups; `*` in its policy then means whoever these let in.
# https://docs.aws.amazon.com/opensearch-service/latest/developerguide/vpc.html
DOMAINS: Final = ("aws_elasticsearch_domain", "aws_opensearch_domain")
DOMAIN_POLICIES: Final = ("aws_elasticsearch_domain_policy", "aws_opensearch_domain_policy")


# What gives a policy to somebody, by attribute; a policy that only stands as a boundary gives nothing.
# https://docs.aws.amazon.com/IAM/latest/UserGuide/access_policies_boundaries.html
_GIVES: Final = ("policy_arn", "managed_policy_arns")
_BOUNDS: Final = "permissions_boundary"
_POLICY: Final = "aws_iam_policy"


def limiting(model: Model) -> frozenset[str]:
    """The addresses of what only limits: search domains certainly inside a network, policies that are boundaries and nothing else."""
    found = [resource for resource in model.resources if resource.mode == "managed"]
    inside = {resource.address for resource in found if resource.type in DOMAINS and _is_inside(resource)}
    return frozenset(inside | (_referred(found, (_BOUNDS,)) - _referred(found, _GIVES)))


def _referred(resources: Iterable[Resource], names: Iterable[str]) -> set[str]:
    wanted = tuple(names)
    values = (resource.attributes.get(name) for resource in resources if resource.type.startswith("aws_iam_") for name in wanted)
    return {ref for value in values if value is not None for ref in _all_refs(value) if f".{_POLICY}." in f".{ref}"}


def _all_refs(value: Value) -> Iterator[str]:
    yield from value.refs
    for item in elements(value):
        yield from item.refs


def _is_inside(resource: Resource) -> bool:
    options = blocks(resource, "vpc_options")
    return bool(options) and not isinstance(options[0], Unknown)


def places_of(resource: Resource, limits: frozenset[str]) -> tuple[tuple[str, str], ...]:
    """The resource's attributes with policy documents, each with what the document is there."""
    found = PLACES.get(resource.type, ())
    if resource.type == _POLICY and (resource.address in limits or resource.definition in limits):
        return tuple((name, BOUNDARY) for name, _ in found)
    if resource.address in limits or (resource.type in DOMAIN_POLICIES and _guards(resource, limits)):
        return tuple((name, ENDPOINT) for name, _ in found)
    return found


def _guards(resource: Resource, limits: frozenset[str]) -> bool:
    name = attribute(resource, "domain_name")
    return name is not None and any(ref in limits for ref in name.refs)
