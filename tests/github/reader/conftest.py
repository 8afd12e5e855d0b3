"""An organisation with a repository of Terraform, a pull request of three files, and a reader of its installation."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import pytest

from bot.engine.evaluation import evaluate, needs
from bot.engine.model.snapshot import Snapshot, Tree
from bot.engine.model.verdict import Verdict
from bot.github.app import App, Manner
from bot.github.authentication import AppCredentials
from bot.github.cache import Memory
from bot.github.connection import Address
from bot.github.facts import MergeGroup, PullRequest, RepositoryRef
from bot.github.protocols import Look
from bot.github.reader import InstallationReader
from bot.standin import Standin
from bot.standin.state import pulls
from bot.standin.state.accounts import Account, Organisation
from bot.standin.state.apps import Installation
from bot.standin.state.queue import MergeGroup as Queued
from bot.standin.state.repository import Content, Repository
from tests.changes import NOW, shipped_rules
from tests.github.line import Moments
from tests.github.reader.line import Line
from tests.standin.conftest import PERMISSIONS

GROUP = """
resource "aws_security_group_rule" "{name}" {{
  type              = "ingress"
  from_port         = 22
  to_port           = 22
  protocol          = "tcp"
  description       = "operators"
  cidr_blocks       = {cidr}
}}
"""
FILES: dict[str, Content] = {
    "main.tf": "# head\n" * 12 + GROUP.format(name="a", cidr='["10.0.0.0/8"]'),
    "vars.tf": 'variable "net" {\n  default = ["10.0.0.0/8"]\n}\n',
    "modules/net/main.tf": GROUP.format(name="b", cidr="var.net") + 'variable "net" {}\n',
    "call.tf": 'module "net" {\n  source = "./modules/net"\n  net    = var.net\n}\n',
    "README.md": "read me\n",
}
CHANGED: dict[str, Content] = {
    "main.tf": "# head\n" * 12 + GROUP.format(name="a", cidr='["0.0.0.0/0"]'),
    "vars.tf": 'variable "net" {\n  default = ["0.0.0.0/0"]\n}\n',
    "new.tf": GROUP.format(name="c", cidr='["0.0.0.0/0"]'),
}


def empty() -> Snapshot:
    return Snapshot(base=Tree("", {}), head=Tree("", {}), blobs={}, policy=shipped_rules(), now=NOW)


@dataclass
class Scene:
    standin: Standin
    org: Organisation
    mona: Account
    repo: Repository
    installation: Installation
    line: Line
    reader: InstallationReader
    needs = staticmethod(needs)

    @property
    def ref(self) -> RepositoryRef:
        return RepositoryRef(self.repo.id, self.repo.full_name, self.installation.id, "main")

    def opened(self, files: dict[str, Content], branch: str = "change", **more: object) -> pulls.PullRequest:
        return self.repo.pull_request(branch, files=files, by=self.mona, message="Change it", **more)  # type: ignore[arg-type]

    def look(self, pull: pulls.PullRequest) -> Look:
        found = self.reader.look(self.ref, pull.number)
        assert found is not None
        return found

    def facts(self, pull: pulls.PullRequest) -> PullRequest:
        return self.look(pull).pull

    def snapshot(self, pull: pulls.PullRequest) -> Snapshot:
        return self.reader.snapshot(self.facts(pull), empty(), needs)

    def verdict(self, pull: pulls.PullRequest) -> Verdict:
        return evaluate(self.snapshot(pull))

    def queued(self, group: Queued) -> Snapshot:
        asked = MergeGroup(self.ref, group.head_sha, group.head_ref, group.base_sha, "main")
        return self.reader.merge_group(asked, empty(), needs)

    def calls(self) -> list[str]:
        """What was asked since the last time."""
        found = [f"{method} {template}" for method, template, _, _ in self.standin.calls if not template.endswith("access_tokens")]
        self.standin.calls.clear()
        return found


@pytest.fixture
def reading(standin: Standin) -> Iterator[Scene]:
    org = standin.organisation("acme")
    mona = org.member("mona")
    repo = org.repository("infra", files=FILES)
    repo.collaborator(mona, "write")
    app = standin.app(permissions=PERMISSIONS)
    installation = app.install(org)
    moments = Moments()
    manner = Manner(write_spacing=0.0, clock=moments.clock())
    with App(AppCredentials(app.id, app.pem.encode()), Address(standin.api, timeout=5.0), manner) as ours:
        line = Line(installation.id, ours.gateway(installation.id)._caller)
        yield Scene(standin, org, mona, repo, installation, line, InstallationReader(line, Memory()))
        assert standin.unsupported == []
