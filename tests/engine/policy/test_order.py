"""Which evidence is no worse, and what evidence is without order and spelling."""

from __future__ import annotations

import json
from typing import Any

import pytest
from msgspec.structs import replace

from bot.engine.model.match import Evidence
from bot.engine.model.value import Known
from bot.engine.policy.order import element_key, no_worse, normalise, values_no_worse
from tests.engine.policy.build import matches, resource, unknown, value

X, Y = unknown("var.x"), unknown("var.y")


def read(item: object) -> Any:
    return None if item is None else value(item)


@pytest.mark.parametrize(
    ("predicate", "head", "base", "expected"),
    [
        ("world", ["0.0.0.0/0"], ["0.0.0.0/0"], True),
        ("world", ["0.0.0.0/1", "128.0.0.0/1"], ["0.0.0.0/0"], True),
        ("world", ["0.0.0.0/0"], ["0.0.0.0/0", "::/0"], True),
        ("world", ["0.0.0.0/0", "::/0"], ["0.0.0.0/0"], False),
        ("world", "0.0.0.0/0", ["*"], True),
        ("world", ["Internet"], ["0.0.0.0/0"], False),
        ("wider_than", ["52.0.0.0/9"], ["52.0.0.0/8"], True),
        ("not:cidr_private", ["52.0.0.0/9"], ["52.0.0.0/8"], True),
        ("not:cidr_private", ["52.0.0.0/8"], ["52.0.0.0/9"], False),
        ("covers_port", "20-25", "0-65535", True),
        ("covers_port", "0-65535", "20-25", False),
        ("covers_port", ["22", "80"], ["80", "22"], True),
        ("covers_port", ["20-25"], ["20-22", "23-30"], True),
        ("not:covers_port", "20-25", "20-30", True),
        ("wildcard_action", ["s3:*"], ["*"], True),
        ("wildcard_action", ["*"], ["s3:*"], False),
        ("glob_covers", ["iam:Pass*"], ["IAM:*", "s3:*"], True),
        ("less_than", 5, 3, True),
        ("less_than", 3, 5, False),
        ("not:at_least", 5, 3, True),
        ("not:at_least", 3, 5, False),
        ("greater_than", 3, 5, True),
        ("version_below", "1.1", "1.0", True),
        ("version_below", "1.0", "1.1", False),
        ("contains_any", ["a"], ["a", "b"], True),
        ("contains_any", ["a", "c"], ["a", "b"], False),
        ("not:contains_all", ["a", "b"], ["a"], True),
        ("equals", "a", "a", True),
        ("equals", "a", "b", False),
        ("equals", "22", 22, True),
        ("one_of", "tcp", "all", True),
        ("one_of", "all", "tcp", False),
        ("false", "false", False, True),
        ("world", X, X, True),
        ("world", X, Y, False),
        ("world", X, ["0.0.0.0/0"], False),
        ("world", ["0.0.0.0/0"], X, False),
        ("world", [X, "10.0.0.0/8"], ["10.0.0.0/8", X], True),
        ("false", None, None, True),
        ("false", None, False, False),
        ("false", False, None, False),
    ],
)
def test_values(predicate: str, head: object, base: object, expected: bool) -> None:  # noqa: FBT001 - a table
    assert values_no_worse(predicate, (read(head),), (read(base),)) is expected


def test_a_range_is_compared_as_one() -> None:
    assert values_no_worse("covers_port", (read(20), read(25)), (read(0), read(65535)))
    assert not values_no_worse("covers_port", (read(20), read(90)), (read(10), read(25)))


WHEN = """all:
  - {attribute: prefixes, is: world}
  - {attribute: protocol, is: one_of, args: [tcp, all]}
  - {attributes: [from, to], is: covers_port, args: [22]}
  - not: {all: [{attributes: [from, to], is: covers_port, args: [1]}, {attributes: [from, to], is: covers_port, args: [65535]}]}"""


def _body(prefixes: object, protocol: object, low: object, high: object) -> dict[str, Any]:
    return {"prefixes": prefixes, "protocol": protocol, "from": low, "to": high}


