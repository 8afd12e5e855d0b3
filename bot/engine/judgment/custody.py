"""View `custody`: where kept data lies from now on, and who holds the key to it.

Fields: `form` (`region`: a provider's configuration, or something that stays, is in another region; `copy`: a copy is kept elsewhere;
`provider-key`: a key of one's own no longer encrypts, but the provider's; `foreign-key`: a key of another account does; unknown where it
cannot be told), `name` (the argument or type), `before`, `after`.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from bot.engine.judgment.difference import Difference, Pair
from bot.engine.judgment.guards import value_of
from bot.engine.judgment.reaching import reach
from bot.engine.judgment.subjects import block_key, place_of, subject, written_key
from bot.engine.model.match import Cause, Change, Subject
from bot.engine.model.resource import Resource
from bot.engine.model.value import Null, Unknown, Value
from bot.engine.pattern import Pattern
from bot.engine.views.location import ATTRIBUTES
from bot.engine.views.reading import body_of, elements, text

FIELDS = ("form", "name", "before", "after")
# What is a copy by being there.
COPIES = frozenset(
    {
        "aws_ami_copy",
        "aws_db_instance_automated_backups_replication",
        "aws_dynamodb_global_table",
        "aws_dynamodb_table_replica",
        "aws_ebs_snapshot_copy",
        "aws_ecr_replication_configuration",
        "aws_efs_replication_configuration",
        "aws_kms_replica_external_key",
        "aws_kms_replica_key",
        "aws_rds_global_cluster",
        "aws_redshift_snapshot_copy",
        "aws_s3_bucket_replication_configuration",
        "azurerm_mssql_failover_group",
        "azurerm_site_recovery_replicated_vm",
        "azurerm_storage_object_replication",
        "google_compute_disk_async_replication",
    }
)
# Blocks and lists of which every element is a copy.
COPYING: Mapping[str, tuple[str, ...]] = {
    "aws_backup_plan": ("rule.copy_action",),
    "aws_dynamodb_table": ("replica",),
    "aws_ecr_replication_configuration": ("replication_configuration.rule",),
    "aws_s3_bucket": ("replication_configuration.rules",),
    "aws_s3_bucket_replication_configuration": ("rule",),
    "aws_secretsmanager_secret": ("replica",),
    "azurerm_app_configuration": ("replica",),
    "azurerm_container_registry": ("georeplications",),
    "azurerm_cosmosdb_account": ("geo_location",),
    "google_secret_manager_secret": ("replication.user_managed.replicas",),
}
# Redundancy that keeps copies in a second region: https://learn.microsoft.com/azure/storage/common/storage-redundancy.
REDUNDANCY: Mapping[str, tuple[str, ...]] = {
    "azurerm_mssql_database": ("storage_account_type",),
    "azurerm_postgresql_flexible_server": ("geo_redundant_backup_enabled",),
    "azurerm_mysql_flexible_server": ("geo_redundant_backup_enabled",),
    "azurerm_recovery_services_vault": ("storage_mode_type",),
    "azurerm_storage_account": ("account_replication_type",),
}
TWO_REGIONS = frozenset({"grs", "ragrs", "gzrs", "ragzrs", "geo", "geozone", "georedundant", "true"})
KEYS = frozenset(
    {
        "customer_managed_key",
        "customer_managed_key_id",
        "default_kms_key_name",
        "disk_encryption_set_id",
        "encryption_key",
        "key_vault_key_id",
        "kms_key",
        "kms_key_arn",
        "kms_key_id",
        "kms_key_name",
        "kms_key_self_link",
        "kms_master_key_id",
    }
)
_PROVIDERS_KEY = Pattern(r"(?:.*:)?alias/aws/.*")
_ACCOUNT = Pattern(r"arn:[\w-]+:kms:[\w-]*:(\d{12}):.*")


def custodies(difference: Difference) -> Iterator[Subject]:
    """A fact for each region that differs, each copy that is new, and each key that is given up."""
    yield from _configured(difference)
    for item in difference.created:
        if item.type in COPIES:
            change = Change("", None, item.exists)
            yield _fact(difference, item, item.exists or "copy", item.type, change, block_key("custody", item, item.type))
    for pair in difference.pairs:
        yield from _copied(difference, pair)
        yield from _keyed(difference, pair)
        yield from _moved(difference, pair)


def _configured(difference: Difference) -> Iterator[Subject]:
    """The region of a provider's configuration, for all that names none itself."""
    for former, item in difference.blocks("provider"):
        if former is not None:
            for path in ATTRIBUTES.get(item.name, ()):
                yield from _region(difference, former, item, path)


