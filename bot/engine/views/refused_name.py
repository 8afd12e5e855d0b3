"""Names that a service refuses: `fault` (the name, or the pieces of it that are known), `allowed`, `argument`.

Providers pass most of them on, so that only the apply fails. `fault` is unknown where the resource may not be made; a name that is not
known says nothing, of one that is partly known the pieces that are: their characters, and that they are too long together. One that
only says what has to be given instead of it (`<name>`, `YOUR_NAME`) is left alone.
Forms of AWS: the service models of botocore 1.43.11; the others as documented on 2026-11-29, the pages stand beside them.
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import lru_cache

from msgspec import Struct

from bot.engine.model.asked_for import is_asked_for, is_of_a_test
from bot.engine.model.match import Subject
from bot.engine.model.resource import Model, Resource
from bot.engine.model.value import Known, Unknown, Value
from bot.engine.pattern import Pattern
from bot.engine.views.reading import attribute, constant, fact, managed

LOWER, DIGITS = "a-z", "0-9"
LETTERS = "A-Za-z"
WORD = "A-Za-z0-9_"


class Form(Struct, frozen=True):
    """`first`, `taken`: classes of characters, of the first and of any. `least`, `most`: how many."""

    first: str
    taken: str
    least: int
    most: int

    @property
    def told(self) -> str:
        """How a reader is told."""
        begins = "" if self.first == self.taken else f" that begin with {self.first}"
        return f"{self.least} to {self.most} of {self.taken}{begins}"


_AGENT = Form(LETTERS, WORD, 1, 48)
_GATEWAY = Form(LETTERS + DIGITS, LETTERS + DIGITS + "-", 1, 100)
_IAM_64 = Form(WORD + "+=,.@-", WORD + "+=,.@-", 1, 64)
_IAM_128 = Form(WORD + "+=,.@-", WORD + "+=,.@-", 1, 128)
_BALANCER = Form(LETTERS + DIGITS, LETTERS + DIGITS + "-", 1, 32)
_NETWORK_NAME = Form(LOWER, LOWER + DIGITS + "-", 1, 63)
FORMS: dict[tuple[str, str], Form] = {
    ("aws_bedrockagentcore_memory", "name"): _AGENT,
    ("aws_bedrockagentcore_agent_runtime", "agent_runtime_name"): _AGENT,
    ("aws_bedrockagentcore_browser", "name"): _AGENT,
    ("aws_bedrockagentcore_code_interpreter", "name"): _AGENT,
    ("aws_bedrockagentcore_gateway", "name"): _GATEWAY,
    ("aws_bedrockagentcore_workload_identity", "name"): Form(WORD + ".-", WORD + ".-", 3, 255),
    ("aws_iam_role", "name"): _IAM_64,
    ("aws_iam_user", "name"): _IAM_64,
    ("aws_iam_policy", "name"): _IAM_128,
    ("aws_iam_instance_profile", "name"): _IAM_128,
    ("aws_dynamodb_table", "name"): Form(WORD + ".-", WORD + ".-", 3, 255),
    ("aws_kinesis_stream", "name"): Form(WORD + ".-", WORD + ".-", 1, 128),
    ("aws_kinesis_firehose_delivery_stream", "name"): Form(WORD + ".-", WORD + ".-", 1, 64),
    ("aws_cloudwatch_log_group", "name"): Form(WORD + "./#-", WORD + "./#-", 1, 512),
    ("aws_cloudwatch_event_rule", "name"): Form(WORD + ".-", WORD + ".-", 1, 64),
    ("aws_scheduler_schedule", "name"): Form(WORD + ".-", WORD + ".-", 1, 64),
    ("aws_wafv2_web_acl", "name"): Form(WORD + "-", WORD + "-", 1, 128),
    ("aws_backup_vault", "name"): Form(WORD + "-", WORD + "-", 2, 50),
    ("aws_eks_cluster", "name"): Form(LETTERS + DIGITS, WORD + "-", 1, 100),
    ("aws_opensearch_domain", "domain_name"): Form(LOWER, LOWER + DIGITS + "-", 3, 28),
    ("aws_opensearchserverless_collection", "name"): Form(LOWER, LOWER + DIGITS + "-", 3, 32),
    # https://docs.aws.amazon.com/AmazonS3/latest/userguide/bucketnamingrules.html
    ("aws_s3_bucket", "bucket"): Form(LOWER + DIGITS, LOWER + DIGITS + ".-", 3, 63),
    # https://docs.aws.amazon.com/elasticloadbalancing/latest/APIReference/API_CreateLoadBalancer.html, API_CreateTargetGroup.html
    ("aws_lb", "name"): _BALANCER,
    ("aws_lb_target_group", "name"): _BALANCER,
    # https://docs.aws.amazon.com/AmazonRDS/latest/APIReference/API_CreateDBInstance.html, API_CreateDBCluster.html
    ("aws_db_instance", "identifier"): Form(LOWER, LOWER + DIGITS + "-", 1, 63),
    ("aws_rds_cluster", "cluster_identifier"): Form(LOWER, LOWER + DIGITS + "-", 1, 63),
    # https://docs.aws.amazon.com/AmazonElastiCache/latest/APIReference/API_CreateReplicationGroup.html
    ("aws_elasticache_replication_group", "replication_group_id"): Form(LETTERS, LETTERS + DIGITS + "-", 1, 40),
    # https://learn.microsoft.com/azure/azure-resource-manager/management/resource-name-rules
    ("azurerm_storage_account", "name"): Form(LOWER + DIGITS, LOWER + DIGITS, 3, 24),
    ("azurerm_key_vault", "name"): Form(LETTERS, LETTERS + DIGITS + "-", 3, 24),
    ("azurerm_container_registry", "name"): Form(LETTERS + DIGITS, LETTERS + DIGITS, 5, 50),
    # https://cloud.google.com/storage/docs/buckets#naming
    ("google_storage_bucket", "name"): Form(LOWER + DIGITS, LOWER + DIGITS + "._-", 3, 222),
    # https://cloud.google.com/iam/docs/service-accounts-create
    ("google_service_account", "account_id"): Form(LOWER, LOWER + DIGITS + "-", 6, 30),
    # https://cloud.google.com/compute/docs/naming-resources
    ("google_compute_network", "name"): _NETWORK_NAME,
    ("google_compute_subnetwork", "name"): _NETWORK_NAME,
    ("google_compute_instance", "name"): _NETWORK_NAME,
    ("google_compute_firewall", "name"): _NETWORK_NAME,
    # https://cloud.google.com/kubernetes-engine/docs/reference/rest/v1/projects.locations.clusters
    ("google_container_cluster", "name"): Form(LOWER, LOWER + DIGITS + "-", 1, 40),
}
TYPES = tuple(sorted({kind for kind, _ in FORMS}))
_OF = {kind: [(name, form) for (other, name), form in FORMS.items() if other == kind] for kind in TYPES}


def refused_names(model: Model) -> Iterator[Subject]:
    """A fact for each name that its service is certain to refuse."""
    for resource in managed(model, TYPES):
        for name, form in _OF[resource.type]:
            value = attribute(resource, name)
            fault = _fault(value, form) if value is not None and not value.sensitive and not is_of_a_test(value) else None
            if value is not None and fault is not None:
                yield _fact(resource, name, value, fault, form)


def _fact(resource: Resource, name: str, value: Value, fault: str, form: Form) -> Subject:
    shown = resource.exists or Known(fault, value.span, value.origin)
    allowed = constant(form.told, value.span)
    return fact(resource, "refused-name", value.span, name, fault=shown, allowed=allowed, argument=constant(name, value.span))


def _fault(value: Value, form: Form) -> str | None:
    """What is known of a name that is refused. An empty one counts as not set."""
    if isinstance(value, Known) and isinstance(value.raw, str) and value.raw:
        prefix_to_give = value.assumed and value.raw.startswith(("-", "_"))  # a default that is empty, and a separator
        return None if prefix_to_give or _whole(form).fullmatch(value.raw) or is_asked_for(value.raw) else value.raw
    parts = [part for part in value.parts if part] if isinstance(value, Unknown) else []
    refused = sum(map(len, parts)) > form.most or not all(_pieces(form).fullmatch(part) for part in parts)
    return "…".join(parts) if refused and not any(map(is_asked_for, parts)) else None


@lru_cache(maxsize=64)
def _whole(form: Form) -> Pattern[str]:
    return Pattern(f"[{form.first}][{form.taken}]{{{form.least - 1},{form.most - 1}}}")


@lru_cache(maxsize=64)
def _pieces(form: Form) -> Pattern[str]:
    return Pattern(f"[{form.taken}]+")
