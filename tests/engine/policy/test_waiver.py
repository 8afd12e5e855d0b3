"""Waivers: what they cover, until when, and what their author reads when something is wrong."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta, timezone

import pytest

from bot.engine.policy import ConfigurationError
from bot.engine.policy.waiver import Waiver, load_waivers

PATH = ".github/countersign-waivers.yml"
ONE = b"""\
- rule: aws-ssh-open
  resource: module.edge.aws_security_group.bastion*
  path: "network/**"
  reason: The bastion is reached from hotels.
  owner: "@acme/platform"
  expires: 2027-01-31
"""
LAST = datetime(2027, 1, 31, 23, 59, tzinfo=UTC)


def waiver(resource: str = "", path: str = "") -> Waiver:
    return Waiver("r", "because", "@a", date(2027, 1, 31), resource, path)


def test_a_whole_waiver() -> None:
    (found,) = load_waivers(ONE, PATH)
    assert (found.rule, found.owner, found.expires, found.ref) == ("aws-ssh-open", "@acme/platform", date(2027, 1, 31), f"{PATH}:1")
    assert found.covers("aws-ssh-open", "module.edge.aws_security_group.bastion_eu", "network/eu/main.tf")
    assert not found.covers("aws-ssh-open", "module.edge.aws_security_group.web", "network/eu/main.tf")
    assert not found.covers("aws-ssh-open", "module.edge.aws_security_group.bastion", "apps/main.tf")
    assert not found.covers("aws-ssh-closed", "module.edge.aws_security_group.bastion", "network/eu/main.tf")


@pytest.mark.parametrize("data", [b"", b"[]\n", b"# none\n"])
def test_no_waivers(data: bytes) -> None:
    assert load_waivers(data, PATH) == ()


@pytest.mark.parametrize(
    ("pattern", "address", "covered"),
    [
        ("aws_vpc.a", "aws_vpc.a", True),
        ("aws_vpc.a", "aws_vpc.ab", False),
        ("aws_vpc.a", 'aws_vpc.a["x.y"]', True),
        ("aws_vpc.a", "module.m[0].aws_vpc.a", False),
        ("module.m.aws_vpc.*", "module.m[0].aws_vpc.a[1]", True),
        ('aws_vpc.a["x"]', 'aws_vpc.a["x"]', True),
        ('aws_vpc.a["x"]', 'aws_vpc.a["y"]', False),
        ("aws_vpc.?", "aws_vpc.a", True),
        ("aws_vpc.[ab]", "aws_vpc.a", False),
    ],
)
def test_addresses(pattern: str, address: str, covered: bool) -> None:  # noqa: FBT001 - a table
    assert waiver(resource=pattern).covers("r", address, "main.tf") is covered


@pytest.mark.parametrize(
    ("pattern", "path", "covered"),
    [
        ("a/*.tf", "a/main.tf", True),
        ("a/*.tf", "a/b/main.tf", False),
        ("a/**", "a/b/main.tf", True),
        ("**/main.tf", "main.tf", True),
        ("main.tf", "a/main.tf", False),
    ],
)
def test_paths(pattern: str, path: str, covered: bool) -> None:  # noqa: FBT001 - a table
    assert waiver(path=pattern).covers("r", "x.y", path) is covered


def test_it_holds_through_its_last_day() -> None:
    assert waiver(path="*").valid(LAST)
    assert not waiver(path="*").valid(LAST + timedelta(minutes=1))
    assert waiver(path="*").valid(datetime(2027, 2, 1, 5, tzinfo=timezone(timedelta(hours=6))))


@pytest.mark.parametrize(
    ("old", "new", "problem"),
    [
        (b"expires: 2027-01-31", b"expires: soon", "`{at}:6` `$[0].expires: soon` is not a day. Write it as 2027-01-31."),
        (b"expires: 2027-01-31", b"expires: 2027-02-30", "`{at}:6` `$[0].expires: 2027-02-30` is not a day. Write it as 2027-01-31."),
        (b"  expires: 2027-01-31\n", b"", "`{at}:1` `$[0].expires` is missing."),
        (b"reason: The bastion is reached from hotels.", b"reason: ''", "`{at}:4` `$[0].reason` is empty."),
        (b"owner:", b"owners:", None),
        (b"- rule", b"waivers: 1\nrule", None),
    ],
)
def test_waivers_that_cannot_be_used(old: bytes, new: bytes, problem: str | None) -> None:
    with pytest.raises(ConfigurationError) as caught:
        load_waivers(ONE.replace(old, new), PATH)
    if problem is None:
        assert caught.value.problems
    else:
        assert str(caught.value) == problem.replace("{at}", PATH)


def test_a_waiver_names_a_place() -> None:
    with pytest.raises(ConfigurationError) as caught:
        load_waivers(b"- {rule: r, reason: x, owner: '@a', expires: 2027-01-31}", PATH)
    assert str(caught.value) == f"`{PATH}:1` `$[0]` has to name a `resource` or a `path`."