def _moved(difference: Difference, pair: Pair) -> Iterator[Subject]:
    """What keeps something and names another region; a zone of the same region is none."""
    facts = difference.stateful.get(pair.after.type)
    if facts is not None and facts.keeps == "data":
        for path in ATTRIBUTES.get(pair.after.type.partition("_")[0], ()):
            if path != "zone":
                yield from _region(difference, pair.before, pair.after, path)


def _region(difference: Difference, former: Resource, item: Resource, path: str) -> Iterator[Subject]:
    before, after = value_of(former, path), value_of(item, path)
    if before is None or after is None or difference.comparison.same(before, after) or _plain(before) == _plain(after) != "":
        return
    if isinstance(before, Unknown):
        return
    form = after if isinstance(after, Unknown) else "region"
    change = Change(path, before, after)
    yield _fact(difference, item, form, path, change, _from_to("custody", item, change))


def moved_region(view: str, item: Resource, change: Change) -> tuple[str, ...]:
    """What makes one cause of everything in a root that goes from one region to the same other one; empty for another change."""
    places = ATTRIBUTES.get(item.type.partition("_")[0], ())
    known = not isinstance(change.before, Unknown | None) and not isinstance(change.after, Unknown | None)
    return _from_to(view, item, change) if known and change.path in places and change.path != "zone" else ()


def _from_to(view: str, item: Resource, change: Change) -> tuple[str, ...]:
    return view, item.root, change.path, *("" if side is None else _plain(side) for side in (change.before, change.after))


def _plain(value: Value) -> str:
    """`West Europe` is `westeurope`."""
    return (text(value) or "").replace(" ", "").lower()


def _copied(difference: Difference, pair: Pair) -> Iterator[Subject]:
    for path in COPYING.get(pair.after.type, ()):
        before, after = _elements(pair.before, path), _elements(pair.after, path)
        new = [item for item in after if not any(difference.comparison.same(item, other) for other in before)]
        if len(after) > len(before) and new:
            form = next((item for item in new if isinstance(item, Unknown)), None)
            yield _fact(difference, pair.after, form or "copy", path, Change(path, None, new[0]))
    for path in REDUNDANCY.get(pair.after.type, ()):
        old, now = value_of(pair.before, path), value_of(pair.after, path)
        if (text(now) or "").lower() in TWO_REGIONS and not isinstance(old, Unknown) and (text(old) or "").lower() not in TWO_REGIONS:
            yield _fact(difference, pair.after, "copy", path, Change(path, old, now))


def _elements(item: Resource, path: str) -> tuple[Value, ...]:
    """Of every block on the way."""
    found: tuple[Value, ...] = tuple(value for value in (item.attributes.get(path.partition(".")[0]),) if value is not None)
    found = tuple(inner for value in found for inner in elements(value))
    for step in path.split(".")[1:]:
        bodies = [body_of(value) for value in found]
        found = tuple(inner for body in bodies if isinstance(body, dict) for inner in elements(body.get(step)))
    return found


def _keyed(difference: Difference, pair: Pair) -> Iterator[Subject]:
    for change in difference.changes(pair):
        name = change.path.rpartition(".")[2]
        if name not in KEYS or _is_none(change.before):
            continue
        if _is_none(change.after):
            yield _fact(difference, pair.after, "provider-key", change.path, change)
        elif isinstance(change.after, Unknown) and not change.after.refs:
            yield _fact(difference, pair.after, change.after, change.path, change)
        elif _owner(change.before) != _owner(change.after) and _owner(change.after) is not None:
            yield _fact(difference, pair.after, "foreign-key", change.path, change)


def _is_none(value: Value | None) -> bool:
    """Nothing that is set, or the provider's own key."""
    if value is None or isinstance(value, Null):
        return True
    written = text(value)
    return not elements(value) or (written is not None and (not written or _PROVIDERS_KEY.fullmatch(written) is not None))


def _owner(value: Value | None) -> str | None:
    found = _ACCOUNT.fullmatch(text(value) or "")
    return found[1] if found else None


def _fact(difference: Difference, item: Resource, form: str | Unknown, name: str, change: Change, key: tuple[str, ...] = ()) -> Subject:
    """`key`: of what one thing caused; else its value tells, or its block."""
    place = place_of(change.after, item)
    cause = Cause(change, key=key or written_key("custody", item, name, change), facts=reach(difference, item))
    told = {side: value for side, value in (("before", change.before), ("after", change.after)) if text(value) is not None}
    return subject("custody", item, place, cause, form=form, name=name, **told)
