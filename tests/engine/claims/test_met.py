"""A control that is cited beside a resource which a rule on that control refutes."""

from __future__ import annotations

import pytest

from bot.confine.tables import facts
from bot.engine.evaluation import evaluate
from bot.engine.model.verdict import Claim
from bot.report.claims import said
from tests.changes import snapshot
from tests.report import samples

DATABASE = """\
# {comment}
resource "aws_db_instance" "orders" {{
  engine              = "postgres"
  instance_class      = "db.t3.micro"
  storage_encrypted   = {encrypted}
  publicly_accessible = {public}
}}
"""


def claimed(comment: str, encrypted: str = "true", public: str = "false") -> list[Claim]:
    files = {"main.tf": DATABASE.format(comment=comment, encrypted=encrypted, public=public)}
    return [claim for claim in evaluate(snapshot({}, files), facts()).claims if claim.about == "citation"]


def test_what_the_rule_refutes_is_contradicted() -> None:
    (claim,) = claimed("Satisfies AWS FSBP RDS.2", public="true")
    assert (claim.status, claim.resource) == ("contradicted", "aws_db_instance.orders")
    assert said(claim, samples.phrases()).startswith("RDS.2 is cited, and rule ")
    assert said(claim, samples.phrases()).endswith("finds otherwise: public (main.tf:6)")


@pytest.mark.parametrize("comment", ["TODO: FSBP RDS.2", "Violates FSBP RDS.2", "Accepted risk: FSBP RDS.2", "FSBP RDS.99"])
def test_who_says_otherwise_is_not_contradicted(comment: str) -> None:
    assert [claim.status for claim in claimed(comment, public="true") if claim.status == "contradicted"] == []


def test_that_it_exists_is_all_that_is_said_where_no_rule_refutes_it() -> None:
    (claim,) = claimed("Satisfies AWS FSBP RDS.2")
    assert (claim.status, said(claim, samples.phrases())) == (
        "supported",
        "AWS FSBP (2026-08) has it; whether it is met is not said by that",
    )


@pytest.mark.parametrize(
    "said",
    [
        "NIST 800-53 SC-28: stored data",
        "NIST SP 800-53 rev 5 SC-28(1)",
        "PCI DSS 4.0 3.5.1",
        "HIPAA 164.312(a)(2)(iv)",
        "CIS AWS Foundations 1.4.0 - 2.3.1",
        "AWS FSBP RDS.3",
    ],
)
def test_other_catalogues_are_refuted_by_the_rule_that_answers_them(said: str) -> None:
    (claim,) = claimed(said, encrypted="false")
    assert (claim.status, claim.resource, claim.fields["rule"]) == ("contradicted", "aws_db_instance.orders", "database-unencrypted")


@pytest.mark.parametrize(
    "said",
    [
        "NIST 800-53 SC-8",  # of what is sent
        "NIST 800-53 AC-6",  # the catalogue gives the rule thirty controls
        "PCI DSS 3.5.1",  # of another edition it would be another requirement
        "CIS AWS 3.0.0 - 2.3.1",
        "CIS AWS 2.3.1",
        "HIPAA 164.312(e)(1)",
        "SOC 2 CC6.1",
        "TODO: NIST 800-53 SC-28",
    ],
)
def test_a_control_that_the_rule_does_not_say_is_not_refuted_by_it(said: str) -> None:
    assert [claim.status for claim in claimed(said, encrypted="false") if claim.status == "contradicted"] == []
