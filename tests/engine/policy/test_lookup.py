"""Paths through objects, block lists, maps and encoded texts."""

from __future__ import annotations

import pytest

from bot.engine.model.span import Span
from bot.engine.model.value import Known, Null, Unknown, Value, plain
from bot.engine.policy.lookup import elements_at, is_path, steps, values_at
from tests.engine.policy.build import unknown, value

HIDDEN = unknown("local.everything", line=9)
BODY: dict[str, Value] = {
    "size": value("big"),
    "nothing": value(None),
    "hidden": HIDDEN,
    "block": value([{"on": True, "inner": [{"n": 1}, {"n": 2}]}, {"inner": []}, {"on": HIDDEN}]),
    "written_as_json": value({"on": False}),
    "tags": value({"a.b/c": "x", "owner": HIDDEN}),
    "dynamic": value([HIDDEN]),
    "empty": value([]),
    "text": Known('{"a":1}', Span("main.tf", 3), structure=value({"a": 1})),
    "partly": Unknown("variable", "var.y", Span("main.tf", 4), parts=('{"a":', None, "}"), structure=value({"a": HIDDEN, "b": 2})),
}


@pytest.mark.parametrize(
    ("path", "read"),
    [
        ("size", ["big"]),
        ("absent", [None]),
        ("nothing", [Null]),
        ("nothing.below", [None]),
        ("hidden", [HIDDEN]),
        ("hidden.below.that", [HIDDEN]),
        ("block.on", [True, None, HIDDEN]),
        ("block.inner.n", [1, 2, None]),
        ("block.0.on", [True]),
        ("block.7.on", [None]),
        ("written_as_json.on", [False]),
        ('tags."a.b/c"', ["x"]),
        ("tags.*", ["x", HIDDEN]),
        ("dynamic.on", [HIDDEN]),
        ("empty.on", [None]),
        ("text.a", [1]),
        ("partly.a", [HIDDEN]),
        ("partly.b", [2]),
    ],
)
def test_values(path: str, read: list[object]) -> None:
    found = values_at(BODY, path)
    assert [
        Null if isinstance(item, Null) else item if item is None or isinstance(item, Unknown) else plain(item) for item in found
    ] == read


def test_what_is_no_object_is_not_understood_rather_than_absent() -> None:
    (found,) = values_at(BODY, "size.unit")
    assert isinstance(found, Unknown)
    assert (found.reason, found.expression, found.span) == ("expression", "unit", BODY["size"].span)


def test_what_is_absent_from_a_body_read_in_part_is_unknown() -> None:
    assert values_at(BODY, "absent", HIDDEN) == (HIDDEN,)
    assert values_at(BODY, "empty.on", HIDDEN) == (HIDDEN,)
    assert values_at(BODY, "block.on", HIDDEN)[1] == HIDDEN
    assert values_at(BODY, "nothing", HIDDEN) == (BODY["nothing"],)


@pytest.mark.parametrize(
    ("path", "read"),
    [
        ("block.inner", [{"n": 1}, {"n": 2}]),
        ("written_as_json", [{"on": False}]),
        ("tags.*", ["x", "<unknown: local.everything>"]),
        ("dynamic", ["<unknown: local.everything>"]),
        ("hidden", ["<unknown: local.everything>"]),
        ("empty", []),
        ("absent", []),
        ("nothing", []),
        ("text", [{"a": 1}]),
    ],
)
def test_elements(path: str, read: list[object]) -> None:
    assert [plain(item) for item in elements_at(BODY, steps(path), None)] == read


def test_the_element_itself() -> None:
    assert values_at(value("x"), ".") == (value("x"),)
    assert values_at(value({"a": 1}), "a") == (value(1),)


@pytest.mark.parametrize("path", ["", "a.", ".a", "a..b", "a b", 'a."', "a[0]"])
def test_no_path(path: str) -> None:
    assert not is_path(path)
