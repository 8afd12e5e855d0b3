"""`countersign serve` as a process of its own, and what the kernel accounts to it and to the process that evaluates."""

from __future__ import annotations

import os
import re
import signal
import subprocess
import sys
import time
import urllib.request
from pathlib import Path
from typing import NamedTuple, Self

from bot.standin import Standin
from bot.standin.state.apps import App

HOME = Path(__file__).parents[1]
TICKS = os.sysconf("SC_CLK_TCK")
START_SECONDS, STOP_SECONDS = 60.0, 60.0


class Cpu(NamedTuple):
    """Milliseconds since the start: `app` of the process that serves, `child` of the ones that evaluate and of all they forked, `door` of
    the one that answers the webhook."""

    app: float
    child: float
    door: float

    def since(self, before: Cpu) -> Cpu:
        return Cpu(self.app - before.app, self.child - before.child, self.door - before.door)


class Served:
    """The App of a stand-in, while the block lasts. `place` keeps its state. Raises RuntimeError with its log when it does not start."""

    def __init__(self, standin: Standin, app: App, place: Path, given: dict[str, str]) -> None:
        self._out, self._error = place / "out", place / "error"
        (place / "key.pem").write_text(app.pem)
        (place / "key.pem").chmod(0o600)
        settings = {
            "app_id": str(app.id), "private_key_file": str(place / "key.pem"), "webhook_secret": app.webhook_secret,
            "github_url": standin.url, "api_url": standin.api, "state_directory": str(place / "state"), "listen": "127.0.0.1:0",
            "grace_seconds": "5", "log_level": "warning", **given,
        }  # fmt: skip
        kept = {name: value for name, value in os.environ.items() if not name.startswith("COUNTERSIGN_")}
        environment = {**kept, **{f"COUNTERSIGN_{name.upper()}": value for name, value in settings.items()}, "PYTHONPATH": str(HOME)}
        command = [sys.executable, "-m", "bot.cli.main", "serve"]
        with self._out.open("wb") as out, self._error.open("wb") as error:
            self._run = subprocess.Popen(command, cwd=place, env=environment, stdout=out, stderr=error)  # noqa: S603 - our own command
        self.url = self._answering()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._run.send_signal(signal.SIGTERM)
        try:
            self._run.wait(STOP_SECONDS)
        finally:
            self._run.kill()

    def _answering(self) -> str:
        end = time.monotonic() + START_SECONDS
        while time.monotonic() < end and self._run.poll() is None:
            found = re.search(r"http://\S+?(?=[.,]?(?:\s|$))", self._out.read_text())
            if found:
                return found[0]
            time.sleep(0.05)
        self._run.kill()
        raise RuntimeError(f"the App did not start:\n{self.complaints()}")

    def complaints(self) -> str:
        """What it logged at level warning and above."""
        return self._error.read_text()

    def cpu(self) -> Cpu:
        """So far."""
        own = _stat(self._run.pid)
        children = {pid: stat for pid in _processes() if (stat := _stat(pid)).parent == self._run.pid}
        spent = {pid: stat.own_ms + stat.reaped_ms for pid, stat in children.items()}
        door = sum(spent[pid] for pid in children if "bot.web.doorway" in _command(pid))
        return Cpu(own.own_ms, sum(spent.values()) - door, door)

    def memory_mb(self) -> float:
        """Resident, with the processes that evaluate and the door."""
        pids = [self._run.pid, *(pid for pid in _processes() if _stat(pid).parent == self._run.pid)]
        return sum(_resident(pid) for pid in pids)

    def waiting(self) -> int:
        """Deliveries that are not done."""
        with urllib.request.urlopen(f"{self.url}/metrics", timeout=30) as answer:  # noqa: S310 - on loopback
            found = re.findall(r"^countersign_(?:queue|inbox)_depth (\d+)", answer.read().decode(), re.MULTILINE)
        return sum(map(int, found))


class _Stat(NamedTuple):
    parent: int
    own_ms: float
    reaped_ms: float


def _processes() -> list[int]:
    return [int(path.name) for path in Path("/proc").iterdir() if path.name.isdigit()]


def _stat(pid: int) -> _Stat:
    """https://man7.org/linux/man-pages/man5/proc_pid_stat.5.html; the name in brackets may hold spaces."""
    try:
        words = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    except OSError:
        return _Stat(0, 0.0, 0.0)
    user, system, reaped_user, reaped_system = (int(word) * 1000 / TICKS for word in words[11:15])
    return _Stat(int(words[1]), user + system, reaped_user + reaped_system)


def _command(pid: int) -> str:
    try:
        return Path(f"/proc/{pid}/cmdline").read_text()
    except OSError:
        return ""


def _resident(pid: int) -> float:
    try:
        return int(Path(f"/proc/{pid}/statm").read_text().split()[1]) * os.sysconf("SC_PAGESIZE") / 1e6
    except OSError:
        return 0.0
