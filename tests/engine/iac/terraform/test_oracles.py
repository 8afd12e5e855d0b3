"""The same roots through other evaluators: tfparse (Go), and Terraform itself where it is installed."""

from __future__ import annotations

import shutil
import subprocess
from pathlib import Path
from typing import Any

import pytest
import tfparse  # type: ignore[import-untyped]  # ships no types

from bot.engine.model.value import Known, Null, Value
from tests.engine.iac.terraform.models import model
from tests.engine.iac.terraform.test_expressions import INPUTS, KNOWN

ROOT = {
    "main.tf": """\
variable "cidrs" {
  type    = list(string)
  default = ["10.0.0.0/8", "0.0.0.0/0"]
}
variable "tags" { default = { env = "prod" } }
variable "unset" {}
locals {
  ports = { ssh = 22, http = 80 }
  open  = [for c in var.cidrs : c if endswith(c, "/0")]
}
resource "aws_security_group" "a" {
  name = "sg-${lower("A")}-${length(var.cidrs)}"
  tags = merge(var.tags, { Name = "x" })
  dynamic "ingress" {
    for_each = local.ports
    content {
      from_port   = ingress.value
      to_port     = ingress.value
      description = upper(ingress.key)
      cidr_blocks = local.open
    }
  }
}
resource "aws_subnet" "s" {
  count      = 2
  cidr_block = cidrsubnet("10.0.0.0/16", 8, count.index)
  name       = aws_security_group.a.name
}
resource "aws_subnet" "e" {
  for_each   = toset(["b", "a"])
  cidr_block = each.key
  index      = index(["a", "b"], each.value)
}
resource "aws_thing" "t" {
  policy  = jsonencode({ Statement = [{ Effect = "Allow", Action = ["s3:*"] }] })
  choice  = length(local.open) > 0 ? "open" : "closed"
  nested  = local.ports["ssh"] + 1
  missing = try(var.tags.nothing, "fallback")
  list    = [for k, v in local.ports : "${k}=${v}"]
  joined  = join(",", [for i in range(3) : format("%02d", i)])
  module  = module.m.out
}
module "m" {
  source = "./m"
  cidr   = var.cidrs[1]
}
""",
    "m/main.tf": """\
variable "cidr" {}
variable "port" { default = 443 }
resource "aws_inner" "i" {
  cidr = var.cidr
  port = var.port
}
output "out" { value = "${aws_inner.i.cidr}:${var.port}" }
""",
}


def known_only(value: Value) -> Any:
    """The value as tfparse writes it: a single nested block as an object."""
    if not isinstance(value, Known):
        return None
    if isinstance(value.raw, tuple):
        return [known_only(item) for item in value.raw]
    if isinstance(value.raw, dict):
        return {key: known_only(item) for key, item in value.raw.items() if not isinstance(item, Null)}
    return value.raw


def without_marks(value: Any) -> Any:
    if isinstance(value, dict):
        return {key: without_marks(item) for key, item in value.items() if key not in ("__tfmeta", "id")}
    return [without_marks(item) for item in value] if isinstance(value, list) else value


def test_tfparse_sees_the_same_values(tmp_path: Path) -> None:
    for path, text in ROOT.items():
        (tmp_path / path).parent.mkdir(exist_ok=True)
        (tmp_path / path).write_text(text)
    theirs = {
        block["__tfmeta"]["path"]: without_marks(block)
        for kind, blocks in tfparse.load_from_path(str(tmp_path)).items()
        if kind.startswith("aws_")
        for block in blocks
    }
    ours = {item.address: item for item in model(ROOT).resources if item.mode == "managed"}
    assert ours.keys() == theirs.keys()
    for address, item in ours.items():
        for name, value in item.attributes.items():
            assert known_only(value) == theirs[address][name], (address, name)


@pytest.mark.skipif(shutil.which("terraform") is None, reason="terraform is not installed")
def test_terraform_evaluates_expressions_to_the_same(tmp_path: Path) -> None:
    (tmp_path / "main.tf").write_text(INPUTS)
    expressions = [f"jsonencode({expression}) == jsonencode({written(expected)})" for expression, expected in KNOWN]
    line = f"jsonencode([{', '.join(expressions)}])"
    done = subprocess.run(["terraform", "console"], input=line, capture_output=True, text=True, check=False, cwd=tmp_path)
    answers = done.stdout.strip().strip('"').strip("[]").split(",")
    assert [expression for (expression, _), answer in zip(KNOWN, answers, strict=True) if answer != "true"] == [], done.stderr


def written(value: Any) -> str:
    """Plain data as Terraform's source text."""
    if isinstance(value, dict):
        return "{" + ", ".join(f"{written(key)} = {written(item)}" for key, item in value.items()) + "}"
    if isinstance(value, list):
        return "[" + ", ".join(map(written, value)) + "]"
    return "null" if value is None else f'"{value}"' if isinstance(value, str) else str(value).lower()
