"""Where a value is read, and through which places it came."""

from __future__ import annotations

from bot.engine.model.span import Span
from bot.engine.model.value import Known
from tests.engine.iac.terraform.models import model, places, resource

ROOT = """\
variable "cidrs" {
  default = ["10.0.0.0/8"]
}
locals {
  chosen = var.cidrs
}
resource "aws_x" "a" {
  cidrs  = local.chosen
  first  = local.chosen[0]
  joined = "${local.chosen[0]}!"
  both   = concat(local.chosen, ["::/0"])
}
"""


def test_a_literal_stands_where_it_is_written() -> None:
    found = resource(model('resource "a_b" "c" {\n  n = 22\n}\n'), "a_b.c")
    assert found.span == Span("main.tf", 1, 1, 1, 19)
    assert found.attributes["n"].span == Span("main.tf", 2, 7, 2, 9)
    assert found.attributes["n"].origin == ()


def test_a_reference_stands_where_it_is_read_and_came_through_each_place_nearest_first() -> None:
    attributes = resource(model(ROOT), "aws_x.a").attributes
    assert places(attributes["cidrs"]) == [("main.tf", 8), ("main.tf", 5), ("main.tf", 2)]
    assert places(attributes["first"]) == [("main.tf", 9), ("main.tf", 5), ("main.tf", 2)]
    assert places(attributes["joined"]) == [("main.tf", 10), ("main.tf", 5), ("main.tf", 2)]


def test_an_element_is_read_where_its_collection_is_read() -> None:
    attributes = resource(model(ROOT), "aws_x.a").attributes
    cidrs, both = attributes["cidrs"], attributes["both"]
    assert isinstance(cidrs, Known)
    assert isinstance(both, Known)
    assert isinstance(cidrs.raw, tuple)
    assert isinstance(both.raw, tuple)
    assert places(cidrs.raw[0]) == [("main.tf", 8), ("main.tf", 5), ("main.tf", 2)]
    assert [places(item) for item in both.raw] == [[("main.tf", 11), ("main.tf", 5), ("main.tf", 2)], [("main.tf", 11)]]


def test_what_decided_a_condition_is_in_the_chain() -> None:
    text = 'variable "open" {\n  default = true\n}\nresource "a_b" "c" {\n  cidr = var.open ? "0.0.0.0/0" : "10.0.0.0/8"\n}\n'
    cidr = resource(model(text), "a_b.c").attributes["cidr"]
    assert isinstance(cidr, Known)
    assert (cidr.raw, cidr.assumed, places(cidr)) == ("0.0.0.0/0", True, [("main.tf", 5), ("main.tf", 2)])


def test_a_module_argument_is_a_step_between_the_module_and_the_variable_file() -> None:
    files = {
        "main.tf": 'variable "all" {}\nmodule "m" {\n  source = "./m"\n  rules  = [{ cidr = var.all }]\n}\n',
        "m/main.tf": 'variable "rules" {}\nresource "a_b" "c" {\n  cidr = var.rules[0].cidr\n}\n',
        "terraform.tfvars": '\nall = "0.0.0.0/0"\n',
    }
    cidr = resource(model(files), "module.m.a_b.c").attributes["cidr"]
    assert places(cidr) == [("m/main.tf", 3), ("main.tf", 4), ("terraform.tfvars", 2)]


def test_a_dynamic_block_reads_its_iterator_from_the_collection() -> None:
    text = """\
    variable "ports" {
      default = [
        22,
        80,
      ]
    }
    resource "a_b" "c" {
      dynamic "ingress" {
        for_each = var.ports
        content {
          port = ingress.value
        }
      }
    }
    """
    ingress = resource(model(text), "a_b.c").attributes["ingress"]
    assert isinstance(ingress, Known)
    assert isinstance(ingress.raw, tuple)
    ports = [item.raw["port"] for item in ingress.raw if isinstance(item, Known) and isinstance(item.raw, dict)]
    assert [places(port) for port in ports] == [
        [("main.tf", 11), ("main.tf", 9), ("main.tf", 3)],
        [("main.tf", 11), ("main.tf", 9), ("main.tf", 4)],
    ]


def test_an_unknown_says_where_its_variable_is_declared() -> None:
    text = 'variable "u" {\n}\nresource "a_b" "c" {\n  n = var.u\n}\n'
    assert places(resource(model(text), "a_b.c").attributes["n"]) == [("main.tf", 4), ("main.tf", 1)]
