"""What a message says that a value becomes, against what the change makes of it."""

from __future__ import annotations

import pytest

from bot.engine.model.snapshot import PullText
from tests.changes import review

BEFORE = """
terraform {
  required_version = ">= 1.8, < 1.9"
}
module "reader_role" {
  source  = "app.example.com/kit/role/aws"
  version = "5.30.0"
}
module "probe" {
  source = "git::https://git.example.com/kit/probe.git?ref=v0.2.1"
}
resource "aws_ebs_volume" "orders" {
  availability_zone = "eu-west-1a"
  type              = "io1"
  size              = 20
}
resource "aws_autoscaling_group" "workers" {
  min_size = 2
  max_size = 10
}
resource "terraform_data" "poll" {
  input = { pause_seconds = 300 }
}
"""
AFTER = (
    BEFORE.replace('"io1"', '"io2"')
    .replace("= 20", "= 100")
    .replace("5.30.0", "5.30.1")
    .replace("v0.2.1", "v0.3.0")
    .replace("1.8, < 1.9", "1.9, < 1.10")
    .replace("max_size = 10", "max_size = 50")
    .replace("300", "1800")
)


def _told(title: str, before: str = BEFORE, after: str = AFTER) -> list[tuple[str, str]]:
    claims = review({"main.tf": before}, {"main.tf": after}, pull=PullText(title=title)).claims
    return [(claim.status, claim.by or "") for claim in claims]


@pytest.mark.parametrize(
    ("title", "by"),
    [
        ("Upgrade volumes from io1 to io2", 'type = "io2" (main.tf:14)'),
        ("Move the disks io1 -> io2", 'type = "io2" (main.tf:14)'),
        ("Bump probe from 0.2.1 to 0.3.0", 'source = "git::https://git.example.com/kit/probe.git?ref=v0.3.0" (main.tf:10)'),
        ("chore: bump the reader role module to 5.30.1", 'version = "5.30.1" (main.tf:7)'),
        ("Upgrade terraform to 1.9", 'required_version = ">= 1.9, < 1.10" (main.tf:3)'),
        ("Bump terraform from 1.8.x to 1.9.x", 'required_version = ">= 1.9, < 1.10" (main.tf:3)'),
        ("Change the volume size from 20gb to 100gb", "size = 100 (main.tf:15)"),
        ("Raise the upper limit of the group to 50", "max_size = 50 (main.tf:19)"),
        ("Increase the pause between polls to 1800 seconds", "input.pause_seconds = 1800 (main.tf:22)"),
    ],
)
def test_what_becomes_of_a_value_is_shown(title: str, by: str) -> None:
    assert ("supported", by) in _told(title)
    assert [status for status, _ in _told(title) if status != "supported"] == []


@pytest.mark.parametrize(
    ("title", "by"),
    [
        ("Bump probe from 0.2.1 to 0.4.0", 'source = "git::https://git.example.com/kit/probe.git?ref=v0.3.0" (main.tf:10)'),
        ("Upgrade the orders volume from io1 to io3", 'type = "io2" (main.tf:14)'),
        ("Bump the reader role from 5.30.0 to 5.31.0", 'version = "5.30.1" (main.tf:7)'),
    ],
)
def test_another_value_than_is_told_differs(title: str, by: str) -> None:
    assert _told(title) == [("contradicted", by)]


@pytest.mark.parametrize(
    "title",
    [
        "Bump probe from 0.1.9 to 0.4.0",  # nothing had that
        "Bump the client from 0.2.1 to 0.4.0",  # names nothing that is here
        "Should we bump probe from 0.2.1 to 0.4.0?",
        "Do not bump probe from 0.2.1 to 0.4.0",
        "Revert the bump of probe from 0.2.1 to 0.4.0",
        "Move probe from staging to production",
        "Change the pause from 3 to 7",
        "Bump the reader role to 5.31.0",  # an upgrade in steps is told by its end
        "Upgrade to 7",
        "Orders from 9 to 5",
    ],
)
def test_else_nothing_is_said(title: str) -> None:
    assert _told(title) == []


def test_two_that_had_it_leave_it_open() -> None:
    second = 'module "probe_two" {\n  source = "git::https://git.example.com/kit/probe.git?ref=%s"\n}\n'

    assert _told("Bump probe from 0.2.1 to 0.4.0", BEFORE + second % "v0.2.1", AFTER + second % "v0.3.0") == []


def test_a_constraint_that_leaves_room_tells_neither_way() -> None:
    assert _told("Upgrade terraform to 1.9.4") == []


def test_prose_shows_nothing() -> None:
    before = 'resource "aws_security_group" "orders" {\n  description = "orders v1.2.3"\n}\n'

    assert _told("Bump orders from 1.2.3 to 1.2.4", before, before.replace("1.2.3", "1.2.4")) == []


def test_a_value_that_nobody_altered_is_not_shown() -> None:
    assert _told("Upgrade volumes from io1 to io2", AFTER, AFTER + "# more\n") == []
