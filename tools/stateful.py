"""Writes `bot/engine/judgment/tables/`: which types keep something, what forces their replacement, what guards them.

    python -m tools.stateful DIRECTORY

DIRECTORY holds `stateful.json.gz`, `forces_replacement.json.gz`, `forces_replacement_conditional.json.gz` and `schema_*.json.gz`.
"""

from __future__ import annotations

import gzip
import json
import re
import sys
import textwrap
from pathlib import Path
from typing import Any

PROVIDERS = ("aws", "azurerm", "google", "kubernetes")
SOURCES = {
    "aws": "hashicorp/terraform-provider-aws v6.58.0",
    "azurerm": "hashicorp/terraform-provider-azurerm 5.2.0, commit 69697b7f",
    "google": "hashicorp/terraform-provider-google 7.46.0-dev, commit e03b7622",
    "kubernetes": "hashicorp/terraform-provider-kubernetes 3.2.1, commit 3a33fb6c",
}
DATE = "2026-11-22"
TARGET = Path(__file__).parents[1] / "bot/engine/judgment/tables"
WIDTH = 138
# What loses nothing that is not written elsewhere: values that stand in the code, and what only configures.
NOT_KEPT = re.compile(
    r"aws_ssm_parameter|aws_s3_object|aws_dynamodb_table_item|aws_ecs_cluster|aws_iam_user|aws_cloudfront_distribution|\w*_secret_version"
    r"|azurerm_storage_blob|azurerm_key_vault_secret|azurerm_monitor_diagnostic_setting|google_sql_user|google_logging_metric"
    r"|google_storage_bucket_object|google_secret_manager_\w*version|google_logging_project_sink"
)
DATA = re.compile(
    r"database|backup|warehouse|cache-durable|search|ledger|object-store|archive|disk|filesystem|key|key-vault|ca|secret|queue|stream"
    r"|log-store|metrics|registry|source|mail|catalog|ml-data|contact-centre|app-data|account|stack|container-of-all|media|policy-store"
    r"|workload-with-disk"
)
DATA_TYPES = re.compile(
    r"aws_cognito_user_pool|aws_directory_service_directory|azurerm_active_directory_domain_service|azurerm_app_configuration"
    r"|aws_cloudtrail_event_data_store|google_app_engine_application|aws_lightsail_instance"
)
GUARD = re.compile(r"delet|protect|snapshot|backup|retention|retain|version|recovery|lock|destroy|purge|reclaim|durability|point_in_time")
NO_GUARD = re.compile(r"encrypt|version_retention_period$|final_snapshot_identifier|final_backup_description|minimum|tls|engine_version")
# What the table has no safe value for. `more`: less is worse; `forever`: the same, and 0 keeps without end.
MORE = re.compile(r"\w*retention\w*(seconds|hours|days|duration|period)|retention_days|backup_retention\w*|data_retention_in_hours")
ADDED = {
    "aws_s3_bucket": ["versioning.enabled:true"],
    "aws_s3_bucket_versioning": ["versioning_configuration.status:Enabled"],
    "aws_dynamodb_table": ["point_in_time_recovery.enabled:true"],
    "aws_cloudwatch_log_group": ["retention_in_days:forever=0"],
    "aws_efs_backup_policy": ["backup_policy.status:ENABLED"],
    "azurerm_log_analytics_workspace": ["retention_in_days:more"],
}


def main(directory: Path) -> None:
    """Writes one module for each provider."""
    stateful = _read(directory, "stateful")["types"]
    forced, conditional = _read(directory, "forces_replacement"), _read(directory, "forces_replacement_conditional")
    for provider in PROVIDERS:
        schema = _read(directory, f"schema_{provider}")["types"]
        rows = [
            _row(name, entry, schema.get(name, {}), forced[provider].get(name, []), conditional[provider].get(name, []))
            for name, entry in sorted(stateful[provider].items())
            if not NOT_KEPT.fullmatch(name)
        ]
        head = f'"""{provider}: types that keep something.\n\nWritten by `tools/stateful.py` from {SOURCES[provider]} on {DATE}.\n"""\n\n'
        (TARGET / f"{provider}.py").write_text(f'{head}TABLE = """\n' + "".join(rows) + '"""\n')


def _row(name: str, entry: dict[str, Any], schema: dict[str, Any], forced: list[str], conditional: list[str]) -> str:
    added = {text.partition(":")[0] for text in ADDED.get(name, ())}
    guards = [
        item for item in entry["protect"] if item["attr"] not in added and GUARD.search(item["attr"]) and not NO_GUARD.search(item["attr"])
    ]
    lines = [
        ("forces", [path + _marks(schema, path) for path in sorted(forced)]),
        ("may", sorted(set(conditional) - set(forced))),
        ("guards", sorted({f"{item['attr']}:{safe}{_default(item)}" for item in guards if (safe := _safe(item))} | {*ADDED.get(name, ())})),
    ]
    return f"{name} {entry['kind']} {_keeps(name, entry['kind'])}\n" + "".join(_wrapped(word, items) for word, items in lines if items)


def _is_guard(path: str) -> bool:
    return bool(GUARD.search(path)) and not NO_GUARD.search(path)


def _safe(item: dict[str, Any]) -> str:
    """The value that guards; empty where none does."""
    if item["safe"] == "any":
        return "more" if MORE.fullmatch(item["attr"]) else ""
    return str(item["safe"])


def _keeps(name: str, kind: str) -> str:
    """`data`: what is lost cannot be made again. `guard`: it keeps nothing, but what it guards is not guarded without it."""
    if DATA.fullmatch(kind) or DATA_TYPES.fullmatch(name):
        return "data"
    return "guard" if kind in ("protection", "audit-log") else "service"


def _wrapped(word: str, items: list[str]) -> str:
    whole = textwrap.TextWrapper(WIDTH, initial_indent=" ", subsequent_indent="  ", break_on_hyphens=False, break_long_words=False)
    return whole.fill(f"{word} {' '.join(items)}") + "\n"


def _marks(schema: dict[str, Any], path: str) -> str:
    """`?`: the provider fills it in where it is not set; `=x`: the default."""
    found: dict[str, Any] = {"block": schema}
    for step in path.removesuffix(".*").split("."):
        block = found.get("block")
        found = block.get(step, {}) if isinstance(block, dict) else {}
    default = found.get("default")
    if default is not None and not isinstance(default, (dict, list)) and " " not in (text := _text(default)) and text:
        return f"={text}"
    return "?" if found.get("computed") else ""


def _default(item: dict[str, Any]) -> str:
    return f"={_text(item['default'])}" if item.get("default") is not None else ""


def _text(value: object) -> str:
    return str(value).lower() if isinstance(value, bool) else str(value)


def _read(directory: Path, name: str) -> Any:
    return json.loads(gzip.decompress((directory / f"{name}.json.gz").read_bytes()))


if __name__ == "__main__":
    main(Path(sys.argv[1]))
