"""The closed vocabulary: which words assert which property, and which rules hold it against a resource.

A rule of the policy says what is wrong, so that a property holds where none of its rules is true. Nothing here says what "encrypted" means:
the rules and their views do. Words are in lower case, without hyphens; `a|b` are alternatives, a word with `?` may be left out.
"""

from __future__ import annotations

from collections.abc import Mapping

from msgspec import Struct

from bot.engine.claims.words import listed


class Check(Struct, frozen=True):
    """A rule that is true where the property does not hold.

    `absent`: an argument that is not set refutes the claim too, because the service's default is off whatever else is set elsewhere.
    `shows`: paths of values which show that it holds, by default the rule's anchor; none where the rule alone cannot show it.
    `refutes`: whether the rule refutes the claim; one that asks for more than the claim says only shows it.
    """

    rule: str
    absent: bool = False
    refutes: bool = True
    shows: tuple[str, ...] | None = None


class Property(Struct, frozen=True):
    """What a sentence may say of a resource.

    `holds`, `fails`: adjectives and phrases that say that it is so, or not so. `acts`: what is done, with its verb. `state`: nouns that
    are enabled or disabled; `reversed`: nouns whose presence says that it is not so.
    """

    holds: tuple[str, ...]
    checks: tuple[Check, ...]
    fails: tuple[str, ...] = ()
    acts: tuple[str, ...] = ()
    state: tuple[str, ...] = ()
    reversed: tuple[str, ...] = ()


_TO_INTERNET = "to|from the? public? internet|world|outside"
_ACCIDENT = "accidental|accidentally|unintended deletion|destruction|destroy|removal|termination|deletes"
_REFUSE = "deny|denies|reject|rejects|block|blocks|denying|refuse|refuses"
_TRAFFIC = "requests|transport|traffic|connections|transit|access|uploads"

