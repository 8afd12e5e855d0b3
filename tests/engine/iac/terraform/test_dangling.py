"""References that lead nowhere, at their places; what Terraform itself says of the same text, where it is installed."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
from collections.abc import Mapping
from pathlib import Path
from textwrap import dedent

import pytest

from bot.engine.iac.terraform import evaluate, listing
from bot.engine.model.reference import Dangling
from bot.engine.model.resource import Limits

needs_terraform = pytest.mark.skipif(shutil.which("terraform") is None, reason="terraform is not installed")
OWN = 'terraform {\n  backend "s3" {}\n}\n'


def found(files: Mapping[str, str] | str, root: str = "", paths: tuple[str, ...] = ()) -> tuple[Dangling, ...]:
    """The faults of a root, those of all its environments together. `paths`: of files that were not fetched."""
    texts = {"main.tf": files} if isinstance(files, str) else files
    data = {path: dedent(text).encode() for path, text in texts.items()}
    models = evaluate(root, data, listed=listing(data, sorted({*data, *paths})))
    return tuple(fault for model in models for fault in model.dangling)


def names(files: Mapping[str, str] | str, root: str = "", paths: tuple[str, ...] = ()) -> list[str]:
    return [fault.name for fault in found(files, root, paths)]


def places(files: Mapping[str, str] | str, root: str = "") -> list[tuple[str, str, int, int, int]]:
    """Name, file, line, and columns of the reference."""
    return [(one.name, one.span.path, one.span.line, one.span.column, one.span.end_column) for one in found(files, root)]


def test_the_reference_alone_is_marked() -> None:
    text = """\
        output "a" {
          value = "é ${upper(var.nothing)} and ${local.none["key"].deep[0]}"
        }
        output "b" {
          value = [
            aws_vpc.main[0].id, data.aws_ami.this.id,
            module.net.subnet,
          ]
        }
        """
    assert places(text) == [
        ("var.nothing", "main.tf", 2, 22, 33),
        ("local.none", "main.tf", 2, 42, 52),
        ("aws_vpc.main", "main.tf", 6, 5, 17),
        ("data.aws_ami.this", "main.tf", 6, 25, 42),
        ("module.net", "main.tf", 7, 5, 15),
    ]


@pytest.mark.parametrize(
    "expression",
    [
        "try(var.x, 1)",
        "can(var.x)",
        "[for each in [1] : var.x]",
        "{ (var.x) = 1 }",
        "{ for k, v in {} : k => var.x... }",
        "true ? 1 : var.x",
        "-var.x",
        "[1][var.x]",
        "[{}][*][var.x]",
        '"%{ if true }${var.x}%{ endif }"',
        '"%{ for i in [1] }${var.x}%{ endfor }"',
        "provider::acme::name(var.x)",
    ],
)
def test_every_construct_is_looked_into(expression: str) -> None:
    assert names(f"locals {{\n  a = {expression}\n}}\n") == ["var.x"]


@pytest.mark.parametrize(
    "expression",
    [
        "[for x in [1] : x.y]",
        "{ for var, local in {} : var.x => local.y }",
        '"%{ for x in [1] }${x.y}%{ endfor }"',
        "path.module",
        "terraform.workspace",
        '"$${var.x}"',
        "{ var = 1, local = 2 }",
        "aws_vpc",
    ],
)
def test_what_is_bound_or_fixed_is_no_reference(expression: str) -> None:
    assert names(f"locals {{\n  a = {expression}\n}}\n") == []


def test_blocks_bind_their_iterators_for_what_is_inside() -> None:
    text = """\
        resource "a_b" "c" {
          for_each = {}
          name     = each.key
          dynamic "outer" {
            for_each = outer.gone
            content {
              dynamic "inner" {
                for_each = outer.value
                iterator = item
                content {
                  a = [outer.key, item.value]
                  b = inner.value
                }
              }
            }
          }
        }
        """
    assert names(text) == ["outer.gone", "inner.value"]


def test_words_types_and_addresses_are_no_references() -> None:
    text = """\
        variable "a" {
          type    = object({ b = optional(string) })
          default = null
        }
        resource "a_b" "c" {
          lifecycle {
            ignore_changes       = [tags.owner, gone.value]
            replace_triggered_by = [a_b.gone.id]
          }
          provisioner "local-exec" {
            when    = destroy
            command = self.id
          }
          depends_on = [var.gone, module.m.gone, a_b.gone2]
        }
        module "m" {
          source = "./m"
        }
        moved {
          from = a_b.old
          to   = a_b.c
        }
        import {
          to = a_b.new
          id = "1"
        }
        """
    assert names({"main.tf": text, "m/main.tf": 'output "x" {\n  value = 1\n}\n'}) == ["a_b.gone", "a_b.gone2"]


def test_conditions_count() -> None:
    text = """\
        variable "a" {
          validation {
            condition     = var.gone
            error_message = local.gone
          }
        }
        check "c" {
          data "a_b" "own" {}
          assert {
            condition     = data.a_b.own.ok && data.a_b.gone.ok
            error_message = "no"
          }
        }
        """
    assert names(text) == ["var.gone", "local.gone", "data.a_b.gone"]


def test_the_json_syntax() -> None:
    text = '{"resource": {"a_b": {"c": {\n"x": "${var.gone}",\n"y": {"dynamic": {"z": {"for_each": [], "content": {"k": "${z.value}"}}}},\n'
    assert [(one.name, one.span.line) for one in found({"main.tf.json": text + '"depends_on": ["a_b.none"]}}}}'})] == [
        ("var.gone", 2),
        ("a_b.none", 4),
    ]


def test_a_directory_of_which_something_was_not_read_says_nothing() -> None:
    text = 'output "a" {\n  value = var.gone\n}\n'
    assert names({"main.tf": text}) == ["var.gone"]
    assert names({"main.tf": text}, paths=("variables.tf",)) == []
    assert names({"main.tf": text, "variables.tf": 'variable "a" {\n'}) == []
    assert names({"main.tf": text}, paths=("variables.tf.example", "m/variables.tf", ".hidden.tf")) == ["var.gone"]


def test_a_single_file_says_nothing_about_what_others_declare() -> None:
    files = {"main.tf": b'output "a" {\n  value = var.gone\n}\n'}
    assert evaluate("", files, only="main.tf")[0].dangling == ()


@pytest.mark.parametrize(
    ("path", "sign"),
    [
        ("m/terragrunt.hcl", "m/terragrunt.hcl"),
        ("live/prod/terragrunt.hcl", "live/prod/terragrunt.hcl"),
        ("m/variables.tf.j2", "m/variables.tf.j2"),
        ("m/main.hbs", "m/main.hbs"),
        ("stacks.tm.hcl", "stacks.tm.hcl"),
        ("m/README.md", ""),
        ("m/user_data.tpl", ""),
        ("n/variables.tf.j2", ""),
    ],
)
def test_signs_of_generated_files(path: str, sign: str) -> None:
    (fault,) = found({"m/main.tf": 'output "a" {\n  value = var.gone\n}\n'}, "m", (path,))
    assert fault.unsure == sign


@pytest.mark.parametrize(
    ("patterns", "sign"),
    [
        ("*.tf", ".gitignore"),
        ("m/generated-*.tf", ".gitignore"),
        ("**/local.tf", ".gitignore"),
        ("n/generated.tf", ""),
        ("*_override.tf\nbackend.tf\nproviders.tf\n*.tfvars\n.terraform", ""),
        ("# *.tf\n!*.tf", ""),
    ],
)
def test_configuration_that_git_ignores(patterns: str, sign: str) -> None:
    (fault,) = found({"m/main.tf": 'output "a" {\n  value = var.gone\n}\n', ".gitignore": patterns}, "m")
    assert fault.unsure == sign


@pytest.mark.parametrize(
    "directory", ["examples/resources/net", "docs/how", "testdata/a", "x/test-fixtures/b", "mixins", "examples", "_common", "a/templates/b"]
)
def test_pieces_that_are_not_run_are_unsure(directory: str) -> None:
    (fault,) = found({f"{directory}/main.tf": 'output "a" {\n  value = var.gone\n}\n'}, directory)
    assert fault.unsure == directory


def test_a_template_of_a_directory_that_is_called_where_it_stands_is_sure() -> None:
    files = {
        "main.tf": OWN + 'module "m" {\n  source = "./templates/m"\n}\n',
        "templates/m/main.tf": 'output "a" {\n  value = var.gone\n}\n',
    }
    assert [(fault.name, fault.unsure) for fault in found(files)] == [("var.gone", "")]
    copied = {"_all/main.tf": 'module "m" {\n  source = "../templates/m"\n}\n', "templates/m/main.tf": files["templates/m/main.tf"]}
    assert [(fault.name, fault.unsure) for fault in found(copied, "_all")] == [("var.gone", "templates/m")]


def test_override_files_alone_are_laid_over_what_stands_elsewhere() -> None:
    (fault,) = found({"ci/dns_override.tf": 'output "a" {\n  value = var.gone\n}\n'}, "ci")
    assert fault.unsure == "ci"


@pytest.mark.parametrize(
    ("beside", "sign"),
    [
        ("", "x/piece"),
        ('variable "c" {}\n', ""),
        (OWN, ""),
        ('provider "a" {}\n', ""),
        ('terraform {\n  required_version = ">= 1"\n}\n', ""),
    ],
)
def test_files_that_declare_nothing_and_lack_several_names_are_laid_beside_others(beside: str, sign: str) -> None:
    text = 'output "a" {\n  value = [var.a, var.b]\n}\n' + beside
    assert {fault.unsure for fault in found({"x/piece/main.tf": text}, "x/piece")} == {sign}
    assert {fault.unsure for fault in found({"main.tf": text})} == {""}


def test_an_example_that_lacks_several_names_is_a_piece_to_be_read() -> None:
    files = {"m/examples/readme/main.tf": OWN + 'output "a" {\n  value = [module.vpc.id, aws_vpc.main.id]\n}\n'}
    assert {fault.unsure for fault in found(files, "m/examples/readme")} == {"m/examples/readme"}
    one = {"m/examples/full/main.tf": OWN + 'output "a" {\n  value = module.vpc.id\n}\n'}
    assert {fault.unsure for fault in found(one, "m/examples/full")} == {""}


def test_files_whose_variables_the_directory_above_declares_are_laid_beside_it() -> None:
    text = 'terraform {\n  required_version = ">= 1"\n}\noutput "a" {\n  value = [var.a, var.b]\n}\n'
    above = 'variable "a" {}\n'
    assert {fault.unsure for fault in found({"x/piece/main.tf": text, "x/main.tf": above}, "x/piece")} == {""}
    assert {fault.unsure for fault in found({"x/piece/main.tf": text, "x/main.tf": above + 'variable "b" {}\n'}, "x/piece")} == {"x/piece"}


def test_a_file_that_a_link_lays_beside_others_is_a_piece_where_it_stands() -> None:
    shared = OWN + "locals {\n  a = local.tags\n}\n"
    files = {"ops/root.tf": shared, "ops/a/root.tf": shared, "ops/a/main.tf": "locals {\n  tags = {}\n}\n"}
    assert [(fault.name, fault.unsure) for fault in found(files, "ops")] == [("local.tags", "ops/a")]
    assert found(files, "ops/a") == ()
    copies = {"prod/main.tf": shared, "dev/main.tf": shared}
    assert [(fault.name, fault.unsure) for fault in found(copies, "prod")] == [("local.tags", "")]


def test_a_file_that_git_leaves_out_takes_no_second_declaration_away() -> None:
    files = {"a.tf": 'variable "a" {\n}\n', "b.tf": 'variable "a" {\n}\noutput "o" {\n  value = var.b\n}\n', ".gitignore": "secrets.tf\n"}
    assert {(fault.kind, fault.unsure) for fault in found(files)} == {("duplicate", ""), ("variable", ".gitignore")}


@pytest.mark.parametrize(
    ("files", "sign"),
    [
        ({"a/aws.sample.tf": 'module "m" {\n  source = "./a/aws"\n}\n', "a/aws/main.tf": ""}, "a/aws"),
        ({"a/b/main.tf": OWN + 'module "m" {\n  source = "../../net/one"\n}\n', "a/net/one/main.tf": ""}, "a/net/one"),
        ({"a/b/main.tf": 'module "m" {\n  source = "../../net/one"\n}\n', "other/net/one/main.tf": ""}, ""),
        (
            {
                "a/b/main.tf": 'module "m" {\n  source = "../../net/one"\n}\nmodule "n" {\n  source = "./n"\n}\n',
                "a/net/one/main.tf": "",
                "a/b/n/main.tf": "",
            },
            "",
        ),
    ],
)
def test_calls_that_lead_somewhere_only_from_further_up_are_made_there(files: dict[str, str], sign: str) -> None:
    (fault,) = found(files, min(files).rpartition("/")[0])
    assert (fault.kind, fault.unsure) == ("module-directory", sign)


def test_an_override_of_what_is_declared_elsewhere_is_laid_over_it() -> None:
    over = {"p/cluster_override.tf": 'resource "aws_eks_cluster" "a" {\n  name = var.gone\n}\n', "p/net.tf": 'resource "aws_vpc" "a" {}\n'}
    assert [(fault.name, fault.unsure) for fault in found(over, "p")] == [("var.gone", "p")]
    whole = over | {"p/net.tf": 'resource "aws_eks_cluster" "a" {}\n'}
    assert [(fault.name, fault.unsure) for fault in found(whole, "p")] == [("var.gone", "")]


@pytest.mark.parametrize(("block", "sign"), [("", "common"), ('resource "aws_vpc" "a" {}\n', ""), ('output "b" {\n  value = 1\n}\n', "")])
def test_variables_that_a_directory_of_nothing_else_declares_are_laid_beside(block: str, sign: str) -> None:
    files = {"site/main.tf": 'output "a" {\n  value = var.stage\n}\n', "common/all.tf": 'variable "stage" {}\n' + block}
    assert [(fault.name, fault.unsure) for fault in found(files, "site")] == [("var.stage", sign)]
    assert names({**files, "site/main.tf": 'output "a" {\n  value = [var.stage, var.other]\n}\n'}, "site") == ["var.stage", "var.other"]


@pytest.mark.parametrize(
    ("uses", "missing"),
    [
        ("", []),
        ('data "aws_region" "a" {}\n', []),
        ('data "aws_region" "a" {\n  provider = aws.b\n}\n', ["var.gone"]),
        ('module "m" {\n  source    = "x/y/z"\n  providers = { aws = aws.b }\n}\n', ["var.gone"]),
        ('import {\n  to       = aws_vpc.a\n  id       = "a"\n  provider = aws.b\n}\nresource "aws_vpc" "a" {}\n', ["var.gone"]),
    ],
)
def test_what_only_a_provider_configuration_refers_to_that_nothing_uses_is_not_read(uses: str, missing: list[str]) -> None:
    assert names('provider "aws" {\n  alias  = "b"\n  region = var.gone\n}\n' + uses) == missing


@pytest.mark.parametrize(
    ("uses", "missing"),
    [
        ("", []),
        ('resource "google_project" "a" {}\n', []),
        ('resource "aws_vpc" "a" {}\n', ["var.gone"]),
        ('resource "other_vpc" "a" {\n  provider = aws\n}\n', ["var.gone"]),
        ('resource "other_vpc" "a" {\n  provider = "aws"\n}\n', ["var.gone"]),
        ('module "m" {\n  source = "acme/network/aws"\n}\n', ["var.gone"]),
        ('module "m" {\n  source = "git::https://example.com/helpers.git"\n}\n', []),
        ('module "m" {\n  source = "../helpers"\n}\n', ["var.gone"]),
    ],
)
def test_a_default_configuration_is_used_by_its_types_and_by_every_module(uses: str, missing: list[str]) -> None:
    assert names('provider "aws" {\n  region = var.gone\n}\n' + uses) == missing


@pytest.mark.parametrize(
    ("beside", "sign"), [("", "provider"), ('provider "helm" {}\n', "provider"), ('provider "google" {}\n', ""), (OWN, "")]
)
def test_an_alias_that_a_caller_elsewhere_may_hand_over_is_unsure(beside: str, sign: str) -> None:
    assert [fault.unsure for fault in found(beside + 'resource "google_project" "a" {\n  provider = google.shared\n}\n')] == [sign]


def test_a_path_that_stands_for_another_is_unsure() -> None:
    text = 'provider "google" {\n  credentials = [file("${path.module}/<KEY FILE>.json"), file("${path.module}/your-file.txt")]\n}\n'
    assert [fault.unsure for fault in found(OWN + text + 'resource "google_project" "a" {}\n')] == ["<KEY FILE>.json", "your-file.txt"]


def test_two_versions_of_a_text_are_not_declared_twice_for_sure() -> None:
    files = {"before.tf": 'module "m" {\n  source = "a/b/c"\n}\n', "after.tf": 'module "m" {\n  source = "a/b/c"\n}\n'}
    assert [(fault.kind, fault.unsure) for fault in found(files)] == [("duplicate", "before.tf")]


def test_files_that_declare_the_same_over_and_over_are_samples() -> None:
    files = {f"demo/{name}.tf": 'variable "count" {}\n' for name in ("aws", "azure", "google", "openstack")}
    assert {fault.unsure for fault in found(files, "demo")} == {"demo"}
    assert {fault.unsure for fault in found(dict(list(files.items())[:3]), "demo")} == {""}


def test_samples_are_samples_where_git_leaves_files_out() -> None:
    files = {f"demo/{name}.tf": 'variable "count" {}\n' for name in ("aws", "azure", "google", "openstack")} | {".gitignore": "local.tf\n"}
    assert {fault.unsure for fault in found(files, "demo")} == {"demo"}


def test_a_piece_may_declare_some_of_its_variables_itself() -> None:
    text = 'variable "size" {}\noutput "a" {\n  value = [var.a, var.b]\n}\n'
    assert {fault.unsure for fault in found({"parts/rds/mysql.tf": text}, "parts/rds")} == {"parts/rds"}
    assert {fault.unsure for fault in found({"parts/rds/vars.tf": text}, "parts/rds")} == {""}


def test_an_example_takes_a_local_value_from_where_it_is_copied_to() -> None:
    text = 'module "m" {\n  source = "acme/m/aws"\n  id     = local.project\n}\n'
    assert [fault.unsure for fault in found({"m/examples/basic/main.tf": text}, "m/examples/basic")] == ["m/examples/basic"]
    assert [fault.unsure for fault in found({"m/examples/basic/main.tf": OWN + text}, "m/examples/basic")] == [""]


def test_a_dotted_key_is_no_reference() -> None:
    assert names("locals {\n  a = { integration.request.path = 1, (var.gone) = 2 }\n}\n") == ["var.gone"]


def test_the_nearest_name() -> None:
    text = (
        'variable "ecdsa_curves" {}\nresource "aws_vpc" "main" {}\nresource "aws_s3_bucket" "logs" {}\nresource "aws_s3_bucket" "data" {}\n'
    )
    uses = "locals {\n  a = [var.ecdsa_curve, var.other, aws_vpc.this, aws_s3_bucket.log, aws_s3_bucket.elsewhere, aws_vpcs.main]\n}\n"
    assert {fault.name: fault.similar for fault in found(text + uses)} == {
        "var.ecdsa_curve": "var.ecdsa_curves",
        "var.other": "",
        "aws_vpc.this": "aws_vpc.main",
        "aws_s3_bucket.log": "aws_s3_bucket.logs",
        "aws_s3_bucket.elsewhere": "",
        "aws_vpcs.main": "aws_vpc.main",
    }


MODULE = 'variable "a" {}\nvariable "b" {\n  default = 1\n}\noutput "o" {\n  value = 1\n}\n'


def called(arguments: str = "a = 1", uses: str = "1") -> list[tuple[str, str]]:
    """Kind and name of each fault of a root that calls `MODULE`."""
    text = f'module "m" {{\n  source = "./m"\n  {arguments}\n}}\nlocals {{\n  x = {uses}\n}}\n'
    return [(fault.kind, fault.name) for fault in found({"main.tf": text, "m/main.tf": MODULE})]


@pytest.mark.parametrize(
    ("arguments", "faults"),
    [
        ("a = 1", []),
        ("a = null", []),
        ("b = 1", [("required-input", "a")]),
        ("a = 1\n  c = 2", [("module-input", "c")]),
        ("a = 1\n  for_each = {}\n  depends_on = []\n  providers = {}\n  version = 1", []),
        ("_ {\n    a = 1\n  }", []),
    ],
)
def test_arguments_of_a_call(arguments: str, faults: list[tuple[str, str]]) -> None:
    assert called(arguments) == faults


@pytest.mark.parametrize(
    ("arguments", "uses", "missing"),
    [
        ("a = 1", "module.m.o", ""),
        ("a = 1", "module.m.p", "module.m.p"),
        ("a = 1", 'module.m["p"]', "module.m.p"),
        ("a = 1", "try(module.m.p, 1)", ""),
        ("a = 1", "module.m", ""),
        ("a = 1\n  count = 1", "module.m[0].p", "module.m.p"),
        ("a = 1\n  count = 1", "module.m[*].p", "module.m.p"),
        ("a = 1\n  count = 1", "module.m.*.p", "module.m.p"),
        ("a = 1\n  count = 1", "one(module.m[*]).p", ""),
        ("a = 1\n  count = 1", "module.m[0]", ""),
        ("a = 1\n  for_each = {}", 'module.m["k"].p.q', "module.m.p"),
        ("a = 1\n  for_each = {}", "[for each in module.m : each.p]", ""),
    ],
)
def test_outputs_of_a_call(arguments: str, uses: str, missing: str) -> None:
    assert called(arguments, uses) == ([("module-output", missing)] if missing else [])


def test_a_module_that_many_roots_and_calls_reach_has_each_fault_once_for_a_root() -> None:
    calls = 'module "a" {\n  source = "../m"\n}\nmodule "b" {\n  source = "../m"\n  count  = 2\n}\n'
    files = {"x/main.tf": calls, "y/main.tf": calls, "m/main.tf": "locals {\n  l = var.gone\n}\n"}
    assert places(files, "x") == places(files, "y") == [("var.gone", "m/main.tf", 2, 7, 15)]


def test_faults_are_told_once_for_all_environments() -> None:
    files = {"main.tf": 'variable "n" {}\nlocals {\n  l = var.gone\n}\n', "env/a.tfvars": "n = 1\n", "env/b.tfvars": "n = 2\n"}
    assert names(files) == ["var.gone"]


def test_declared_twice_names_both_places() -> None:
    files = {"a.tf": 'variable "n" {}\nlocals {\n  l = 1\n}\n', "b.tf": 'variable "n" {}\nlocals {\n\n  l = 2\n}\n'}
    told = [(one.name, one.span.path, one.span.line, one.declared.path, one.declared.line) for one in found(files)]
    assert told == [("var.n", "b.tf", 1, "a.tf", 1), ("local.l", "b.tf", 4, "a.tf", 3)]
    assert names({"a.tf": files["a.tf"], "b_override.tf": files["b.tf"]}) == []
    assert names({"a.tf": files["a.tf"], "a.tofu": files["b.tf"]}) == []


def test_declared_twice_is_told_beside_a_file_that_does_not_parse() -> None:
    files = {"a.tf": 'variable "n" {}\n', "b.tf": 'variable "n" {}\n', "main.tf": "}}\n"}
    assert names(files) == ["var.n"]
    assert names({"a.tf": 'variable "n" {}\n', "main.tf": 'variable "n" {}\n}}\n'}) == []


@pytest.mark.parametrize(
    ("text", "cycle"),
    [
        ("a = local.a", "local.a → local.a"),
        ("a = local.b\n  b = local.c\n  c = [local.a, local.b]", "local.a → local.b → local.c → local.a"),
        ("z = local.b\n  b = local.c\n  c = try(local.b, 1)", "local.b → local.c → local.b"),
        ("a = local.b\n  b = 1\n  c = [local.a, local.b]", ""),
    ],
)
def test_cycles(text: str, cycle: str) -> None:
    assert names(f"locals {{\n  {text}\n}}\n") == ([cycle] if cycle else [])


def files_of(expression: str, **fields: str) -> list[tuple[str, str]]:
    """Name and sign of each file that is not there."""
    texts = {"main.tf": f"{OWN}locals {{\n  a = {expression}\n}}\n", "there.json": "{}", ".gitignore": "/made\n*.cfg\n", **fields}
    return [(fault.name, fault.unsure) for fault in found(texts, paths=("deep/also.json", "link"))]


@pytest.mark.parametrize(
    ("expression", "told"),
    [
        ('file("there.json")', []),
        ('file("./there.json")', []),
        ('file("${path.module}/deep/../there.json")', []),
        ('file("deep/also.json")', []),
        ('file("link/below/a.json")', []),
        ('file("../out/of/the/tree.json")', []),
        ('file("/etc/hosts")', []),
        ("file(var.path)", [("var.path", "")]),
        ('fileexists("gone.json")', []),
        ('file("gone.json")', [("gone.json", "")]),
        ('templatefile("${path.root}/gone.tftpl", {})', [("gone.tftpl", "")]),
        ('try(file("gone.json"), 1)', []),
        ('fileexists("gone.json") ? file("gone.json") : ""', []),
        ('true ? file("gone.json") : ""', [("gone.json", "a condition")]),
        ('file("made/gone.json")', [("made/gone.json", ".gitignore")]),
        ('file("deep/gone.cfg")', [("deep/gone.cfg", ".gitignore")]),
        ('file("gone.pem")', [("gone.pem", "gone.pem")]),
        ('filemd5("gone.json")', [("gone.json", "gone.json")]),
    ],
)
def test_files(expression: str, told: list[tuple[str, str]]) -> None:
    assert files_of(expression) == told


def test_a_file_that_a_command_or_resource_writes_is_unsure() -> None:
    written = 'resource "null_resource" "n" {\n  provisioner "local-exec" {\n    command = "make > ${path.module}/gone.json"\n  }\n}\n'
    assert files_of('file("gone.json")', **{"build.tf": written}) == [("gone.json", "null_resource.n")]


def test_a_module_reads_below_itself_whichever_root_calls_it() -> None:
    files = {
        "x/main.tf": OWN + 'module "m" {\n  source = "../m"\n}\n',
        "m/main.tf": 'locals {\n  a = file("${path.module}/a.json")\n  b = file("b.json")\n}\n',
        "m/a.json": "",
    }
    assert [(fault.name, fault.unsure) for fault in found(files, "x", ("m/b.json",))] == []
    assert [(fault.name, fault.unsure) for fault in found(files, "x")] == [("x/b.json", "path.cwd")]


def test_without_the_paths_of_the_tree_no_file_is_missed() -> None:
    files = {"main.tf": (OWN + 'locals {\n  a = file("gone.json")\n}\n').encode()}
    assert evaluate("", files)[0].dangling == ()


def test_a_limit_is_told() -> None:
    text = "locals {\n" + "".join(f"  l{number} = var.v{number}\n" for number in range(1_100)) + "}\n"
    data = {"main.tf": text.encode()}
    (model,) = evaluate("", data, listed=listing(data, data))
    assert len(model.dangling) == 1_001
    assert [gap.detail for gap in model.unread] == ["more than 1000 references that lead nowhere"]


def test_a_chain_of_a_hundred_thousand_local_values_ends() -> None:
    text = "locals {\n" + "".join(f"  l{number}=local.l{number + 1}\n" for number in range(50_000)) + "  l50000=local.l49999\n}\n"
    data = {"main.tf": text.encode()}
    (model,) = evaluate("", data, limits=Limits(steps=1_000_000), listed=listing(data, data))
    assert [fault.name for fault in model.dangling] == ["local.l49999 → local.l50000 → local.l49999"]


SAMPLE = {
    "main.tf": """\
        variable "a" { default = 1 }
        provider "terraform" { alias = "east" }
        module "m" {
          source = "./m"
          b      = 1
        }
        module "mm" {
          source = "./m"
          b      = 1
          count  = 2
        }
        locals {
          x  = try(var.nope, 1)
          y  = try(local.nope, 1)
          z  = can(terraform_data.nope.id)
          o  = try(module.m.nope, 1)
          o2 = module.m.nope
          o3 = module.mm[0].nope
          o4 = module.mm[*].nope
          q  = module.q.b
          f  = try(file("nope.txt"), "")
          g  = var.a == 1 ? "" : file("nope.txt")
          h  = file("nope.txt")
          i  = foo.bar
          k  = [for v in [] : v.x]
          l  = { (var.nope) = 1, var = 2 }
          d  = data.terraform_remote_state.nope.outputs
          t  = "%{for i in []}${i.x}${local.nope}%{endfor}"
        }
        resource "terraform_data" "b" {
          provider   = terraform.east
          input      = file("${path.module}/nope")
          count      = 0
          depends_on = [terraform_data.nope, module.m.nope]
          lifecycle {
            ignore_changes       = [input]
            precondition {
              condition     = var.nope
              error_message = "no"
            }
          }
        }
        output "d" {
          value      = 1
          depends_on = [var.nope, local.nope, terraform_data.nope]
        }
        check "c" {
          assert {
            condition     = local.nope
            error_message = "no"
          }
        }
        """,
    "m/main.tf": 'variable "b" {}\nvariable "c" {\n  default = null\n}\noutput "o" {\n  value = var.b\n}\n',
}
SAMPLE_INSIDE = {
    "main.tf": 'module "m" {\n  source = "./m"\n  count  = 2\n}\n',
    "m/main.tf": 'output "o" {\n  value = var.nope\n}\n',
}
SAMPLE_CALLS = {
    "main.tf": 'module "m" {\n  source = "./m"\n  a      = 1\n  c      = 2\n}\nmodule "n" {\n  source = "./m"\n  b      = null\n}\n',
    "m/main.tf": 'variable "b" {}\nvariable "c" {\n  default = null\n}\n',
}


SAMPLE_TRIGGER = {
    "main.tf": 'resource "terraform_data" "b" {\n  lifecycle {\n    replace_triggered_by = [terraform_data.nope]\n  }\n}\n',
}


_REPEATED = """\
    variable "list" {
      type    = list(string)
      default = ["a"]
    }
    variable "set" {
      type    = set(string)
      default = ["a"]
    }
    """
SAMPLE_LIST = {
    "main.tf": _REPEATED
    + "".join(
        f'    resource "terraform_data" "r{number}" {{\n      for_each = {written}\n    }}\n'
        for number, written in enumerate(
            (
                "var.list",
                '["a"]',
                "[]",
                "keys({ a = 1 })",
                "length(var.list) > 0 ? var.list : []",
                "sort(var.set)",
                "toset(var.list)",
                "var.set",
                "length(var.list) > 0 ? toset(var.list) : []",
                "{ for name in var.list : name => name }",
                "try(toset(var.list), [])",
            )
        )
    )
}
SAMPLE_LIST_OF_LOCAL = {
    "main.tf": _REPEATED
    + """\
    locals {
      direct = [for name in var.list : name]
      names  = local.direct
    }
    resource "terraform_data" "a" {
      for_each = local.names
    }
    resource "terraform_data" "b" {
      for_each = terraform_data.c[*]
    }
    resource "terraform_data" "c" {}
    resource "terraform_data" "d" {
      for_each = flatten([var.list])
    }
    resource "terraform_data" "e" {
      for_each = concat(var.list, ["b"])
    }
    """
}

SAMPLE_UNUSED = {
    "main.tf": """\
    provider "terraform" {
      alias   = "unused"
      nothing = data.terraform_remote_state.gone.outputs
    }
    resource "terraform_data" "a" {
      input = var.gone
    }
    """
}
SAMPLE_REFUSED = {
    "main.tf": """\
    locals {
      zones  = ["a", "b"]
      index  = local.zones[2]
      key    = { a = 1 }.b
      subnet = cidrsubnet("10.0.0.0/24", 4, 16)
      host   = cidrhost("10.0.0.0/30", 9)
      empty  = element([], 0)
      number = tonumber("abc")
      search = regex("[0-9]+", "abc")
      type   = upper(["a"])
      null   = [for x in null : x]
      parts  = slice(local.zones, 0, 3)
      text   = "x${["a"]}"
      few    = format("%s %s", "a")
      none   = coalesce(null, "")
      caught = try(local.zones[2], 1)
      branch = false ? local.zones[2] : "a"
      after  = upper(local.index)
      gone   = jsonencod({})
      other  = true ? 0 : len([])
    }
    """
}
SAMPLE_BRANCHES = {
    "main.tf": """\
    variable "x" {
      type = bool
    }
    variable "names" {
      type = list(string)
    }
    locals {
      a = var.x ? [] : {}
      b = var.x ? "" : []
      c = var.x ? {} : [1]
      d = var.x ? {a = 1} : {b = "x"}
      e = var.x ? [1] : ["a", "b"]
      f = var.x ? toset([]) : {}
      g = var.x ? tomap({}) : []
      h = var.x ? null : []
      i = true ? [] : {}
      j = true ? "a" : []
      k = try(var.x ? "" : {}, 1)
      l = var.x ? [for i in [1] : i] : ""
      m = var.x ? jsonencode({}) : {}
      n = var.x ? var.names : "none"
      o = var.x ? var.names : []
      p = true ? 1 : (var.x ? "" : {})
      q = var.x ? 1 : "a"
    }
    """
}
SAMPLE_LEFT_OUT = {
    "main.tf": """\
    variable "plans" {
      type = map(object({
        tags    = optional(map(string))
        targets = optional(list(string))
        given   = optional(list(string), [])
      }))
      default = { a = {} }
    }
    locals {
      refused  = { for key, plan in var.plans : key => length(plan.tags) }
      iterated = { for key, plan in var.plans : key => [for target in plan.targets : upper(target)] }
      caught   = { for key, plan in var.plans : key => keys(try(plan.tags, {})) }
      given    = { for key, plan in var.plans : key => length(plan.given) }
      merged   = { for key, plan in var.plans : key => merge(plan.tags, {}) }
      asked    = { for key, plan in var.plans : key => plan.tags == null ? 0 : length(plan.tags) }
      filtered = { for key, plan in var.plans : key => length(plan.tags) if plan.tags != null }
    }
    resource "terraform_data" "a" {
      for_each = var.plans
      input    = contains(each.value.targets, "a")
    }
    """
}


@needs_terraform
@pytest.mark.slow
@pytest.mark.parametrize(
    ("files", "command"),
    [
        (SAMPLE, "validate"),
        (SAMPLE_CALLS, "validate"),
        (SAMPLE_INSIDE, "validate"),
        (SAMPLE_TRIGGER, "plan"),
        (SAMPLE_LIST, "validate"),
        (SAMPLE_LIST_OF_LOCAL, "plan"),
        (SAMPLE_LEFT_OUT, "plan"),
        (SAMPLE_UNUSED, "validate"),
        (SAMPLE_REFUSED, "validate"),
        (SAMPLE_BRANCHES, "validate"),
    ],
    ids=["references", "calls", "inside", "trigger", "list", "list-of-local", "left-out", "unused", "refused", "branches"],
)
def test_terraform_refuses_the_same_lines(files: dict[str, str], command: str, tmp_path: Path) -> None:
    """A fault in a module hides those that depend on the module, and triggers are looked at by `plan` alone: each has its own sample."""
    for path, text in files.items():
        (tmp_path / path).parent.mkdir(exist_ok=True)
        (tmp_path / path).write_text(dedent(text))
    told = _refused(tmp_path, command)
    ours = {(fault.span.path, fault.span.line) for fault in found(files) if not fault.unsure}
    assert told == ours


def _refused(directory: Path, command: str) -> set[tuple[str, int]]:
    """The lines that Terraform refuses. The only provider is a part of Terraform, so that nothing is downloaded."""
    environment = {**os.environ, "CHECKPOINT_DISABLE": "1", "TF_CLI_CONFIG_FILE": os.devnull}
    subprocess.run(["terraform", "init", "-backend=false"], cwd=directory, env=environment, capture_output=True, check=True)
    done = subprocess.run(["terraform", command, "-json"], cwd=directory, env=environment, capture_output=True, text=True, check=False)
    answers = [json.loads(done.stdout)] if command == "validate" else [json.loads(line) for line in done.stdout.splitlines()]
    told = [one for answer in answers for one in answer.get("diagnostics", [answer.get("diagnostic")]) if one is not None]
    return {(one["range"]["filename"], one["range"]["start"]["line"]) for one in told if one["severity"] == "error"}
