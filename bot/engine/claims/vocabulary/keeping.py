"""What is kept and survives: logs, backups, versions, zones, protection from deletion."""

from __future__ import annotations

from collections.abc import Mapping

from bot.engine.claims.vocabulary.property import Check, Property

_ACCIDENT = "accidental|accidentally|unintended deletion|destruction|destroy|removal|termination|deletes"

KEEPING: Mapping[str, Property] = {
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
