"""Repositories made for a test, without anything of the person's own git configuration."""

from __future__ import annotations

import os
import subprocess
from collections.abc import Mapping
from pathlib import Path

ENVIRONMENT = {
    **{key: value for key, value in os.environ.items() if not key.startswith("GIT_")},
    "GIT_CONFIG_GLOBAL": os.devnull,
    "GIT_CONFIG_NOSYSTEM": "1",
    "GIT_AUTHOR_NAME": "Kim",
    "GIT_AUTHOR_EMAIL": "kim@example.com",
    "GIT_COMMITTER_NAME": "Lee",
    "GIT_COMMITTER_EMAIL": "lee@example.com",
}


def git(repository: Path, *arguments: str) -> str:
    done = subprocess.run(["git", "-C", str(repository), *arguments], env=ENVIRONMENT, capture_output=True, check=True)
    return done.stdout.decode().strip()


def write(directory: Path, files: Mapping[str, str | bytes]) -> None:
    for name, content in files.items():
        path = directory / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content if isinstance(content, bytes) else content.encode())


def init(directory: Path, branch: str = "main") -> Path:
    directory.mkdir(parents=True, exist_ok=True)
    git(directory, "init", "--quiet", f"--initial-branch={branch}")
    return directory


def commit(repository: Path, files: Mapping[str, str | bytes], message: str = "change") -> str:
    write(repository, files)
    git(repository, "add", "--all")
    git(repository, "commit", "--quiet", "--allow-empty", "-m", message)
    return git(repository, "rev-parse", "HEAD")
