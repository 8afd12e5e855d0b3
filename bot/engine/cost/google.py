"""Resource types of Google Cloud. What makes up a price stands on the page of each product, from https://cloud.google.com/pricing/list."""

from __future__ import annotations

from collections.abc import Mapping
from fractions import Fraction

from bot.engine.cost.spec import Never, Part, Spec, Times, When, each
from bot.engine.pattern import Pattern

MACHINE, DISK, NETWORK = "google-machine", "google-disk", "google-network"
NODE = "node_config."
SPOT: tuple[Never, ...] = (
    (When("scheduling.preemptible", ("true",), "false"), "spot"),
    (When("scheduling.provisioning_model", ("SPOT",), "STANDARD"), "spot"),
)
SPOT_NODES: tuple[Never, ...] = (
    (When(f"{NODE}preemptible", ("true",), "false"), "spot"),
    (When(f"{NODE}spot", ("true",), "false"), "spot"),
)
ACCELERATOR = Part("{type}", (Times("count"),), "google-accelerator", each="guest_accelerator")
COUNT = Times("node_count", upto="autoscaling.max_node_count", default=1)
# Nodes are counted for each zone, and a region has three: https://cloud.google.com/kubernetes-engine/docs/concepts/regional-clusters.
ZONES = {"a": 1, "b": 1, "c": 1, "d": 1, "f": 1, "": 3}  # by what stands after the last hyphen
SQL = "settings."
_EDITIONS = ("STANDARD", "ENTERPRISE", "EXPRESS", "WEB")
_CUSTOM = Pattern(r"db-custom-(\d{1,3})-(\d{1,6})( \w+)")
# From https://cloud.google.com/memorystore/docs/redis/pricing: gigabytes up to which a capacity tier goes.
_TIERS = ((4, "m1"), (10, "m2"), (35, "m3"), (100, "m4"), (300, "m5"))


def _sql(name: str) -> tuple[tuple[str, Fraction], ...]:
    """A size, or `db-custom-CPUS-MEGABYTES` as processors and memory."""
    found = _CUSTOM.fullmatch(name)
    if found is None:
        return ((name, Fraction(1)),)
    return ((f"vcpu{found[3]}", Fraction(int(found[1]))), (f"memory{found[3]}", Fraction(int(found[2]), 1024)))


def _redis(name: str) -> tuple[tuple[str, Fraction], ...]:
    """`basic 5`: the tier of its capacity, by the gigabyte."""
    kind, _, size = name.rpartition(" ")
    number = int(size) if size.isdecimal() else 0
    tier = next((tier for most, tier in _TIERS if number <= most), "")
    return ((f"{kind.removesuffix('_ha')} {tier}", Fraction(number)),)


INSTANCE = (
    Part("{machine_type}", record=MACHINE),
    Part("{type|pd-standard}", (Times("size"),), DISK, each="boot_disk.initialize_params", optional=True),
    Part("local-ssd", (Times("size", 375),), DISK, each="scratch_disk"),
    ACCELERATOR,
)
TEMPLATE = (
    Part("{machine_type}", record=MACHINE),
    Part("{disk_type|pd-standard}", (Times("disk_size_gb"),), DISK, each="disk", optional=True),
    ACCELERATOR,
)
NODES = (
    Part(f"{{{NODE}machine_type|e2-medium}}", record=MACHINE),
    Part(f"{{{NODE}disk_type|pd-balanced}}", (Times(f"{NODE}disk_size_gb", 100),), DISK),
    Part("{type}", (Times("count"),), "google-accelerator", each=f"{NODE}guest_accelerator"),
)
GROUP = Spec(TEMPLATE, outer=(Times("target_size", 0),), through=("version.instance_template",), never=SPOT, left_out=("transfer",))

SPECS: Mapping[str, Spec] = {
    "google_compute_instance": Spec(INSTANCE, never=SPOT, left_out=("image-volume", "transfer")),
    "google_compute_instance_group_manager": GROUP,
    "google_compute_region_instance_group_manager": GROUP,
    "google_compute_disk": Spec((Part("{type|pd-standard}", (Times("size"),), DISK),)),
    "google_compute_region_disk": Spec((Part("regional {type|pd-standard}", (Times("size"),), DISK),)),
    "google_compute_address": Spec((Part("address", when=(When("address_type", ("EXTERNAL",), "EXTERNAL"),)),), NETWORK),
    "google_compute_vpn_tunnel": Spec((Part("tunnel"),), NETWORK, left_out=("transfer",)),
    "google_compute_forwarding_rule": each("", "transfer"),
    "google_compute_global_forwarding_rule": Spec((Part("each"),), "google_compute_forwarding_rule", left_out=("transfer",), anywhere=True),
    "google_container_cluster": Spec((Part("each"),), left_out=("default-pool",)),
    "google_container_node_pool": Spec(
        NODES,
        outer=(COUNT, Times("node_locations", 1, length=True), Times("location", 1, values=ZONES, unless="node_locations")),
        never=SPOT_NODES,
        place="cluster",
    ),
    "google_kms_crypto_key": Spec(
        (Part("{version_template.protection_level|software}"),), left_out=("requests", "versions"), place="key_ring"
    ),
    "google_redis_cluster": Spec(
        (
            Part(
                "{node_type|redis_highmem_medium}",
                (Times("shard_count"), Times("replica_count", 0, plus=1)),
                split=lambda name: ((name.removeprefix("redis_").replace("_", " "), Fraction(1)),),
            ),
        ),
        left_out=("backups",),
    ),
    "google_redis_instance": Spec((Part("{tier|basic} {memory_size_gb}", split=_redis),)),
    "google_sql_database_instance": Spec(
        (
            Part(f"{{{SQL}tier}} {{{SQL}availability_type|zonal}}", split=_sql),
            Part(
                f"storage {{{SQL}availability_type|zonal}}",
                (Times(f"{SQL}disk_size", 10),),
                when=(When(f"{SQL}disk_type", ("PD_SSD",), "PD_SSD"),),
            ),
        ),
        never=(
            (When("database_version", tuple(f"SQLSERVER_{year}_{kind}" for year in (2017, 2019, 2022) for kind in _EDITIONS)), "licence"),
            (When(f"{SQL}disk_type", ("PD_HDD", "HYPERDISK_BALANCED"), "PD_SSD"), "price"),
            (When(f"{SQL}edition", ("ENTERPRISE_PLUS",), "ENTERPRISE"), "price"),
        ),
        left_out=("backups", "transfer"),
    ),
}
