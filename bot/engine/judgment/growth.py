"""View `growth`: what may cost several times as much from now on, or what cannot be given back.

Fields: `form` (`size`: a larger size; `capacity`: more of it may run; `unbounded`: its largest number is not set any more; `gateways`:
NAT gateways that come together; `commitment`: paid for whether it is used or not; unknown where it cannot be told), `name` (the argument,
the type), `before`, `after` (of a number or size), `times` (by how much it grows), `number` (what there is afterwards).
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from bot.engine.judgment.difference import Difference, Pair
from bot.engine.judgment.guards import value_of
from bot.engine.judgment.replacement import ignored_paths, is_ignored
from bot.engine.judgment.sizes import weight
from bot.engine.judgment.subjects import place_of, subject, unknown_of, written_key
from bot.engine.model.match import Cause, Change, Subject
from bot.engine.model.resource import Resource
from bot.engine.model.value import Known, Null, Unknown, Value
from bot.engine.views.machine import SIZES
from bot.engine.views.reading import elements, text, whole

FIELDS = ("form", "name", "before", "after", "times", "number")
# Type → arguments that say how many may run at most.
CAPACITIES: Mapping[str, tuple[str, ...]] = {
    "aws_appautoscaling_target": ("max_capacity",),
    "aws_autoscaling_group": ("max_size",),
    "aws_dynamodb_table": ("read_capacity", "write_capacity"),
    "aws_ecs_service": ("desired_count",),
    "aws_eks_node_group": ("scaling_config.max_size",),
    "aws_elasticache_cluster": ("num_cache_nodes",),
    "aws_elasticache_replication_group": ("num_cache_clusters", "num_node_groups", "replicas_per_node_group"),
    "aws_elasticsearch_domain": ("cluster_config.instance_count", "cluster_config.warm_count"),
    "aws_kinesis_stream": ("shard_count",),
    "aws_lambda_provisioned_concurrency_config": ("provisioned_concurrent_executions",),
    "aws_msk_cluster": ("number_of_broker_nodes",),
    "aws_opensearch_domain": ("cluster_config.instance_count", "cluster_config.warm_count"),
    "aws_rds_cluster": ("serverlessv2_scaling_configuration.max_capacity", "scaling_configuration.max_capacity"),
    "aws_redshift_cluster": ("number_of_nodes",),
    "azurerm_cosmosdb_sql_container": ("throughput", "autoscale_settings.max_throughput"),
    "azurerm_cosmosdb_sql_database": ("throughput", "autoscale_settings.max_throughput"),
    "azurerm_eventhub_namespace": ("capacity", "maximum_throughput_units"),
    "azurerm_kubernetes_cluster": ("default_node_pool.max_count", "default_node_pool.node_count"),
    "azurerm_kubernetes_cluster_node_pool": ("max_count", "node_count"),
    "azurerm_linux_virtual_machine_scale_set": ("instances",),
    "azurerm_monitor_autoscale_setting": ("profile.capacity.maximum",),
    "azurerm_service_plan": ("worker_count", "maximum_elastic_worker_count"),
    "azurerm_windows_virtual_machine_scale_set": ("instances",),
    "google_bigtable_instance": ("cluster.num_nodes", "cluster.autoscaling_config.max_nodes"),
    "google_cloud_run_v2_service": ("template.scaling.max_instance_count",),
    "google_cloudfunctions2_function": ("service_config.max_instance_count",),
    "google_compute_autoscaler": ("autoscaling_policy.max_replicas",),
    "google_compute_instance_group_manager": ("target_size",),
    "google_compute_region_autoscaler": ("autoscaling_policy.max_replicas",),
    "google_compute_region_instance_group_manager": ("target_size",),
    "google_container_node_pool": ("autoscaling.max_node_count", "node_count"),
    "google_spanner_instance": ("num_nodes", "processing_units"),
}
# Without it nothing ends the growth but the provider's quota.
BOUNDS: Mapping[str, tuple[str, ...]] = {
    "aws_lambda_function": ("reserved_concurrent_executions",),
    "azurerm_linux_function_app": ("site_config.app_scale_limit",),
    "azurerm_service_plan": ("maximum_elastic_worker_count",),
    "azurerm_windows_function_app": ("site_config.app_scale_limit",),
    "google_cloud_run_v2_service": ("template.scaling.max_instance_count",),
    "google_cloudfunctions2_function": ("service_config.max_instance_count",),
    "google_cloudfunctions_function": ("max_instances",),
}
COMMITMENTS = frozenset(
    {
        "aws_cloudhsm_v2_cluster",
        "aws_dx_connection",
        "aws_ec2_capacity_block_reservation",
        "aws_ec2_capacity_reservation",
        "aws_ec2_host",
        "aws_rds_reserved_instance",
        "aws_shield_subscription",
        "azurerm_capacity_reservation",
        "azurerm_dedicated_hardware_security_module",
        "azurerm_dedicated_host",
        "azurerm_express_route_circuit",
        "azurerm_network_ddos_protection_plan",
        "google_bigquery_capacity_commitment",
        "google_compute_region_commitment",
        "google_compute_reservation",
    }
)
TENANCIES: Mapping[str, str] = {"aws_instance": "tenancy", "aws_launch_template": "placement.tenancy", "aws_vpc": "instance_tenancy"}
DEDICATED = ("dedicated", "host")
GATEWAY = "aws_nat_gateway"


def growths(difference: Difference) -> Iterator[Subject]:
    """A fact for each size and number that grows, each that is not bounded any more, and each commitment that is new."""
    for pair in difference.pairs:
        ignored = tuple(ignored_paths(pair.after))
        for path in (path for path in CAPACITIES.get(pair.after.type, ()) if not is_ignored(path, ignored)):
            yield from _capacity(difference, pair, path)
        yield from _unbounded(pair)
        yield from _size(difference, pair, ignored)
    for item in difference.created:
        if item.type in COMMITMENTS:
            yield _fact(item, item.exists or "commitment", item.type, Change("", None, item.exists))
    yield from _dedicated(difference)
    yield from _gateways(difference)


def _capacity(difference: Difference, pair: Pair, path: str) -> Iterator[Subject]:
    before, after = value_of(pair.before, path), value_of(pair.after, path)
    if after is None or difference.comparison.same(before, after) or isinstance(before, Unknown):
        return
    change = Change(path, before, after)
    old, new = _number(before), _number(after)
    if isinstance(after, Unknown):
        yield _fact(pair.after, after, path, change)
    elif old and new and new > old:
        yield _fact(pair.after, "capacity", path, change, times=new / old, number=new)


def _unbounded(pair: Pair) -> Iterator[Subject]:
    for path in BOUNDS.get(pair.after.type, ()):
        before, after = value_of(pair.before, path), value_of(pair.after, path)
        old, new = _number(before), _number(after)
        if old and old > 0 and (after is None or (new is not None and new <= 0)):
            yield _fact(pair.after, "unbounded", path, Change(path, before, after))


def _size(difference: Difference, pair: Pair, ignored: tuple[str, ...]) -> Iterator[Subject]:
    path = SIZES.get(pair.after.type, ("", "", ""))[1]
    if not path or is_ignored(path, ignored):
        return
    before, after = _first(value_of(pair.before, path)), _first(value_of(pair.after, path))
    if before is None or after is None or isinstance(before, Unknown) or difference.comparison.same(before, after):
        return
    change = Change(path, before, after)
    old, new = weight(text(before) or ""), weight(text(after) or "")
    if isinstance(after, Unknown):
        yield _fact(pair.after, after, path, change)
    elif old and new and new > old:
        yield _fact(pair.after, "size", path, change, times=new / old, number=int(new))


def _dedicated(difference: Difference) -> Iterator[Subject]:
    for former, item in difference.blocks("managed"):
        path = TENANCIES.get(item.type)
        before, after = (value_of(side, path) if side and path else None for side in (former, item))
        if text(after) in DEDICATED and text(before) not in DEDICATED and path:
            yield _fact(item, item.exists or "commitment", path, Change(path, before, after))


def _gateways(difference: Difference) -> Iterator[Subject]:
    """NAT gateways that come with one change: a zone each, as a rule. Those that only get another address are not more."""
    again = sum(1 for loss in difference.losses if loss.resource.type == GATEWAY and loss.anew)
    made = [item for item in difference.created if item.type == GATEWAY][again:]
    if not made:
        return
    first, before = made[0], again + sum(1 for pair in difference.pairs if pair.after.type == GATEWAY)
    sure = [item for item in made if item.exists is None]
    change = Change("", None, first.exists)
    form = "gateways" if sure else first.exists
    if form is not None:
        yield _fact(sure[0] if sure else first, form, GATEWAY, change, times=float(len(made)), number=before + len(made))


def _fact(item: Resource, form: str | Unknown, name: str, change: Change, times: float = 0.0, number: int = 0) -> Subject:
    place = place_of(change.after, item)
    cause = Cause(change, key=("growth", item.definition, name) if name == GATEWAY else written_key("growth", item, name, change))
    unsure = unknown_of(change) if isinstance(form, str) and form != "unbounded" else None
    told_form = unsure or form
    factor = int(times) if times == int(times) else round(times, 2)
    numbers: dict[str, Value] = {"times": Known(factor, place), "number": Known(number, place)}
    if isinstance(told_form, Unknown):
        numbers = dict.fromkeys(numbers, told_form)
    sides = {"before": change.before, "after": change.after}
    told = {side: value for side, value in sides.items() if value is not None and not isinstance(value, Null | Unknown)}
    return subject("growth", item, place, cause, form=told_form, name=name, **told, **numbers)


def _number(value: Value | None) -> int | None:
    return whole(value) if value is not None else None


def _first(value: Value | None) -> Value | None:
    return next(iter(elements(value)), None)
