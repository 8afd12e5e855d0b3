"""Files of one directory: twins, overrides, order."""

from __future__ import annotations

from itertools import permutations

from bot.engine.iac.terraform import is_source
from bot.engine.model.value import plain
from tests.engine.iac.terraform.models import model, resource

BASE = """
resource "a_b" "c" {
  one = 1
  two = 2
  block { n = 1 }
  block { n = 2 }
  other { n = 1 }
  lifecycle {
    prevent_destroy = true
    ignore_changes  = [x]
  }
}
locals {
  x = "base"
  y = "base"
}
variable "v" {
  default = "base"
  description = "d"
}
terraform {
  required_providers {
    aws    = { version = "1" }
    random = { version = "1" }
  }
  backend "s3" {}
}
provider "aws" { region = "base" }
"""
OVER = """
resource "a_b" "c" {
  two = "over"
  three = 3
  block { n = 9 }
  lifecycle { prevent_destroy = false }
}
locals { x = "over" }
variable "v" { default = "over" }
terraform {
  required_providers {
    aws = { version = "2" }
  }
  cloud {}
}
provider "aws" { region = "over" }
"""


def attributes(files: dict[str, str], address: str) -> dict[str, object]:
    return {name: plain(value) for name, value in resource(model(files), address).attributes.items()}


def test_override_files_change_what_they_name() -> None:
    for name in ("override.tf", "z_override.tf", "a_override.tf", "a_override.tofu"):
        files = {name: OVER, "main.tf": BASE}
        assert attributes(files, "a_b.c") == {
            "one": 1,
            "two": "over",
            "three": 3,
            "block": [{"n": 9}],
            "other": [{"n": 1}],
            "lifecycle": [{"prevent_destroy": False, "ignore_changes": ["x"]}],
        }
        assert attributes(files, "local.x") == {"value": "over"}
        assert attributes(files, "local.y") == {"value": "base"}
        assert attributes(files, "var.v") == {"default": "over", "description": "d"}
        assert attributes(files, "provider.aws") == {"region": "over"}
        assert model(files).required_providers == {"aws": "2", "random": "1"}
        assert "backend" not in attributes(files, "terraform")


def test_override_files_apply_in_lexical_order() -> None:
    files = {"main.tf": 'resource "a_b" "c" {\n  n = 0\n}\n'}
    for number, name in enumerate(("a_override.tf", "b_override.tf", "override.tf"), 1):
        files[name] = f'resource "a_b" "c" {{\n  n = {number}\n}}\n'
    assert attributes(files, "a_b.c") == {"n": 3}


def test_a_tofu_file_replaces_its_twin() -> None:
    files = {"a.tf": "locals {\n  x = 1\n}\n", "a.tofu": "locals {\n  x = 2\n}\n", "b.tf": "locals {\n  y = 3\n}\n"}
    assert attributes(files, "local.x") == {"value": 2}
    assert model(files).files == ("a.tofu", "b.tf")


def test_the_order_in_which_files_are_given_never_matters() -> None:
    files = {
        "a.tf": 'resource "a_b" "c" {\n  count = length(local.l)\n  n = local.l[count.index]\n}\n',
        "b.tf": "locals {\n  l = concat(var.v, [a_b.d.id])\n}\n",
        "c.tf": 'variable "v" {\n  default = ["x"]\n}\nresource "a_b" "d" {}\n',
        "b_override.tf": 'resource "a_b" "d" {\n  n = 1\n}\n',
    }
    expected = model(files)
    assert all(model(dict(order)) == expected for order in permutations(files.items()))


def test_a_second_declaration_of_a_name_is_not_lost() -> None:
    files = {"a.tf": 'resource "a_b" "c" {\n  n = 1\n}\n', "b.tf": 'resource "a_b" "c" {\n  n = 2\n}\n'}
    assert [plain(item.attributes["n"]) for item in model(files).resources] == [1, 2]


def test_sources() -> None:
    assert all(map(is_source, ("a.tf", "d/a.tofu", "a.tf.json", "a.tofu.json", "a.tfvars", "a.tfvars.json")))
    assert not any(map(is_source, ("a.tftest.hcl", "a.hcl", "a.json", "a.tfstate", "tf", "a.tf.bak")))


def test_json_syntax() -> None:
    json = """{
      "locals": {"x": "${1 + 1}"},
      "variable": {"v": {"type": "list(number)", "default": ["1"]}},
      "resource": {"a_b": {"c": {"n": "${var.v[0]}", "for_each": "${toset([\\"k\\"])}"}}}
    }"""
    files = {"main.tf.json": json}
    assert attributes(files, "local.x") == {"value": 2}
    assert attributes(files, 'a_b.c["k"]') == {"n": 1}
    assert attributes(files, "var.v") == {"type": "list(number)", "default": ["1"]}
