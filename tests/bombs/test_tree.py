"""Trees of 100,000 files through the command line: an answer in time, never green, and what matters is still found."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import NamedTuple

import pytest

from tests.bombs.expansions import COUNTED

ROOT = Path(__file__).parents[2]
FILES = 100_000
CPU_SECONDS = 120.0
INERT = "locals {\n  a = 1\n}\n"


class Answer(NamedTuple):
    """What the command said, and what it cost."""

    code: int
    review: dict[str, object]
    seconds: float


def review(after: Path) -> Answer:
    with tempfile.TemporaryDirectory() as empty, tempfile.TemporaryFile("w+") as out:
        command = [sys.executable, "-m", "bot.cli.main", "review", "--before", empty, "--after", str(after), "--format", "json"]
        process = subprocess.Popen(command, cwd=ROOT, stdout=out)
        _, status, used = os.wait4(process.pid, 0)
        process.returncode = os.waitstatus_to_exitcode(status)
        out.seek(0)
        return Answer(process.returncode, json.loads(out.read()), used.ru_utime + used.ru_stime)


def one_directory(top: Path) -> None:
    for number in range(FILES):
        (top / f"f{number}.tf").write_text(INERT.replace("a", f"a{number}"))


def many_roots(top: Path) -> None:
    for number in range(FILES):
        (top / f"r{number}").mkdir()
        (top / f"r{number}" / "main.tf").write_text(INERT)


def deep(top: Path) -> None:
    """As deep as the system's limit on paths lets a directory be."""
    directory = top
    while len(str(directory)) < 3_900:
        directory /= "directory"
        directory.mkdir()
        (directory / "main.tf").write_text(INERT)


@pytest.fixture
def tree(tmp_path: Path) -> Iterator[Path]:
    """A place for many files, emptied at once: three runs of this module would fill what pytest keeps."""
    yield tmp_path
    shutil.rmtree(tmp_path)


@pytest.mark.slow
@pytest.mark.parametrize("grow", [one_directory, many_roots, deep])
def test_a_tree_beyond_all_measure_is_answered_and_not_green(grow: Callable[[Path], None], tree: Path) -> None:
    grow(tree)
    (tree / "a.tf").write_text(COUNTED)
    answer = review(tree)
    assert answer.code in {1, 2}
    assert answer.review["conclusion"] in {"failure", "action_required"}
    assert answer.seconds < CPU_SECONDS


@pytest.mark.slow
def test_files_of_no_language_hide_nothing(tree: Path) -> None:
    for number in range(FILES):
        (tree / f"f{number}.txt").write_text("x")
    (tree / "z").mkdir()
    (tree / "z" / "main.tf").write_text(COUNTED)
    answer = review(tree)
    assert answer.code == 1
    assert answer.seconds < CPU_SECONDS
