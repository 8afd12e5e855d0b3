"""Where variables get their values: defaults, variable files in Terraform's order, environments; and their types."""

from __future__ import annotations

import pytest

from bot.engine.iac.terraform import evaluate, listing
from bot.engine.model.resource import Limits
from bot.engine.model.value import Known, Plain, Unknown, plain
from tests.engine.iac.terraform.models import model, models, resource

ROOT = 'variable "v" {\n  default = "default"\n}\nlocals {\n  x = var.v\n}\n'


def values(files: dict[str, str]) -> dict[str | None, Plain]:
    return {found.environment: plain(resource(found, "local.x").attributes["value"]) for found in models(files)}


def test_the_order_of_variable_files() -> None:
    files = {"main.tf": ROOT}
    for path in ("terraform.tfvars", "a.auto.tfvars", "b.auto.tfvars"):
        files[path] = f'v = "{path}"\n'
        assert values(files) == {None: path}
    assert values({"main.tf": ROOT}) == {None: "default"}


def test_every_other_variable_file_is_an_environment() -> None:
    files = {
        "main.tf": ROOT,
        "prod.tfvars": 'v = "p"\n',
        "env/dev.tfvars": 'v = "d"\n',
        "terraform.tfvars": 'v = "t"\n',
        "backend.tfvars": 'bucket = "b"\n',
    }
    assert values(files) == {None: "t", "env/dev.tfvars": "d", "prod.tfvars": "p"}
    assert [found.files for found in models(files)] == [
        ("main.tf", "terraform.tfvars"), ("env/dev.tfvars", "main.tf", "terraform.tfvars"), ("main.tf", "prod.tfvars", "terraform.tfvars"),
    ]  # fmt: skip


def test_variable_files_of_another_root_are_not_ours() -> None:
    files = {
        "main.tf": ROOT,
        "other/main.tf": ROOT,
        "other/prod.tfvars": 'v = "o"\n',
        "other/deep/dev.tfvars": 'v = "o"\n',
        "mine/dev.tfvars": 'v = "m"\n',
    }
    assert values(files) == {None: "default", "mine/dev.tfvars": "m"}


def test_a_root_that_needs_a_variable_file_is_not_evaluated_without() -> None:
    required = 'variable "v" {}\nlocals {\n  x = var.v\n}\n'
    assert values({"main.tf": required, "a.tfvars": 'v = "a"\n', "b.tfvars": 'v = "b"\n'}) == {"a.tfvars": "a", "b.tfvars": "b"}
    assert values({"main.tf": required + 'variable "w" {}\n', "a.tfvars": 'v = "a"\n', "b.tfvars": 'w = "b"\n'}) == {
        None: "<unknown: var.v>", "a.tfvars": "a", "b.tfvars": "<unknown: var.v>",
    }  # fmt: skip


def test_more_environments_than_the_limit_are_named() -> None:
    files = {"main.tf": ROOT, **{f"e{i:02}.tfvars": f'v = "{i}"\n' for i in range(15)}}
    found = models(files)
    assert len(found) == 13
    assert [(item.span.path, item.extent, item.cause) for item in found[0].unread] == [
        (f"e{i}.tfvars", "file", "limit") for i in (12, 13, 14)
    ]


def test_a_variable_file_that_does_not_parse_may_set_anything_that_no_later_one_sets() -> None:
    broken = {"main.tf": ROOT, "terraform.tfvars": '= "a"\n'}
    assert values(broken) == {None: "<unknown: terraform.tfvars>"}
    assert values(broken | {"z.auto.tfvars": 'v = "z"\n'}) == {None: "z"}
    assert values({"main.tf": ROOT, "prod.tfvars": '= "a"\n'}) == {None: "default", "prod.tfvars": "<unknown: prod.tfvars>"}


def test_a_variable_file_that_could_not_be_supplied_may_set_anything() -> None:
    files = {"app/main.tf": ROOT.encode()}
    listed = listing(files, ("app/main.tf", "app/secrets.auto.tfvars", "app/b.tfvars"))
    (found,) = evaluate("app", files, limits=Limits(), listed=listed)
    assert plain(resource(found, "local.x").attributes["value"]) == "<unknown: app/secrets.auto.tfvars>"
    assert found.files == ("app/main.tf",)


def test_a_value_from_a_variable_file_is_not_assumed() -> None:
    value = resource(model({"main.tf": ROOT, "terraform.tfvars": 'v = "t"\n'}), "local.x").attributes["value"]
    assert isinstance(value, Known)
    assert not value.assumed


@pytest.mark.parametrize(
    ("more", "reason"),
    [
        ("", "module-input"),
        ('provider "aws" {}\n', "variable"),
        ('terraform {\n  backend "s3" {}\n}\n', "variable"),
        ("terraform {\n  cloud {}\n}\n", "variable"),
    ],
)
def test_why_a_variable_has_no_value(more: str, reason: str) -> None:
    value = resource(model('variable "v" {}\nlocals {\n  x = var.v\n}\n' + more), "local.x").attributes["value"]
    assert isinstance(value, Unknown)
    assert (value.reason, value.expression) == (reason, "var.v")


@pytest.mark.parametrize(
    ("constraint", "given", "expected"),
    [
        ("bool", '"true"', True),
        ("number", '"8080"', 8080),
        ("string", "8080", "8080"),
        ("string", "true", "true"),
        ("list(string)", "[1, 2]", ["1", "2"]),
        ("set(string)", '["b", "a", "b"]', ["a", "b"]),
        ("map(number)", '{ a = "1" }', {"a": 1}),
        ('object({ a = number, b = optional(string, "d"), c = optional(bool) })', '{ a = "1", z = 2 }', {"a": 1, "b": "d", "c": None}),
        ("tuple([string, number])", "[1, 2]", ["1", 2]),
        ("list(object({ p = number }))", '[{ p = "22" }]', [{"p": 22}]),
        ("any", '{ a = "1" }', {"a": "1"}),
        ('"string"', "1", "1"),
        ("number", '"x"', "<unknown: expression>"),
        ("list(string)", '"x"', "<unknown: expression>"),
        ("object({ a = number })", "{}", "<unknown: expression>"),
    ],
)
def test_types_convert(constraint: str, given: str, expected: Plain) -> None:
    text = f'variable "v" {{\n  type = {constraint}\n}}\nlocals {{\n  x = var.v\n}}\n'
    assert values({"main.tf": text, "terraform.tfvars": f"v = {given}\n"}) == {None: expected}
    assert values({"main.tf": text.replace("type =", f"default = {given}\n  type ="), "other.txt": ""}) == {None: expected}


def test_null_takes_the_default_only_where_null_is_not_allowed() -> None:
    text = 'variable "v" {\n  default = "d"\n  nullable = %s\n}\nlocals {\n  x = var.v\n}\n'
    assert values({"main.tf": text % "false", "terraform.tfvars": "v = null\n"}) == {None: "d"}
    assert values({"main.tf": text % "true", "terraform.tfvars": "v = null\n"}) == {None: None}


def test_a_variable_file_holds_constants() -> None:
    assert values({"main.tf": ROOT, "terraform.tfvars": "v = local.x\n"}) == {None: "<unknown: local.x>"}
