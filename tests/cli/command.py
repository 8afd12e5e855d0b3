"""Runs the command as a person would: a process of its own, because evaluation forks and test workers have threads."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

from msgspec import Struct

ROOT = Path(__file__).parents[2]
COMMAND = [sys.executable, "-m", "bot.cli.main"]


class Finished(Struct, frozen=True):
    code: int
    out: str
    error: str


def environment(**extra: str) -> dict[str, str]:
    return {**os.environ, "PYTHONPATH": str(ROOT), "PYTHONUTF8": "1", **extra}


def countersign(*arguments: str | Path, cwd: Path | None = None, **extra: str) -> Finished:
    done = subprocess.run([*COMMAND, *map(str, arguments)], cwd=cwd or ROOT, env=environment(**extra), capture_output=True, check=False)
    assert b"Traceback" not in done.stderr, done.stderr.decode()
    return Finished(done.returncode, done.stdout.decode(), done.stderr.decode())
