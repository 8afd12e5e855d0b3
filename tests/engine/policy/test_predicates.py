"""Every predicate on known, partly known and strange values. T, F and U are the three truths."""

from __future__ import annotations

import re
from ipaddress import ip_address, ip_network
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.engine.model.value import Null, Unknown
from bot.engine.model.wildcard import covers
from bot.engine.policy.lift import holds
from bot.engine.policy.predicates import PREDICATES, networks
from bot.engine.policy.predicates.text import version
from tests.engine.policy.build import unknown, value

T, F, U = True, False, None
X = unknown("var.x")
ARN = unknown("aws_kms_key.a.arn", reason="computed")


def decide(name: str, args: tuple[Any, ...], *inputs: object) -> bool | None:
    return holds(PREDICATES[name], tuple(None if item is None else value(item) for item in inputs), args, U)


def parts(*pieces: str | None) -> Unknown:
    return unknown("var.x", *pieces)


@pytest.mark.parametrize(
    ("name", "args", "given", "truth"),
    [
        # truths, as Terraform converts them
        ("true", (), True, T),
        ("true", (), "true", T),
        ("true", (), False, F),
        ("true", (), "yes", U),
        ("true", (), 1, U),
        ("true", (), X, U),
        ("false", (), False, T),
        ("false", (), "False", T),
        ("false", (), True, F),
        ("false", (), [False], U),
        ("false", (), X, U),
        # equality and membership
        ("equals", ("tcp",), "tcp", T),
        ("equals", ("tcp",), "TCP", F),
        ("equals", (22,), "22", T),
        ("equals", (22,), 22.0, T),
        ("equals", (True,), "true", T),
        ("equals", ("a",), ["a"], U),
        ("equals", ("a",), X, U),
        ("equals", ("*",), parts("arn:", None), F),
        ("equals", ("*",), parts(None, "/*"), F),
        ("equals", ("*",), parts(None, "*"), U),
        ("equals", ("*",), ARN, F),
        ("equals", ("ab",), parts("a", None, "b"), U),
        ("equals", ("a",), parts("a", None, "a"), F),
        ("not_equals", ("a",), "b", T),
        ("not_equals", ("a",), "a", F),
        ("not_equals", ("a",), parts("b", None), T),
        ("not_equals", ("a",), X, U),
        ("one_of", ("a", "b"), "b", T),
        ("one_of", (("a", "b"),), "b", T),
        ("one_of", ("a", "b"), "c", F),
        ("one_of", ("a",), X, U),
        ("none_of", ("a", "b"), "c", T),
        ("none_of", ("a", "b"), "a", F),
        ("none_of", ("a",), parts("z-", None), T),
        ("none_of", ("a",), X, U),
        ("contains_any", ("a",), ["a", X], T),
        ("contains_any", ("a",), ["b", X], U),
        ("contains_any", ("a",), ["b"], F),
        ("contains_any", ("a",), [], F),
        ("contains_any", ("a",), "a", T),
        ("contains_any", ("*",), [ARN, parts(None, "/*")], F),
        ("contains_any", ("a",), {"a": X}, T),
        ("contains_any", ("b",), {"a": X}, F),
        ("contains_any", ("a",), X, U),
        ("contains_any", ("a",), [None, ["a"]], F),
        ("contains_all", ("a", "b"), ["b", "a", X], T),
        ("contains_all", ("a", "b"), ["a", X], U),
        ("contains_all", ("a", "b"), ["a"], F),
        ("contains_all", ("a",), {"a": X}, T),
        # numbers
        ("less_than", (7,), 6, T),
        ("less_than", (7,), 7, F),
        ("less_than", (7,), "6", T),
        ("less_than", (7,), "six", U),
        ("less_than", (7,), True, U),
        ("less_than", (7,), X, U),
        ("less_than", (7,), "nan", U),
        ("less_than", (7,), "inf", U),
        ("less_than", (7,), [6], U),
        ("at_most", (7,), 7, T),
        ("at_most", (7,), 7.5, F),
        ("greater_than", (7,), 7, F),
        ("greater_than", (7,), 8, T),
        ("at_least", (7,), 7, T),
        ("at_least", (7,), 6, F),
        # presence
        ("present", (), "", T),
        ("present", (), False, T),
        ("present", (), None, F),
        ("present", (), [], F),
        ("present", (), {}, T),
        ("present", (), X, U),
        ("present", (), [X], U),
        ("present", (), [X, {}], T),
        ("present", (), parts("a", None), T),
        ("present", (), ARN, T),
        ("present", (), {"a": X}, T),
        ("absent", (), None, T),
        ("absent", (), [], T),
        ("absent", (), 0, F),
        ("absent", (), X, U),
        ("absent", (), ARN, F),
        ("empty", (), "", T),
        ("empty", (), " ", T),
        ("empty", (), None, T),
        ("empty", (), {}, T),
        ("empty", (), 0, F),
        ("empty", (), [X], U),
        ("not_empty", (), "a", T),
        ("not_empty", (), "", F),
        ("not_empty", (), [X, 1], T),
        ("not_empty", (), parts(None, "-log"), T),
        # texts
        ("matches", ("ami-[0-9a-f]+",), "ami-0a", T),
        ("matches", ("ami",), "ami-0a", F),
        ("matches", ("[0-9]+",), 22, T),
        ("matches", ("a",), X, U),
        ("matches", ("a.*b.*",), "ab" * 5000, U),
        ("starts_with", ("a", "b"), "bc", T),
        ("starts_with", ("a",), "ba", F),
        ("starts_with", ("arn:",), ARN, T),
        ("starts_with", ("s3:",), parts("s3:Get", None), T),
        ("starts_with", ("s3:",), parts("s", None), U),
        ("starts_with", ("s3:",), parts("iam:", None), F),
        ("starts_with", ("a",), parts(None, "a"), U),
        ("ends_with", (":latest",), "web:latest", T),
        ("ends_with", (":latest",), parts(None, ":latest"), T),
        ("ends_with", (":latest",), parts(None, ":1.2"), F),
        ("ends_with", (":latest",), parts(None, "t"), U),
        ("ends_with", ("a",), parts("a", None), U),
        ("ends_with", (":role/*",), unknown("aws_iam_role.a.arn", reason="computed"), F),
        ("ends_with", ("-a",), unknown("aws_iam_role.a.arn", reason="computed"), U),
        ("ends_with", (":role/*",), unknown("var.role"), U),
        ("contains_text", ("@sha256:",), "x@sha256:0", T),
        ("contains_text", ("b",), "a", F),
        ("contains_text", ("b",), parts("abc", None), T),
        ("contains_text", ("b",), parts("a", None), U),
        ("version_below", ("1.2",), "TLSv1", T),
        ("version_below", ("1.2",), "TLSv1_2016", T),
        ("version_below", ("1.2",), "TLSv1.2_2021", F),
        ("version_below", ("1.2",), "TLS1_1", T),
        ("version_below", ("1.2",), "TLS1_2", F),
        ("version_below", ("1.2",), "SSLv3", T),
        ("version_below", ("1.2",), 1.1, T),
        ("version_below", ("1.2",), "1.2", F),
        ("version_below", ("1.2",), "latest", U),
        ("version_below", ("1.2",), "~> 1.1", U),
        ("version_below", ("1.30",), "v1.9.3", T),
        ("version_below", ("1.2",), X, U),
        # names with wildcards
        ("wildcard_action", (), "*", T),
        ("wildcard_action", (), ["s3:GetObject", "ec2:*"], T),
        ("wildcard_action", (), "s3:**", T),
        ("wildcard_action", (), "s3:Get*", F),
        ("wildcard_action", (), [X, "*:*"], T),
        ("wildcard_action", (), [X, "s3:Get"], U),
        ("wildcard_action", (), parts("s3:Get", None), F),
        ("wildcard_action", (), parts(None, ":GetObject"), F),
        ("wildcard_action", (), parts("s3:", None), U),
        ("glob_covers", ("iam:PassRole",), "iam:*", T),
        ("glob_covers", ("iam:PassRole",), "IAM:pass*", T),
        ("glob_covers", ("iam:PassRole",), "iam:Get*", F),
        ("glob_covers", ("iam:PassRole",), ["s3:*", "*"], T),
        ("glob_covers", ("iam:*",), "iam:P*", F),
        ("glob_covers", ("a",), ["*", X], T),
        ("glob_covers", ("a",), ["b", X], U),
        ("glob_covers", ("a",), "a" * 9999, U),
    ],
)
def test_one_input(name: str, args: tuple[Any, ...], given: object, truth: Any) -> None:
    assert decide(name, args, given) is truth


