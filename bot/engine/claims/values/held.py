"""The arguments of a block that somebody wrote, and whether one of them is what a text means and has the value that it states."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from msgspec import Struct
from msgspec.structs import replace

from bot.engine.claims.text import Sentence, Stated
from bot.engine.claims.units import counted, unit_of
from bot.engine.claims.values.reading import LIFECYCLE, Wanted
from bot.engine.model.match import Change
from bot.engine.model.resource import Resource
from bot.engine.model.value import Known, Value
from bot.engine.pattern import Pattern
from bot.engine.views.policy_text import structure_of

MOST_DEPTH = 4
_TLS = Pattern(r"TLS13-1-([0-3])|TLS[v_-]{0,2}1[._-]?([0-3])|^1\.([0-3])$")  # the least version that a policy of this name takes
_NUMBER = Pattern(r"\d+(?:\.\d+)*")
TOLERANCE = 0.005
_SIZED = ("instance_type", "instance_types", "instance_class", "node_type", "machine_type", "vm_size", "size", "tier", "kind")
_KEPT = ("retention", "retain", "expir", "days", "age", "delete_after", "recovery_window", "deletion_window", "ttl", "years")
_BARE: Mapping[str, str] = {"age": "d", "days": "d", "years": "year", "delete_after": "d", "cold_storage_after": "d"}
# What is said → the part of an argument's path that says the same.
_TOLD: tuple[tuple[tuple[str, ...], tuple[str, ...]], ...] = (
    (("min",), ("min",)),
    (("max",), ("max",)),
    (("cold", "glacier", "archive", "transition", "move", "infrequent"), ("cold", "transition", "archive")),
    (("noncurrent", "non-current", "old version", "previous version"), ("noncurrent",)),
    (("abort", "incomplete", "multipart"), ("abort",)),
    (("soft",), ("soft",)),
)
# What is counted → the arguments that say how many there are. Names: the providers' schemas.
_COUNTED: Mapping[str, tuple[str, ...]] = {
    "replica": ("replicas", "replica_count", "desired_count", "number_of_replicas", "read_replica_count"),
    "instance": ("desired_count", "desired_capacity", "instance_count", "number_of_instances", "num_instances"),
    "node": (
        "desired_size",
        "node_count",
        "number_of_nodes",
        "num_nodes",
        "num_cache_nodes",
        "num_cache_clusters",
        "number_of_broker_nodes",
    ),
    "task": ("desired_count", "task_count"),
    "worker": ("desired_count", "worker_count", "number_of_workers", "desired_size"),
    "az": ("az_count", "azs_count", "zone_count", "availability_zone_count", "azs", "availability_zones"),
    "zone": ("az_count", "azs_count", "zone_count", "availability_zone_count", "azs", "availability_zones", "zones"),
    "gateway": ("nat_gateways", "nat_gateway_count"),
    "broker": ("number_of_broker_nodes",),
    "shard": ("shard_count", "num_node_groups", "number_of_shards"),
    "image": ("countNumber",),
}
# What has an amount or a bound → how the arguments that say it are called. Names: the providers' schemas.
_AMOUNTS: Mapping[str, tuple[str, ...]] = {
    "timeout": ("timeout", "timeout_seconds", "timeout_sec", "timeout_in_seconds", "timeout_in_minutes", "timeout_milliseconds"),
    "memory": ("memory_size", "memory", "memory_mb", "memory_size_mb", "ram_mb"),
    "storage": (
        "allocated_storage",
        "volume_size",
        "disk_size_gb",
        "disk_size",
        "boot_disk_size_gb",
        "os_disk_size_gb",
        "size",
        "storage_gb",
    ),
}
_BOUNDS: Mapping[str, tuple[str, ...]] = {
    "min": ("min_size", "min_capacity", "min_count", "min_node_count", "min_instance_count", "min_instances", "min_replicas"),
    "max": ("max_size", "max_capacity", "max_count", "max_node_count", "max_instance_count", "max_instances", "max_replicas"),
    "desired": ("desired_size", "desired_capacity", "desired_count"),
}
_LISTS = frozenset({"azs", "availability_zones", "zones"})
# https://docs.aws.amazon.com/AmazonECR/latest/userguide/lifecycle_policy_parameters.html
_COUNT_UNITS: Mapping[object, str] = {"sinceImagePushed": "d", "imageCountMoreThan": "image"}
_ENGINES: Mapping[str, tuple[str, ...]] = {
    "postgres": ("postgres", "aurora-postgresql"),
    "mysql": ("mysql", "aurora-mysql"),
    "mariadb": ("mariadb",),
    "redis": ("redis",),
    "valkey": ("valkey",),
}
_VERSIONS: Mapping[str, tuple[tuple[str, ...], tuple[str, ...]]] = {
    "kubernetes": (
        ("aws_eks_cluster", "google_container_cluster", "azurerm_kubernetes_cluster", "module"),
        ("version", "kubernetes_version", "cluster_version", "min_master_version"),
    ),
    "opensearch": (("aws_opensearch_domain",), ("engine_version",)),
    "elasticsearch": (("aws_elasticsearch_domain",), ("elasticsearch_version",)),
    "python": (("aws_lambda_function", "google_cloudfunctions2_function", "google_cloudfunctions_function", "module"), ("runtime",)),
    "nodejs": (("aws_lambda_function", "google_cloudfunctions2_function", "google_cloudfunctions_function", "module"), ("runtime",)),
    "terraform": (("terraform",), ("required_version",)),
    "tls": (
        (),
        ("min_tls_version", "minimum_tls_version", "minimum_protocol_version", "ssl_policy", "security_policy", "tls_security_policy"),
    ),
}


class Argument(Struct, frozen=True):
    """A scalar with its path in the resource. `unit`: in what it counts, where what stands beside it says so."""

    resource: Resource
    path: str
    value: Known
    unit: str = ""

    @property
    def name(self) -> str:
        return self.path.rpartition(".")[2].partition("[")[0].removeprefix("length(").removesuffix(")")


def arguments_of(resource: Resource) -> Iterator[Argument]:
    """Every scalar that is written in the block itself or comes from a literal; what a caller or a default may decide is none."""
    for name, value in resource.attributes.items():
        yield from _scalars(resource, name, value, MOST_DEPTH)
        if name in _LISTS and isinstance(value, Known) and isinstance(value.raw, tuple) and _is_written(resource, value):
            yield Argument(resource, f"length({name})", replace(value, raw=len(value.raw)))
    if resource.type == LIFECYCLE:
        yield from _expiries(resource)


def _expiries(resource: Resource) -> Iterator[Argument]:
    """How many images are kept, and for how many days, by the rules of a registry."""
    policy = resource.attributes.get("policy")
    structure = structure_of(policy) if isinstance(policy, Known) else None
    rules = structure.raw.get("rules") if isinstance(structure, Known) and isinstance(structure.raw, dict) else None
    for position, rule in enumerate(rules.raw if isinstance(rules, Known) and isinstance(rules.raw, tuple) else ()):
        selection = rule.raw.get("selection") if isinstance(rule, Known) and isinstance(rule.raw, dict) else None
        fields = selection.raw if isinstance(selection, Known) and isinstance(selection.raw, dict) else {}
        number, kind = fields.get("countNumber"), fields.get("countType")
        unit = _COUNT_UNITS.get(kind.raw if isinstance(kind, Known) and isinstance(kind.raw, str) else None, "")
        if isinstance(number, Known) and isinstance(number.raw, int | float | str) and _is_written(resource, number) and unit:
            yield Argument(resource, f"policy.rules[{position}].selection.countNumber", number, unit)


def _is_written(resource: Resource, value: Known) -> bool:
    return not (value.sensitive or value.assumed or (resource.calls and value.origin) or not value.span.line or value.span == resource.span)


def _scalars(resource: Resource, path: str, value: Value, depth: int) -> Iterator[Argument]:
    if not isinstance(value, Known) or value.sensitive or value.assumed or (resource.calls and value.origin) or depth == 0:
        return
    if isinstance(value.raw, dict):
        for key, item in value.raw.items():
            yield from _scalars(resource, f"{path}.{key}", item, depth - 1)
    elif isinstance(value.raw, tuple):
        for position, item in enumerate(value.raw):
            yield from _scalars(resource, f"{path}[{position}]", item, depth)
    elif value.span.line and value.span != resource.span:
        yield Argument(resource, path, value)


def is_of(wanted: Wanted, item: Argument) -> bool:
    """Whether the argument is one that the words can mean."""
    if wanted.topic == "version" and _allows(wanted.value, str(item.value.raw)):
        return False
    if wanted.topic == "argument":
        named = item.name == wanted.name and (not wanted.types or item.resource.type.startswith(wanted.types))
        return named and (wanted.amount is None or _unit(item) is not None or same(wanted, item))
    if wanted.topic == "size":
        return item.name in _SIZED and isinstance(item.value.raw, str) and _family(item.value.raw) == _family(wanted.value)
    if wanted.topic in ("amount", "bound"):
        return _is_setting(wanted, item)
    if wanted.topic == "count":
        is_number = isinstance(item.value.raw, int | float) and not isinstance(item.value.raw, bool)
        return is_number and item.name in _COUNTED[wanted.name] and (item.name != "countNumber" or item.unit == "image")
    return _is_kept(wanted, item) if wanted.topic == "kept" else _is_versioned(wanted.name, item)


def _is_kept(wanted: Wanted, item: Argument) -> bool:
    """Whether the argument says how long something is kept, of the kind that is said."""
    if wanted.name == "backup" and not any(part in f"{item.resource.type} {item.path}" for part in ("backup", "snapshot")):
        return False
    told = item.unit == "d" or any(part in item.name for part in _KEPT) or item.name in _BARE
    return told and _is_of_kind(wanted.context, item.path) and _unit(item) is not None and isinstance(item.value.raw, int | float)


def _is_setting(wanted: Wanted, item: Argument) -> bool:
    """Whether the argument is called by what has the amount or the bound, and is of the kind that the text names."""
    if isinstance(item.value.raw, bool) or (wanted.types and not item.resource.type.startswith((*wanted.types, "module"))):
        return False
    if wanted.topic == "bound":
        return item.name in _BOUNDS[wanted.name] and isinstance(item.value.raw, int | float)
    names = _AMOUNTS[wanted.name]
    return (item.name in names or item.name.endswith(tuple(f"_{name}" for name in names))) and _unit(item) is not None


def _is_of_kind(said: str, path: str) -> bool:
    """Whether a bound, and what happens then, are told of the argument if and only if they are said."""
    return all(any(word in said for word in words) == any(part in path for part in parts) for words, parts in _TOLD)


def same(wanted: Wanted, item: Argument) -> bool:
    """Whether the argument has the value."""
    raw = item.value.raw
    unit = _unit(item) if wanted.amount is not None else None
    if wanted.topic == "argument" and wanted.amount is not None and unit is None:
        return str(raw) == wanted.value.rstrip(" abcdefghijklmnopqrstuvwxyzBGKMT")  # in what it counts is not known
    if wanted.topic == "kept" or wanted.amount is not None:
        if unit in (None, "image") or wanted.amount is None or isinstance(raw, bool) or not isinstance(raw, int | float):
            return False
        dimension, found = counted(float(raw), unit)
        return dimension == wanted.amount.dimension and any(_close(one, other) for one in wanted.amount.values for other in found)
    if wanted.name == "tls":
        least = _TLS.search(str(raw))
        return least is not None and wanted.value == f"1.{next(filter(None, least.groups()))}"
    if wanted.topic == "version":
        return _begins(wanted.value, str(raw))
    return str(raw).lower() == wanted.value.lower() if isinstance(raw, bool) else str(raw) == wanted.value


def _close(one: float, other: float) -> bool:
    return abs(one - other) <= TOLERANCE * max(abs(one), abs(other))


def _unit(item: Argument) -> str | None:
    return item.unit or unit_of(item.name, f"{item.resource.type}.") or _BARE.get(item.name)


def _family(size: str) -> str:
    first = size.partition(".")[0]
    if first in ("db", "cache", "kafka"):
        return first
    return "azure" if size.startswith("Standard_") else "google" if "." not in size else "aws"


def _is_versioned(name: str, item: Argument) -> bool:
    kind, argument = item.resource.type, item.name
    if name.startswith("provider "):
        return kind == "terraform" and argument == "version" and f".{name.partition(' ')[2]}." in f".{item.path.replace('[0]', '')}."
    if name in _ENGINES:
        engine = item.resource.attributes.get("engine")
        return argument == "engine_version" and isinstance(engine, Known) and engine.raw in _ENGINES[name]
    types, names = _VERSIONS[name]
    raw = str(item.value.raw)
    if name == "tls":
        return argument in names and _TLS.search(raw) is not None
    return kind in types and argument in names and (argument != "runtime" or raw.startswith(name))


def _allows(said: str, raw: str) -> bool:
    """Whether a constraint names less than is said and leaves room for it: `>= 1.1, < 1.2` for `1.1.7` tells neither way."""
    found = _NUMBER.search(raw)
    return found is not None and raw.lstrip()[:1] in (">", "~") and said.startswith(f"{found[0]}.") and not _begins(said, raw)


def _begins(said: str, raw: str) -> bool:
    """Whether `16` or `16.3` is the version `16.3.1`, `python16.3` or `>= 16.3`."""
    found = _NUMBER.search(raw)
    bare = found[0] if found else ""
    return bare == said or bare.startswith(f"{said}.") or said == f"{bare}.0" or said.startswith(f"{bare}.0")


def stated(sentence: Sentence, said: str, holds: bool, item: Argument) -> Stated:  # noqa: FBT001 - the first of a pair
    """What an argument shows of what is said."""
    value = item.value
    shown = f'"{value.raw}"' if isinstance(value.raw, str) else str(value.raw).lower()
    return Stated(
        sentence,
        "property",
        "supported" if holds else "contradicted",
        said,
        f"{item.path} = {shown} ({value.span.path}:{value.span.line})",
        item.resource.address,
        change=Change(item.path, value, value),
        at=value.span,
    )
