"""What is tracked, and what an installed package carries."""

from __future__ import annotations

import re
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest
from hatchling.build import build_wheel

from bot import __version__
from tests.cli.command import ROOT

# Written so that this file does not match itself.
LEAKS = re.compile(
    r"p[y]pi[.]org|pythonhost[e]d[.]|regist[r]y[.]npm|proxy[.]golan[g]|de[b][.]debian|fil[e]:///|(?<![\w.])/(?:w[o]rk|r[o]ot|h[o]me|opt)/\w"
)
# What a merge leaves where nobody chose, in a text that parses all the same.
CONFLICTS = re.compile(r"^(?:<{7}|>{7}|[|]{7}) ", re.MULTILINE)
BINARY = {".png", ".gz", ".svg", ".ico", ".woff2", ".table"}


def tracked() -> list[Path]:
    listed = subprocess.run(["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, check=True).stdout.decode()
    return [ROOT / name for name in listed.split("\0") if name]


@pytest.mark.skipif(not (ROOT / ".git").exists(), reason="not a clone")
@pytest.mark.parametrize("unwanted", [LEAKS, CONFLICTS], ids=["registry or path of a machine", "conflict"])
def test_no_tracked_file_holds_what_must_not_be_in_a_commit(unwanted: re.Pattern[str]) -> None:
    texts = {path: path.read_text("utf-8", "replace") for path in tracked() if path.suffix not in BINARY and path.is_file()}
    found = {str(path.relative_to(ROOT)): found[0] for path, text in texts.items() if (found := unwanted.search(text))}
    assert found == {}


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> zipfile.ZipFile:
    directory = tmp_path_factory.mktemp("wheel")
    with pytest.MonkeyPatch.context() as patch:
        patch.chdir(ROOT)
        return zipfile.ZipFile(directory / build_wheel(str(directory)))


def test_wheel_carries_rules_and_templates(wheel: zipfile.ZipFile) -> None:
    inside = {name.removeprefix("bot/resources/") for name in wheel.namelist() if name.startswith("bot/resources/")}
    tops = (ROOT / top for top in ("rules", "templates"))
    there = {path.relative_to(ROOT).as_posix() for top in tops for path in top.rglob("*") if path.is_file()}
    assert there
    prepared = {f"prepared/{path.name}" for path in (ROOT / "bot" / "resources" / "prepared").glob("*")}  # where `make` has written it
    assert inside == there | prepared


def test_wheel_carries_the_tables(wheel: zipfile.ZipFile) -> None:
    tables = {path.relative_to(ROOT).as_posix() for path in (ROOT / "bot" / "facts").glob("*.table")}
    assert tables
    assert {name for name in wheel.namelist() if name.endswith(".table")} == tables


def test_wheel_carries_every_module_and_nothing_beside(wheel: zipfile.ZipFile) -> None:
    modules = {path.relative_to(ROOT).as_posix() for path in (ROOT / "bot").rglob("*.py")}
    inside = {name for name in wheel.namelist() if name.endswith(".py")}
    assert inside == modules
    others = {name.split("/")[0] for name in wheel.namelist()}
    assert others == {"bot", f"countersign_bot-{__version__}.dist-info"}


def test_wheel_works_where_there_is_no_checkout(wheel: zipfile.ZipFile, tmp_path: Path) -> None:
    wheel.extractall(tmp_path / "site")
    (tmp_path / "tree").mkdir()
    (tmp_path / "tree/a.tf").write_text('resource "aws_ebs_volume" "v" {\n  encrypted = false\n}\n')
    command = [sys.executable, "-c", "import sys; sys.path.insert(0, sys.argv.pop(1)); from bot.cli.main import main; sys.exit(main())"]
    done = subprocess.run([*command, str(tmp_path / "site"), "scan", "tree"], cwd=tmp_path, capture_output=True, check=False)
    assert done.stderr == b""
    assert b"a.tf:2  error" in done.stdout


def test_lock_files_pin_everything_by_hash() -> None:
    for name in ("requirements.lock", "requirements-demo.lock", "requirements-dev.lock"):
        entries = re.split(r"\n(?=[a-z0-9])", (ROOT / name).read_text())[1:]
        assert entries
        assert [entry for entry in entries if "==" not in entry.split("\n")[0] or "--hash=sha256:" not in entry] == []


@pytest.fixture(scope="module")
def loaded() -> set[str]:
    code = "import sys, bot.cli.review, bot.engine.evaluation, bot.report.terminal, bot.local.clone, bot.confine; print(*sys.modules)"
    done = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, check=True)
    return set(done.stdout.decode().split())


NAMES = ["argparse", "dataclasses", "pathlib", "subprocess", "jinja2", "hcl2", "asyncio", "logging", "unidiff"]


@pytest.mark.parametrize("name", NAMES)
def test_cold_command_does_not_load_what_it_cannot_spare(loaded: set[str], name: str) -> None:
    assert name not in loaded
