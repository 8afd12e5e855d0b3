"""Which subnets something is said to lie in, against those that it names."""

from __future__ import annotations

import pytest

from bot.engine.model.snapshot import PullText
from tests.changes import review

WORKERS = """\
resource "aws_subnet" "private" {{
  vpc_id     = "vpc-0a1b2c"
  cidr_block = "10.0.1.0/24"
}}
resource "aws_subnet" "public" {{
  vpc_id     = "vpc-0a1b2c"
  cidr_block = "10.0.2.0/24"
}}

# {said}
resource "aws_autoscaling_group" "workers" {{
  min_size            = 1
  max_size            = 4
  vpc_zone_identifier = [{subnets}]
}}
"""
PRIVATE, PUBLIC = "aws_subnet.private.id", "aws_subnet.public.id"


def _told(said: str, subnets: str) -> list[tuple[str, str]]:
    claims = review({}, {"main.tf": WORKERS.format(said=said, subnets=subnets)}).claims
    return [(claim.status, claim.by or "") for claim in claims]


@pytest.mark.parametrize(
    ("said", "subnets", "status"),
    [
        ("Workers in the private subnets", PRIVATE, "supported"),
        ("Workers in the private subnets", PUBLIC, "contradicted"),
        ("Private subnets only", PUBLIC, "contradicted"),
        ("Runs in a public subnet", PUBLIC, "supported"),
        ("Runs in a public subnet", PRIVATE, "contradicted"),
    ],
)
def test_a_comment_above_what_lies_there(said: str, subnets: str, status: str) -> None:
    assert _told(said, subnets) == [(status, f"vpc_zone_identifier = [{subnets.removesuffix('.id')}] (main.tf:14)")]


@pytest.mark.parametrize(
    ("said", "subnets"),
    [
        ("Workers in the private subnets", f"{PRIVATE}, {PUBLIC}"),
        ("Workers in the private subnets", "var.subnet"),
        ("Workers should be in the private subnets", PUBLIC),
        ("Not in the private subnets", PUBLIC),
        ("In the private subnets or in the public subnets", PUBLIC),
        ("Reaches what is private", PUBLIC),
    ],
)
def test_in_doubt_nothing_is_said(said: str, subnets: str) -> None:
    assert _told(said, subnets) == []


def test_a_title_tells_of_what_the_change_sets() -> None:
    before, after = (WORKERS.format(said="", subnets=one) for one in (PRIVATE, PUBLIC))
    claims = review({"main.tf": before}, {"main.tf": after}, pull=PullText(title="fix: move the workers into private subnets")).claims

    assert [(claim.status, claim.by) for claim in claims] == [("contradicted", "vpc_zone_identifier = [aws_subnet.public] (main.tf:14)")]
