"""Files that are not what their name says, reach out of the tree, or grow without end when evaluated."""

from __future__ import annotations

import time
from pathlib import Path

import pytest

from bot.standin.state.repository import Content, File
from tests.attacks.pages import texts
from tests.bombs.expansions import EXPANSIONS
from tests.standin.conftest import Scene
from tests.workflows.app import ENFORCE, WORLD, Application

HOST = Path("/etc/hostname")
REACHING = """
resource "aws_security_group_rule" "db" {{
  type              = "ingress"
  from_port         = 5432
  to_port           = 5432
  protocol          = "tcp"
  security_group_id = "sg-1"
  cidr_blocks       = [{value}]
}}
data "external" "x" {{
  program = ["sh", "-c", "touch /tmp/countersign-attack"]
}}
data "http" "x" {{
  url = "http://127.0.0.1:9/"
}}
"""
OUTSIDE = [
    'file("/etc/hostname")',
    'file("${path.module}/../../../../../../etc/hostname")',
    'trimspace(templatefile("/etc/hostname", {}))',
    'base64decode(filebase64("/proc/self/environ"))',
    'join(",", fileset("/", "etc/host*"))',
    "data.external.x.result.a",
    "data.http.x.response_body",
]
DISGUISED: dict[str, dict[str, Content]] = {
    "link": {"db.tf": File(b"../../../../etc/hostname", 0o120000)},
    "link-to-link": {"a.tf": File(b"b.tf", 0o120000), "b.tf": File(b"a.tf", 0o120000)},
    "link-over-a-link": {"db.tf": File(b"step", 0o120000), "step": File(b"text", 0o120000), "text": WORLD.encode()},
    "link-to-a-text": {"db.tf": File(b"text", 0o120000), "text": WORLD.encode()},
    "directory-link": {
        "main.tf": 'module "m" {\n  source = "./m"\n}\n',
        "m": File(b"deep/er", 0o120000),
        "deep/er/main.tf": WORLD.encode(),
    },
    "submodule": {"net.tf": File(b"0123456789abcdef0123456789abcdef01234567", 0o160000)},
    "huge": {"db.tf": b"# " + b"x" * (6 << 20) + b"\n" + WORLD.encode()},
    "binary": {"db.tf": b"\x00\xff" * 500 + WORLD.encode()},
    "lfs": {"db.tf": b"version https://git-lfs.github.com/spec/v1\noid sha256:" + b"a" * 64 + b"\nsize 12345\n"},
}
GROWING = ("count", "string-doubling", "recursive-module")


@pytest.mark.parametrize("value", OUTSIDE)
def test_nothing_outside_of_the_tree_is_read_run_or_asked(scene: Scene, review: Application, value: str) -> None:
    scene.repo.commit(ENFORCE, by=scene.mona)
    pull = scene.repo.pull_request("reach", files={"db.tf": REACHING.format(value=value)}, by=scene.mona)
    review.deliver()
    assert review.check(pull)[1] in ("failure", "action_required")
    page = "\n".join(texts(scene, pull))
    assert not HOST.exists() or HOST.read_text().strip() not in page
    assert "PATH=" not in page
    assert not Path("/tmp/countersign-attack").exists()  # noqa: S108 - it must not come to exist


@pytest.mark.parametrize("name", sorted(DISGUISED))
def test_what_cannot_be_read_as_what_it_is_called_is_no_success(scene: Scene, review: Application, name: str) -> None:
    scene.repo.commit(ENFORCE, by=scene.mona)
    pull = scene.repo.pull_request("disguise", files=DISGUISED[name], by=scene.mona)
    review.deliver()
    assert review.check(pull)[:2] in (("completed", "failure"), ("completed", "action_required"))


@pytest.mark.parametrize("name", [*GROWING, *(pytest.param(n, marks=pytest.mark.slow) for n in sorted(set(EXPANSIONS) - set(GROWING)))])
def test_what_grows_without_end_ends_in_time_and_is_no_success(scene: Scene, review: Application, name: str) -> None:
    scene.repo.commit(ENFORCE, by=scene.mona)
    pull = scene.repo.pull_request("grow", files=EXPANSIONS[name](), by=scene.mona)
    begun = time.monotonic()
    review.deliver()
    assert time.monotonic() - begun < 150
    assert review.check(pull)[:2] in (("completed", "failure"), ("completed", "action_required"))
