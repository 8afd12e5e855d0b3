"""An answer over the wire: signed deliveries to a running service, its workflows, and what stands on the pull request then."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from bot.standin import Standin
from tests.web.services import Acme, eventually

UNKNOWN = """
variable "clients" {}
resource "aws_security_group_rule" "db" {
  type              = "ingress"
  from_port         = 5432
  to_port           = 5432
  protocol          = "tcp"
  security_group_id = "sg-1"
  cidr_blocks       = var.clients
}
"""
BACKEND = 'terraform {\n  backend "s3" {}\n}\n'
OWNED = "level: enforce\nowners: {network: ['@ada']}\n"


@pytest.fixture
def acme(tmp_path: Path) -> Iterator[Acme]:
    with Standin.serve(strict=True, automatic=2) as standin:
        yield Acme(standin, tmp_path)
        assert (standin.unsupported, standin.untrue, standin.crashes) == ([], [], [])


def test_a_comment_answers_what_is_not_known(acme: Acme) -> None:
    standin = acme.standin
    ada = acme.org.member("ada")
    acme.repo.collaborator(ada, "write")
    acme.repo.commit({".github/countersign.yml": OWNED, "backend.tf": BACKEND}, by=acme.mona)
    with acme.served() as service:
        acme.known(service)
        pull = acme.opened(text=UNKNOWN)
        assert acme.conclusion(pull) == "action_required"
        eventually(service.ledger.questions.waiting)
        assert [person.login for person in eventually(lambda: pull.reviewers)] == ["ada"]
        standin.clock.advance(3)
        own = pull.comment(acme.mona, "/countersign accept J-1 because it is mine")
        answer = pull.comment(ada, "/countersign accept J-1 because the pipeline sets office networks")
        assert eventually(lambda: acme.conclusion(pull) == "success")
        eventually(lambda: own.reactions and service.workflows.status().oldest_seconds == 0)
        assert [[made.content for made in comment.reactions] for comment in (own, answer)] == [["confused"], ["+1"]]
    (run,) = [run for run in standin.runs() if run.head_sha == pull.head_sha]
    assert run.title == "Decided: 1 of 1; no violations; 1 value not known"
    assert len([made for made in pull.comments if "countersign:reply" in made.body]) == 1
