"""Every setting, as a table: its name in the file; in the environment it is COUNTERSIGN_ and the name in capitals."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

from msgspec import Struct

from bot.settings import reading
from bot.settings.secret import Secret

PREFIX = "COUNTERSIGN_"
CONFIG = "COUNTERSIGN_CONFIG"
LEVELS = ("debug", "info", "warning", "error")

Value = str | int | float | Secret


class Field(Struct, frozen=True):
    """`read`: the value of a text, or raises `Wrong`. `secret`: may stand in a file of its own, named by NAME_file.
    `required`: the phrase that says where it comes from. `path`: relative to the file it stands in."""

    name: str
    read: Callable[[str], Value]
    default: Value | None = None
    secret: bool = False
    required: str = ""
    path: bool = False

    @property
    def variable(self) -> str:
        return PREFIX + self.name.upper()


FIELDS: tuple[Field, ...] = (
    Field("state_directory", reading.text, path=True),
    Field("app_id", reading.positive, required="missing-app-id"),
    Field("private_key", reading.private_key, secret=True, required="missing-private-key"),
    Field("webhook_secret", Secret, secret=True, required="missing-webhook-secret"),
    Field("webhook_secret_old", Secret, secret=True),
    Field("github_url", reading.url, "https://github.com"),
    Field("api_url", reading.url),
    Field("ledger_url", reading.database, secret=True),
    Field("listen", reading.listen, "127.0.0.1:8080"),
    Field("public_url", reading.url, ""),
    Field("actions_issuer", reading.url, ""),
    Field("workers", partial(reading.number, least=1, most=64), 16),
    Field("write_spacing", partial(reading.seconds, most=60), 1.0),
    Field("poll_seconds", partial(reading.seconds, most=3600), 5.0),
    Field("grace_seconds", partial(reading.seconds, most=600), 25.0),
    Field("remind_hours", partial(reading.number, least=0, most=8760), 48),
    Field("retention_days", partial(reading.number, least=30, most=36500), 1100),
    Field("snapshot_days", partial(reading.number, least=0, most=36500), 90),
    Field("snapshot_megabytes", partial(reading.number, least=1, most=1_000_000), 2000),
    Field("log_level", partial(reading.choice, choices=LEVELS), "info"),
    Field("replica", reading.identifier),
    Field("ca_bundle", reading.readable, "", path=True),
    Field("proxy", reading.proxy, Secret(""), secret=True),
)


def known() -> tuple[str, ...]:
    """Every key of the file."""
    return tuple(name for field in FIELDS for name in ((field.name, f"{field.name}_file") if field.secret else (field.name,)))
