"""A module out of the archive is the module of the source, or the source is imported."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
SHOW = """
import sys
sys.path.insert(0, sys.argv[1])
from bot.cli import modules
modules.install()
import bot.engine.pattern as found, bot.engine as package
own = found.__file__ == sys.argv[1] + "/bot/engine/pattern.py"
print(type(found.__loader__).__name__, own, list(package.__path__), getattr(found, "ADDED", None))
"""


@pytest.fixture
def checkout(tmp_path: Path) -> Path:
    """A few of our modules with an archive."""
    for name in ("__init__.py", "cli/__init__.py", "cli/modules.py", "engine/__init__.py", "engine/pattern.py"):
        (tmp_path / "bot" / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / "bot" / name).write_bytes((ROOT / "bot" / name).read_bytes())
    _python(tmp_path, "import sys; sys.path.insert(0, sys.argv[1]); from bot.cli import modules; modules.write()")
    return tmp_path


def test_a_module_comes_out_of_the_archive(checkout: Path) -> None:
    assert _python(checkout, SHOW) == f"Archive True ['{checkout}/bot/engine'] None\n"


def test_a_source_that_was_written_since_is_imported(checkout: Path) -> None:
    source = checkout / "bot" / "engine" / "pattern.py"
    written = source.stat().st_mtime
    source.write_text(source.read_text() + "ADDED = 1\n")
    os.utime(source, (written, written))
    assert _python(checkout, SHOW).split()[0] == "SourceFileLoader"
    assert _python(checkout, SHOW).endswith(" 1\n")


@pytest.mark.parametrize("kept", [0, 8])
def test_without_an_archive_of_this_interpreter_all_is_imported(checkout: Path, kept: int) -> None:
    (archive,) = checkout.glob("bot/__pycache__/*.marshal")
    archive.write_bytes(archive.read_bytes()[:kept] + b"another")
    assert _python(checkout, SHOW).split()[0] == "SourceFileLoader"


def test_what_was_moved_is_imported(checkout: Path) -> None:
    moved = checkout / "moved"
    moved.mkdir()
    (checkout / "bot").rename(moved / "bot")
    assert _python(moved, SHOW).split()[:2] == ["SourceFileLoader", "True"]


def _python(checkout: Path, script: str) -> str:
    command = [sys.executable, "-I", "-c", script, str(checkout)]
    return subprocess.run(command, check=True, capture_output=True, text=True).stdout


def test_what_msgspec_takes_along_is_there_for_whoever_uses_it() -> None:
    script = """
import sys
sys.path.insert(0, sys.argv[1])
from bot.cli import main
main._import_msgspec()
print(sorted({"platform", "textwrap", "typing_extensions"} & sys.modules.keys()))
import msgspec, uuid, platform
class Row(msgspec.Struct):
    "A row."
    name: str
print(uuid.platform.python_version() == platform.python_version(), msgspec.json.schema(Row)["$defs"]["Row"]["description"])
"""
    assert _python(ROOT, script) == "[]\nTrue A row.\n"