@pytest.mark.parametrize(
    ("name", "args", "given", "truth"),
    [
        ("world", (), "0.0.0.0/0", T),
        ("world", (), "0.0.2.0/0", T),
        ("world", (), "::/0", T),
        ("world", (), "0:0:0::/0", T),
        ("world", (), "2000::/3", T),
        ("world", (), ["10.0.0.0/8", "0.0.0.0/0"], T),
        ("world", (), "*", T),
        ("world", (), "Internet", T),
        ("world", (), "any", T),
        ("world", (), ["0.0.0.0/1", "128.0.0.0/1"], T),
        ("world", (), "0.0.0.0/1,128.0.0.0/1", T),
        ("world", (), ["0.0.0.0/1", "128.0.0.0/2"], F),
        ("world", (), ["::/1", "8000::/1"], T),
        ("world", (), ["0.0.0.0/1", "8000::/1"], F),
        ("world", (), "0.0.0.0-255.255.255.255", T),
        (
            "world",
            (),
            ["0.0.0.0/5", "8.0.0.0/7", "11.0.0.0/8", "12.0.0.0/6", "16.0.0.0/4", "32.0.0.0/3", "64.0.0.0/2", "128.0.0.0/2", "192.0.0.0/2"],
            T,
        ),
        ("world", (), "10.0.0.0/8", F),
        ("world", (), "203.0.113.7", F),
        ("world", (), "VirtualNetwork", F),
        ("world", (), "sg-0a1b2c", F),
        ("world", (), [], F),
        ("world", (), "pl-0a1b", U),
        ("world", (), "0.0.0.0", U),  # noqa: S104 - a prefix
        ("world", (), ["10.0.0.0/8", "::0"], U),
        ("world", (), "0.0.0.0/32", F),
        ("world", (), "10.0.0.0/33", U),
        ("world", (), "300.0.0.0/8", U),
        ("world", (), "010.0.0.0/8", F),
        ("world", (), {"a": 1}, U),
        ("world", (), X, U),
        ("world", (), [X], U),
        ("world", (), [X, "0.0.0.0/0"], T),
        ("world", (), [X, "10.0.0.0/8"], U),
        ("world", (), parts("10.", None, ".0.0/16"), F),
        ("world", (), parts(None, "/32"), F),
        ("world", (), parts(None, "/0"), U),
        ("world", (), parts("10.0.0.0/", None), U),
        ("world", (), [parts(None, "/32"), "0.0.0.0/1"], F),
        ("world", (), [parts(None, "/1"), "0.0.0.0/1"], U),
        ("world", (), [parts(None, "/32"), "0.0.0.0/1", "128.0.0.0/1"], T),
        ("world", (), ["1.1.1.1-2.2.2.2-3.3.3.3"], U),
        ("wider_than", (16,), "52.0.0.0/8", T),
        ("wider_than", (16,), "52.1.0.0/16", F),
        ("wider_than", (16,), "10.0.0.0/8", F),
        ("wider_than", (16,), "2600::/24", T),
        ("wider_than", (16,), "2600::/32", F),
        ("wider_than", (16, 48), "2600::/32", T),
        ("wider_than", (16,), "*", T),
        ("wider_than", (16,), [X, "52.0.0.0/8"], T),
        ("wider_than", (16,), [X, "52.0.0.0/24"], U),
        ("wider_than", (16,), parts(None, "/32"), F),
        ("wider_than", (16,), parts("10.", None, ".0.0/12"), F),
        ("wider_than", (16,), parts("52.", None, ".0.0/12"), U),
        ("wider_than", (16,), X, U),
        ("cidr_private", (), "10.1.0.0/16", T),
        ("cidr_private", (), ["192.168.0.0/24", "fd00::/8"], T),
        ("cidr_private", (), ["10.0.0.0/8", "52.0.0.0/8"], F),
        ("cidr_private", (), ["52.0.0.0/8", X], F),
        ("cidr_private", (), ["10.0.0.0/8", X], U),
        ("cidr_private", (), parts("10.", None, ".0.0/16"), T),
        ("cidr_private", (), parts("52.1.", None, ".0/24"), F),
        ("cidr_private", (), parts("172.", None, ".0.0/16"), U),
        ("cidr_private", (), "0.0.0.0/0", F),
        ("cidr_private", (), "VirtualNetwork", U),
    ],
)
def test_prefixes(name: str, args: tuple[Any, ...], given: object, truth: Any) -> None:
    assert decide(name, args, given) is truth


