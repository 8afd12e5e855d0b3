"""Dockerfile and compose file name what is there. No container is started: that needs a daemon."""

from __future__ import annotations

import json
import re
import subprocess
import sys
from fnmatch import fnmatch
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import pytest
import yaml

from bot.cli.main import COMMANDS
from bot.settings import load
from bot.settings.fields import FIELDS, known
from bot.web.server import Server
from tests.settings.keys import PEM, WEBHOOK_SECRET

ROOT = Path(__file__).parents[2]
DOCKERFILE = (ROOT / "Dockerfile").read_text().replace("\\\n", " ")
COMPOSE: dict[str, Any] = yaml.safe_load((ROOT / "compose.yaml").read_text())
OPERATION = (ROOT / "docs/operation.md").read_text()
REPLICAS = [service for name, service in COMPOSE["services"].items() if name.startswith("replica")]


def instructions(name: str) -> list[str]:
    return re.findall(rf"^{name} +(.*)$", DOCKERFILE, re.MULTILINE)


def test_what_is_copied_is_there_and_not_ignored() -> None:
    allowed = [line.removeprefix("!") for line in (ROOT / ".dockerignore").read_text().split("\n") if line.startswith("!")]
    for sources in (line.split()[:-1] for line in instructions("COPY") if not line.startswith("--from")):
        assert [name for name in sources if not (ROOT / name).exists()] == []
        assert [name for name in sources if not any(fnmatch(name, pattern) for pattern in allowed)] == []


def test_what_is_run_is_there() -> None:
    modules = set(re.findall(r"python -m ([\w.]+)", DOCKERFILE)) - {"venv", "pip", "compileall"}
    assert modules == {"bot.cli.prepared"}
    assert all(find_spec(name) for name in modules)
    (entry,), (command,) = instructions("ENTRYPOINT"), instructions("CMD")
    assert json.loads(entry) == ["countersign"]
    assert json.loads(command)[0] in COMMANDS


def test_the_image_is_built_from_the_lock_and_runs_as_nobody_in_particular() -> None:
    assert "--require-hashes -r requirements.lock" in DOCKERFILE
    assert re.fullmatch(r"[1-9]\d*:[1-9]\d*", instructions("USER")[-1])
    variables = set(re.findall(r"(COUNTERSIGN_\w+)=", DOCKERFILE))
    assert variables <= {field.variable for field in FIELDS}


def test_the_health_check_tells_life_from_death(server: Server) -> None:
    (line,) = re.findall(r"^HEALTHCHECK .*?CMD +(\[.*\])$", DOCKERFILE, re.MULTILINE)
    words = [word.replace("8080", str(server.port)) for word in json.loads(line)]
    run = [sys.executable, *words[1:]]
    assert subprocess.run(run, check=False).returncode == 0
    server.stop()
    assert subprocess.run(run, check=False, capture_output=True).returncode != 0


def test_two_replicas_have_names_ports_and_state_of_their_own() -> None:
    assert len(REPLICAS) == 2
    for part in ("ports", "volumes"):
        assert len({str(service[part]) for service in REPLICAS}) == 2
    assert len({service["environment"]["COUNTERSIGN_REPLICA"] for service in REPLICAS}) == 2


@pytest.mark.parametrize("service", REPLICAS, ids=["1", "2"])
def test_a_replica_can_do_little_and_stops_in_time(service: dict[str, Any]) -> None:
    assert service["read_only"] is True
    assert service["cap_drop"] == ["ALL"]
    assert any(mount.startswith("/tmp") for mount in service["tmpfs"])  # noqa: S108 - a mount inside the container
    assert int(service["stop_grace_period"].rstrip("s")) > 25
    assert set(service["secrets"]) <= set(COMPOSE["secrets"])
    assert {volume.split(":")[0] for volume in service["volumes"]} <= set(COMPOSE["volumes"])


def test_the_replicas_settings_are_valid(tmp_path: Path) -> None:
    secrets = {"countersign.pem": PEM, "webhook_secret": WEBHOOK_SECRET, "ledger_url": "postgresql://countersign:x@database/countersign"}
    for name, text in secrets.items():
        (tmp_path / name).write_text(text)
    given = {name: str(value).replace("/run/secrets", str(tmp_path)) for name, value in REPLICAS[0]["environment"].items()}
    given |= {"HOME": str(tmp_path), "COUNTERSIGN_APP_ID": "7", "COUNTERSIGN_PUBLIC_URL": ""}
    settings = load(given)
    assert (settings.replica, settings.ledger_url.reveal()) == ("replica-1", "postgresql+psycopg://countersign:x@database/countersign")


def test_every_setting_is_explained_with_its_variable() -> None:
    rows = re.findall(r"^\| `(\w+)` \| `(\w+)` \|", OPERATION, re.MULTILINE)
    assert sorted(rows) == sorted((field.name, field.variable) for field in FIELDS)
    secret = {name.removesuffix("_file") for name in known() if name.endswith("_file")}
    (listed,) = re.findall(r"Where a value is a secret \((.*?)\)", OPERATION)
    assert set(re.findall(r"`(\w+)`", listed)) == secret


def test_every_metric_is_explained() -> None:
    code = "".join(path.read_text() for path in (ROOT / "bot/web").glob("*.py"))
    made = set(re.findall(r'(?:Sample|count|observe)\(\s*"(\w+)"', code))
    (table,) = re.findall(r"## Metrics\n(.*?)\nWorth", OPERATION, re.DOTALL)
    assert {f"countersign_{name}" for name in made} == set(re.findall(r"`(countersign_\w+)`", table))
