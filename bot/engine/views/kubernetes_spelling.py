"""Manifests in the spelling of the Terraform provider, so that one rule reads both.

The API writes `initContainers: [...]` (https://kubernetes.io/docs/reference/kubernetes-api/); the provider repeats a block
`init_container`. What authors name themselves (labels, limits, data) is left as it is.
"""

from __future__ import annotations

from functools import lru_cache

from msgspec.structs import replace

from bot.engine.model.value import Known, Value
from bot.engine.pattern import Pattern

_HUMP = Pattern(r"(?<=[a-z0-9])(?=[A-Z])")
_OWN_NAMES = frozenset(
    ["labels", "annotations", "match_labels", "node_selector", "limits", "requests", "data", "string_data", "binary_data"]
)
_BLOCKS = {
    "containers": "container",
    "init_containers": "init_container",
    "ephemeral_containers": "ephemeral_container",
    "volumes": "volume",
    "volume_mounts": "volume_mount",
    "ports": "port",
    "rules": "rule",
    "subjects": "subject",
    "sysctls": "sysctl",
}


def in_provider_spelling(value: Value) -> Value:
    """The value with every field's name as the provider has it; places are kept."""
    if not isinstance(value, Known) or value.structure is not None:
        return value
    if isinstance(value.raw, tuple):
        return replace(value, raw=tuple(map(in_provider_spelling, value.raw)))
    if not isinstance(value.raw, dict):
        return value
    return replace(value, raw=dict(_field(name, item) for name, item in value.raw.items()))


def _field(name: str, value: Value) -> tuple[str, Value]:
    found = spelled(name)
    if found in _OWN_NAMES:
        return found, value
    return _BLOCKS.get(found, found) if _is_list(value) else found, in_provider_spelling(value)


def _is_list(value: Value) -> bool:
    return not isinstance(value, Known) or isinstance(value.raw, tuple)


@lru_cache(maxsize=1024)
def spelled(name: str) -> str:
    """`runAsUser` → `run_as_user`, `hostIPC` → `host_ipc`, `CronJob` → `cron_job`."""
    return _HUMP.sub("_", name).lower()
