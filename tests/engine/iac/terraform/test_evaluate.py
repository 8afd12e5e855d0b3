"""Resources of a root: instances, nested and dynamic blocks, references between resources, other blocks."""

from __future__ import annotations

from bot.engine.model.resource import Unread
from bot.engine.model.value import Known, Unknown, plain
from tests.engine.iac.terraform.models import model, models, resource


def addresses(text: str, mode: str = "managed") -> list[str]:
    return [item.address for item in model(text).resources if item.mode == mode]


def attributes(text: str, address: str) -> dict[str, object]:
    return {name: plain(value) for name, value in resource(model(text), address).attributes.items()}


def test_arguments_and_nested_blocks() -> None:
    text = """
    resource "aws_security_group" "a" {
      name = "x"
      ingress {
        from_port = 22
        inner { n = 1 }
      }
      ingress { from_port = 80 }
    }
    """
    assert attributes(text, "aws_security_group.a") == {"name": "x", "ingress": [{"from_port": 22, "inner": [{"n": 1}]}, {"from_port": 80}]}
    found = resource(model(text), "aws_security_group.a")
    assert (found.type, found.name, found.mode, found.provider, found.nested_blocks) == (
        "aws_security_group",
        "a",
        "managed",
        "aws",
        ("ingress",),
    )


def test_count() -> None:
    text = 'resource "a_b" "c" {\n  count = 2\n  n = count.index\n}\nresource "a_b" "none" {\n  count = 0\n}\n'
    assert addresses(text) == ["a_b.c[0]", "a_b.c[1]"]
    assert attributes(text, "a_b.c[1]") == {"n": 1}
    assert {item.definition for item in model(text).resources} == {"a_b.c"}


def test_for_each_over_a_map_and_a_set() -> None:
    text = """
    resource "a_b" "m" {
      for_each = { one = 1, two = 2 }
      k = each.key
      v = each.value
    }
    resource "a_b" "s" {
      for_each = toset(["y", "x"])
      v = each.value
    }
    """
    assert addresses(text) == ['a_b.m["one"]', 'a_b.m["two"]', 'a_b.s["x"]', 'a_b.s["y"]']
    assert attributes(text, 'a_b.m["two"]') == {"k": "two", "v": 2}
    assert attributes(text, 'a_b.s["x"]') == {"v": "x"}


def test_an_unknown_number_of_instances_is_one_that_may_not_exist() -> None:
    text = """
    variable "n" {}
    variable "m" {}
    resource "a_b" "c" {
      count = var.n
      i = count.index
      fixed = 1
    }
    resource "a_b" "e" {
      for_each = var.m
      k = each.key
      v = each.value.port
    }
    """
    counted, keyed = resource(model(text), "a_b.c"), resource(model(text), "a_b.e")
    assert counted.exists is not None
    assert (counted.exists.reason, counted.exists.expression, counted.exists.span.line) == ("module-input", "var.n", 5)
    assert attributes(text, "a_b.c") == {"i": "<unknown: count.index>", "fixed": 1}
    assert keyed.exists is not None
    assert attributes(text, "a_b.e") == {"k": "<unknown: each.key>", "v": "<unknown: each.value.port>"}
    value = keyed.attributes["v"]
    assert isinstance(value, Unknown)
    assert (value.reason, value.detail) == ("instances", "var.m")


def test_a_partly_known_for_each_expands_what_is_known() -> None:
    text = """
    variable "u" {}
    variable "more" {}
    resource "a_b" "values" {
      for_each = { a = var.u, b = 2 }
      v = each.value
    }
    resource "a_b" "merged" {
      for_each = merge({ a = 1 }, var.more)
      v = each.value
    }
    resource "a_b" "set" {
      for_each = toset(["a", var.u])
    }
    """
    found = {item.address: item for item in model(text).resources if item.mode == "managed"}
    assert list(found) == ['a_b.values["a"]', 'a_b.values["b"]', 'a_b.merged["a"]', "a_b.merged", 'a_b.set["a"]', "a_b.set"]
    assert {address for address, item in found.items() if item.exists} == {"a_b.merged"}
    assert plain(found['a_b.merged["a"]'].attributes["v"]) == "<unknown: var.more>"


