"""Who and what alone is let in, and who alone takes a role, in the words that people use."""

from __future__ import annotations

import pytest

from tests.changes import review

RULE = """\
# {said}
resource "aws_security_group" "web" {{
  name = "web"
  ingress {{
    from_port   = {port}
    to_port     = {port}
    protocol    = "tcp"
    cidr_blocks = ["{source}"]
  }}
}}
"""
FROM_INSIDE = ("supported", 'prefixes = ["10.1.0.0/16"] (main.tf:8)')
ROLE = """\
resource "aws_iam_role" "ci" {{
  name               = "ci"
  assume_role_policy = jsonencode({{ Statement = [] }})
}}

# {said}
resource "aws_iam_role" "release" {{
  name = "release"
  assume_role_policy = jsonencode({{
    Statement = [{{
      Effect    = "Allow"
      Action    = "sts:AssumeRole"
      Principal = {{ AWS = {principal} }}
    }}]
  }})
}}
"""


def _told(code: str) -> list[tuple[str, str]]:
    return [(claim.status, claim.by or "") for claim in review({}, {"main.tf": code}).claims]


@pytest.mark.parametrize(
    ("said", "port", "source", "told"),
    [
        ("Only allows 443 from the VPC", 443, "10.1.0.0/16", [("supported", 'prefixes = ["10.1.0.0/16"] (main.tf:8)')]),
        ("Only allows 443 from the VPC", 443, "0.0.0.0/0", [("contradicted", 'prefixes = ["0.0.0.0/0"] (main.tf:8)')]),
        ("Only allows 443 from the VPC", 22, "10.1.0.0/16", [("contradicted", "ports = 22 (main.tf:5)"), FROM_INSIDE]),
        ("443 only", 443, "0.0.0.0/0", [("supported", "ports = 443 (main.tf:5)")]),
        ("Allows 80,443 only", 8080, "0.0.0.0/0", [("contradicted", "ports = 8080 (main.tf:5)")]),
        ("Only 30 days", 443, "0.0.0.0/0", []),
        ("Only allows 443 connections at once", 22, "0.0.0.0/0", []),
    ],
)
def test_ports_and_networks(said: str, port: int, source: str, told: list[tuple[str, str]]) -> None:
    assert _told(RULE.format(said=said, port=port, source=source)) == told


@pytest.mark.parametrize(
    ("said", "principal", "told"),
    [
        (
            "Only the CI role can assume this role",
            "aws_iam_role.ci.arn",
            [("supported", "principals = [aws_iam_role.ci.arn] (main.tf:13)")],
        ),
        ("Can only be assumed by the CI role", '"*"', [("contradicted", "principals = [AWS:*] (main.tf:13)")]),
        ("Assumable only by the CI role.", '"*"', [("contradicted", "principals = [AWS:*] (main.tf:13)")]),
        ("Only the CI role can assume this role", '"arn:aws:iam::111111111111:role/deploy"', []),
        ("Only the CI role can assume this role", "var.trusted", []),
        ("Should only be assumed by the CI role", '"*"', []),
        ("Only works if the caller can assume it", '"*"', []),
    ],
)
def test_who_takes_a_role(said: str, principal: str, told: list[tuple[str, str]]) -> None:
    assert _told(ROLE.format(said=said, principal=principal)) == told
