from __future__ import annotations

from pathlib import Path

import pytest

from tests.local.repositories import commit, git, init

OPEN = """resource "aws_security_group_rule" "db" {
  type        = "ingress"
  protocol    = "tcp"
  from_port   = 5432
  to_port     = 5432
  cidr_blocks = ["%s"]
}
"""


PROVIDER = 'provider "aws" {\n  region = "eu-central-1"\n}\n'  # makes the directory a root and not a module that nobody calls


@pytest.fixture
def clone(tmp_path: Path) -> Path:
    """A clone whose branch `bad` opens a database, `good` adds a harmless file, and `docs` touches no infrastructure."""
    path = init(tmp_path / "clone")
    commit(path, {"main.tf": OPEN % "10.0.0.0/8", "provider.tf": PROVIDER, "README.md": "x"}, "base")
    for branch, files in (
        ("bad", {"main.tf": OPEN % "0.0.0.0/0"}),
        ("good", {"other.tf": 'resource "aws_sns_topic" "t" {\n  name = "t"\n}\n'}),
        ("docs", {"README.md": "y"}),
        ("asks", {"main.tf": 'variable "clients" {}\n' + (OPEN % "x").replace('["x"]', "var.clients")}),
    ):
        git(path, "checkout", "--quiet", "-b", branch, "main")
        commit(path, files, f"Change on {branch}")
    git(path, "checkout", "--quiet", "main")
    return path
