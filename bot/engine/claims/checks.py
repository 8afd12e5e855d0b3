"""The rules of a property: those of the policy, and conditions on the same views and arguments that no rule asks for by itself."""

from __future__ import annotations

from functools import lru_cache

from bot.engine.claims.vocabulary import PROPERTIES, Check
from bot.engine.claims.vocabulary.keys import INHERITED, KEY_ELSEWHERE, OWN_KEY, SERVICE_KEYS, with_key_elsewhere, without_own_key
from bot.engine.model.rule import All, AnyOf, Condition, Not, Quantified, Rule, Target, Test
from bot.engine.model.span import Span
from bot.engine.policy.load import Policy, policy_of

_BALANCERS = ("aws_lb", "aws_alb")
_GROUP = ("aws_elasticache_replication_group",)
_TABLE = ("aws_dynamodb_table",)
_ASSIGNED = ("azurerm_role_assignment",)
_WRITES = (
    r"[A-Za-z0-9-]+:(Put|Delete|Create|Update|Modify|Attach|Detach|Terminate|RunInstances|Remove|Write|Reboot|Restore|Send|Publish|Tag|Untag|"
    r"Set|Stop|Disable|Enable|Register|Deregister|Revoke|Authorize|Associate|Disassociate|Replace|Reset|Import|BatchWrite|BatchDelete|\*).*|\*"
)
# By these whoever runs reports about itself, whatever else it may do.
_REPORTS = r"(logs|xray|sts|ssmmessages|ec2messages):.*|cloudwatch:PutMetricData|ssm:UpdateInstanceInformation"
_READS = (
    r"[A-Za-z0-9-]+:(Get|List|Describe|BatchGet|BatchDescribe|BatchCheck|Head|Search|Lookup|Query|Scan|Select|View|Check|Filter|Test|Detect|"
    r"Simulate|Preview|Validate|Download|Discover|Explain|Estimate)[A-Za-z0-9*]*"
)
# https://cloud.google.com/iam/docs/roles-overview, https://learn.microsoft.com/azure/role-based-access-control/built-in-roles
_GOOGLE_READS = r"roles/([a-zA-Z.]*\.)?([a-zA-Z]*[vV]iewer|[a-zA-Z]*Reader|reader|secretAccessor|browser)"
_GOOGLE_WRITES = (
    r"roles/(owner|editor|[a-zA-Z]+\.([a-zA-Z]*[aA]dmin|editor|[a-zA-Z]*Editor|owner|[wW]riter|[a-zA-Z]*Writer|[a-zA-Z]*Creator))"
)
_AZURE_READS = r"([A-Za-z ]* )?Reader"
_AZURE_WRITES = r"Owner|Contributor|User Access Administrator|[A-Za-z ]* (Contributor|Administrator|Owner|Officer)"
_PARAMETER = ("azurerm_mysql_flexible_server_configuration", "azurerm_postgresql_flexible_server_configuration")
_PARAMETERS = (
    "aws_db_parameter_group",
    "aws_rds_cluster_parameter_group",
    "aws_redshift_parameter_group",
    "aws_docdb_cluster_parameter_group",
)
# https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/PostgreSQL.Concepts.General.SSL.html and its pages on the other engines
_SECURE_TRANSPORT = Test(("name",), "one_of", ("rds.force_ssl", "require_secure_transport", "require_ssl", "tls"))
_SWITCHED_ON = Test(("value",), "matches", ("(?i)1|on|true|enabled|tls1.*|fips.*",))
_SWITCHED_OFF = Test(("value",), "matches", ("(?i)0|off|false|disabled",))
_ALLOWS = Test(("effect",), "equals", ("Allow",))
_DENIES = Not(_ALLOWS)
_ON_EVERYTHING = Quantified("some", "resources", Test((".",), "equals", ("*",)))


def _keyless(path: str, types: tuple[str, ...]) -> Condition:
    """Whether the key is the service's own: it is named, or none is and nothing that brings one."""
    unnamed = All((Test((path,), "empty"), *(Test((other,), "empty") for other in INHERITED)))
    return AnyOf((unnamed, Test((path,), "one_of", SERVICE_KEYS))) if types[0].startswith("aws_") else unnamed