def found(prefixes: object, protocol: object, low: object, high: object, when: str = WHEN) -> tuple[Evidence, ...]:
    (match,) = matches(when, resource(**_body(prefixes, protocol, low, high)))
    return match.evidence


def test_a_strict_narrowing_is_no_worse() -> None:
    base = found(["0.0.0.0/0", "::/0"], "all", 1, 100)
    assert no_worse(found(["0.0.0.0/0", "::/0"], "all", 1, 100), base)
    assert no_worse(found(["0.0.0.0/0"], "tcp", 20, 25), base)
    assert no_worse(found(["::/0"], "all", 22, 22), base)


def test_what_widens_anything_is_worse() -> None:
    base = found(["0.0.0.0/0"], "tcp", 20, 25)
    assert not no_worse(found(["0.0.0.0/0", "::/0"], "tcp", 20, 25), base)
    assert not no_worse(found(["0.0.0.0/0"], "all", 20, 25), base)
    assert not no_worse(found(["0.0.0.0/0"], "tcp", 20, 26), base)
    assert not no_worse(found(["0.0.0.0/0"], "tcp", 19, 24), base)


def _on(name: str) -> dict[str, Any]:
    return {name: True}


def test_another_branch_is_worse() -> None:
    when = "any: [{attribute: a, is: true}, {attribute: b, is: true}]"
    (one,), (other,) = (matches(when, resource(**_on(name))) for name in ("a", "b"))
    assert not no_worse(one.evidence, other.evidence)


def evidence(predicate: str, item: object) -> Evidence:
    return Evidence("a", predicate, read(item))


@pytest.mark.parametrize(
    ("predicate", "one", "other"),
    [
        ("world", ["0.0.0.0/0", "::/0"], ["::/0", "0.0.2.0/0"]),
        ("world", ["0.0.0.0/1", "128.0.0.0/1"], "0.0.0.0/0"),
        ("world", "*", ["0.0.0.0/0", "::/0"]),
        ("covers_port", "20-25", ["23-25", "20-22"]),
        ("covers_port", 22, "22"),
        ("wildcard_action", ["S3:*", "ec2:*"], ["ec2:*", "s3:*"]),
        ("false", False, "false"),
        ("less_than", 7, "7.0"),
        ("contains_any", ["b", "a"], ["a", "b"]),
        ("equals", {"a": 1, "b": [2, 3]}, {"b": [3, 2], "a": "1"}),
        ("world", [X, "10.0.0.0/8"], ["10.0.0.0/8", X]),
    ],
)
def test_equal_without_order_and_spelling(predicate: str, one: object, other: object) -> None:
    assert normalise(evidence(predicate, one)) == normalise(evidence(predicate, other))


@pytest.mark.parametrize(
    ("predicate", "one", "other"),
    [
        ("world", ["0.0.0.0/0"], ["::/0"]),
        ("equals", "A", "a"),
        ("equals", X, Y),
        ("equals", X, unknown("var.x", "a", None)),
        ("equals", None, ""),
        ("world", [X], [Y]),
        ("secret_like", "a", "b"),
    ],
)
def test_different(predicate: str, one: object, other: object) -> None:
    assert normalise(evidence(predicate, one)) != normalise(evidence(predicate, other))


def test_places_do_not_count() -> None:
    assert normalise(Evidence("a", "equals", value("x", 3))) == normalise(Evidence("a", "equals", value("x", 9), leaf=(4, 0)))


@pytest.mark.parametrize(
    "item",
    [evidence("secret_like", "hunter2"), evidence("hard_coded", {"a": "hunter2"}), evidence("equals", Known("hunter2", sensitive=True))],
)
def test_secrets_are_not_told(item: Evidence) -> None:
    assert "hunter2" not in json.dumps(normalise(item))
    assert normalise(item) != normalise(replace(item, value=Known("other", sensitive=True)))


def test_an_element_is_named_by_its_name_or_its_content() -> None:
    assert element_key(value({"name": "ssh", "port": 22})) == "ssh"
    assert element_key(value({"port": 22})) == element_key(value({"port": "22"}, 9))
    assert element_key(value({"port": 22})) != element_key(value({"port": 23}))
    assert element_key(X) != element_key(Y)