PROPERTIES: Mapping[str, Property] = {
    "encrypted": Property(
        holds=(
            "encrypted",
            "encrypted at rest|disk",
            "encrypted on disk",
            "encrypted at rest and in transit",
            "encrypted in transit and at rest",
            "encrypt|encrypts the|all|this|our",
            "kms|cmk|sse|aes256 encrypted",
        ),
        fails=("unencrypted", "not|never encrypted", "not|never encrypted at rest", "un encrypted"),
        state=(
            "encryption",
            "encryption at rest",
            "at rest encryption",
            "storage|disk|volume|server|data side? encryption",
            "storage|disk|volume|data encryption at rest",
            "kms|sse|cmk|aes256 encryption",
            "default|bucket|volume|disk? server? side? encryption by? default?",
            "sse kms|s3",
        ),
        checks=(
            Check("database-unencrypted", absent=True),
            Check("aws-volume-unencrypted"),
            Check("aws-cache-unencrypted"),
            Check("aws-dax-unencrypted"),
            Check("aws-search-domain-unencrypted"),
            Check("aws-stream-unencrypted", absent=True),
            Check("aws-topic-unencrypted", absent=True),
            Check("aws-queue-unencrypted", shows=("sqs_managed_sse_enabled", "kms_master_key_id")),
            Check("aws-bucket-encryption-not-stated", refutes=False),
            Check("aws-delivery-stream-unencrypted"),
            Check("azure-disk-encryption-switched-off"),
        ),
    ),
    "encrypted-in-transit": Property(
        holds=(
            "encrypted in|during transit",
            "https|tls|ssl only",
            "only https|tls",
            "tls|ssl|https enforced|required",
        ),
        acts=(
            "enforce|enforces|require|requires|force|forces tls|ssl|https only? connections|transport|traffic?",
            f"{_REFUSE} all|any? non tls|ssl|https|secure {_TRAFFIC}",
            f"{_REFUSE} all|any? insecure|unencrypted|plaintext|http {_TRAFFIC}",
        ),
        fails=("not encrypted in|during transit", "plain http"),
        state=("encryption in|during transit", "in? transit encryption"),
        checks=(
            Check("claim-policy-without-tls", refutes=False, shows=("conditions.key",)),
            Check("aws-listener-plain-http", shows=("protocol",)),
            Check("aws-distribution-plain-http"),
            Check("aws-search-domain-plain-http"),
            Check("azure-storage-allows-plain-http"),
            Check("azure-web-app-answers-plain-http"),
            Check("claim-cache-clear-in-transit"),
        ),
    ),
    "private": Property(
        holds=(
            "private",
            "internal",
            "internal only",
            "never|not publicly|public accessible|reachable|available|readable|exposed|visible?",
            "never|not public",
            "non public",
            f"never|not accessible|reachable|exposed|available {_TO_INTERNET}",
            "never|not exposed publicly",
            "not open to the? internet|world",
            f"inaccessible {_TO_INTERNET}",
            "private access only",
        ),
        fails=(
            "public",
            "publicly accessible|reachable|available|readable|exposed",
            f"accessible|reachable|exposed|available|open {_TO_INTERNET}",
            "open to everyone|anyone|everybody",
            "internet facing",
        ),
        state=("public access block|prevention",),
        reversed=("all? public|internet|external access", "public ip|address|endpoint|exposure ips?|addresses?", "public ip address"),
        checks=(
            Check("database-publicly-accessible"),
            Check("google-database-public-address", shows=()),
            Check("aws-bucket-public-acl", shows=()),
            Check("aws-bucket-readable-by-everyone", shows=()),
            Check("aws-bucket-writable-by-everyone", shows=()),
            Check("aws-bucket-open-to-every-account", shows=()),
            Check("aws-bucket-public-access-not-blocked-in-text", refutes=False, shows=("acls_blocked", "policy_blocked")),
            Check("azure-storage-container-public"),
            Check("azure-cache-public"),
            Check("aws-machine-public-address"),
            Check("google-vm-public-address", shows=()),
            Check("aws-kafka-public-access", shows=()),
            Check("github-repository-public"),
            Check("cluster-endpoint-open-to-world", shows=()),
            Check("claim-cluster-endpoint-public", refutes=False, shows=("vpc_config.endpoint_public_access",)),
            Check("claim-balancer-public", absent=True),
            Check("claim-open-to-world", shows=()),
        ),
    ),
    "least-privilege": Property(
        holds=(
            "least privilege|privileged permissions|access|role|policy|iam?",
            "follow|follows the? principle? of? least privilege principle?",
            "minimal|minimum necessary|required? permissions|privileges",
            "least privilege|privileged",
        ),
        checks=(Check("aws-iam-full-administrator", shows=()), Check("aws-administrator-attached", shows=())),
    ),
    "scoped": Property(
        holds=("tightly|strictly|narrowly? scoped", "scoped tightly|narrowly"),
        acts=("tightly|strictly? scoped|restricted|limited to",),
        checks=(
            Check("claim-policy-on-everything", shows=()),
            Check("claim-policy-not-scoped", refutes=False),
            Check("aws-iam-full-administrator", shows=()),
        ),
    ),
    "read-only": Property(
        holds=("read only access|permissions|role|policy?", "strictly? read only", "no write access|power|permissions|rights|privileges"),
        checks=(
            Check("claim-policy-writes", shows=()),
            Check("claim-policy-does-more-than-read", refutes=False),
            Check("aws-iam-full-administrator", shows=()),
            Check("claim-attached-writes", shows=()),
            Check("claim-attached-not-read-only", refutes=False, shows=("policy_arn",)),
        ),
    ),
    "logged": Property(
        holds=("logged",),
        state=(
            "access? logging",
            "server|alb|s3|bucket? access logs|logging",
            "audit|control plane? logs|logging",
            "query|connection|broker|firewall logging|logs",
        ),
        checks=(
            Check("aws-bucket-access-not-logged", absent=True),
            Check("aws-load-balancer-not-logged", shows=("access_logs.enabled",)),
            Check("aws-classic-load-balancer-not-logged"),
            Check("aws-distribution-not-logged"),
            Check("aws-api-stage-not-logged"),
            Check("aws-warehouse-not-logged"),
            Check("aws-cluster-control-plane-not-logged", refutes=False),
            Check("claim-firewall-not-logged"),
            Check("aws-trail-stopped", shows=("enable_logging",)),
            Check("google-cluster-without-logging"),
            Check("google-bucket-without-access-log"),
        ),
    ),
    "backed-up": Property(
        holds=("automatically? backed up", "regularly|daily|nightly backed up"),
        fails=("not backed up",),
        state=("automated|automatic|daily|nightly|regular? backups|backup", "automated|automatic snapshots"),
        checks=(Check("database-without-backups"), Check("aws-cache-without-backups")),
    ),
    "recoverable": Property(
        holds=(),
        state=("point in time recovery", "pitr", "continuous backups"),
        checks=(Check("claim-table-not-recoverable", absent=True),),
    ),
    "versioned": Property(
        holds=("versioned",),
        fails=("not versioned", "unversioned"),
        state=("object|bucket|s3? versioning",),
        checks=(
            Check("aws-bucket-not-versioned", absent=True, shows=("versioning",)),
            Check("google-bucket-without-versions", absent=True),
        ),
    ),
    "multi-zone": Property(
        holds=("multi az|zone|azs", "multiaz"),
        fails=("single az|zone", "not multi az|zone"),
        state=("multi az|zone deployment|mode|failover?",),
        checks=(Check("aws-database-in-one-zone", absent=True), Check("claim-cache-in-one-zone", absent=True)),
    ),
    "deletion-protected": Property(
        holds=(
            "deletion protected",
            f"protected from|against {_ACCIDENT}",
        ),
        acts=(f"prevent|prevents|protect|protects from|against? {_ACCIDENT}",),
        fails=("not deletion protected",),
        state=("deletion protection", "termination|delete protection"),
        checks=(
            Check("claim-not-guarded", refutes=False),
            Check("claim-directory-deletion-protection-off"),
            Check("database-deletion-protection-off", absent=True),
            Check("aws-load-balancer-deletion-protection-off", absent=True),
            Check("claim-table-deletion-protection-off", absent=True),
        ),
    ),
    "guarded": Property(
        holds=("guarded|protected by prevent_destroy",),
        state=("a|the? prevent_destroy lifecycle? rule|block|guard|blocks?", "prevent destroy lifecycle? rule|block?"),
        checks=(Check("claim-not-guarded", absent=True),),
    ),
}

# A sentence with one of these says when, what might be, what was or what somebody should do; nothing of it is held against anything.
ABSTAIN = listed("""
    should could would may might must shall can cannot will wont going consider considering considered suggest recommend recommended
    todo fixme tbd plan plans planned planning future later eventually soon temporarily temporary currently yet until unless except
    excluding if when whenever where whether while once else otherwise instead optional optionally default defaults defaulting
    was were previously formerly had been originally used before after old legacy deprecated no_longer anymore
    allow allows allowed allowing support supports supported supporting require requires required requiring need needs needed ensure
    option choose chosen possible possibly toggle configurable example examples e.g. i.e. eg ie please want wants try trying attempt
    fix fixes fixed fixing revert reverts reverted rollback workaround because since although though but however only-if or either
    maybe perhaps probably likely almost mostly partially partly some most several few certain depending depends typically usually
    normally generally mode-of non-production staging dev test tests testing demo prod production sandbox ephemeral
    why how what which? who
    """)
NEGATORS = frozenset({"not", "no", "never", "without", "none", "neither", "nor", "nothing", "lacks", "missing", "isnt"})
# Words for a part of an organisation's estate: whoever says so in a message speaks of what lies there.
PLACES = listed("staging dev test prod production sandbox demo development")