def test_references_between_resources() -> None:
    text = """
    variable "n" {}
    resource "aws_vpc" "one" {
      cidr = "10.0.0.0/16"
      unset = null
      block { n = 1 }
    }
    resource "aws_vpc" "many" {
      count = 2
      cidr = "10.${count.index}.0.0/16"
    }
    resource "aws_vpc" "keyed" {
      for_each = { a = "x" }
      cidr = each.value
    }
    resource "aws_vpc" "unsure" {
      count = var.n
      cidr = "10.0.0.0/8"
    }
    resource "a_b" "c" {
      known    = aws_vpc.one.cidr
      id       = aws_vpc.one.id
      unset    = aws_vpc.one.unset
      nested   = aws_vpc.one.block[0].n
      computed = aws_vpc.one.block[0].arn
      indexed  = aws_vpc.many[1].cidr
      all      = aws_vpc.many[*].cidr
      ids      = aws_vpc.many[*].id
      keyed    = aws_vpc.keyed["a"].cidr
      each     = { for k, v in aws_vpc.keyed : k => v.cidr }
      unsure   = aws_vpc.unsure[0].cidr
      every    = aws_vpc.unsure[*].cidr
      whole    = aws_vpc.one
    }
    """
    assert attributes(text, "a_b.c") == {
        "known": "10.0.0.0/16",
        "id": "<unknown: aws_vpc.one.id>",
        "unset": "<unknown: aws_vpc.one.unset>",
        "nested": 1,
        "computed": "<unknown: aws_vpc.one.block[0].arn>",
        "indexed": "10.1.0.0/16",
        "all": ["10.0.0.0/16", "10.1.0.0/16"],
        "ids": ["<unknown: aws_vpc.many[0].id>", "<unknown: aws_vpc.many[1].id>"],
        "keyed": "x",
        "each": {"a": "x"},
        "unsure": "10.0.0.0/8",
        "every": "<unknown: aws_vpc.unsure>",
        "whole": "<unknown: aws_vpc.one>",
    }
    found = resource(model(text), "a_b.c")
    assert found.attributes["indexed"].refs == ("aws_vpc.many[1]",)
    assert {type(value) for value in found.attributes.values()} <= {Known, Unknown}


def test_data_sources_through_local_values() -> None:
    text = """
    data "aws_iam_policy_document" "d" {
      statement { actions = ["*"] }
    }
    locals {
      policy = data.aws_iam_policy_document.d.json
    }
    resource "aws_iam_policy" "p" {
      policy = local.policy
      sid    = data.aws_iam_policy_document.d.statement[0].actions
    }
    """
    found = resource(model(text), "aws_iam_policy.p")
    policy = found.attributes["policy"]
    assert isinstance(policy, Unknown)
    assert (policy.reason, policy.expression) == ("data-source", "data.aws_iam_policy_document.d.json")
    assert policy.refs == ("data.aws_iam_policy_document.d",)
    assert plain(found.attributes["sid"]) == ["*"]


def test_dynamic_blocks() -> None:
    text = """
    variable "u" {}
    resource "a_b" "c" {
      ingress { port = 1 }
      dynamic "ingress" {
        for_each = { x = 2 }
        iterator = it
        content {
          port = it.value
          key  = it.key
          dynamic "inner" {
            for_each = [it.value, 3]
            content { n = inner.value }
          }
        }
      }
      dynamic "egress" {
        for_each = var.u
        content { port = 22 }
      }
      dynamic "none" {
        for_each = []
        content { port = 22 }
      }
    }
    """
    assert attributes(text, "a_b.c") == {
        "ingress": [{"port": 1}, {"port": 2, "key": "x", "inner": [{"n": 2}, {"n": 3}]}],
        "egress": ["<unknown: var.u>"],
        "none": [],
    }


def test_names_that_are_meant_as_names_are_text() -> None:
    text = """
    resource "a_b" "c" {
      provider   = aws.west
      depends_on = [aws_vpc.x]
      lifecycle {
        prevent_destroy = true
        ignore_changes  = [tags, ingress[0].port]
      }
    }
    """
    found = resource(model(text), "a_b.c")
    assert found.provider == "aws.west"
    assert {name: plain(value) for name, value in found.attributes.items()} == {
        "provider": "aws.west",
        "depends_on": ["aws_vpc.x"],
        "lifecycle": [{"prevent_destroy": True, "ignore_changes": ["tags", "ingress[0].port"]}],
    }


