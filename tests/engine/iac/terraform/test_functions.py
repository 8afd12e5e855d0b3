"""Functions, by a table, and against Terraform itself where it is installed."""

from __future__ import annotations

import json
import shutil
import subprocess
from pathlib import Path

import pytest

from bot.engine.model.value import Known, Plain, Unknown, plain
from tests.engine.iac.terraform.models import plain_of, unknown_of, value_of

KNOWN: list[tuple[str, Plain]] = [
    ("abs(-3)", 3),
    ("alltrue([true, false])", False),
    ("alltrue([])", True),
    ("anytrue([true, false])", True),
    ("anytrue([])", False),
    ('base64decode("YQ==")', "a"),
    ('base64encode("a")', "YQ=="),
    ('basename("a/b.txt")', "b.txt"),
    ("ceil(1.2)", 2),
    ('chomp("a\\n")', "a"),
    ("chunklist([1, 2, 3], 2)", [[1, 2], [3]]),
    ('cidrhost("10.0.0.0/24", 5)', "10.0.0.5"),
    ('cidrhost("10.0.0.0/24", -1)', "10.0.0.255"),
    ('cidrnetmask("10.0.0.0/20")', "255.255.240.0"),
    ('cidrsubnet("10.0.0.0/8", 8, 3)', "10.3.0.0/16"),
    ('cidrsubnet("fd00::/48", 16, 1)', "fd00:0:0:1::/64"),
    ('cidrsubnets("10.0.0.0/16", 4, 8)', ["10.0.0.0/20", "10.0.16.0/24"]),
    ('coalesce("", "b")', "b"),
    ('coalesce(null, "b")', "b"),
    ('coalescelist([], ["b"])', ["b"]),
    ('compact(["a", "", null, "b"])', ["a", "b"]),
    ("concat([1], [2, 3])", [1, 2, 3]),
    ('contains(["a", "b"], "b")', True),
    ('contains(["a"], "c")', False),
    ('dirname("a/b.txt")', "a"),
    ('distinct(["b", "a", "b"])', ["b", "a"]),
    ('element(["a", "b"], 3)', "b"),
    ('endswith("abc", "bc")', True),
    ("flatten([[1], [[2], 3], 4])", [1, 2, 3, 4]),
    ("floor(1.8)", 1),
    ('format("%s-%d-%05.1f-%t-%%", "a", 2, 3.14, true)', "a-2-003.1-true-%"),
    ('format("%03d|%5s|%-5s|", 7, "a", "b")', "007|    a|b    |"),
    ('format("%v %q", [1, "a"], "x")', '[1,"a"] "x"'),
    ('format("%x", 255)', "ff"),
    ('formatlist("%s-%s", ["a", "b"], "x")', ["a-x", "b-x"]),
    ('indent(2, "a\\nb")', "a\n  b"),
    ('index(["a", "b"], "b")', 1),
    ('join("-", ["a", "b"], ["c"])', "a-b-c"),
    ('jsondecode("{\\"a\\": [1, true, null]}")', {"a": [1, True, None]}),
    ('jsonencode({b = [1, null, true], a = "<&>"})', '{"a":"\\u003c\\u0026\\u003e","b":[1,null,true]}'),
    ("keys({b = 1, a = 2})", ["a", "b"]),
    ('length("abc")', 3),
    ("length({a = 1})", 1),
    ('lookup({a = "x"}, "a", "d")', "x"),
    ('lookup({a = "x"}, "b", "d")', "d"),
    ('lower("ABC")', "abc"),
    ('matchkeys(["a", "b"], ["x", "y"], ["y"])', ["b"]),
    ("max(1, 3, 2)", 3),
    ("merge({a = 1, b = 2}, {b = 3})", {"a": 1, "b": 3}),
    ("min([1, 3]...)", 1),
    ("one([1])", 1),
    ("one([])", None),
    ('parseint("ff", 16)', 255),
    ("pow(2, 3)", 8),
    ("range(3)", [0, 1, 2]),
    ("range(1, 8, 3)", [1, 4, 7]),
    ("range(3, 0)", [3, 2, 1]),
    ('regex("[a-z]+", "12ab")', "ab"),
    ('regex("(\\\\d)(\\\\d)", "12ab")', ["1", "2"]),
    ('regex("(?P<n>\\\\d)", "12ab")', {"n": "1"}),
    ('regexall("[a-z]", "a1b")', ["a", "b"]),
    ('replace("a.b.c", ".", "-")', "a-b-c"),
    ('replace("a1b2", "/[0-9]/", "<$0>")', "a<1>b<2>"),
    ("reverse([1, 2])", [2, 1]),
    ('setintersection(["a", "b"], ["b", "c"])', ["b"]),
    ('setproduct(["a"], ["x", "y"])', [["a", "x"], ["a", "y"]]),
    ('setsubtract(["a", "b"], ["b"])', ["a"]),
    ('setunion(["b"], ["a", "b"])', ["a", "b"]),
    ('sha256("a")', "ca978112ca1bbdcafac231b39a23dc4da786eff8147c4e72b9807785afee48bb"),
    ("signum(-2)", -1),
    ("slice([1, 2, 3], 1, 3)", [2, 3]),
    ('sort(["b", "a"])', ["a", "b"]),
    ('split(",", "a,b")', ["a", "b"]),
    ('startswith("abc", "ab")', True),
    ('strcontains("abc", "b")', True),
    ('strrev("abc")', "cba"),
    ('substr("hello", 1, 3)', "ell"),
    ('substr("hello", -3, -1)', "llo"),
    ("sum([1, 2.5])", 3.5),
    ('title("hello world")', "Hello World"),
    ('tobool("true")', True),
    ('tolist(toset(["b", "a"]))', ["a", "b"]),
    ("tomap({a = 1})", {"a": 1}),
    ('tonumber("1.5")', 1.5),
    ("tostring(1.0)", "1"),
    ('toset(["b", "a", "b"])', ["a", "b"]),
    ('transpose({a = ["x"], b = ["x"]})', {"x": ["a", "b"]}),
    ('trim("?a?", "?")', "a"),
    ('trimprefix("abc", "ab")', "c"),
    ('trimspace("  a ")', "a"),
    ('trimsuffix("abc", "c")', "ab"),
    ('upper("abc")', "ABC"),
    ('urlencode("a b/ü")', "a+b%2F%C3%BC"),
    ("values({b = 1, a = 2})", [2, 1]),
    ('zipmap(["a"], [1])', {"a": 1}),
]
ERRORS = [
    "element([], 0)",
    "one([1, 2])",
    'lookup({}, "a")',
    "max()",
    'tonumber("x")',
    'tobool("yes")',
    "length(1)",
    "slice([1], 0, 2)",
    'regex("x", "y")',
    'cidrsubnet("10.0.0.0/30", 8, 0)',
    'join("-", "a")',
    "keys([1])",
    'format("%d", "x")',
    'format("%s")',
    'coalesce("", "")',
    "range(1, 5, 0)",
    "concat({})",
    "merge([1])",
    'jsondecode("{")',
    'base64decode("*")',
    "upper(null)",
    "sum([])",
    "upper()",
    'upper("a", "b")',
]
CONTEXT = 'variable "u" {}\n'


