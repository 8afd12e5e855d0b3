"""A price is known or its reason is told; what is not known is never zero."""

from __future__ import annotations

import pytest

from bot.confine.tables import facts
from bot.engine.cost.estimate import specs
from bot.engine.cost.unpriced import costs_nothing, is_paid_by_use
from bot.engine.evaluation import evaluate
from bot.engine.model.price import Obstacle
from tests.changes import snapshot
from tests.engine.cost.changes import US, change, price, usd

SPECS = {name: spec for provider in ("aws", "azurerm", "google") for name, spec in specs(provider).items()}
ELSEWHERE = 'provider "aws" {\n  region = var.region\n}\nvariable "region" {}\n'


@pytest.mark.parametrize(
    ("text", "obstacle", "what"),
    [
        ('variable "x" {}\nresource "aws_instance" "a" {\n  instance_type = var.x\n}', "value", "instance_type"),
        ('variable "x" {}\nresource "aws_instance" "a" {\n  count = var.x\n  instance_type = "m5.large"\n}', "count", ""),
        ('resource "aws_instance" "a" {\n  instance_type = "m5.huge"\n}', "price", "m5.huge"),
        ('resource "aws_instance" "a" {\n  ami = "ami-1"\n}', "absent", "instance_type"),
        ('resource "aws_instance" "a" {\n  region = "eu-west-1"\n  instance_type = "m5.large"\n}', "region", "eu-west-1"),
        (
            'resource "aws_instance" "a" {\n  instance_type = "m5.large"\n  instance_market_options {\n    market_type = "spot"\n  }\n}',
            "spot",
            "instance_market_options.market_type",
        ),
        ('resource "aws_instance" "a" {\n  instance_type = "m5.large"\n  tenancy = "dedicated"\n}', "tenancy", "tenancy"),
        ('resource "aws_db_instance" "a" {\n  engine = "oracle-ee"\n  instance_class = "db.m5.large"\n}', "licence", "engine"),
        (
            'resource "aws_autoscaling_group" "a" {\n  min_size = 1\n  max_size = 2\n  launch_configuration = "made-by-hand"\n}',
            "elsewhere",
            "launch_template.id",
        ),
        ('resource "aws_workspaces_workspace" "a" {\n  bundle_id = "wsb-1"\n}', "type", "aws_workspaces_workspace"),
        ('resource "azurerm_public_ip" "a" {\n  allocation_method = "Static"\n}', "no-region", ""),
    ],
)
def test_says_why_a_price_is_not_known(text: str, obstacle: Obstacle, what: str) -> None:
    found = price(text)
    assert found.monthly is None
    assert [(item.obstacle, item.what) for item in found.obstacles] == [(obstacle, what)]


def test_a_region_that_nothing_in_the_tree_sets() -> None:
    found = price('resource "aws_instance" "a" {\n  instance_type = "m5.large"\n}', ELSEWHERE)
    assert [(item.obstacle, item.detail) for item in found.obstacles] == [("value", "var.region")]


def test_one_part_without_a_price_leaves_the_whole_without_one() -> None:
    found = price('resource "aws_ebs_volume" "a" {\n  type = "io2"\n  size = 10\n  iops = 100\n}')
    assert found.monthly is None
    assert [item.what for item in found.obstacles] == ["io2", "iops io2"]


def test_what_is_paid_by_use_is_said_to_be_left_out() -> None:
    assert price('resource "aws_nat_gateway" "a" {\n  subnet_id = "s"\n}').left_out == ("transfer",)
    assert price('resource "aws_s3_bucket" "a" {\n  bucket = "a"\n}').left_out == ("use",)


def test_a_price_that_depends_on_what_is_not_told_is_a_range() -> None:
    plan = 'resource "azurerm_service_plan" "a" {\n  location = "eastus"\n  sku_name = "P1v3"\n  os_type = "Linux"\n}'
    assert usd(price(plan).monthly) == (113.15, 229.95)


def test_the_region_is_that_of_the_provider_that_a_call_passes_on() -> None:
    text = """
    provider "aws" {
      alias  = "eu"
      region = "eu-west-1"
    }
    resource "aws_nat_gateway" "a" {
      provider  = aws.eu
      subnet_id = "s"
    }
    """
    assert [(item.obstacle, item.what) for item in price(text).obstacles] == [("region", "eu-west-1")]


def test_a_size_in_a_region_without_prices_is_no_saving() -> None:
    """https://github.com/infracost/infracost/issues/3270: what has no price any more was shown as money saved."""
    before = 'resource "aws_instance" "a" {\n  instance_type = "m5.large"\n}\nresource "aws_nat_gateway" "n" {\n  subnet_id = "s"\n}'
    found = change(before, before.replace("m5.large", "m99.large"))
    assert found is not None
    assert usd(found.before) == usd(found.after) == (32.85, 32.85)
    assert [item.address for item in found.unknown] == ["aws_instance.a"]


def test_a_tag_touches_no_price() -> None:
    before = 'resource "aws_instance" "a" {\n  instance_type = "m5.large"\n}\nresource "aws_iam_role" "r" {\n  name = "r"\n}'
    assert change(before, before.replace('"m5.large"', '"m5.large"\n  tags = { a = "b" }')) is None
    assert change(before, before + '\nresource "aws_iam_role" "s" {\n  name = "s"\n}') is None


def test_a_rename_with_moved_touches_no_price() -> None:
    before = 'resource "aws_instance" "a" {\n  instance_type = "m5.large"\n}'
    after = before.replace('"a"', '"b"') + "\nmoved {\n  from = aws_instance.a\n  to   = aws_instance.b\n}"
    assert change(before, after) is None
    assert change(before, before.replace("{", "{\n  count = 1", 1)) is None


def test_other_providers_have_no_prices_and_are_not_counted() -> None:
    assert change("", 'resource "random_id" "a" {\n  byte_length = 4\n}', US) is None


def test_at_least_sixty_types_have_prices() -> None:
    prices = facts().prices
    assert prices is not None
    names = {part.record or spec.record or name for name, spec in SPECS.items() for part in spec.parts}
    assert {name for name in names if prices.of(name) is None} == {"azurerm_kubernetes_cluster"}  # the fee of its uptime
    assert len([name for name, spec in SPECS.items() if spec.parts]) >= 60


def test_no_type_is_said_to_cost_nothing_and_to_have_a_price() -> None:
    assert not [name for name in SPECS if costs_nothing(name) or is_paid_by_use(name)]


@pytest.mark.parametrize("provider", ["aws", "azurerm", "google"])
def test_every_type_exists(provider: str) -> None:
    schema = facts().schema(provider)
    assert schema is not None
    for name in (name for name in SPECS if name.startswith(f"{provider}_")):
        assert schema.type(name) is not None, name


def test_a_verdict_tells_what_the_change_costs_only_where_it_costs_anything() -> None:
    before = {"main.tf": US + 'resource "aws_instance" "a" {\n  instance_type = "m5.large"\n}\n'}
    after = {"main.tf": before["main.tf"].replace("m5.large", "m5.xlarge")}
    (found,) = evaluate(snapshot(before, after), facts()).costs
    assert (found.root, usd(found.before), usd(found.after)) == ("", (70.08, 70.08), (140.16, 140.16))
    assert evaluate(snapshot(after, after | {"outputs.tf": 'output "a" {\n  value = 1\n}\n'}), facts()).costs == ()
    assert evaluate(snapshot(before, after)).costs == ()