def test_other_blocks_are_resources_of_their_own_mode() -> None:
    text = """
    terraform {
      required_version = ">= 1.5"
      required_providers {
        aws = {
          source  = "hashicorp/aws"
          version = "~> 5.0"
        }
      }
      backend "s3" { bucket = "state" }
    }
    provider "aws" { region = "eu-west-1" }
    provider "aws" {
      alias  = "west"
      region = var.region
    }
    variable "region" {
      type      = list(object({ a = optional(string, "x") }))
      default   = []
      sensitive = true
    }
    output "o" { value = 1 + 1 }
    locals { l = "v" }
    """
    found = model(text)
    assert found.required_providers == {"aws": "~> 5.0"}
    modes = {
        item.address: (item.mode, item.type, {name: plain(value) for name, value in item.attributes.items()}) for item in found.resources
    }
    assert modes["terraform"] == (
        "terraform",
        "terraform",
        {
            "required_version": ">= 1.5",
            "required_providers": [{"aws": {"source": "hashicorp/aws", "version": "~> 5.0"}}],
            "backend": [{"bucket": "state", "type": "s3"}],
        },
    )
    assert modes["provider.aws"] == ("provider", "provider", {"region": "eu-west-1"})
    assert modes["provider.aws.west"] == ("provider", "provider", {"alias": "west", "region": "<hidden>"})
    assert modes["var.region"] == (
        "variable", "variable", {"type": 'list(object({a = optional(string, "x")}))', "default": [], "sensitive": True},
    )  # fmt: skip
    assert modes["output.o"] == ("output", "output", {"value": 2})
    assert modes["local.l"] == ("local", "local", {"value": "v"})


def test_moves_are_absolute() -> None:
    files = {
        "main.tf": 'moved {\n  from = aws_x.a\n  to = aws_x.b["k"]\n}\nmodule "m" {\n  source = "./m"\n}\n',
        "m/main.tf": "moved {\n  from = aws_x.a\n  to = module.n.aws_x.a\n}\n",
    }
    assert model(files).moves == (("aws_x.a", 'aws_x.b["k"]'), ("module.m.aws_x.a", "module.m.module.n.aws_x.a"))


def test_a_cycle_is_unknown_and_ends() -> None:
    text = """
    locals {
      a = local.b
      b = [local.a]
    }
    resource "a_b" "x" {
      count = a_b.x[0].n
      n = a_b.x[0].n
    }
    """
    found = model(text)
    value = resource(found, "local.a").attributes["value"]
    assert plain(value) == ["<unknown: local.a>"]
    assert resource(found, "a_b.x").exists is not None


def test_a_syntax_error_makes_a_block_incomplete_and_leaves_the_rest() -> None:
    text = 'resource "a_b" "c" {\n  good = 1\n  bad = 2 +\n}\nresource "a_b" "d" {\n  n = 1\n}\n'
    found = model(text)
    assert found.unread
    assert plain(resource(found, "a_b.d").attributes["n"]) == 1
    broken = resource(found, "a_b.c")
    assert broken.incomplete is not None or isinstance(broken.attributes.get("bad"), Unknown)


def test_a_block_without_its_labels_is_not_silent() -> None:
    found = model('resource "aws_x" {\n  n = 1\n}\nnonsense "a" {\n}\n')
    assert [(item.span.line, item.extent, item.cause) for item in found.unread] == [(1, "block", "grammar"), (4, "block", "unsupported")]
    assert all(isinstance(item, Unread) for item in found.unread)


def test_one_file_alone() -> None:
    files = {"a.tf": 'resource "a_b" "c" {\n  n = local.x\n}\n', "b.tf": "locals {\n  x = 1\n}\n", "terraform.tfvars": "y = 1\n"}
    (found,) = models(files, only="a.tf")
    assert found.files == ("a.tf",)
    assert plain(resource(found, "a_b.c").attributes["n"]) == "<unknown: local.x>"


TEMPLATES = {
    "main.tf": """
variable "name" {}
data "template_file" "a" {
  template = file("${path.module}/a.tpl")
  vars     = { size = 1 }
}
data "template_file" "b" {
  count    = 2
  template = "host-$${name}-$${n}"
  vars     = { name = var.name, n = count.index }
}
data "template_file" "gone" {
  template = file("gone.tpl")
}
resource "a_b" "c" {
  a    = data.template_file.a.rendered
  b    = data.template_file.b[1].rendered
  gone = data.template_file.gone.rendered
}
""",
    "a.tpl": 'kind: Pod %{ if size == "1" }small%{ endif }',
}


def test_a_template_of_the_tree_is_rendered_with_texts() -> None:
    found = resource(model(TEMPLATES), "a_b.c").attributes
    assert plain(found["a"]) == "kind: Pod small"
    assert isinstance(found["b"], Unknown)
    assert found["b"].parts == ("host-", None, "-1")
    assert isinstance(found["gone"], Unknown)
    assert (found["gone"].reason, found["gone"].expression) == ("data-source", "data.template_file.gone.rendered")