@pytest.mark.parametrize(("expression", "expected"), KNOWN)
def test_known(expression: str, expected: Plain) -> None:
    assert plain_of(expression) == expected


@pytest.mark.parametrize("expression", ERRORS)
def test_what_terraform_refuses_is_an_error(expression: str) -> None:
    assert unknown_of(expression).reason == "expression"
    assert plain_of(f'try({expression}, "fallback")') == "fallback"


def ask_terraform(expressions: list[str], directory: Path) -> list[Plain]:
    """What `terraform console` answers: all expressions in one, since it answers once for what is piped in."""
    line = f"jsonencode([{', '.join(expressions)}])"
    done = subprocess.run(["terraform", "console"], input=line, capture_output=True, text=True, check=False, cwd=directory)
    answers: list[Plain] = json.loads(json.loads(done.stdout))
    return answers


@pytest.mark.skipif(shutil.which("terraform") is None, reason="terraform is not installed")
def test_terraform_says_the_same(tmp_path: Path) -> None:
    answers = ask_terraform([expression for expression, _ in KNOWN], tmp_path)
    assert dict(zip([expression for expression, _ in KNOWN], answers, strict=True)) == dict(KNOWN)


@pytest.mark.skipif(shutil.which("terraform") is None, reason="terraform is not installed")
def test_terraform_refuses_the_same(tmp_path: Path) -> None:
    answers = ask_terraform([f"can({expression})" for expression in ERRORS], tmp_path)
    assert [expression for expression, accepted in zip(ERRORS, answers, strict=True) if accepted] == []


