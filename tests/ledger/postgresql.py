"""A PostgreSQL of its own for a test, on a socket in a temporary directory; skipped where the machine has none."""

from __future__ import annotations

import os
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest


@contextmanager
def postgresql() -> Iterator[str]:
    """Its address in SQLAlchemy's form. The server refuses to run as root, so it runs as `postgres` where we are root."""
    if not (shutil.which("initdb") and shutil.which("pg_ctl")):
        pytest.skip("PostgreSQL is not installed")
    as_root = os.geteuid() == 0
    if as_root and not shutil.which("setpriv"):
        pytest.skip("running as root, and setpriv is not installed")
    other = ["setpriv", "--reuid=postgres", "--regid=postgres", "--clear-groups"] if as_root else []
    directory = Path(tempfile.mkdtemp(prefix="countersign-pg-"))
    data = directory / "data"
    if as_root:
        shutil.chown(directory, "postgres", "postgres")
    try:
        _run([*other, "initdb", "--auth=trust", "--username=postgres", "--encoding=UTF8", "--no-sync", f"--pgdata={data}"])
        options = f"-k {directory} -c listen_addresses='' -c fsync=off"
        _run([*other, "pg_ctl", "start", "--wait", f"--pgdata={data}", f"--log={directory}/log", f"--options={options}"])
        try:
            yield f"postgresql+psycopg://postgres@/postgres?host={directory}"
        finally:
            _run([*other, "pg_ctl", "stop", "--mode=immediate", f"--pgdata={data}"])
    finally:
        shutil.rmtree(directory, ignore_errors=True)


def _run(command: list[str]) -> None:
    done = subprocess.run(command, capture_output=True, check=False, cwd="/")
    assert done.returncode == 0, done.stderr.decode()