@pytest.mark.parametrize(
    ("args", "inputs", "truth"),
    [
        ((22,), (22, 22), T),
        ((22,), (0, 65535), T),
        ((22,), ("20", "25"), T),
        ((22,), (23, 100), F),
        ((22, 3389), (3000, 4000), T),
        ((22,), (-1, -1), T),
        ((22,), (25, 20), F),
        ((22,), (22, 20), F),
        ((22,), (10, "udp"), F),
        ((22,), (X, X), U),
        ((22,), (X, 10), F),
        ((22,), (30, X), F),
        ((22,), (10, X), U),
        ((22,), (None, 30), U),
        ((22,), ("*",), T),
        ((22,), ("20-25",), T),
        ((22,), (["443", "20-25"],), T),
        ((22,), ("80,22",), T),
        ((22,), (["443", X],), U),
        ((22,), ([X, "22"],), T),
        ((22,), ("ssh",), U),
        ((22,), ({"a": 1},), U),
        ((22,), (22.5,), U),
        ((22,), ("99999",), U),
        ((22,), (0, 0, "-1"), T),
        ((22,), (0, 0, "tcp"), F),
        ((22,), (0, 65535, "icmp"), F),
        ((22,), (X, X, "all"), T),
        ((22,), (None, None, "-1"), T),
        ((22,), (X, X, "icmp"), F),
        ((22,), (22, 22, X), U),
        ((22,), (443, 443, X), U),
        ((22,), (443, X, "tcp"), F),
        ((22,), (["20-25"], "Tcp"), T),
        ((22,), (["20-25"], "Icmp"), F),
        ((22,), (["80"], "*"), T),
        (("database",), (5432, 5432), T),
        (("admin", "database"), (3389, 3389), T),
        (("database",), (443, 443), F),
        (("8000-8100",), (8050, 9000), T),
    ],
)
def test_ports(args: tuple[Any, ...], inputs: tuple[object, ...], truth: Any) -> None:
    assert decide("covers_port", args, *inputs) is truth