@pytest.mark.parametrize(
    ("expression", "expected"),
    [
        ('concat(["a"], [var.u])', ["a", "<unknown: var.u>"]),
        ('concat(["a"], var.u)', ["a", "<unknown: var.u>"]),
        ("concat(var.u, [])", "<unknown: var.u>"),
        ("merge({a = 1}, {b = var.u})", {"a": 1, "b": "<unknown: var.u>"}),
        ("merge({a = 1}, var.u).b", "<unknown: var.u>"),
        ("merge(var.u, {a = 1}).a", 1),
        ('lookup(merge(var.u, {a = 1}), "a", 2)', 1),
        ("flatten([[1], [var.u]])", [1, "<unknown: var.u>"]),
        ("values({a = 1, b = var.u})", [1, "<unknown: var.u>"]),
        ('lookup({a = 1, b = var.u}, "a", 0)', 1),
        ('lookup({a = 1, b = var.u}, "b", 0)', "<unknown: var.u>"),
        ("length([var.u, 1])", 2),
        ("length(concat([1], var.u))", "<unknown: var.u>"),
        ("concat([1], var.u)[0]", 1),
        ("concat([1], var.u, [2])[1]", "<unknown: var.u>"),
        ("[for v in concat([1], var.u) : v + 1]", [2, "<unknown: var.u>"]),
        ("concat([1], var.u) == [1]", "<unknown: var.u>"),
        ("contains([1, var.u], 1)", True),
        ("contains([1, var.u], 2)", "<unknown: var.u>"),
        ("anytrue([var.u, true])", True),
        ("alltrue([var.u, false])", False),
        ("alltrue([var.u, true])", "<unknown: var.u>"),
        ('compact(["a", var.u])', ["a", "<unknown: var.u>"]),
        ('toset(["a", var.u])', ["a", "<unknown: var.u>"]),
        ("reverse([1, var.u])", ["<unknown: var.u>", 1]),
        ("element([1, var.u], 0)", 1),
        ("coalesce(var.u, 1)", "<unknown: var.u>"),
        ("coalesce(1, var.u)", 1),
        ("upper(var.u)", "<unknown: var.u>"),
        ('sort(["a", var.u])', "<unknown: var.u>"),
        ("tostring(var.u)", "<unknown: var.u>"),
        ("max(1, var.u...)", "<unknown: var.u>"),
        ('zipmap(["a", "b"], [1, var.u])', {"a": 1, "b": "<unknown: var.u>"}),
    ],
)
def test_known_parts_are_kept(expression: str, expected: Plain) -> None:
    assert plain_of(expression, CONTEXT) == expected


@pytest.mark.parametrize(
    ("expression", "parts"),
    [
        ('join(",", ["a", var.u, "b"])', ("a,", None, ",b")),
        ('format("arn:%s:%s", "aws", var.u)', ("arn:aws:", None)),
        ('replace("a.${var.u}", ".", "-")', ("a-", None)),
        ('jsonencode({a = ["x", "p-${var.u}"], b = var.u})', ('{"a":["x","p-', None, '"],"b":', None, "}")),
        ('coalesce("a${var.u}", "b")', ("a", None)),
    ],
)
def test_known_pieces_of_texts_are_kept(expression: str, parts: tuple[str | None, ...]) -> None:
    found = unknown_of(expression, CONTEXT)
    assert (found.reason, found.expression, found.parts) == ("module-input", "var.u", parts)


def test_an_encoded_text_carries_what_it_encodes() -> None:
    found = value_of('jsonencode({\n  a = ["*"]\n  b = var.u\n})', CONTEXT)
    assert isinstance(found, Unknown)
    assert found.structure is not None
    assert plain(found.structure) == {"a": ["*"], "b": "<unknown: var.u>"}
    assert isinstance(found.structure, Known)
    assert isinstance(found.structure.raw, dict)
    assert found.structure.raw["a"].span.line == 3
    assert plain_of("jsondecode(jsonencode({a = var.u, b = 1})).b", CONTEXT) == 1


def test_what_is_certain_of_a_merged_map_is_kept_beside_the_unknown() -> None:
    found = unknown_of("merge({a = 1, b = 2}, var.u, {c = 3})", CONTEXT)
    assert found.structure is not None
    assert plain(found.structure) == {"a": "<unknown: var.u>", "b": "<unknown: var.u>", "c": 3}


@pytest.mark.parametrize("pattern", ["(a+)+$", "(a|aa)+$", "a*a*a*a*a*a*b", "(a*)*b", "(?:a+){2,}b", "\\\\p{Greek}"])
def test_patterns_that_could_take_long_or_mean_something_else_are_not_run(pattern: str) -> None:
    found = unknown_of(f'regex("{pattern}", "{"a" * 60}")')
    assert found.reason == "function"


MOMENTS = [
    ("timestamp()", (None, "T", None, "Z")),
    ('timeadd(plantimestamp(), "720h")', (None, "T", None, "Z")),
    ('formatdate("YYYY-MM-DD", timestamp())', (None, "-", None, "-", None)),
    ('formatdate("\'at \'hh", timeadd(timestamp(), "1h"))', ("at ", None)),
    ('timeadd(var.u, "720h")', ()),
    ("timeadd(timestamp(), var.u)", ()),
    ("formatdate(var.u, timestamp())", ()),
    ('timecmp(timestamp(), "2026-01-01T00:00:00Z")', ()),
]


@pytest.mark.parametrize(("expression", "expected"), MOMENTS)
def test_how_the_moment_of_the_clock_is_written_is_known(expression: str, expected: tuple[str | None, ...]) -> None:
    assert unknown_of(expression, 'variable "u" {}').parts == expected
