"""What was perhaps meant: a slip of the pen is told from another name."""

from __future__ import annotations

import pytest

from bot.engine.facts.nearest import Near, edits, nearest

NAMES = (
    "instance_type", "iam_instance_profile", "monitoring", "enable_dns_hostnames", "versioning", "vpc_security_group_ids", "kms_key_id",
    "aws_cloudwatch_metric_alarm", "ipv4_netmask_length", "ami",
)  # fmt: skip


@pytest.mark.parametrize(
    ("name", "meant"),
    [
        ("instance_typ", "instance_type"),
        ("instnace_type", "instance_type"),
        ("iam_instance_profiles", "iam_instance_profile"),
        ("dns_hostnames_enabled", "enable_dns_hostnames"),
        ("vpc_security_groups_ids", "vpc_security_group_ids"),
        ("is_monitoring", "monitoring"),
    ],
)
def test_a_slip_of_the_pen_and_the_same_words(name: str, meant: str) -> None:
    assert nearest(name, NAMES) == Near(meant, "strong")


@pytest.mark.parametrize(
    ("name", "meant"),
    [
        ("aws_cloudwatch_alarm", "aws_cloudwatch_metric_alarm"),
        ("instance_profile", "iam_instance_profile"),
        ("security_group_ids", "vpc_security_group_ids"),
        ("kms_master_key_id", "kms_key_id"),
    ],
)
def test_words_in_common_are_a_suggestion_only(name: str, meant: str) -> None:
    assert nearest(name, NAMES) == Near(meant, "weak")


@pytest.mark.parametrize("name", ["ipv6_netmask_length", "ipv5_netmask_length"])
def test_digits_tell_things_apart(name: str) -> None:
    assert nearest(name, NAMES) == Near("ipv4_netmask_length", "weak")


@pytest.mark.parametrize("name", ["am", "amo", "key", "flight_level", "x" * 500])
def test_short_and_other_names_are_near_to_nothing(name: str) -> None:
    found = nearest(name, NAMES)
    assert found is None or found.strength == "weak"


@pytest.mark.parametrize(
    ("one", "other", "number"),
    [
        ("", "", 0),
        ("a", "a", 0),
        ("", "ab", 2),
        ("ab", "ba", 1),
        ("abc", "abd", 1),
        ("abcd", "acbde", 2),
        ("abc", "xyz", 3),
        ("a", "abcd", 3),
    ],
)
def test_edits(one: str, other: str, number: int) -> None:
    assert edits(one, other) == edits(other, one) == number
