"""What expressions evaluate to: known, unknown with its reason, null."""

from __future__ import annotations

import pytest

from bot.engine.model.value import Known, Null, Plain, Unknown, plain
from tests.engine.iac.terraform.models import models, plain_of, unknown_of, value_of

INPUTS = """
variable "u" {}
variable "flag" { default = true }
locals {
  list  = ["a", "b", "c"]
  map   = { one = 1, two = 2 }
  mixed = ["a", var.u, "c"]
  rules = [{ port = 22, cidrs = ["0.0.0.0/0"] }, { port = 80, cidrs = [] }]
}
"""


KNOWN: list[tuple[str, Plain]] = [
    ("1 + 2 * 3", 7),
    ("7 / 2", 3.5),
    ("6 / 2", 3),
    ("7 % 3", 1),
    ("-7 % 3", -1),
    ('"8" + 1', 9),
    ("-(3)", -3),
    ("!false", True),
    ('!"true"', False),
    ("1 < 2", True),
    ('"2" >= 10', False),
    ('"8080" == 8080', False),
    ("true == 1", False),
    ("1 == 1.0", True),
    ("[1, 2] == [1, 2]", True),
    ("{a = 1} == {a = 2}", False),
    ("null == null", True),
    ("null == 1", False),
    ('1 > 2 ? "big" : "small"', "small"),
    ('"x-${1 + 1}-${true}"', "x-2-true"),
    ('"${local.list}"', ["a", "b", "c"]),
    ("local.list[1]", "b"),
    ('local.list["1"]', "b"),
    ('local.map["two"]', 2),
    ("local.map.one", 1),
    ("local.rules[0].cidrs[0]", "0.0.0.0/0"),
    ("local.rules[*].port", [22, 80]),
    ("local.rules.*.port", [22, 80]),
    ("local.map[*]", [{"one": 1, "two": 2}]),
    ("null[*]", []),
    ("[for v in local.list : upper(v)]", ["A", "B", "C"]),
    ('[for i, v in local.list : "${i}${v}" if v != "b"]', ["0a", "2c"]),
    ("{for k, v in local.map : v => k}", {"1": "one", "2": "two"}),
    ('{for v in ["ab", "ac", "b"] : substr(v, 0, 1) => v...}', {"a": ["ab", "ac"], "b": ["b"]}),
    ('[for k, v in toset(["b", "a"]) : "${k}${v}"]', ["aa", "bb"]),
    ("[for r in local.rules : [for c in r.cidrs : c]]", [["0.0.0.0/0"], []]),
    ('"%{ for v in local.list }${v},%{ endfor }"', "a,b,c,"),
    ('"%{ if var.flag }on%{ else }off%{ endif }"', "on"),
]


@pytest.mark.parametrize(("expression", "expected"), KNOWN)
def test_known(expression: str, expected: Plain) -> None:
    assert plain_of(expression, INPUTS) == expected


@pytest.mark.parametrize(
    ("expression", "expected"),
    [
        ("false && var.u", False),
        ("var.u && false", False),
        ("true || var.u", True),
        ("var.u || true", True),
        ('var.u ? "same" : "same"', "same"),
        ("[1, var.u] == [2, 3]", False),
        ("length(local.mixed)", 3),
        ("local.mixed[0]", "a"),
    ],
)
def test_an_unknown_that_does_not_decide(expression: str, expected: Plain) -> None:
    assert plain_of(expression, INPUTS) == expected


@pytest.mark.parametrize(
    "expression",
    [
        "true && var.u",
        "var.u || false",
        "!var.u",
        "var.u + 1",
        "var.u == 1",
        "[1, var.u] == [1, 2]",
        'var.u ? "a" : "b"',
        "local.mixed[1]",
        "local.list[var.u]",
        "upper(var.u)",
        "[for v in local.list : v if var.u]",
        "{for v in local.mixed : v => 1}",
        "var.u[*]",
    ],
)
def test_an_unknown_that_decides(expression: str) -> None:
    found = unknown_of(expression, INPUTS)
    assert (found.reason, found.expression) == ("module-input", "var.u")


def test_the_text_of_what_is_missing_grows_with_the_steps_taken() -> None:
    assert unknown_of('var.u.rules[0]["cidr"]', INPUTS).expression == 'var.u.rules[0]["cidr"]'


def test_a_partly_known_text_keeps_its_pieces() -> None:
    assert unknown_of('"a-${var.u}-${1}-b"', INPUTS).parts == ("a-", None, "-1-b")
    assert unknown_of('"<${"x${var.u}"}>"', INPUTS).parts == ("<x", None, ">")
    assert unknown_of('"${var.u}"', INPUTS).parts == ()


def test_known_elements_stay_known_beside_unknown_ones() -> None:
    found = value_of('[for v in local.mixed : "${v}!"]', INPUTS)
    assert isinstance(found, Known)
    assert isinstance(found.raw, tuple)
    assert [item.raw if isinstance(item, Known) else None for item in found.raw] == ["a!", None, "c!"]


