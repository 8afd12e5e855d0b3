"""`countersign serve` as a process of its own: starts, answers, stops when told, and says why it cannot start."""

from __future__ import annotations

import json
import os
import signal
import socket
import subprocess
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from typing import Any

import pytest
import requests

from bot.standin import Standin
from tests.cli.command import COMMAND, countersign, environment
from tests.web.services import Acme, eventually

MANY = 60


@pytest.fixture
def acme(tmp_path: Path) -> Iterator[Acme]:
    with Standin.serve(automatic=2) as standin:
        yield Acme(standin, tmp_path)


class Process:
    """The command, with what it wrote so far."""

    def __init__(self, acme: Acme, *words: str, **more: str) -> None:
        self.out, self.error = acme.place / "out", acme.place / "error"
        with self.out.open("wb") as out, self.error.open("wb") as error:
            self.run = subprocess.Popen([*COMMAND, "serve", *words], cwd=acme.place, env=variables(acme, **more), stdout=out, stderr=error)

    def url(self) -> str:
        found = eventually(self.out.read_text, MANY)
        assert found, self.error.read_text()
        return next(word.rstrip(".") for word in found.split() if word.startswith("http://"))

    def lines(self) -> list[dict[str, Any]]:
        return [json.loads(line) for line in self.error.read_text().splitlines()]

    def children(self) -> list[int]:
        found: list[int] = []
        for path in Path(f"/proc/{self.run.pid}/task").iterdir():
            with suppress(FileNotFoundError):  # a thread that ended meanwhile
                found += map(int, (path / "children").read_text().split())
        return found

    def door(self) -> int:
        """The process that answers the webhook; 0 while there is none."""
        return next((child for child in self.children() if "bot.web.doorway" in Path(f"/proc/{child}/cmdline").read_text()), 0)

    def ended(self) -> int:
        try:
            return self.run.wait(MANY)
        finally:
            self.run.kill()


def variables(acme: Acme, **more: str) -> dict[str, str]:
    (acme.place / "key.pem").write_text(acme.app.pem)
    (acme.place / "key.pem").chmod(0o600)
    given = {
        "app_id": str(acme.app.id),
        "private_key_file": "key.pem",
        "webhook_secret": acme.app.webhook_secret,
        "github_url": acme.standin.url,
        "api_url": acme.standin.api,
        "state_directory": str(acme.place / "state"),
        "listen": "127.0.0.1:0",
        "write_spacing": "0",
        "poll_seconds": "0.2",
        "grace_seconds": "5",
    }
    return environment(**{f"COUNTERSIGN_{name.upper()}": value for name, value in {**given, **more}.items()})


@pytest.mark.parametrize("number", [signal.SIGTERM, pytest.param(signal.SIGINT, marks=pytest.mark.slow)])
def test_it_serves_until_it_is_told_to_stop(acme: Acme, number: signal.Signals) -> None:
    process = Process(acme)
    try:
        url = process.url()
        acme.app.webhook_url = f"{url}/webhook"
        assert acme.conclusion(acme.opened()) == "failure"
        assert requests.get(f"{url}/ready", timeout=5).status_code == 200
        process.run.send_signal(number)
    finally:
        code = process.ended()
    lines = process.lines()
    assert (code, lines[-1]["event"]) == (0, "stopped")
    assert {"started", "delivery-received", "delivery-performed"} <= {line["event"] for line in lines}
    assert not [line for line in lines if line["level"] == "error"]
    shown = process.error.read_text() + process.out.read_text()
    assert not [secret for secret in (acme.app.webhook_secret, "PRIVATE KEY", "ghs_") if secret in shown]
    kept = ["ledger-inbox.sqlite", "ledger-workflows.sqlite", "ledger.sqlite"]
    assert sorted(path.name for path in (acme.place / "state").iterdir()) == kept


@pytest.mark.slow
def test_a_call_that_hangs_does_not_hold_the_process_and_nothing_is_lost(acme: Acme) -> None:
    process = Process(acme, grace_seconds="1")
    try:
        acme.app.webhook_url = f"{process.url()}/webhook"
        acme.standin.faults.add("POST /graphql", kind="slow", times=-1, seconds=20)
        pull = acme.opened()
        assert eventually(lambda: acme.standin.counted()["POST /app/installations/{installation_id}/access_tokens"])
        process.run.terminate()
        assert process.run.wait(10) == 0
    finally:
        process.run.kill()
    acme.standin.faults.clear()
    again = Process(acme)
    try:
        assert acme.conclusion(pull) == "failure"
        again.run.terminate()
    finally:
        assert again.ended() == 0


@pytest.mark.slow
def test_it_fetches_deliveries_where_none_can_come(acme: Acme) -> None:
    process = Process(acme, "--poll")
    try:
        assert "fetches deliveries" in eventually(process.out.read_text, MANY)
        assert acme.conclusion(acme.opened()) == "failure"
        process.run.terminate()
    finally:
        code = process.ended()
    assert code == 0


@pytest.mark.slow
def test_no_secret_reaches_the_process_that_evaluates(acme: Acme) -> None:
    process = Process(acme)
    try:
        process.url()
        children = [child for child in process.children() if "bot.confine" in Path(f"/proc/{child}/cmdline").read_text()]
        environments = [Path(f"/proc/{child}/environ").read_bytes() for child in children]
        descriptors = [str(path.readlink()) for child in children for path in Path(f"/proc/{child}/fd").iterdir()]
        process.run.terminate()
    finally:
        process.ended()
    assert environments
    assert set(environments) == {b""}
    assert all(target.startswith("pipe:") or target == os.devnull for target in descriptors)


def test_settings_that_cannot_be_used(acme: Acme) -> None:
    done = refused(acme, workers="many", listen="x", app_id="")
    assert done == (
        "countersign: 3 settings cannot be used:\n"
        "  COUNTERSIGN_APP_ID: not set. The number under General of the App's settings on GitHub, or run: countersign setup\n"
        "  COUNTERSIGN_LISTEN: x is not ADDRESS:PORT, for example 127.0.0.1:8080\n"
        "  COUNTERSIGN_WORKERS: many is not a whole number from 1 to 64\n"
    )


@pytest.mark.slow
def test_an_app_that_github_does_not_know(acme: Acme) -> None:
    assert "GitHub does not take the key for the App 999999" in refused(acme, app_id="999999")


@pytest.mark.slow
def test_github_that_is_not_there(acme: Acme) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        assert "does not answer" in refused(acme, api_url=f"http://127.0.0.1:{taken.getsockname()[1]}")


@pytest.mark.slow
def test_an_address_that_is_taken(acme: Acme) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        assert f"cannot listen on 127.0.0.1, port {port}: Address already in use" in refused(acme, listen=f"127.0.0.1:{port}")


def test_a_database_that_is_not_there_and_its_password(acme: Acme) -> None:
    text = refused(acme, ledger_url="postgresql://u:pa55word@127.0.0.1:9/x")
    assert "the database cannot be used (OperationalError: " in text
    assert "Connection refused" in text
    assert "pa55word" not in text


def refused(acme: Acme, **more: str) -> str:
    given = {name: value for name, value in variables(acme, **more).items() if name.startswith("COUNTERSIGN_")}
    done = countersign("serve", cwd=acme.place, **given)
    assert (done.code, done.out) == (3, "")
    return done.error
