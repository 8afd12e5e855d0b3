"""`countersign serve` against a stand-in that is not ours: signed webhooks in; a check and comments out, over what it supports."""

from __future__ import annotations

import json
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from tests.cli.command import COMMAND, environment
from tests.independent.emulated import APP, REPO, SECRET, SLUG, Emulated, emulated
from tests.settings.keys import PEM
from tests.web.services import OFFICE, WORLD

pytestmark = pytest.mark.slow
ENFORCE = {".github/countersign.yml": "version: 1\nlevel: enforce\n"}


@pytest.fixture
def there(tmp_path: Path) -> Iterator[Emulated]:
    with emulated(tmp_path) as made:
        yield made


@contextmanager
def serving(there: Emulated, place: Path) -> Iterator[Path]:
    """The command as an operator runs it; gives its log."""
    (place / "key.pem").write_text(PEM)
    (place / "key.pem").chmod(0o600)
    given = {
        "app_id": str(APP),
        "private_key_file": "key.pem",
        "webhook_secret": SECRET,
        "github_url": there.url,
        "api_url": there.url,
        "state_directory": str(place / "state"),
        "listen": there.hook.removeprefix("http://").removesuffix("/webhook"),
        "write_spacing": "0",
    }
    variables = environment(**{f"COUNTERSIGN_{name.upper()}": value for name, value in given.items()})
    with (place / "error").open("wb") as error, (place / "out").open("wb") as out:
        process = subprocess.Popen([*COMMAND, "serve"], cwd=place, env=variables, stdout=out, stderr=error)
    try:
        end = time.monotonic() + 60
        while "http://" not in (place / "out").read_text():
            assert process.poll() is None, (place / "error").read_text()
            assert time.monotonic() < end
            time.sleep(0.05)
        yield place / "error"
    finally:
        process.terminate()
        assert process.wait(40) == 0


def test_what_a_person_sees_there(there: Emulated, tmp_path: Path) -> None:
    there.commit("main", {**ENFORCE, "main.tf": OFFICE.replace('"db"', '"office"')})
    with serving(there, tmp_path) as log:
        pull = there.opened("open", {"db.tf": WORLD, "notes.md": "x\n"})
        assert there.concluded(pull) == [("countersign", "completed", "failure")]
        assert there.in_threads(pull) == [("db.tf", 7, f"{SLUG}[bot]")]
        (summary,) = there.talk(pull)
        assert "Your turn: fix 1 violation" in summary

        there.send(f"PATCH {REPO}/pulls/{pull['number']}", {"title": "Another title"})
        clean = there.opened("clean", {"other.tf": OFFICE.replace('"db"', '"other"')})
        assert there.concluded(clean) == [("countersign", "completed", "success")]
        assert (there.in_threads(clean), there.talk(clean)) == ([], [])
        words = there.opened("words", {"guide.md": "words\n"})
        assert there.concluded(words) == [("countersign", "completed", "success")]
        assert there.in_threads(pull) == [("db.tf", 7, f"{SLUG}[bot]")]
        assert len(there.talk(pull)) == 1
    lines = [json.loads(line) for line in log.read_text().splitlines()]
    assert not [line for line in lines if line["level"] == "error"]


def test_a_check_that_is_asked_for_again_is_completed_again_and_not_doubled(there: Emulated, tmp_path: Path) -> None:
    there.commit("main", ENFORCE)
    with serving(there, tmp_path):
        pull = there.opened("open", {"db.tf": WORLD})
        assert there.concluded(pull) == [("countersign", "completed", "failure")]
        run = there.send(f"GET {REPO}/commits/{pull['head']['sha']}/check-runs")["check_runs"][0]
        there.send(f"POST {REPO}/check-runs/{run['id']}/rerequest")
        time.sleep(3)
        assert there.concluded(pull) == [("countersign", "completed", "failure")]
        assert (len(there.in_threads(pull)), len(there.talk(pull))) == (1, 1)


def test_a_base_that_nobody_protects_gets_a_preview(there: Emulated, tmp_path: Path) -> None:
    there.commit("main", ENFORCE)
    tip = there.send(f"GET {REPO}/git/ref/heads/main")["object"]["sha"]
    there.send(f"POST {REPO}/git/refs", {"ref": "refs/heads/side", "sha": tip})
    there.commit("side", {"side.md": "x\n"})
    with serving(there, tmp_path):
        pull = there.opened("open", {"db.tf": WORLD}, base="side")
        assert there.concluded(pull) == [("countersign (preview)", "completed", "failure")]