_OWN: dict[str, tuple[Target, Condition, str]] = {
    # https://registry.terraform.io/providers/hashicorp/aws/latest/docs/resources/lb#internal-1: faces the internet by default
    "claim-balancer-public": (Target("terraform", _BALANCERS), Test(("internal",), "false", absent=True), "internal"),
    "claim-open-to-world": (Target(view="ingress"), All((Test(("allowed",), "true"), Test(("prefixes",), "world"))), "prefixes"),
    "claim-policy-writes": (
        Target(view="statement"),
        All(
            (
                Test(("document",), "equals", ("identity",)),
                _ALLOWS,
                Quantified("some", "actions", All((Test((".",), "matches", (_WRITES,)), Not(Test((".",), "matches", (_REPORTS,)))))),
            )
        ),
        "actions",
    ),
    "claim-table-not-recoverable": (
        Target("terraform", _TABLE),
        Test(("point_in_time_recovery.enabled",), "false", absent=True),
        "point_in_time_recovery.enabled",
    ),
    # https://docs.aws.amazon.com/AmazonS3/latest/userguide/security-best-practices.html: by a denial of what does not come by TLS
    "claim-policy-without-tls": (
        Target(view="statement"),
        AnyOf(
            (
                _ALLOWS,
                Not(
                    Quantified(
                        "some",
                        "conditions",
                        All((Test(("key",), "equals", ("aws:SecureTransport",)), Test(("values",), "contains_any", ("false",)))),
                    )
                ),
            )
        ),
        "conditions",
    ),
    "claim-policy-does-more-than-read": (
        Target(view="statement"),
        AnyOf((_DENIES, Quantified("some", "actions", Not(Test((".",), "matches", (_READS,)))))),
        "actions",
    ),
    "claim-policy-on-everything": (
        Target(view="statement"),
        All((_ALLOWS, _ON_EVERYTHING, Test(("has_condition",), "false"))),
        "resources",
    ),
    "claim-policy-not-scoped": (Target(view="statement"), AnyOf((_DENIES, _ON_EVERYTHING)), "resources"),
    "claim-attached-writes": (
        Target(view="attachment"),
        Test(("policy",), "matches", (r".*(FullAccess|AdministratorAccess|PowerUserAccess)",)),
        "policy",
    ),
    "claim-attached-not-read-only": (
        Target(view="attachment"),
        Not(Test(("policy",), "matches", (r".*/[A-Za-z0-9]*(ReadOnly|ViewOnly|SecurityAudit)[A-Za-z0-9]*",))),
        "policy",
    ),
    "claim-assigned-writes": (
        Target("terraform", _ASSIGNED),
        Test(("role_definition_name",), "matches", (_AZURE_WRITES,)),
        "role_definition_name",
    ),
    "claim-assigned-not-read-only": (
        Target("terraform", _ASSIGNED),
        Not(Test(("role_definition_name",), "matches", (_AZURE_READS,))),
        "role_definition_name",
    ),
    "claim-assigned-broad": (
        Target("terraform", _ASSIGNED),
        Test(("role_definition_name",), "one_of", ("Owner", "Contributor", "User Access Administrator")),
        "role_definition_name",
    ),
    "claim-bound-writes": (Target(view="binding"), Test(("role",), "matches", (_GOOGLE_WRITES,)), "role"),
    "claim-bound-not-read-only": (Target(view="binding"), Not(Test(("role",), "matches", (_GOOGLE_READS,))), "role"),
    "claim-bound-broad": (Target(view="binding"), Test(("role",), "one_of", ("roles/owner", "roles/editor")), "role"),
    "claim-not-guarded": (
        Target("terraform", ("*",)),
        Test(("lifecycle.prevent_destroy",), "false", absent=True),
        "lifecycle.prevent_destroy",
    ),
    "claim-directory-deletion-protection-off": (
        Target("terraform", ("aws_cognito_user_pool",)),
        Test(("deletion_protection",), "equals", ("INACTIVE",)),
        "deletion_protection",
    ),
    # https://docs.aws.amazon.com/eks/latest/userguide/cluster-endpoint.html: both ways are open to begin with
    "claim-cluster-endpoint-public": (
        Target("terraform", ("aws_eks_cluster",)),
        Test(("vpc_config.endpoint_public_access",), "true", absent=True),
        "vpc_config.endpoint_public_access",
    ),
    "claim-firewall-not-logged": (
        Target("terraform", ("google_compute_firewall",)),
        Test(("log_config",), "absent"),
        "log_config",
    ),
    "claim-cache-in-one-zone": (Target("terraform", _GROUP), Test(("multi_az_enabled",), "false", absent=True), "multi_az_enabled"),
    "claim-table-deletion-protection-off": (
        Target("terraform", _TABLE),
        Test(("deletion_protection_enabled",), "false", absent=True),
        "deletion_protection_enabled",
    ),
    # https://docs.aws.amazon.com/efs/latest/ug/encryption-at-rest.html: a file system is clear unless it says otherwise
    "claim-file-system-unencrypted": (
        Target("terraform", ("aws_efs_file_system",)),
        Test(("encrypted",), "false", absent=True),
        "encrypted",
    ),
    # https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/EncryptionAtRest.html: by a key of the service else
    "claim-table-key-not-named": (
        Target("terraform", _TABLE),
        Test(("server_side_encryption.enabled",), "false", absent=True),
        "server_side_encryption.enabled",
    ),
    # One parameter is a resource on Azure, and a block of a group on AWS.
    "claim-parameter-takes-plain-connections": (Target("terraform", _PARAMETER), All((_SECURE_TRANSPORT, _SWITCHED_OFF)), "value"),
    "claim-parameter-not-secure-transport": (Target("terraform", _PARAMETER), Not(All((_SECURE_TRANSPORT, _SWITCHED_ON))), "value"),
    "claim-parameters-take-plain-connections": (
        Target("terraform", _PARAMETERS),
        Quantified("some", "parameter", All((_SECURE_TRANSPORT, _SWITCHED_OFF))),
        "parameter",
    ),
    "claim-parameters-not-secure-transport": (
        Target("terraform", _PARAMETERS),
        Not(Quantified("some", "parameter", All((_SECURE_TRANSPORT, _SWITCHED_ON)))),
        "parameter",
    ),
    # https://cloud.google.com/memorystore/docs/redis/about-in-transit-encryption: off unless it says otherwise
    "claim-google-cache-clear-in-transit": (
        Target("terraform", ("google_redis_instance",)),
        Test(("transit_encryption_mode",), "not_equals", ("SERVER_AUTHENTICATION",), absent=True),
        "transit_encryption_mode",
    ),
    "claim-listener-not-redirecting": (
        Target("terraform", ("aws_lb_listener", "aws_alb_listener")),
        All((Test(("protocol",), "equals", ("HTTP",)), Not(Test(("default_action.redirect.protocol",), "equals", ("HTTPS",))))),
        "protocol",
    ),
    "claim-distribution-not-redirecting": (
        Target("terraform", ("aws_cloudfront_distribution",)),
        Not(Test(("default_cache_behavior.viewer_protocol_policy",), "equals", ("redirect-to-https",))),
        "default_cache_behavior.viewer_protocol_policy",
    ),
    "claim-url-map-not-redirecting": (
        Target("terraform", ("google_compute_url_map",)),
        Test(("default_url_redirect.https_redirect",), "false", absent=True),
        "default_url_redirect.https_redirect",
    ),
    "claim-database-not-transparent": (
        Target("terraform", ("azurerm_mssql_database",)),
        Test(("transparent_data_encryption_enabled",), "false"),
        "transparent_data_encryption_enabled",
    ),
    **{without_own_key(path): (Target("terraform", types), _keyless(path, types), path) for path, types in OWN_KEY.items()},
    **{with_key_elsewhere(path): (Target("terraform", types), Test((path,), "empty"), path) for path, types in KEY_ELSEWHERE.items()},
}


def _own(name: str) -> Rule:
    target, when, anchor = _OWN[name]
    return Rule(name, name, "advice", "low", "claims", "advice", (target,), when, anchor, "", "", "", Span("", 0), "claims")


@lru_cache(maxsize=64)
def rules_of(policy: Policy, properties: frozenset[str]) -> Policy:
    """The policy that consists of the rules of these properties."""
    wanted = {check.rule for name in properties for check in PROPERTIES[name].checks}
    return policy_of([*policy.rules.named(wanted), *(_own(name) for name in sorted(wanted & _OWN.keys()))], f"claims {policy.digest}")


def checks(name: str) -> dict[str, Check]:
    """The checks of a property by their rules."""
    return {check.rule: check for check in PROPERTIES[name].checks}
