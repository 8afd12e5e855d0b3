"""Amounts of time and size: what a sentence says (`30 days`), and in what an argument counts."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Literal, TypeAlias

from msgspec import Struct

from bot.engine.claims.words import Word, listed

Dimension: TypeAlias = Literal["time", "size"]

_SECOND, _MINUTE, _HOUR, _DAY = 1.0, 60.0, 3600.0, 86_400.0
# What a word may mean, in seconds or megabytes; people count months, years and gigabytes in more than one way.
UNITS: Mapping[str, tuple[Dimension, tuple[float, ...]]] = {
    "ms|msec|millisecond": ("time", (0.001,)),
    "s|sec|second": ("time", (_SECOND,)),
    "min|minute|mins": ("time", (_MINUTE,)),
    "h|hr|hour": ("time", (_HOUR,)),
    "d|day": ("time", (_DAY,)),
    "week|wk": ("time", (7 * _DAY,)),
    "month": ("time", (30 * _DAY, 31 * _DAY, 28 * _DAY, 30.4 * _DAY)),
    "year|yr": ("time", (365 * _DAY, 366 * _DAY, 360 * _DAY, 365.25 * _DAY)),
    "mb|mib": ("size", (1.0, 1.048576, 0.953674)),
    "gb|gib": ("size", (1024.0, 1000.0, 1073.741824, 1024.0 * 0.931323)),
    "tb|tib": ("size", (1024.0 * 1024, 1_000_000.0, 1024.0 * 1000)),
}
_UNIT_OF = {name: unit for names, unit in UNITS.items() for name in names.split("|")}
# In what an argument counts: by the end of its name, or by the resource that it belongs to.
_ENDINGS: tuple[tuple[str, str], ...] = (
    ("milliseconds", "ms"),
    ("_ms", "ms"),
    ("seconds", "s"),
    ("_secs", "s"),
    ("_sec", "s"),
    ("minutes", "min"),
    ("hours", "h"),
    ("days", "d"),
    ("_gb", "gb"),
    ("_gib", "gb"),
    ("_mb", "mb"),
    ("_mib", "mb"),
)
_ARGUMENTS: Mapping[tuple[str, str], str] = {
    ("aws_lambda_function", "timeout"): "s",
    ("aws_lambda_function", "memory_size"): "mb",
    ("aws_db_instance", "backup_retention_period"): "d",
    ("aws_db_instance", "allocated_storage"): "gb",
    ("aws_db_instance", "max_allocated_storage"): "gb",
    ("aws_db_instance", "performance_insights_retention_period"): "d",
    ("aws_rds_cluster", "backup_retention_period"): "d",
    ("aws_docdb_cluster", "backup_retention_period"): "d",
    ("aws_neptune_cluster", "backup_retention_period"): "d",
    ("aws_elasticache_replication_group", "snapshot_retention_limit"): "d",
    ("aws_redshift_cluster", "automated_snapshot_retention_period"): "d",
    ("aws_kinesis_stream", "retention_period"): "h",
    ("aws_instance", "volume_size"): "gb",
    ("aws_launch_template", "volume_size"): "gb",
    ("aws_ebs_volume", "size"): "gb",
    ("aws_launch_configuration", "volume_size"): "gb",
    ("google_compute_disk", "size"): "gb",
    ("google_cloudfunctions_function", "timeout"): "s",
    ("aws_codebuild_project", "build_timeout"): "min",
    ("aws_codebuild_project", "queued_timeout"): "min",
    ("aws_lb_target_group", "timeout"): "s",
    ("aws_elb", "idle_timeout"): "s",
    ("aws_lb", "idle_timeout"): "s",
    ("aws_alb", "idle_timeout"): "s",
    ("aws_iam_role", "max_session_duration"): "s",
    ("aws_route53_record", "ttl"): "s",
    ("aws_cloudfront_distribution", "default_ttl"): "s",
    ("aws_cloudfront_distribution", "max_ttl"): "s",
    ("aws_cloudfront_distribution", "min_ttl"): "s",
    ("aws_lb_target_group", "deregistration_delay"): "s",
}

# Words that beside an amount speak of nothing else.
TIMED = listed(
    """retain retained retains retention keep keeps kept for days timeout expire expires expiry expiration after in seconds second minutes
    minute hours hour days day weeks week months month years year of period window ttl lifetime is are set the a an logs log backups backup
    data messages message delete deleted deletes purge purged rotate rotated storage disk volume memory ram size gb gib mb mib tb tib ( )
    . , : total wait duration cache cached"""
)


class Amount(Struct, frozen=True):
    """`values`: in seconds or megabytes, in each way it may be counted. `start`, `end`: the words."""

    dimension: Dimension
    values: tuple[float, ...]
    start: int
    end: int


def amounts(said: tuple[Word, ...]) -> tuple[Amount, ...]:
    """Each number with a unit; a number without one is an amount without values, so that a reader sees that there is another."""
    found: list[Amount] = []
    position = 0
    while position < len(said):
        number, unit = _parted(said[position].said)
        end = position + 1
        if number is not None and not unit and end < len(said):
            unit, end = _single(said[end].said), end + 1
        if number is not None:
            known = _UNIT_OF.get(unit)
            end = end if known else position + 1
            found.append(Amount(*(known[0], tuple(number * one for one in known[1])) if known else ("time", ()), position, end))
        position = end
    return tuple(found)


def unit_of(argument: str, block: str) -> str | None:
    """The unit in which an argument of a resource counts; None where its name does not tell."""
    own = _ARGUMENTS.get((block.partition(".")[0], argument))
    if own:
        return own
    return next((unit for ending, unit in _ENDINGS if argument.endswith(ending)), None)


def counted(number: float, unit: str) -> tuple[Dimension, tuple[float, ...]]:
    """A number of an argument in seconds or megabytes."""
    dimension, factors = _UNIT_OF[unit]
    return dimension, tuple(number * factor for factor in factors)


def _parted(word: str) -> tuple[float | None, str]:
    """`30`, `30d`, `1,024`: the number and what stands behind it."""
    digits = 0
    while digits < len(word) and (word[digits].isdigit() or word[digits] in ".,_"):
        digits += 1
    text = word[:digits].rstrip(".,").replace(",", "").replace("_", "")
    rest = _single(word[digits:])
    if not text or text.count(".") > 1 or len(text) > 12 or not word[0].isdigit() or (rest and rest not in _UNIT_OF):
        return None, ""
    return float(text), rest


def _single(word: str) -> str:
    return word[:-1] if word.endswith("s") and len(word) > 2 else word