@pytest.mark.parametrize(
    ("inputs", "truth"),
    [
        ((443, 443), F),
        ((2322, 2322), T),
        ((80, 443), T),
        ((80, 81), T),
        ((80, 80, "tcp"), F),
        ((0, 0, "-1"), T),
        ((8, 0, "icmp"), F),
        (("80,443",), F),
        ((["443", "8080"],), T),
        ((X, 443), U),
        (("ssh",), U),
    ],
)
def test_other_ports(inputs: tuple[object, ...], truth: Any) -> None:
    assert decide("opens_other_port", (80, 443), *inputs) is truth


def test_neighbouring_arguments_are_one_range() -> None:
    assert decide("opens_other_port", ("80-89", 90), 85, 90) is F


KEY = "AKIA" + "Q3EGWRT5YH2JKLM7"


@pytest.mark.parametrize(
    ("given", "truth"),
    [
        (KEY, T),
        (f"export AWS_ACCESS_KEY_ID={KEY}", T),
        ("-----BEGIN RSA PRIVATE KEY-----\nMII", T),
        ("-----BEGIN PRIVATE KEY-----", T),
        ("ghp_" + "a1B2" * 9, T),
        ("xoxb-" + "1234567890-abc", T),
        ({"TOKEN": "glpat-" + "x7Yz" * 5}, T),
        (["a", KEY], T),
        ("password=" + "Zk4vT9qLm2Xs8Wd1", T),
        ("PASSWORD=Some" + "Password1", T),
        ("postgres://app:" + "hunter2pw@db.internal/app", T),
        ("https://hooks.slack.com/services/T0000000/B0000000/" + "Zx8kQ2mPw7rT1yU4vB6nC3dE", T),
        ("SK" + "0123456789abcdef" * 2, T),
        ("postgres://app:password@db.internal/app", F),
        ("postgres://app@db.internal:5432/app", F),
        ("PASSWORD=$PASSWORD", F),
        ("AKIAIOSFODNN7EXAMPLE", F),
        ("password = var.password", F),
        ("password: changeme-changeme", F),
        ("-----BEGIN CERTIFICATE-----", F),
        ("arn:aws:secretsmanager:eu-west-1:1:secret:a", F),
        ("hello", F),
        (22, F),
        ("token=${data.vault.token}", F),
        (X, F),
        (unknown(reason="not-read"), U),
        (unknown("var.x", "token=", None), F),
        (unknown("var.x", KEY, None), T),
        ({"A": X, "B": KEY}, T),
        ({"A": X, "B": "b"}, F),
        ({"A": unknown(reason="not-read")}, U),
        ("a" * 30_000, U),
    ],
)
def test_secrets(given: object, truth: Any) -> None:
    assert decide("secret_like", (), given) is truth


