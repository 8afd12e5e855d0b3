"""Bombs: an answer within limits each time, and never silence."""

from __future__ import annotations

import time

import pytest

from bot.engine.model.resource import Limits, Model
from bot.engine.model.value import Unknown, Value, is_fully_known, plain
from tests.engine.iac.terraform.models import model, resource

SMALL = Limits(steps=500_000)  # a tenth of the default, so that the tests take a tenth of the time


def local_of(text: str, name: str = "x", limits: Limits | None = None) -> Value:
    return resource(model(text, limits=limits or SMALL), f"local.{name}").attributes["value"]


def assert_limit(value: Value | None) -> None:
    assert isinstance(value, Unknown)
    assert value.reason == "limit", value


def test_a_count_beyond_the_limit_is_one_unsure_resource_and_is_said() -> None:
    found = model('resource "a_b" "c" {\n  count = 1000000000\n  n = 1\n}\n')
    assert_limit(resource(found, "a_b.c").exists)
    assert [(item.span.line, item.extent, item.cause, item.detail) for item in found.unread] == [
        (2, "block", "limit", "1000000000 instances")
    ]


def test_a_value_beyond_a_limit_is_said_at_its_line() -> None:
    found = model('resource "a_b" "c" {\n  n = 1\n  m = range(1000000)\n}\n', limits=SMALL)
    assert_limit(resource(found, "a_b.c").attributes["m"])
    assert plain(resource(found, "a_b.c").attributes["n"]) == 1
    assert [(item.span.line, item.extent, item.cause) for item in found.unread] == [(3, "attribute", "limit")]


def test_instances_are_bounded_over_the_whole_root() -> None:
    text = "".join(f'resource "a_b" "c{i}" {{\n  count = 9\n}}\n' for i in range(4))
    found = model(text, limits=Limits(total_instances=20))
    assert len(found.resources) == 9 + 9 + 1 + 1
    assert [item.cause for item in found.unread] == ["limit", "limit"]


@pytest.mark.parametrize(
    "expression",
    [
        "range(1000000000)",
        "[for a in range(5000) : [for b in range(5000) : [for c in range(5000) : c]]]",
        'join("", [for i in range(100000) : format("%1000s", "x")])',
        'replace(format("%1000s", ""), " ", format("%1000s", replace(format("%1000s", ""), " ", format("%1000s", "x"))))',
        "setproduct(range(1000), range(1000))",
        "length(flatten([for a in range(1000) : range(1000)]))",
        "{for i in range(9000) : i => [for j in range(9000) : j]}",
    ],
)
def test_large_results_are_not_made(expression: str) -> None:
    begun = time.process_time()
    assert_limit(local_of(f"locals {{\n  x = {expression}\n}}\n"))
    assert time.process_time() - begun < 5


def doubling(first: str, step: str, rounds: int = 60) -> str:
    return "locals {\n  x0 = " + first + "\n" + "".join(f"  x{i + 1} = {step.replace('?', f'local.x{i}')}\n" for i in range(rounds)) + "}\n"


@pytest.mark.parametrize(
    ("first", "step"),
    [
        ('"ab"', '"${?}${?}"'),
        ('"ab"', 'format("%s%s", ?, ?)'),
        ("[1]", "concat(?, ?)"),
        ("[1]", "[?, ?]"),
        ("{ a = 1 }", "{ a = ?, b = ? }"),
        ('"a"', "jsonencode([?, ?])"),
    ],
)
def test_doubling_ends(first: str, step: str) -> None:
    begun = time.process_time()
    assert not is_fully_known(local_of(doubling(first, step), "x60"))
    assert time.process_time() - begun < 5


def test_comparing_shared_structures_ends() -> None:
    text = doubling("[1]", "[?, ?]", 40) + doubling("[1]", "[?, ?]", 40).replace("x", "y") + "locals {\n  x = local.x40 == local.y40\n}\n"
    assert_limit(local_of(text))


def chain(length: int) -> str:
    """Names that refer to each other, the last one evaluated first."""
    lines = [f"  x{i + 1} = [for v in [local.x{i}] : v][0] + 1" for i in range(length)]
    return "locals {\n" + f"  x = local.x{length}\n" + "\n".join(reversed(lines)) + "\n  x0 = 1\n}\n"


def test_long_chains_of_names_end_in_an_unknown_and_not_in_an_overflow() -> None:
    assert plain(local_of(chain(30))) == 31
    assert_limit(local_of(chain(3000)))


def test_long_chains_through_resources_and_modules_end() -> None:
    resources = "".join(f'resource "a_b" "c{i}" {{\n  n {{\n    m = try(a_b.c{i + 1}.n[0].m, 1)\n  }}\n}}\n' for i in range(2000))
    assert len(model(resources).resources) == 2000


def test_the_steps_of_an_evaluation_are_bounded_and_it_is_said() -> None:
    text = "".join(f'resource "a_b" "c{i}" {{\n  n = 1 + {i}\n}}\n' for i in range(100))
    found: Model = model(text, limits=Limits(steps=50))
    assert len(found.unread) <= 2
    assert len(found.resources) == 100
    assert_limit(resource(found, "a_b.c99").attributes["n"])
    assert ("root", "limit", "steps") in [(item.extent, item.cause, item.detail) for item in found.unread]


def test_modules_that_multiply_end() -> None:
    files = {f"m{i}/main.tf": "".join(f'module "{name}" {{\n  source = "../m{i + 1}"\n}}\n' for name in "abcd") for i in range(15)}
    files["m15/main.tf"] = 'resource "a_b" "c" {}\n'
    found = model(files, root="m0", limits=Limits(total_instances=2000))
    assert found.unread
    assert len(found.resources) < 10_000
