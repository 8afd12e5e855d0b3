"""The settings as values."""

from __future__ import annotations

from urllib.parse import urlsplit

from msgspec import Struct

from bot.settings.secret import Secret

GITHUB = "https://github.com"


class Note(Struct, frozen=True):
    """Something that works and should be mended. `key`: of the phrase below `settings.note`."""

    where: str
    key: str
    fields: dict[str, str | int] = {}


class Settings(Struct, frozen=True):
    """What one process runs with.

    `webhook_secrets`: those whose signatures are accepted, the current one first. `github_url`: where people look; `api_url`: root of
    REST. `ledger_url`: SQLAlchemy's form. `port` 0: any free one. `public_url`: where GitHub reaches us, empty with `--poll`.
    `actions_issuer`: whose tokens runs of GitHub Actions upload plans with; empty: nothing is uploaded.
    `workers`: reviews at a time. `retention_days`: how long records are kept whole. `remind_hours`: after which a question that nobody
    answered is told of again, 0 for never. `snapshot_days`, `snapshot_megabytes`: how long and how much of what evaluations were made from
    is kept, 0 days: nothing. `write_spacing`, `poll_seconds`, `grace_seconds`: seconds. `replica`: this process among several, stable over
    restarts. `ca_bundle`: a file of certificates in place of the system's.
    """

    app_id: int
    private_key: Secret
    webhook_secrets: tuple[Secret, ...]
    ledger_url: Secret
    state_directory: str
    github_url: str = GITHUB
    api_url: str = "https://api.github.com"
    address: str = "127.0.0.1"
    port: int = 8080
    public_url: str = ""
    actions_issuer: str = ""
    workers: int = 16
    write_spacing: float = 1.0
    poll_seconds: float = 5.0
    grace_seconds: float = 25.0
    remind_hours: int = 48
    retention_days: int = 1100
    snapshot_days: int = 90
    snapshot_megabytes: int = 2000
    log_level: str = "info"
    replica: str = "single"
    ca_bundle: str = ""
    proxy: Secret = Secret("")
    notes: tuple[Note, ...] = ()


def api_of(github_url: str) -> str:
    """The root of REST that belongs to the address people look at.

    GitHub Enterprise Server: https://docs.github.com/enterprise-server/rest/quickstart; with data residency the host is
    api.SUBDOMAIN.ghe.com: https://docs.github.com/enterprise-cloud@latest/admin/data-residency.
    """
    parts = urlsplit(github_url)
    host = parts.hostname or ""
    if host == "github.com" or host.endswith(".ghe.com"):
        return f"https://api.{host}"
    return f"{parts.scheme}://{parts.netloc}/api/v3"