@pytest.mark.parametrize(
    ("given", "truth"),
    [
        ("hunter2-and-more", T),
        (12345, T),
        ("", F),
        ("CHANGE_ME", F),
        ("xxxxxxxx", F),
        ("<your password>", F),
        ("example", F),
        ("arn:aws:ssm:a:1:parameter/p", F),
        (True, F),
        (X, F),
        (unknown(reason="computed"), F),
        (unknown(reason="limit"), U),
        (["s3cret-word"], T),
        ({"a": X, "b": "s3cret-word"}, T),
    ],
)
def test_hard_coded(given: object, truth: Any) -> None:
    assert decide("hard_coded", (), given) is truth


@pytest.mark.parametrize("name", sorted(PREDICATES))
@pytest.mark.parametrize(
    "given",
    [True, 0, -1, 1.5, "", "x" * 200_000, "\x00\ud800", [], [[]], {}, {"a": [None]}, [None], [{"a": 1}, 2, "3"], 10**30, "٣", None, X],
)
def test_no_predicate_ever_raises(name: str, given: object) -> None:
    predicate = PREDICATES[name]
    for args in ((), (22,), ("a",), ("1.2",), ("a.*",), ("$x", 3, ("b",))):
        if predicate.check(args) is None:
            for count in range(predicate.inputs[0], predicate.inputs[1] + 1):
                assert decide(name, args, *[given] * count) in (T, F, U)