@pytest.mark.parametrize(
    ("expression", "reason"),
    [
        ("local.list[3]", "expression"),
        ("local.map.three", "expression"),
        ("null.a", "expression"),
        ("1 / 0", "limit"),
        ('"a" + 1', "expression"),
        ("true && 5", "expression"),
        ('"a${null}"', "expression"),
        ('"x${local.list}"', "expression"),
        ("{for v in local.list : 1 => v}", "expression"),
        ("local.nothing", "undeclared"),
        ("var.nothing", "undeclared"),
        ("aws_vpc.nothing.id", "undeclared"),
        ("each.key", "undeclared"),
        ("terraform.workspace", "environment"),
        ("path.cwd", "environment"),
        ("nosuchfunction(1)", "function"),
        ("timestamp()", "computed"),
        ('file("nothing.txt")', "file"),
        ("1 +", "not-read"),
    ],
)
def test_reasons(expression: str, reason: str) -> None:
    found = value_of(expression, INPUTS)
    assert isinstance(found, Unknown)
    assert found.reason == reason


def test_null_is_neither_known_nor_unknown() -> None:
    assert isinstance(value_of("null"), Null)
    assert isinstance(value_of("[null][0]"), Null)
    assert plain_of('{a = null, b = "x"}') == {"a": None, "b": "x"}


def test_sensitive_goes_through_everything() -> None:
    context = 'variable "secret" {\n  default = "s"\n  sensitive = true\n}\n'
    for expression in (
        '"a${var.secret}"',
        "upper(var.secret)",
        "[var.secret][0]",
        "{a = var.secret}.a",
        'var.secret == "s" ? 1 : 2',
        "jsonencode([var.secret])",
    ):
        assert value_of(expression, context).sensitive, expression
    assert plain_of("[var.secret]", context) == ["<hidden>"]
    assert plain_of('split("", var.secret)', context) == "<hidden>"
    assert not value_of("nonsensitive(var.secret)", context).sensitive


def test_a_default_that_nothing_overrides_is_assumed() -> None:
    for expression in ("var.flag", '"${var.flag}!"', "!var.flag", "[var.flag][0]", "var.flag ? 1 : 2"):
        found = value_of(expression, INPUTS)
        assert isinstance(found, Known)
        assert found.assumed, expression
    literal = value_of("local.list[0]", INPUTS)
    assert isinstance(literal, Known)
    assert not literal.assumed


def test_references_of_resources_go_through_functions_and_templates() -> None:
    context = 'resource "aws_vpc" "a" { cidr_block = "10.0.0.0/16" }\n'
    for expression in (
        "aws_vpc.a.cidr_block",
        "cidrsubnet(aws_vpc.a.cidr_block, 8, 1)",
        '"x${aws_vpc.a.arn}"',
        "[aws_vpc.a.id][0]",
        "upper(aws_vpc.a.id)",
    ):
        assert value_of(expression, context).refs == ("aws_vpc.a",), expression


@pytest.mark.parametrize(
    ("expression", "expected"),
    [
        ('try(local.nothing, "b")', "b"),
        ('try(local.map.three, "b")', "b"),
        ('try([for r in local.rules : r.nothing], "b")', "b"),
        ('try("a", local.nothing)', "a"),
        ("can(local.map.three)", False),
        ("can(local.map.one)", True),
        ('try(var.u.x, "b")', "<unknown: var.u.x>"),
        ("can(var.u.x)", "<unknown: var.u.x>"),
        ('try(file("nothing"), "b")', '<unknown: file("nothing")>'),
    ],
)
def test_try_falls_through_errors_and_not_through_unknowns(expression: str, expected: Plain) -> None:
    assert plain_of(expression, INPUTS) == expected


CHOSEN = [
    ('var.u ? "a" : "b"', ["a", "b"]),
    ('var.u ? "a" : null', ["a", None]),
    ('var.u ? "a" : (local.mixed[1] == 1 ? "b" : "c")', ["a", "b", "c"]),
    ('var.u ? ["a"] : []', [["a"], []]),
    ('upper(var.u ? "a" : "b")', []),
    ('var.u ? "a" : local.mixed[1]', []),
    ('var.u ? "a" : "x-${var.u}"', []),
    ("var.u ? {a = 1} : {a = 2}", []),
    ("var.u ? local.mixed : []", []),
    ('coalesce(var.u ? null : "a", "b")', []),
]


@pytest.mark.parametrize(("expression", "expected"), CHOSEN)
def test_what_an_unknown_condition_chooses_among(expression: str, expected: list[Plain]) -> None:
    assert [plain(branch) for branch in unknown_of(expression, INPUTS).branches] == expected


def test_of_conditions_inside_conditions_only_so_many_branches_are_kept() -> None:
    def nested(depth: int) -> str:
        return f"(var.u == {depth} ? {depth} : {nested(depth - 1)})" if depth else "0"

    assert len(unknown_of(nested(7), INPUTS).branches) == 8
    assert unknown_of(nested(8), INPUTS).branches == ()


TYPED = """
variable "u" {}
module "m" {
  source = "./m"
  given  = var.u ? 1 : null
  never  = var.u ? "a" : null
  parts  = { name = var.u ? "a" : null }
}
"""
TYPES = """
variable "given" { type = string }
variable "never" {
  default  = "b"
  nullable = false
}
variable "parts" { type = object({ name = optional(string, "b") }) }
"""


@pytest.mark.parametrize(("read", "expected"), [("var.given", ["1", None]), ("var.never", []), ("var.parts.name", [])])
def test_a_type_converts_each_branch_and_no_branch_is_null_where_a_default_takes_its_place(read: str, expected: list[Plain]) -> None:
    module = TYPES + f'resource "aws_thing" "a" {{\n  v = {read}\n}}\n'
    (found,) = [item for item in models({"main.tf": TYPED, "m/main.tf": module})[0].resources if item.type == "aws_thing"]
    value = found.attributes["v"]
    assert isinstance(value, Unknown)
    assert [plain(branch) for branch in value.branches] == expected
