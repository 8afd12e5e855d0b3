"""Secrets in a change: on no page, in no log, in no byte of the database."""

from __future__ import annotations

import logging
import sqlite3
import zlib
from pathlib import Path

import pytest

from tests.attacks.pages import texts
from tests.standin.conftest import Scene
from tests.workflows.app import ENFORCE, Application

SECRETS = {
    "password": "Corr3ct-Horse-Battery-9",
    "default": "D3fault-0f-a-variable-77",
    "key": "AKIA" + "QZ7WLM3TRX5VBN2C",
    "token": "ghp_" + "a8Fk2LmQ9xYzR4tUvW6nB1cD3eG5hJ7kP0sT",
    "local": "L0cal-value-that-is-used-42",
}
FILES = {
    "db.tf": f"""
variable "pw" {{
  type      = string
  sensitive = true
  default   = "{SECRETS["default"]}"
}}
locals {{
  db_password = "{SECRETS["local"]}"
}}
resource "aws_db_instance" "a" {{
  engine              = "postgres"
  password            = "{SECRETS["password"]}"
  publicly_accessible = true
  storage_encrypted   = false
  identifier          = "x-${{var.pw}}"
}}
resource "aws_db_instance" "b" {{
  engine              = "postgres"
  password            = local.db_password
  publicly_accessible = true
}}
resource "aws_instance" "c" {{
  user_data = "export AWS_ACCESS_KEY_ID={SECRETS["key"]} GITHUB_TOKEN={SECRETS["token"]}"
}}
resource "aws_security_group_rule" "db" {{
  type              = "ingress"
  from_port         = 5432
  to_port           = 5432
  protocol          = "tcp"
  description       = "{SECRETS["token"]}"
  security_group_id = "sg-${{var.pw}}"
  cidr_blocks       = ["0.0.0.0/0", var.pw]
}}
"""
}


def test_a_secret_of_the_change_is_shown_and_stored_nowhere(
    scene: Scene, review: Application, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    scene.repo.commit(ENFORCE, by=scene.mona)
    pull = scene.repo.pull_request("leak", files=FILES, by=scene.mona)
    review.deliver()
    assert review.check(pull)[1] == "failure"
    where = {"page": "\n".join(texts(scene, pull)), "log": caplog.text, "ledger": _kept(tmp_path / "ledger.sqlite")}
    assert [(name, place) for name, secret in SECRETS.items() for place, text in where.items() if secret in text] == []


def _kept(path: Path) -> str:
    """The file as it is, and every value in it unpacked."""
    found = [path.read_bytes()]
    with sqlite3.connect(path) as database:
        for (table,) in database.execute("select name from sqlite_master where type = 'table'").fetchall():
            found += [_plain(value) for row in database.execute(f"select * from {table}") for value in row]  # noqa: S608 - names of our own tables
    database.close()
    return b"\n".join(found).decode("utf-8", "replace")


def _plain(value: object) -> bytes:
    data = value if isinstance(value, bytes) else str(value).encode()
    try:
        return zlib.decompress(data)
    except zlib.error:
        return data