@pytest.mark.parametrize(
    "pattern", ["(a+)+", "(ab|a)*", "(a*)*b", r"(a)\1", "(?=a)b", "(?<!a)b", ".*.*.*.*", "(", "a{2,}{3,}", "([a-z]+)*", "x" * 600]
)
def test_patterns_that_may_take_for_ever_are_refused(pattern: str) -> None:
    assert PREDICATES["matches"].check((pattern,)) is not None


@pytest.mark.parametrize("pattern", ["ami-[0-9a-f]+", "(t3|m5)\\.(micro|large)", ".*:latest", "[a-z]{3,63}", "(?i)tls.*", "(?:a|b)c?"])
def test_plain_patterns_are_taken(pattern: str) -> None:
    assert PREDICATES["matches"].check((pattern,)) is None


ADDRESSES = st.one_of(st.ip_addresses(v=4), st.ip_addresses(v=6))


@given(ADDRESSES, st.integers(0, 128))
def test_prefixes_are_read_as_the_standard_library_reads_them(address: Any, bits: int) -> None:
    text = f"{address}/{min(bits, address.max_prefixlen)}"
    oracle = ip_network(text, strict=False)
    assert networks.read(text) == networks.Range(address.version, int(oracle.network_address), int(oracle.broadcast_address))
    assert networks.read(address.exploded) == networks.Range(address.version, int(address), int(address))


@given(st.text(alphabet="0123456789abcdef:./g", max_size=24))
def test_what_is_no_address_is_none(text: str) -> None:
    try:
        ip_address(text)
    except ValueError:
        try:
            ip_network(text, strict=False)
        except ValueError:
            assert networks.read(text) is None or re.search(r"(^|\.)0\d|/0\d|/$|/\d+\.", text)  # leading zeros: ours reads them


@given(st.lists(st.integers(0, 255), max_size=12), st.lists(st.integers(0, 255), max_size=12))
def test_containment_of_networks(inner: list[int], outer: list[int]) -> None:
    def ranges(items: list[int]) -> list[networks.Range]:
        return [networks.Range(4, item, min(255, item + item % 7)) for item in items]

    def held(items: list[int]) -> set[int]:
        return {number for item in ranges(items) for number in range(item.first, item.last + 1)}

    assert networks.within(ranges(inner), ranges(outer)) == (held(inner) <= held(outer))


GLOBS = st.text(alphabet="ab*?:", max_size=6)


@given(GLOBS, st.text(alphabet="ab:", max_size=6))
def test_globs_match_as_patterns_do(glob: str, name: str) -> None:
    pattern = "".join({"*": ".*", "?": "."}.get(letter, re.escape(letter)) for letter in glob)
    assert covers(glob, name) == bool(re.fullmatch(pattern, name))


@given(GLOBS, GLOBS, st.text(alphabet="ab:", max_size=6))
def test_a_covered_glob_matches_nothing_more(wide: str, narrow: str, name: str) -> None:
    if covers(wide, narrow) and covers(narrow, name):
        assert covers(wide, name)


@pytest.mark.parametrize(
    ("text", "numbers"),
    [
        ("1.2", (1, 2)),
        ("TLSv1.2_2021", (1, 2)),
        ("TLS_1_0", (1, 0)),
        ("SSLv3", (0, 3)),
        ("v1.27.3-eks", (1, 27, 3)),
        (1.2, (1, 2)),
        ("2016", (2016,)),
        ("latest", None),
        (">= 1.2", None),
        ("1" * 200, None),
    ],
)
def test_versions(text: str | float, numbers: tuple[int, ...] | None) -> None:
    assert version(text) == numbers


def test_null_is_not_set() -> None:
    assert holds(PREDICATES["equals"], (Null(),), ("a",), T) is T
    assert holds(PREDICATES["equals"], (None,), ("a",), F) is F
